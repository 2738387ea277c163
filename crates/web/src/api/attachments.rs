//! Files on cases: sent as they are, piece by piece, and given out again.

mod pouring;
mod serving;

use app::{App, Failure, answers::once, attachments, sessions::Browser};
use axum::{
    Json,
    extract::{Request, State},
    response::Response,
};
use db::Conn;
use domain::{
    access::{May, Read, WriteCases},
    attachment::FileName,
    id::AttachmentId,
    time::Time,
};
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use store::{attachments::Attachment, cases::Reference};
use utoipa::ToSchema;

use super::{
    cases::body::{People, Who},
    list::List,
};
use crate::{
    client,
    extract::{Caller, CanIn, Keyed, OfAttachment, OfCase, Paging, Query},
    failed::Failed,
    problem::Problem,
};

pub use pouring::{next, pour, the_rest};
pub use serving::serve;

/// A file.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AttachmentBody {
    id: String,
    /// What it is called.
    #[schema(example = "basket.png")]
    name: String,
    /// What it is, by its first bytes.
    #[schema(example = "image/png")]
    kind: String,
    /// In bytes.
    size: i64,
    /// Whether pages show it as a picture: `![what it shows](id)` in a text of the project.
    picture: bool,
    #[schema(value_type = String)]
    created_at: Time,
    created_by: Option<Who>,
    /// Taken off its cases since then.
    #[schema(value_type = Option<String>)]
    removed_at: Option<Time>,
}

impl AttachmentBody {
    fn of<R>(db: &mut Conn, may: &May<R>, files: Vec<Attachment>) -> Result<Vec<Self>, Failure> {
        let people = People::among(db, may, files.iter().map(|file| file.created_by))?;
        let body = |file: Attachment| Self {
            id: file.id.to_string(),
            name: file.name.to_string(),
            kind: file.kind.as_str().to_owned(),
            size: file.size,
            picture: file.kind.is_shown(),
            created_at: file.created_at,
            created_by: people.find(file.created_by).map(Who::of),
            removed_at: file.removed_at,
        };
        Ok(files.into_iter().map(body).collect())
    }

    fn one<R>(db: &mut Conn, may: &May<R>, file: Attachment) -> Result<Self, Failure> {
        Self::of(db, may, vec![file])?.pop().ok_or(Failure::Unknown)
    }
}

/// How a file is called.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Called {
    #[serde(default)]
    name: String,
}

/// The files on a case, in the order they came.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}/projects/{project}/cases/{case}/attachments", tag = "Attachments",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"),
        ("case" = String, Path, description = "Number or id"), ("limit" = Option<i64>, Query), ("cursor" = Option<String>, Query)),
    responses((status = OK, body = List<AttachmentBody>), (status = NOT_FOUND, body = Problem)))]
pub async fn list(
    CanIn(may): CanIn<Read>,
    paging: Paging,
    State(app): State<App>,
    OfCase(which): OfCase,
) -> Result<Json<List<AttachmentBody>>, Failed> {
    let page = paging.page::<AttachmentId>()?;
    let list = app.read(move |db, _| {
        let case = store::cases::find(db, &may, which)?.ok_or(Failure::Unknown)?;
        let slice = store::attachments::on_case(db, &may, case.id, &page)?;
        let next_cursor = slice.rows.last().filter(|_| slice.more).map(|last| Paging::cursor(&last.id));
        Ok(List { items: AttachmentBody::of(db, &may, slice.rows)?, next_cursor })
    });
    Ok(Json(list.await?))
}

