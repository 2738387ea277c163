//! Folders of a project.

use app::{
    App, Failure,
    answers::once,
    folders::{self, Change, Place},
    trash,
};
use axum::{Json, extract::State};
use db::Conn;
use domain::{
    access::{DeleteCases, May, Read, WriteCases},
    folder::{Folder, Tree},
    id::FolderId,
    title::FolderName,
};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    api::trash::TrashedBody,
    client,
    extract::{Body, Caller, CanIn, Id},
    failed::Failed,
    problem::Problem,
};

/// The whole tree of a project.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FoldersBody {
    /// Cases without a folder.
    cases: i64,
    /// All cases of the project.
    total: i64,
    /// Every folder, each before those in it.
    items: Vec<FolderBody>,
}

/// A folder.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct FolderBody {
    /// Which.
    pub id: String,
    /// The folder it lies in; null at the top.
    pub parent: Option<String>,
    /// What it is called.
    #[schema(example = "Checkout")]
    pub name: String,
    /// 1 at the top.
    pub depth: usize,
    /// Cases directly in it.
    pub cases: i64,
    /// Cases in it and in all below it.
    pub total: i64,
}

impl FolderBody {
    fn of(tree: &Tree, folder: &Folder) -> Self {
        let parent = folder.row.parent.and_then(|parent| tree.find(parent)).filter(|parent| parent.depth > 0);
        Self {
            id: folder.row.id.to_string(),
            parent: parent.map(|parent| parent.row.id.to_string()),
            name: folder.row.name.clone(),
            depth: folder.depth,
            cases: folder.row.cases,
            total: folder.total,
        }
    }

    fn read<R>(db: &mut Conn, may: &May<R>, id: FolderId) -> Result<Self, Failure> {
        let tree = store::folders::tree(db, may)?;
        tree.find(id).map(|folder| Self::of(&tree, folder)).ok_or(Failure::Unknown)
    }
}

/// A folder to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFolder {
    #[schema(example = "Payment", max_length = 120)]
    name: String,
    /// The folder it is to lie in; left out, the top of the project.
    #[schema(value_type = Option<String>)]
    parent: Option<FolderId>,
    /// The folder there it is to lie before; left out, the end.
    #[schema(value_type = Option<String>)]
    before: Option<FolderId>,
}

/// What is to change; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FolderChange {
    name: Option<String>,
    /// Where it is to lie.
    place: Option<PlaceBody>,
}

/// Where a folder is to lie.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceBody {
    /// In which folder; null or left out, the top of the project.
    #[schema(value_type = Option<String>)]
    parent: Option<FolderId>,
    /// Before which of those there; null or left out, the end.
    #[schema(value_type = Option<String>)]
    before: Option<FolderId>,
}

/// A folder's name as typed, or what is wrong with it.
pub fn named(name: &str) -> Result<FolderName, Failure> {
    FolderName::parse(name).map_err(|bad| Failure::invalid("name", bad.code(), format!("{bad}.")))
}

/// Every folder of the project with its cases counted.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}/projects/{project}/folders", tag = "Folders",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key")),
    responses((status = OK, body = FoldersBody), (status = NOT_FOUND, body = Problem)))]
pub async fn list(CanIn(may): CanIn<Read>, State(app): State<App>) -> Result<Json<FoldersBody>, Failed> {
    let tree = app.read(move |db, _| Ok(store::folders::tree(db, &may)?)).await?;
    let folders = tree.folders().iter().filter(|folder| folder.depth > 0);
    Ok(Json(FoldersBody {
        cases: tree.root().map_or(0, |root| root.row.cases),
        total: tree.root().map_or(0, |root| root.total),
        items: folders.map(|folder| FolderBody::of(&tree, folder)).collect(),
    }))
}

/// Makes a folder.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/projects/{project}/folders", tag = "Folders",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key")),
    request_body = NewFolder,
    responses((status = CREATED, body = FolderBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn create(
    CanIn(may): CanIn<WriteCases>,
    caller: Caller,
    client::From(from): client::From,
    State(app): State<App>,
    body: Body<NewFolder>,
) -> Result<(StatusCode, Json<FolderBody>), Failed> {
    let (name, asked, verbs) = (named(&body.value.name)?, body.keyed.by(&caller.who), app.clone());
    let place = Place { parent: body.value.parent, before: body.value.before };
    let made = app.write(from.client, move |tx, now| {
        once(tx, verbs.vault(), asked.as_ref(), now, |tx| {
            let id = folders::create(tx, &may, &name, place, now)?;
            FolderBody::read(tx, &may, id)
        })
    });
    Ok((StatusCode::CREATED, Json(made.await?)))
}

/// Renames or moves a folder, with all in it.
#[utoipa::path(patch, path = "/api/v1/workspaces/{workspace}/projects/{project}/folders/{id}", tag = "Folders",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"), ("id" = String, Path)),
    request_body = FolderChange,
    responses((status = OK, body = FolderBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn patch(
    CanIn(may): CanIn<WriteCases>,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<FolderId>,
    body: Body<FolderChange>,
) -> Result<Json<FolderBody>, Failed> {
    let name = body.value.name.as_deref().map(named).transpose()?;
    let place = body.value.place.map(|PlaceBody { parent, before }| Place { parent, before });
    let change = Change { name, place };
    let changed = app.write(from.client, move |tx, now| {
        folders::change(tx, &may, id, &change, now)?;
        FolderBody::read(tx, &may, id)
    });
    Ok(Json(changed.await?))
}

/// Puts a folder into the trash, with all in it. The answer names the act, to restore it by.
#[utoipa::path(delete, path = "/api/v1/workspaces/{workspace}/projects/{project}/folders/{id}", tag = "Folders",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"), ("id" = String, Path)),
    responses((status = OK, body = TrashedBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem)))]
pub async fn delete(
    CanIn(may): CanIn<DeleteCases>,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<FolderId>,
) -> Result<Json<TrashedBody>, Failed> {
    let done = app.write(from.client, move |tx, now| trash::delete_folder(tx, &may, id, now)).await?;
    Ok(Json(done.into()))
}
