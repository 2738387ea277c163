//! Moving cases to another folder, or to another place in theirs.

use std::collections::{BTreeMap, BTreeSet};

use db::Tx;
use domain::{
    access::{May, Still, WriteCases},
    change_set::{Outcome, Phase},
    event::{Attempt, Event, What},
    folder::{Misplaced, Tree},
    id::{CaseId, ChangeSetId, FolderId},
    now::Now,
    rank::Rank,
};
use serde_json::{Value, json};
use store::{
    Again,
    change_sets::{self, Before, ChangeSet, Turn},
    events, folders,
    moves::{self, Held, Spot},
};

use crate::{
    Failure,
    folders::{misplaced, path_of},
};

/// At most so many cases move in one transaction.
pub const MOST: usize = 1000;

/// What became of a move.
#[derive(Clone, Debug)]
pub struct Moved {
    /// How many moved.
    pub moved: usize,
    /// What takes it back.
    pub set: ChangeSetId,
    /// Asked for, but gone or of another project.
    pub skipped: usize,
    /// What the target is called; empty at the top of the project.
    pub name: String,
}

/// Moves cases into a folder, in the order they are named: before one of those there, or to the end. Those that are gone
/// are passed over.
pub fn move_cases(
    tx: &mut Tx,
    may: &May<WriteCases>,
    ids: &[CaseId],
    into: Option<FolderId>,
    before: Option<CaseId>,
    now: &Now,
) -> Result<Moved, Failure> {
    now.tries(Attempt::new(What::CaseRefused, "case", "", "move").by(may));
    few(ids)?;
    let still = tx.still(may, now.at)?;
    let root = folders::lock(tx, &still)?;
    let into = into.unwrap_or(root);
    let tree = folders::tree(tx, &still)?;
    if tree.find(into).is_none() {
        return Err(misplaced(Misplaced::Unknown, "folder"));
    }
    let from = in_order(ids, moves::held(tx, &still, ids)?);
    if from.is_empty() {
        return Err(Failure::Unknown);
    }
    let ranks = ranks(tx, &still, into, before, &from)?;
    let spots: Vec<Spot> =
        from.iter().zip(ranks).map(|(case, rank)| Spot { id: case.id, folder: into, rank }).collect();
    lay(tx, &still, &tree, &from, &spots, now)?;
    let lay: Vec<Before> = from.iter().map(before_of).collect();
    let set = change_sets::insert(tx, &still, MOVE, &lay, now)?;
    Ok(Moved { moved: from.len(), set, skipped: ids.len() - from.len(), name: path_of(&tree, Some(into)) })
}

/// The kind of a change set that moved cases.
pub(crate) const MOVE: &str = "move";

fn before_of(case: &Held) -> Before {
    let before = json!({"folder": case.folder, "rank": case.rank.as_str()});
    Before { case_id: case.id, before: before.to_string() }
}

fn spot_of(before: &Before) -> Option<Spot> {
    let value: Value = serde_json::from_str(&before.before).ok()?;
    let text = |field: &str| value.get(field).and_then(Value::as_str);
    Some(Spot { id: before.case_id, folder: text("folder")?.parse().ok()?, rank: text("rank")?.parse().ok()? })
}

/// Lays the cases of a move back where they lay. Those that are gone meanwhile, or whose folder is, are passed over.
pub(crate) fn lay_back(tx: &mut Tx, still: &Still<WriteCases>, set: &mut ChangeSet, now: &Now) -> Result<(), Failure> {
    folders::lock(tx, still)?;
    let tree = folders::tree(tx, still)?;
    let before = change_sets::changed(tx, set.id, set.total)?;
    let spots: BTreeMap<CaseId, Spot> = before.iter().filter_map(spot_of).map(|spot| (spot.id, spot)).collect();
    let ids: Vec<CaseId> = spots.keys().copied().collect();
    let there = |case: Held| Some((spots.get(&case.id).filter(|spot| tree.find(spot.folder).is_some())?.clone(), case));
    let (spots, from): (Vec<Spot>, Vec<Held>) = moves::held(tx, still, &ids)?.into_iter().filter_map(there).unzip();
    lay(tx, still, &tree, &from, &spots, now)?;
    let laid: BTreeSet<CaseId> = from.iter().map(|case| case.id).collect();
    let outcome = |id| if laid.contains(&id) { Outcome::Back } else { Outcome::Gone };
    let turn = |was: Before| Turn { case: was.case_id, outcome: outcome(was.case_id), before: Some(was.before) };
    change_sets::note(tx, set.id, &before.into_iter().map(turn).collect::<Vec<_>>())?;
    set.phase = Phase::Undone;
    Ok(change_sets::stand(tx, set, now)?)
}

/// Lays held cases into their spots, with an event for each that leaves its folder.
fn lay(
    tx: &mut Tx,
    still: &Still<WriteCases>,
    tree: &Tree,
    from: &[Held],
    spots: &[Spot],
    now: &Now,
) -> Result<(), Failure> {
    moves::place(tx, still, from, spots)?;
    let event = |(case, spot): (&Held, &Spot)| {
        let (old, new) = (path_of(tree, Some(case.folder)), path_of(tree, Some(spot.folder)));
        let event = Event::new(What::CaseMoved, "case", case.id, &case.title);
        event.change("folder", old, new).in_project(still.project())
    };
    let told: Vec<Event> = from.iter().zip(spots).map(event).collect();
    Ok(events::add_all(tx, Some(still.workspace()), Some(still.person()), &told, now)?)
}

fn few(ids: &[CaseId]) -> Result<(), Failure> {
    let bad = |code, detail: String| Err(Failure::invalid("cases", code, detail));
    match ids.len() {
        0 => bad("required", "Choose at least one case.".to_owned()),
        many if many > MOST => bad("too_many_cases", format!("{many} cases, at most {MOST} move at once.")),
        _ => Ok(()),
    }
}

fn in_order(ids: &[CaseId], mut held: Vec<Held>) -> Vec<Held> {
    let place = |case: &Held| ids.iter().position(|id| *id == case.id);
    held.sort_by_cached_key(place);
    held
}

/// Places for the moved ones, before one of those in the folder or at its end. Without room, all are spread anew.
fn ranks(
    tx: &mut Tx,
    still: &Still<WriteCases>,
    into: FolderId,
    before: Option<CaseId>,
    moved: &[Held],
) -> Result<Vec<Rank>, Failure> {
    let ids: Vec<CaseId> = moved.iter().map(|case| case.id).collect();
    let bounds = |tx: &mut Tx| -> Result<_, Failure> {
        let gone = || Failure::invalid("before", "unknown", "That case does not lie there any more.");
        moves::around(tx, still, into, before, &ids)?.ok_or_else(gone)
    };
    let (after, next) = bounds(tx)?;
    let found = Rank::many(after.as_ref(), next.as_ref(), moved.len());
    if let Some(ranks) = found.filter(|ranks| !ranks.iter().any(Rank::is_long)) {
        return Ok(ranks);
    }
    moves::spread(tx, still, into)?;
    let (after, next) = bounds(tx)?;
    let none = || Failure::Broken("a folder spread anew has no room".to_owned());
    Rank::many(after.as_ref(), next.as_ref(), moved.len()).ok_or_else(none)
}
