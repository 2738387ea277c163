//! What the audit log tells: something happened to something, with old and new values. Never a secret.

mod kinds;
mod sentence;

use std::{fmt, str::FromStr};

use serde_json::{Map, Value, json};

pub use kinds::{Kinds, REFUSED, UnknownKinds, group_name, groups};
pub use sentence::{ERASED, Part, in_words, plain, sentence};

use crate::{
    access::May,
    id::{PersonId, ProjectId, WorkspaceId},
};

macro_rules! events {
    ($($(#[$doc:meta])* $name:ident = $slug:literal, $sentence:literal;)*) => {
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

            /// What the log says of it, with slots; `event::sentence` fills them.
            const fn sentence(self) -> &'static str {
                match self { $(Self::$name => $sentence,)* }
            }
        }
    };
}

events! {
    /// A workspace was made.
    WorkspaceCreated = "workspace.created",
        "{who} made the workspace {target}";
    /// A workspace got another name.
    WorkspaceRenamed = "workspace.renamed",
        "{who} renamed the workspace from {name.old} to {name}";
    /// An owner took everything of a workspace with him.
    WorkspaceExported = "workspace.exported",
        "{who} exported the workspace {target}";
    /// A workspace went into the trash.
    WorkspaceDeleted = "workspace.deleted",
        "{who} deleted the workspace {target}";
    /// A workspace was taken out of the trash.
    WorkspaceRestored = "workspace.restored",
        "{who} restored the workspace {target}";
    /// A workspace's time in the trash was over.
    WorkspaceErased = "workspace.erased",
        "{who} erased a deleted workspace after 30 days";
    /// A workspace takes addresses of other domains.
    WorkspaceDomainsChanged = "workspace.domains_changed",
        "{who} changed whose addresses are invited[: allowed {allowed}][, blocked {blocked}]";
    /// Somebody tried what a rule of the workspace forbids.
    WorkspaceRefused = "workspace.refused",
        "{who} tried to {attempt} and was refused[ without the right {right}]";
    /// A project was made.
    ProjectCreated = "project.created",
        "{who} made the project {target}[ with the key {key}]";
    /// A project got another name, or became private or open.
    ProjectChanged = "project.changed",
        "{who} changed the project {target}[, name {name.old} to {name}][, private {private.old} to {private}][, review {review.old} to {review}][, description {description}]";
    /// A project is read and not written any more.
    ProjectArchived = "project.archived",
        "{who} archived the project {target}";
    /// An archived project is in use again.
    ProjectReopened = "project.reopened",
        "{who} reopened the project {target}";
    /// A project went into the trash.
    ProjectDeleted = "project.deleted",
        "{who} deleted the project {target}[ with the key {key.old}]";
    /// A project was taken out of the trash.
    ProjectRestored = "project.restored",
        "{who} restored the project {target}";
    /// A project's time in the trash was over.
    ProjectErased = "project.erased",
        "{who} erased the deleted project {target} after 30 days";
    /// Somebody tried to make or change a project and was refused.
    ProjectRefused = "project.refused",
        "{who} tried to {attempt} a project and was refused[ without the right {right}]";
    /// A test case was written.
    CaseCreated = "case.created",
        "{who} wrote the case {target}";
    /// A test case was saved with other values.
    CaseChanged = "case.changed",
        "{who} changed the case {target}[: {fields}]";
    /// What a version of a case says was taken up again.
    CaseVersionRestored = "case.version_restored",
        "{who} restored version {version} of the case {target}";
    /// A version of a case got a name, or lost it.
    CaseVersionNamed = "case.version_named",
        "{who} named version {version} of the case {target}[: {name}]";
    /// Somebody asked for a review of a case.
    CaseSubmitted = "case.submitted",
        "{who} asked for a review of the case {target}";
    /// Somebody took that back.
    CaseWithdrawn = "case.withdrawn",
        "{who} took the case {target} out of review";
    /// A reviewer found a case good.
    CaseApproved = "case.approved",
        "{who} found the case {target} ready";
    /// A reviewer sent a case back.
    CaseSentBack = "case.sent_back",
        "{who} sent the case {target} back[: {note}]";
    /// A file was hung on a case.
    CaseFileAdded = "case.file_added",
        "{who} attached {file} to the case {target}";
    /// A file was taken off a case.
    CaseFileRemoved = "case.file_removed",
        "{who} removed {file.old} from the case {target}";
    /// A file that was taken off a case hangs on it again.
    CaseFileRestored = "case.file_restored",
        "{who} attached {file} to the case {target} again";
    /// A file came for a case that is still being written.
    ProjectFileAdded = "project.file_added",
        "{who} sent {file} for a new case of {target}";
    /// Somebody tried what may not be done to a case.
    CaseRefused = "case.refused",
        "{who} tried to {attempt} a case and was refused[ without the right {right}]";
    /// A group of steps was written.
    StepGroupCreated = "step_group.created",
        "{who} wrote the step group {target}";
    /// A group of steps got another name or other steps.
    StepGroupChanged = "step_group.changed",
        "{who} changed the step group {target}[, name {name.old} to {name}]";
    /// A group of steps went; cases it stood in have its steps as their own.
    StepGroupDeleted = "step_group.deleted",
        "{who} deleted the step group {target}[, which stood in {cases} cases]";
    /// Somebody tried to change a group of steps and was refused.
    StepGroupRefused = "step_group.refused",
        "{who} tried to {attempt} a step group and was refused[ without the right {right}]";
    /// A folder was made.
    FolderCreated = "folder.created",
        "{who} made the folder {target}";
    /// A folder got another name.
    FolderRenamed = "folder.renamed",
        "{who} renamed the folder from {name.old} to {name}";
    /// A folder was moved, or put at another place in its own.
    FolderMoved = "folder.moved",
        "{who} moved the folder {target}[ from {folder.old}][ to {folder}]";
    /// A folder went into the trash with all in it.
    FolderDeleted = "folder.deleted",
        "{who} deleted the folder {target}[ with {cases.old} cases]";
    /// A folder was taken out of the trash.
    FolderRestored = "folder.restored",
        "{who} restored the folder {target}[ with {cases} cases]";
    /// Somebody tried to make or change a folder, or to take something out of the trash, and was refused.
    FolderRefused = "folder.refused",
        "{who} tried to {attempt} a folder and was refused[ without the right {right}]";
    /// A case was moved to another folder.
    CaseMoved = "case.moved",
        "{who} moved the case {target}[ from {folder.old}][ to {folder}]";
    /// Many cases were given values at once.
    CasesEdited = "case.many_edited",
        "{who} set {target} of {cases} cases at once";
    /// That was taken back.
    CasesEditUndone = "case.many_undone",
        "{who} took back setting {target} of {cases} cases";
    /// A case was copied.
    CaseCloned = "case.cloned",
        "{who} cloned the case {target}[ from {source}]";
    /// A case went into the trash.
    CaseDeleted = "case.deleted",
        "{who} deleted the case {target}";
    /// Cases were taken out of the trash.
    CasesRestored = "case.restored",
        "{who} restored the case {target}[ with all {cases} deleted together]";
    /// A property has one value more.
    PropertyAdded = "property.added",
        "{who} added {target} to the values of {property}";
    /// A value of a property got another name, colour or place, or became the default.
    PropertyChanged = "property.changed",
        "{who} changed {target} among the values of {property}[, name {name.old} to {name}][, colour {colour.old} to {colour}][, default {default}][, place {place}]";
    /// A value of a property is offered no more.
    PropertyArchived = "property.archived",
        "{who} archived {target} among the values of {property}[; {cases} cases have {replacement} instead]";
    /// A value of a property is offered again.
    PropertyReturned = "property.returned",
        "{who} offered {target} again among the values of {property}";
    /// A label was made.
    LabelCreated = "label.created",
        "{who} made the label {target}";
    /// A list of cases was saved under a name.
    ViewSaved = "view.saved",
        "{who} saved the view {target}[ for {everybody} on the project]";
    /// Such a list is no more.
    ViewDeleted = "view.deleted",
        "{who} deleted the view {target}[ of {everybody} on the project]";
    /// A label got another name or colour.
    LabelChanged = "label.changed",
        "{who} changed the label {target}[, name {name.old} to {name}][, colour {colour.old} to {colour}]";
    /// A label became one with another.
    LabelMerged = "label.merged",
        "{who} merged the label {target} into {into}[, on {cases} cases]";
    /// A label was deleted.
    LabelDeleted = "label.deleted",
        "{who} deleted the label {target}[, which {cases} cases had]";
    /// A field was made.
    FieldCreated = "field.created",
        "{who} made the field {target}[ of the kind {kind}]";
    /// A field got another name, place or default, or other options.
    FieldChanged = "field.changed",
        "{who} changed the field {target}[, name {name.old} to {name}][, required {required.old} to {required}][, default {default}][, place {place}][, option {option}]";
    /// A field went into the trash.
    FieldDeleted = "field.deleted",
        "{who} deleted the field {target}[, which {cases} cases had filled in]";
    /// A field was taken out of the trash.
    FieldRestored = "field.restored",
        "{who} restored the field {target}";
    /// Somebody tried to change properties, labels or fields and was refused.
    FieldRefused = "field.refused",
        "{who} tried to {attempt} and was refused[ without the right {right}]";
    /// Somebody was invited.
    InvitationCreated = "invitation.created",
        "{who} invited {target}[ as {role}][ and {projects}]";
    /// Somebody looked up a copied link, whose answer may tell that an account exists.
    InvitationLookedUp = "invitation.looked_up",
        "{who} looked up the copied link of {target}";
    /// An open invitation got another role, other projects or another end.
    InvitationChanged = "invitation.changed",
        "{who} changed the invitation of {target}[, role {role.old} to {role}][, projects {projects.old} to {projects}][, valid {days} days]";
    /// A mail went anew, with a new link.
    InvitationResent = "invitation.resent",
        "{who} sent the invitation of {target} again";
    /// Somebody else took an invitation on hold over as its inviter.
    InvitationSponsored = "invitation.sponsored",
        "{who} took the invitation of {target} over";
    /// Whoever bears an expired link asked for a new one.
    InvitationWanted = "invitation.wanted",
        "Somebody asked for a new link in place of {target}'s expired one";
    /// A link was copied.
    InvitationLinkCopied = "invitation.link_copied",
        "{who} copied the link of {target}";
    /// An invitation was taken back.
    InvitationRevoked = "invitation.revoked",
        "{who} revoked the invitation of {target}";
    /// An invitee joined.
    InvitationAccepted = "invitation.accepted",
        "{who} accepted the invitation of {target}";
    /// An invitee said no.
    InvitationDeclined = "invitation.declined",
        "The invitation of {target} was declined";
    /// The invitee became a member another way.
    InvitationSuperseded = "invitation.superseded",
        "The invitation of {target} became pointless: they joined another way";
    /// The clock ended an invitation.
    InvitationExpired = "invitation.expired",
        "The invitation of {target} expired";
    /// An inviter lost what he would grant.
    InvitationHeld = "invitation.held",
        "The invitation of {target} is on hold since {who} changed what its inviter may do";
    /// An inviter regained it.
    InvitationReleased = "invitation.released",
        "The invitation of {target} is open again since {who} changed what its inviter may do";
    /// Somebody tried what a rule forbids.
    InvitationRefused = "invitation.refused",
        "{who} tried to {attempt}[ {target}] and was refused[ without the right {right}]";
    /// A membership began.
    MemberJoined = "member.joined",
        "{who} joined[ as {role}][ and {projects}]";
    /// Role or project roles changed.
    MemberChanged = "member.changed",
        "{who} changed {target}[, role {role.old} to {role}][, projects {projects.old} to {projects}]";
    /// A member was shut out.
    MemberDeactivated = "member.deactivated",
        "{who} deactivated {target}";
    /// A member was let in again.
    MemberReactivated = "member.reactivated",
        "{who} let {target} in again";
    /// A member was removed by somebody else.
    MemberRemoved = "member.removed",
        "{who} removed {target}";
    /// A member left.
    MemberLeft = "member.left",
        "{who} left";
    /// A member's sessions were shut out of the workspace until he signs in anew.
    MemberShutOut = "member.shut_out",
        "{who} ended the sessions of {target} here";
    /// Somebody tried to change a member and was refused.
    MemberRefused = "member.refused",
        "{who} tried to {attempt}[ {target}] and was refused[ without the right {right}]";
    /// Somebody signed in.
    SessionOpened = "session.opened",
        "{who} signed in";
    /// Somebody signed out.
    SessionClosed = "session.closed",
        "{who} signed out";
    /// A sign-in failed.
    SessionRefused = "session.refused",
        "{who} tried to sign in[ as {target}] and was refused[ without the right {right}]";
    /// An API key was made.
    KeyCreated = "api_key.created",
        "{who} made the API key {target}";
    /// An API key was taken back.
    KeyRevoked = "api_key.revoked",
        "{who} revoked the API key {target}";
    /// Somebody tried to make or take back a key and was refused.
    KeyRefused = "api_key.refused",
        "{who} tried to {attempt} an API key and was refused[ without the right {right}]";
    /// A service account was made.
    ServiceCreated = "service_account.created",
        "{who} made the service account {target}[ as {role}]";
    /// Somebody tried to make a service account, or a key of one, and was refused.
    ServiceRefused = "service_account.refused",
        "{who} tried to {attempt} a service account and was refused[ without the right {right}]";
    /// The log was taken out as a file.
    AuditExported = "audit.exported",
        "{who} exported the audit log[ as {format}]";
    /// Somebody tried to take the log out and was refused.
    AuditRefused = "audit.refused",
        "{who} tried to {attempt} the audit log and was refused[ without the right {right}]";
    /// An operator set the mail server.
    MailServerChanged = "mail_server.changed",
        "{who} set the mail server {target}";
    /// An operator took the mail server away: links are copied by hand.
    MailServerRemoved = "mail_server.removed",
        "{who} removed the mail server {target}";
    /// An operator sent a test letter.
    MailServerTested = "mail_server.tested",
        "{who} sent a test letter by {target}[: {outcome}]";
    /// An operator paused the mail of the whole server.
    MailChannelPaused = "mail_channel.paused",
        "{who} paused all mail of the server";
    /// An operator let the mail of the whole server flow again.
    MailChannelResumed = "mail_channel.resumed",
        "{who} let the mail of the server flow again";
    /// An operator asked a paused channel to be tried at once.
    MailChannelProbed = "mail_channel.probed",
        "{who} had the paused mail of the server tried";
    /// The mail of a workspace was paused.
    MailPaused = "mail.paused",
        "{who} paused the mail of the workspace";
    /// The mail of a workspace flows again.
    MailResumed = "mail.resumed",
        "{who} let the mail of the workspace flow again";
    /// What waits was made due at once.
    MailRetried = "mail.retried",
        "{who} had waiting mail tried at once[: {messages}]";
    /// Somebody tried to pause, resume or retry mail and was refused.
    MailRefused = "mail.refused",
        "{who} tried to {attempt} mail and was refused";
    /// A person's account was made.
    PersonCreated = "person.created",
        "The account of {target} was made";
    /// An account nobody had proved began anew for whoever proved its address.
    PersonTakenOver = "person.taken_over",
        "{who} began the account of {target} anew";
    /// Somebody asked for a link to set a new password, whether or not the address has an account.
    PasswordResetAsked = "password.reset_asked",
        "A link to set a new password was asked for[ at {target}]";
    /// Somebody changed his password.
    PasswordChanged = "password.changed",
        "{who} changed the password";
    /// A new password was set by a link.
    PasswordReset = "password.reset",
        "{who} set a new password by a link";
    /// A person changed his name.
    PersonRenamed = "person.renamed",
        "{who} changed the name[, {target}]";
    /// A person gave up his account.
    PersonDeleted = "person.deleted",
        "{who} deleted the account";
    /// Somebody tried to change an account and was refused.
    PersonRefused = "person.refused",
        "{who} tried to {attempt} and was refused";
    /// Whoever has the server's command line gave somebody another password.
    PersonRescued = "person.rescued",
        "{who} gave {target} another password[ by {by}]";
    /// Somebody has the server as a whole in hand.
    OperatorAdded = "operator.added",
        "{who} made {target} an operator[ by {by}]";
    /// Somebody has it no more.
    OperatorRemoved = "operator.removed",
        "{who} ended that {target} is an operator[ by {by}]";
    /// Operators changed a setting of the server.
    ServerChanged = "server.changed",
        "{who} changed settings of the server";
    /// Somebody tried to change the server and was refused.
    ServerRefused = "server.refused",
        "{who} tried to {attempt} and was refused";
    /// A link to prove an address was asked for.
    AddressAsked = "address.asked",
        "{who} asked for a link to {target}";
    /// Another address of a person became the primary one.
    AddressMadePrimary = "address.made_primary",
        "{who} made {target} the primary address";
    /// A person has one address less, or does not wait for one any more.
    AddressRemoved = "address.removed",
        "{who} removed the address {target}";
    /// A person has one address more, which something mailed to it proved.
    AddressAdded = "address.added",
        "{who} added the address {target}";
    /// Something mailed to an address proved it.
    AddressVerified = "address.verified",
        "{who} proved the address {target}";
}

