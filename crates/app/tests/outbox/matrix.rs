//! Every answer of a mail server, wrong in every way. What the inviter sees then is the table in `docs/mail.md`, read here.

use std::time::Duration;

use app::mail::{
    channel::{Channel, Timeouts},
    worker::{Handle, Worker},
};
use domain::{access::System, invitation::Delivery};
use testkit::smtp::{Authority, Peer, Reply, Script, Stage};

use crate::world::{RETRY_FIRST, World, on_both_engines, soon};

const DOCUMENT: &str = include_str!("../../../../docs/mail.md");

/// The rows of the table, and where the server answers so.
const STAGES: [(&str, Stage); 9] = [
    ("greeting", Stage::Greeting),
    ("EHLO", Stage::Ehlo),
    ("STARTTLS", Stage::StartTls),
    ("AUTH", Stage::Auth),
    ("MAIL", Stage::Mail),
    ("RCPT", Stage::AnyRcpt),
    ("DATA", Stage::Data),
    ("the final dot", Stage::End),
    ("QUIT", Stage::Quit),
];

/// The columns of the table.
fn answers() -> [Reply; 6] {
    [
        Reply::refuse(451, "4.3.0 later"),
        Reply::refuse(550, "5.0.0 no"),
        Reply::refuse(421, "4.3.2 closing"),
        Reply::Hang(Duration::from_mins(1)),
        Reply::Cut,
        Reply::AcceptAndCut,
    ]
}

/// What the table says of a row, a cell each.
fn row(name: &str) -> Vec<&'static str> {
    let start = format!("| {name} |");
    let line = DOCUMENT.lines().find(|line| line.starts_with(&start)).expect(name);
    line.trim_matches('|').split('|').skip(1).map(str::trim).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_inviter_sees_is_what_the_table_says() {
    let world = World::sqlite(Script::accepting()).await;
    let authority = Authority::new();
    let server = authority.server("localhost", 2100);
    for (name, stage) in STAGES {
        for (told, answer) in row(name).into_iter().zip(answers()) {
            world.peer.play(Script::accepting().with_starttls(server.clone()).at(stage, answer.clone()));
            let seen = seen(&world, &authority).await;
            assert!(told.contains(&format!("`{seen}`")), "{name}, {answer:?}: {seen}, but the table says {told}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_certificate_pauses_and_the_letters_wait() {
    let world = World::sqlite(Script::accepting()).await;
    let authority = Authority::new();
    for server in
        [authority.server("elsewhere", 2100), authority.server("localhost", 2021), authority.self_signed("localhost")]
    {
        world.peer.play(Script::accepting().with_starttls(server));
        assert_eq!(seen(&world, &authority).await, Delivery::Queued);
    }
    assert!(row("a certificate that is refused")[0].contains("`queued`"));
}

/// Sends one invitation, says what its inviter sees in the end, and puts everything back.
async fn seen(world: &World, authority: &Authority) -> Delivery {
    let worker = work(world, authority);
    let id = world.invite(&["ruth@hollin.example"]).await[0];
    let fate = soon(async || {
        let paused = world.channel().await.paused_at.is_some();
        match world.delivery(id).await {
            Delivery::Queued if paused => Some(Delivery::Queued),
            Delivery::Queued | Delivery::Sending => None,
            fate => Some(fate),
        }
    });
    let fate = fate.await.expect("it comes to an end");
    drop(worker);
    world.revoke(id).await;
    let system = System::because("a test goes on");
    world.app.write(None, move |tx, _| Ok(store::channel::resume(tx, &system)?)).await.unwrap();
    fate
}

/// Signed in over STARTTLS, so that every command comes up.
fn work(world: &World, authority: &Authority) -> Handle {
    let url = format!("smtp://muster:sesame@localhost:{}?tls=starttls", world.peer.port());
    let timeouts = Timeouts { command: Duration::from_millis(400), after_dot: Duration::from_millis(400) };
    let channel = Channel::new(url.parse().unwrap(), "muster.example").with_timeouts(timeouts);
    Worker::start_on(world.app.clone(), channel.trusting(&authority.pem()).unwrap())
}

on_both_engines! {
    a_mail_server_that_is_away_for_six_hours_loses_nothing
}

async fn a_mail_server_that_is_away_for_six_hours_loses_nothing(mut world: World) {
    let (port, worker) = (world.peer.port(), world.work());
    world.peer = Peer::start(Script::accepting()).await;
    let ids = world.invite(&["a@hollin.example", "b@hollin.example", "c@hollin.example"]).await;
    let paused = world.until_channel(|channel| channel.paused_at.is_some()).await;
    let back_at = paused.paused_at.unwrap() + Duration::from_hours(6);
    let mut probes = 0;
    while world.watch.now() < back_at {
        let wait = world.channel().await.probe_at.unwrap().since(world.watch.now());
        assert!(wait >= RETRY_FIRST && wait <= Duration::from_hours(1), "{wait:?}");
        probes += 1;
        world.pass(wait).await;
        world.until_channel(|channel| channel.probes == probes).await;
    }
    assert!(probes < 20, "it is not hammered: {probes}");
    assert_eq!(world.deliveries(&ids).await, [Delivery::Queued; 3]);
    world.peer = Peer::start_on(port, Script::accepting()).await;
    world.pass(Duration::from_hours(1)).await;
    for id in ids {
        world.until(id, Delivery::Sent).await;
    }
    assert_eq!(world.peer.mails().len(), 3, "each came once");
    drop(worker);
}
