//! Workspaces.

use app::{App, Bad, Failure, answers::once, workspaces};
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use domain::{
    access::{ManageWorkspace, Membership, OwnWorkspace},
    title::WorkspaceName,
};
use http::{StatusCode, header};
use serde::{Deserialize, Serialize};
use store::workspaces::Workspace;
use utoipa::ToSchema;

use crate::{
    client,
    extract::{Body, Caller, Can},
    failed::Failed,
    problem::Problem,
};

/// A workspace's name.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Named {
    #[schema(example = "Hollin & Ash", max_length = 80)]
    name: String,
}

/// A workspace.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct WorkspaceBody {
    id: String,
    slug: String,
    name: String,
}

/// A workspace just made, with its owner's key, shown once.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Founded {
    workspace: WorkspaceBody,
    api_key: String,
}

impl From<Workspace> for WorkspaceBody {
    fn from(row: Workspace) -> Self {
        Self { id: row.id.to_string(), slug: row.slug, name: row.name }
    }
}

fn name(body: &Named) -> Result<WorkspaceName, Failure> {
    WorkspaceName::parse(&body.name)
        .map_err(|bad| Failure::Invalid(vec![Bad::new("name", bad.code(), bad.to_string())]))
}

/// Makes a workspace whose owner is the caller. For operators of the server.
#[utoipa::path(post, path = "/api/v1/workspaces", tag = "Workspaces and projects", params(("Idempotency-Key" = Option<String>, Header)),
    request_body = Named, responses(
    (status = CREATED, body = Founded), (status = FORBIDDEN, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)
))]
pub async fn create(
    caller: Caller,
    client::From(from): client::From,
    State(app): State<App>,
    body: Body<Named>,
) -> Result<(StatusCode, Json<Founded>), Failed> {
    let (name, asked) = (name(&body.value)?, body.keyed.secretly_by(&caller.who));
    let verbs = app.clone();
    let founded = app.write(from.client, move |tx, now| {
        once(tx, verbs.vault(), asked.as_ref(), now, |tx| {
            let founded = workspaces::create(tx, &caller.who, &name, now)?;
            Ok(Founded { workspace: founded.workspace.into(), api_key: founded.api_key.reveal().to_owned() })
        })
    });
    Ok((StatusCode::CREATED, Json(founded.await?)))
}

/// A workspace of the caller's.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}", tag = "Workspaces and projects",
    params(("workspace" = String, Path, description = "Id or slug")), responses(
    (status = OK, body = WorkspaceBody), (status = NOT_FOUND, body = Problem)
))]
pub async fn get(Can(may): Can<Membership>, State(app): State<App>) -> Result<Json<WorkspaceBody>, Failed> {
    Ok(Json(app.point(move |db, _| Ok(store::workspaces::of(db, may.member())?)).await?.into()))
}

/// Renames a workspace. Its slug stays, so that links keep working.
#[utoipa::path(patch, path = "/api/v1/workspaces/{workspace}", tag = "Workspaces and projects", request_body = Named,
    params(("workspace" = String, Path, description = "Id or slug")), responses(
    (status = OK, body = WorkspaceBody), (status = FORBIDDEN, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)
))]
pub async fn patch(
    Can(may): Can<ManageWorkspace>,
    client::From(from): client::From,
    State(app): State<App>,
    body: Body<Named>,
) -> Result<Json<WorkspaceBody>, Failed> {
    let name = name(&body.value)?;
    Ok(Json(app.write(from.client, move |tx, now| workspaces::rename(tx, &may, &name, now)).await?.into()))
}

/// What is typed to delete a workspace.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkspaceDeletion {
    /// The workspace's slug.
    #[schema(example = "hollin-ash")]
    confirm: String,
}

/// Deletes a workspace: nobody is in it from now on. For 30 days operators can take it out of the trash.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/deletion", tag = "Workspaces and projects", request_body = WorkspaceDeletion,
    params(("workspace" = String, Path, description = "Id or slug")), responses(
    (status = NO_CONTENT), (status = FORBIDDEN, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)
))]
pub async fn delete(
    Can(may): Can<OwnWorkspace>,
    client::From(from): client::From,
    State(app): State<App>,
    body: Body<WorkspaceDeletion>,
) -> Result<StatusCode, Failed> {
    app.write(from.client, move |tx, now| workspaces::trash::delete(tx, &may, &body.value.confirm, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Everything of a workspace as JSON, packed by gzip.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/export", tag = "Workspaces and projects",
    params(("workspace" = String, Path, description = "Id or slug")), responses(
    (status = OK, content_type = "application/gzip", body = Vec<u8>), (status = FORBIDDEN, body = Problem)
))]
pub async fn export(
    Can(may): Can<OwnWorkspace>,
    client::From(from): client::From,
    State(app): State<App>,
) -> Result<Response, Failed> {
    let noted = may.clone();
    app.write(from.client, move |tx, now| workspaces::export::note(tx, &noted, now)).await?;
    let (slug, packed) = app
        .read(move |db, now| {
            let slug = store::workspaces::of(db, may.member())?.slug;
            Ok((slug, workspaces::export::document(db, &may, now)?))
        })
        .await?;
    let name = format!("attachment; filename=\"{slug}.json.gz\"");
    Ok(([(header::CONTENT_TYPE, "application/gzip".to_owned()), (header::CONTENT_DISPOSITION, name)], packed)
        .into_response())
}