impl What {
    /// The thing it happens to, as in the name before the dot.
    pub fn group(self) -> &'static str {
        self.halves().0
    }

    /// What happened, in words: `link copied`.
    pub fn deed(self) -> String {
        self.halves().1.replace('_', " ")
    }

    /// Whether a rule forbade it.
    pub fn is_refusal(self) -> bool {
        self.halves().1 == "refused"
    }

    fn halves(self) -> (&'static str, &'static str) {
        self.slug().split_once('.').expect("a test holds that every name has a dot")
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

/// A name that is no event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no such event")]
pub struct UnknownEvent;

impl FromStr for What {
    type Err = UnknownEvent;
    fn from_str(text: &str) -> Result<Self, UnknownEvent> {
        Self::ALL.iter().copied().find(|what| what.slug() == text).ok_or(UnknownEvent)
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
    /// The project it happened in, where it is one.
    pub project: Option<ProjectId>,
    /// `{field: [old, new]}`.
    pub changes: Map<String, Value>,
}

impl Event {
    /// Something happened to the thing of this kind, id and name.
    pub fn new(what: What, kind: &'static str, id: impl fmt::Display, label: impl Into<String>) -> Self {
        Self { what, kind, id: id.to_string(), label: label.into(), project: None, changes: Map::new() }
    }

    /// With a field's old and new value.
    #[must_use]
    pub fn change(mut self, field: &str, old: impl Into<Value>, new: impl Into<Value>) -> Self {
        self.changes.insert(field.to_owned(), json!([old.into(), new.into()]));
        self
    }

    /// In this project.
    #[must_use]
    pub fn in_project(self, project: impl Into<Option<ProjectId>>) -> Self {
        Self { project: project.into(), ..self }
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
        let event = self.event.in_project(may.project());
        Self { workspace: Some(may.workspace()), actor: Some(may.person()), event }
    }

    /// By this person, if it is known who it is.
    #[must_use]
    pub fn by_person(self, actor: Option<PersonId>) -> Self {
        Self { actor, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_a_thing_a_dot_and_what_happened_to_it() {
        for what in What::ALL {
            let halves: Vec<_> = what.slug().split('.').collect();
            assert_eq!(halves.len(), 2, "{what}");
            assert_eq!(what.slug().parse(), Ok(*what));
        }
        assert_eq!("invitation.eaten".parse::<What>(), Err(UnknownEvent));
    }
}
