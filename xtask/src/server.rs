//! Running our binaries. xtask becomes cargo, and cargo becomes the binary, so Ctrl-C reaches the server itself.

use crate::{assets, step};
use anyhow::Result;

/// Serves with the settings of the binary; `args` follow `muster serve`.
pub fn serve(args: &[String]) -> Result<()> {
    assets::build()?;
    step::become_command(step::cargo("run --package muster --bin muster -- serve").args(args))
}

/// Runs the load generators in release.
pub fn bench(args: &[String]) -> Result<()> {
    assets::build()?;
    step::become_command(step::cargo("run --release --package bench --").args(args))
}
