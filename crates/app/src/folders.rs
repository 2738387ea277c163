//! Making, naming, moving and ordering folders.

use db::Tx;
use domain::{
    access::{May, Still, WriteCases},
    event::{Attempt, Event, What},
    folder::{Misplaced, Tree},
    id::FolderId,
    now::Now,
    rank::Rank,
    title::FolderName,
};
use store::{Again, events, folders};

use crate::Failure;

/// Where a folder is to lie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// In which folder; `None` is the top of the project.
    pub parent: Option<FolderId>,
    /// Before which of those there; `None` is the end.
    pub before: Option<FolderId>,
}

/// What is to change about a folder; `None` leaves it.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// The name.
    pub name: Option<FolderName>,
    /// Where it lies.
    pub place: Option<Place>,
}

/// Makes a folder.
pub fn create(
    tx: &mut Tx,
    may: &May<WriteCases>,
    name: &FolderName,
    place: Place,
    now: &Now,
) -> Result<FolderId, Failure> {
    now.tries(tried(may, "", "create"));
    let still = tx.still(may, now.at)?;
    let root = folders::lock(tx, &still)?;
    let parent = place.parent.unwrap_or(root);
    folders::tree(tx, &still)?.may_hold(parent).map_err(|bad| misplaced(bad, "parent"))?;
    let rank = rank(tx, &still, parent, place.before, None)?;
    let made = folders::insert(tx, &still, parent, name, &rank, now)?.ok_or_else(|| taken(name))?;
    let event = Event::new(What::FolderCreated, "folder", made, name.as_str()).in_project(still.project());
    events::add(tx, Some(still.workspace()), Some(still.person()), &event, now)?;
    Ok(made)
}

/// Renames a folder, moves it with all in it, or both. It cannot lie in itself, whoever else moves at the same moment.
pub fn change(tx: &mut Tx, may: &May<WriteCases>, id: FolderId, change: &Change, now: &Now) -> Result<(), Failure> {
    now.tries(tried(may, id, "change"));
    let still = tx.still(may, now.at)?;
    let root = folders::lock(tx, &still)?;
    let tree = folders::tree(tx, &still)?;
    let folder = tree.find(id).filter(|folder| folder.depth > 0).ok_or(Failure::Unknown)?;
    let was = &folder.row;
    let parent = change.place.map_or(was.parent, |place| Some(place.parent.unwrap_or(root))).unwrap_or(root);
    if change.place.is_some() {
        tree.may_move(id, parent).map_err(|bad| misplaced(bad, "parent"))?;
    }
    let old = FolderName::parse(&was.name).map_err(|bad| Failure::Broken(bad.to_string()))?;
    let name = change.name.as_ref().unwrap_or(&old);
    if folders::has_name(tx, &still, parent, name, Some(id))? {
        return Err(taken(name));
    }
    if *name != old {
        folders::rename(tx, &still, id, name)?;
        add(tx, &still, What::FolderRenamed, id, &old, ("name", old.as_str(), name.as_str()), now)?;
    }
    if let Some(place) = change.place {
        let rank = rank(tx, &still, parent, place.before, Some(id))?;
        folders::place(tx, &still, id, parent, &rank)?;
        let (from, to) = (path_of(&tree, was.parent), path_of(&tree, Some(parent)));
        add(tx, &still, What::FolderMoved, id, name, ("folder", &from, &to), now)?;
    }
    Ok(())
}

fn add(
    tx: &mut Tx,
    still: &Still<WriteCases>,
    what: What,
    id: FolderId,
    label: &FolderName,
    (field, old, new): (&str, &str, &str),
    now: &Now,
) -> Result<(), Failure> {
    let event = Event::new(what, "folder", id, label.as_str()).change(field, old, new).in_project(still.project());
    Ok(events::add(tx, Some(still.workspace()), Some(still.person()), &event, now)?)
}

/// `Checkout / Payment`; the top of the project has no name.
pub fn path_of(tree: &Tree, id: Option<FolderId>) -> String {
    let Some(folder) = id.and_then(|id| tree.find(id)).filter(|folder| folder.depth > 0) else { return String::new() };
    let above = tree.path(folder.row.id);
    above.into_iter().chain([folder]).map(|folder| folder.row.name.as_str()).collect::<Vec<_>>().join(" / ")
}

/// A place among the folders of one, under `folders::lock`. `moved` is passed over. Where there is no room left, all of
/// them are spread anew.
pub(crate) fn rank<R>(
    tx: &mut Tx,
    still: &Still<R>,
    parent: FolderId,
    before: Option<FolderId>,
    moved: Option<FolderId>,
) -> Result<Rank, Failure> {
    let mut others = folders::in_folder(tx, still, parent)?;
    others.retain(|placed| Some(placed.id) != moved);
    let at = match before {
        Some(before) => others.iter().position(|placed| placed.id == before).ok_or_else(not_there)?,
        None => others.len(),
    };
    let after = at.checked_sub(1).map(|at| &others[at].rank);
    let found = Rank::between(after, others.get(at).map(|placed| &placed.rank)).filter(|rank| !rank.is_long());
    if let Some(rank) = found {
        return Ok(rank);
    }
    let mut spread = Rank::many(None, None, others.len() + 1).unwrap_or_default();
    let own = spread.remove(at);
    for (placed, rank) in others.iter().zip(spread) {
        folders::place(tx, still, placed.id, parent, &rank)?;
    }
    Ok(own)
}

fn not_there() -> Failure {
    Failure::invalid("before", "unknown", "That folder does not lie there any more.")
}

pub(crate) fn misplaced(bad: Misplaced, field: &str) -> Failure {
    match bad {
        Misplaced::Unknown => Failure::invalid(field, "unknown", "There is no such folder in this project."),
        bad => Failure::invalid(field, bad.code(), format!("{bad}.")),
    }
}

pub(crate) fn taken(name: &FolderName) -> Failure {
    Failure::invalid("name", "taken", format!("There is a folder {name} here already."))
}

pub(crate) fn tried<R>(may: &May<R>, id: impl std::fmt::Display, deed: &str) -> Attempt {
    Attempt::new(What::FolderRefused, "folder", id, deed).by(may)
}
