//! What invitations and results look like outside.

use app::{
    Failure,
    invitations::{Sent, Verdict, quota::Left, wanted::WantedRole},
};
use db::Conn;
use domain::{
    access::{Member, Role},
    invitation::{Delivery, Outcome, State, ValidDays},
    now::Now,
    time::Time,
};
use serde::{Deserialize, Serialize};
use store::{
    invitations::{Invitation, OnProject, projects_seen},
    messages::{Step, timelines},
};
use utoipa::ToSchema;

/// What became of each row, in the order they came.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Results {
    /// One for each row.
    pub results: Vec<ResultBody>,
}

/// What would become of each row, and what else there is to know before sending.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Preview {
    /// One for each row, in the order they came.
    pub results: Vec<ResultBody>,
    /// Roles on projects that add nothing: the role in the workspace reaches there and holds as much.
    pub idle: Vec<WantedRoleBody>,
    /// What the day has left for you here; left out where nothing is limited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quota: Option<QuotaBody>,
}

impl Preview {
    /// As it leaves.
    pub fn of(sent: Sent, left: Option<Left>) -> Self {
        let idle = sent.idle.iter().map(WantedRoleBody::of).collect();
        Self { results: Results::of(sent).results, idle, quota: left.map(QuotaBody::of) }
    }
}

/// A day's limit: the one that leaves least.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QuotaBody {
    /// Whose: `inviter`, `workspace` or `server`.
    pub scope: String,
    /// How many a day.
    pub limit: i64,
    /// How many more today.
    pub left: i64,
    /// When the day ends.
    #[schema(value_type = String, format = DateTime)]
    pub resets_at: Time,
}

impl QuotaBody {
    fn of(left: Left) -> Self {
        Self { scope: left.scope.to_owned(), limit: left.limit, left: left.left, resets_at: left.resets_at }
    }
}

/// A role on a project, as it was asked for.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct WantedRoleBody {
    /// The project, as it was named.
    #[schema(example = "WEB")]
    pub project: String,
    /// The role on it.
    #[schema(value_type = String, example = "tester")]
    pub role: Role,
}

impl WantedRoleBody {
    fn of(wanted: &WantedRole) -> Self {
        Self { project: wanted.project.clone(), role: wanted.role }
    }
}

/// What became of one row.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ResultBody {
    /// Its number in a table, the head being row 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<usize>,
    /// As it was typed.
    pub input: String,
    /// As it is sent to.
    pub address: Option<String>,
    /// What became of it.
    #[schema(value_type = String, example = "invited")]
    pub outcome: Outcome,
    /// A stable word for why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The same as a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Characters of `input` before the one that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<usize>,
    /// What was perhaps meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
    /// The invitation made, or the open one in the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invitation: Option<String>,
    /// The member in the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
    /// The invitee's name, if given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The row's own role.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub role: Option<Role>,
    /// The row's own roles on projects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub projects: Option<Vec<WantedRoleBody>>,
    /// The row's own validity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_in_days: Option<u32>,
}

impl Results {
    /// As they leave.
    pub fn of(sent: Sent) -> Self {
        Self { results: sent.results.into_iter().map(ResultBody::of).collect() }
    }

    /// Whether any row was invited.
    pub fn any_invited(&self) -> bool {
        self.results.iter().any(|row| row.outcome == Outcome::Invited)
    }
}

impl ResultBody {
    fn of(verdict: Verdict) -> Self {
        let projects = verdict.projects.map(|projects| projects.iter().map(WantedRoleBody::of).collect());
        Self {
            row: verdict.number,
            input: verdict.input,
            address: verdict.address,
            outcome: verdict.outcome,
            reason: verdict.reason.map(str::to_owned),
            detail: verdict.detail,
            at: verdict.place,
            suggestion: verdict.suggestion,
            invitation: verdict.invitation.map(|id| id.to_string()),
            member: verdict.member.map(|id| id.to_string()),
            name: verdict.name,
            role: verdict.role,
            projects,
            expires_in_days: verdict.valid.map(ValidDays::get),
        }
    }
}

/// An invitation.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationBody {
    id: String,
    address: String,
    name: Option<String>,
    #[schema(value_type = String, example = "tester")]
    role: Role,
    projects: Vec<ProjectRoleBody>,
    #[schema(value_type = String, example = "pending")]
    state: State,
    delivery: DeliveryBody,
    invited_by: InviterBody,
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
    /// The current end: it counts from when the link first went out.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Time,
    /// The invitation it took the place of: an expired one sent again, or one with a wrong address.
    predecessor: Option<String>,
    /// The invitation that took its place.
    successor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ProjectRoleBody {
    #[schema(example = "WEB")]
    project: String,
    #[schema(value_type = String, example = "tester")]
    role: Role,
}

#[derive(Debug, Serialize, ToSchema)]
struct InviterBody {
    id: String,
    name: String,
}

/// What became of its last mail.
#[derive(Debug, Serialize, ToSchema)]
struct DeliveryBody {
    #[schema(value_type = String, example = "sent")]
    state: Delivery,
    /// The mail server's own words.
    detail: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    next_try_at: Option<Time>,
    /// Its whole way.
    timeline: Vec<DeliveryStep>,
}

#[derive(Debug, Serialize, ToSchema)]
struct DeliveryStep {
    #[schema(value_type = String, format = DateTime)]
    at: Time,
    #[schema(value_type = String)]
    state: Delivery,
    detail: Option<String>,
}

impl InvitationBody {
    /// These rows as the reader may see them: roles on projects he cannot read are left out.
    pub fn all(db: &mut Conn, reader: &Member, rows: Vec<Invitation>, now: &Now) -> Result<Vec<Self>, Failure> {
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        let roles: Vec<OnProject> = projects_seen(db, &reader.visible(), &ids)?;
        let steps = timelines(db, &ids)?;
        Ok(rows.into_iter().map(|row| Self::of(row, &roles, &steps, now)).collect())
    }

    fn of(row: Invitation, roles: &[OnProject], steps: &[Step], now: &Now) -> Self {
        let own = roles.iter().filter(|role| role.invitation == row.id);
        let waits = row.delivery == Some(Delivery::Deferred);
        Self {
            id: row.id.to_string(),
            state: row.state_at(now.at),
            projects: own.map(|role| ProjectRoleBody { project: role.key.clone(), role: role.role }).collect(),
            delivery: DeliveryBody {
                state: row.delivery.unwrap_or(Delivery::None),
                detail: row.delivery_detail,
                next_try_at: row.next_try_at.filter(|_| waits),
                timeline: steps.iter().filter(|step| step.invitation == row.id).map(DeliveryStep::of).collect(),
            },
            address: row.address,
            name: row.name,
            role: row.role,
            invited_by: InviterBody { id: row.invited_by.to_string(), name: row.inviter },
            created_at: row.created_at,
            expires_at: row.ends_at,
            predecessor: row.predecessor.map(|id| id.to_string()),
            successor: row.successor.map(|id| id.to_string()),
        }
    }
}

impl DeliveryStep {
    fn of(step: &Step) -> Self {
        Self { at: step.at, state: step.state, detail: step.detail.clone() }
    }
}
