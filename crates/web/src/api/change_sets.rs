//! Values for many cases at once, how far that is, and taking it back.

use app::{
    App, Failure,
    answers::once,
    change_sets::{self, Which, run},
};
use axum::{Json, extract::State};
use db::Conn;
use domain::{
    access::{May, WriteCases},
    change_set::{Change, Outcome, Values},
    id::{CaseId, ChangeSetId},
};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use store::change_sets::ChangeSet;
use utoipa::ToSchema;

use super::{case_list::Asked, cases::body::FieldsSet};
use crate::{
    client,
    extract::{Body, Caller, CanIn, Id},
    failed::Failed,
    problem::Problem,
};

/// Which cases get which values.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// Ids of cases, at most 50,000. Say these or `matching`.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    cases: Vec<CaseId>,
    /// All cases that the list would show for these words.
    matching: Option<Asked>,
    /// Fields with the value each case is to have; all others stay. Titles and steps are each case's own.
    #[serde(default)]
    set: FieldsSet,
    /// Names of labels each case gets besides those it has.
    #[serde(default)]
    add_labels: Vec<String>,
    /// Names of labels no case keeps.
    #[serde(default)]
    remove_labels: Vec<String>,
}

impl Edit {
    /// What each case is to say, as the verb takes it, or all that is wrong.
    fn read(&self) -> Result<change_sets::Edit, Failure> {
        let mut bad = Vec::new();
        let sets = self.set.read(&mut bad);
        if !bad.is_empty() {
            return Err(Failure::Invalid(bad));
        }
        let (add_labels, remove_labels) = (self.add_labels.clone(), self.remove_labels.clone());
        let change = Change { set: Values::of(sets), add_labels, remove_labels };
        Ok(change_sets::Edit { change, values: self.set.fields.clone().unwrap_or_default() })
    }
}

/// A case that was passed over.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PassedOver {
    number: i64,
    title: String,
    /// `gone`, `refused` or `edited`.
    why: String,
}

/// How far a change of many cases is.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ChangeSetBody {
    id: String,
    /// `edit` or `move`.
    kind: String,
    /// `doing`, `done`, `undoing` or `undone`.
    phase: String,
    /// How many cases were asked for.
    total: i64,
    /// How many wait for their turn.
    waiting: i64,
    /// How many have another value now.
    changed: i64,
    /// How many said so already.
    same: i64,
    /// How many are as they were before.
    back: i64,
    /// How many were passed over: gone, in the trash or of another project; with a value that exists no more; or, on the
    /// way back, changed by somebody since.
    skipped: i64,
    /// The first hundred of those passed over that are still here.
    passed_over: Vec<PassedOver>,
}

/// So many of those passed over are named.
pub const NAMED: i64 = 100;

impl ChangeSetBody {
    /// As it stands.
    pub fn of(db: &mut Conn, may: &May<WriteCases>, set: ChangeSet) -> Result<Self, Failure> {
        let counts = store::change_sets::counts(db, set.id)?;
        let count = |outcome: Outcome| counts.get(outcome.slug()).copied().unwrap_or(0);
        let never_there = set.total - store::change_sets::size(db, set.id)?;
        let over = store::change_sets::passed_over(db, may, set.id, NAMED)?;
        let named = over.into_iter();
        let named = named.map(|one| PassedOver { number: one.number, title: one.title, why: one.outcome.to_string() });
        Ok(Self {
            id: set.id.to_string(),
            kind: set.kind,
            phase: set.phase.to_string(),
            total: set.total,
            waiting: set.waiting,
            changed: count(Outcome::Changed),
            same: count(Outcome::Same),
            back: count(Outcome::Back),
            skipped: never_there + count(Outcome::Gone) + count(Outcome::Refused) + count(Outcome::Edited),
            passed_over: named.collect(),
        })
    }
}

