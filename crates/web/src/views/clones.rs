//! Where clones go.

use askama::Template;

use super::{
    filters,
    frame::{Flash, Frame, Notice, Place},
    parts::Choice,
    paths,
};

/// Asks whereto cases are cloned.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/clone_form.html")]
pub struct CloneForm {
    /// Around the page.
    pub frame: Frame,
    /// The project's key.
    pub key: String,
    /// The project's name.
    pub project: String,
    /// How many cases.
    pub count: usize,
    /// Their ids.
    pub cases: Vec<String>,
    /// The list to come back to.
    pub back: String,
    /// Projects this person may write in.
    pub projects: Vec<Choice>,
    /// The folders of this project.
    pub folders: Vec<Choice>,
}
