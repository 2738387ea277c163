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
}

impl Search {
    fn is_empty(&self) -> bool {
        self.ways.is_empty() && self.projects.is_empty() && self.people.is_empty()
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
