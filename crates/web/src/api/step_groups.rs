//! Steps that are written once and stand in many cases.

use app::{
    App, Bad, Failure,
    answers::once,
    step_groups::{self, Change, Extract},
};
use axum::{Json, extract::State};
use db::Conn;
use domain::{
    access::{May, Read, WriteCases},
    case::Step,
    id::StepGroupId,
    step_group::GroupSteps,
    time::Time,
    title::StepGroupName,
};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use store::step_groups::{self as stored, StepGroup, User};
use utoipa::ToSchema;

use super::{
    cases::body::{People, StepBody, Who, read_steps},
    list::List,
};
use crate::{
    client,
    extract::{Body, Caller, CanIn, OfCase, OfStepGroup, Paging},
    failed::Failed,
    problem::Problem,
};

/// A group of steps.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct GroupBody {
    id: String,
    /// Unique in the project.
    #[schema(example = "Sign in as a registered customer")]
    name: String,
    steps: Vec<StepBody>,
    /// Counts saves; send it back when you save. Versions of cases say which one they used.
    version: i64,
    /// The live cases it stands in.
    cases: i64,
    #[schema(value_type = String)]
    changed_at: Time,
    changed_by: Option<Who>,
}

impl GroupBody {
    fn of<R>(db: &mut Conn, may: &May<R>, groups: Vec<StepGroup>) -> Result<Vec<Self>, Failure> {
        let people = People::among(db, may, groups.iter().map(|group| group.changed_by))?;
        let body = |group: StepGroup| Self {
            id: group.id.to_string(),
            name: group.name,
            steps: group.steps.all().iter().map(own).collect(),
            version: group.version,
            cases: group.cases,
            changed_at: group.changed_at,
            changed_by: people.find(group.changed_by).map(Who::of),
        };
        Ok(groups.into_iter().map(body).collect())
    }

    fn one<R>(db: &mut Conn, may: &May<R>, group: StepGroup) -> Result<Self, Failure> {
        Self::of(db, may, vec![group])?.pop().ok_or(Failure::Unknown)
    }
}

fn own(step: &Step) -> StepBody {
    match step {
        Step::Own { action, expected } => StepBody {
            action: Some(action.as_str().to_owned()),
            expected: Some(expected.as_str().to_owned()),
            group: None,
        },
        Step::Group { group } => StepBody { group: Some(group.to_string()), ..StepBody::default() },
    }
}

/// A group to be written.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupWritten {
    /// At most 120 characters.
    name: String,
    /// At least one, each with `action` and `expected`.
    steps: Vec<StepBody>,
}

/// What a group is to be; what is left out stays.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupChange {
    /// The version you have read.
    version: i64,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    steps: Option<Vec<StepBody>>,
}

fn name(text: &str) -> Result<StepGroupName, Bad> {
    StepGroupName::parse(text).map_err(|wrong| Bad::new("name", wrong.code(), wrong.to_string()))
}

fn steps(steps: &[StepBody]) -> Result<GroupSteps, Bad> {
    let wrong = |bad: domain::step_group::BadGroup| Bad::new("steps", bad.code(), format!("{bad}."));
    GroupSteps::checked(read_steps(steps)?).map_err(wrong)
}

fn both<A, B>(one: Result<A, Bad>, other: Result<B, Bad>) -> Result<(A, B), Failure> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (one, other) => Err(Failure::Invalid(one.err().into_iter().chain(other.err()).collect())),
    }
}

/// The step groups of a project, by name.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}/projects/{project}/step-groups", tag = "Step groups",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"),
        ("limit" = Option<i64>, Query), ("cursor" = Option<String>, Query)),
    responses((status = OK, body = List<GroupBody>), (status = NOT_FOUND, body = Problem)))]
pub async fn list(
    CanIn(may): CanIn<Read>,
    paging: Paging,
    State(app): State<App>,
) -> Result<Json<List<GroupBody>>, Failed> {
    let page = paging.page::<(String, StepGroupId)>()?;
    let list = app.read(move |db, _| {
        let slice = stored::list(db, &may, &page)?;
        let last = slice.rows.last().filter(|_| slice.more);
        let next_cursor = last.map(|last| Paging::cursor(&(last.name_key.clone(), last.id)));
        Ok(List { items: GroupBody::of(db, &may, slice.rows)?, next_cursor })
    });
    Ok(Json(list.await?))
}

/// Writes a group.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/projects/{project}/step-groups", tag = "Step groups",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key")),
    request_body = GroupWritten,
    responses((status = CREATED, body = GroupBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn create(
    CanIn(may): CanIn<WriteCases>,
    caller: Caller,
    client::From(from): client::From,
    State(app): State<App>,
    body: Body<GroupWritten>,
) -> Result<(StatusCode, Json<GroupBody>), Failed> {
    let (name, steps) = both(name(&body.value.name), steps(&body.value.steps))?;
    let (asked, verbs) = (body.keyed.by(&caller.who), app.clone());
    let group = app.write(from.client, move |tx, now| {
        once(tx, verbs.vault(), asked.as_ref(), now, |tx| {
            let group = step_groups::create(tx, &may, &name, &steps, now)?;
            GroupBody::one(tx, &may, group)
        })
    });
    Ok((StatusCode::CREATED, Json(group.await?)))
}

/// One group.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}/projects/{project}/step-groups/{group}", tag = "Step groups",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"),
        ("group" = String, Path)),
    responses((status = OK, body = GroupBody), (status = NOT_FOUND, body = Problem)))]
