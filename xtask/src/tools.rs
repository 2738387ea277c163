//! Cargo's tools, each in the pinned version, compiled once into the cache.

use crate::{places, step};
use anyhow::Result;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A crate that brings a program, at the version the gate was made with.
pub struct Tool {
    name: &'static str,
    version: &'static str,
    features: &'static [&'static str],
}

pub const DENY: Tool = Tool { name: "cargo-deny", version: "0.20.2", features: &[] };
pub const MACHETE: Tool = Tool { name: "cargo-machete", version: "0.9.2", features: &[] };
pub const NEXTEST: Tool = Tool {
    name: "cargo-nextest",
    version: "0.9.151",
    features: &["--no-default-features", "--features=default-no-update"],
};

impl Tool {
    /// The program, compiled first if this version is not in the cache.
    pub fn program(&self) -> Result<PathBuf> {
        let folder = places::cache().join("tools").join(format!("{}-{}", self.name, self.version));
        let program = folder.join("bin").join(self.name);
        if !program.is_file() {
            step::run(&format!("install {} {}", self.name, self.version), self.install().arg("--root").arg(folder))?;
        }
        Ok(program)
    }

    /// Cheap to compile rather than quick to run: each runs for seconds only.
    fn install(&self) -> Command {
        let mut cargo = step::cargo("install --locked --quiet");
        cargo.arg(format!("{}@{}", self.name, self.version)).args(self.features);
        cargo.env_remove("CARGO_TARGET_DIR").env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
        cargo.env("CARGO_PROFILE_RELEASE_LTO", "off").env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
        cargo
    }
}

/// The test runner: the one the person has, or ours.
pub fn nextest() -> Result<PathBuf> {
    let found = Command::new(NEXTEST.name).args(["nextest", "--version"]).stdout(Stdio::null()).status();
    if found.is_ok_and(|status| status.success()) { Ok(NEXTEST.name.into()) } else { NEXTEST.program() }
}
