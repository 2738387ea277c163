//! The tree beside the list: the open way to a folder and what lies along it, the rest on demand.

use domain::{
    folder::{Folder, Tree},
    id::FolderId,
    words::Words,
};

use super::Here;
use crate::{
    api::case_list::Asked,
    views::{
        paths,
        repository::{FolderTree, Node},
    },
};

/// So many folders of one are shown before a line that leads to the rest.
const SHOWN: usize = 100;

/// So many are found.
const FOUND: usize = 50;

/// All of the tree that a page shows.
pub(super) fn gathered(here: &Here, tree: &Tree, folder: &Folder, find: &str, may_write: bool) -> FolderTree {
    let words = Words::read(find);
    let nodes = if words.is_empty() { open(here, tree, folder) } else { found(here, tree, folder, &words) };
    let is_top = here.asked.folder == "top";
    let kept = here.fields(&Asked { folder: String::new(), ..here.asked.clone() });
    FolderTree {
        find: find.to_owned(),
        kept,
        all: all(here, tree, folder.depth == 0 && !is_top),
        nodes,
        top: tree.root().filter(|root| root.row.cases > 0).map(|root| top(here, root, is_top)),
        root: tree.root().map(|root| root.row.id.to_string()).unwrap_or_default(),
        fetch: fetch(here),
        may_write,
        api: format!("{}/folders", paths::project_call(here.slug, here.key)),
    }
}

fn fetch(here: &Here) -> String {
    let query = here.address(here.asked);
    let query = query.split_once('?').map_or(String::new(), |(_, query)| format!("?{query}"));
    format!("{}/folders/ID/children{query}", paths::repository(here.slug, here.key))
}

fn all(here: &Here, tree: &Tree, is_here: bool) -> Node {
    let (href, total) = tree.root().map_or((String::new(), 0), |root| (here.folder(root), root.total));
    Node { name: "All cases".to_owned(), href, depth: 1, total: counted(total), here: is_here, ..Node::default() }
}

fn top(here: &Here, root: &Folder, is_here: bool) -> Node {
    let href = here.address(&Asked { folder: "top".to_owned(), ..here.asked.clone() });
    let total = counted(root.row.cases);
    Node { name: "No folder".to_owned(), href, depth: 1, total, here: is_here, ..Node::default() }
}

/// The folders at the top, and those in each folder on the way to the one of the page.
fn open(here: &Here, tree: &Tree, folder: &Folder) -> Vec<Node> {
    let mut way: Vec<FolderId> = tree.path(folder.row.id).iter().map(|folder| folder.row.id).collect();
    way.push(folder.row.id);
    let mut nodes = Vec::new();
    if let Some(root) = tree.root() {
        level(here, tree, root, &way, &mut nodes);
    }
    nodes
}

fn level(here: &Here, tree: &Tree, parent: &Folder, way: &[FolderId], nodes: &mut Vec<Node>) {
    let mut left_out = 0;
    for (at, child) in tree.children(parent.row.id).enumerate() {
        let is_open = way.contains(&child.row.id);
        if at >= SHOWN && !is_open {
            left_out += 1;
            continue;
        }
        nodes.push(node(here, child, is_open, way.last() == Some(&child.row.id)));
        if is_open {
            level(here, tree, child, way, nodes);
        }
    }
    if left_out > 0 {
        nodes.push(rest(here, parent, left_out));
    }
}

/// A line for those that are not shown: with scripts it brings them, without it shows the folder they are in.
fn rest(here: &Here, parent: &Folder, left_out: usize) -> Node {
    Node {
        id: String::new(),
        name: format!("{} more", counted(i64::try_from(left_out).unwrap_or(i64::MAX))),
        href: format!("{}#{}", here.folder(parent), parent.row.id),
        depth: parent.depth + 1,
        rest: true,
        ..Node::default()
    }
}

fn node(here: &Here, folder: &Folder, is_open: bool, is_here: bool) -> Node {
    Node {
        id: folder.row.id.to_string(),
        name: folder.row.name.clone(),
        href: here.folder(folder),
        depth: folder.depth,
        total: counted(folder.total),
        open: (folder.below > 0).then_some(is_open),
        here: is_here,
        rest: false,
    }
}

/// The folders in one.
pub(super) fn below(here: &Here, tree: &Tree, id: FolderId) -> Vec<Node> {
    tree.children(id).map(|child| node(here, child, false, false)).collect()
}

/// Folders with these words in their names, each with its way.
fn found(here: &Here, tree: &Tree, folder: &Folder, words: &Words) -> Vec<Node> {
    let fits = tree.folders().iter().filter(|folder| folder.depth > 0 && words.find(&folder.row.name)).take(FOUND);
    let line = |hit: &Folder| Node {
        name: app::folders::path_of(tree, Some(hit.row.id)),
        depth: 1,
        open: None,
        ..node(here, hit, false, hit.row.id == folder.row.id)
    };
    fits.map(line).collect()
}

/// `1,284`.
pub fn counted(number: i64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_numbers_are_grouped_by_thousands() {
        assert_eq!(["0", "999", "1,284", "100,000"], [0, 999, 1284, 100_000].map(counted)[..]);
    }
}
