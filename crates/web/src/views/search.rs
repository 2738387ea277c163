//! Search, and what the command palette shows of it.

use askama::Template;

use super::frame::{Flash, Frame, Notice, Place};
use super::parts::{Face, ProjectLink};
use super::{filters, paths};

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/search.html")]
pub struct Search {
    /// Around the page.
    pub frame: Frame,
    /// What is looked for, as typed.
    pub q: String,
    /// Actions and pages.
    pub ways: Vec<Way>,
    /// Projects this person may see.
    pub projects: Vec<ProjectLink>,
    /// People this person may know of.
    pub people: Vec<Found>,
    /// Cases of projects this person may read.
    pub cases: Cases,
}

/// Cases that were found.
#[derive(Clone, Debug, Default)]
pub struct Cases {
    /// Whether they are all that is shown, page by page.
    pub alone: bool,
    /// Whether their number was typed, so that they come before all else.
    pub by_number: bool,
    /// The project they are of, if one was chosen; as it was named.
    pub project: String,
    /// Some of them.
    pub rows: Vec<CaseFound>,
    /// Where more of them are shown, if there are more.
    pub more: Option<String>,
}

/// A case that was found.
#[derive(Clone, Debug)]
pub struct CaseFound {
    /// Its project's key.
    pub key: String,
    /// The 123 of `WEB-123`.
    pub number: i64,
    /// The title.
    pub title: Vec<Piece>,
    /// Where the words stand in its text; empty where they do not.
    pub excerpt: Vec<Piece>,
}

/// A piece of a text.
#[derive(Clone, Debug)]
pub struct Piece {
    /// The piece.
    pub text: String,
    /// Whether it was looked for.
    pub hit: bool,
}

impl Search {
    fn is_empty(&self) -> bool {
        self.ways.is_empty() && self.projects.is_empty() && self.people.is_empty() && self.cases.rows.is_empty()
    }
}

/// Somebody who was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The membership.
    pub id: String,
    /// The name.
    pub name: String,
    /// Initials.
    pub face: Face,
    /// The role in the workspace.
    pub role: String,
    /// The address, or empty where the reader may not see it.
    pub address: String,
    /// May not sign in here.
    pub deactivated: bool,
}

macro_rules! ways {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// A page to open or a thing to do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Way { $($(#[$doc])* $name,)* }

        impl Way {
            /// All of them, in the order of the list.
            pub const ALL: &[Self] = &[$(Self::$name,)*];
        }
    };
}

ways! {
    /// Invite people.
    Invite,
    /// Make a project.
    NewProject,
    /// Make an API key.
    NewApiKey,
    /// The dashboard.
    Dashboard,
    /// Settings > Users.
    Users,
    /// Settings > Roles.
    Roles,
    /// Settings > Service accounts.
    ServiceAccounts,
    /// Settings > General.
    General,
    /// Settings > Projects.
    Projects,
    /// Settings > Mail.
    Mail,
    /// Settings > API keys.
    ApiKeys,
    /// Settings > Audit log.
    Audit,
    /// The API's own documentation.
    ApiDocs,
    /// One's own account.
    Profile,
    /// The server's own page, for its operators.
    Operator,
    /// The choice of workspaces.
    Workspaces,
    /// The list of keys.
    Keys,
    /// Light colours.
    Light,
    /// Dark colours.
    Dark,
    /// Colours as the system has them.
    System,
    /// End the session.
    SignOut,
}
