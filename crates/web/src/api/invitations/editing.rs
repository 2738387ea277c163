//! Editing an open invitation: role, projects, end (T5).

use app::{
    App, Failure,
    invitations::{
        Edit, edit as change,
        row::{days, on, role},
    },
};
use axum::{Json, extract::State};
use domain::{access::InviteMembers, id::InvitationId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{InvitationBody, WantedText, batch::pairs, renewal::body};
use crate::{
    client,
    extract::{Body, Can, Id},
    failed::Failed,
    problem::Problem,
};

/// What is to change about an open invitation; what is left out stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditBody {
    /// The role in the workspace.
    #[schema(example = "manager")]
    pub role: Option<String>,
    /// All roles on projects, in place of those it grants now.
    pub projects: Option<Vec<WantedText>>,
    /// How many days the links work, 1 to 90: from now, or from when one goes out.
    #[schema(example = 14, minimum = 1, maximum = 90)]
    pub expires_in_days: Option<i64>,
}

impl EditBody {
    /// The edit, or all that is wrong with it.
    pub fn parse(self) -> Result<Edit, Failure> {
        if self.role.is_none() && self.projects.is_none() && self.expires_in_days.is_none() {
            let detail = "Name what is to change: role, projects or expires_in_days.";
            return Err(Failure::invalid("role", "required", detail));
        }
        let role = self.role.as_deref().map(role).transpose();
        let projects = self.projects.map(|projects| on(pairs(projects))).transpose();
        match (role, projects, days(self.expires_in_days)) {
            (Ok(role), Ok(projects), Ok(valid)) => Ok(Edit { role, projects, valid }),
            (role, projects, valid) => {
                Err(Failure::Invalid([role.err(), projects.err(), valid.err()].into_iter().flatten().collect()))
            }
        }
    }
}

/// Changes role, projects or end of an open invitation. The end counts anew, its links live on, and no mail goes.
///
/// The ceiling covers what it granted and what it shall grant. Whoever edits an invitation that its inviter could not
/// grant becomes its inviter; one on hold is pending then.
#[utoipa::path(patch, path = "/api/v1/workspaces/{workspace}/invitations/{id}", tag = "Invitations",
    params(("workspace" = String, Path, description = "Id or slug"), ("id" = String, Path)), request_body = EditBody,
    responses((status = OK, body = InvitationBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn edit(
    Can(may): Can<InviteMembers>,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<InvitationId>,
    typed: Body<EditBody>,
) -> Result<Json<InvitationBody>, Failed> {
    let edit = typed.value.parse()?;
    let edited = app.write(from.client, move |tx, now| {
        change(tx, &may, id, &edit, now)?;
        body(tx, &may, id, now)
    });
    Ok(Json(edited.await?))
}
