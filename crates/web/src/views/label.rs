//! Labels of a project.

use askama::Template;

use super::frame::{Flash, Frame, Notice, Place};
use super::parts::Field;
use super::property::{Scope, Swatch};
use super::{filters, paths};

/// The page. Posts `name` and `colour`; to merge `into`.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/labels.html")]
pub struct Labels {
    /// Around the page.
    pub frame: Frame,
    /// The project.
    pub scope: Scope,
    /// The labels, by name.
    pub rows: Vec<Label>,
    /// What was typed to make one; `None` for who may not.
    pub adding: Option<Field>,
    /// The colours, the suggested one chosen.
    pub colours: Vec<Swatch>,
}

/// A label.
#[derive(Clone, Debug)]
pub struct Label {
    /// Which.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// The word of its colour.
    pub colour: &'static str,
    /// Cases that have it.
    pub cases: i64,
}

/// The page of one label.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/label.html")]
pub struct OneLabel {
    /// Around the page.
    pub frame: Frame,
    /// The project.
    pub scope: Scope,
    /// The label.
    pub label: Label,
    /// The name, as typed.
    pub name: Field,
    /// The colours.
    pub colours: Vec<Swatch>,
    /// Labels it can be merged into.
    pub others: Vec<Label>,
}
