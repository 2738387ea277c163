//! What stands around a page: navigation, notices, the last thing that happened.

use serde::{Deserialize, Serialize};

use super::parts::{Person, ProjectLink, WorkspaceLink};
use super::paths;

/// The frame of a page inside a workspace.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Name of the workspace.
    pub workspace: String,
    /// Its slug.
    pub slug: String,
    /// The other workspaces of this person.
    pub others: Vec<WorkspaceLink>,
    /// Who is signed in.
    pub person: Person,
    /// The page one is on.
    pub here: Place,
    /// Settings this person may open.
    pub settings: Settings,
    /// Projects this person may see, in order of their names.
    pub projects: Vec<ProjectLink>,
    /// States that last.
    pub notices: Vec<Notice>,
    /// What just happened.
    pub flash: Option<Flash>,
    /// Light, dark or as the system has it.
    pub theme: Theme,
    /// Whether this person runs the server.
    pub operator: bool,
    /// Whether the page is the answer to a form, so that its address may be none to read.
    pub is_answer: bool,
    /// The key of the project the page is of, if it is of one.
    pub project: Option<String>,
}

impl Frame {
    /// Where Settings leads: the first page of it this person may open.
    pub fn first_setting(&self) -> Option<String> {
        let Settings { users, general, projects, mail: _, api_keys, audit, server: _, service_accounts: _ } =
            self.settings;
        let slug = &self.slug;
        let users = users.map(|_| paths::users(slug));
        users
            .or_else(|| general.then(|| paths::general(slug)))
            .or_else(|| projects.then(|| paths::projects(slug)))
            .or_else(|| api_keys.then(|| paths::api_keys(slug)))
            .or_else(|| audit.then(|| paths::audit(slug)))
    }

    pub(super) fn manages_members(&self) -> bool {
        self.settings.service_accounts
    }

    pub(super) fn is_here(&self, place: Place) -> bool {
        self.here == place
    }
}

/// Entries of the settings navigation.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "an entry is there or it is not")]
pub struct Settings {
    /// Users, with the number of members.
    pub users: Option<u32>,
    /// Service accounts.
    pub service_accounts: bool,
    /// General.
    pub general: bool,
    /// Projects.
    pub projects: bool,
    /// Mail.
    pub mail: bool,
    /// API keys.
    pub api_keys: bool,
    /// The audit log.
    pub audit: bool,
    /// The server's own page, for its operators.
    pub server: bool,
}

/// Pages with an entry in the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The dashboard.
    Dashboard,
    /// The cases of a project.
    Cases,
    /// Settings > Users.
    Users,
    /// Settings > Roles and rights.
    Roles,
    /// Settings > Service accounts.
    ServiceAccounts,
    /// Settings > General.
    General,
    /// Settings > Projects.
    Projects,
    /// Settings > Properties.
    Properties,
    /// Settings > Fields.
    Fields,
    /// Settings > Mail.
    Mail,
    /// Settings > API keys.
    ApiKeys,
    /// Settings > Audit log.
    Audit,
    /// Search, which has none.
    Search,
}

/// A state that lasts, told on every page it matters to.
#[derive(Clone, Debug)]
pub enum Notice {
    /// No SMTP: links are copied by hand.
    CopyLinkMode,
    /// The mail channel is paused.
    MailPaused {
        /// The server's own words.
        words: String,
        /// Messages that wait.
        waiting: u32,
    },
    /// The person's address was never proved.
    Unverified {
        /// Which.
        address: String,
        /// Where to come back to.
        back: String,
    },
    /// The workspace's own mail is paused.
    WorkspaceMailPaused {
        /// Who did that.
        by: String,
        /// Messages that wait.
        waiting: u32,
        /// Settings > Mail, for those who may open it.
        page: Option<String>,
    },
    /// The page was opened under another host than the server's own address.
    OtherHost {
        /// The same page at the server's own address.
        url: String,
    },
}

