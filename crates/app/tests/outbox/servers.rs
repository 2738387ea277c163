//! The mail server as operators set it: taken up by a running worker.

use app::{
    App,
    mail::worker::Worker,
    mail_server::{self, Typed, Wanted, With},
};
use domain::{access::Operator, invitation::Delivery};
use testkit::smtp::{Peer, Script};

use crate::world::{World, on_both_engines, soon};

on_both_engines! {
    a_change_of_the_mail_server_is_taken_up_without_a_restart
    what_waits_while_there_is_no_mail_server_goes_out_when_there_is_one
}

/// The owner, who is the operator.
async fn operator(world: &World) -> Operator {
    let person = world.owner.person();
    let found = world.app.write(None, move |tx, now| {
        let token = store::sessions::open(tx, person, None, now)?;
        let (who, _) = store::access::session(tx, &token.hash(), now.at)?.expect("just opened");
        Ok(store::operators::find(tx, &who)?)
    });
    found.await.unwrap().expect("the first owner is the operator")
}

async fn set(world: &World, app: &App, peer: &Peer) {
    let operator = operator(world).await;
    let typed = Typed {
        host: "127.0.0.1".to_owned(),
        port: peer.port().to_string(),
        tls: "none".to_owned(),
        from_address: "muster@hollin.example".to_owned(),
        own_network: true,
        ..Typed::default()
    };
    let (wanted, verbs) = (Wanted::parse(&typed).unwrap(), app.clone());
    let set = app.write(None, move |tx, now| {
        let with = With { vault: verbs.vault(), settings: verbs.settings() };
        mail_server::set(tx, with, &operator, &wanted, now)
    });
    set.await.unwrap();
}

async fn a_change_of_the_mail_server_is_taken_up_without_a_restart(world: World) {
    let app = world.app_of_operators().await;
    let worker = Worker::start(app.clone());
    let (first, second) = (Peer::start(Script::accepting()).await, Peer::start(Script::accepting()).await);
    for (peer, address) in [(&first, "a@hollin.example"), (&second, "b@hollin.example"), (&first, "c@hollin.example")] {
        set(&world, &app, peer).await;
        let taken = soon(async || app.mail().filter(|mail| mail.smtp.port() == peer.port())).await;
        assert!(taken.is_some(), "the change is heard");
        let id = world.invite_by(&app, address).await;
        world.until(id, Delivery::Sent).await;
        assert_eq!(peer.mails().last().unwrap().to, [address]);
    }
    worker.stop().await;
    assert_eq!((first.open_connections(), second.open_connections()), (0, 0));
}

async fn what_waits_while_there_is_no_mail_server_goes_out_when_there_is_one(world: World) {
    let app = world.app_of_operators().await;
    let id = world.invite_by(&app, "a@hollin.example").await;
    let worker = Worker::start(app.clone());
    let peer = Peer::start(Script::accepting()).await;
    set(&world, &app, &peer).await;
    world.until(id, Delivery::Sent).await;
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_node_takes_a_change_up() {
    let world = World::postgres(Script::accepting()).await;
    let (one, other) = (world.app_of_operators().await, world.app_of_operators().await);
    let worker = Worker::start(other.clone());
    set(&world, &one, &world.peer).await;
    assert!(soon(async || other.mail()).await.is_some());
    worker.stop().await;
}
