//! The list of cases, and moving them.

mod asked;

use app::{App, moves};
use axum::{
    Json,
    extract::{Query, State},
};
use domain::{
    access::{Read, WriteCases},
    id::{CaseId, FolderId},
};
use serde::{Deserialize, Serialize};
use store::case_list::{self, Listed};
use utoipa::ToSchema;

pub use asked::{Asked, Gone};

use super::list::List;
use crate::{
    client,
    extract::{Body, CanIn, Paging},
    failed::Failed,
    problem::Problem,
};

/// A case as a list shows it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ListedBody {
    id: String,
    /// The 123 of `WEB-123`.
    number: i64,
    title: String,
    /// The folder it lies in; the project's own root for cases without one.
    folder: String,
    /// Keys of its properties.
    status: i64,
    priority: i64,
    r#type: i64,
    automation: i64,
    owner: Option<String>,
    /// `draft`, `in_review`, `ready` or `rework`.
    review: String,
    changed_at: String,
}

impl From<Listed> for ListedBody {
    fn from(row: Listed) -> Self {
        Self {
            id: row.id.to_string(),
            number: row.number,
            title: row.title,
            folder: row.folder.to_string(),
            status: row.status,
            priority: row.priority,
            r#type: row.kind,
            automation: row.automation,
            owner: row.owner.map(|owner| owner.to_string()),
            review: row.review.slug().to_owned(),
            changed_at: row.changed_at.to_string(),
        }
    }
}

/// Cases of the project: of a folder or all, filtered and sorted.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}/projects/{project}/cases", tag = "Cases",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key"),
        ("limit" = Option<i64>, Query), ("cursor" = Option<String>, Query), Asked),
    responses((status = OK, body = List<ListedBody>), (status = NOT_FOUND, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn list(
    CanIn(may): CanIn<Read>,
    paging: Paging,
    Query(asked): Query<Asked>,
    State(app): State<App>,
) -> Result<Json<List<ListedBody>>, Failed> {
    let (page, sort) = (paging.page()?, asked.sort()?);
    let slice = app.read(move |db, _| {
        let tree = store::folders::tree(db, &may)?;
        let filter = asked.filter(db, &may)?;
        let wanted = asked.wanted(&tree, &filter)?;
        Ok(case_list::list(db, &may, wanted, &page)?)
    });
    let slice = slice.await?;
    let last = slice.rows.last().filter(|_| slice.more).map(|row| Paging::cursor(&case_list::after(sort, row)));
    Ok(Json(List { items: slice.rows.into_iter().map(ListedBody::from).collect(), next_cursor: last }))
}

/// Which cases move, and whereto.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// Ids of cases, at most 1,000, in the order they are to have there.
    #[schema(value_type = Vec<String>)]
    cases: Vec<CaseId>,
    /// The folder; null or left out, the top of the project.
    #[schema(value_type = Option<String>)]
    folder: Option<FolderId>,
    /// The case there they are to lie before; left out, the end.
    #[schema(value_type = Option<String>)]
    before: Option<CaseId>,
}

/// What became of a move.
#[derive(Debug, Serialize, ToSchema)]
pub struct MovedBody {
    /// How many moved.
    moved: usize,
    /// How many were gone, or of another project.
    skipped: usize,
    /// Names this move for taking it back.
    change: String,
}

/// Moves cases into a folder, or to another place in theirs.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/projects/{project}/cases/move", tag = "Cases",
    params(("workspace" = String, Path, description = "Id or slug"), ("project" = String, Path, description = "Id or key")),
    request_body = Move,
    responses((status = OK, body = MovedBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn move_cases(
    CanIn(may): CanIn<WriteCases>,
    client::From(from): client::From,
    State(app): State<App>,
    body: Body<Move>,
) -> Result<Json<MovedBody>, Failed> {
    let Move { cases, folder, before } = body.value;
    let moved = app.write(from.client, move |tx, now| moves::move_cases(tx, &may, &cases, folder, before, now)).await?;
    Ok(Json(MovedBody { moved: moved.moved, skipped: moved.skipped, change: moved.set.to_string() }))
}
