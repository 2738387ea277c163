//! Settings > Roles and rights: what each role may.

use askama::Template;

use super::frame::{Flash, Frame, Notice, Place};
use super::{filters, paths};

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/roles.html")]
pub struct Roles {
    /// Around the page.
    pub frame: Frame,
    /// From most to fewest rights.
    pub roles: Vec<RoleColumn>,
    /// Rights held in the workspace.
    pub in_workspace: Vec<RightRow>,
    /// Rights held in projects.
    pub in_projects: Vec<RightRow>,
}

/// A role.
#[derive(Clone, Debug)]
pub struct RoleColumn {
    /// Its name in addresses.
    pub slug: &'static str,
    /// Its name.
    pub name: &'static str,
    /// How many members hold it, of those the reader may know.
    pub members: u32,
}

/// A right and who has it.
#[derive(Clone, Debug)]
pub struct RightRow {
    /// Its name.
    pub name: &'static str,
    /// What it allows.
    pub meaning: &'static str,
    /// For each role, whether it has it.
    pub held: Vec<bool>,
}
