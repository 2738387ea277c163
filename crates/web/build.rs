//! Refuses to build without the front end, and says what to run. It never runs npm itself.

use std::path::Path;

const MANIFEST: &str = "front/dist/manifest.json";

fn main() {
    println!("cargo::rerun-if-changed={MANIFEST}");
    println!("cargo::rerun-if-changed=templates");
    assert!(Path::new(MANIFEST).is_file(), "the front end is not built: run `cargo xtask assets` first");
}
