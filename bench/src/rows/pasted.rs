//! A thousand pasted addresses over HTTP: what would become of them, and sending.

use std::{fmt::Write, path::Path, time::Duration, time::Instant};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use testkit::postgres::Postgres;

use super::run;
use crate::{
    load::{Connection, Request},
    rounds::median,
    server::Server,
    table::{Reach, Table},
    world::{World, sqlite},
};

const ADDRESSES: usize = 1000;
const TIMES: usize = 9;
/// How long all of a row may take.
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

/// Preview and sending on `SQLite`, then sending on `PostgreSQL`.
pub fn measure(folder: &Path, table: &mut Table) -> Result<()> {
    let desk = Desk::open(folder, &sqlite(folder)?)?;
    table.amount("preview of 1,000 pasted addresses", desk.median("invitations/preview")?, "ms", Reach::Later(60.0))?;
    table.amount("1,000 invitations", desk.median("invitations")?, "ms", Reach::Later(300.0))?;
    drop(desk);
    let engine = Postgres::start()?;
    let database = run(engine.empty())?;
    let desk = Desk::open(folder, &database.url())?;
    table.amount("1,000 invitations on PostgreSQL", desk.median("invitations")?, "ms", Reach::Later(600.0))?;
    table.note(format_args!("this PostgreSQL runs with fsync off; sending is one COMMIT"))
}

/// Where the addresses are handed in.
struct Desk {
    world: World,
    server: Server,
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
        Ok(Self { server: Server::start(folder, &args)?, world })
    }

    /// How long one batch takes, in milliseconds. Each has addresses of its own.
    fn median(&self, path: &str) -> Result<f64> {
        run(async {
            let times = tokio::time::timeout(PATIENCE, self.times(path)).await;
            Ok(median(times.with_context(|| format!("{path} took too long"))??))
        })
    }

    async fn times(&self, path: &str) -> Result<Vec<f64>> {
        let mut line = Connection::open(self.server.address).await?;
        let mut times = Vec::with_capacity(TIMES);
        // The first one only warms up.
        for batch in 0..=TIMES {
            let request = self.request(path, batch);
            let begun = Instant::now();
            let answer = line.ask(&request).await?;
            times.push(begun.elapsed().as_secs_f64() * 1e3);
            all_invited(answer.body)?;
        }
        Ok(times.split_off(1))
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
