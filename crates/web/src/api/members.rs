//! Members.

mod asked;

use app::{App, Failure, invitations::wanted::WantedRole, members};
use axum::{Json, extract::State};
use db::Conn;
use domain::{
    access::{ManageMembers, May, Membership, People, Role},
    actor::Actor,
    id::MemberId,
    time::Time,
};
use http::{HeaderMap, HeaderName, StatusCode, header};
use serde::{Deserialize, Serialize};
use store::{members::Listed, projects::Held};
use utoipa::ToSchema;

pub use asked::Asked;

use super::list::List;
use crate::{
    client,
    extract::{Body, Can, Id, Paging, Query},
    failed::Failed,
    problem::Problem,
};

/// A member.
#[derive(Debug, Serialize, ToSchema)]
pub struct MemberBody {
    id: String,
    /// `per_…` or `svc_…`: how cases and the audit log name whom the membership is of.
    person: String,
    name: String,
    /// `person` or `service_account`.
    #[schema(example = "person")]
    kind: &'static str,
    /// For those who invite or manage members.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[schema(value_type = String, example = "tester")]
    role: Role,
    #[schema(example = "active")]
    status: String,
    projects: Vec<HeldBody>,
    /// For those who invite or manage members.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    #[expect(clippy::option_option, reason = "not shown, never, or when")]
    last_seen_at: Option<Option<Time>>,
}

/// A role held on a project.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeldBody {
    #[schema(example = "WEB")]
    project: String,
    #[schema(value_type = String, example = "tester")]
    role: Role,
    #[schema(example = "direct")]
    via: &'static str,
}

/// A role wanted on a project.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WantedBody {
    /// The project's id or key.
    #[schema(example = "WEB")]
    pub project: String,
    /// The role there.
    #[schema(value_type = String, example = "tester")]
    pub role: Role,
}

impl From<WantedBody> for WantedRole {
    fn from(body: WantedBody) -> Self {
        Self { project: body.project, role: body.role }
    }
}

/// What is to change about a member; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberChange {
    #[schema(value_type = Option<String>, example = "manager")]
    role: Option<Role>,
    /// All roles on projects, in place of those held now.
    projects: Option<Vec<WantedBody>>,
}

impl MemberBody {
    fn of(row: Listed, held: &[Held], people: People) -> Self {
        let shown = people == People::WithAddresses;
        let projects = held.iter().filter(|held| held.member == row.id);
        Self {
            id: row.id.to_string(),
            person: Actor::of(row.person, row.service).to_string(),
            name: row.name,
            email: row.address.filter(|_| shown),
            kind: if row.service { "service_account" } else { "person" },
            role: row.role,
            status: row.state,
            projects: projects
                .map(|held| HeldBody { project: held.key.clone(), role: held.role, via: "direct" })
                .collect(),
            last_seen_at: shown.then_some(row.seen_at),
        }
    }
}

/// The members, by name unless asked otherwise. Guests see those who share a project with them.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}/members", tag = "People",
    params(("workspace" = String, Path, description = "Id or slug"), ("limit" = Option<i64>, Query), ("cursor" = Option<String>, Query), Asked),
    responses((status = OK, body = List<MemberBody>), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn list(
    Can(may): Can<Membership>,
    paging: Paging,
    Query(asked): Query<Asked>,
    State(app): State<App>,
) -> Result<Json<List<MemberBody>>, Failed> {
    let page = paging.page()?;
    let people = may.member().people();
    let (slice, held) = app
        .read(move |db, _| {
            let which = asked.which(db, &may)?;
            let slice = store::members::list(db, &may, &which, &page)?;
            let ids: Vec<MemberId> = slice.rows.iter().map(|row| row.id).collect();
            let held = store::projects::held(db, &may.member().visible(), &ids)?;
            Ok((slice, held))
        })
        .await?;
    let last = slice.rows.last().map(|row| (row.key.clone(), row.id));
    let next_cursor = last.filter(|_| slice.more).map(|key| Paging::cursor(&key));
    Ok(Json(List {
        items: slice.rows.into_iter().map(|row| MemberBody::of(row, &held, people)).collect(),
        next_cursor,
    }))
}

/// One member.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}/members/{id}", tag = "People",
    params(("workspace" = String, Path, description = "Id or slug"), ("id" = String, Path)),
    responses((status = OK, body = MemberBody), (status = NOT_FOUND, body = Problem)))]
pub async fn get(Can(may): Can<Membership>, State(app): State<App>, Id(id): Id<MemberId>) -> Result<Tagged, Failed> {
    Ok(one(&app, may, id).await?)
}

/// A member with the tag of how he stands.
type Tagged = ([(HeaderName, String); 1], Json<MemberBody>);

async fn one(app: &App, may: May<Membership>, id: MemberId) -> Result<Tagged, Failure> {
    app.read(move |db, _| {
        let row = store::members::find(db, &may, id)?.ok_or(Failure::Unknown)?;
        tagged(db, &may, row)
    })
    .await
}

