//! The outbox.

use std::time::Duration;

use db::{Notice, Row, sql};
use domain::{
    access::System,
    id::{InvitationId, MessageId},
    invitation::Delivery,
    message::Kind,
    time::{Time, days},
};
use store::{
    invitations,
    messages::{self, NewLetter, NewMessage, TOPIC, Taken},
};

use crate::{
    bed::on_both_engines,
    house::{House, START, invite},
};

on_both_engines! { House:
    a_queued_message_wakes_the_worker_once_it_is_committed
    a_message_that_must_wait_is_shown_as_deferred
    a_message_is_taken_once_in_order_of_its_time
    nothing_is_taken_before_its_time
    a_lost_lease_comes_back
    a_renewed_lease_does_not
    what_a_worker_has_in_hand_is_not_taken_by_itself_again
    what_is_held_back_waits_until_it_is_released
    a_sent_message_loses_its_secret
    a_deferred_message_keeps_its_secret_and_comes_back
    a_message_put_back_has_not_been_tried
    withdrawing_reaches_all_that_has_not_left
    a_withdrawn_message_stays_withdrawn_whatever_the_worker_says
    mails_to_an_address_are_planned_over_all_workspaces
    a_withdrawn_mail_takes_no_place_in_the_plan
    a_mail_that_is_postponed_waits_and_says_why
    mails_of_many_invitations_are_withdrawn_at_once_each_with_its_step
    many_messages_are_queued_at_once_each_with_its_first_step
    the_next_due_message_says_when_to_look_again
    the_timeline_tells_every_step_in_order
    a_workspace_counts_what_waits_and_the_worker_finds_the_invitation
    a_letter_to_a_person_wakes_the_worker_and_is_of_no_workspace
    withdrawing_letters_reaches_those_to_one_address_or_all_of_a_kind
    a_letter_whose_time_is_over_lapses
}

const LEASE: Duration = Duration::from_mins(6);

fn system() -> System {
    System::because("a test")
}

async fn enqueue(
    house: &House,
    invitation: InvitationId,
    send: i64,
    address: &'static str,
    not_before: Time,
) -> MessageId {
    let by = house.owner;
    house
        .write(move |tx, now| {
            let new = NewMessage { invitation, send, address, normalised: address, secret: b"sealed", not_before };
            let still = by.still(tx)?;
            Ok(messages::enqueue(tx, &still, &new, now)?)
        })
        .await
}

/// An invitation with its mail in the queue.
async fn queued(house: &House, address: &'static str) -> (InvitationId, MessageId) {
    let id = house.invite(house.owner, address).await;
    (id, enqueue(house, id, 1, address, house.now()).await)
}

async fn take_for(house: &House, lease: Duration) -> Option<Taken> {
    house.write(move |tx, now| Ok(messages::take(tx, &system(), false, &[], lease, now.at)?)).await
}

async fn take(house: &House) -> Option<Taken> {
    take_for(house, LEASE).await
}

async fn hand_over(house: &House, message: &Taken) -> bool {
    let message = message.clone();
    house.write(move |tx, now| Ok(messages::hand_over(tx, &system(), &message, "250 ok", now.at)?)).await
}

async fn defer(house: &House, message: &Taken, next: Time) -> bool {
    let message = message.clone();
    house.write(move |tx, now| Ok(messages::defer(tx, &system(), &message, "450 later", next, now.at)?)).await
}

async fn fail(house: &House, message: &Taken) -> bool {
    let message = message.clone();
    let words = "550 5.1.1 no such user";
    house.write(move |tx, now| Ok(messages::fail(tx, &system(), &message, words, now.at)?)).await
}

async fn steps(house: &House, id: InvitationId) -> Vec<Delivery> {
    house.read(move |db| messages::timeline(db, id)).await.into_iter().map(|step| step.state).collect()
}

async fn secrets(house: &House) -> usize {
    house.read(|db| db.all::<Row>(sql!("SELECT id FROM message WHERE secret IS NOT NULL"))).await.len()
}

