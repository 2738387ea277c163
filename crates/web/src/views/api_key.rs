//! Settings > API keys: the keys of whoever is signed in.

use askama::Template;

use super::frame::{Flash, Frame, Notice, Place};
use super::parts::{Field, Moment};
use super::{filters, paths};

/// The page. Posts `name`.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/api_keys.html")]
pub struct ApiKeys {
    /// Around the page.
    pub frame: Frame,
    /// This person's live keys.
    pub rows: Vec<ApiKeyRow>,
    /// Name of a new key.
    pub name: Field,
    /// The key just made, in the one answer that shows it.
    pub made: Option<NewApiKey>,
}

/// One key.
#[derive(Clone, Debug)]
pub struct ApiKeyRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The rights it is limited to; empty for all of its holder's.
    pub rights: Vec<String>,
    /// When it was made.
    pub created: Moment,
    /// The last call with it.
    pub last_used: Option<Moment>,
    /// Its end.
    pub expires: Option<Moment>,
}

/// A key that was just made.
#[derive(Clone, Debug)]
pub struct NewApiKey {
    /// Its name.
    pub name: String,
    /// The key itself.
    pub secret: String,
}
