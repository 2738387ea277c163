//! The trash of a project: acts of deletion, each restored as a whole.

use app::{
    App, Failure,
    trash::{self, Done},
};
use axum::{Json, extract::State};
use domain::{
    access::DeleteCases,
    id::{CaseId, FolderId, TrashId},
};
use serde::{Deserialize, Deserializer, Serialize};
use store::trash::Act;
use utoipa::ToSchema;

use super::list::List;
use crate::{
    client,
    extract::{Body, CanIn, Id, Paging},
    failed::Failed,
    problem::Problem,
};

/// What an act of deletion took, or gave back.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TrashedBody {
    /// The act.
    id: String,
    /// The folder's name, or the title of the first case.
    name: String,
    /// How many folders.
    folders: u64,
    /// How many cases.
    cases: u64,
}

impl From<Done> for TrashedBody {
    fn from(done: Done) -> Self {
        Self { id: done.act.to_string(), name: done.name, folders: done.folders, cases: done.cases }
    }
}

/// An act of deletion in the trash.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ActBody {
    id: String,
    /// `folder` with all in it, or `cases`.
    #[schema(example = "folder")]
    kind: &'static str,
    /// The folder's name, or the title of the first case.
    name: String,
    folders: i64,
    cases: i64,
    #[schema(example = "2026-11-24T10:40:00Z")]
    deleted_at: String,
    /// What the person is called who did it.
    deleted_by: String,
}

impl From<Act> for ActBody {
    fn from(act: Act) -> Self {
        Self {
            id: act.id.to_string(),
            kind: if act.folder.is_some() { "folder" } else { "cases" },
            name: act.name,
            folders: act.folders,
            cases: act.cases,
            deleted_at: act.at.to_string(),
            deleted_by: act.by_name,
        }
    }
}

/// What lies in the trash, newest first.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}/projects/{project}/trash", tag = "Folders",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"),
        ("limit" = Option<i64>, Query), ("cursor" = Option<String>, Query)),
    responses((status = OK, body = List<ActBody>), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem)))]
pub async fn list(
    CanIn(may): CanIn<DeleteCases>,
    paging: Paging,
    State(app): State<App>,
) -> Result<Json<List<ActBody>>, Failed> {
    let page = paging.page::<(i64, TrashId)>()?;
    let page = store::paging::Page {
        limit: page.limit,
        after: page.after.map(|(at, id)| (domain::time::Time::from_micros(at), id)),
    };
    let slice = app.read(move |db, _| Ok(store::trash::list(db, &may, &page)?)).await?;
    let last = slice.rows.last().filter(|_| slice.more).map(|act| Paging::cursor(&(act.at.micros(), act.id)));
    Ok(Json(List { items: slice.rows.into_iter().map(ActBody::from).collect(), next_cursor: last }))
}

/// Where to restore to, if the folder it lay in is gone.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::option_option, reason = "null is the top, and left out is where it lay")]
pub struct Restoration {
    /// The folder; null is the top of the project. Left out, each goes where it lay.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    into: Option<Option<FolderId>>,
}

/// Tells null from left out.
#[expect(clippy::option_option, reason = "null is the top, and left out is where it lay")]
fn given<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<FolderId>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// Takes an act of deletion back. 409 `folder_gone` if the folder it lay in is gone: say `into` where else.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/projects/{project}/trash/{id}/restoration", tag = "Folders",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"), ("id" = String, Path)),
    request_body = Restoration,
    responses((status = OK, body = TrashedBody), (status = CONFLICT, body = Problem), (status = FORBIDDEN, body = Problem),
        (status = NOT_FOUND, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn restore(
    CanIn(may): CanIn<DeleteCases>,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<TrashId>,
    body: Body<Restoration>,
) -> Result<Json<TrashedBody>, Failed> {
    let into = body.value.into;
    let done = app.write(from.client, move |tx, now| trash::restore(tx, &may, id, into, now)).await?;
    Ok(Json(done.into()))
}

/// Which cases.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Cases {
    /// Ids of cases, at most 1,000.
    #[schema(value_type = Vec<String>)]
    cases: Vec<CaseId>,
}

/// Puts cases into the trash, as one act.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/projects/{project}/cases/deletion", tag = "Cases",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key")),
    request_body = Cases,
    responses((status = OK, body = TrashedBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn delete_cases(
    CanIn(may): CanIn<DeleteCases>,
    client::From(from): client::From,
    State(app): State<App>,
    body: Body<Cases>,
) -> Result<Json<TrashedBody>, Failed> {
    let cases = body.value.cases;
    if cases.len() > app::moves::MOST {
        return Err(Failure::invalid("cases", "too_many_cases", "At most 1,000 cases at once.").into());
    }
    let done = app.write(from.client, move |tx, now| trash::delete_cases(tx, &may, &cases, now)).await?;
    Ok(Json(done.into()))
}
