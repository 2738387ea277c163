//! A page or API call against bare axum, which answers the same bytes.

use std::{
    net::SocketAddr,
    path::Path,
    process,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use tokio::runtime::Runtime;

use crate::{
    floor::Floor,
    load::{self, CONNECTIONS, Connection, Request},
    process::processor_time,
    rounds::{self, Round, median},
    server::Server,
    table::{Reach, Table},
};

/// How long each side is asked in a round.
const SPAN: Duration = Duration::from_millis(700);

/// What one side did in a round.
#[derive(Clone, Copy, Debug)]
struct Turn {
    /// Answers per second.
    rate: f64,
    /// The load generator's share of the processor time that both used.
    share: f64,
    /// The server's processor time for one answer, in microseconds.
    cost: f64,
}

/// Measures a request of `GET path` against the floor and adds it to the table. `header` shows who asks.
pub fn hold(work: &str, server: &Server, path: &str, header: &str, folder: &Path, reach: Reach) -> Result<Contest> {
    // One thread: as many connections as wanted, and the other core is the server's.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let request = Request::get(server.address, path, header);
    let answer = runtime.block_on(once(&request))?;
    let floor = Floor::start(&answer, path, &folder.join("answer"))?;
    let rounds = rounds::play(
        || turn(&runtime, &request, server.id(), server.address),
        || turn(&runtime, &request, floor.id(), floor.address),
    )?;
    Ok(Contest { work: format!("{work}, {CONNECTIONS} connections"), bytes: answer.len(), rounds, reach })
}

async fn once(request: &Request) -> Result<Vec<u8>> {
    Ok(Connection::open(request.address).await?.ask(request).await?.bytes.to_owned())
}

fn turn(runtime: &Runtime, request: &Request, id: u32, address: SocketAddr) -> Result<Turn> {
    let (own, theirs) = (processor_time(process::id())?, processor_time(id)?);
    let begun = Instant::now();
    let rate = runtime.block_on(load::rate(&request.to(address), SPAN))?;
    let answers = rate * begun.elapsed().as_secs_f64();
    let (own, theirs) = (processor_time(process::id())? - own, processor_time(id)? - theirs);
    Ok(Turn { rate, share: own / (own + theirs), cost: theirs * 1e6 / answers })
}

/// How it went.
pub struct Contest {
    work: String,
    bytes: usize,
    rounds: Vec<Round<Turn>>,
    reach: Reach,
}

impl Contest {
    /// Adds it to the table.
    pub fn tell(&self, table: &mut Table) -> Result<()> {
        let (measured, floor) = (self.middle(|round| round.measured.rate), self.middle(|round| round.floor.rate));
        table.ratio(
            &self.work,
            measured,
            floor,
            self.middle(|round| round.measured.rate / round.floor.rate),
            self.reach,
        )?;
        let percent = |share: f64| share * 100.0;
        table.note(format_args!(
            "answer {:.1} kB; processor time for one: server {:.0} µs, floor {:.0} µs",
            self.kilobytes()?,
            self.middle(|round| round.measured.cost),
            self.middle(|round| round.floor.cost)
        ))?;
        table.note(format_args!(
            "the load generator used {:.0} % of all processor time against the server, {:.0} % against the floor",
            percent(self.middle(|round| round.measured.share)),
            percent(self.middle(|round| round.floor.share))
        ))
    }

    fn middle(&self, of: impl Fn(&Round<Turn>) -> f64) -> f64 {
        median(self.rounds.iter().map(of))
    }

    fn kilobytes(&self) -> Result<f64> {
        Ok(f64::from(u32::try_from(self.bytes).context("an answer over 4 GB")?) / 1e3)
    }
}
