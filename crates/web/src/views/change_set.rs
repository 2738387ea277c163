//! Values for many cases at once: choosing them, and how far that is.

use askama::Template;

use super::{
    case::PropertyForm,
    filters,
    frame::{Flash, Frame, Notice, Place},
    parts::{Choice, Field, Moment},
    paths,
};

/// Which fields are to have which value.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/change_form.html")]
pub struct ChangeForm {
    /// Around the page.
    pub frame: Frame,
    /// The project's key.
    pub key: String,
    /// The project's name.
    pub project: String,
    /// `12 cases`.
    pub what: String,
    /// Which cases, as the form sends them again.
    pub which: Vec<(String, String)>,
    /// The list to come back to.
    pub back: String,
    /// The properties; the first choice of each leaves it as it is.
    pub properties: Vec<PropertyForm>,
    /// Who can answer for them.
    pub owners: Vec<Choice>,
    /// Who can review them.
    pub reviewers: Vec<Choice>,
    /// How long each takes.
    pub estimate: Field,
    /// Labels each gets besides its own, with commas between.
    pub add_labels: Field,
    /// Labels none keeps.
    pub remove_labels: Field,
    /// The names of those there are.
    pub labels: Vec<String>,
    /// What is wrong with the whole.
    pub error: Option<String>,
}

/// How far a change of many cases is.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/change_set.html")]
pub struct ChangeSetPage {
    /// Around the page.
    pub frame: Frame,
    /// The project's key.
    pub key: String,
    /// The project's name.
    pub project: String,
    /// The change set.
    pub id: String,
    /// `Set Priority, Owner`.
    pub title: String,
    /// When it began.
    pub begun: Moment,
    /// `doing`, `done`, `undoing` or `undone`.
    pub phase: String,
    /// Whether it has not moved for a while.
    pub stands: bool,
    /// How many cases were asked for.
    pub total: i64,
    /// How many had their turn.
    pub had: i64,
    /// How many are to have one.
    pub of: i64,
    /// What became of them: `9,990 changed`.
    pub came_to: Vec<String>,
    /// Those passed over: number, title, why.
    pub over: Vec<(i64, String, &'static str)>,
    /// How many more were passed over.
    pub more: i64,
}

impl ChangeSetPage {
    /// Whether cases still wait for their turn.
    fn is_on_its_way(&self) -> bool {
        matches!(self.phase.as_str(), "doing" | "undoing")
    }
}
