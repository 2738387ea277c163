//! Structured logs: one JSON object a line on standard error. `RUST_LOG` filters them; `info` is the default.

use tracing_subscriber::{EnvFilter, fmt};

/// Begins logging.
pub fn start() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    fmt().json().flatten_event(true).with_env_filter(filter).with_writer(std::io::stderr).init();
}
