//! What of a workspace's mail has not arrived, and the workspace's own pause.

use std::time::Duration;

use domain::{
    access::{ManageMail, May, System},
    id::MessageId,
    invitation::Delivery,
    time::days,
};
use store::{
    messages::{self, NewMessage, Taken},
    paging::Page,
};

use crate::{
    bed::on_both_engines,
    house::{Actor, House},
};

on_both_engines! { House:
    the_queue_holds_what_waits_and_what_failed_newest_first
    the_queue_of_another_workspace_is_not_seen
    what_waits_and_failed_is_counted
    domains_in_trouble_are_told_with_their_last_words
    what_was_deferred_is_tried_now_and_what_waits_its_turn_is_not
    a_paused_workspace_keeps_its_mail_and_others_go_on
    a_pause_is_told_with_who_made_it
}

const LEASE: Duration = Duration::from_mins(6);
const LATER: Duration = Duration::from_hours(1);

fn system() -> System {
    System::because("a test")
}

/// A message of an invitation by this member.
async fn queued(house: &House, by: Actor, address: &'static str) -> MessageId {
    let invitation = house.invite(by, address).await;
    // Each a moment later, so that their order is known.
    house.pass(Duration::from_secs(1));
    house
        .write(move |tx, now| {
            let (send, not_before) = (1, now.at);
            let new = NewMessage { invitation, send, address, normalised: address, secret: b"sealed", not_before };
            let still = by.still(tx)?;
            Ok(messages::enqueue(tx, &still, &new, now)?)
        })
        .await
}

async fn take(house: &House) -> Option<Taken> {
    house.write(move |tx, now| Ok(messages::take(tx, &system(), false, &[], LEASE, now.at)?)).await
}

/// Queues one that was deferred for an hour.
async fn deferred(house: &House, address: &'static str, words: &'static str) -> MessageId {
    let id = queued(house, house.owner, address).await;
    let taken = take(house).await.unwrap();
    assert_eq!(taken.id, id);
    house.write(move |tx, now| Ok(messages::defer(tx, &system(), &taken, words, now.at + LATER, now.at)?)).await;
    id
}

/// Queues one that failed.
async fn failed(house: &House, address: &'static str, words: &'static str) -> MessageId {
    let id = queued(house, house.owner, address).await;
    let taken = take(house).await.unwrap();
    house.write(move |tx, now| Ok(messages::fail(tx, &system(), &taken, words, now.at)?)).await;
    id
}

async fn as_owner<T: Send + 'static>(
    house: &House,
    query: impl FnOnce(&mut db::Conn, &May<ManageMail>) -> Result<T, db::Error> + Send + 'static,
) -> T {
    let owner = house.owner;
    house
        .read(move |db| {
            let may = owner.may(db).expect("the owner manages mail");
            query(db, &may)
        })
        .await
}

async fn pause(house: &House) -> bool {
    let owner = house.owner;
    house
        .write(move |tx, now| {
            let still = owner.still(tx)?;
            Ok(messages::pause(tx, &still, now.at)?)
        })
        .await
}

async fn unpause(house: &House) -> bool {
    let owner = house.owner;
    house
        .write(move |tx, _| {
            let still = owner.still(tx)?;
            Ok(messages::unpause(tx, &still)?)
        })
        .await
}

async fn the_queue_holds_what_waits_and_what_failed_newest_first(house: House) {
    let late = deferred(&house, "late@x.example", "450 later").await;
    let gone = failed(&house, "gone@x.example", "550 no such user").await;
    queued(&house, house.owner, "sent@x.example").await;
    let sent = take(&house).await.unwrap();
    house.write(move |tx, now| Ok(messages::hand_over(tx, &system(), &sent, "250 ok", now.at)?)).await;
    let waits = queued(&house, house.owner, "waits@x.example").await;
    let slice = as_owner(&house, |db, may| messages::queue(db, may, None, &Page::first(2))).await;
    assert_eq!((slice.rows[0].id, slice.rows[1].id, slice.more), (waits, gone, true));
    assert_eq!((slice.rows[1].state, slice.rows[1].detail.as_deref()), (Delivery::Failed, Some("550 no such user")));
    let after = Page { limit: 2, after: Some(gone) };
    let rest = as_owner(&house, move |db, may| messages::queue(db, may, None, &after)).await;
    assert_eq!((rest.rows.len(), rest.rows[0].id, rest.rows[0].attempts), (1, late, 1));
    let only = as_owner(&house, |db, may| messages::queue(db, may, Some(Delivery::Deferred), &Page::first(9))).await;
    assert_eq!(only.rows.iter().map(|row| row.id).collect::<Vec<_>>(), [late]);
}

