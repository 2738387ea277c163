//! Finding people and projects by the beginnings of their words.

mod asked;

use app::App;
use axum::{
    Json,
    extract::{Query, State},
};
use db::Conn;
use domain::{
    access::{May, Membership, People, Role},
    words::Words,
};
use serde::Serialize;
use store::{members::Listed, projects::Project, search};
use utoipa::ToSchema;

pub use asked::{Asked, Kinds};

use super::list::List;
use crate::{extract::Can, failed::Failed, problem::Problem};

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
}

/// The people and projects found, of those the caller may know of: people first, active ones before others.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}/search", tag = "People",
    params(("workspace" = String, Path, description = "Id or slug")),
    responses((status = OK, body = List<HitBody>), (status = NOT_FOUND, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn list(
    Can(may): Can<Membership>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Json<List<HitBody>>, Failed> {
    let (kinds, limit) = (asked.kinds()?, asked.limit()?);
    let words = Words::read(asked.q.as_deref().unwrap_or_default());
    Ok(Json(List::whole(app.read(move |db, _| Ok(hits(db, &may, &words, kinds, limit)?)).await?)))
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
