//! The mail server as a whole cannot be used: one alarm, everything waits, and it ends by itself.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use domain::invitation::Delivery;
use testkit::smtp::{Reply, Script, Stage};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::{Layer, layer::Context, prelude::*};

use crate::world::{RETRY_FIRST, World, on_both_engines};

on_both_engines! {
    trouble_pauses_the_channel_and_ends_by_itself
    trouble_at_every_stage_leaves_messages_queued
    a_probe_goes_with_another_message_than_the_one_that_met_trouble
    a_probe_whose_recipient_is_refused_hands_on_to_the_next_message
    five_equal_refusals_at_data_pause
    a_pause_by_hand_is_not_probed
}

async fn trouble_pauses_the_channel_and_ends_by_itself(world: World) {
    world.peer.play(Script::accepting().at(Stage::Greeting, Reply::refuse(554, "5.3.2 closed for repairs")));
    let ids = world.invite(&["a@hollin.example", "b@hollin.example", "c@hollin.example"]).await;
    let _worker = world.work();
    let paused = world.until_channel(|channel| channel.paused_at.is_some()).await;
    assert_eq!(paused.reason.as_deref(), Some("the greeting: 554 5.3.2 closed for repairs"));
    assert_eq!(paused.probe_at, Some(world.watch.now() + RETRY_FIRST));
    for id in &ids {
        world.until(*id, Delivery::Queued).await;
    }
    let mut wait = RETRY_FIRST;
    for probes in 1..=2 {
        let before = world.peer.connections();
        world.pass(wait).await;
        let probed = world.until_channel(|channel| channel.probes == probes).await;
        wait *= 2;
        assert_eq!(probed.probe_at, Some(world.watch.now() + wait));
        assert_eq!(world.peer.connections(), before + 1, "one message goes as a probe");
    }
    assert_eq!(world.deliveries(&ids).await, [Delivery::Queued; 3]);

    world.peer.play(Script::accepting());
    world.pass(wait).await;
    for id in ids {
        world.until(id, Delivery::Sent).await;
    }
    assert_eq!(world.channel().await.paused_at, None);
    assert_eq!(world.peer.mails().len(), 3);
}

async fn trouble_at_every_stage_leaves_messages_queued(world: World) {
    let stages = [
        (Stage::Greeting, Reply::refuse(421, "4.3.2 busy")),
        (Stage::Greeting, Reply::Cut),
        (Stage::Ehlo, Reply::refuse(451, "4.3.0 not now")),
        (Stage::Mail, Reply::refuse(550, "5.7.1 not your address")),
        (Stage::Mail, Reply::refuse(421, "4.7.0 slow down")),
        (Stage::AnyRcpt, Reply::refuse(421, "4.7.0 slow down")),
        (Stage::Data, Reply::Cut),
        (Stage::End, Reply::refuse(421, "4.7.0 slow down")),
    ];
    for (n, (stage, reply)) in stages.into_iter().enumerate() {
        world.peer.play(Script::accepting().at(stage, reply.clone()));
        let id = world.invite(&[&format!("p{n}@hollin.example")]).await[0];
        let worker = world.work();
        world.until_channel(|channel| channel.paused_at.is_some()).await;
        world.until(id, Delivery::Queued).await;
        world.peer.play(Script::accepting());
        world.pass(RETRY_FIRST).await;
        world.until(id, Delivery::Sent).await;
        assert_eq!(world.timeline(id).await, [Delivery::Queued, Delivery::Sent], "{stage:?} {reply:?}");
        assert_eq!(world.channel().await.paused_at, None);
        worker.stop().await;
    }
}

async fn a_probe_goes_with_another_message_than_the_one_that_met_trouble(world: World) {
    let poison = Reply::refuse(421, "4.7.0 this one kills me");
    world.peer.play(Script::accepting().at(Stage::Rcpt("poison@hollin.example"), poison));
    let bad = world.invite(&["poison@hollin.example"]).await[0];
    let _worker = world.work();
    world.until_channel(|channel| channel.paused_at.is_some()).await;
    world.pass(Duration::from_secs(1)).await;
    world.until(bad, Delivery::Queued).await;
    let good = world.invite(&["ruth@hollin.example"]).await[0];
    world.sql("UPDATE message SET next_try_at = next_try_at - 2000000 WHERE address = 'ruth@hollin.example'").await;
    world.pass(RETRY_FIRST).await;
    world.until(good, Delivery::Sent).await;
}

