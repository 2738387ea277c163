//! Settings > Projects.

use askama::Template;

use super::dashboard::ProjectForm;
use super::frame::{Flash, Frame, Notice, Place};
use super::parts::Moment;
use super::{filters, paths};

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/projects.html")]
pub struct Projects {
    /// Around the page.
    pub frame: Frame,
    /// Projects this person may see.
    pub rows: Vec<ProjectRow>,
    /// Whether one may create a project, or who can.
    pub creating: Creating,
}

/// Whether one may create a project.
#[derive(Clone, Debug)]
pub enum Creating {
    /// Yes, with this form.
    Form(ProjectForm),
    /// The right Create projects is missing.
    NoRight {
        /// Who has it: `Priya Raman and 2 others`.
        who: String,
    },
}

/// One project.
#[derive(Clone, Debug)]
pub struct ProjectRow {
    /// The key.
    pub key: String,
    /// The name.
    pub name: String,
    /// Seen only by those with a grant.
    pub private: bool,
    /// When it was created.
    pub created: Moment,
}
