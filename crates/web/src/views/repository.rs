//! The repository of a project: its folders, and the cases of one of them.

use askama::Template;

use super::frame::{Flash, Frame, Notice, Place};
use super::parts::{Choice, Face, Field, Moment};
use super::{filters, paths};

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/repository.html")]
pub struct Repository {
    /// Around the page.
    pub frame: Frame,
    /// The project's key.
    pub key: String,
    /// The project's name.
    pub project: String,
    /// The folders above, from the top.
    pub crumbs: Vec<Link>,
    /// The folder's name, or the project's.
    pub title: String,
    /// `22 cases`, `1,000+ cases`.
    pub count: String,
    /// The address of this page without a cursor: where forms come back to.
    pub here: String,
    /// The folders.
    pub tree: FolderTree,
    /// The cases.
    pub cases: Cases,
    /// What one may do with the folder, for those who may write.
    pub tools: Option<Tools>,
    /// What is being moved.
    pub carried: Option<Carried>,
    /// Whether this person may delete and restore.
    pub may_delete: bool,
    /// Lists saved under a name: one's own, then everybody's.
    pub saved: Vec<Saved>,
}

/// A list saved under a name.
#[derive(Clone, Debug)]
pub struct Saved {
    /// Which.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Where it is shown.
    pub href: String,
    /// Whether it is everybody's.
    pub shared: bool,
    /// Whether it is the one that is shown.
    pub current: bool,
}

/// A word that leads somewhere.
#[derive(Clone, Debug)]
pub struct Link {
    /// The word.
    pub name: String,
    /// Where to.
    pub href: String,
}

/// The folders that are shown: those at the top, and those in open ones.
#[derive(Clone, Debug, Default)]
pub struct FolderTree {
    /// What was looked for among them.
    pub find: String,
    /// Where the search is sent, and what it keeps besides.
    pub kept: Vec<(String, String)>,
    /// The whole project.
    pub all: Node,
    /// Folder by folder, each before those in it.
    pub nodes: Vec<Node>,
    /// Cases without a folder, if there are any.
    pub top: Option<Node>,
    /// The project's own folder, whose folders are at the top.
    pub root: String,
    /// Where the folders of one are fetched; the id takes the place of `ID`.
    pub fetch: String,
    /// Whether this person may move and rename.
    pub may_write: bool,
    /// Where folders are changed by programs: the API's address of all of them.
    pub api: String,
}

/// The folders in one, for a tree that is opened without a new page.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/folder_nodes.html")]
pub struct Nodes {
    /// Folder by folder.
    pub nodes: Vec<Node>,
}

/// A folder in the tree.
#[derive(Clone, Debug, Default)]
pub struct Node {
    /// Its id; empty for what is no folder.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Where it leads.
    pub href: String,
    /// 1 at the top.
    pub depth: usize,
    /// Cases in it and all below it.
    pub total: String,
    /// Whether those in it are shown; `None` if there are none.
    pub open: Option<bool>,
    /// Whether it is the one on this page.
    pub here: bool,
    /// Only leads to more folders of the same.
    pub rest: bool,
}

/// The list of cases.
#[derive(Clone, Debug, Default)]
pub struct Cases {
    /// The filters above it.
    pub filters: Filters,
    /// The heads that sort.
    pub heads: Heads,
    /// One page of rows.
    pub rows: Vec<CaseRow>,
    /// The next page.
    pub more: Option<String>,
    /// The first page, where this is a later one.
    pub first: Option<String>,
    /// Adding a case here, for those who may.
    pub adding: Option<Adding>,
    /// Whether rows may be put in an order by hand here.
    pub by_hand: bool,
    /// Where cases are moved by programs.
    pub api_move: String,
    /// Where all cases of the list are given values.
    pub edit_all: String,
}

/// What the list is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filters {
    /// Words of the title.
    pub q: String,
    /// Each property with its values.
    pub properties: Vec<PropertyFilter>,
    /// Whose cases.
    pub owner: Vec<Choice>,
    /// How far the review is; nothing where there are no reviews.
    pub review: Vec<Choice>,
    /// The project's labels.
    pub labels: Vec<Choice>,
    /// The project's own fields.
    pub own: Vec<OwnFilter>,
    /// Whether some of those are in force.
    pub own_open: bool,
    /// Filters that are left out: each with a sentence why, and the way to take it off.
    pub notes: Vec<Chip>,
    /// Those in force, each with the way to take it off.
    pub chips: Vec<Chip>,
    /// What else the address holds.
    pub kept: Vec<(String, String)>,
    /// The same page without filters.
    pub clear: String,
    /// The same page with or without what lies in the folders below.
    pub below: Option<Link>,
}

