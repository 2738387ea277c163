//! The way in: sign-in, and the workspaces of whoever is signed in.

use askama::Template;

use super::frame::{Bare, Flash};
use super::parts::{Field, Person, WorkspaceLink};
use super::{filters, paths};

/// Sign-in. Posts `email`, `password` and `next`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/sign_in.html")]
pub struct SignIn {
    /// Around the page.
    pub bare: Bare,
    /// The address typed.
    pub email: Field,
    /// Why it did not work, alike for every wrong pair.
    pub error: Option<String>,
    /// Where to go after it, a path on this server; empty for the start.
    pub next: String,
}

/// The workspaces of a person; with none, what to do about it.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/workspaces.html")]
pub struct Workspaces {
    /// Around the page.
    pub bare: Bare,
    /// Who is signed in.
    pub person: Person,
    /// Whether the server as a whole is in this person's hands.
    pub operator: bool,
    /// In order of their names.
    pub workspaces: Vec<WorkspaceLink>,
}
