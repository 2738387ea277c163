//! Finding people and projects by the beginnings of their words, and cases by what they say.

mod asked;
mod cases;

use app::App;
use axum::{Json, extract::State};
use db::Conn;
use domain::{
    access::{May, Membership, People, Role},
    words::Words,
};
use serde::Serialize;
use store::{members::Listed, paging::Page, projects::Project, search};
use utoipa::ToSchema;

pub use asked::{Asked, Kinds};
pub use cases::{CaseHit, MarkBody, found as found_cases};

use super::list::List;
use crate::{
    extract::{Can, Query},
    failed::Failed,
    problem::Problem,
};

/// Something that was found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum HitBody {
    /// A member.
    Person {
        /// The membership.
        id: String,
        /// The name.
        name: String,
        /// For those who invite or manage members.
        #[serde(skip_serializing_if = "Option::is_none")]
        email: Option<String>,
        /// The role in the workspace.
        #[schema(value_type = String, example = "tester")]
        role: Role,
        /// `active` or `deactivated`.
        #[schema(example = "active")]
        status: String,
    },
    /// A project.
    Project {
        /// Which.
        id: String,
        /// Its key.
        #[schema(example = "WEB")]
        key: String,
        /// The name.
        name: String,
    },
    /// A case.
    Case(CaseHit),
}

/// The people, projects and cases found, of those the caller may know of. A case is found if all words stand in its title,
/// prose and steps, the last one as the beginning of a word; those whose title has them all come first, then the last
/// written. `WEB-123` finds the case of that number.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}/search", tag = "People",
    params(("workspace" = String, Path, description = "Id or slug"), Asked),
    responses((status = OK, body = List<HitBody>), (status = NOT_FOUND, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn list(
    Can(may): Can<Membership>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Json<List<HitBody>>, Failed> {
    let (kinds, limit) = (asked.kinds()?, asked.limit()?);
    let after = asked.after(kinds)?;
    let list = app.read(move |db, _| {
        let typed = asked.q.as_deref().unwrap_or_default();
        let mut items = hits(db, &may, &Words::read(typed), kinds, limit)?;
        if !kinds.cases {
            return Ok(List::whole(items));
        }
        let page = Page { limit, after };
        let found = found_cases(db, &may, asked.project.as_deref(), typed, &page)?;
        items.extend(found.items.into_iter().map(HitBody::Case));
        let next_cursor = found.next_cursor.filter(|_| !kinds.people && !kinds.projects);
        Ok(List { items, next_cursor })
    });
    Ok(Json(list.await?))
}

fn hits(
    db: &mut Conn,
    may: &May<Membership>,
    words: &Words,
    kinds: Kinds,
    limit: i64,
) -> Result<Vec<HitBody>, db::Error> {
    let addresses = may.member().people() == People::WithAddresses;
    let mut hits = Vec::new();
    if kinds.people {
        hits.extend(search::people(db, may, words, limit)?.into_iter().map(|row| person(row, addresses)));
    }
    if kinds.projects {
        hits.extend(search::projects(db, &may.member().visible(), words, limit)?.into_iter().map(project));
    }
    Ok(hits)
}

fn person(row: Listed, addresses: bool) -> HitBody {
    HitBody::Person {
        id: row.id.to_string(),
        name: row.name,
        email: row.address.filter(|_| addresses),
        role: row.role,
        status: row.state,
    }
}

fn project(row: Project) -> HitBody {
    HitBody::Project { id: row.id.to_string(), key: row.key, name: row.name }
}
