//! The audit log of a workspace with a million events: one page of it, narrowed as people narrow it.

mod filling;

use std::{path::Path, time::Duration, time::Instant};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use testkit::postgres::Postgres;

use super::run;
use crate::{
    load::{Connection, Request},
    rounds::median,
    server::Server,
    table::{Reach, Table},
    world::{World, sqlite},
};

const TIMES: usize = 99;
/// How long all calls of a row may take.
const PATIENCE: Duration = Duration::from_mins(1);
/// In milliseconds.
const TARGET: Reach = Reach::AtMost(15.0);

/// On `SQLite` and on `PostgreSQL`.
pub fn measure(folder: &Path, table: &mut Table) -> Result<()> {
    rows("", folder, &sqlite(folder)?, table)?;
    let engine = Postgres::start()?;
    let database = run(engine.empty())?;
    rows(" on PostgreSQL", folder, &database.url(), table)
}

fn rows(on: &str, folder: &Path, url: &str, table: &mut Table) -> Result<()> {
    let log = Log::open(folder, url)?;
    let (actor, month) = (format!("actor={}", log.actor), filling::MONTH);
    let narrowed = [
        ("audit of 1,000,000: event, actor, month", format!("event=member.changed&{actor}&{month}")),
        ("audit: all of a thing, month", format!("event=invitation&{month}")),
        ("audit: actor, month", format!("{actor}&{month}")),
        ("audit: all", String::new()),
    ];
    for (what, query) in narrowed {
        table.amount(&format!("{what}{on}"), log.median(&query)?, "ms", TARGET)?;
    }
    Ok(())
}

/// A server on a full log.
struct Log {
    world: World,
    actor: String,
    server: Server,
}

impl Log {
    fn open(folder: &Path, url: &str) -> Result<Self> {
        let world = run(async {
            let world = World::new(url).await?;
            world.grow_to(filling::PEOPLE).await?;
            filling::fill(&world).await?;
            world.close().await;
            Ok(world)
        })?;
        let on_postgres = ["--database-url", url];
        let args = if url.starts_with("postgres") { &on_postgres[..] } else { &[] };
        let actor = world.owner.person().to_string();
        Ok(Self { server: Server::start(folder, args)?, world, actor })
    }

    /// How long one page takes, in milliseconds.
    fn median(&self, query: &str) -> Result<f64> {
        run(async {
            let times = tokio::time::timeout(PATIENCE, self.times(query)).await;
            Ok(median(times.with_context(|| format!("{query} took too long"))??))
        })
    }

    async fn times(&self, query: &str) -> Result<Vec<f64>> {
        let path = format!("/api/v1/workspaces/{}/audit?{query}", self.world.made.workspace.slug);
        let request = Request::get(self.server.address, &path, &self.world.key());
        let mut line = Connection::open(self.server.address).await?;
        let mut times = Vec::with_capacity(TIMES);
        // The first one only warms up.
        for _ in 0..=TIMES {
            let begun = Instant::now();
            let answer = line.ask(&request).await?;
            times.push(begun.elapsed().as_secs_f64() * 1e3);
            let page: Value = serde_json::from_slice(answer.body)?;
            ensure!(page["items"].as_array().is_some_and(|items| !items.is_empty()), "{query} found nothing");
        }
        Ok(times.split_off(1))
    }
}
