//! Mails out of the outbox per second, against lettre's own connection: the same sink, as many connections, the same bytes.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow};
use app::{
    invitations::{self, invite::With},
    mail::{channel::Reach as Addresses, worker::Worker},
    settings::Mail,
};
use domain::access::Role;
use lettre::{
    address::Envelope,
    transport::smtp::{client::SmtpConnection, extension::ClientId},
};
use testkit::smtp::{Peer, Reply, Script, Stage};
use tokio::runtime::Runtime;

use crate::{
    rounds::{self, median},
    table::{Reach, Table},
    world::{World, batch, sqlite},
};

/// As shipped.
const CONNECTIONS: usize = 4;
/// What a near mail server takes for a message.
const DELAY: Duration = Duration::from_millis(20);
const PATIENCE: Duration = Duration::from_mins(1);

/// A sink that takes its time, then one that takes none, which is told for orientation only.
pub fn measure(folder: &Path, table: &mut Table) -> Result<()> {
    let slow = Script::accepting().at(Stage::End, Reply::Hang(DELAY));
    contest("outbox, 20 ms a mail", 100, slow, &folder.join("slow"), Reach::AtLeast(0.7), table)?;
    contest("outbox, no delay", 400, Script::accepting(), &folder.join("quick"), Reach::Nothing, table)
}

fn contest(work: &str, mails: usize, script: Script, folder: &Path, reach: Reach, table: &mut Table) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let desk = runtime.block_on(Desk::open(folder, script, mails))?;
    let mut number = 0;
    let rounds = rounds::play(
        || {
            number += 1;
            runtime.block_on(desk.outbox(number))
        },
        || desk.lettre(&runtime),
    )?;
    let middle = |side: fn(&rounds::Round<f64>) -> f64| median(rounds.iter().map(side));
    let (measured, floor) = (middle(|round| round.measured), middle(|round| round.floor));
    let ratio = middle(|round| round.measured / round.floor);
    table.ratio(&format!("{work}, {CONNECTIONS} connections"), measured, floor, ratio, reach)?;
    table.note(format_args!("mails, {mails} a round; ours are written, leased and noted in the database, on SQLite"))
}

/// Invitations to be mailed, and where to.
struct Desk {
    world: World,
    peer: Peer,
    mails: usize,
    /// A letter as the outbox writes it, for the floor.
    letter: Arc<Vec<u8>>,
}

impl Desk {
    async fn open(folder: &Path, script: Script, mails: usize) -> Result<Self> {
        let peer = Peer::start(script).await;
        let mail = Mail {
            smtp: peer.url().parse()?,
            reach: Addresses::Anywhere,
            from: "Muster <muster@hollin.example>".parse()?,
            connections: CONNECTIONS,
            retry_first: Duration::from_secs(10),
        };
        let world = World::mailing(&sqlite(folder)?, Some(mail)).await?;
        let mut desk = Self { world, peer, mails, letter: Arc::default() };
        desk.outbox(0).await?;
        desk.letter = Arc::new(desk.peer.mails().first().context("no mail came")?.data.clone());
        Ok(desk)
    }

    /// Mails per second, from the start of the worker to the last mail's arrival.
    async fn outbox(&self, round: usize) -> Result<f64> {
        let addresses: Vec<_> = (0..self.mails).map(|at| format!("round{round}.person{at}@hollin.example")).collect();
        let (owner, batch) = (Arc::clone(&self.world.owner), batch(&addresses.join("\n"), Role::Tester));
        let app = self.world.app.clone();
        let sent = self.world.app.write(None, move |tx, now| {
            let with = With { vault: app.vault(), per_day: None, mail: true };
            invitations::invite(tx, with, &owner.may()?, &batch, now)
        });
        sent.await?;
        let before = self.peer.mails().len();
        let begun = Instant::now();
        let worker = Worker::start(self.world.app.clone());
        self.peer.wait_for(before + self.mails, PATIENCE).await;
        let rate = per_second(self.mails, begun)?;
        worker.stop().await;
        Ok(rate)
    }

    /// The same number of mails over as many connections of lettre's, each kept open, a thread for each.
    fn lettre(&self, runtime: &Runtime) -> Result<f64> {
        // The sink lives on the runtime's other threads.
        let _inside = runtime.enter();
        let (port, each) = (self.peer.port(), self.mails / CONNECTIONS);
        let begun = Instant::now();
        let threads: Vec<_> = (0..CONNECTIONS)
            .map(|_| {
                let letter = Arc::clone(&self.letter);
                thread::spawn(move || hand_over(port, each, &letter))
            })
            .collect();
        for thread in threads {
            thread.join().map_err(|_| anyhow!("a thread of the floor panicked"))??;
        }
        per_second(each * CONNECTIONS, begun)
    }
}

fn hand_over(port: u16, mails: usize, letter: &[u8]) -> Result<()> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let hello = ClientId::Domain("localhost".to_owned());
    let mut connection = SmtpConnection::connect(address, Some(PATIENCE), &hello, None, None)?;
    let envelope = Envelope::new(Some("muster@hollin.example".parse()?), vec!["person@hollin.example".parse()?])?;
    for _ in 0..mails {
        connection.send(&envelope, letter)?;
    }
    connection.quit()?;
    Ok(())
}

fn per_second(mails: usize, begun: Instant) -> Result<f64> {
    Ok(f64::from(u32::try_from(mails)?) / begun.elapsed().as_secs_f64())
}