/// Its own fate is noted; it says nothing about the channel.
async fn a_probe_whose_recipient_is_refused_hands_on_to_the_next_message(world: World) {
    world.peer.play(Script::accepting().at(Stage::Greeting, Reply::Cut));
    let ids = world.invite(&["nobody@hollin.example", "full@hollin.example", "ruth@hollin.example"]).await;
    let _worker = world.work();
    world.until_channel(|channel| channel.paused_at.is_some()).await;
    for id in &ids {
        world.until(*id, Delivery::Queued).await;
    }
    world.peer.play(
        Script::accepting()
            .at(Stage::Rcpt("nobody@hollin.example"), Reply::refuse(550, "5.1.1 no such user"))
            .at(Stage::Rcpt("full@hollin.example"), Reply::refuse(452, "4.2.2 full")),
    );
    world.pass(RETRY_FIRST).await;
    world.until(ids[0], Delivery::Failed).await;
    world.until(ids[1], Delivery::Deferred).await;
    world.until(ids[2], Delivery::Sent).await;
    assert_eq!(world.channel().await.paused_at, None);
}

async fn five_equal_refusals_at_data_pause(world: World) {
    let addresses: Vec<_> = (0..12).map(|n| format!("p{n}@hollin.example")).collect();
    let ids = world.invite(&addresses.iter().map(String::as_str).collect::<Vec<_>>()).await;
    world.peer.play(Script::accepting().at(Stage::End, Reply::refuse(554, "5.7.1 looks like spam")));
    let _worker = world.work();
    let paused = world.until_channel(|channel| channel.paused_at.is_some()).await;
    assert!(paused.reason.unwrap().contains("5.7.1 looks like spam"));

    world.pass(RETRY_FIRST).await;
    world.until_channel(|channel| channel.probes == 1).await;
    world.until_count("SELECT COUNT(*) AS n FROM message WHERE state = 'sending'", 0).await;
    let failed = world.count("SELECT COUNT(*) AS n FROM message WHERE state = 'failed'").await;
    // The other connection may have had one on its way when the fifth was refused.
    assert!((5..=6).contains(&failed), "{failed}");
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM message WHERE state = 'queued'").await, 12 - failed);

    world.peer.play(Script::accepting());
    world.pass(RETRY_FIRST * 2).await;
    world.until_count("SELECT COUNT(*) AS n FROM message WHERE state = 'sent'", 12 - failed).await;
    assert_eq!(world.channel().await.refusals, 0);
    assert_eq!(ids.len(), 12);
}

async fn a_pause_by_hand_is_not_probed(world: World) {
    world.sql("UPDATE mail_channel SET paused_at = 0, reason = 'by hand'").await;
    let id = world.invite(&["ruth@hollin.example"]).await[0];
    let _worker = world.work();
    world.pass(RETRY_FIRST * 100).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(world.delivery(id).await, Delivery::Queued);
    assert_eq!(world.peer.connections(), 0);
    let system = domain::access::System::because("a test resumes");
    world.app.write(None, move |tx, _| Ok(store::channel::resume(tx, &system)?)).await.unwrap();
    world.until(id, Delivery::Sent).await;
}

/// Counts what an operator would be woken by.
#[derive(Clone, Default)]
struct Alarms(Arc<AtomicUsize>);

impl<S: Subscriber> Layer<S> for Alarms {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if *event.metadata().level() == Level::ERROR {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
}

/// On one thread, so that the subscriber hears this test alone.
#[tokio::test(flavor = "current_thread")]
async fn trouble_of_many_messages_and_probes_is_one_alarm() {
    let alarms = Alarms::default();
    let _guard = tracing_subscriber::registry().with(alarms.clone()).set_default();
    let world = World::sqlite(Script::accepting().at(Stage::Ehlo, Reply::Cut)).await;
    let ids = world.invite(&["a@hollin.example", "b@hollin.example", "c@hollin.example"]).await;
    let _worker = world.work();
    world.until_channel(|channel| channel.paused_at.is_some()).await;
    world.pass(RETRY_FIRST).await;
    world.until_channel(|channel| channel.probes == 1).await;
    for id in ids {
        world.until(id, Delivery::Queued).await;
    }
    assert_eq!(alarms.0.load(Ordering::SeqCst), 1);
}