/// The values of a property, some chosen.
#[derive(Clone, Debug)]
pub struct PropertyFilter {
    /// As forms name it.
    pub name: &'static str,
    /// As pages call it.
    pub label: &'static str,
    /// Its values.
    pub choices: Vec<Choice>,
}

/// What is wanted of one of the project's own fields.
#[derive(Clone, Debug)]
pub struct OwnFilter {
    /// As forms name it.
    pub name: String,
    /// As pages call it.
    pub label: String,
    /// `select`, `text`, `number` or `date`.
    pub kind: &'static str,
    /// As typed.
    pub value: String,
    /// What a select offers.
    pub choices: Vec<Choice>,
}

/// A filter in force.
#[derive(Clone, Debug)]
pub struct Chip {
    /// `Status`.
    pub label: String,
    /// `Draft or Deprecated`.
    pub value: String,
    /// The same page without it.
    pub off: String,
}

/// Heads that sort.
#[derive(Clone, Debug, Default)]
pub struct Heads {
    /// By number.
    pub number: Head,
    /// By title.
    pub title: Head,
    /// By the last change.
    pub changed: Head,
    /// As laid by hand, if it is not so now.
    pub place: Option<String>,
}

/// A head that sorts.
#[derive(Clone, Debug, Default)]
pub struct Head {
    /// The same list in its order, turned round if it is the order now.
    pub href: String,
    /// `ascending`, `descending`, or empty.
    pub sorted: &'static str,
}

/// A case in the list.
#[derive(Clone, Debug)]
pub struct CaseRow {
    /// Its id.
    pub id: String,
    /// `WEB-123`.
    pub key: String,
    /// What it is called.
    pub title: String,
    /// Its page.
    pub href: String,
    /// The folder it lies in, where the list shows several.
    pub folder: String,
    /// The name of its priority.
    pub priority: String,
    /// 1 to 4 strokes.
    pub level: usize,
    /// The name of its status.
    pub status: String,
    /// Whether that is what most have.
    pub usual: bool,
    /// The name of how it is run.
    pub automation: String,
    /// Where its review stands, if there is anything to say.
    pub review: String,
    /// Who answers for it.
    pub owner: Option<(String, Face)>,
    /// When it was saved last.
    pub changed: Moment,
}

/// One line to write the next case in. Posts `title` and `folder`.
#[derive(Clone, Debug, Default)]
pub struct Adding {
    /// The folder's id, empty for the top.
    pub folder: String,
    /// What was typed.
    pub title: Field,
}

/// What one may do with the folder of the page.
#[derive(Clone, Debug, Default)]
pub struct Tools {
    /// Its id; empty where the page shows the whole project.
    pub id: String,
    /// Its name, in the form.
    pub name: Field,
    /// A new folder in it, in the form.
    pub new: Field,
    /// The same page with the folder taken up, to be laid down elsewhere.
    pub take_up: String,
}

/// What is being moved, until it is laid down.
#[derive(Clone, Debug)]
pub struct Carried {
    /// `Payment`, `3 cases`.
    pub what: String,
    /// A folder's id.
    pub folder: Option<String>,
    /// Ids of cases.
    pub cases: Vec<String>,
    /// Whereto: the folder of the page; empty for the top.
    pub into: String,
    /// What that is called.
    pub into_name: String,
    /// The same page without moving anything.
    pub cancel: String,
}

/// The trash of a project.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/trash.html")]
pub struct Trash {
    /// Around the page.
    pub frame: Frame,
    /// The project's key.
    pub key: String,
    /// The project's name.
    pub project: String,
    /// The acts of deletion, newest first.
    pub rows: Vec<TrashRow>,
    /// The next page.
    pub more: Option<String>,
    /// An act that could not be restored because its folder is gone, and why.
    pub stuck: Option<(String, String)>,
}

/// An act of deletion.
#[derive(Clone, Debug)]
pub struct TrashRow {
    /// Its id.
    pub id: String,
    /// The folder's name, or the title of the first case.
    pub name: String,
    /// `Folder with 3 folders and 42 cases`, `5 cases`.
    pub what: String,
    /// Who did it.
    pub by: String,
    /// When.
    pub at: Moment,
}
