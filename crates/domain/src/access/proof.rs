//! Proofs. A verb or query that needs a right takes one as an argument, so forgetting the check does not compile.

use std::{marker::PhantomData, sync::Arc};

use super::{
    member::{Member, ProjectFacts, Refused},
    right::{ManageProject, ManageWorkspace, Right, Rights},
};
use crate::{
    actor::Actor,
    id::{InvitationId, KeyId, MemberId, PersonId, ProjectId, SessionId, WorkspaceId},
    project::ProjectState,
    time::Time,
};

/// What a proof can be of.
pub trait Wanted: Send + Sync + 'static {
    /// Whether the member has it, in the project if one is given.
    fn check(member: &Member, project: Option<ProjectFacts>) -> Result<(), Refused>;
}

/// The marker of one right; `access::right` makes one for each.
pub trait Held: Send + Sync + 'static {
    /// The right.
    const RIGHT: Right;
}

impl<R: Held> Wanted for R {
    fn check(member: &Member, project: Option<ProjectFacts>) -> Result<(), Refused> {
        let rights = project.map_or_else(|| member.rights(), |project| member.rights_in(project));
        let state = project.map(|project| project.state).unwrap_or_default();
        if project.is_some() && !rights.contains(Right::Read) || state == ProjectState::Trashed {
            return Err(Refused::Unknown);
        }
        if !rights.contains(R::RIGHT) {
            return Err(Refused::Lacks { right: R::RIGHT, project: project.map(|project| project.id) });
        }
        (state == ProjectState::Active || !R::RIGHT.changes_content()).then_some(()).ok_or(Refused::Archived)
    }
}

/// Marks a proof that somebody may take this project out of the trash: who may delete it (product.md, "Covers").
#[derive(Clone, Copy, Debug)]
pub struct RestoreProject;

impl Wanted for RestoreProject {
    fn check(member: &Member, project: Option<ProjectFacts>) -> Result<(), Refused> {
        let project = project.ok_or(Refused::Unknown)?;
        let rights = member.rights_in(project);
        match (rights.contains(Right::Read), rights.contains(Right::ManageProject)) {
            (false, _) => Err(Refused::Unknown),
            (true, false) => Err(Refused::Lacks { right: Right::ManageProject, project: Some(project.id) }),
            (true, true) => (project.state == ProjectState::Trashed).then_some(()).ok_or(Refused::Unknown),
        }
    }
}

/// Marks a proof of being an active member, whatever the role.
#[derive(Clone, Copy, Debug)]
pub struct Membership;

impl Wanted for Membership {
    fn check(_: &Member, _: Option<ProjectFacts>) -> Result<(), Refused> {
        Ok(())
    }
}

/// A member may do `R` in one scope, as far as was known when the request came in. Enough to read;
/// to write, show it to the transaction again and get a [`Still`].
#[derive(Clone, Debug)]
pub struct May<R> {
    member: Arc<Member>,
    project: Option<ProjectFacts>,
    right: PhantomData<R>,
}

impl<R: Wanted> May<R> {
    pub(super) fn prove(member: &Arc<Member>, project: Option<ProjectFacts>) -> Result<Self, Refused> {
        R::check(member, project)?;
        Ok(Self { member: Arc::clone(member), project, right: PhantomData })
    }

    /// Proves it again from what the transaction sees now. Only `store::access` may say what that is.
    ///
    /// `member` is the same membership read inside the transaction, `None` if it is no longer active; `project` is the
    /// proof's project, likewise, where it has one.
    pub fn recheck(&self, member: Option<Member>, project: Option<ProjectFacts>) -> Result<Still<R>, Refused> {
        let same = |fresh: &Member| fresh.id() == self.member.id() && fresh.via() == self.member.via();
        let member = member.filter(same).ok_or(Refused::Unknown)?;
        if project.map(|fresh| fresh.id) != self.project() {
            return Err(Refused::Unknown);
        }
        let may = Self::prove(&Arc::new(member), project)?;
        Ok(Still { may, stays: PhantomData })
    }
}

impl<R> May<R> {
    /// The workspace of the proof. Nothing else may name one, so crossing workspaces is impossible.
    pub fn workspace(&self) -> WorkspaceId {
        self.member.workspace()
    }

    /// Who may.
    pub fn member(&self) -> &Arc<Member> {
        &self.member
    }

    /// The project of the proof, if its right is one of a project.
    pub fn project(&self) -> Option<ProjectId> {
        self.project.map(|project| project.id)
    }

    /// The same with what decides about access to it.
    pub const fn facts(&self) -> Option<ProjectFacts> {
        self.project
    }
}

