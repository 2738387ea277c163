//! What mail servers say about single messages.

use std::time::Duration;

use domain::{invitation::Delivery, time::days};
use testkit::smtp::{Reply, Script, Stage};

use crate::world::{RETRY_FIRST, World, on_both_engines, soon};

on_both_engines! {
    a_4xx_at_rcpt_is_tried_again_and_shown
    a_message_deferred_again_and_again_waits_longer_and_fails_after_five_days
    a_5xx_at_rcpt_fails_that_recipient_and_others_go_on
    a_timeout_after_the_dot_is_deferred_with_the_same_message_id
    a_letter_that_cannot_be_written_fails_with_words_and_others_go_on
}

async fn a_4xx_at_rcpt_is_tried_again_and_shown(world: World) {
    let later = Reply::refuse(450, "4.2.0 greylisted, come back");
    world.peer.play(Script::accepting().times(1, Stage::Rcpt("ruth@hollin.example"), later));
    let id = world.invite(&["ruth@hollin.example"]).await[0];
    let _worker = world.work();
    let deferred = world.until(id, Delivery::Deferred).await;
    assert_eq!(deferred.delivery_detail.as_deref(), Some("450 4.2.0 greylisted, come back"));
    let wait = deferred.next_try_at.unwrap().since(world.watch.now());
    assert!((RETRY_FIRST * 4 / 5..=RETRY_FIRST).contains(&wait), "{wait:?}");
    assert_eq!(world.channel().await.paused_at, None);

    world.pass(Duration::from_secs(7)).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(world.delivery(id).await, Delivery::Deferred, "not before its time");
    world.pass(Duration::from_secs(4)).await;
    world.until(id, Delivery::Sent).await;
    assert_eq!(world.timeline(id).await, [Delivery::Queued, Delivery::Deferred, Delivery::Sent]);
}

async fn a_message_deferred_again_and_again_waits_longer_and_fails_after_five_days(world: World) {
    world.peer.play(Script::accepting().at(Stage::AnyRcpt, Reply::refuse(452, "4.2.2 mailbox full")));
    let id = world.invite(&["ruth@hollin.example"]).await[0];
    let _worker = world.work();
    for tries in 1..=3 {
        let deferred = world.until(id, Delivery::Deferred).await;
        let next = deferred.next_try_at.unwrap();
        let wait = next.since(world.watch.now());
        let longest = RETRY_FIRST * (1 << (tries - 1));
        assert!((longest * 4 / 5..=longest).contains(&wait), "{tries}: {wait:?}");
        world.pass(wait).await;
        soon(async || (world.timeline(id).await.len() == tries + 2).then_some(())).await.unwrap();
    }
    world.pass(days(5)).await;
    let failed = world.until(id, Delivery::Failed).await;
    assert_eq!(failed.delivery_detail.as_deref(), Some("given up after 5 days: 452 4.2.2 mailbox full"));
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM message WHERE secret IS NOT NULL").await, 0);
}

async fn a_5xx_at_rcpt_fails_that_recipient_and_others_go_on(world: World) {
    let nobody = Reply::refuse(550, "5.1.1 no such user");
    world.peer.play(Script::accepting().at(Stage::Rcpt("nobody@hollin.example"), nobody));
    let ids = world.invite(&["ruth@hollin.example", "nobody@hollin.example", "omar@hollin.example"]).await;
    let _worker = world.work();
    let failed = world.until(ids[1], Delivery::Failed).await;
    assert_eq!(failed.delivery_detail.as_deref(), Some("550 5.1.1 no such user"));
    world.until(ids[0], Delivery::Sent).await;
    world.until(ids[2], Delivery::Sent).await;
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM message WHERE secret IS NOT NULL").await, 0);
    assert_eq!(world.channel().await.paused_at, None);
}

/// The server has the mail, its answer came too late: perhaps delivered, and the second copy has the same name.
async fn a_timeout_after_the_dot_is_deferred_with_the_same_message_id(world: World) {
    world.peer.play(Script::accepting().times(1, Stage::End, Reply::Hang(Duration::from_secs(30))));
    let id = world.invite(&["ruth@hollin.example"]).await[0];
    let _worker = world.work();
    let deferred = world.until(id, Delivery::Deferred).await;
    assert!(deferred.delivery_detail.unwrap().starts_with("perhaps delivered: "));
    assert_eq!(world.channel().await.paused_at, None);
    world.pass(RETRY_FIRST).await;
    world.until(id, Delivery::Sent).await;
    let names: Vec<_> = world.peer.mails().iter().map(|mail| mail.header("Message-ID").unwrap()).collect();
    assert_eq!(names.len(), 2);
    assert_eq!(names[0], names[1]);
    assert_eq!(names[0], format!("<inv.{id}.1@muster.hollin.example>"));
}

async fn a_letter_that_cannot_be_written_fails_with_words_and_others_go_on(world: World) {
    let bad = world.invite(&["ruth@hollin.example"]).await[0];
    world.sql("UPDATE message SET secret = NULL").await;
    let good = world.invite(&["omar@hollin.example"]).await[0];
    let _worker = world.work();
    let failed = world.until(bad, Delivery::Failed).await;
    assert!(failed.delivery_detail.unwrap().contains("send the invitation again"));
    world.until(good, Delivery::Sent).await;
    assert_eq!(world.peer.mails().len(), 1);
}
