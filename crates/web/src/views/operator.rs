//! The server's own page, for its operators.

use askama::Template;

use super::frame::Flash;
use super::operator_mail::{Area, Around};
use super::parts::{Field, Moment};
use super::{filters, paths};

/// The page. Posts `create_workspaces`, `member_limit`, `per_workspace`, `per_inviter` and `per_server`.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/operator.html")]
pub struct Operator {
    /// Around the page.
    pub frame: Around,
    /// Whether everybody with an account may create workspaces.
    pub everybody: bool,
    /// Whether the command line decides that.
    pub founders_fixed: bool,
    /// The numbers.
    pub numbers: Vec<Number>,
    /// The workspaces of this page.
    pub rows: Vec<WorkspaceRow>,
    /// Where the list goes on.
    pub next: Option<String>,
    /// Whether this is a later page of the list.
    pub later: bool,
    /// All operators.
    pub operators: Vec<String>,
}

/// A setting that is a number.
#[derive(Clone, Debug)]
pub struct Number {
    /// Its name among the posted fields.
    pub name: &'static str,
    /// What it says, and what is wrong with it.
    pub field: Field,
    /// The flag that decides it, if one does.
    pub flag: Option<&'static str>,
}

/// A workspace from outside.
#[derive(Clone, Debug)]
pub struct WorkspaceRow {
    /// Its name.
    pub name: String,
    /// Its slug.
    pub slug: String,
    /// Active members.
    pub members: i64,
    /// When it was made.
    pub created: Moment,
    /// Its id.
    pub id: String,
    /// If it lies in the trash, when its time there is over.
    pub ends: Option<Moment>,
}
