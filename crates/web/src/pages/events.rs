//! What open pages listen to: `GET /w/{workspace}/events`.

use std::time::Duration;

use axum::{
    extract::{Query, State},
    response::{IntoResponse, Sse, sse::KeepAlive},
};
use domain::access::Membership;
use futures_util::stream::unfold;
use http::{HeaderMap, HeaderName};
use serde::Deserialize;

use crate::{
    extract::Can,
    failed::Failed,
    live::{After, Stream},
    site::Site,
};

/// How old the page is, in milliseconds, where it has heard nothing yet.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    age: Option<u64>,
}

/// Proxies close what is silent for long, most after a minute.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// nginx holds answers back until it has some kilobytes, unless told not to.
const UNBUFFERED: (HeaderName, &str) = (HeaderName::from_static("x-accel-buffering"), "no");

/// The stream. It has begun within the time a request may take, and then lasts.
pub async fn follow(
    Can(may): Can<Membership>,
    State(site): State<Site>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Failed> {
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok());
    let after = After::read(last, asked.age);
    let stream = Stream::open(site.app().clone(), site.live().clone(), may.member().clone(), &after).await?;
    let beat = KeepAlive::new().interval(HEARTBEAT);
    Ok(([UNBUFFERED], Sse::new(unfold(stream, Stream::next)).keep_alive(beat)))
}