async fn a_queued_message_wakes_the_worker_once_it_is_committed(house: House) {
    let mut heard = house.db().subscribe();
    queued(&house, "ann@x.example").await;
    let notice = tokio::time::timeout(Duration::from_secs(5), heard.recv()).await.unwrap().unwrap();
    assert_eq!(notice, Notice::Sent { topic: TOPIC.into(), payload: house.owner.workspace.to_string() });
}

async fn a_message_that_must_wait_is_shown_as_deferred(house: House) {
    let id = house.invite(house.owner, "ann@x.example").await;
    enqueue(&house, id, 1, "ann@x.example", house.now() + days(1)).await;
    assert_eq!(steps(&house, id).await, [Delivery::Deferred]);
    assert!(take(&house).await.is_none());
    house.pass(days(1));
    assert!(take(&house).await.is_some());
}

async fn a_message_is_taken_once_in_order_of_its_time(house: House) {
    let (_, first) = queued(&house, "ann@x.example").await;
    house.pass(Duration::from_secs(1));
    let (invitation, second) = queued(&house, "bob@x.example").await;
    let taken = [take(&house).await.unwrap(), take(&house).await.unwrap()];
    assert_eq!(taken.each_ref().map(|message| message.id), [first, second]);
    assert!(take(&house).await.is_none());
    let bob = &taken[1];
    assert_eq!(
        (bob.kind, bob.invitation, bob.workspace),
        (Kind::Invitation, Some(invitation), Some(house.owner.workspace))
    );
    assert_eq!((bob.send, bob.ends_at), (1, None));
    assert_eq!((bob.address.as_str(), bob.secret.as_deref()), ("bob@x.example", Some(b"sealed".as_slice())));
    assert_eq!((bob.attempts, bob.created_at), (1, house.now()));
}

async fn nothing_is_taken_before_its_time(house: House) {
    queued(&house, "ann@x.example").await;
    let message = take(&house).await.unwrap();
    defer(&house, &message, house.now() + LEASE).await;
    assert!(take(&house).await.is_none());
}

async fn a_lost_lease_comes_back(house: House) {
    let (_, id) = queued(&house, "ann@x.example").await;
    let lost = take_for(&house, Duration::ZERO).await.unwrap();
    let again = take(&house).await.unwrap();
    assert_eq!(again.id, id);
    assert!(!defer(&house, &lost, house.now()).await, "it is another's now");
    assert!(!house.read(move |db| messages::is_held(db, &system(), &lost)).await);
    assert!(house.read(move |db| messages::is_held(db, &system(), &again)).await);
}

async fn a_renewed_lease_does_not(house: House) {
    queued(&house, "ann@x.example").await;
    let message = take_for(&house, Duration::ZERO).await.unwrap();
    house.write(move |tx, now| Ok(messages::renew(tx, &system(), &message, LEASE, now.at)?)).await;
    assert!(take(&house).await.is_none());
}

async fn what_a_worker_has_in_hand_is_not_taken_by_itself_again(house: House) {
    let (_, id) = queued(&house, "ann@x.example").await;
    take_for(&house, Duration::ZERO).await.unwrap();
    let again = house.write(move |tx, now| Ok(messages::take(tx, &system(), false, &[id], LEASE, now.at)?)).await;
    assert!(again.is_none());
}

async fn what_is_held_back_waits_until_it_is_released(house: House) {
    let (invitation, id) = queued(&house, "ann@x.example").await;
    let message = take(&house).await.unwrap();
    let later = house.now() + days(1);
    house.write(move |tx, now| Ok(messages::hold_back(tx, &system(), &message, later, now.at)?)).await;
    assert!(take(&house).await.is_none());
    house.write(move |tx, now| Ok(messages::release(tx, invitation, now.at)?)).await;
    assert_eq!(take(&house).await.map(|message| (message.id, message.attempts)), Some((id, 1)));
}