pub async fn get(
    CanIn(may): CanIn<Read>,
    State(app): State<App>,
    OfStepGroup(id): OfStepGroup,
) -> Result<Json<GroupBody>, Failed> {
    let group = app.read(move |db, _| {
        let group = stored::find(db, &may, id)?.ok_or(Failure::Unknown)?;
        GroupBody::one(db, &may, group)
    });
    Ok(Json(group.await?))
}

/// Gives a group another name or other steps, in every case at once; no case gets a new version by it. 409
/// `edited_meanwhile` if `version` is not the newest.
#[utoipa::path(patch, path = "/api/v1/workspaces/{workspace}/projects/{project}/step-groups/{group}", tag = "Step groups",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"),
        ("group" = String, Path)), request_body = GroupChange,
    responses((status = OK, body = GroupBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn patch(
    CanIn(may): CanIn<WriteCases>,
    client::From(from): client::From,
    State(app): State<App>,
    OfStepGroup(id): OfStepGroup,
    body: Body<GroupChange>,
) -> Result<Json<GroupBody>, Failed> {
    let wanted = body.value;
    let name = wanted.name.as_deref().map(name).transpose();
    let (name, steps) = both(name, wanted.steps.as_deref().map(steps).transpose())?;
    let change = Change { version: wanted.version, name, steps };
    let group = app.write(from.client, move |tx, now| {
        let group = step_groups::change(tx, &may, id, &change, now)?;
        GroupBody::one(tx, &may, group)
    });
    Ok(Json(group.await?))
}

/// What became of a group.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Unlinked {
    /// The cases that have its steps as their own now.
    cases: usize,
}

/// Takes a group away. The cases it stood in have its steps as their own, each in a new version; more than 500 are too many
/// (409 `too_many_cases`).
#[utoipa::path(delete, path = "/api/v1/workspaces/{workspace}/projects/{project}/step-groups/{group}", tag = "Step groups",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"),
        ("group" = String, Path)),
    responses((status = OK, body = Unlinked), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, body = Problem)))]
pub async fn delete(
    CanIn(may): CanIn<WriteCases>,
    client::From(from): client::From,
    State(app): State<App>,
    OfStepGroup(id): OfStepGroup,
) -> Result<Json<Unlinked>, Failed> {
    let cases = app.write(from.client, move |tx, now| step_groups::delete(tx, &may, id, now));
    Ok(Json(Unlinked { cases: cases.await? }))
}

/// A case a group stands in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UserBody {
    id: String,
    /// The 123 of `WEB-123`.
    number: i64,
    title: String,
    /// In the trash since then.
    #[schema(value_type = Option<String>)]
    trashed_at: Option<Time>,
}

/// The cases a group stands in, by number, those in the trash among them.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}/projects/{project}/step-groups/{group}/cases", tag = "Step groups",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"),
        ("group" = String, Path), ("limit" = Option<i64>, Query), ("cursor" = Option<String>, Query)),
    responses((status = OK, body = List<UserBody>), (status = NOT_FOUND, body = Problem)))]
pub async fn users(
    CanIn(may): CanIn<Read>,
    paging: Paging,
    State(app): State<App>,
    OfStepGroup(id): OfStepGroup,
) -> Result<Json<List<UserBody>>, Failed> {
    let page = paging.page::<i64>()?;
    let slice = app.read(move |db, _| {
        stored::find(db, &may, id)?.ok_or(Failure::Unknown)?;
        Ok(stored::users(db, &may, id, &page)?)
    });
    let slice = slice.await?;
    let next_cursor = slice.rows.last().filter(|_| slice.more).map(|row| Paging::cursor(&row.number));
    let user = |row: User| UserBody {
        id: row.id.to_string(),
        number: row.number,
        title: row.title,
        trashed_at: row.trashed_at,
    };
    Ok(Json(List { items: slice.rows.into_iter().map(user).collect(), next_cursor }))
}

/// Which steps of a case are to be a group.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Extracted {
    /// The revision of the case you have read.
    revision: i64,
    /// What the group is to be called.
    name: String,
    /// The first of the steps, counted from 0.
    first: usize,
    /// How many.
    count: usize,
}

/// Makes a group of some steps of a case, which has the group in their place.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/projects/{project}/cases/{case}/step-group", tag = "Step groups",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"),
        ("case" = String, Path, description = "Number or id")), request_body = Extracted,
    responses((status = CREATED, body = GroupBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn extract(
    CanIn(may): CanIn<WriteCases>,
    caller: Caller,
    client::From(from): client::From,
    State(app): State<App>,
    OfCase(which): OfCase,
    body: Body<Extracted>,
) -> Result<(StatusCode, Json<GroupBody>), Failed> {
    let (wanted, asked, verbs) = (body.value, body.keyed.by(&caller.who), app.clone());
    let name = name(&wanted.name).map_err(|bad| Failure::Invalid(vec![bad]))?;
    let extract = Extract { revision: wanted.revision, first: wanted.first, count: wanted.count, name };
    let group = app.write(from.client, move |tx, now| {
        once(tx, verbs.vault(), asked.as_ref(), now, |tx| {
            let group = step_groups::extract(tx, &may, which, &extract, now)?;
            GroupBody::one(tx, &may, group)
        })
    });
    Ok((StatusCode::CREATED, Json(group.await?)))
}