async fn the_queue_of_another_workspace_is_not_seen(house: House) {
    queued(&house, house.another().await, "ann@x.example").await;
    let slice = as_owner(&house, |db, may| messages::queue(db, may, None, &Page::first(9))).await;
    assert!(slice.rows.is_empty());
}

async fn what_waits_and_failed_is_counted(house: House) {
    let none = as_owner(&house, messages::counts).await;
    assert_eq!((none.queued, none.deferred, none.sending, none.failed), (0, 0, 0, 0));
    deferred(&house, "late@x.example", "450 later").await;
    failed(&house, "gone@x.example", "550 no such user").await;
    queued(&house, house.owner, "first@x.example").await;
    take(&house).await.unwrap();
    queued(&house, house.owner, "waits@x.example").await;
    let counts = as_owner(&house, messages::counts).await;
    assert_eq!((counts.queued, counts.deferred, counts.sending, counts.failed), (1, 1, 1, 1));
    let who = house.owner.who;
    let person = uuid::Uuid::from(who.person);
    house.write(move |tx, _| Ok(tx.run(db::sql!("UPDATE person SET operator = ? WHERE id = ?", true, person))?)).await;
    let anywhere = house.read(move |db| {
        let operator = store::operators::find(db, &who)?.expect("the flag is set");
        messages::waiting_anywhere(db, &operator)
    });
    assert_eq!(anywhere.await, 3);
}

async fn domains_in_trouble_are_told_with_their_last_words(house: House) {
    failed(&house, "old@gone.example", "550 moved").await;
    house.pass(days(2));
    failed(&house, "a@gone.example", "550 closed").await;
    deferred(&house, "a@slow.example", "450 greylisted").await;
    deferred(&house, "b@slow.example", "451 still greylisted").await;
    let since = house.now() - days(1);
    let troubles = as_owner(&house, move |db, may| messages::troubles(db, may, since)).await;
    let told: Vec<_> = troubles.iter().map(|row| (row.domain.as_str(), row.deferred, row.failed)).collect();
    assert_eq!(told, [("slow.example", 2, 0), ("gone.example", 0, 1)]);
    let words: Vec<_> = troubles.iter().map(|row| row.words.as_deref().unwrap()).collect();
    assert_eq!(words, ["451 still greylisted", "550 closed"]);
}

async fn what_was_deferred_is_tried_now_and_what_waits_its_turn_is_not(house: House) {
    let late = deferred(&house, "late@x.example", "450 later").await;
    let by = house.owner;
    let invitation = house.invite(by, "sixth@x.example").await;
    house
        .write(move |tx, now| {
            let (address, not_before) = ("sixth@x.example", now.at + days(1));
            let new = NewMessage { invitation, send: 1, address, normalised: address, secret: b"sealed", not_before };
            let still = by.still(tx)?;
            Ok(messages::enqueue(tx, &still, &new, now)?)
        })
        .await;
    assert!(take(&house).await.is_none(), "neither is due");
    let tried = house.write(move |tx, now| {
        let still = by.still(tx)?;
        Ok(messages::try_now(tx, &still, now.at)?)
    });
    assert_eq!(tried.await, 1);
    assert_eq!(take(&house).await.map(|taken| taken.id), Some(late));
    assert!(take(&house).await.is_none());
}

async fn a_paused_workspace_keeps_its_mail_and_others_go_on(house: House) {
    let mine = queued(&house, house.owner, "ann@x.example").await;
    let theirs = queued(&house, house.another().await, "bob@x.example").await;
    assert_eq!((pause(&house).await, pause(&house).await), (true, false));
    assert_eq!(take(&house).await.map(|taken| taken.id), Some(theirs));
    assert!(take(&house).await.is_none());
    let now = house.now();
    let held = [theirs];
    let due = house.read(move |db| messages::next_due(db, &system(), &held, now)).await;
    assert_eq!(due, None, "a worker has nothing to wake up for");
    assert_eq!((unpause(&house).await, unpause(&house).await), (true, false));
    assert_eq!(take(&house).await.map(|taken| taken.id), Some(mine));
}

async fn a_pause_is_told_with_who_made_it(house: House) {
    assert!(as_owner(&house, messages::pause_of).await.is_none());
    pause(&house).await;
    let pause = as_owner(&house, messages::pause_of).await.unwrap();
    assert_eq!((pause.paused_at, pause.paused_by.as_str()), (house.now(), "Olga"));
}
