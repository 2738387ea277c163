//! Projects.

pub mod stages;

use app::{App, Bad, Failure, answers::once, members, projects};
use axum::{Json, extract::State};
use db::Conn;
use domain::{
    access::{CreateProjects, ManageProject, May, Membership, Read, Role},
    id::MemberId,
    project::Description,
    project_key::ProjectKey,
    time::Time,
    title::{ProjectName, folded},
};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use store::projects::Project;
use utoipa::ToSchema;

use super::list::List;
use crate::{
    client,
    extract::{Body, Caller, Can, CanIn, Id, Paging, Query},
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
    /// What it is about.
    description: String,
    /// Whether only those see it who hold a role on it, or `see_private_projects`.
    private: bool,
    /// Whether its cases are reviewed before they are ready.
    review: bool,
    /// `active`, `archived` (read and not written) or `trashed`.
    #[schema(example = "active")]
    state: String,
    /// In the trash: until when it can be restored.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    restorable_until: Option<Time>,
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
        Self {
            id: row.id.to_string(),
            state: row.state().slug().to_owned(),
            restorable_until: row.trashed_at.map(|at| at + projects::trash::KEPT),
            key: row.key,
            name: row.name,
            description: row.description,
            private: row.private,
            review: row.review,
        }
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

/// Which projects.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// A part of the name or key.
    pub q: Option<String>,
    /// `active` (if left out), `archived`, `trashed` (those one may restore), `favourite` or `recent` (those one opened
    /// last, the last first).
    #[serde(default)]
    pub which: Which,
}

/// Which of the projects one may read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// Those in use.
    #[default]
    Active,
    /// Those in the archive.
    Archived,
    /// Those in the trash that one may restore.
    Trashed,
    /// One's favourites among those in use.
    Favourite,
    /// Those in use that one opened last.
    Recent,
}

/// So many recent ones are kept in mind.
pub const RECENT: i64 = 20;

impl Asked {
    /// The projects asked for that the caller may read, by name unless they have an order of their own.
    pub fn find(&self, db: &mut Conn, may: &May<Membership>) -> Result<Vec<Project>, Failure> {
        let words = self.q.as_deref().map(folded).filter(|words| !words.is_empty() && !words.contains('\0'));
        let rows = self.all(db, may)?;
        let Some(words) = words else { return Ok(rows) };
        let said = |row: &Project| folded(&row.name).contains(&words) || row.key.to_lowercase().contains(&words);
        Ok(rows.into_iter().filter(said).collect())
    }

    fn all(&self, db: &mut Conn, may: &May<Membership>) -> Result<Vec<Project>, Failure> {
        let visible = may.member().visible();
        Ok(match self.which {
            Which::Active => store::projects::visible(db, &visible)?,
            Which::Archived => store::projects::stages::archived(db, &visible)?,
            Which::Trashed => store::projects::stages::trashed(db, may.member())?,
            Which::Recent => store::projects::marks::recent(db, may, RECENT)?,
            Which::Favourite => {
                let favourites = store::projects::marks::favourites(db, may)?;
                let all = store::projects::visible(db, &visible)?.into_iter();
                all.filter(|row| favourites.contains(&row.id)).collect()
            }
        })
    }
}

/// The projects the caller may read, by name; those in use unless others are asked for.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}/projects", tag = "Workspaces and projects",
    params(("workspace" = String, Path, description = "Id or slug"), ("limit" = Option<i64>, Query), ("cursor" = Option<String>, Query),
        ("q" = Option<String>, Query, description = "A part of the name or key"),
        ("which" = Option<String>, Query, description = "`active` (if left out), `archived`, `trashed` (those one may restore), `favourite` or `recent` (those one opened last)")), responses(
    (status = OK, body = List<ProjectBody>), (status = NOT_FOUND, body = Problem)
))]
pub async fn list(
    Can(may): Can<Membership>,
    paging: Paging,
    Query(asked): Query<Asked>,
    State(app): State<App>,
) -> Result<Json<List<ProjectBody>>, Failed> {
    let rows = app.read(move |db, _| asked.find(db, &may)).await?;
    Ok(Json(List::cut(rows.into_iter().map(ProjectBody::from).collect(), &paging, |row: &ProjectBody| row.id.clone())?))
}

/// Makes a project. Its maker gets Admin on it.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/projects", tag = "Workspaces and projects",
    params(("Idempotency-Key" = Option<String>, Header),
        ("workspace" = String, Path, description = "Id or slug")), request_body = NewProject, responses(
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

/// One project.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}/projects/{project}", tag = "Workspaces and projects",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key")),
    responses((status = OK, body = ProjectBody), (status = NOT_FOUND, body = Problem)))]
