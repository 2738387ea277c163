//! Where things lie: the clone, and the cache in the home directory that all clones share.

use std::env;
use std::path::{Path, PathBuf};

/// The root of the clone. Asked at run time, since clones share the folder this binary is built in.
pub fn root() -> PathBuf {
    let xtask = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    xtask.parent().map_or_else(|| ".".into(), Path::to_path_buf)
}

/// The front end's sources.
pub fn front() -> PathBuf {
    root().join("crates/web/front")
}

/// `$XDG_CACHE_HOME/muster`, or `~/.cache/muster`: outside the clone, so that a second clone compiles only our own crates.
pub fn cache() -> PathBuf {
    let home = || env::var_os("HOME").map_or_else(env::temp_dir, PathBuf::from);
    env::var_os("XDG_CACHE_HOME").map_or_else(|| home().join(".cache"), PathBuf::from).join("muster")
}

/// Cargo's target folder: the person's own choice, or the shared one.
pub fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| cache().join("target"), PathBuf::from)
}
