//! Members: their list on Settings > Users, the page of one, and what a change would do before it is done.

use askama::Template;

use super::frame::{Flash, Frame, Notice, Place};
use super::parts::{Choice, Face, Grant, Moment};
use super::{filters, paths};

/// Members, one page of them.
#[derive(Clone, Debug, Default)]
pub struct Members {
    /// How many there are.
    pub count: u32,
    /// How many were asked for, if that is fewer.
    pub found: Option<u32>,
    /// Whether addresses and last visits are shown.
    pub details: bool,
    /// What the list was asked for.
    pub asked: Asked,
    /// This page's rows.
    pub rows: Vec<MemberRow>,
    /// Address of the next page.
    pub more: Option<String>,
    /// Address of the first page, from a later one.
    pub first: Option<String>,
    /// Roles one may give to several at once; empty for those who may not.
    pub roles: Vec<Choice>,
}

/// Search, filters and order as they were asked for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Whether anything was.
    pub any: bool,
    /// Words as typed.
    pub q: String,
    /// Roles to choose from.
    pub roles: Vec<Choice>,
    /// States to choose from.
    pub states: Vec<Choice>,
    /// Projects to choose from.
    pub projects: Vec<Choice>,
    /// Only those not seen since they joined.
    pub unseen: bool,
    /// The order, for the form to keep.
    pub sort: String,
    /// The columns that sort.
    pub by_name: Column,
    /// The same.
    pub by_role: Column,
    /// The same.
    pub by_seen: Column,
}

/// The head of a column that sorts.
#[derive(Clone, Debug, Default)]
pub struct Column {
    /// Where it leads.
    pub address: String,
    /// `ascending` or `descending`, if the list is sorted by it.
    pub sorted: Option<&'static str>,
}

/// One member.
#[derive(Clone, Debug)]
pub struct MemberRow {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// Initials.
    pub face: Face,
    /// This is who reads the page.
    pub you: bool,
    /// The primary address, or empty.
    pub email: String,
    /// Roles.
    pub grants: Vec<Grant>,
    /// The last request.
    pub last_seen: Option<Moment>,
    /// A service account, which acts by keys alone.
    pub service: bool,
    /// Shut out, with everything kept.
    pub deactivated: bool,
}

/// The page of one member.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/member.html")]
pub struct Member {
    /// Around the page.
    pub frame: Frame,
    /// Who.
    pub row: MemberRow,
    /// Whether address and last visit are shown.
    pub details: bool,
    /// Whether something mailed to the address proved it.
    pub verified: bool,
    /// Since when.
    pub joined: Moment,
    /// The role in the workspace.
    pub role: String,
    /// What it allows, as a sentence.
    pub can: String,
    /// Roles one may give; empty for those who may not change it.
    pub roles: Vec<Choice>,
    /// Why not, where one might expect to.
    pub locked: Option<String>,
    /// What may be done beside.
    pub deeds: Deeds,
    /// Roles held on projects that the reader sees.
    pub held: Vec<HeldRow>,
    /// Projects on which the reader may give a first role.
    pub more_projects: Vec<Choice>,
    /// Roles to give there.
    pub on_projects: Vec<Choice>,
}

/// What the reader may do to the member.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each deed is allowed or not, whatever the others are")]
pub struct Deeds {
    /// Shut out, with everything kept.
    pub deactivate: bool,
    /// Let in again.
    pub reactivate: bool,
    /// End the membership.
    pub remove: bool,
    /// End what the sessions reach here.
    pub shut_out: bool,
}

impl Member {
    fn may_regrant(&self) -> bool {
        !self.more_projects.is_empty() || self.held.iter().any(|held| !held.choices.is_empty())
    }
}

impl Deeds {
    fn any(self) -> bool {
        self.deactivate || self.reactivate || self.remove || self.shut_out
    }
}

/// A role held on a project.
#[derive(Clone, Debug)]
pub struct HeldRow {
    /// The project's key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Seen only by those with a grant.
    pub private: bool,
    /// The role there.
    pub role: String,
    /// The workspace role allows all of it anyway.
    pub adds_nothing: bool,
    /// What it may become, `KEY role` each and the bare key for none; empty if the reader may not change it.
    pub choices: Vec<Choice>,
}

/// What a deed would change, for one member or several, with one button to do it.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/review.html")]
pub struct Review {
    /// Around the page.
    pub frame: Frame,
    /// The deed, as the form posts it.
    pub deed: DeedKind,
    /// The role to be given.
    pub role: Option<Choice>,
    /// Roles wanted on projects, as the form posts them.
    pub on: Vec<String>,
    /// For whom it can be done.
    pub able: Vec<Effect>,
    /// For whom not, or for whom there is nothing to do, and why.
    pub unable: Vec<Unable>,
    /// What came in between, if the form was sent too late.
    pub stale: Vec<String>,
    /// Where to go if it is not to be done.
    pub back: String,
}

/// A deed, as the page words it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeedKind {
    /// Another role in the workspace.
    Role,
    /// Roles on projects.
    Projects,
    /// Shut out.
    Deactivate,
    /// Let in again.
    Reactivate,
    /// End the membership.
    Remove,
    /// End what the sessions reach.
    ShutOut,
}

impl DeedKind {
    /// The name in addresses and forms.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::Projects => "projects",
            Self::Deactivate => "deactivate",
            Self::Reactivate => "reactivate",
            Self::Remove => "remove",
            Self::ShutOut => "shut_out",
        }
    }

    /// The deed of a name.
    pub fn of(slug: &str) -> Option<Self> {
        const ALL: [DeedKind; 6] = [
            DeedKind::Role,
            DeedKind::Projects,
            DeedKind::Deactivate,
            DeedKind::Reactivate,
            DeedKind::Remove,
            DeedKind::ShutOut,
        ];
        ALL.into_iter().find(|deed| deed.slug() == slug)
    }
}

/// What would change for one member.
#[derive(Clone, Debug)]
pub struct Effect {
    /// Id and standing, as the form posts them.
    pub token: String,
    /// The name.
    pub name: String,
    /// Initials.
    pub face: Face,
    /// This is who reads the page.
    pub you: bool,
    /// The role now.
    pub role: String,
    /// Rights gained, in words.
    pub gained: Vec<&'static str>,
    /// Rights lost, in words.
    pub lost: Vec<&'static str>,
    /// Changes on projects: key, role before, role after; empty is none.
    pub projects: Vec<(String, String, String)>,
    /// Roles on projects that end with the membership.
    pub held: Vec<(String, String)>,
    /// Addresses of open invitations that go on hold.
    pub on_hold: Vec<String>,
    /// Addresses of those that come back.
    pub released: Vec<String>,
    /// Live keys here.
    pub keys: u32,
}

/// A member for whom nothing can be done.
#[derive(Clone, Debug)]
pub struct Unable {
    /// The name.
    pub name: String,
    /// A sentence.
    pub why: String,
}