async fn a_sent_message_loses_its_secret(house: House) {
    let (invitation, _) = queued(&house, "ann@x.example").await;
    let message = take(&house).await.unwrap();
    assert!(hand_over(&house, &message).await);
    assert_eq!((secrets(&house).await, steps(&house, invitation).await), (0, vec![Delivery::Queued, Delivery::Sent]));
    let row = house.read(|db| db.one::<Row>(sql!("SELECT handed_over_at, attempts FROM message"))).await;
    let mut row = row;
    assert_eq!(
        (row.get::<Option<i64>>("handed_over_at"), row.get("attempts")),
        (Ok(Some(house.now().micros())), Ok(1))
    );
    assert!(!fail(&house, &message).await, "it is out of the worker's hands");
}

async fn a_deferred_message_keeps_its_secret_and_comes_back(house: House) {
    queued(&house, "ann@x.example").await;
    let message = take(&house).await.unwrap();
    defer(&house, &message, house.now() + LEASE).await;
    house.pass(LEASE);
    let again = take(&house).await.unwrap();
    assert_eq!((again.id, again.attempts, again.secret), (message.id, 2, message.secret));
}

async fn a_message_put_back_has_not_been_tried(house: House) {
    let (invitation, _) = queued(&house, "ann@x.example").await;
    let message = take(&house).await.unwrap();
    let returned = message.clone();
    house.write(move |tx, now| Ok(messages::put_back(tx, &system(), &returned, now.at)?)).await;
    let again = take(&house).await.unwrap();
    assert_eq!((again.id, again.attempts), (message.id, 1));
    assert_eq!(steps(&house, invitation).await, [Delivery::Queued]);
}

async fn withdraw(house: &House, id: InvitationId) {
    house.write(move |tx, now| Ok(messages::withdraw(tx, id, now.at)?)).await;
}

async fn withdrawing_reaches_all_that_has_not_left(house: House) {
    let (first, _) = queued(&house, "ann@x.example").await;
    let sent = take(&house).await.unwrap();
    hand_over(&house, &sent).await;
    enqueue(&house, first, 2, "ann@x.example", house.now()).await;
    let (other, _) = queued(&house, "bob@x.example").await;
    withdraw(&house, first).await;
    assert_eq!(steps(&house, first).await, [Delivery::Queued, Delivery::Sent, Delivery::Queued, Delivery::Withdrawn]);
    assert_eq!((steps(&house, other).await, secrets(&house).await), (vec![Delivery::Queued], 1));
}

async fn a_withdrawn_message_stays_withdrawn_whatever_the_worker_says(house: House) {
    let (invitation, _) = queued(&house, "ann@x.example").await;
    let message = take(&house).await.unwrap();
    withdraw(&house, invitation).await;
    assert!(!defer(&house, &message, house.now()).await);
    assert!(take(&house).await.is_none());
    assert_eq!(steps(&house, invitation).await, [Delivery::Queued, Delivery::Withdrawn]);
}

async fn mails_to_an_address_are_planned_over_all_workspaces(house: House) {
    let there = house.another().await;
    let since = house.now();
    queued(&house, "ann@x.example").await;
    house.pass(days(1));
    let id = house.invite(there, "ann@x.example").await;
    house
        .write(move |tx, now| {
            let new = NewMessage {
                invitation: id,
                send: 1,
                address: "Ann@x.example",
                normalised: "ann@x.example",
                secret: b"",
                not_before: now.at,
            };
            let still = there.still(tx)?;
            Ok(messages::enqueue(tx, &still, &new, now)?)
        })
        .await;
    let planned = |since| planned(&house, since);
    assert_eq!(planned(since).await, [since, since + days(1)]);
    assert_eq!(planned(since + days(1)).await, [since + days(1)]);
    assert!(planned(since + days(2)).await.is_empty());
}

async fn a_mail_that_is_postponed_waits_and_says_why(house: House) {
    let (owner, (id, _)) = (house.owner, queued(&house, "ann@x.example").await);
    let later = house.now() + days(1);
    let postpone = move |tx: &mut db::Tx, now: &domain::now::Now| {
        let still = owner.still(tx)?;
        Ok(messages::postpone(tx, &still, id, later, now.at)?)
    };
    house.write(postpone).await;
    assert_eq!(planned(&house, house.now()).await, [later]);
    let steps = house.read(move |db| messages::timeline(db, id)).await;
    let last = steps.last().unwrap();
    assert_eq!((last.state, last.detail.as_deref()), (Delivery::Deferred, Some("waits its turn")));
}

