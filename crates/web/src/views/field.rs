//! Fields of one's own: settings of the workspace or of one project.

use askama::Template;

use super::frame::{Flash, Frame, Notice, Place};
use super::parts::{Choice, Field, Moment};
use super::property::{Scope, Swatch};
use super::{filters, paths};

/// The page of all fields. Posts `name`, `kind`, `required` and `options` (one a line) to make one.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/fields.html")]
pub struct Fields {
    /// Around the page.
    pub frame: Frame,
    /// Where they hold.
    pub scope: Scope,
    /// Fields of the workspace, seen from a project.
    pub wide: Vec<Row>,
    /// Fields settled here, in order.
    pub rows: Vec<Row>,
    /// Those in the trash.
    pub trash: Vec<Trashed>,
    /// What was typed to make one; `None` for who may not.
    pub adding: Option<Adding>,
}

/// A field.
#[derive(Clone, Debug)]
pub struct Row {
    /// Which.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What it holds.
    pub kind: &'static str,
    /// A case must have a value.
    pub required: bool,
    /// Its options, as one reads them.
    pub options: String,
    /// Its place here, from 0.
    pub place: usize,
}

/// A field in the trash.
#[derive(Clone, Debug)]
pub struct Trashed {
    /// Which.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// When it is gone for good.
    pub gone: Moment,
}

/// The form of a new field.
#[derive(Clone, Debug, Default)]
pub struct Adding {
    /// The name.
    pub name: Field,
    /// The kinds.
    pub kinds: Vec<Choice>,
    /// A case must have a value.
    pub required: bool,
    /// Names of options, one a line.
    pub options: Field,
}

/// The page of one field. Posts `name`, `required` and `default`; for options `name`, `colour`, `place` and `archived`.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/field.html")]
pub struct OneField {
    /// Around the page.
    pub frame: Frame,
    /// Where it holds.
    pub scope: Scope,
    /// Which.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What it holds, as in the API.
    pub kind: &'static str,
    /// What it holds, as people say it.
    pub kind_words: &'static str,
    /// The name, as typed.
    pub name: Field,
    /// A case must have a value.
    pub required: bool,
    /// What new cases have, as typed.
    pub default: Field,
    /// Its options; `None` for kinds without.
    pub options: Option<Vec<Choosable>>,
    /// What was typed to add an option.
    pub adding: Field,
    /// The colours, the suggested one chosen.
    pub colours: Vec<Swatch>,
    /// Cases with a value.
    pub cases: i64,
}

impl OneField {
    /// Where changes of an option are sent.
    fn option_path(&self, option: &Choosable) -> String {
        format!("{}/options/{}", paths::field(&self.frame.slug, self.scope.project(), &self.id), option.id)
    }
}

/// An option.
#[derive(Clone, Debug)]
pub struct Choosable {
    /// Which.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// The word of its colour.
    pub colour: &'static str,
    /// The colours, its own chosen.
    pub colours: Vec<Swatch>,
    /// It is offered no more.
    pub archived: bool,
    /// Its place, from 0.
    pub place: usize,
}
