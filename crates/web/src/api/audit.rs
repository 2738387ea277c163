//! The audit log: who did what, when, from where, old and new.

mod asked;
mod export;
mod rows;

use app::{App, audit};
use axum::{Json, extract::State, response::Response};
use domain::{
    access::{ReadAudit, SignedIn},
    event,
    time::Time,
};
use serde::Serialize;
use serde_json::{Map, Value};
use store::events::{self, Logged};
use utoipa::ToSchema;

pub use asked::Asked;
pub use export::{Export, Format};

use super::list::List;
use crate::{
    client,
    extract::{Caller, Can, Paging, Query},
    failed::Failed,
    problem::Problem,
};

/// An event of the log.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventBody {
    /// Its number; later ones are higher.
    id: i64,
    #[schema(value_type = String, format = DateTime)]
    at: Time,
    #[schema(example = "invitation.accepted")]
    event: String,
    /// Who did it; null where the clock did, or nobody who is signed in.
    actor: Option<ActorBody>,
    /// The address the request came from; null if there was none, or if it was erased.
    #[schema(example = "192.0.2.7")]
    ip: Option<String>,
    target: TargetBody,
    /// `{field: [old, new]}`.
    #[schema(value_type = Object)]
    changes: Map<String, Value>,
    /// The same as a sentence.
    #[schema(example = "Priya Raman invited leo@example.com as Tester")]
    words: String,
}

/// Who did it: a person, `per_…`, or a service account, `svc_…`.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActorBody {
    id: String,
    name: String,
}

/// The thing it happened to.
#[derive(Debug, Serialize, ToSchema)]
pub struct TargetBody {
    #[schema(example = "invitation")]
    kind: String,
    id: String,
    /// What it was called then; null if that was erased.
    label: Option<String>,
}

/// In place of an actor that nobody knows.
pub const SOMEBODY: &str = "Somebody";

/// The old and new values of a stored event.
pub fn changes(row: &Logged) -> Map<String, Value> {
    serde_json::from_str(&row.changes).unwrap_or_default()
}

/// What a thing was called, if anything.
pub fn label(row: &Logged) -> Option<&str> {
    row.label.as_deref().filter(|label| !label.is_empty())
}

impl From<Logged> for EventBody {
    fn from(row: Logged) -> Self {
        let changes = changes(&row);
        let who = row.actor_name.as_deref().unwrap_or(SOMEBODY);
        let words =
            row.what.parse().map_or_else(|_| row.what.clone(), |what| event::plain(what, who, label(&row), &changes));
        let label = label(&row).map(str::to_owned);
        let name = row.actor_name.clone().unwrap_or_default();
        let actor = row.actor().map(|id| ActorBody { id: id.to_string(), name });
        Self {
            id: row.id,
            at: row.at,
            event: row.what,
            actor,
            ip: row.client,
            target: TargetBody { kind: row.target_kind, id: row.target_id, label },
            changes,
            words,
        }
    }
}

/// The log, newest first. `event` is a name such as `invitation.created`, a thing such as `invitation`, or `refused`;
/// `from` and `to` are moments, or dates in UTC of which the last one counts whole.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}/audit", tag = "Audit",
    params(("workspace" = String, Path, description = "Id or slug"), ("limit" = Option<i64>, Query), ("cursor" = Option<String>, Query), Asked),
    responses((status = OK, body = List<EventBody>), (status = FORBIDDEN, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn list(
    Can(may): Can<ReadAudit>,
    paging: Paging,
    Query(asked): Query<Asked>,
    State(app): State<App>,
) -> Result<Json<List<EventBody>>, Failed> {
    let page = paging.page()?;
    let slice = app
        .read(move |db, _| {
            let filter = asked.filter(db, may.member())?;
            Ok(events::list(db, &may, &filter, &page)?)
        })
        .await?;
    let last = slice.rows.last().map(|row| (row.at, row.id));
    let next_cursor = last.filter(|_| slice.more).map(|key| Paging::cursor(&key));
    Ok(Json(List { items: slice.rows.into_iter().map(EventBody::from).collect(), next_cursor }))
}

/// The filtered log as a file, streamed, newest first. That it was taken out is an event itself.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/audit/exports", tag = "Audit",
    params(("workspace" = String, Path, description = "Id or slug"), Asked, Format), responses(
    (status = OK, content((String = "text/csv"), (EventBody = "application/x-ndjson"))),
    (status = FORBIDDEN, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn export(
    Can(may): Can<ReadAudit>,
    caller: Caller,
    client::From(from): client::From,
    Query(asked): Query<Asked>,
    Query(format): Query<Format>,
    State(app): State<App>,
) -> Result<Response, Failed> {
    taken_out(&app, may, caller.who, from.client, asked, &format).await
}

/// Writes the event, then streams.
pub async fn taken_out(
    app: &App,
    may: domain::access::May<ReadAudit>,
    who: SignedIn,
    client: Option<std::net::IpAddr>,
    asked: Asked,
    format: &Format,
) -> Result<Response, Failed> {
    let (format, workspace) = (format.read()?, may.workspace());
    let begun = app.write(client, move |tx, now| {
        let filter = asked.filter(tx, may.member())?;
        let until = audit::export(tx, &may, &filter, format.name(), now)?;
        Ok((filter, until, store::workspaces::of(tx, may.member())?.slug))
    });
    let (filter, until, slug) = begun.await?;
    Ok(Export::new(app.clone(), who, workspace, filter, until, format).response(&slug))
}
