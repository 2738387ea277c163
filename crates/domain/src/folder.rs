//! Folders of a project: a tree, put together from flat rows in one pass.

use std::{collections::HashMap, ops::Range};

use crate::id::FolderId;

/// A folder may lie so deep; one at the top of the project has depth 1.
pub const DEEPEST: usize = 20;

/// What the tree needs of a folder's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which.
    pub id: FolderId,
    /// In which other; `None` for the project's root alone.
    pub parent: Option<FolderId>,
    /// Its name.
    pub name: String,
    /// Live cases directly in it.
    pub cases: i64,
}

/// A folder at its place in the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// As in its row.
    pub row: Row,
    /// 0 for the root, 1 for folders at the top.
    pub depth: usize,
    /// Live cases in it and in all below it.
    pub total: i64,
    /// How many folders lie below it, at whatever depth.
    pub below: usize,
}

/// Why a folder cannot lie somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Misplaced {
    /// The folder, or where it is to lie, is not in this tree.
    #[error("There is no such folder")]
    Unknown,
    /// The root is the project itself.
    #[error("The project itself cannot be moved")]
    Root,
    /// A folder cannot lie in itself.
    #[error("A folder cannot lie in itself or in one of its own folders")]
    InItself,
    /// Too many steps from the top.
    #[error("Folders may lie {DEEPEST} deep, and here it would be {0}")]
    TooDeep(usize),
}

impl Misplaced {
    /// A stable word for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unknown => "not_found",
            Self::Root => "root",
            Self::InItself => "in_itself",
            Self::TooDeep(_) => "too_deep",
        }
    }
}

/// All folders of a project in the order one reads them: each before those in it, so a subtree is one range.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    folders: Vec<Folder>,
    places: HashMap<FolderId, usize>,
}

impl Tree {
    /// From rows in the order of their ranks. A row that does not lead to the root is left out; so no circle can
    /// hold anybody up.
    pub fn of(rows: Vec<Row>) -> Self {
        let mut children: HashMap<Option<FolderId>, Vec<Row>> = HashMap::new();
        for row in rows {
            children.entry(row.parent).or_default().push(row);
        }
        let mut tree = Self::default();
        let mut open: Vec<(usize, Row)> = taken(&mut children, None, 0);
        while let Some((depth, row)) = open.pop() {
            open.extend(taken(&mut children, Some(row.id), depth + 1));
            tree.places.insert(row.id, tree.folders.len());
            tree.folders.push(Folder { total: row.cases, depth, below: 0, row });
        }
        tree.sum();
        tree
    }

    /// Adds each folder to the one it lies in, from the last to the first.
    fn sum(&mut self) {
        for at in (1..self.folders.len()).rev() {
            let (total, below) = (self.folders[at].total, self.folders[at].below + 1);
            if let Some(parent) = self.folders[at].row.parent.and_then(|parent| self.places.get(&parent)).copied() {
                self.folders[parent].total += total;
                self.folders[parent].below += below;
            }
        }
    }

    /// Every folder, the root first.
    pub fn folders(&self) -> &[Folder] {
        &self.folders
    }

    /// The root, in which cases without a folder lie.
    pub fn root(&self) -> Option<&Folder> {
        self.folders.first()
    }

    /// One folder.
    pub fn find(&self, id: FolderId) -> Option<&Folder> {
        self.places.get(&id).map(|at| &self.folders[*at])
    }

    /// A folder and all below it.
    pub fn subtree(&self, id: FolderId) -> &[Folder] {
        self.range(id).map_or(&[], |range| &self.folders[range])
    }

    fn range(&self, id: FolderId) -> Option<Range<usize>> {
        self.places.get(&id).map(|&at| at..at + 1 + self.folders[at].below)
    }

    /// The folders directly in one.
    pub fn children(&self, id: FolderId) -> impl Iterator<Item = &Folder> {
        let mut rest = self.range(id).unwrap_or(0..0).skip(1);
        std::iter::from_fn(move || {
            let folder = &self.folders[rest.next()?];
            if folder.below > 0 {
                rest.nth(folder.below - 1);
            }
            Some(folder)
        })
    }

    /// The folders one passes on the way to this one, from the top; neither the root nor itself.
    pub fn path(&self, id: FolderId) -> Vec<&Folder> {
        let parent = |folder: &&Folder| folder.row.parent.and_then(|parent| self.find(parent));
        let up = std::iter::successors(self.find(id).as_ref().and_then(parent), parent);
        let mut path: Vec<&Folder> = up.filter(|folder| folder.depth > 0).collect();
        path.reverse();
        path
    }

    /// Whether a new folder may be made in this one.
    pub fn may_hold(&self, parent: FolderId) -> Result<(), Misplaced> {
        deep(self.find(parent).ok_or(Misplaced::Unknown)?.depth + 1)
    }

    /// Whether a folder, with all below it, may be moved into another.
    pub fn may_move(&self, id: FolderId, into: FolderId) -> Result<(), Misplaced> {
        let (moved, into) = (self.range(id).ok_or(Misplaced::Unknown)?, self.place(into)?);
        if moved.start == 0 {
            return Err(Misplaced::Root);
        }
        if moved.contains(&into) {
            return Err(Misplaced::InItself);
        }
        let own = self.folders[moved.start].depth;
        let height = self.folders[moved].iter().map(|folder| folder.depth - own).max().unwrap_or(0);
        deep(self.folders[into].depth + 1 + height)
    }

    fn place(&self, id: FolderId) -> Result<usize, Misplaced> {
        self.places.get(&id).copied().ok_or(Misplaced::Unknown)
    }
}

fn deep(depth: usize) -> Result<(), Misplaced> {
    if depth > DEEPEST { Err(Misplaced::TooDeep(depth)) } else { Ok(()) }
}

/// The rows directly in one, the last first, as a stack wants them.
fn taken(
    children: &mut HashMap<Option<FolderId>, Vec<Row>>,
    parent: Option<FolderId>,
    depth: usize,
) -> Vec<(usize, Row)> {
    let rows = children.remove(&parent).unwrap_or_default();
    rows.into_iter().rev().map(|row| (depth, row)).collect()
}

#[cfg(test)]
mod tests;
