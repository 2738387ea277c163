//! Sets of rights that keys are often limited to.

use super::right::{Right, Rights};

/// A set of rights with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// The name in forms.
    pub slug: &'static str,
    /// The name people read.
    pub name: &'static str,
    /// What such a key does.
    pub words: &'static str,
    /// The set; `read` comes with any right of a project.
    pub rights: Rights,
}

impl Preset {
    /// Every one there is.
    pub const ALL: &[Self] = &[
        Self {
            slug: "ci",
            name: "CI",
            words: "pushes results, makes the runs they belong to and the cases that are missing",
            rights: Rights::of(&[Right::ExecuteRuns, Right::ManageRuns, Right::WriteCases, Right::Read]),
        },
        Self { slug: "read", name: "Read", words: "reads cases, runs and reports", rights: Rights::of(&[Right::Read]) },
    ];
}
