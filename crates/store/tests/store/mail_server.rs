//! The mail server as operators set it, and the channel in their hands.

use std::time::Duration;

use db::Notice;
use domain::access::{Operator, System};
use store::{
    channel,
    mail_server::{self, NewMailServer, Stored},
    operators,
};

use crate::{bed::on_both_engines, house::House};

on_both_engines! { House:
    no_mail_server_is_set_at_first
    a_mail_server_is_read_as_it_was_set_and_each_change_counts
    all_nodes_hear_of_a_change
    a_mail_server_that_was_removed_leaves_no_password
    a_pause_by_hand_has_no_probe_and_takes_over_one_of_the_channels_own
    a_channel_that_paused_itself_can_be_tried_at_once
}

fn system() -> System {
    System::because("a test")
}

/// The owner of the house, with the operator's flag.
async fn operator(house: &House) -> Operator {
    let who = house.owner.who;
    house
        .write(move |tx, _| {
            tx.run(db::sql!("UPDATE person SET operator = ? WHERE id = ?", true, uuid::Uuid::from(who.person)))?;
            Ok(operators::find(tx, &who)?.expect("the flag is set"))
        })
        .await
}

async fn set(house: &House, operator: Operator, host: &'static str) {
    house
        .write(move |tx, now| {
            let new = NewMailServer {
                host,
                port: 2525,
                tls: "starttls",
                login: Some(("muster", b"sealed")),
                from_address: "muster@hollin.example",
                from_name: Some("Muster"),
                own_network: true,
            };
            Ok(mail_server::set(tx, &operator, &new, now.at)?)
        })
        .await;
}

async fn stored(house: &House) -> Stored {
    house.read(|db| mail_server::get(db, &system())).await
}

async fn no_mail_server_is_set_at_first(house: House) {
    let stored = stored(&house).await;
    assert_eq!((stored.version, stored.host, stored.password, stored.own_network), (0, None, None, false));
}

async fn a_mail_server_is_read_as_it_was_set_and_each_change_counts(house: House) {
    let operator = operator(&house).await;
    set(&house, operator, "smtp.hollin.example").await;
    let first = stored(&house).await;
    assert_eq!((first.version, first.host.as_deref(), first.port), (1, Some("smtp.hollin.example"), Some(2525)));
    assert_eq!((first.tls.as_deref(), first.login.as_deref()), (Some("starttls"), Some("muster")));
    assert_eq!((first.password.as_deref(), first.own_network), (Some(&b"sealed"[..]), true));
    assert_eq!(first.from_address.as_deref(), Some("muster@hollin.example"));
    assert_eq!((first.from_name.as_deref(), first.changed_at), (Some("Muster"), Some(house.now())));
    set(&house, operator, "mail.ash.example").await;
    let locked = house.write(move |tx, _| Ok(mail_server::lock(tx, &operator)?));
    let locked = locked.await;
    assert_eq!((locked.version, locked.host.as_deref()), (2, Some("mail.ash.example")));
}

async fn all_nodes_hear_of_a_change(house: House) {
    let mut heard = house.db().subscribe();
    let operator = operator(&house).await;
    set(&house, operator, "smtp.hollin.example").await;
    loop {
        let notice = tokio::time::timeout(Duration::from_secs(10), heard.recv()).await.unwrap().unwrap();
        if matches!(notice, Notice::Sent { topic, .. } if topic == mail_server::TOPIC) {
            return;
        }
    }
}

async fn a_mail_server_that_was_removed_leaves_no_password(house: House) {
    let operator = operator(&house).await;
    set(&house, operator, "smtp.hollin.example").await;
    let clear = || house.write(move |tx, now| Ok(mail_server::clear(tx, &operator, now.at)?));
    assert_eq!((clear().await, clear().await), (true, false));
    let stored = stored(&house).await;
    assert_eq!((stored.version, stored.host, stored.login, stored.password), (2, None, None, None));
}

async fn a_pause_by_hand_has_no_probe_and_takes_over_one_of_the_channels_own(house: House) {
    let operator = operator(&house).await;
    let at = house.now();
    house.write(move |tx, now| Ok(channel::pause(tx, &system(), "421 closing", at, now.at)?)).await;
    let pause = || house.write(move |tx, now| Ok(channel::pause_by_hand(tx, &operator, now.at)?));
    assert_eq!((pause().await, pause().await), (true, false));
    let channel = house.read(channel::get).await;
    assert_eq!((channel.reason.as_deref(), channel.probe_at), (Some(channel::BY_HAND), None));
    assert_eq!(channel.paused_at, Some(at));
}

async fn a_channel_that_paused_itself_can_be_tried_at_once(house: House) {
    let operator = operator(&house).await;
    let probe = || house.write(move |tx, now| Ok(channel::probe_now(tx, &operator, now.at)?));
    assert!(!probe().await, "it did not pause itself");
    let later = house.now() + Duration::from_hours(1);
    house.write(move |tx, now| Ok(channel::pause(tx, &system(), "421 closing", later, now.at)?)).await;
    assert!(probe().await);
    assert_eq!(house.read(channel::get).await.probe_at, Some(house.now()));
}
