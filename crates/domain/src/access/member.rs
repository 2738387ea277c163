//! A member as the rules see him: an active membership with its role, its grants on projects, and how he is signed in.

use std::sync::Arc;

use super::{
    proof::{May, Via, Wanted},
    right::{Right, Rights},
    role::Role,
};
use crate::{
    id::{MemberId, PersonId, ProjectId, WorkspaceId},
    project::ProjectState,
};

/// What of a project decides about access to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProjectFacts {
    /// The project.
    pub id: ProjectId,
    /// Whether workspace roles reach into it only with `see_private_projects`.
    pub private: bool,
    /// Archived it is only read, in the trash it is unknown.
    pub state: ProjectState,
}

impl ProjectFacts {
    /// An active one: for what asks who may see it or hold a role there, which no state changes.
    pub const fn active(id: ProjectId, private: bool) -> Self {
        Self { id, private, state: ProjectState::Active }
    }
}

/// A role held on one project. It contributes project rights only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Where.
    pub project: ProjectId,
    /// What.
    pub role: Role,
}

/// An active member, as read from the database in one go.
#[derive(Clone, Debug)]
pub struct Member {
    id: MemberId,
    workspace: WorkspaceId,
    person: PersonId,
    role: Role,
    grants: Vec<Grant>,
    via: Option<Via>,
}

/// Why somebody may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// He may not even know that it exists: answer as for an unknown thing.
    #[error("not found")]
    Unknown,
    /// He knows it and lacks this right there.
    #[error("you lack the right {}", .right.words())]
    Lacks {
        /// The missing right.
        right: Right,
        /// The project it is missing in; `None` is the workspace.
        project: Option<ProjectId>,
    },
    /// He might, but the project is archived: it is read and not written.
    #[error("the project is archived")]
    Archived,
}

/// How much of the people of a workspace one sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum People {
    /// Names, roles, addresses and when they were last seen.
    WithAddresses,
    /// Names and roles.
    Names,
    /// The names of those who share a project.
    OfMyProjects,
}

/// The projects a member may read. Every list, count and search over projects demands it.
#[derive(Clone, Debug)]
pub struct Visible {
    workspace: WorkspaceId,
    open: bool,
    private: bool,
    granted: Vec<ProjectId>,
}

impl Visible {
    /// The workspace whose projects these are.
    pub const fn workspace(&self) -> WorkspaceId {
        self.workspace
    }

    /// Whether all projects that are not private are among them.
    pub const fn open(&self) -> bool {
        self.open
    }

    /// Whether all private ones are.
    pub const fn private(&self) -> bool {
        self.private
    }

    /// Those that are, whatever else, by a role held on them.
    pub fn granted(&self) -> &[ProjectId] {
        &self.granted
    }

    /// Whether this project is among them.
    pub fn contains(&self, project: ProjectFacts) -> bool {
        let by_role = if project.private { self.private } else { self.open };
        by_role || self.granted.contains(&project.id)
    }
}

impl Member {
    /// What the database says of an active membership. Every proof stands on this, so only `store::access` may say it.
    ///
    /// `via` is the session or key that was shown; `None` where nobody asks and rights are only judged, as those of an
    /// inviter at acceptance. Nothing is written by such a member.
    pub fn read(
        id: MemberId,
        workspace: WorkspaceId,
        person: PersonId,
        role: Role,
        grants: Vec<Grant>,
        via: Option<Via>,
    ) -> Self {
        Self { id, workspace, person, role, grants, via }
    }

    /// The membership.
    pub const fn id(&self) -> MemberId {
        self.id
    }

    /// The workspace it is of.
    pub const fn workspace(&self) -> WorkspaceId {
        self.workspace
    }

    /// Whose it is.
    pub const fn person(&self) -> PersonId {
        self.person
    }

    /// The role in the workspace.
    pub const fn role(&self) -> Role {
        self.role
    }

    /// Roles on single projects.
    pub fn grants(&self) -> &[Grant] {
        &self.grants
    }

    /// The session or key that was shown, if anybody is signed in as him.
    pub const fn via(&self) -> Option<Via> {
        self.via
    }

    /// With a key that is limited to chosen rights: these.
    pub const fn limit(&self) -> Option<Rights> {
        match self.via {
            Some(Via::Key { limit, .. }) => limit,
            _ => None,
        }
    }

    /// What he may do in the workspace, and in its open projects by his role alone.
    pub fn rights(&self) -> Rights {
        self.limited(self.role.rights())
    }

    /// Every right he holds anywhere, in the workspace or on some project.
    pub fn holds(&self) -> Rights {
        let granted = self.grants.iter().map(|grant| grant.role.rights().in_project());
        self.limited(granted.fold(self.role.rights(), |rights, granted| rights | granted))
    }

    /// What he may do in a project: the union of the workspace role, where it reaches, and his grants there.
    pub fn rights_in(&self, project: ProjectFacts) -> Rights {
        let reaches = !project.private || self.rights().contains(Right::SeePrivateProjects);
        let by_role = if reaches { self.role.rights().in_project() } else { Rights::NONE };
        let granted = self.grants.iter().filter(|grant| grant.project == project.id);
        self.limited(granted.fold(by_role, |rights, grant| rights | grant.role.rights().in_project()))
    }

    /// A proof that he may, where the right is one of the workspace.
    pub fn may<R: Wanted>(self: &Arc<Self>) -> Result<May<R>, Refused> {
        May::prove(self, None)
    }

    /// A proof that he may in this project. One he cannot read answers like an unknown one.
    pub fn may_in<R: Wanted>(self: &Arc<Self>, project: ProjectFacts) -> Result<May<R>, Refused> {
        May::prove(self, Some(project))
    }

    /// The projects he may read.
    pub fn visible(&self) -> Visible {
        let reads = |rights: Rights| self.limited(rights.in_project()).contains(Right::Read);
        Visible {
            workspace: self.workspace,
            open: reads(self.role.rights()),
            private: reads(self.role.rights()) && self.rights().contains(Right::SeePrivateProjects),
            granted: self.grants.iter().filter(|grant| reads(grant.role.rights())).map(|grant| grant.project).collect(),
        }
    }

    /// How much of the people he sees.
    pub fn people(&self) -> People {
        let rights = self.rights();
        if rights.contains(Right::InviteMembers) || rights.contains(Right::ManageMembers) {
            People::WithAddresses
        } else if self.role == Role::Guest {
            People::OfMyProjects
        } else {
            People::Names
        }
    }

    /// Nobody without `own_workspace` acts on an owner or on an invitation to Owner.
    pub fn may_act_on(&self, target: Role) -> bool {
        target != Role::Owner || self.rights().contains(Right::OwnWorkspace)
    }

    /// Somebody with another role and other grants: nobody who is, so only [`Supposed`](super::Supposed) makes him.
    pub(super) fn with(&self, role: Role, grants: Vec<Grant>) -> Self {
        Self { role, grants, ..self.clone() }
    }

    fn limited(&self, rights: Rights) -> Rights {
        self.limit().map_or(rights, |limit| rights & limit)
    }
}
