//! Lists of cases saved under a name.

use app::{App, Bad, Failure, saved_views};
use axum::{Json, extract::State};
use db::Conn;
use domain::{
    access::{May, Read, WriteCases},
    id::ViewId,
    title::ViewName,
};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use store::saved_views::SavedView;
use url::form_urlencoded::Serializer;
use utoipa::ToSchema;

use super::case_list::Asked;
use crate::{
    client,
    extract::{Body, CanIn, Id},
    failed::Failed,
    problem::Problem,
};

/// A saved view.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ViewBody {
    id: String,
    #[schema(example = "Smoke, still manual")]
    name: String,
    /// What the address of the list holds, as in `priority=4&owner=me`. `me` is whoever opens it.
    query: String,
    /// Whether it is everybody's on the project.
    shared: bool,
}

impl From<SavedView> for ViewBody {
    fn from(view: SavedView) -> Self {
        Self { id: view.id.to_string(), name: view.name, query: view.query, shared: view.shared }
    }
}

/// One's own views and everybody's.
#[derive(Debug, Serialize, ToSchema)]
pub struct ViewsBody {
    items: Vec<ViewBody>,
}

/// A list to be saved.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewView {
    #[schema(example = "Smoke, still manual", max_length = 60)]
    name: String,
    /// The words of the list.
    query: Asked,
}

/// The list as an address has it, if each word of it can be read.
pub fn query_of<R>(db: &mut Conn, may: &May<R>, asked: &Asked) -> Result<String, Failure> {
    asked.sort()?;
    asked.filter(db, may)?;
    let fields = asked.fields().into_iter().filter(|(_, value)| !value.is_empty());
    let query = Serializer::new(String::new()).extend_pairs(fields).finish();
    let long = || Failure::invalid("query", "too_long", "Too many filters for one view.");
    if query.len() > 2_000 { Err(long()) } else { Ok(query) }
}

/// The name of a view.
pub fn name_of(text: &str) -> Result<ViewName, Failure> {
    ViewName::parse(text).map_err(|bad| Failure::Invalid(vec![Bad::new("name", bad.code(), format!("{bad}."))]))
}

/// Your own views of the cases of the project, then everybody's.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}/projects/{project}/views", tag = "Cases",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key")),
    responses((status = OK, body = ViewsBody), (status = NOT_FOUND, body = Problem)))]
pub async fn list(CanIn(may): CanIn<Read>, State(app): State<App>) -> Result<Json<ViewsBody>, Failed> {
    let items = app.read(move |db, _| Ok(store::saved_views::list(db, &may)?)).await?;
    Ok(Json(ViewsBody { items: items.into_iter().map(ViewBody::from).collect() }))
}

/// Saves a list for yourself. One of yours of that name shows this list from now on.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/projects/{project}/views", tag = "Cases",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key")),
    request_body = NewView,
    responses((status = CREATED, body = ViewBody), (status = NOT_FOUND, body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn save(
    CanIn(may): CanIn<Read>,
    client::From(from): client::From,
    State(app): State<App>,
    body: Body<NewView>,
) -> Result<(StatusCode, Json<ViewBody>), Failed> {
    let (name, asked) = (name_of(&body.value.name)?, body.value.query);
    let view = app.write(from.client, move |tx, now| {
        let query = query_of(tx, &may, &asked)?;
        saved_views::save(tx, &may, &name, &query, now)
    });
    let view = view.await?;
    Ok((StatusCode::CREATED, Json(view.into())))
}

/// Saves a list for everybody on the project. A shared one of that name shows this list from now on.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/projects/{project}/shared-views", tag = "Cases",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key")),
    request_body = NewView,
    responses((status = CREATED, body = ViewBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn share(
    CanIn(may): CanIn<WriteCases>,
    client::From(from): client::From,
    State(app): State<App>,
    body: Body<NewView>,
) -> Result<(StatusCode, Json<ViewBody>), Failed> {
    let (name, asked) = (name_of(&body.value.name)?, body.value.query);
    let view = app.write(from.client, move |tx, now| {
        let query = query_of(tx, &may, &asked)?;
        saved_views::share(tx, &may, &name, &query, now)
    });
    let view = view.await?;
    Ok((StatusCode::CREATED, Json(view.into())))
}

/// Deletes a view of yours.
#[utoipa::path(delete, path = "/api/v1/workspaces/{workspace}/projects/{project}/views/{id}", tag = "Cases",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"), ("id" = String, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = Problem)))]
pub async fn delete(
    CanIn(may): CanIn<Read>,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<ViewId>,
) -> Result<StatusCode, Failed> {
    app.write(from.client, move |tx, now| saved_views::delete(tx, &may, id, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Deletes a view of everybody's.
#[utoipa::path(delete, path = "/api/v1/workspaces/{workspace}/projects/{project}/shared-views/{id}", tag = "Cases",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"), ("id" = String, Path)),
    responses((status = NO_CONTENT), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem)))]
pub async fn unshare(
    CanIn(may): CanIn<WriteCases>,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<ViewId>,
) -> Result<StatusCode, Failed> {
    app.write(from.client, move |tx, now| saved_views::unshare(tx, &may, id, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}
