//! What the audit log tells: something happened to something, with old and new values. Never a secret.

use std::fmt;

use serde_json::{Map, Value, json};

use crate::{
    access::May,
    id::{PersonId, WorkspaceId},
};

macro_rules! events {
    ($($(#[$doc:meta])* $name:ident = $slug:literal;)*) => {
        /// What happened.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum What { $($(#[$doc])* $name,)* }

        impl What {
            /// Every kind there is.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The name in API and tables: the thing, a dot, what happened to it.
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$name => $slug,)* }
            }
        }
    };
}

events! {
    /// A workspace was made.
    WorkspaceCreated = "workspace.created";
    /// A workspace got another name.
    WorkspaceRenamed = "workspace.renamed";
    /// Somebody tried what a rule of the workspace forbids.
    WorkspaceRefused = "workspace.refused";
    /// A project was made.
    ProjectCreated = "project.created";
    /// Somebody tried to make a project and was refused.
    ProjectRefused = "project.refused";
    /// Somebody was invited.
    InvitationCreated = "invitation.created";
    /// Somebody looked up a copied link, whose answer may tell that an account exists.
    InvitationLookedUp = "invitation.looked_up";
    /// A link was copied.
    InvitationLinkCopied = "invitation.link_copied";
    /// An invitation was taken back.
    InvitationRevoked = "invitation.revoked";
    /// An invitee joined.
    InvitationAccepted = "invitation.accepted";
    /// An invitee said no.
    InvitationDeclined = "invitation.declined";
    /// The invitee became a member another way.
    InvitationSuperseded = "invitation.superseded";
    /// The clock ended an invitation.
    InvitationExpired = "invitation.expired";
    /// An inviter lost what he would grant.
    InvitationHeld = "invitation.held";
    /// An inviter regained it.
    InvitationReleased = "invitation.released";
    /// Somebody tried what a rule forbids.
    InvitationRefused = "invitation.refused";
    /// A membership began.
    MemberJoined = "member.joined";
    /// Role or project roles changed.
    MemberChanged = "member.changed";
    /// A member was shut out.
    MemberDeactivated = "member.deactivated";
    /// A member was let in again.
    MemberReactivated = "member.reactivated";
    /// A member was removed by somebody else.
    MemberRemoved = "member.removed";
    /// A member left.
    MemberLeft = "member.left";
    /// A member's sessions were shut out of the workspace until he signs in anew.
    MemberShutOut = "member.shut_out";
    /// Somebody tried to change a member and was refused.
    MemberRefused = "member.refused";
    /// Somebody signed in.
    SessionOpened = "session.opened";
    /// Somebody signed out.
    SessionClosed = "session.closed";
    /// A sign-in failed.
    SessionRefused = "session.refused";
    /// An API key was made.
    KeyCreated = "api_key.created";
    /// An API key was taken back.
    KeyRevoked = "api_key.revoked";
    /// Somebody tried to make or take back a key and was refused.
    KeyRefused = "api_key.refused";
    /// A person's account was made.
    PersonCreated = "person.created";
    /// An account nobody had proved began anew for whoever proved its address.
    PersonTakenOver = "person.taken_over";
    /// Something mailed to an address proved it.
    AddressVerified = "address.verified";
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

/// One event, without who and when: the store adds these from proof and clock.
#[derive(Clone, Debug)]
pub struct Event {
    /// What happened.
    pub what: What,
    /// The noun of the thing it happened to: `invitation`, `member`.
    pub kind: &'static str,
    /// The thing's id in its outer form.
    pub id: String,
    /// How the thing was called then. A personal value: it is stored apart.
    pub label: String,
    /// `{field: [old, new]}`.
    pub changes: Map<String, Value>,
}

impl Event {
    /// Something happened to the thing of this kind, id and name.
    pub fn new(what: What, kind: &'static str, id: impl fmt::Display, label: impl Into<String>) -> Self {
        Self { what, kind, id: id.to_string(), label: label.into(), changes: Map::new() }
    }

    /// With a field's old and new value.
    #[must_use]
    pub fn change(mut self, field: &str, old: impl Into<Value>, new: impl Into<Value>) -> Self {
        self.changes.insert(field.to_owned(), json!([old.into(), new.into()]));
        self
    }
}

/// What somebody sets out to do: noted in the log if a rule refuses it. Source: invitations.md, "Audit".
#[derive(Clone, Debug)]
pub struct Attempt {
    /// Where; `None` until the target tells, or if it is of no workspace.
    pub workspace: Option<WorkspaceId>,
    /// Who, if that is known.
    pub actor: Option<PersonId>,
    /// What is written then: a kind that ends in `.refused`.
    pub event: Event,
}

impl Attempt {
    /// Somebody sets out to do this `deed` to the thing of this kind and id.
    pub fn new(refused: What, kind: &'static str, id: impl fmt::Display, deed: &str) -> Self {
        let event = Event::new(refused, kind, id, "").change("attempt", (), deed);
        Self { workspace: None, actor: None, event }
    }

    /// By whoever has this proof, in its workspace.
    #[must_use]
    pub fn by<R>(self, may: &May<R>) -> Self {
        Self { workspace: Some(may.workspace()), actor: Some(may.person()), ..self }
    }

    /// By this person, if it is known who it is.
    #[must_use]
    pub fn by_person(self, actor: Option<PersonId>) -> Self {
        Self { actor, ..self }
    }
}
