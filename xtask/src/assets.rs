//! The front end: npm's packages, and the bundle that the binary takes in.

use crate::{places, step};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

/// Copy of the lock file the packages were installed from.
const INSTALLED: &str = "node_modules/.installed-package-lock.json";
/// Its time of change is that of the last build.
const BUILT: &str = "node_modules/.built";
/// The oldest Node whose features the build script uses.
const NODE: u32 = 20;

/// Installs the packages and builds `dist/`, each only if something it comes from has changed.
pub fn build() -> Result<()> {
    let front = places::front();
    install(&front)?;
    if !is_fresh(&front)? {
        step::run("front end: bundle", npm(&front).args(["run", "--silent", "build"]))?;
        fs::write(front.join(BUILT), "").context("cannot mark the front end as built")?;
    }
    Ok(())
}

/// `tsc --noEmit` over the elements, since the bundler itself checks no types, and the tests of what they are made of.
pub fn check() -> Result<()> {
    let tsc = places::front().join("node_modules/.bin/tsc");
    step::run("TypeScript", step::command(tsc).current_dir(places::front()).arg("--noEmit"))?;
    step::run("front end: tests", npm(&places::front()).args(["test", "--silent"]))
}

fn install(front: &Path) -> Result<()> {
    let lock = fs::read(front.join("package-lock.json")).context("cannot read the front end's package-lock.json")?;
    if fs::read(front.join(INSTALLED)).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    check_node()?;
    step::run("front end: packages", npm(front).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]))?;
    fs::write(front.join(INSTALLED), lock).context("cannot mark the packages as installed")
}

fn npm(front: &Path) -> Command {
    let mut npm = step::command("npm");
    npm.current_dir(front);
    npm
}

fn check_node() -> Result<()> {
    let output = Command::new("node").arg("--version").output();
    let version = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default();
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    match major {
        Some(major) if major >= NODE => Ok(()),
        Some(_) => bail!("Node {NODE} or newer is needed to build the front end; this is {version}"),
        None => bail!("Node {NODE} or newer, with npm, is needed to build the front end"),
    }
}

/// Whether `dist/` is there and no source is younger than the last build.
fn is_fresh(front: &Path) -> Result<bool> {
    let Ok(built) = fs::metadata(front.join(BUILT)).and_then(|stamp| stamp.modified()) else {
        return Ok(false);
    };
    Ok(front.join("dist").is_dir() && youngest(front)? <= built)
}

/// The last change of a source. Folders count too: their time tells of files that were taken away.
fn youngest(folder: &Path) -> Result<SystemTime> {
    let mut youngest = SystemTime::UNIX_EPOCH;
    for entry in fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let entry = entry?;
        if ["node_modules", "dist", "dist-tests"].iter().any(|made| entry.file_name() == *made) {
            continue;
        }
        youngest = youngest.max(entry.metadata()?.modified()?);
        if entry.file_type()?.is_dir() {
            youngest = youngest.max(self::youngest(&entry.path())?);
        }
    }
    Ok(youngest)
}
