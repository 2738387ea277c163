//! Invite Team: the form, what became of each address, the copied link.

use askama::Template;

use super::frame::{Flash, Frame, Notice, Place};
use super::parts::{Field, Moment};
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

    /// Whether it is the right alone that is missing: no news to whoever never had it, where other things are shown.
    pub fn lacks_right(&self) -> bool {
        matches!(self, Self::NoRight { .. })
    }
}

/// The form of Invite Team, in the dialog and on its own page.
///
/// It posts `recipients` and `file` (a list or a table; both are read, one behind the other), `message`, `role`, `scope`
/// (`all`, `more` or `only`), for each chosen project `project=KEY` and for every project `project_role=KEY:role` (`KEY:`
/// alone for the same role), `expires_in_days`, `send_email=true`, `idempotency_key`, `origin` (`dialog` or `page`, the view
/// to answer with) and, from the button that only checks, `check=true`.
#[derive(Clone, Debug)]
pub struct InviteForm {
    /// What stands in it.
    pub state: Typing,
    /// The text as pasted, and what is wrong with the batch as a whole.
    pub recipients: Field,
    /// What would become of the addresses, after a check or a refusal.
    pub checked: Option<Checked>,
    /// The inviter's words.
    pub message: Field,
    /// Roles in the workspace, and what is wrong with the chosen one.
    pub roles: Vec<RoleChoice>,
    /// What is wrong with the chosen role.
    pub role_error: Option<String>,
    /// In which projects.
    pub scope: Scope,
    /// The projects one can choose from.
    pub projects: Vec<ProjectChoice>,
    /// What is wrong with the chosen projects.
    pub projects_error: Option<String>,
    /// How long the link is valid, in days from 1 to 90.
    pub days: Field,
    /// Whether mails can be sent at all.
    pub mail: bool,
    /// Whether mails shall be sent.
    pub send_email: bool,
    /// What the day has left, where it is limited.
    pub quota: Option<Quota>,
    /// Whether this person may let deactivated members in again.
    pub may_reactivate: bool,
    /// Makes a second click the same request.
    pub idempotency_key: String,
}

/// What stands in a form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Typing {
    /// Nothing yet; a draft the browser has kept may fill it.
    #[default]
    None,
    /// What somebody typed.
    Kept,
    /// The same, in the dialog, which stands open.
    Open,
}

impl InviteForm {
    /// The addresses to look at.
    pub(super) fn attention(&self) -> &[Outcome] {
        self.checked.as_ref().map_or(&[], |checked| &checked.outcomes)
    }

    /// That some roles on projects add nothing, or nothing.
    pub(super) fn idle(&self) -> String {
        match self.checked.as_ref().map_or(&[][..], |checked| &checked.idle) {
            [] => String::new(),
            idle => format!("{}: adds nothing to the role above.", idle.join(", ")),
        }
    }

    /// The button says what it will do, once that is known.
    pub(super) fn send_label(&self) -> String {
        match &self.checked {
            Some(Checked { invite, skip, .. }) if *invite > 0 && *skip > 0 => format!("Invite {invite}, skip {skip}"),
            _ => "Send Invite".to_owned(),
        }
    }
}

/// What a dry run says.
#[derive(Clone, Debug)]
pub struct Checked {
    /// How many would be invited.
    pub invite: usize,
    /// How many would not.
    pub skip: usize,
    /// How many stand in the list a second time.
    pub merged: usize,
    /// The addresses to look at: skipped, or perhaps misspelt.
    pub outcomes: Vec<Outcome>,
    /// Roles on projects that add nothing: `Read Only on WEB`.
    pub idle: Vec<String>,
}

impl Checked {
    /// `17 to invite, 3 to skip, 1 repeat merged.`
    pub(super) fn summary(&self) -> String {
        let mut words = vec![format!("{} to invite", self.invite)];
        words.extend((self.skip > 0).then(|| format!("{} to skip", self.skip)));
        words.extend((self.merged > 0).then(|| match self.merged {
            1 => "1 repeat merged".to_owned(),
            merged => format!("{merged} repeats merged"),
        }));
        words.join(", ") + "."
    }
}

/// What a day has left.
#[derive(Clone, Debug)]
pub struct Quota {
    /// How many more today.
    pub left: i64,
    /// When the day ends.
    pub resets: Moment,
}

impl Quota {
    pub(super) fn words(&self) -> String {
        format!("{} left today, more {}.", self.left, self.resets.text)
    }
}

/// Where the role shall hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// All open projects.
    #[default]
    All,
    /// All open projects, and another role on the chosen ones.
    More,
    /// Only the chosen ones.
    Only,
}

impl Scope {
    /// From the form's `scope`; anything unknown means all.
    pub fn of(value: &str) -> Self {
        match value {
            "only" => Self::Only,
            "more" => Self::More,
            _ => Self::All,
        }
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
    /// Why this person cannot grant it, if so.
    pub why_not: Option<String>,
    /// Chosen now.
    pub chosen: bool,
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
    /// The roles on it; none is chosen for the same role.
    pub roles: Vec<RoleChoice>,
}

impl ProjectChoice {
    pub(super) fn is_same_role(&self) -> bool {
        !self.roles.iter().any(|role| role.chosen)
    }
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
    /// The new invitation or the open one in the way, for Copy link.
    pub invitation: Option<String>,
    /// The deactivated member in the way, for Reactivate.
    pub deactivated: Option<String>,
    /// What the row gives this one other than the rest: a name, a role, projects, days.
    pub own: Vec<String>,
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

/// The result of a batch: every piece once, grouped.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The key it is kept under.
    pub key: String,
    /// Whether mails went out; otherwise each link is copied by hand.
    pub mailed: bool,
    /// Those who were invited.
    pub invited: Vec<Outcome>,
    /// Those who were not.
    pub skipped: Vec<Outcome>,
    /// Pieces whose address stands earlier in the list.
    pub repeated: Vec<Outcome>,
}

impl Batch {
    /// So many names can be taken in at a glance; more are folded away.
    const GLANCE: usize = 20;

    pub(super) fn is_short(group: &[Outcome]) -> bool {
        group.len() <= Self::GLANCE
    }

    /// Whether anything can be mended and sent again.
    pub(super) fn can_be_mended(&self) -> bool {
        self.skipped.iter().any(|outcome| outcome.state.is_bad())
    }
}

/// The links of a batch, shown in this one answer.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/copied_links.html")]
pub struct CopiedLinks {
    /// Around the page.
    pub frame: Frame,
    /// Address and link of each.
    pub links: Vec<(String, String)>,
}

impl CopiedLinks {
    /// One line each, address and link, as spreadsheets and mail merges read it.
    fn lines(&self) -> String {
        self.links.iter().map(|(address, link)| format!("{address}\t{link}")).collect::<Vec<_>>().join("\n")
    }
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
