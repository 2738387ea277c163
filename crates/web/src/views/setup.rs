//! First run: the first owner, workspace and project.

use askama::Template;

use super::dashboard::ProjectForm;
use super::frame::{Bare, Flash};
use super::parts::Field;
use super::{filters, paths};

/// The page. Posts `name`, `email`, `password`, `workspace`, `project_name`, `project_key` and `code`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/setup.html")]
pub struct Setup {
    /// Around the page.
    pub bare: Bare,
    /// The owner's name.
    pub name: Field,
    /// The owner's address.
    pub email: Field,
    /// A password.
    pub password: Field,
    /// Name of the workspace.
    pub workspace: Field,
    /// The first project.
    pub project: ProjectForm,
    /// The one-time code printed at start, where the server asks for it.
    pub code: Option<Field>,
}
