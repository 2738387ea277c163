//! Values of properties: settings of the workspace or of one project.

use askama::Template;

use super::frame::{Flash, Frame, Notice, Place};
use super::parts::Field;
use super::{filters, paths};

/// Where settings of cases hold: in one project, or in all of the workspace.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// The project's key; `None` is the workspace.
    pub key: Option<String>,
    /// What the project is called.
    pub name: String,
    /// The project is read and not written.
    pub archived: bool,
}

impl Scope {
    /// The key, to be put into paths.
    pub fn project(&self) -> Option<&str> {
        self.key.as_deref()
    }
}

/// One of the colours to choose from.
#[derive(Clone, Debug)]
pub struct Swatch {
    /// Its word.
    pub slug: &'static str,
    /// It is chosen.
    pub chosen: bool,
}

/// The page of all values. Posts `name` and `colour` to add one, `place` to move one.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/properties.html")]
pub struct Properties {
    /// Around the page.
    pub frame: Frame,
    /// Where they hold.
    pub scope: Scope,
    /// The properties, in their order.
    pub kinds: Vec<Kind>,
}

/// A property with its values.
#[derive(Clone, Debug)]
pub struct Kind {
    /// As in addresses.
    pub slug: &'static str,
    /// As people say it.
    pub words: &'static str,
    /// Values that hold in all of the workspace, seen from a project.
    pub wide: Vec<Value>,
    /// Values settled here.
    pub rows: Vec<Value>,
    /// What was typed to add one; `None` for who may not.
    pub adding: Option<Field>,
    /// The colours, the suggested one chosen.
    pub colours: Vec<Swatch>,
}

/// A value.
#[derive(Clone, Debug)]
pub struct Value {
    /// What cases name it by.
    pub key: i64,
    /// What it is called.
    pub name: String,
    /// The word of its colour.
    pub colour: &'static str,
    /// New cases have it.
    pub default: bool,
    /// It is offered no more.
    pub archived: bool,
    /// Its place here, from 0.
    pub place: usize,
}

/// The page of one value. Posts `name`, `colour` and `default`; to archive it `replacement`.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/property.html")]
pub struct Property {
    /// Around the page.
    pub frame: Frame,
    /// Where it holds.
    pub scope: Scope,
    /// The property, as in addresses.
    pub kind: &'static str,
    /// The property, as people say it.
    pub words: &'static str,
    /// The value.
    pub value: Value,
    /// The name, as typed.
    pub name: Field,
    /// The colours.
    pub colours: Vec<Swatch>,
    /// Cases that have it.
    pub cases: i64,
    /// The values its cases can have instead.
    pub others: Vec<Value>,
    /// Why it cannot be archived, or was not.
    pub why_not: Option<String>,
}
