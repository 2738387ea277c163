//! Workers that die, workers that share an outbox, and a database that goes away.

use std::{collections::HashSet, sync::Arc, time::Duration};

use app::mail::{channel::Channel, worker::Worker};
use domain::invitation::Delivery;
use testkit::{
    postgres::Postgres,
    smtp::{Reply, Script, Stage},
};

use crate::world::{PATIENCE, Place, World, on_both_engines, soon};

on_both_engines! {
    an_expired_lease_is_taken_by_another_worker
    a_worker_that_comes_back_does_not_settle_what_another_has_taken
}

async fn an_expired_lease_is_taken_by_another_worker(world: World) {
    world.peer.play(Script::accepting().times(1, Stage::Data, Reply::Hang(Duration::from_mins(1))));
    let id = world.invite(&["ruth@hollin.example"]).await[0];
    let worker = world.work();
    world.until(id, Delivery::Sending).await;
    soon(async || world.peer.commands().contains(&"DATA".to_owned()).then_some(())).await.unwrap();
    drop(worker);

    let _other = world.work();
    world.nudge().await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(world.delivery(id).await, Delivery::Sending, "its lease is not over");
    world.end_leases().await;
    world.until(id, Delivery::Sent).await;
    assert_eq!(world.peer.mails().len(), 1);
}

async fn a_worker_that_comes_back_does_not_settle_what_another_has_taken(world: World) {
    let system = || domain::access::System::because("a test");
    let id = world.invite(&["ruth@hollin.example"]).await[0];
    let lease = Duration::from_secs(30);
    let take = async || {
        let taken = world
            .app
            .write(None, move |tx, now| Ok(store::messages::take(tx, &system(), false, &[], lease, now.at)?))
            .await;
        taken.unwrap()
    };
    let slow = take().await.unwrap();
    assert!(take().await.is_none());
    world.end_leases().await;
    let quick = take().await.unwrap();
    assert_eq!(quick.id, slow.id);

    let late = world.app.write(None, move |tx, now| {
        store::messages::put_back(tx, &system(), &slow, now.at)?;
        Ok(store::messages::defer(tx, &system(), &slow, "450 later", now.at, now.at)?)
    });
    assert!(!late.await.unwrap());
    assert_eq!(world.delivery(id).await, Delivery::Sending);
    let settled =
        world.app.write(None, move |tx, now| Ok(store::messages::hand_over(tx, &system(), &quick, "250 ok", now.at)?));
    assert!(settled.await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_workers_send_each_message_once() {
    let world = World::postgres(Script::accepting().at(Stage::End, Reply::Hang(Duration::from_millis(5)))).await;
    let addresses: Vec<_> = (0..60).map(|n| format!("p{n}@hollin.example")).collect();
    let workers = (world.work(), world.work_on(world.another_app().await));
    let ids = world.invite(&addresses.iter().map(String::as_str).collect::<Vec<_>>()).await;
    for id in ids {
        world.until(id, Delivery::Sent).await;
    }
    workers.0.stop().await;
    workers.1.stop().await;
    let mails = world.peer.mails();
    let recipients: HashSet<_> = mails.iter().map(|mail| mail.to[0].clone()).collect();
    assert_eq!((mails.len(), recipients.len()), (60, 60));
    assert!(world.peer.most_open_connections() > 2, "both worked");
}

/// Mails in hand are marked when it is back, and before anything is taken again.
#[tokio::test(flavor = "multi_thread")]
async fn the_database_going_away_and_coming_back_loses_nothing_and_doubles_nothing() {
    let server = Arc::new(Postgres::start().unwrap());
    let database = server.empty().await.unwrap();
    let script = Script::accepting().at(Stage::End, Reply::Hang(Duration::from_millis(300)));
    let world = World::at(db::Settings::new(database.url()), Place::Elsewhere, script).await;
    let ids = world.invite(&["a@hollin.example", "b@hollin.example", "c@hollin.example", "d@hollin.example"]).await;
    let worker = world.work();
    world.peer.wait_for(1, PATIENCE).await;
    let stopped = Arc::clone(&server);
    tokio::task::spawn_blocking(move || stopped.stop()).await.unwrap().unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let before = world.peer.mails().len();
    assert!(before <= 2, "{before} mails without a database to mark them");
    let resumed = Arc::clone(&server);
    tokio::task::spawn_blocking(move || resumed.resume()).await.unwrap().unwrap();
    soon(async || world.app.db().ping().await.ok()).await.unwrap();
    for id in ids {
        world.until(id, Delivery::Sent).await;
    }
    assert_eq!(world.peer.mails().len(), 4);
    worker.stop().await;
}

/// The clock stands at half a lease when it is renewed, and a second worker looks after a whole one.
#[tokio::test(flavor = "multi_thread")]
async fn a_slow_mail_server_does_not_cost_the_lease() {
    let world = World::sqlite(Script::accepting().at(Stage::End, Reply::Hang(Duration::from_secs(12)))).await;
    let id = world.invite(&["ruth@hollin.example"]).await[0];
    let patient = Channel::new(world.peer.url().parse().unwrap(), "muster.example");
    let slow = Worker::start_on(world.app.clone(), patient);
    world.peer.wait_for(1, PATIENCE).await;
    world.pass(Duration::from_secs(20)).await;
    tokio::time::sleep(Duration::from_secs(11)).await;
    world.pass(Duration::from_secs(20)).await;
    let quick = world.work_on(world.another_app().await);
    world.until(id, Delivery::Sent).await;
    slow.stop().await;
    quick.stop().await;
    assert_eq!(world.peer.mails().len(), 1);
}
