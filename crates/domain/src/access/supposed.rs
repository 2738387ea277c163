//! A member as he would be after a change: to be judged beforehand, never to prove anything.

use super::{
    ceiling::Grants,
    member::{Grant, Member},
    right::{Right, Rights},
    role::Role,
};

/// A member as he would be. It makes no [`May`](super::May), whatever rights it tells.
#[derive(Clone, Debug)]
pub struct Supposed(Member);

impl Supposed {
    /// As this member, who need not be active.
    pub const fn of(member: Member) -> Self {
        Self(member)
    }

    /// With another role and other roles on projects.
    #[must_use]
    pub fn with(&self, role: Role, grants: Vec<Grant>) -> Self {
        Self(self.0.with(role, grants))
    }

    /// The roles on projects.
    pub fn grants(&self) -> &[Grant] {
        self.0.grants()
    }

    /// Whether invitations that grant this would stand behind him: he may invite, and could grant all of it (T12).
    pub fn backs(&self, grants: &Grants) -> bool {
        self.rights().contains(Right::InviteMembers) && self.0.may_grant(grants).is_ok()
    }

    /// What he could do in the workspace, and in its open projects by his role alone.
    pub fn rights(&self) -> Rights {
        self.0.rights()
    }
}
