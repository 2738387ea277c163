//! The dashboard: the first page inside a workspace.

use askama::Template;

use super::frame::{Flash, Frame, Notice, Place};
use super::invitation::Inviting;
use super::parts::Field;
use super::{filters, paths};

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/dashboard.html")]
pub struct Dashboard {
    /// Around the page; its projects are the ones listed.
    pub frame: Frame,
    /// Whether one may invite.
    pub inviting: Inviting,
    /// How many members there are.
    pub members: u32,
    /// How many invitations are open, for those who may see them.
    pub open_invitations: Option<u32>,
    /// Who can create a project where this person cannot: `Priya Raman and 2 others`.
    pub who_creates_projects: String,
    /// The first project's form, kept after a 422.
    pub first_project: ProjectForm,
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
