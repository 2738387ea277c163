//! The turns of some cases of a change set, within one transaction.

use std::collections::BTreeMap;

use db::Tx;
use domain::{
    access::{Still, WriteCases},
    case::{Field, Merged, Set, merge},
    change_set::{Outcome, Phase, Values, Was},
    event::{Event, What},
    id::CaseId,
    now::Now,
};
use store::{
    cases::{self, Case},
    change_sets::{self, ChangeSet, Turn},
    events, properties,
};

use super::{good, json, read};
use crate::{
    Failure,
    cases::{check, event, keep, told},
};

/// So many cases have their turn in one transaction. On a plain disk that is some ten milliseconds, which is what others
/// who write have to wait.
const TURNS: i64 = 200;

/// Gives the next cases the values of their set.
pub(super) fn edit(tx: &mut Tx, still: &Still<WriteCases>, set: &mut ChangeSet, now: &Now) -> Result<(), Failure> {
    let wanted: Values = read(&set.change)?;
    match good(tx, still, wanted.sets()) {
        Ok(()) => {}
        Err(Failure::Invalid(_)) => {
            change_sets::refuse(tx, set.id)?;
            set.waiting = 0;
        }
        Err(other) => return Err(other),
    }
    let ids = if set.waiting > 0 { change_sets::waiting(tx, set.id, TURNS)? } else { Vec::new() };
    let mut live = live(tx, still, &ids)?;
    let (mut turns, mut tell) = (Vec::new(), Vec::new());
    for id in &ids {
        let mut turn = Turn { case: *id, outcome: Outcome::Gone, before: None };
        if let Some(mut case) = live.remove(id) {
            let changes = differing(&case, wanted.sets());
            turn.outcome = if changes.is_empty() { Outcome::Same } else { Outcome::Changed };
            if !changes.is_empty() {
                let was = put(tx, still, &mut case, changes, &mut tell, now)?;
                turn.before = Some(json(&was)?);
            }
        }
        turns.push(turn);
    }
    noted(tx, still, set, &turns, &tell, now)
}

/// Gives the next cases back what they said, where nobody has changed it since.
pub(super) fn undo(tx: &mut Tx, still: &Still<WriteCases>, set: &mut ChangeSet, now: &Now) -> Result<(), Failure> {
    let before = change_sets::changed(tx, set.id, TURNS)?;
    let ids: Vec<CaseId> = before.iter().map(|before| before.case_id).collect();
    let mut live = live(tx, still, &ids)?;
    let (mut turns, mut tell) = (Vec::new(), Vec::new());
    for before in before {
        let outcome = match live.remove(&before.case_id) {
            Some(case) => back(tx, still, case, read(&before.before)?, &mut tell, now)?,
            None => Outcome::Gone,
        };
        turns.push(Turn { case: before.case_id, outcome, before: Some(before.before) });
    }
    noted(tx, still, set, &turns, &tell, now)
}

fn back(
    tx: &mut Tx,
    still: &Still<WriteCases>,
    mut case: Case,
    was: Was,
    tell: &mut Vec<Event>,
    now: &Now,
) -> Result<Outcome, Failure> {
    let Merged::Changes(changes) = merge(&case.fields, &case.touched, was.revision, was.values.sets().to_vec()) else {
        return Ok(Outcome::Edited);
    };
    let values = properties::in_project(tx, still)?;
    match check::sets(tx, still, &values, Some(&case.fields), &changes) {
        Ok(()) if changes.is_empty() => {}
        Ok(()) => drop(put(tx, still, &mut case, changes, tell, now)?),
        Err(Failure::Invalid(_)) => return Ok(Outcome::Refused),
        Err(other) => return Err(other),
    }
    Ok(Outcome::Back)
}

/// The cases among these that are not in the trash.
fn live(tx: &mut Tx, still: &Still<WriteCases>, ids: &[CaseId]) -> Result<BTreeMap<CaseId, Case>, Failure> {
    let cases = if ids.is_empty() { Vec::new() } else { cases::lock_all(tx, still, ids)? };
    Ok(cases.into_iter().filter(|case| case.trashed_at.is_none()).map(|case| (case.id, case)).collect())
}

fn differing(case: &Case, wanted: &[Set]) -> Vec<Set> {
    wanted.iter().filter(|set| case.fields.get(set.field()) != **set).cloned().collect()
}

fn put(
    tx: &mut Tx,
    still: &Still<WriteCases>,
    case: &mut Case,
    changes: Vec<Set>,
    tell: &mut Vec<Event>,
    now: &Now,
) -> Result<Was, Failure> {
    tell.push(told(event(What::CaseChanged, case), &case.fields, &changes));
    let fields: Vec<Field> = changes.iter().map(Set::field).collect();
    let values = Values::of(fields.iter().map(|field| case.fields.get(*field)).collect());
    changes.into_iter().for_each(|set| case.fields.put(set));
    keep(tx, still, case, &fields, None, now)?;
    Ok(Was { revision: case.revision, values })
}

fn noted(
    tx: &mut Tx,
    still: &Still<WriteCases>,
    set: &mut ChangeSet,
    turns: &[Turn],
    tell: &[Event],
    now: &Now,
) -> Result<(), Failure> {
    events::add_all(tx, Some(still.workspace()), Some(still.person()), tell, now)?;
    change_sets::note(tx, set.id, turns)?;
    set.waiting -= i64::try_from(turns.len()).unwrap_or(i64::MAX);
    if turns.is_empty() || set.waiting <= 0 {
        set.waiting = 0;
        set.phase = if set.phase == Phase::Doing { Phase::Done } else { Phase::Undone };
    }
    Ok(change_sets::stand(tx, set, now)?)
}
