//! The binary, running.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    net::TcpListener,
    process::{Command, Output, Stdio},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU16, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use testkit::process::Process;

use super::{Client, Place, link};

/// Everybody's password.
pub const PASSWORD: &str = "four unrelated words here";

const BINARY: &str = env!("CARGO_BIN_EXE_muster");
const PATIENCE: Duration = Duration::from_secs(20);

/// `muster serve` on a port of its own.
///
/// Dropping it stops it, and fails the test if its log holds a secret that the test has seen.
pub struct Server {
    running: Option<Process>,
    place: Place,
    port: u16,
    arguments: Vec<String>,
    secrets: Mutex<Vec<String>>,
}

impl Server {
    /// Starts it with these settings beside the usual ones, and waits until it serves.
    pub fn start(place: Place, settings: &[&str]) -> Result<Self> {
        let port = free_port()?;
        Self::start_on(port, &format!("http://localhost:{port}"), place, settings)
    }

    /// Starts it with links that begin so.
    pub fn reached_at(base: &str, place: Place, settings: &[&str]) -> Result<Self> {
        Self::start_on(free_port()?, base, place, settings)
    }

    fn start_on(port: u16, base: &str, place: Place, settings: &[&str]) -> Result<Self> {
        let mut arguments = place.arguments();
        let listen = format!("127.0.0.1:{port}");
        let usual = ["--listen", &listen, "--base-url", base, "--rate-limits", "off", "--mail-retry-first", "1s"];
        arguments.extend(usual.iter().chain(settings).map(|&word| word.to_owned()));
        let mut server = Self { running: None, place, port, arguments, secrets: Mutex::default() };
        server.resume()?;
        Ok(server)
    }

    /// Starts it with a mail server.
    pub fn mailing(place: Place, smtp: &str) -> Result<Self> {
        Self::start(place, &["--smtp-url", smtp, "--mail-from", "Muster <muster@hollin.example>"])
    }

    /// Starts it again on the same data; says how long it took until it served.
    pub fn resume(&mut self) -> Result<Duration> {
        let log = OpenOptions::new().create(true).append(true).open(self.place.log())?;
        let begun = Instant::now();
        let (process, _stdout) = Process::start_logging(Command::new(BINARY).arg("serve").args(&self.arguments), log)?;
        while !self.is_serving() {
            ensure!(process.is_running(), "muster has ended:\n{}", self.log());
            ensure!(begun.elapsed() < PATIENCE, "muster does not serve:\n{}", self.log());
            thread::sleep(Duration::from_millis(3));
        }
        self.running = Some(process);
        Ok(begun.elapsed())
    }

    /// The same without these settings.
    pub fn resume_without(&mut self, settings: &[&str]) -> Result<Duration> {
        self.arguments.retain(|argument| !settings.contains(&argument.as_str()));
        self.resume()
    }

    /// Ends it by SIGTERM, in good order.
    pub fn stop(&mut self) -> Result<()> {
        if let Some(mut process) = self.running.take() {
            process.stop();
            let log = self.log();
            let last = log.lines().last().unwrap_or_default();
            ensure!(last.contains("\"stopped\""), "it did not stop in good order:\n{log}");
        }
        Ok(())
    }

    /// Ends it by SIGKILL.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.running.take() {
            process.kill();
        }
    }

    /// An address as people open it.
    pub fn url(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.port)
    }

    pub fn place(&self) -> &Place {
        &self.place
    }

    /// A caller without a key.
    pub fn nobody(&self) -> Result<Client> {
        Client::nobody(format!("http://127.0.0.1:{}", self.port))
    }

    /// A caller with this key.
    pub fn with_key(&self, key: &str) -> Result<Client> {
        Ok(self.nobody()?.with_key(self.secret(key)))
    }

    /// The link in a mail.
    pub fn link_in(&self, mail: &[u8]) -> Result<String> {
        let link = link(mail)?;
        self.secret(link.rsplit('/').next().unwrap_or_default());
        Ok(link)
    }

    /// Notes something that must never stand in the log.
    pub fn secret<'a>(&self, secret: &'a str) -> &'a str {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).push(secret.to_owned());
        secret
    }

    /// Makes the first owner, Ann Keller, with the workspace Hollin & Ash and the project WEB, beside the running server;
    /// gives her API key.
    pub fn set_up(&self) -> Result<String> {
        let output = self.setup(&["--email", "ann@hollin.example", "--project", "WEB=Web shop", "--json"])?;
        ensure!(output.status.success(), "setup: {}", String::from_utf8_lossy(&output.stderr));
        let made: Value = serde_json::from_slice(&output.stdout).context("the answer of setup")?;
        Ok(self.secret(made["api_key"].as_str().context("setup gives no key")?).to_owned())
    }

    /// Runs `muster setup` for Ann Keller with these words too.
    pub fn setup(&self, more: &[&str]) -> Result<Output> {
        setup(&self.place, more)
    }

    /// All it has logged, over restarts.
    pub fn log(&self) -> String {
        fs::read_to_string(self.place.log()).unwrap_or_default()
    }

    fn is_serving(&self) -> bool {
        healthy(self.port).unwrap_or(false)
    }

    fn leaks(&self) -> Vec<String> {
        let log = self.log();
        let mut secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner).clone();
        secrets.push(PASSWORD.to_owned());
        secrets.extend(fs::read_to_string(self.place.data().join("secret.key")));
        let leaked = log.lines().filter(|line| secrets.iter().any(|secret| line.contains(secret.trim())));
        leaked.map(str::to_owned).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("{}", self.log());
            return;
        }
        self.running = None;
        let leaks = self.leaks();
        assert!(leaks.is_empty(), "the log holds secrets: {leaks:#?}");
    }
}

/// Runs `muster setup` for Ann Keller in a place.
pub fn setup(place: &Place, more: &[&str]) -> Result<Output> {
    let mut command = Command::new(BINARY);
    command.arg("setup").args(place.arguments());
    command.args(["--name", "Ann Keller", "--workspace", "Hollin & Ash", "--password-stdin"]).args(more);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let mut stdin = child.stdin.take().context("no way in")?;
    // One that refuses its arguments does not read this.
    let _ = writeln!(stdin, "{PASSWORD}");
    drop(stdin);
    Ok(child.wait_with_output()?)
}

/// Runs any other command of the binary to its end.
pub fn muster(words: &[String]) -> Result<Output> {
    Ok(Command::new(BINARY).args(words).stdin(Stdio::null()).output()?)
}

/// Asks `/healthz` without waiting for anything but the answer.
fn healthy(port: u16) -> Result<bool> {
    use std::io::Read;
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(2)))?;
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer.starts_with("HTTP/1.1 200"))
}

/// A port below those that the system gives to outgoing connections, so that it is still free after a kill.
pub fn free_port() -> Result<u16> {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Test processes run side by side and have ids close together.
    let first = std::process::id().wrapping_mul(31) % 12_000;
    for _ in 0..12_000 {
        let port = 20_000 + (u16::try_from(first)? + NEXT.fetch_add(1, Ordering::SeqCst)) % 12_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return Ok(port);
        }
    }
    bail!("no port is free")
}
