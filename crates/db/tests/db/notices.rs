//! Notices leave after COMMIT, and only then.

use std::time::Duration;

use db::{Db, Error, Notice, sql};
use tokio::{sync::broadcast::Receiver, time::timeout};

use crate::bed::{Bed, note, on_both_engines};

on_both_engines! {
    a_notice_is_heard_after_the_commit
    a_notice_of_a_unit_undone_is_never_heard
    equal_notices_of_one_unit_are_heard_once
    a_notice_that_is_too_long_fails_its_unit
    the_longest_notice_arrives_whole
}

async fn hear(notices: &mut Receiver<Notice>) -> Notice {
    timeout(Duration::from_secs(10), notices.recv()).await.expect("nothing was heard").unwrap()
}

fn sent(topic: &str, payload: &str) -> Notice {
    Notice::Sent { topic: topic.into(), payload: payload.into() }
}

async fn tell(db: &Db, payload: &'static str) -> Result<(), Error> {
    db.write(move |tx| {
        tx.notify("told", payload);
        Ok(())
    })
    .await
}

async fn a_notice_is_heard_after_the_commit(bed: Bed) {
    let mut notices = bed.db.subscribe();
    let written = bed.db.write(|tx| {
        tx.notify("note", "1");
        tx.run(sql!("INSERT INTO note (id, body) VALUES (1, 'one')"))
    });
    written.await.unwrap();
    assert_eq!(hear(&mut notices).await, sent("note", "1"));
    assert_eq!(bed.notes().await, ["one"]);
}

async fn a_notice_of_a_unit_undone_is_never_heard(bed: Bed) {
    let mut notices = bed.db.subscribe();
    for end in 0..3 {
        let undone: Result<(), Error> = bed
            .db
            .write(move |tx| {
                tx.notify("note", "never");
                match end {
                    0 => Err(Error::Shape("no".into())),
                    1 => tx.run(sql!("INSERT INTO note (id, body) VALUES (1, NULL)")).map(drop),
                    _ => panic!("on purpose"),
                }
            })
            .await;
        undone.unwrap_err();
    }
    tell(&bed.db, "after").await.unwrap();
    assert_eq!(hear(&mut notices).await, sent("told", "after"));
}

async fn equal_notices_of_one_unit_are_heard_once(bed: Bed) {
    let mut notices = bed.db.subscribe();
    let told = bed.db.write(|tx| {
        for payload in ["a", "b", "a"] {
            tx.notify("note", payload);
        }
        Ok::<_, Error>(())
    });
    told.await.unwrap();
    tell(&bed.db, "end").await.unwrap();
    let heard = [hear(&mut notices).await, hear(&mut notices).await, hear(&mut notices).await];
    assert_eq!(heard, [sent("note", "a"), sent("note", "b"), sent("told", "end")]);
}

async fn a_notice_that_is_too_long_fails_its_unit(bed: Bed) {
    let written: Result<(), Error> = bed
        .db
        .write(|tx| {
            tx.run(sql!("INSERT INTO note (id, body) VALUES (1, 'one')"))?;
            tx.notify("note", "x".repeat(8000));
            Ok(())
        })
        .await;
    assert_eq!(written, Err(Error::Shape("a notice about note is too long".into())));
    assert!(bed.notes().await.is_empty());
}

async fn the_longest_notice_arrives_whole(bed: Bed) {
    let mut notices = bed.db.subscribe();
    let payload = "é\n".repeat(2664) + "x";
    let told = payload.clone();
    let written = bed.db.write(move |tx| {
        tx.notify("notes", told.clone());
        Ok::<_, Error>(())
    });
    written.await.unwrap();
    assert_eq!(hear(&mut notices).await, sent("notes", &payload));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_node_hears_a_notice() {
    let bed = Bed::postgres().await;
    let node = Db::open(&bed.settings).await.unwrap();
    let mut notices = node.subscribe();
    tell(&bed.db, "hello").await.unwrap();
    assert_eq!(hear(&mut notices).await, sent("told", "hello"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_listener_says_so_once_and_hears_again() {
    let bed = Bed::postgres().await;
    let mut notices = bed.db.subscribe();
    let cut = "SELECT pg_terminate_backend(pid) AS cut FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()";
    bed.db.write(move |tx| tx.one::<()>(sql!(cut))).await.unwrap();
    assert_eq!(hear(&mut notices).await, Notice::Lost);
    tell(&bed.db, "again").await.unwrap();
    assert_eq!(hear(&mut notices).await, sent("told", "again"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_send_on_the_channel_is_passed_over() {
    let bed = Bed::postgres().await;
    let mut notices = bed.db.subscribe();
    bed.db.write(|tx| tx.one::<()>(sql!("SELECT pg_notify('committed', 'noise')"))).await.unwrap();
    tell(&bed.db, "signal").await.unwrap();
    assert_eq!(hear(&mut notices).await, sent("told", "signal"));
    note(&bed.db, 1, "one").await.unwrap();
}
