//! Settings > General.

use askama::Template;

use super::frame::{Flash, Frame, Notice, Place};
use super::parts::Field;
use super::{filters, paths};

/// The page. Posts `name`, and in a form of their own `allowed` and `blocked`, or `confirm`.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/general.html")]
pub struct General {
    /// Around the page.
    pub frame: Frame,
    /// Name of the workspace.
    pub name: Field,
    /// Domains that are invited, one a line.
    pub allowed: Field,
    /// Domains that are not.
    pub blocked: Field,
    /// The slug typed to delete the workspace; `None` for those who do not own it.
    pub confirm: Option<Field>,
}
