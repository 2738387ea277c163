//! The turns of some cases of a change set, within one transaction.

use std::collections::BTreeMap;

use db::Tx;
use domain::{
    access::{Still, WriteCases},
    case::{Field, Merged, Set, merge},
    change_set::{Change, Outcome, Phase, Values, Was},
    event::{Event, What},
    id::CaseId,
    now::Now,
};
use store::{
    cases::{self, Case},
    change_sets::{self, ChangeSet, Turn},
    events, properties,
};

use super::{again, good, json, read};
use crate::{
    Failure,
    cases::{check, event, keep, own, told},
};

/// So many cases have their turn in one transaction. On a plain disk that is some ten milliseconds, which is what others
/// who write have to wait.
const TURNS: i64 = 200;

/// Gives the next cases the values of their set.
pub(super) fn edit(tx: &mut Tx, still: &Still<WriteCases>, set: &mut ChangeSet, now: &Now) -> Result<(), Failure> {
    let change: Change = read(&set.change)?;
    match good(tx, still, &again(&change), now) {
        Ok(_) => {}
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
            (turn.outcome, turn.before) = match change.of_case(&case.fields) {
                same if same.is_empty() => (Outcome::Same, None),
                changes => put(tx, still, &mut case, changes, &mut tell, now)?,
            };
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
            Some(case) => back(tx, still, case, &read(&before.before)?, &mut tell, now)?,
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
    was: &Was,
    tell: &mut Vec<Event>,
    now: &Now,
) -> Result<Outcome, Failure> {
    let Merged::Changes(changes) = merge(&case.fields, &case.touched, was.revision, was.values.sets().to_vec()) else {
        return Ok(Outcome::Edited);
    };
    let values = properties::in_project(tx, still)?;
    match check::sets(tx, still, &values, Some(&case.fields), &changes) {
        Ok(()) if changes.is_empty() => Ok(Outcome::Back),
        Ok(()) => match put(tx, still, &mut case, changes, tell, now)? {
            (Outcome::Changed, _) => Ok(Outcome::Back),
            (other, _) => Ok(other),
        },
        Err(Failure::Invalid(_)) => Ok(Outcome::Refused),
        Err(other) => Err(other),
    }
}

/// The cases among these that are not in the trash.
fn live(tx: &mut Tx, still: &Still<WriteCases>, ids: &[CaseId]) -> Result<BTreeMap<CaseId, Case>, Failure> {
    let cases = if ids.is_empty() { Vec::new() } else { cases::lock_all(tx, still, ids)? };
    Ok(cases.into_iter().filter(|case| case.trashed_at.is_none()).map(|case| (case.id, case)).collect())
}

/// Writes values into a case; what the case cannot take, such as one label too many, changes nothing.
fn put(
    tx: &mut Tx,
    still: &Still<WriteCases>,
    case: &mut Case,
    changes: Vec<Set>,
    tell: &mut Vec<Event>,
    now: &Now,
) -> Result<(Outcome, Option<String>), Failure> {
    let own = own::named(tx, still, changes)?;
    let event = told(event(What::CaseChanged, case), &case.fields, &own.sets, &own);
    let fields: Vec<Field> = own.sets.iter().map(Set::field).collect();
    let values = Values::of(fields.iter().map(|field| case.fields.get(*field)).collect());
    own.sets.into_iter().for_each(|set| case.fields.put(set));
    match keep(tx, still, case, &fields, None, now) {
        Ok(()) => {}
        Err(Failure::Invalid(_)) => return Ok((Outcome::Refused, None)),
        Err(other) => return Err(other),
    }
    tell.push(event);
    Ok((Outcome::Changed, Some(json(&Was { revision: case.revision, values })?)))
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
