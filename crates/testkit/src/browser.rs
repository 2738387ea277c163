//! Debian's Chromium, driven through ChromeDriver.

mod axe;
mod look;

pub use axe::Violation;
pub use look::Look;

use crate::process::Process;
use anyhow::{Context, Result, bail};
use serde_json::json;
use std::fs::Permissions;
use std::io::{BufRead, BufReader, Read};
use std::ops::Deref;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{ChildStdout, Command};
use std::time::{Duration, Instant};
use std::{fs, io, thread};
use tempfile::TempDir;
use thirtyfour::prelude::*;
use thirtyfour::{ChromeCapabilities, LoggingPrefsLogLevel};

const CHROMEDRIVER: &str = "/usr/bin/chromedriver";
const CHROMIUM: &str = "/usr/bin/chromium";
const ARGUMENTS: [&str; 10] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--disable-crash-reporter",
    "--hide-scrollbars",
];

/// A browser with one empty page and a profile of its own. It stands for the [`WebDriver`] it holds: `browser.find(…)`.
///
/// Dropping it kills it and removes the folder; [`Browser::close`] ends it in good order.
#[derive(Debug)]
pub struct Browser {
    chromedriver: Process,
    driver: WebDriver,
    folder: TempDir,
}

impl Browser {
    /// Starts one that looks like a desktop: 1280 by 900, light, with scripts.
    pub async fn start() -> Result<Self> {
        Self::with(Look::desktop()).await
    }

    /// Starts one with this look.
    pub async fn with(look: Look) -> Result<Self> {
        let folder = TempDir::with_prefix("browser-").context("cannot make a temporary folder")?;
        let (chromedriver, stdout) =
            Process::start(Command::new(CHROMEDRIVER).arg("--port=0").env("TMPDIR", folder.path()))?;
        let port = port(stdout)?;
        let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities(folder.path())?);
        let browser = Self { driver: driver.await.context("Chromium does not start")?, chromedriver, folder };
        look.apply(&browser.driver).await?;
        Ok(browser)
    }

    /// Its temporary folder, which holds `profile` and `downloads`.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Looks different from now on.
    pub async fn look(&self, look: Look) -> Result<()> {
        look.apply(&self.driver).await
    }

    /// Writes what is to be seen as PNG.
    pub async fn screenshot(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        self.driver.screenshot(path).await.with_context(|| format!("no screenshot in {}", path.display()))
    }

    /// Takes what the browser has complained about since the last call: violations of the content security policy,
    /// errors in scripts, requests that failed. A good page leaves it empty.
    pub async fn complaints(&self) -> Result<Vec<String>> {
        let entries = self.driver.browser_log().await?;
        Ok(entries.into_iter().filter(|entry| entry.level == "SEVERE").map(|entry| entry.message).collect())
    }

    /// The accessibility rules that the page breaks, by axe-core; `axe` is the path of its `axe.min.js`.
    pub async fn axe(&self, axe: impl AsRef<Path>) -> Result<Vec<Violation>> {
        axe::run(&self.driver, axe.as_ref()).await
    }

    /// Ends the browser in good order.
    pub async fn close(self) -> Result<()> {
        self.driver.clone().quit().await.context("Chromium does not end")
    }
}

impl Drop for Browser {
    /// Chromium dies with its driver, but its parts live on for a moment and write their last files.
    fn drop(&mut self) {
        // Otherwise the session would ask the driver to end it, and wait two minutes for an answer.
        let _ = self.driver.clone().leak();
        self.chromedriver.stop();
        let deadline = Instant::now() + Duration::from_secs(5);
        while is_in_use(self.folder.path()) && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(10));
        }
    }
}

/// Whether the command line of a process names the folder.
fn is_in_use(folder: &Path) -> bool {
    let folder = folder.as_os_str().as_bytes();
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let mut commands = processes.filter_map(|process| fs::read(process.path().join("cmdline")).ok());
    commands.any(|command| command.windows(folder.len()).any(|part| part == folder))
}

impl Deref for Browser {
    type Target = WebDriver;

    fn deref(&self) -> &WebDriver {
        &self.driver
    }
}

fn capabilities(folder: &Path) -> Result<ChromeCapabilities> {
    let mut wanted = DesiredCapabilities::chrome();
    wanted.set_binary(&tied(folder)?.to_string_lossy())?;
    for argument in ARGUMENTS {
        wanted.add_arg(argument)?;
    }
    wanted.add_arg(&format!("--user-data-dir={}", folder.join("profile").display()))?;
    let preferences = json!({ "download.default_directory": folder.join("downloads") });
    wanted.add_experimental_option("prefs", preferences)?;
    wanted.set_browser_log_level(LoggingPrefsLogLevel::All)?;
    Ok(wanted)
}

/// A script that starts Chromium such that the kernel kills it when ChromeDriver is gone.
fn tied(folder: &Path) -> Result<PathBuf> {
    let script = folder.join("chromium");
    fs::write(&script, format!("#!/bin/sh\nexec setpriv --pdeathsig KILL -- {CHROMIUM} \"$@\"\n"))?;
    fs::set_permissions(&script, Permissions::from_mode(0o755))?;
    Ok(script)
}

/// Reads the port it has chosen; the rest of what it says is thrown away, so that it never waits for a reader.
fn port(stdout: ChildStdout) -> Result<u16> {
    let mut stdout = BufReader::new(stdout);
    for line in stdout.by_ref().lines() {
        let line = line?;
        if let Some(rest) = line.split("started successfully on port ").nth(1) {
            thread::spawn(move || io::copy(&mut stdout, &mut io::sink()));
            return rest.trim_end_matches('.').parse().context("ChromeDriver names no port");
        }
    }
    bail!("ChromeDriver does not start: is the package chromium-driver installed?")
}