fn tagged(db: &mut Conn, may: &May<Membership>, row: Listed) -> Result<Tagged, Failure> {
    let tag = members::standing(db, may.member(), &row)?.tag();
    let held = store::projects::held(db, &may.member().visible(), &[row.id])?;
    let body = MemberBody::of(row, &held, may.member().people());
    Ok(([(header::ETAG, format!("\"{tag}\""))], Json(body)))
}

/// The tag the caller saw; a star is any.
fn if_match(headers: &HeaderMap) -> Option<members::Seen> {
    let tag = headers.get(header::IF_MATCH)?.to_str().unwrap_or_default().trim();
    (tag != "*").then(|| members::Seen::Tag(tag.trim_start_matches("W/").trim_matches('"').to_owned()))
}

/// Changes a member's role and project roles, within what the caller holds. The role takes `manage_members`, roles on a
/// project that or `manage_project` there. With `If-Match` from an `ETag` it is refused if the member changed meanwhile.
#[utoipa::path(patch, path = "/api/v1/workspaces/{workspace}/members/{id}", tag = "People",
    params(("workspace" = String, Path, description = "Id or slug"), ("id" = String, Path)), request_body = MemberChange,
    responses((status = OK, body = MemberBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, body = Problem), (status = PRECONDITION_FAILED, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn patch(
    Can(may): Can<Membership>,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<MemberId>,
    headers: HeaderMap,
    body: Body<MemberChange>,
) -> Result<Tagged, Failed> {
    let projects = body.value.projects.map(|projects| projects.into_iter().map(WantedRole::from).collect());
    let change = members::Change { role: body.value.role, projects };
    let (belongs, seen) = (may.clone(), if_match(&headers));
    let changed = app.write(from.client, move |tx, now| {
        if let Some(seen) = &seen {
            members::unchanged(tx, &may, id, seen)?;
        }
        members::change(tx, &may, id, &change, now)
    });
    let changed = changed.await?;
    Ok(app.read(move |db, _| tagged(db, &belongs, changed)).await?)
}

/// Shuts a member out of this workspace, with all his keys, from the next request on. Twice is once.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/members/{id}/deactivation", tag = "People",
    params(("workspace" = String, Path, description = "Id or slug"), ("id" = String, Path)),
    responses((status = NO_CONTENT), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem), (status = CONFLICT, body = Problem)))]
pub async fn deactivate(
    Can(may): Can<ManageMembers>,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<MemberId>,
) -> Result<StatusCode, Failed> {
    app.write(from.client, move |tx, now| members::deactivate(tx, &may, id, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lets a deactivated member in again, with the role held before, if the caller may grant it.
#[utoipa::path(delete, path = "/api/v1/workspaces/{workspace}/members/{id}/deactivation", tag = "People",
    params(("workspace" = String, Path, description = "Id or slug"), ("id" = String, Path)),
    responses((status = NO_CONTENT), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem)))]
pub async fn reactivate(
    Can(may): Can<ManageMembers>,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<MemberId>,
) -> Result<StatusCode, Failed> {
    app.write(from.client, move |tx, now| members::reactivate(tx, &may, id, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends a membership for good: sessions and keys find the workspace closed, open invitations the member sent go on hold.
/// What the member did stays.
#[utoipa::path(delete, path = "/api/v1/workspaces/{workspace}/members/{id}", tag = "People",
    params(("workspace" = String, Path, description = "Id or slug"), ("id" = String, Path)),
    responses((status = NO_CONTENT), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem), (status = CONFLICT, body = Problem)))]
pub async fn remove(
    Can(may): Can<ManageMembers>,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<MemberId>,
) -> Result<StatusCode, Failed> {
    app.write(from.client, move |tx, now| members::remove(tx, &may, id, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Leaves the workspace. The last owner stays.
#[utoipa::path(delete, path = "/api/v1/workspaces/{workspace}/members/me", tag = "People",
    params(("workspace" = String, Path, description = "Id or slug")),
    responses((status = NO_CONTENT), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem), (status = CONFLICT, body = Problem)))]
pub async fn leave(
    Can(may): Can<Membership>,
    client::From(from): client::From,
    State(app): State<App>,
) -> Result<StatusCode, Failed> {
    app.write(from.client, move |tx, now| members::leave(tx, &may, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Shuts a member's sessions out of this workspace until he signs in anew. They stay alive in others, and so do his keys.
#[utoipa::path(delete, path = "/api/v1/workspaces/{workspace}/members/{id}/sessions", tag = "People",
    params(("workspace" = String, Path, description = "Id or slug"), ("id" = String, Path)),
    responses((status = NO_CONTENT), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem)))]
pub async fn shut_out(
    Can(may): Can<ManageMembers>,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<MemberId>,
) -> Result<StatusCode, Failed> {
    app.write(from.client, move |tx, now| members::shut_out(tx, &may, id, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}