/// Hangs a file on a case. The body is the file as it is. What it is follows from its first bytes: 422 `wrong_type` if its
/// name promises something else. 413 `file_too_large` if it is larger than the server takes.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/projects/{project}/cases/{case}/attachments", tag = "Attachments",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"),
        ("case" = String, Path, description = "Number or id"), ("name" = Option<String>, Query, description = "What it is called")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = CREATED, body = AttachmentBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem),
        (status = PAYLOAD_TOO_LARGE, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn create(
    CanIn(may): CanIn<WriteCases>,
    caller: Caller,
    client::From(from): client::From,
    State(app): State<App>,
    OfCase(which): OfCase,
    Query(called): Query<Called>,
    request: Request,
) -> Result<(StatusCode, Json<AttachmentBody>), Failed> {
    take(app, may, (caller, from), Some(which), &called, request).await
}

/// Takes a file for a case that is still being written: it hangs on the case whose text names it, and is forgotten after
/// seven days if none does.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/projects/{project}/attachments", tag = "Attachments",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"),
        ("name" = Option<String>, Query, description = "What it is called")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = CREATED, body = AttachmentBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem),
        (status = PAYLOAD_TOO_LARGE, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn create_early(
    CanIn(may): CanIn<WriteCases>,
    caller: Caller,
    client::From(from): client::From,
    State(app): State<App>,
    Query(called): Query<Called>,
    request: Request,
) -> Result<(StatusCode, Json<AttachmentBody>), Failed> {
    take(app, may, (caller, from), None, &called, request).await
}

async fn take(
    app: App,
    may: May<WriteCases>,
    (caller, from): (Caller, Browser),
    which: Option<Reference>,
    called: &Called,
    request: Request,
) -> Result<(StatusCode, Json<AttachmentBody>), Failed> {
    let (parts, body) = request.into_parts();
    let name = FileName::of(&called.name);
    let new = pour(&app, may.workspace(), name, &parts.headers, body).await?;
    let sent = format!("{} {}", new.digest, new.name);
    let (asked, verbs) = (Keyed::of(&parts, sent.as_bytes())?.by(&caller.who), app.clone());
    let file = app.write(from.client, move |tx, now| {
        once(tx, verbs.vault(), asked.as_ref(), now, |tx| {
            let file = attachments::add(tx, &may, which, &new, now)?;
            AttachmentBody::one(tx, &may, file)
        })
    });
    Ok((StatusCode::CREATED, Json(file.await?)))
}

/// What is known of a file, removed ones too.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}/projects/{project}/attachments/{attachment}", tag = "Attachments",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"),
        ("attachment" = String, Path)),
    responses((status = OK, body = AttachmentBody), (status = NOT_FOUND, body = Problem)))]
pub async fn get(
    CanIn(may): CanIn<Read>,
    State(app): State<App>,
    OfAttachment(id): OfAttachment,
) -> Result<Json<AttachmentBody>, Failed> {
    let file = app.read(move |db, _| {
        let file = store::attachments::find(db, &may, id)?.ok_or(Failure::Unknown)?;
        AttachmentBody::one(db, &may, file)
    });
    Ok(Json(file.await?))
}

/// The file itself. Pictures may be shown, everything else is to be saved; nothing in it runs as a page of the server.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}/projects/{project}/attachments/{attachment}/content", tag = "Attachments",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"),
        ("attachment" = String, Path)),
    responses((status = OK, body = Vec<u8>, content_type = "application/octet-stream"), (status = NOT_MODIFIED),
        (status = NOT_FOUND, body = Problem), (status = GONE, body = Problem)))]
pub async fn content(
    CanIn(may): CanIn<Read>,
    State(app): State<App>,
    OfAttachment(id): OfAttachment,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    serve(&app, may, id, &headers).await
}

/// Takes a file off its cases. It can be put back for thirty days; texts and versions that show it go on to.
#[utoipa::path(delete, path = "/api/v1/workspaces/{workspace}/projects/{project}/attachments/{attachment}", tag = "Attachments",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"),
        ("attachment" = String, Path)),
    responses((status = NO_CONTENT), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem)))]
pub async fn delete(
    CanIn(may): CanIn<WriteCases>,
    client::From(from): client::From,
    State(app): State<App>,
    OfAttachment(id): OfAttachment,
) -> Result<StatusCode, Failed> {
    app.write(from.client, move |tx, now| attachments::remove(tx, &may, id, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Puts a file back that was taken off.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/projects/{project}/attachments/{attachment}/restoration",
    tag = "Attachments",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"),
        ("attachment" = String, Path)),
    responses((status = OK, body = AttachmentBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem)))]
pub async fn restore(
    CanIn(may): CanIn<WriteCases>,
    client::From(from): client::From,
    State(app): State<App>,
    OfAttachment(id): OfAttachment,
) -> Result<Json<AttachmentBody>, Failed> {
    let file = app.write(from.client, move |tx, now| {
        let file = attachments::restore(tx, &may, id, now)?;
        AttachmentBody::one(tx, &may, file)
    });
    Ok(Json(file.await?))
}
