//! Settings > Projects.

use askama::Template;

use super::dashboard::ProjectForm;
use super::frame::{Flash, Frame, Notice, Place};
use super::parts::{Choice, Face, Field, Moment};
use super::{filters, paths};

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/projects.html")]
pub struct Projects {
    /// Around the page.
    pub frame: Frame,
    /// Projects this person may see, or those of them asked for.
    pub rows: Vec<ProjectRow>,
    /// What was looked for.
    pub q: String,
    /// Which of them.
    pub which: Shelf,
    /// Whether there is a trash for this person, with how many in it.
    pub trash: Option<usize>,
    /// Whether one may create a project, or who can.
    pub creating: Creating,
}

/// Which projects the list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shelf {
    /// Those in use.
    #[default]
    InUse,
    /// Those in the archive.
    Archive,
    /// Those in the trash.
    Trash,
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
    /// One of the reader's favourites.
    pub favourite: bool,
    /// In the trash: when it is gone for good.
    pub gone: Option<Moment>,
}

/// The page of one project. Posts `name`, `description`, `private` and `review`; to delete it `confirm`.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/project.html")]
pub struct Project {
    /// Around the page.
    pub frame: Frame,
    /// The key.
    pub key: String,
    /// The name.
    pub name: String,
    /// Seen only by those with a grant.
    pub private: bool,
    /// What it is about.
    pub about: String,
    /// It is read and not written.
    pub archived: bool,
    /// One of the reader's favourites.
    pub favourite: bool,
    /// Its settings, for those who may change them.
    pub form: Option<Settings>,
    /// What was typed to delete it, for those who may.
    pub confirm: Option<Field>,
    /// Who holds a role on it, one page of them.
    pub people: Vec<PersonRow>,
    /// Address of the next page of them.
    pub more: Option<String>,
    /// Whom somebody looked for, to give a role.
    pub find: String,
    /// Who fits.
    pub found: Vec<PersonRow>,
}

/// What of a project may be changed.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The name.
    pub name: Field,
    /// What it is about.
    pub description: Field,
    /// Seen only by those with a grant.
    pub private: bool,
    /// Its cases are reviewed before they are ready.
    pub review: bool,
}

/// Somebody who holds a role on a project, or could.
#[derive(Clone, Debug)]
pub struct PersonRow {
    /// The member's id.
    pub id: String,
    /// The name.
    pub name: String,
    /// Initials.
    pub face: Face,
    /// The role on the project, or empty.
    pub role: String,
    /// The role in the workspace.
    pub workspace_role: String,
    /// Shut out, with everything kept.
    pub deactivated: bool,
    /// What the role may become, `KEY role` each and the bare key for none.
    pub choices: Vec<Choice>,
}
