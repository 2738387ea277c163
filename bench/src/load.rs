//! The load generator: the same request again and again over kept-alive connections.

mod connection;

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::{Result, anyhow};
use tokio::{task::JoinSet, time::timeout};

pub use connection::Connection;

/// How many connections ask at once.
pub const CONNECTIONS: usize = 16;

/// How long the last answers may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// A request to an address.
#[derive(Clone)]
pub struct Request {
    /// Where to.
    pub address: SocketAddr,
    text: String,
}

impl Request {
    /// `GET path` with one more header line, such as a key.
    pub fn get(address: SocketAddr, path: &str, header: &str) -> Self {
        Self { address, text: format!("GET {path} HTTP/1.1\r\n{}\r\n{header}\r\n\r\n", host(address)) }
    }

    /// `POST path` with one more header line and a JSON body.
    pub fn post(address: SocketAddr, path: &str, header: &str, body: &str) -> Self {
        let length = format!("content-type: application/json\r\ncontent-length: {}", body.len());
        Self {
            address,
            text: format!("POST {path} HTTP/1.1\r\n{}\r\n{header}\r\n{length}\r\n\r\n{body}", host(address)),
        }
    }

    /// The same request to another address.
    pub fn to(&self, address: SocketAddr) -> Self {
        Self { address, text: self.text.replacen(&host(self.address), &host(address), 1) }
    }

    /// As it goes out.
    pub fn bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }
}

/// The server's own name, lest it tells of another.
fn host(address: SocketAddr) -> String {
    format!("host: localhost:{}", address.port())
}

/// Asks on all connections for so long; gives the answers per second.
pub async fn rate(request: &Request, span: Duration) -> Result<f64> {
    let mut lines = Vec::with_capacity(CONNECTIONS);
    for _ in 0..CONNECTIONS {
        lines.push(Connection::open(request.address).await?);
    }
    let end = Instant::now() + span;
    let mut asking: JoinSet<Result<u32>> = lines.into_iter().map(|line| drive(line, request.clone(), end)).collect();
    let mut answers = 0;
    while let Some(asked) = timeout(span + PATIENCE, asking.join_next()).await? {
        answers += asked.map_err(|error| anyhow!("a connection's task: {error}"))??;
    }
    Ok(f64::from(answers) / span.as_secs_f64())
}

async fn drive(mut line: Connection, request: Request, end: Instant) -> Result<u32> {
    let mut answers = 0;
    loop {
        line.ask(&request).await?;
        if Instant::now() > end {
            return Ok(answers);
        }
        answers += 1;
    }
}
