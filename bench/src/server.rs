//! The release binary of Muster as a child, with the settings it ships with.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use testkit::process::Process;

/// How long a start may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running server.
pub struct Server {
    process: Process,
    /// Where it listens.
    pub address: SocketAddr,
    /// From the start of the process to its first answer.
    pub start: Duration,
}

impl Server {
    /// Starts it on a data directory and waits until `/healthz` answers. `args` come after those of `serve`.
    pub fn start(data: &Path, args: &[&str]) -> Result<Self> {
        let address = free()?;
        let mut command = Command::new(binary()?);
        command.args(["serve", "--listen", &address.to_string(), "--data-dir"]).arg(data).args(args);
        as_shipped(&mut command);
        let begun = Instant::now();
        let (process, _) = Process::start(&command)?;
        while !is_healthy(address) {
            ensure!(process.is_running(), "the server ended at once; try: {command:?}");
            ensure!(begun.elapsed() < PATIENCE, "the server does not answer; try: {command:?}");
            thread::sleep(Duration::from_millis(1));
        }
        Ok(Self { process, address, start: begun.elapsed() })
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.process.id()
    }
}

/// The binary that is measured.
pub fn binary() -> Result<PathBuf> {
    let binary = beside("muster")?;
    ensure!(binary.is_file(), "{} is missing: run `cargo xtask bench`, which builds it", binary.display());
    Ok(binary)
}

/// A file in the folder this program lies in.
pub fn beside(name: &str) -> Result<PathBuf> {
    let own = std::env::current_exe().context("where am I?")?;
    Ok(own.parent().context("a program lies in a folder")?.join(name))
}

/// Nothing of the environment changes its settings or its log.
fn as_shipped(command: &mut Command) {
    let ours = |name: &str| name.starts_with("MUSTER_") || name == "RUST_LOG";
    for (name, _) in std::env::vars().filter(|(name, _)| ours(name)) {
        command.env_remove(name);
    }
}

/// A port nobody listens on.
fn free() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

fn is_healthy(address: SocketAddr) -> bool {
    let ask = || {
        let mut line = TcpStream::connect(address)?;
        line.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
        let mut answer = String::new();
        line.read_to_string(&mut answer).map(|_| answer.starts_with("HTTP/1.1 200 "))
    };
    ask().unwrap_or(false)
}
