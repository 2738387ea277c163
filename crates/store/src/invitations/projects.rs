//! What an invitation would grant on projects.

use db::{Conn, Error, Tx};
use domain::{
    access::{Grants, ProjectFacts, ProjectRole, Role, Visible},
    id::{InvitationId, PersonId, ProjectId},
};

use super::Invitation;
use crate::{
    Param,
    projects::readable,
    sql::{marks, within},
};

record! {
    /// A role an invitation would grant on a project.
    pub struct OnProject {
        /// Whose.
        pub invitation: InvitationId,
        /// Where.
        pub project: ProjectId,
        /// The project's key.
        pub key: String,
        /// The project's name.
        pub name: String,
        /// Whether the project is private.
        pub private: bool,
        /// What.
        pub role: Role,
    }
}

impl OnProject {
    /// As the rules see it.
    pub fn grant(&self) -> ProjectRole {
        ProjectRole { project: ProjectFacts::active(self.project, self.private), role: self.role }
    }
}

/// The project roles of these invitations on projects the reader may see, by project name.
pub fn projects_seen(db: &mut Conn, visible: &Visible, ids: &[InvitationId]) -> Result<Vec<OnProject>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let select = "SELECT ip.invitation, ip.project, p.key, p.name, p.private, ip.role FROM invitation_project ip
        JOIN project p ON p.id = ip.project";
    let theirs = format!("ip.invitation IN ({})", marks(ids));
    let wanted = readable(visible).and(theirs, ids.iter().map(Param::value).collect());
    db.all(wanted.rows(select, "ORDER BY p.folded, p.id", Vec::new()))
}

/// Who sent open invitations that would grant a role on a project: to be judged again when it becomes private or open.
pub fn inviters_on(tx: &mut Tx, project: ProjectId) -> Result<Vec<PersonId>, Error> {
    let rows: Vec<Inviter> = tx.all(sql!(
        "SELECT DISTINCT i.invited_by FROM invitation_project ip JOIN invitation i ON i.id = ip.invitation
         WHERE ip.project = ? AND i.state IN ('pending', 'on_hold') ORDER BY i.invited_by",
        project
    ))?;
    Ok(rows.into_iter().map(|row| row.invited_by).collect())
}

record! {
    struct Inviter {
        invited_by: PersonId,
    }
}

/// All the project roles of these invitations, by project name: to judge and to grant them.
pub fn projects(db: &mut Conn, ids: &[InvitationId]) -> Result<Vec<OnProject>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let text = "SELECT ip.invitation, ip.project, p.key, p.name, p.private, ip.role FROM invitation_project ip
         JOIN project p ON p.id = ip.project WHERE ip.invitation IN ({}) ORDER BY p.folded, p.id";
    db.all(within(text, Vec::new(), ids))
}

/// All that one invitation would grant.
pub fn grants(db: &mut Conn, invitation: &Invitation) -> Result<Grants, Error> {
    let projects = projects(db, &[invitation.id])?.iter().map(OnProject::grant).collect();
    Ok(Grants { role: invitation.role, projects })
}
