//! What open pages hear.

use std::time::Duration;

use db::Notice;
use domain::{
    access::{InviteMembers, Still, System},
    change::{Change, Changed},
    event::{Event, What},
    invitation::Delivery,
};
use store::{
    changes, channel, events,
    messages::{self, NewMessage},
};
use tokio::sync::broadcast::Receiver;

use crate::{bed::on_both_engines, house::House};

on_both_engines! { House:
    an_event_of_the_log_tells_open_pages_what_changed
    a_step_of_a_mail_tells_whose_delivery_changed
    a_pause_of_all_mail_and_its_end_are_told_everywhere
    what_was_refused_or_rolled_back_tells_nothing
}

/// The next change that is told of.
async fn next(heard: &mut Receiver<Notice>) -> Change {
    loop {
        let notice = tokio::time::timeout(Duration::from_secs(5), heard.recv()).await.unwrap().unwrap();
        if let Some(change) = changes::told(&notice) {
            return change;
        }
    }
}

async fn an_event_of_the_log_tells_open_pages_what_changed(house: House) {
    let (owner, mut heard) = (house.owner, house.db().subscribe());
    house
        .write(move |tx, now| {
            let event = Event::new(What::MemberChanged, "member", owner.member, "Olga");
            Ok(events::add(tx, Some(owner.workspace), None, &event, now)?)
        })
        .await;
    let changed = Changed::Member(owner.member);
    assert_eq!(next(&mut heard).await, Change { workspace: Some(owner.workspace), changed });
}

async fn a_step_of_a_mail_tells_whose_delivery_changed(house: House) {
    let (owner, id) = (house.owner, house.invite(house.owner, "ann@x.example").await);
    let system = || System::because("a test");
    house
        .write(move |tx, now| {
            let still: Still<InviteMembers> = owner.still(tx)?;
            let address = "ann@x.example";
            let new = NewMessage {
                invitation: id,
                send: 1,
                address,
                normalised: address,
                secret: b"sealed",
                not_before: now.at,
            };
            messages::enqueue(tx, &still, &new, now)?;
            Ok(())
        })
        .await;
    let mut heard = house.db().subscribe();
    house
        .write(move |tx, now| {
            let taken = messages::take(tx, &system(), false, &[], Duration::from_mins(1), now.at)?.unwrap();
            Ok(messages::hand_over(tx, &system(), &taken, "250 ok", now.at)?)
        })
        .await;
    let changed = Changed::Delivery(id);
    assert_eq!(next(&mut heard).await, Change { workspace: Some(owner.workspace), changed });
    let state = house.read(move |db| messages::timeline(db, id)).await.last().unwrap().state;
    assert_eq!(state, Delivery::Sent);
}

async fn a_pause_of_all_mail_and_its_end_are_told_everywhere(house: House) {
    let (system, mut heard) = (|| System::because("a test"), house.db().subscribe());
    let everywhere = Change { workspace: None, changed: Changed::MailChannel };
    house.write(move |tx, now| Ok(channel::pause(tx, &system(), "no route", now.at, now.at)?)).await;
    assert_eq!(next(&mut heard).await, everywhere);
    house.write(move |tx, _| Ok(channel::resume(tx, &system())?)).await;
    assert_eq!(next(&mut heard).await, everywhere);
}

async fn what_was_refused_or_rolled_back_tells_nothing(house: House) {
    let (owner, mut heard) = (house.owner, house.db().subscribe());
    let refused = house.try_write::<()>(move |tx, _| {
        changes::tell(tx, owner.workspace, Changed::Member(owner.member));
        Err(store::Lost::SignedOut)
    });
    refused.await.unwrap_err();
    let project = house.project("WEB", false).await;
    house
        .write(move |tx, now| {
            let refused = Event::new(What::MemberRefused, "member", owner.member, "");
            events::add(tx, Some(owner.workspace), None, &refused, now)?;
            let made = Event::new(What::ProjectCreated, "project", project.id, "Web shop");
            Ok(events::add(tx, Some(owner.workspace), None, &made, now)?)
        })
        .await;
    assert_eq!(next(&mut heard).await.changed, Changed::Project(project.id));
}
