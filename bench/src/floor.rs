//! The floor under a page: bare axum, which answers the bytes the page has answered.

use std::{
    fs,
    future::ready,
    io::{BufRead, BufReader, Write, stdout},
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    process::Command,
};

use anyhow::{Context, Result};
use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, HeaderName, HeaderValue},
    routing::get,
};
use testkit::process::Process;
use tokio::net::TcpListener;

/// Bare axum in a process of its own, as the measured server is.
pub struct Floor {
    process: Process,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Floor {
    /// Starts one that gives this answer, head and body, to whoever asks for `path`. `file` hands the answer over.
    pub fn start(answer: &[u8], path: &str, file: &Path) -> Result<Self> {
        fs::write(file, answer)?;
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("floor").arg(file).arg(path);
        let (process, stdout) = Process::start(&command)?;
        let mut address = String::new();
        BufReader::new(stdout).read_line(&mut address)?;
        let address = address.trim().parse().context("the floor did not start")?;
        Ok(Self { process, address })
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.process.id()
    }
}

/// What such a process does until it is ended: says where it listens, then answers.
pub fn serve(file: &Path, path: &str) -> Result<()> {
    let answer = read(&fs::read(file)?)?;
    let table = Router::new().route(path, get(move || ready(answer.clone())));
    // The runtime of the server.
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        writeln!(stdout(), "{}", listener.local_addr()?)?;
        Ok(axum::serve(listener, table).await?)
    })
}

/// Headers and body. Date and length are hyper's to say, as they are for the server.
fn read(answer: &[u8]) -> Result<(HeaderMap, Bytes)> {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").context("an answer without a body")?;
    let lines = str::from_utf8(&answer[..end])?.lines().skip(1).filter_map(|line| line.split_once(": "));
    let lines = lines.filter(|(name, _)| !["date", "content-length"].contains(name));
    let header = |(name, value): (&str, &str)| Ok((name.parse::<HeaderName>()?, value.parse::<HeaderValue>()?));
    Ok((lines.map(header).collect::<Result<_>>()?, Bytes::copy_from_slice(&answer[end + 4..])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_floor_answers_with_the_same_headers_and_body() {
        let (head, body) = read(b"HTTP/1.1 200 OK\r\nx-a: 1\r\ncontent-length: 2\r\ndate: now\r\n\r\nhi").unwrap();
        assert_eq!((head.len(), head["x-a"].as_bytes(), &*body), (1, &b"1"[..], &b"hi"[..]));
    }
}
