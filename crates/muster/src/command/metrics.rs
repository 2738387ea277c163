//! `/metrics` for Prometheus, on an address of its own.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use axum::{Router, routing::get};
use metrics_exporter_prometheus::PrometheusBuilder;
use tokio::net::TcpListener;

/// Begins counting and answers on `address` until the process ends.
pub async fn serve(address: SocketAddr) -> Result<()> {
    let recorder = PrometheusBuilder::new().install_recorder().context("starting the metrics")?;
    let listener = TcpListener::bind(address).await.with_context(|| format!("listening on {address}"))?;
    let table = Router::new().route("/metrics", get(move || std::future::ready(recorder.render())));
    tokio::spawn(async move { axum::serve(listener, table).await });
    Ok(())
}