pub async fn get(CanIn(may): CanIn<Read>, State(app): State<App>) -> Result<Json<ProjectBody>, Failed> {
    let id = may.project().ok_or(Failure::Unknown)?;
    let row = app.point(move |db, _| Ok(store::projects::find(db, &may.member().visible(), id)?)).await?;
    Ok(Json(row.ok_or(Failure::Unknown)?.into()))
}

/// What is to change about a project; what is left out stays, the key for ever.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectChange {
    #[schema(example = "Web shop", max_length = 80)]
    name: Option<String>,
    #[schema(max_length = 2000)]
    description: Option<String>,
    private: Option<bool>,
    /// Whether its cases are reviewed before they are ready.
    review: Option<bool>,
}

/// Changes a project's name and description, whether it is private, and whether its cases are reviewed.
#[utoipa::path(patch, path = "/api/v1/workspaces/{workspace}/projects/{project}", tag = "Workspaces and projects",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key")),
    request_body = ProjectChange,
    responses((status = OK, body = ProjectBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn patch(
    CanIn(may): CanIn<ManageProject>,
    client::From(from): client::From,
    State(app): State<App>,
    body: Body<ProjectChange>,
) -> Result<Json<ProjectBody>, Failed> {
    let name = body.value.name.as_deref().map(named).transpose()?;
    let description = body.value.description.as_deref().map(described).transpose()?;
    let change = projects::Change { name, description, private: body.value.private, review: body.value.review };
    let project = app.write(from.client, move |tx, now| projects::change(tx, &may, &change, now)).await?;
    Ok(Json(project.into()))
}

/// A project's name as typed, or what is wrong with it.
pub fn named(name: &str) -> Result<ProjectName, Failure> {
    ProjectName::parse(name).map_err(|bad| Failure::invalid("name", bad.code(), bad.to_string()))
}

/// What a project is about as typed, or what is wrong with it.
pub fn described(text: &str) -> Result<Description, Failure> {
    Description::parse(text).map_err(|bad| Failure::invalid("description", bad.code(), bad.to_string()))
}

/// Somebody with a role on a project.
#[derive(Debug, Serialize, ToSchema)]
pub struct OnProjectBody {
    /// The member's id.
    id: String,
    name: String,
    #[schema(value_type = String, example = "tester")]
    role: Role,
    #[schema(example = "active")]
    status: String,
    #[schema(example = "direct")]
    via: &'static str,
}

/// Who holds a role on the project, by name. Who reads it by a role in the workspace alone is not among them.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}/projects/{project}/members", tag = "Workspaces and projects",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"),
        ("limit" = Option<i64>, Query), ("cursor" = Option<String>, Query)),
    responses((status = OK, body = List<OnProjectBody>), (status = NOT_FOUND, body = Problem)))]
pub async fn people(
    CanIn(may): CanIn<Read>,
    paging: Paging,
    State(app): State<App>,
) -> Result<Json<List<OnProjectBody>>, Failed> {
    let page = paging.page()?;
    let slice = app.read(move |db, _| Ok(store::projects::people(db, &may, &page)?)).await?;
    let last = slice.rows.last().map(|row| (row.folded.clone(), row.member));
    let next_cursor = last.filter(|_| slice.more).map(|key| Paging::cursor(&key));
    let body = |row: store::projects::OnProject| OnProjectBody {
        id: row.member.to_string(),
        name: row.name,
        role: row.role,
        status: row.state,
        via: "direct",
    };
    Ok(Json(List { items: slice.rows.into_iter().map(body).collect(), next_cursor }))
}

/// The role to be held on a project.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleOn {
    #[schema(value_type = String, example = "tester")]
    role: Role,
}

/// Gives a member a role on the project, in place of one held there.
#[utoipa::path(put, path = "/api/v1/workspaces/{workspace}/projects/{project}/members/{id}", tag = "Workspaces and projects",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"), ("id" = String, Path)),
    request_body = RoleOn,
    responses((status = NO_CONTENT), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn grant(
    CanIn(may): CanIn<Read>,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<MemberId>,
    body: Body<RoleOn>,
) -> Result<StatusCode, Failed> {
    regrant(&app, may, from, id, Some(body.value.role)).await
}

/// Takes back the role a member holds on the project.
#[utoipa::path(delete, path = "/api/v1/workspaces/{workspace}/projects/{project}/members/{id}", tag = "Workspaces and projects",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"), ("id" = String, Path)),
    responses((status = NO_CONTENT), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem)))]
pub async fn ungrant(
    CanIn(may): CanIn<Read>,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<MemberId>,
) -> Result<StatusCode, Failed> {
    regrant(&app, may, from, id, None).await
}

async fn regrant(
    app: &App,
    may: May<Read>,
    from: app::sessions::Browser,
    id: MemberId,
    role: Option<Role>,
) -> Result<StatusCode, Failed> {
    let project = may.project().ok_or(Failure::Unknown)?.to_string();
    let wishes = [(project, role)];
    app.write(from.client, move |tx, now| members::regrant(tx, &may, id, &wishes, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}
