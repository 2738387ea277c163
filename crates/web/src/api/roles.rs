//! Roles.

use axum::Json;
use domain::access::{Membership, Rights, Role};
use serde::Serialize;
use utoipa::ToSchema;

use super::list::List;
use crate::{extract::Can, problem::Problem};

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
}

/// The roles of a workspace, from most to fewest rights.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}/roles", tag = "People",
    params(("workspace" = String, Path, description = "Id or slug")), responses(
    (status = OK, body = List<RoleBody>), (status = NOT_FOUND, body = Problem)
))]
pub async fn list(_: Can<Membership>) -> Json<List<RoleBody>> {
    let body = |role: &Role| RoleBody { slug: role.slug(), name: role.name(), builtin: true, rights: role.rights() };
    Json(List::whole(Role::ALL.iter().map(body).collect()))
}
