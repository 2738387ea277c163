//! Running our binaries. xtask becomes cargo, and cargo becomes the binary, so Ctrl-C reaches the server itself.

use crate::{assets, step};
use anyhow::Result;

/// Serves with the settings of the binary; `args` follow `muster serve`.
pub fn serve(args: &[String]) -> Result<()> {
    assets::build()?;
    step::become_command(step::cargo("run --package muster --bin muster -- serve").args(args))
}

/// Builds what ships, then measures it. On its own, for a build together would mix features of both into its crates.
pub fn bench(args: &[String]) -> Result<()> {
    assets::build()?;
    step::run("muster, release", &mut step::cargo("build --release --package muster --bin muster"))?;
    step::become_command(step::cargo("run --release --package bench --").args(args))
}
