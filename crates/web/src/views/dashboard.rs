//! The dashboard: the first page inside a workspace.

use askama::Template;

use super::frame::{Flash, Frame, Notice, Place};
use super::invitation::Inviting;
use super::parts::{Field, Moment, ProjectLink};
use super::{filters, paths};

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/dashboard.html")]
pub struct Dashboard {
    /// Around the page; its projects are the ones listed.
    pub frame: Frame,
    /// The projects this person was in last but for favourites, the last one first.
    pub recent: Vec<ProjectLink>,
    /// Whether one may invite.
    pub inviting: Inviting,
    /// How many members there are.
    pub members: u32,
    /// How many invitations are open, for those who may see them.
    pub open_invitations: Option<u32>,
    /// Who can create a project where this person cannot: `Priya Raman and 2 others`.
    pub who_creates_projects: String,
    /// Cases that wait for this person, those first that wait longest.
    pub waiting: Vec<WaitingCase>,
    /// The first project's form, kept after a 422.
    pub first_project: ProjectForm,
}

/// A case that waits for somebody.
#[derive(Clone, Debug)]
pub struct WaitingCase {
    /// Its project's key.
    pub key: String,
    /// The 123 of `WEB-123`.
    pub number: i64,
    /// Its title.
    pub title: String,
    /// Who asked or sent it back.
    pub by: String,
    /// When.
    pub at: Moment,
    /// Why it was sent back; `None` if it is to be reviewed.
    pub rework: Option<String>,
}

/// The form of a new project. Posts `name` and `key`.
#[derive(Clone, Debug, Default)]
pub struct ProjectForm {
    /// The name.
    pub name: Field,
    /// The key; two to ten capitals and digits.
    pub key: Field,
    /// Seen only by those with a grant.
    pub private: bool,
}