/// Gives many cases values, as one change that is told case by case and can be taken back. Up to some hundred are done
/// when the answer comes; with 202 the rest follows, and the change tells how far it is.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/projects/{project}/cases/edit", tag = "Cases",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key")),
    request_body = Edit,
    responses((status = OK, body = ChangeSetBody), (status = ACCEPTED, body = ChangeSetBody), (status = FORBIDDEN, body = Problem),
        (status = NOT_FOUND, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn edit(
    CanIn(may): CanIn<WriteCases>,
    caller: Caller,
    client::From(from): client::From,
    State(app): State<App>,
    body: Body<Edit>,
) -> Result<(StatusCode, Json<ChangeSetBody>), Failed> {
    let edit = body.value.read()?;
    let (asked, verbs, runs) = (body.keyed.by(&caller.who), app.clone(), may.clone());
    let Edit { cases, matching, .. } = body.value;
    let done = app.write(from.client, move |tx, now| {
        once(tx, verbs.vault(), asked.as_ref(), now, |tx| {
            let set = match &matching {
                None => change_sets::edit(tx, &may, Which::These(&cases), &edit, now)?,
                Some(asked) => passing(tx, &may, asked, &edit, now)?,
            };
            ChangeSetBody::of(tx, &may, set)
        })
    });
    Ok(on_its_way(app.clone(), runs, from.client, done.await?))
}

/// Gives all cases values that a list would show.
pub fn passing(
    tx: &mut db::Tx,
    may: &May<WriteCases>,
    asked: &Asked,
    edit: &change_sets::Edit,
    now: &domain::now::Now,
) -> Result<ChangeSet, Failure> {
    let (tree, filter) = (store::folders::tree(tx, may)?, asked.filter(tx, may)?);
    change_sets::edit(tx, may, Which::Passing(asked.wanted(&tree, &filter)?), edit, now)
}

/// Starts what is left to do, and answers.
fn on_its_way(
    app: App,
    may: May<WriteCases>,
    client: Option<std::net::IpAddr>,
    body: ChangeSetBody,
) -> (StatusCode, Json<ChangeSetBody>) {
    let status = if body.waiting > 0 { StatusCode::ACCEPTED } else { StatusCode::OK };
    if let (true, Ok(id)) = (body.waiting > 0, body.id.parse()) {
        tokio::spawn(run(app, may, id, client));
    }
    (status, Json(body))
}

/// How far a change of yours is.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}/projects/{project}/changes/{id}", tag = "Cases",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"), ("id" = String, Path)),
    responses((status = OK, body = ChangeSetBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem)))]
pub async fn get(
    CanIn(may): CanIn<WriteCases>,
    State(app): State<App>,
    Id(id): Id<ChangeSetId>,
) -> Result<Json<ChangeSetBody>, Failed> {
    let body = app.read(move |db, _| {
        let set = store::change_sets::find(db, &may, id)?.ok_or(Failure::Unknown)?;
        ChangeSetBody::of(db, &may, set)
    });
    Ok(Json(body.await?))
}

/// Takes back what you did to many cases at once, also while it is on its way. With 202 the rest follows.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/projects/{project}/changes/{id}/undo", tag = "Cases",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"), ("id" = String, Path)),
    responses((status = OK, body = ChangeSetBody), (status = ACCEPTED, body = ChangeSetBody), (status = CONFLICT, body = Problem),
        (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem)))]
pub async fn undo(
    CanIn(may): CanIn<WriteCases>,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<ChangeSetId>,
) -> Result<(StatusCode, Json<ChangeSetBody>), Failed> {
    let runs = may.clone();
    let done = app.write(from.client, move |tx, now| {
        let set = change_sets::take_back(tx, &may, id, now)?;
        ChangeSetBody::of(tx, &may, set)
    });
    Ok(on_its_way(app.clone(), runs, from.client, done.await?))
}

/// Goes on with a change that stopped on its way, as when the server was started anew.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/projects/{project}/changes/{id}/go-on", tag = "Cases",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"), ("id" = String, Path)),
    responses((status = OK, body = ChangeSetBody), (status = ACCEPTED, body = ChangeSetBody), (status = FORBIDDEN, body = Problem),
        (status = NOT_FOUND, body = Problem)))]
pub async fn go_on(
    CanIn(may): CanIn<WriteCases>,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<ChangeSetId>,
) -> Result<(StatusCode, Json<ChangeSetBody>), Failed> {
    let runs = may.clone();
    let done = app.write(from.client, move |tx, now| {
        let set = change_sets::go_on(tx, &may, id, now)?;
        ChangeSetBody::of(tx, &may, set)
    });
    Ok(on_its_way(app.clone(), runs, from.client, done.await?))
}
