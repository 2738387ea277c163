//! Cases written again, in this project or from another one.

use app::{App, Failure, answers::once, clones};
use axum::{Json, extract::State};
use db::Conn;
use domain::{
    access::{May, Read, WriteCases},
    id::{CaseId, FolderId},
};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use store::projects::Project;
use utoipa::ToSchema;

use crate::{
    client,
    extract::{Body, Caller, CanIn},
    failed::Failed,
    problem::Problem,
};

/// Which cases are cloned, and whereto.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloneAsked {
    /// Ids of cases, at most 500, in the order their clones are to have.
    #[schema(value_type = Vec<String>)]
    cases: Vec<CaseId>,
    /// Id or key of the project they are in; left out, the one of the address, which gets the clones.
    from: Option<String>,
    /// The folder; null or left out, the top of the project.
    #[schema(value_type = Option<String>)]
    folder: Option<FolderId>,
}

/// A case and its clone.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PairBody {
    /// The number of the one that was there.
    from: i64,
    id: String,
    /// The number of the clone.
    number: i64,
}

/// A case that could not be cloned.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct NotCloned {
    number: i64,
    title: String,
    /// In sentences.
    why: String,
}

/// What became of it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ClonedBody {
    cases: Vec<PairBody>,
    /// How many were gone, in the trash or of another project.
    skipped: usize,
    /// Those the project cannot take, as it demands a field they do not have.
    passed_over: Vec<NotCloned>,
}

impl From<clones::Cloned> for ClonedBody {
    fn from(cloned: clones::Cloned) -> Self {
        let pair = |pair: clones::Pair| PairBody { from: pair.from, id: pair.id.to_string(), number: pair.number };
        let over = |one: clones::PassedOver| NotCloned { number: one.number, title: one.title, why: one.why };
        Self {
            cases: cloned.cases.into_iter().map(pair).collect(),
            skipped: cloned.skipped,
            passed_over: cloned.passed_over.into_iter().map(over).collect(),
        }
    }
}

/// A project that one may read, by its id or key.
pub fn project<R>(db: &mut Conn, may: &May<R>, named: &str) -> Result<Option<Project>, Failure> {
    let all = store::projects::visible(db, &may.member().visible())?;
    Ok(all.into_iter().find(|project| project.id.to_string() == named || project.key.eq_ignore_ascii_case(named)))
}

/// The proof that one may read in a project, which is a fault of `from` if there is none.
fn source(db: &mut Conn, may: &May<WriteCases>, named: Option<&str>) -> Result<May<Read>, Failure> {
    let unknown = || Failure::invalid("from", "unknown", "There is no such project.");
    let own = may.project().map(|id| id.to_string()).unwrap_or_default();
    let project = project(db, may, named.unwrap_or(&own))?.ok_or_else(unknown)?;
    may.member().may_in(project.facts()).map_err(|_| unknown())
}

/// Clones cases into a project. Clones begin as drafts, without history; what the project does not know has its default,
/// and shared steps of another project become each clone's own.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/projects/{project}/cases/clone", tag = "Cases",
    params(("Idempotency-Key" = Option<String>, Header),
        ("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key")),
    request_body = CloneAsked,
    responses((status = CREATED, body = ClonedBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn clone(
    CanIn(may): CanIn<WriteCases>,
    caller: Caller,
    client::From(from): client::From,
    State(app): State<App>,
    body: Body<CloneAsked>,
) -> Result<(StatusCode, Json<ClonedBody>), Failed> {
    let (asked, verbs) = (body.keyed.by(&caller.who), app.clone());
    let CloneAsked { cases, from: named, folder } = body.value;
    let done = app.write(from.client, move |tx, now| {
        once(tx, verbs.vault(), asked.as_ref(), now, |tx| {
            let from = source(tx, &may, named.as_deref())?;
            Ok(ClonedBody::from(clones::clone_cases(tx, &from, &may, &cases, folder, now)?))
        })
    });
    Ok((StatusCode::CREATED, Json(done.await?)))
}
