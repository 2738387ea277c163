//! Invite Team as typed: a batch as the API takes it, and the form shown again.

use app::{
    Bad, Failure,
    answers::Asked,
    invitations::{Batch, Edit},
};
use domain::{access::Role, recipients::join, time::days};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use store::invitations::{Invitation, OnProject};

use super::super::{
    form::{fault, field},
    shell::Visit,
};
use crate::{
    api::invitations::{BatchBody, Recipients, WantedText, editing::EditBody},
    views::invitation::{Checked, InviteForm, ProjectChoice, RoleChoice, Scope, Typing},
};

/// The fields of the form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    recipients: String,
    /// A file's text.
    file: String,
    message: String,
    role: String,
    scope: String,
    project: Vec<String>,
    project_role: Vec<String>,
    expires_in_days: String,
    send_email: bool,
    /// Only to be checked, not sent.
    pub check: bool,
    /// The form's own key.
    pub idempotency_key: String,
    /// Where the form stood: `dialog` or `page`.
    pub origin: String,
}

impl Typed {
    /// What stands of an invitation, as if it had been typed.
    pub fn standing(invitation: &Invitation, on: &[OnProject]) -> Self {
        let guest = invitation.role == Role::Guest;
        let role = if guest { Role::Tester } else { invitation.role };
        Self {
            role: role.slug().to_owned(),
            scope: if guest {
                "only"
            } else if on.is_empty() {
                "all"
            } else {
                "more"
            }
            .to_owned(),
            project: on.iter().map(|on| on.key.clone()).collect(),
            project_role: on.iter().map(|on| format!("{}:{}", on.key, on.role)).collect(),
            expires_in_days: invitation.valid().get().to_string(),
            ..Self::default()
        }
    }

    /// An edit of an invitation, or what is wrong with it.
    pub fn edit(&self) -> Result<Edit, Failure> {
        let (role, projects) = self.grants()?;
        EditBody { role: Some(role), projects: Some(projects), expires_in_days: self.days()? }.parse()
    }

    /// Role and projects: "only these" is a guest with roles on projects.
    fn grants(&self) -> Result<(String, Vec<WantedText>), Failure> {
        let (scope, projects) = (Scope::of(&self.scope), self.projects());
        if scope == Scope::Only && projects.is_empty() {
            let detail = "Choose at least one project, or all open projects.";
            return Err(Failure::invalid("projects", "required", detail));
        }
        let role = if scope == Scope::Only { Role::Guest.slug() } else { &self.role };
        Ok((role.to_owned(), projects))
    }

    /// The batch, or what is wrong with it as a whole.
    pub fn batch(&self) -> Result<Batch, Failure> {
        let (role, projects) = self.grants()?;
        let body = BatchBody {
            recipients: Recipients::Text(self.text()),
            role,
            projects,
            message: Some(self.message.clone()),
            expires_in_days: self.days()?,
            send_email: self.send_email,
        };
        body.parse()
    }

    /// What was pasted, with the file behind it.
    fn text(&self) -> String {
        if self.file.is_empty() { self.recipients.clone() } else { join(&self.recipients, &self.file) }
    }

    /// The chosen projects, where the scope asks for some.
    fn projects(&self) -> Vec<WantedText> {
        let chosen = if Scope::of(&self.scope) == Scope::All { &[][..] } else { &self.project };
        let wanted = |key: &String| WantedText {
            project: key.clone(),
            role: self.role_on(key).unwrap_or(&self.role).to_owned(),
        };
        chosen.iter().map(wanted).collect()
    }

    /// The project's own role, if one is chosen.
    fn role_on(&self, key: &str) -> Option<&str> {
        let own = self.project_role.iter().find_map(|text| text.strip_prefix(key)?.strip_prefix(':'));
        own.filter(|role| !role.is_empty())
    }

    fn days(&self) -> Result<Option<i64>, Failure> {
        match self.expires_in_days.trim() {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| {
                let detail = "The link's validity must be 1 to 90 days.";
                Failure::invalid("expires_in_days", "out_of_range", detail)
            }),
        }
    }

    /// The form's own key makes a second click the same request.
    pub fn asked(&self, visit: &Visit) -> Option<Asked> {
        if self.idempotency_key.is_empty() || self.idempotency_key.len() > 64 {
            return None;
        }
        let said = format!("{self:?}");
        let fingerprint = Sha256::digest(said.as_bytes()).into();
        Some(Asked {
            caller: visit.who.person.to_string(),
            key: self.idempotency_key.clone(),
            fingerprint,
            keep: days(1),
        })
    }

    /// What was typed, in a fresh form; it gets a fresh key, because the next try is another request.
    pub fn fill(&self, form: InviteForm, bad: &[Bad], checked: Option<Checked>) -> InviteForm {
        let role = |choice: RoleChoice| RoleChoice { chosen: choice.slug == self.role, ..choice };
        InviteForm {
            state: if self.origin == "dialog" { Typing::Open } else { Typing::Kept },
            recipients: field("recipients", &self.text(), bad),
            checked,
            message: field("message", &self.message, bad),
            roles: form.roles.into_iter().map(role).collect(),
            role_error: fault("role", bad),
            scope: Scope::of(&self.scope),
            projects: form.projects.into_iter().map(|project| self.fill_project(project)).collect(),
            projects_error: fault("projects", bad),
            days: field("expires_in_days", &self.expires_in_days, bad),
            send_email: self.send_email,
            ..form
        }
    }

    fn fill_project(&self, project: ProjectChoice) -> ProjectChoice {
        let own = self.role_on(&project.key);
        let role = |choice: RoleChoice| RoleChoice { chosen: own == Some(&choice.slug), ..choice };
        ProjectChoice {
            chosen: self.project.contains(&project.key),
            roles: project.roles.into_iter().map(role).collect(),
            ..project
        }
    }
}
