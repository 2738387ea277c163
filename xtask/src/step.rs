//! Commands as steps: a heading, the command's own output, and how long it took.

use crate::places;
use anyhow::{Context, Result, anyhow, bail};
use std::env;
use std::ffi::OsStr;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::time::Instant;

/// A command that runs in the root of the clone.
///
/// What cargo tells us about our own package is kept from it: build scripts look at these variables, and would run anew
/// for every change between `cargo xtask` and cargo itself.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(places::root());
    for (name, _) in env::vars_os() {
        if ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|start| name.as_encoded_bytes().starts_with(start.as_bytes())) {
            command.env_remove(name);
        }
    }
    command
}

/// The cargo that runs us, with the target folder all steps share. `args` are split at white space.
pub fn cargo(args: &str) -> Command {
    let mut cargo = command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(args.split_whitespace()).env("CARGO_TARGET_DIR", places::target());
    cargo
}

/// Prints the heading of a step.
pub fn heading(title: &str) {
    eprintln!("\n=== {title}");
}

/// Runs one step to its end; the error names the step.
pub fn run(title: &str, command: &mut Command) -> Result<()> {
    heading(title);
    let start = Instant::now();
    finish(command).with_context(|| format!("step failed: {title}"))?;
    eprintln!("    {title}: {:.1} s", start.elapsed().as_secs_f32());
    Ok(())
}

/// Runs a command without a heading.
pub fn finish(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("cannot start {program}"))?;
    if !status.success() {
        bail!("{program} ended with {status}");
    }
    Ok(())
}

/// Becomes the command: its signals, its output and its exit status are ours. Returns only when it cannot start.
pub fn become_command(command: &mut Command) -> Result<()> {
    let error = command.exec();
    Err(anyhow!(error).context(format!("cannot start {}", command.get_program().to_string_lossy())))
}