/// What just happened. Travels in a cookie from the POST to the page after it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Flash {
    /// A batch was sent.
    Invited {
        /// Rows that became invitations.
        invited: u32,
        /// Rows that did not; repeats do not count.
        skipped: u32,
    },
    /// An invitation was revoked.
    InvitationRevoked {
        /// Whose.
        address: String,
    },
    /// An invitation was sent again.
    InvitationResent {
        /// To whom.
        address: String,
        /// Whether a mail goes; otherwise only the end counts anew.
        mailed: bool,
    },
    /// An invitation was revoked and another address invited in its place.
    InvitationCorrected {
        /// The wrong address.
        former: String,
        /// The right one.
        address: String,
    },
    /// An invitation grants something else, or ends at another time.
    InvitationChanged {
        /// Whose.
        address: String,
    },
    /// Somebody became the inviter of an invitation on hold.
    InvitationSponsored {
        /// Whose.
        address: String,
    },
    /// Something could not be done with an invitation.
    InvitationKept {
        /// Whose.
        address: String,
        /// Why, as a sentence.
        why: String,
    },
    /// Nothing was chosen.
    NothingChosen,
    /// An action came too late for an invitation.
    InvitationEnded {
        /// Whose.
        address: String,
    },
    /// The workspace has a new name.
    WorkspaceRenamed {
        /// The new name.
        name: String,
    },
    /// A case was written.
    CaseWritten {
        /// Its key: `WEB-123`.
        key: String,
    },
    /// A case was changed.
    CaseSaved {
        /// Its key.
        key: String,
    },
    /// Files hang on a case.
    FilesAdded {
        /// How many.
        count: u32,
    },
    /// A file was taken off a case.
    FileRemoved {
        /// What it is called.
        name: String,
        /// The workspace's slug, for taking it back.
        workspace: String,
        /// The project's key.
        project: String,
        /// Which file.
        id: String,
        /// The number of the case.
        case: String,
    },
    /// A version of a case was taken up again.
    VersionRestored {
        /// Which.
        version: i64,
    },
    /// A version of a case has another name.
    VersionNamed {
        /// Which.
        version: i64,
    },
    /// Something was said about a case in review.
    Reviewed {
        /// Its key.
        key: String,
        /// Where it stands then.
        state: String,
    },
    /// A folder was made.
    FolderMade {
        /// Its name.
        name: String,
    },
    /// A folder was renamed.
    FolderRenamed {
        /// Its new name.
        name: String,
    },
    /// A folder was moved.
    FolderMoved {
        /// Its name.
        name: String,
    },
    /// A folder or cases went into the trash.
    Trashed {
        /// The folder's name; `None` for cases alone.
        folder: Option<String>,
        /// How many cases.
        cases: u64,
        /// The workspace's slug.
        workspace: String,
        /// The project's key.
        project: String,
        /// The act, to be taken back.
        act: String,
    },
    /// What was in the trash is back.
    Restored {
        /// The folder's name; `None` for cases alone.
        folder: Option<String>,
        /// How many cases.
        cases: u64,
    },
    /// Cases were moved.
    CasesMoved {
        /// How many.
        moved: usize,
        /// How many were gone.
        skipped: usize,
        /// The folder's name; empty for none.
        into: String,
        /// The workspace's slug.
        workspace: String,
        /// The project's key.
        project: String,
        /// The change set, to be taken back.
        change: String,
        /// The page to come back to.
        back: String,
    },
    /// Cases were given values.
    CasesEdited {
        /// How many.
        changed: i64,
        /// How many said so already.
        same: i64,
        /// How many were passed over.
        skipped: i64,
        /// The workspace's slug.
        workspace: String,
        /// The project's key.
        project: String,
        /// The change set, to be taken back.
        change: String,
        /// The page to come back to.
        back: String,
    },
    /// Cases are as they were before.
    CasesBack {
        /// How many.
        back: i64,
        /// How many were passed over.
        skipped: i64,
    },
    /// Cases were cloned.
    CasesCloned {
        /// How many.
        cloned: usize,
        /// How many were gone.
        skipped: usize,
        /// Those the project could not take, each with why.
        passed_over: Vec<String>,
        /// The project's name.
        into: String,
        /// Where its cases are.
        href: String,
    },
    /// A list was saved under a name.
    ViewSaved {
        /// The name.
        name: String,
    },
    /// A saved list is no more.
    ViewDeleted,
    /// Something could not be done.
    NotDone {
        /// Why, in sentences.
        why: String,
    },
    /// Settings of the server or the workspace were saved.
    SettingsSaved,
    /// The workspace went into the trash.
    WorkspaceDeleted {
        /// Its name.
        name: String,
    },
    /// A workspace was taken out of the trash.
    WorkspaceRestored,
    /// A project was created.
    ProjectCreated {
        /// Its key.
        key: String,
        /// Its name.
        name: String,
    },
    /// A project was changed.
    ProjectSaved {
        /// Its name.
        name: String,
    },
    /// A value of a property, a field, an option or a label was saved.
    Saved {
        /// What it is called.
        name: String,
    },
    /// A value of a property was archived.
    ValueArchived {
        /// What it is called.
        name: String,
        /// Cases that got another one.
        cases: u64,
    },
    /// A label was deleted, or became one with another.
    LabelGone {
        /// What it was called.
        name: String,
        /// Cases that had it.
        cases: u64,
    },
    /// A field went into the trash.
    FieldDeleted {
        /// What it is called.
        name: String,
        /// Cases that had a value.
        cases: i64,
    },
    /// A project was archived.
    ProjectArchived {
        /// Its name.
        name: String,
    },
    /// A project was reopened.
    ProjectReopened {
        /// Its name.
        name: String,
    },
    /// A project went into the trash.
    ProjectDeleted {
        /// Its name.
        name: String,
    },
    /// A project was taken out of the trash.
    ProjectRestored {
        /// Its name.
        name: String,
    },
    /// A service account was made.
    ServiceAccountMade {
        /// Its name.
        name: String,
    },
    /// An API key was revoked.
    ApiKeyRevoked {
        /// Its name.
        name: String,
    },
    /// Something was done to members.
    MembersChanged {
        /// What, as in addresses.
        deed: String,
        /// To whom, if to one.
        name: Option<String>,
        /// To how many.
        changed: u32,
        /// To how many it could not be done.
        skipped: u32,
        /// How to take it back.
        undo: Option<Undo>,
    },
    /// The workspace's mail was paused.
    MailPaused,
    /// The workspace's mail flows again.
    MailResumed,
    /// Waiting mail is tried now.
    MailRetried {
        /// How many messages.
        messages: usize,
    },
    /// The mail server was set.
    MailServerSaved {
        /// Its host.
        host: String,
    },
    /// The mail server was removed.
    MailServerRemoved,
    /// The mail of the whole server was paused.
    AllMailPaused,
    /// The mail of the whole server flows again.
    AllMailResumed,
    /// Paused mail is tried at once.
    AllMailProbed,
    /// The person became a member.
    Joined {
        /// Of this workspace.
        workspace: String,
    },
    /// Another invitation was opened since the form was shown; nothing was done.
    AnotherInvitation,
    /// The session ended.
    SignedOut,
    /// A new password was set by a link.
    PasswordReset,
    /// A link to prove an address is on its way.
    VerificationSent {
        /// To whom.
        address: String,
    },
    /// An address was proved.
    AddressVerified {
        /// Which.
        address: String,
    },
    /// Another address is the primary one.
    PrimaryChanged {
        /// Which.
        address: String,
    },
    /// An address was removed.
    AddressRemoved {
        /// Which.
        address: String,
    },
    /// The person has another name.
    NameChanged {
        /// The new name.
        name: String,
    },
    /// The person has another password.
    PasswordChanged,
    /// The person is no member any more.
    Left {
        /// Of this workspace.
        workspace: String,
    },
    /// The account is gone.
    AccountDeleted,
    /// Sessions were ended.
    SessionsEnded {
        /// How many.
        ended: u64,
    },
}

/// A deed that takes another one back.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Undo {
    /// The workspace's slug.
    pub workspace: String,
    /// The deed, as in addresses.
    pub deed: String,
    /// The role to give back.
    pub role: Option<String>,
    /// Id and standing of the member, as forms post them.
    pub member: String,
}

/// Colours of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// Value of `data-theme`; empty leaves it to the system.
    pub fn name(self) -> &'static str {
        match self {
            Self::System => "",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// The frame of a page outside workspaces.
#[derive(Clone, Debug, Default)]
pub struct Bare {
    /// What just happened.
    pub flash: Option<Flash>,
    /// Light, dark or as the system has it.
    pub theme: Theme,
}

/// The frame of the pages about one's own account, which are of no workspace.
#[derive(Clone, Debug)]
pub struct Own {
    /// Who is signed in.
    pub person: Person,
    /// States that last.
    pub notices: Vec<Notice>,
    /// What just happened.
    pub flash: Option<Flash>,
    /// Light, dark or as the system has it.
    pub theme: Theme,
    /// Whether this person runs the server.
    pub operator: bool,
}
