//! For load balancers and monitors.

use app::App;
use axum::extract::State;
use http::StatusCode;

/// 200 while serving.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// 200 while the database answers.
pub async fn ready(State(app): State<App>) -> (StatusCode, &'static str) {
    match app.db().ping().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}
