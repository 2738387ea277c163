//! Projects.

use app::{App, Bad, Failure, answers::once, projects};
use axum::{Json, extract::State};
use domain::{
    access::{CreateProjects, Membership},
    project_key::ProjectKey,
    title::ProjectName,
};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use store::projects::Project;
use utoipa::ToSchema;

use super::list::List;
use crate::{
    client,
    extract::{Body, Caller, Can, Paging},
    failed::Failed,
    problem::Problem,
};

/// A project.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ProjectBody {
    id: String,
    #[schema(example = "WEB")]
    key: String,
    name: String,
    /// Whether only those see it who hold a role on it, or `see_private_projects`.
    private: bool,
}

/// A project to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProject {
    #[schema(example = "Web shop", max_length = 80)]
    name: String,
    /// Two to ten capitals and digits, for ever; made of the name if left out.
    #[schema(example = "WEB")]
    key: Option<String>,
    #[serde(default)]
    private: bool,
}

impl From<Project> for ProjectBody {
    fn from(row: Project) -> Self {
        Self { id: row.id.to_string(), key: row.key, name: row.name, private: row.private }
    }
}

/// Name and key as they were typed, or what is wrong with each.
pub fn parse(name: &str, key: Option<&str>) -> Result<(ProjectName, ProjectKey), Failure> {
    let named = ProjectName::parse(name).map_err(|bad| Bad::new("name", bad.code(), bad.to_string()));
    let key = match (key.map(str::trim).filter(|key| !key.is_empty()), &named) {
        (Some(key), _) => ProjectKey::parse(key).map_err(|bad| Bad::new("key", bad.code(), bad.to_string())),
        (None, Ok(name)) => Ok(ProjectKey::suggest(name)),
        (None, Err(bad)) => Err(bad.clone()),
    };
    match (named, key) {
        (Ok(name), Ok(key)) => Ok((name, key)),
        (named, key) => {
            let mut bad: Vec<Bad> = named.err().into_iter().chain(key.err()).collect();
            bad.dedup();
            Err(Failure::Invalid(bad))
        }
    }
}

/// The projects the caller may read, by name.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}/projects", tag = "Workspaces and projects",
    params(("workspace" = String, Path, description = "Id or slug"), ("limit" = Option<i64>, Query), ("cursor" = Option<String>, Query)), responses(
    (status = OK, body = List<ProjectBody>), (status = NOT_FOUND, body = Problem)
))]
pub async fn list(
    Can(may): Can<Membership>,
    paging: Paging,
    State(app): State<App>,
) -> Result<Json<List<ProjectBody>>, Failed> {
    let rows = app.read(move |db, _| Ok(store::projects::visible(db, &may.member().visible())?)).await?;
    Ok(Json(List::cut(rows.into_iter().map(ProjectBody::from).collect(), &paging, |row: &ProjectBody| row.id.clone())?))
}

/// Makes a project. Its maker gets Admin on it.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/projects", tag = "Workspaces and projects",
    params(("workspace" = String, Path, description = "Id or slug")), request_body = NewProject, responses(
    (status = CREATED, body = ProjectBody), (status = FORBIDDEN, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)
))]
pub async fn create(
    Can(may): Can<CreateProjects>,
    caller: Caller,
    client::From(from): client::From,
    State(app): State<App>,
    body: Body<NewProject>,
) -> Result<(StatusCode, Json<ProjectBody>), Failed> {
    let ((name, key), asked) = (parse(&body.value.name, body.value.key.as_deref())?, body.keyed.by(&caller.who));
    let (verbs, private) = (app.clone(), body.value.private);
    let project = app.write(from.client, move |tx, now| {
        once(tx, verbs.vault(), asked.as_ref(), now, |tx| {
            Ok(projects::create(tx, &may, &key, &name, private, now)?.into())
        })
    });
    Ok((StatusCode::CREATED, Json(project.await?)))
}