/// A [`May`] that the running transaction has read again. Functions that write demand it.
///
/// It is not `Send`, so it cannot be the result of a transaction and outlive it.
#[derive(Debug)]
pub struct Still<R> {
    may: May<R>,
    stays: PhantomData<*const ()>,
}

impl<R> std::ops::Deref for Still<R> {
    type Target = May<R>;
    fn deref(&self) -> &May<R> {
        &self.may
    }
}

impl<R: Wanted> Still<R> {
    /// What else the same member may: he was read in this very transaction.
    pub fn also<S: Wanted>(&self) -> Result<Still<S>, Refused> {
        Ok(Still { may: May::prove(self.member(), None)?, stays: PhantomData })
    }
}

/// Marks a proof that somebody may settle properties and fields: those of a project with `manage_project`, those of the
/// whole workspace with `manage_workspace` (product.md, "Covers"). Not in an archived project.
#[derive(Clone, Copy, Debug)]
pub struct Settle;

impl Wanted for Settle {
    fn check(member: &Member, project: Option<ProjectFacts>) -> Result<(), Refused> {
        let Some(facts) = project else { return ManageWorkspace::check(member, None) };
        ManageProject::check(member, project)?;
        (facts.state == ProjectState::Active).then_some(()).ok_or(Refused::Archived)
    }
}

/// What kind of account a key is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A person, who may also sign in.
    Person,
    /// A service account of the key's workspace, which has keys and nothing else.
    Service,
}

/// How somebody is signed in. A service account has no sessions, so what takes a session takes a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// By a browser session, for all his workspaces.
    Session(SessionId),
    /// By a key, for one workspace.
    Key {
        /// The key.
        id: KeyId,
        /// The workspace it is of.
        workspace: WorkspaceId,
        /// Whose kind of key it is.
        holder: Holder,
        /// The rights it is limited to, if any.
        limit: Option<Rights>,
        /// Until when it lives, if not for ever.
        ends_at: Option<Time>,
    },
}

impl Via {
    /// Until when it lives, where something minted by it must not outlive it.
    pub const fn ends_at(self) -> Option<Time> {
        match self {
            Self::Session(_) => None,
            Self::Key { ends_at, .. } => ends_at,
        }
    }
}

/// A person, or a service account, that has shown a live session or key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignedIn {
    /// Who.
    pub person: PersonId,
    /// How.
    pub via: Via,
}

impl SignedIn {
    /// Somebody whose session or key was found alive. Only `store::access` may say so.
    pub const fn found(person: PersonId, via: Via) -> Self {
        Self { person, via }
    }

    /// The session, where only a person at a browser may: password, addresses, joining.
    pub fn session(&self) -> Option<SessionId> {
        match self.via {
            Via::Session(id) => Some(id),
            Via::Key { .. } => None,
        }
    }

    /// Whether calls for the server as a whole accept this way in: a session, or a person's key without a `rights`
    /// limit.
    pub fn unlimited(&self) -> bool {
        matches!(self.via, Via::Session(_) | Via::Key { limit: None, holder: Holder::Person, .. })
    }

    /// Who it is, as events and answers name it.
    pub fn actor(&self) -> Actor {
        Actor::of(self.person, matches!(self.via, Via::Key { holder: Holder::Service, .. }))
    }
}

/// What kind of token somebody bears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// From the mail: bearing it proves the address.
    Mailed,
    /// From "copy link": proves nothing about the address.
    Copied,
    /// Typed from the mail together with the address: proves the address.
    Code,
}

impl TokenKind {
    /// Only something mailed to it verifies an address (invitations.md, Identity).
    pub const fn proves_address(self) -> bool {
        matches!(self, Self::Mailed | Self::Code)
    }
}

/// Somebody bears a live token of this invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Bearer {
    /// Of which invitation.
    pub invitation: InvitationId,
    /// Which token.
    pub kind: TokenKind,
}

impl Bearer {
    /// Somebody whose token was found alive. Only `store::access` may say so.
    pub const fn found(invitation: InvitationId, kind: TokenKind) -> Self {
        Self { invitation, kind }
    }
}

/// The server itself: workers, the command line, and look-ups that no person's right decides about.
#[derive(Clone, Copy, Debug)]
pub struct System {
    reason: &'static str,
}

impl System {
    /// The reason stands at the call, where a reader asks why no right is needed.
    pub fn because(reason: &'static str) -> Self {
        Self { reason }
    }

    /// Why.
    pub const fn reason(&self) -> &'static str {
        self.reason
    }
}

/// Who acts, as audit events name him.
impl<R> May<R> {
    /// The membership that acts.
    pub fn member_id(&self) -> MemberId {
        self.member.id()
    }

    /// The person who acts.
    pub fn person(&self) -> PersonId {
        self.member.person()
    }
}
