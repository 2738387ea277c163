//! Invite Team: the form, what became of each address, the copied link.

use askama::Template;

use super::frame::{Flash, Frame, Notice, Place};
use super::parts::Moment;
use super::{filters, paths};

/// Why Invite Users works, or why not and what to do (P1).
#[derive(Clone, Debug)]
pub enum Inviting {
    /// One may, and there is a project.
    Ready,
    /// Nobody can be invited before there is a project.
    NoProject {
        /// Whether this person may create one.
        may_create: bool,
    },
    /// The right Invite members is missing.
    NoRight {
        /// Who has it: `Priya Raman and 2 others`.
        who: String,
    },
}

impl Inviting {
    /// Whether the button is offered.
    pub fn is_ready(&self) -> bool {
        matches!(self, Self::Ready)
    }
}

/// The form of Invite Team, in the dialog and on its own page.
///
/// It posts `recipients`, `role`, `scope` (`all` or `only`), for each chosen project `project=KEY` and for every project
/// `project_role=KEY:role` (`KEY:` alone for the same role), `expires_in_days`, `send_email=true`, `idempotency_key` and
/// `origin` (`dialog` or `page`, the view to answer a 422 with).
#[derive(Clone, Debug)]
pub struct InviteForm {
    /// Whether the dialog stands open, after a 422.
    pub open: bool,
    /// The text as pasted.
    pub recipients: String,
    /// What is wrong with the batch as a whole.
    pub error: Option<String>,
    /// After a 422: each address that cannot be invited.
    pub outcomes: Vec<Outcome>,
    /// Roles this person may grant.
    pub roles: Vec<RoleChoice>,
    /// In which projects.
    pub scope: Scope,
    /// Projects this person may grant roles on.
    pub projects: Vec<ProjectChoice>,
    /// How long the link is valid, in days from 1 to 90.
    pub days: u8,
    /// Whether mails can be sent at all.
    pub mail: bool,
    /// Whether mails shall be sent.
    pub send_email: bool,
    /// Makes a second click the same request.
    pub idempotency_key: String,
}

impl InviteForm {
    /// Offered periods, with the chosen one among them.
    pub(super) fn periods(&self) -> Vec<u8> {
        let mut days = vec![1, 3, 7, 14, 30, 90, self.days];
        days.sort_unstable();
        days.dedup();
        days
    }
}

/// Where the role shall hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// All open projects.
    #[default]
    All,
    /// Only the chosen ones.
    Only,
}

impl Scope {
    /// From the form's `scope`; anything but `only` means all.
    pub fn of(value: &str) -> Self {
        if value == "only" { Self::Only } else { Self::All }
    }
}

/// A role in the form.
#[derive(Clone, Debug)]
pub struct RoleChoice {
    /// For example `read_only`.
    pub slug: String,
    /// For example `Read Only`.
    pub name: String,
    /// One line: what the role can do.
    pub can: String,
    /// Chosen now.
    pub chosen: bool,
    /// Whether it can be granted on a project.
    pub on_projects: bool,
}

/// A project in the form.
#[derive(Clone, Debug)]
pub struct ProjectChoice {
    /// The key.
    pub key: String,
    /// The name.
    pub name: String,
    /// Seen only by those with a grant.
    pub private: bool,
    /// Chosen now.
    pub chosen: bool,
    /// Slug of its own role; empty for the same role.
    pub role: String,
}

/// What became of one piece of the pasted text.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The piece as it was typed.
    pub input: String,
    /// What became of it.
    pub state: OutcomeState,
    /// The reason in words, where the state alone does not say it.
    pub detail: Option<String>,
    /// The new invitation, for Copy link.
    pub invitation: Option<String>,
}

/// States of an outcome, as in the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutcomeState {
    /// An invitation was made.
    Invited,
    /// The address belongs to a member.
    AlreadyMember,
    /// An open invitation exists.
    AlreadyInvited,
    /// The same address stands earlier in the list.
    Duplicate,
    /// Not an address.
    Invalid,
    /// A rule of the workspace, or a right, forbids it.
    NotAllowed,
}

impl OutcomeState {
    pub(super) fn is_bad(self) -> bool {
        matches!(self, Self::Invalid | Self::NotAllowed)
    }
}

/// The result of a batch: every piece once.
#[derive(Clone, Debug)]
pub struct Batch {
    /// How many were invited.
    pub invited: u32,
    /// How many were not; repeats do not count.
    pub skipped: u32,
    /// Whether mails went out; otherwise each link is copied by hand.
    pub mailed: bool,
    /// In the order of the text.
    pub outcomes: Vec<Outcome>,
}

/// Invite Team as a page of its own.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/invite.html")]
pub struct Invite {
    /// Around the page.
    pub frame: Frame,
    /// Whether one may invite.
    pub inviting: Inviting,
    /// The form.
    pub form: InviteForm,
}

/// A link, shown in this one answer.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/copied_link.html")]
pub struct CopiedLink {
    /// Around the page.
    pub frame: Frame,
    /// For whom it is.
    pub address: String,
    /// The link itself.
    pub url: String,
    /// Its end.
    pub expires: Moment,
}