async fn mails_of_many_invitations_are_withdrawn_at_once_each_with_its_step(house: House) {
    let ((a, _), (b, _)) = (queued(&house, "a@x.example").await, queued(&house, "b@x.example").await);
    house.write(move |tx, now| Ok(messages::withdraw_all(tx, &[a, b], now.at)?)).await;
    house.write(move |tx, now| Ok(messages::withdraw_all(tx, &[], now.at)?)).await;
    let steps = house.read(move |db| messages::timelines(db, &[a, b])).await;
    let ends: Vec<_> =
        steps.iter().filter(|step| step.state == Delivery::Withdrawn).map(|step| step.invitation).collect();
    assert_eq!(ends, [a, b]);
}

async fn a_withdrawn_mail_takes_no_place_in_the_plan(house: House) {
    let (id, _) = queued(&house, "ann@x.example").await;
    withdraw(&house, id).await;
    let since = house.now();
    assert!(planned(&house, since).await.is_empty());
}

/// When the mails to ann@x.example go, asked beside an address that gets none.
async fn planned(house: &House, since: Time) -> Vec<Time> {
    let plan = house.read(move |db| messages::planned_for(db, &["nobody@x.example", "ann@x.example"], since)).await;
    assert!(plan.iter().all(|mail| mail.normalised == "ann@x.example"));
    assert!(house.read(move |db| messages::planned_for(db, &[], since)).await.is_empty());
    plan.into_iter().map(|mail| mail.not_before).collect()
}

async fn many_messages_are_queued_at_once_each_with_its_first_step(house: House) {
    let (owner, later) = (house.owner, house.now() + days(1));
    let ids = house.write(move |tx, now| {
        let addresses: Vec<String> = (0..150).map(|n| format!("p{n}@x.example")).collect();
        let mut ids = Vec::new();
        for address in &addresses {
            ids.push(invite(tx, now, owner, address)?.expect("each address is invited once"));
        }
        let mail = |(n, id): (usize, &InvitationId)| NewMessage {
            invitation: *id,
            send: 1,
            address: &addresses[n],
            normalised: &addresses[n],
            secret: b"",
            not_before: if n == 149 { later } else { now.at },
        };
        let mails: Vec<_> = ids.iter().enumerate().map(mail).collect();
        let still = owner.still(tx)?;
        assert_eq!(messages::enqueue_all(tx, &still, &mails, now)?.len(), 150);
        Ok(ids)
    });
    let ids = ids.await;
    assert_eq!(steps(&house, ids[0]).await, [Delivery::Queued]);
    assert_eq!(steps(&house, ids[149]).await, [Delivery::Deferred]);
    assert_eq!(house.read_as(house.owner, messages::waiting).await, 150);
}

async fn the_next_due_message_says_when_to_look_again(house: House) {
    let due = || house.read(|db| messages::next_due(db, &system(), &[], START));
    assert_eq!(due().await, None);
    queued(&house, "ann@x.example").await;
    assert_eq!(due().await, Some(Duration::ZERO));
    let message = take(&house).await.unwrap();
    assert!(due().await.is_some_and(|wait| wait > LEASE / 2 && wait <= LEASE));
    defer(&house, &message, house.now() + days(1)).await;
    assert_eq!(due().await, Some(days(1)));
}

async fn the_timeline_tells_every_step_in_order(house: House) {
    let (id, _) = queued(&house, "ann@x.example").await;
    let message = take(&house).await.unwrap();
    house.pass(Duration::from_secs(2));
    fail(&house, &message).await;
    let (other, _) = queued(&house, "bob@x.example").await;
    let both = house.read(move |db| messages::timelines(db, &[id, other])).await;
    assert_eq!(both.iter().filter(|step| step.invitation == other).count(), 1);
    assert!(house.read(|db| messages::timelines(db, &[])).await.is_empty());
    let steps = house.read(move |db| messages::timeline(db, id)).await;
    let told: Vec<_> = steps.iter().map(|step| (step.state, step.at, step.detail.as_deref())).collect();
    let (before, now) = (house.now() - Duration::from_secs(2), house.now());
    assert_eq!(told, [(Delivery::Queued, before, None), (Delivery::Failed, now, Some("550 5.1.1 no such user"))]);
}

