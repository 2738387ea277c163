//! Roles.

use app::App;
use axum::{Json, extract::State};
use domain::access::{Membership, Rights, Role};
use serde::Serialize;
use utoipa::ToSchema;

use super::list::List;
use crate::{extract::Can, failed::Failed, problem::Problem};

/// A role.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoleBody {
    #[schema(example = "tester")]
    slug: &'static str,
    #[schema(example = "Tester")]
    name: &'static str,
    builtin: bool,
    #[schema(value_type = Vec<String>)]
    rights: Rights,
    /// How many members hold it, of those the caller may know of.
    members: i64,
}

/// The roles of a workspace, from most to fewest rights.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}/roles", tag = "People",
    params(("workspace" = String, Path, description = "Id or slug")), responses(
    (status = OK, body = List<RoleBody>), (status = NOT_FOUND, body = Problem)
))]
pub async fn list(Can(may): Can<Membership>, State(app): State<App>) -> Result<Json<List<RoleBody>>, Failed> {
    let counts = app.read(move |db, _| Ok(store::members::count_by_role(db, &may)?)).await?;
    let body = |role: &Role| RoleBody {
        slug: role.slug(),
        name: role.name(),
        builtin: true,
        rights: role.rights(),
        members: counts.iter().find(|count| count.role == *role).map_or(0, |count| count.n),
    };
    Ok(Json(List::whole(Role::ALL.iter().map(body).collect())))
}
