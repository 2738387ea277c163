//! The server as a whole, for its operators.

use app::{
    App, Failure,
    server::{self, Change, Choice, Founders, MemberLimit, Policy},
    workspaces::trash,
};
use axum::{Json, extract::State};
use domain::{id::WorkspaceId, time::Time};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use store::server::Listed;
use utoipa::ToSchema;

use super::list::List;
use crate::{
    client,
    extract::{Body, Id, Operating, Paging},
    failed::Failed,
    problem::Problem,
};

/// A setting in force.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SettingBody<T> {
    value: T,
    /// Whether the command line decides it, so that it cannot be changed here.
    fixed: bool,
}

/// The settings in force.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PolicyBody {
    /// Who may create workspaces: `operators` or `everybody`.
    create_workspaces: SettingBody<String>,
    /// How many members each workspace may have; null for as many as like.
    member_limit: SettingBody<Option<i64>>,
    /// Invitations a UTC day allows.
    invites_per_day: PerDayBody,
}

/// Invitations a UTC day allows.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PerDayBody {
    /// To one workspace.
    workspace: SettingBody<i64>,
    /// By one inviter in it.
    inviter: SettingBody<i64>,
    /// By the whole server.
    server: SettingBody<i64>,
}

impl<T> From<Choice<T>> for SettingBody<T> {
    fn from(choice: Choice<T>) -> Self {
        Self { value: choice.value, fixed: choice.fixed }
    }
}

impl From<Policy> for PolicyBody {
    fn from(policy: Policy) -> Self {
        let (founders, limit) = (policy.founders, policy.member_limit);
        Self {
            create_workspaces: SettingBody { value: founders.value.word().to_owned(), fixed: founders.fixed },
            member_limit: SettingBody { value: limit.value.most(), fixed: limit.fixed },
            invites_per_day: PerDayBody {
                workspace: policy.per_workspace.into(),
                inviter: policy.per_inviter.into(),
                server: policy.per_server.into(),
            },
        }
    }
}

/// What is to change; what is left out stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyChange {
    /// `operators` or `everybody`.
    #[schema(example = "operators")]
    create_workspaces: Option<String>,
    /// A number, or null for no limit.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>, example = 50)]
    #[expect(clippy::option_option, reason = "null lifts the limit, leaving it out keeps it")]
    member_limit: Option<Option<i64>>,
    invites_per_day: Option<PerDayChange>,
}

/// What is to change of the day's invitations.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PerDayChange {
    workspace: Option<i64>,
    inviter: Option<i64>,
    server: Option<i64>,
}

/// Tells null from what was left out.
#[expect(clippy::option_option, reason = "null lifts the limit, leaving it out keeps it")]
fn given<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Option<i64>>, D::Error> {
    Deserialize::deserialize(from).map(Some)
}

impl PolicyChange {
    fn parse(self) -> Result<Change, Failure> {
        let founders = self.create_workspaces.map(|word| word.parse::<Founders>()).transpose();
        let founders = founders.map_err(|bad| Failure::invalid("create_workspaces", "malformed", bad.to_string()))?;
        let limit = self.member_limit.map(MemberLimit::new).transpose();
        let member_limit = limit.map_err(|bad| Failure::invalid("member_limit", "out_of_range", bad.to_string()))?;
        let per_day = self.invites_per_day.unwrap_or_default();
        Ok(Change {
            founders,
            member_limit,
            per_workspace: per_day.workspace,
            per_inviter: per_day.inviter,
            per_server: per_day.server,
        })
    }
}

/// The settings in force. What the command line decides is marked `fixed`.
#[utoipa::path(get, path = "/api/v1/operator/settings", tag = "Operator", responses(
    (status = OK, body = PolicyBody), (status = FORBIDDEN, body = Problem)
))]
pub async fn settings(_: Operating, State(app): State<App>) -> Result<Json<PolicyBody>, Failed> {
    Ok(Json(app.read(|db, _| server::policy(db)).await?.into()))
}

/// Changes settings. What the command line decides is refused with `fixed_by_command_line`.
#[utoipa::path(patch, path = "/api/v1/operator/settings", tag = "Operator", request_body = PolicyChange, responses(
    (status = OK, body = PolicyBody), (status = FORBIDDEN, body = Problem), (status = CONFLICT, body = Problem),
    (status = UNPROCESSABLE_ENTITY, body = Problem)
))]
pub async fn change(
    Operating(operator): Operating,
    client::From(from): client::From,
    State(app): State<App>,
    body: Body<PolicyChange>,
) -> Result<Json<PolicyBody>, Failed> {
    let change = body.value.parse()?;
    Ok(Json(app.write(from.client, move |tx, now| server::change(tx, &operator, &change, now)).await?.into()))
}

/// A workspace as its operator sees it from outside: nothing of its content.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OutlineBody {
    id: String,
    slug: String,
    name: String,
    /// Active members.
    members: i64,
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
    /// Since when it lies in the trash, where it stays for 30 days.
    #[schema(value_type = Option<String>, format = DateTime)]
    trashed_at: Option<Time>,
}

impl From<Listed> for OutlineBody {
    fn from(row: Listed) -> Self {
        let Listed { id, slug, name, members, created_at, trashed_at } = row;
        Self { id: id.to_string(), slug, name, members, created_at, trashed_at }
    }
}

/// The workspaces of the server, oldest first, each with its number of active members.
#[utoipa::path(get, path = "/api/v1/operator/workspaces", tag = "Operator",
    params(("limit" = Option<i64>, Query), ("cursor" = Option<String>, Query)), responses(
    (status = OK, body = List<OutlineBody>), (status = FORBIDDEN, body = Problem)
))]
pub async fn workspaces(
    Operating(operator): Operating,
    paging: Paging,
    State(app): State<App>,
) -> Result<Json<List<OutlineBody>>, Failed> {
    let page = paging.page()?;
    let slice = app.read(move |db, _| Ok(store::server::workspaces(db, &operator, &page)?)).await?;
    let last = slice.rows.last().map(|row| row.id).filter(|_| slice.more);
    let next_cursor = last.map(|id| Paging::cursor(&id));
    Ok(Json(List { items: slice.rows.into_iter().map(OutlineBody::from).collect(), next_cursor }))
}

/// Takes a workspace out of the trash: whoever was in it is in it again. Its invitations stay revoked.
#[utoipa::path(post, path = "/api/v1/operator/workspaces/{id}/restoration", tag = "Operator",
    params(("id" = String, Path, description = "The workspace's id")), responses(
    (status = NO_CONTENT), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem)
))]
pub async fn restore(
    Operating(operator): Operating,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<WorkspaceId>,
) -> Result<StatusCode, Failed> {
    app.write(from.client, move |tx, now| trash::restore(tx, &operator, id, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}
