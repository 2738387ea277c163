//! Settings > API keys: the keys of whoever is signed in, and of others for who manages members.

use askama::Template;

use super::frame::{Flash, Frame, Notice, Place};
use super::parts::{Field, Moment};
use super::{filters, paths};

/// The page. Its form posts what [`KeyForm`] says.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/api_keys.html")]
pub struct ApiKeys {
    /// Around the page.
    pub frame: Frame,
    /// This person's live keys.
    pub rows: Vec<ApiKeyRow>,
    /// A new key.
    pub form: KeyForm,
    /// The key just made, in the one answer that shows it.
    pub made: Option<NewApiKey>,
    /// The keys of everybody else, for who manages members.
    pub others: Option<Others>,
}

/// One key.
#[derive(Clone, Debug)]
pub struct ApiKeyRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whose it is, in the list of others.
    pub holder: Option<String>,
    /// The rights it is limited to; empty for all of its holder's.
    pub rights: Vec<String>,
    /// When it was made.
    pub created: Moment,
    /// The last call with it.
    pub last_used: Option<Moment>,
    /// Its end.
    pub expires: Option<Moment>,
    /// Whether its end has passed.
    pub over: bool,
    /// Whether the reader may revoke it.
    pub may_revoke: bool,
}

/// Keys of others, a page of them.
#[derive(Clone, Debug)]
pub struct Others {
    /// This page's rows.
    pub rows: Vec<ApiKeyRow>,
    /// Address of the next page.
    pub more: Option<String>,
}

/// A key that was just made.
#[derive(Clone, Debug)]
pub struct NewApiKey {
    /// Its name.
    pub name: String,
    /// The key itself.
    pub secret: String,
    /// Whose powers it has: `you`, or the name of a service account.
    pub holder: String,
}

/// The form of a new key. Posts `name`; `scope`, which is `all`, a preset or `chosen` with `right` once for each; and
/// `ends`, a number of days, `never` or `date` with `date`.
#[derive(Clone, Debug)]
pub struct KeyForm {
    /// What for.
    pub name: Field,
    /// Everything its holder may, in words.
    pub everything: String,
    /// `all`, a preset's name or `chosen`.
    pub scope: String,
    /// Named sets of rights.
    pub presets: Vec<PresetChoice>,
    /// Rights its holder has in the workspace.
    pub in_workspace: Vec<RightChoice>,
    /// Rights its holder has in projects.
    pub in_projects: Vec<RightChoice>,
    /// What is wrong with the choice of rights.
    pub rights_error: Option<String>,
    /// A number of days, `date` or `never`.
    pub ends: String,
    /// The date, if it is one.
    pub date: Field,
}

impl KeyForm {
    /// The ends that are offered, in days.
    pub fn periods(&self) -> [&'static str; 3] {
        ["30", "90", "365"]
    }

    pub(super) fn ends_as(&self, end: &str) -> bool {
        self.ends == end
    }

    pub(super) fn is_scope(&self, scope: &str) -> bool {
        self.scope == scope
    }
}

/// A named set of rights.
#[derive(Clone, Debug)]
pub struct PresetChoice {
    /// What is posted.
    pub slug: &'static str,
    /// What is read.
    pub name: &'static str,
    /// What such a key does.
    pub words: &'static str,
    /// The rights, by their names in the API.
    pub rights: String,
}

/// A right to tick.
#[derive(Clone, Debug)]
pub struct RightChoice {
    /// What is posted.
    pub slug: &'static str,
    /// What is read.
    pub name: &'static str,
    /// What it lets one do.
    pub meaning: &'static str,
    /// Whether it is ticked.
    pub chosen: bool,
}
