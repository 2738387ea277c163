//! A thousand pasted addresses over HTTP: what would become of them, and sending, against the bare library on the same
//! disk in rounds that take turns.

mod floor;

use std::{
    fmt::Write,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use testkit::postgres::Postgres;

use super::{invitation::bare::Bare, run};
use crate::{
    load::{Connection, Request},
    rounds::{self, Round, median},
    server::Server,
    table::{Reach, Table},
    world::{World, sqlite},
};
use floor::Floor;

const ADDRESSES: usize = 1000;
/// How long one batch may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// As shipped but for the day's limit and a mail server, so that outbox rows are written. There is none at this address:
/// the worker pauses and the rows wait.
const ARGS: [&str; 6] = [
    "--invites-per-day",
    "workspace=1000000,inviter=1000000,server=1000000",
    "--smtp-url",
    "smtp://127.0.0.1:9?tls=none",
    "--mail-from",
    "Muster <muster@hollin.example>",
];

/// At most three times as long as the floor takes.
const SHARE: Reach = Reach::AtLeast(1.0 / 3.0);

/// Preview and sending on `SQLite`, then sending on `PostgreSQL`.
pub fn measure(folder: &Path, table: &mut Table) -> Result<()> {
    let desk = Desk::open(folder, &sqlite(folder)?)?;
    let floor = Floor::open(&folder.join("muster.db"))?;
    let rounds = rounds::play(|| desk.hand_in("invitations/preview"), || floor.look(&addresses(0)))?;
    tell("preview of 1,000 pasted addresses", &rounds, Reach::AtMost(60.0), table)?;
    table
        .note(format_args!("the floor reads the list and asks two sets of addresses of bare rusqlite, without HTTP"))?;
    let bare = Bare::open(&folder.join("bare"))?;
    let batch = || Ok(bare.batch(ADDRESSES as u64)?.as_secs_f64() * 1e3);
    let rounds = rounds::play(|| desk.hand_in("invitations"), batch)?;
    tell("1,000 invitations", &rounds, Reach::AtMost(300.0), table)?;
    table.note(format_args!("the floor writes the same rows by bare rusqlite in one transaction, without HTTP"))?;
    drop(desk);
    let engine = Postgres::start()?;
    let database = run(engine.empty())?;
    let desk = Desk::open(folder, &database.url())?;
    desk.hand_in("invitations")?;
    let times = (0..rounds::ROUNDS).map(|_| desk.hand_in("invitations")).collect::<Result<Vec<_>>>()?;
    table.amount("1,000 invitations on PostgreSQL", median(times), "ms", Reach::AtMost(600.0))?;
    table.note(format_args!("this PostgreSQL runs with fsync off; sending is one COMMIT"))
}

/// Milliseconds, and how they stand against those of the floor.
fn tell(work: &str, rounds: &[Round<f64>], reach: Reach, table: &mut Table) -> Result<()> {
    let middle = |of: &dyn Fn(&Round<f64>) -> f64| median(rounds.iter().map(of));
    table.amount(work, middle(&|round| round.measured), "ms", reach)?;
    let rate = |ms: f64| 1e3 / ms;
    let (measured, floor) = (middle(&|round| rate(round.measured)), middle(&|round| rate(round.floor)));
    table.ratio(&format!("{work}, a second"), measured, floor, middle(&|it| it.floor / it.measured), SHARE)
}

/// Where the addresses are handed in.
struct Desk {
    world: World,
    server: Server,
    batches: AtomicUsize,
}

impl Desk {
    fn open(folder: &Path, url: &str) -> Result<Self> {
        let world = run(async {
            let world = World::new(url).await?;
            world.close().await;
            Ok(world)
        })?;
        let mut args = ARGS.to_vec();
        if url.starts_with("postgres") {
            args.extend(["--database-url", url]);
        }
        Ok(Self { server: Server::start(folder, &args)?, world, batches: AtomicUsize::new(0) })
    }

    /// How long one batch takes, in milliseconds. Each has addresses of its own.
    fn hand_in(&self, path: &str) -> Result<f64> {
        let request = self.request(path, self.batches.fetch_add(1, Ordering::Relaxed));
        run(async {
            let mut line = Connection::open(self.server.address).await?;
            let begun = Instant::now();
            let answer = tokio::time::timeout(PATIENCE, line.ask(&request)).await;
            let answer = answer.with_context(|| format!("{path} took too long"))??;
            let took = begun.elapsed().as_secs_f64() * 1e3;
            all_invited(answer.body)?;
            Ok(took)
        })
    }

    fn request(&self, path: &str, batch: usize) -> Request {
        let body = json!({"recipients": addresses(batch), "role": "tester"}).to_string();
        let path = format!("/api/v1/workspaces/{}/{path}", self.world.made.workspace.slug);
        Request::post(self.server.address, &path, &self.world.key(), &body)
    }
}

fn addresses(batch: usize) -> String {
    (0..ADDRESSES).fold(String::new(), |mut text, at| {
        let _ = writeln!(text, "Person Number{at} <batch{batch}.person{at}@hollin.example>");
        text
    })
}

fn all_invited(body: &[u8]) -> Result<()> {
    let results: Value = serde_json::from_slice(body)?;
    let outcomes = results["results"].as_array().context("no results")?.iter();
    let invited = outcomes.filter(|row| row["outcome"] == "invited").count();
    anyhow::ensure!(invited == ADDRESSES, "only {invited} of {ADDRESSES} were invited");
    Ok(())
}