async fn a_workspace_counts_what_waits_and_the_worker_finds_the_invitation(house: House) {
    let (id, _) = queued(&house, "ann@x.example").await;
    house.pass(Duration::from_secs(1));
    queued(&house, "bob@x.example").await;
    let waiting = || house.read_as(house.owner, messages::waiting);
    assert_eq!(waiting().await, 2);
    let message = take(&house).await.unwrap();
    let taken = message.clone();
    let found = house.write(move |tx, _| Ok(invitations::of_message(tx, &taken)?)).await.unwrap();
    assert_eq!((found.id, found.end_if_out(house.now())), (id, house.now() + days(7)));
    hand_over(&house, &message).await;
    assert_eq!(waiting().await, 1);
}

/// A letter to the owner that is good for a day.
async fn post(house: &House, address: &'static str) -> MessageId {
    let person = house.owner.who.person;
    house
        .write(move |tx, now| {
            let ends_at = now.at + days(1);
            let new =
                NewLetter { kind: Kind::Notice, person, address, normalised: address, secret: b"sealed", ends_at };
            Ok(messages::post(tx, &system(), &new, now)?)
        })
        .await
}

async fn a_letter_to_a_person_wakes_the_worker_and_is_of_no_workspace(house: House) {
    let mut heard = house.db().subscribe();
    let id = post(&house, "olga@x.example").await;
    let notice = tokio::time::timeout(Duration::from_secs(5), heard.recv()).await.unwrap().unwrap();
    assert_eq!(notice, Notice::Sent { topic: TOPIC.into(), payload: String::new() });
    assert_eq!(house.read_as(house.owner, messages::waiting).await, 0);
    let letter = take(&house).await.unwrap();
    assert_eq!((letter.id, letter.kind, letter.workspace), (id, Kind::Notice, None));
    assert_eq!((letter.address.as_str(), letter.secret.as_deref()), ("olga@x.example", Some(b"sealed".as_slice())));
    assert_eq!(letter.ends_at, Some(house.now() + days(1)));
    let taken = letter.clone();
    assert!(house.write(move |tx, _| Ok(invitations::of_message(tx, &taken)?)).await.is_none());
    let since = house.now();
    assert!(house.read(move |db| messages::planned_for(db, &["olga@x.example"], since)).await.is_empty());
    assert!(hand_over(&house, &letter).await);
    assert_eq!(secrets(&house).await, 0);
}

async fn withdrawing_letters_reaches_those_to_one_address_or_all_of_a_kind(house: House) {
    let person = house.owner.who.person;
    let withdraw = |to: Option<&'static str>| {
        house.write(move |tx, now| Ok(messages::withdraw_letters(tx, person, Kind::Notice, to, now.at)?))
    };
    post(&house, "olga@x.example").await;
    post(&house, "olga@y.example").await;
    let (carried, _) = queued(&house, "ann@x.example").await;
    withdraw(Some("olga@x.example")).await;
    assert_eq!(secrets(&house).await, 2);
    withdraw(None).await;
    assert_eq!((secrets(&house).await, steps(&house, carried).await), (1, vec![Delivery::Queued]));
}

async fn a_letter_whose_time_is_over_lapses(house: House) {
    post(&house, "olga@x.example").await;
    let letter = take(&house).await.unwrap();
    let lapse = |letter: Taken| house.write(move |tx, now| Ok(messages::lapse(tx, &system(), &letter, now.at)?));
    assert!(lapse(letter.clone()).await);
    assert!(!lapse(letter).await, "it has lapsed already");
    assert!(take(&house).await.is_none());
    assert_eq!(secrets(&house).await, 0);
}
