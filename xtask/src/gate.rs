//! The gate: everything a change must pass, in one command, the cheap checks first.

use crate::{assets, debian, places, step, tools};
use anyhow::{Result, bail};
use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

/// What the person asked of `test`.
pub struct Wish {
    long: bool,
    filters: Vec<String>,
}

impl Wish {
    /// Reads `[--long] [FILTER…]`.
    pub fn parse(args: Vec<String>) -> Result<Self> {
        let (flags, filters): (Vec<_>, Vec<_>) = args.into_iter().partition(|arg| arg.starts_with('-'));
        if let Some(unknown) = flags.iter().find(|flag| *flag != "--long") {
            bail!("test knows no {unknown}, only --long");
        }
        Ok(Self { long: !flags.is_empty(), filters })
    }
}

/// Installs what is missing and runs the gate; with filters only the tests they name.
/// The runner's summary ends the output, and its status is ours.
pub fn test(wish: &Wish) -> Result<()> {
    debian::install_missing()?;
    if wish.filters.is_empty() {
        checks()?;
    } else {
        assets::build()?;
    }
    tests(wish)
}

fn checks() -> Result<()> {
    step::run("format", &mut step::cargo("fmt --all --check"))?;
    assets::build()?;
    assets::check()?;
    step::run("dependencies, as locked", &mut step::cargo("fetch --locked --quiet"))?;
    step::run("clippy", &mut step::cargo("clippy --workspace --all-targets --quiet -- -D warnings"))?;
    let mut doc = step::cargo("doc --workspace --no-deps --document-private-items --quiet");
    step::run("documentation", doc.env("RUSTDOCFLAGS", "-D warnings"))?;
    let mut deny = step::command(tools::DENY.program()?);
    step::run("dependencies: bans, licences, sources", deny.args("--offline check bans licenses sources".split(' ')))?;
    // With `CARGO` set it takes itself for cargo's subcommand.
    step::run("dependencies: unused", step::command(tools::MACHETE.program()?).env_remove("CARGO"))?;
    if has_examples(&places::root().join("crates"))? {
        step::run("examples in the documentation", &mut step::cargo("test --workspace --doc --quiet"))?;
    }
    Ok(())
}

/// One PostgreSQL server for all tests; `with-postgres` names it to them in `MUSTER_TEST_POSTGRES`.
fn tests(wish: &Wish) -> Result<()> {
    let nextest = tools::nextest()?;
    let run = ["nextest", "run", "--workspace"];
    let mut build = shared(&nextest);
    step::run("build the tests", build.args(run).args(["--no-run", "--cargo-quiet"]))?;
    let mut tests = shared(places::target().join("debug/with-postgres"));
    tests.arg(nextest).args(run).args(&wish.filters);
    if wish.long {
        tests.args(["--run-ignored", "all"]);
    }
    if debian::is_root() {
        step::heading("tests");
    } else {
        step::heading("tests, without those of Postfix, which only root can start");
        tests.args(["--filterset", "not test(/postfix/)"]);
    }
    step::become_command(&mut tests)
}

/// A command with cargo's shared target folder, and without the settings that the person has for a server of their own.
fn shared(program: impl AsRef<OsStr>) -> Command {
    let mut command = step::command(program);
    for (name, _) in env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(b"MUSTER_")) {
        command.env_remove(name);
    }
    command.env("CARGO_TARGET_DIR", places::target());
    command
}

/// Whether a source under the folder has an example in its documentation.
fn has_examples(folder: &Path) -> Result<bool> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let found = if path.is_dir() {
            !path.ends_with("front") && has_examples(&path)?
        } else {
            path.extension().is_some_and(|end| end == "rs") && fs::read_to_string(&path)?.lines().any(opens_example)
        };
        if found {
            return Ok(true);
        }
    }
    Ok(false)
}

fn opens_example(line: &str) -> bool {
    let line = line.trim_start();
    line.strip_prefix("///").or_else(|| line.strip_prefix("//!")).is_some_and(|doc| doc.trim() == "```")
}
