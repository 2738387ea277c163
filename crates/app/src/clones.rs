//! Cases written again: in this project, or in another one as far as it knows what they say.

use std::collections::BTreeMap;

use db::Tx;
use domain::{
    access::{May, Read, Still, WriteCases},
    case::{Field, Fields, Set, Step},
    event::{Attempt, What},
    id::{CaseId, FolderId},
    now::Now,
    step_group::{groups_of, unlinked},
};
use serde_json::Map;
use store::{
    Again,
    cases::{self, Case},
    events, folders, properties, step_groups,
};

use crate::{
    Failure,
    cases::{NewCase, check, event, make, own},
};

/// At most so many cases are cloned at once.
pub const MOST: usize = 500;

/// A case and its clone.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    /// The number of the one that was there.
    pub from: i64,
    /// The clone.
    pub id: CaseId,
    /// The number of the clone.
    pub number: i64,
}

/// A case that could not be cloned.
#[derive(Clone, Debug)]
pub struct PassedOver {
    /// Its number.
    pub number: i64,
    /// What it is called.
    pub title: String,
    /// Why, in sentences.
    pub why: String,
}

/// What became of cloning.
#[derive(Clone, Debug, Default)]
pub struct Cloned {
    /// Those cloned, in the order they were named.
    pub cases: Vec<Pair>,
    /// How many are gone, in the trash or of another project.
    pub skipped: usize,
    /// Those the project cannot take.
    pub passed_over: Vec<PassedOver>,
}

/// Clones cases to the end of a folder, in the order they are named; `None` is the top of the project. What the project
/// does not know (a value of a property, an owner who is not here, a field of the other project) has its default, shared
/// steps of another project become each clone's own. Clones begin as drafts, without history.
pub fn clone_cases(
    tx: &mut Tx,
    from: &May<Read>,
    into: &May<WriteCases>,
    ids: &[CaseId],
    folder: Option<FolderId>,
    now: &Now,
) -> Result<Cloned, Failure> {
    now.tries(Attempt::new(What::CaseRefused, "case", "", "clone").by(into));
    few(ids)?;
    let (seen, still) = (tx.still(from, now.at)?, tx.still(into, now.at)?);
    let tree = folders::tree(tx, &still)?;
    if folder.is_some_and(|id| tree.find(id).is_none()) {
        return Err(Failure::invalid("folder", "unknown", "There is no such folder in this project."));
    }
    let found = cases::lock_all(tx, &seen, ids)?.into_iter().filter(|case| case.trashed_at.is_none());
    let mut found: BTreeMap<CaseId, Case> = found.map(|case| (case.id, case)).collect();
    let mut cloned = Cloned::default();
    for id in ids {
        let Some(case) = found.remove(id) else {
            cloned.skipped += 1;
            continue;
        };
        match one(tx, &seen, &still, &case, folder, now) {
            Ok(clone) => cloned.cases.push(Pair { from: case.number, id: clone.id, number: clone.number }),
            Err(Failure::Invalid(bad)) if bad.iter().all(|bad| bad.field.starts_with("fields.")) => {
                let why = bad.into_iter().map(|bad| bad.detail).collect::<Vec<_>>().join(" ");
                let title = case.fields.title.as_str().to_owned();
                cloned.passed_over.push(PassedOver { number: case.number, title, why });
            }
            Err(other) => return Err(other),
        }
    }
    Ok(cloned)
}

fn few(ids: &[CaseId]) -> Result<(), Failure> {
    let bad = |code, detail: String| Err(Failure::invalid("cases", code, detail));
    match ids.len() {
        0 => bad("required", "Choose at least one case.".to_owned()),
        many if many > MOST => bad("too_many_cases", format!("{many} cases, at most {MOST} are cloned at once.")),
        _ => Ok(()),
    }
}

fn one(
    tx: &mut Tx,
    seen: &Still<Read>,
    still: &Still<WriteCases>,
    case: &Case,
    folder: Option<FolderId>,
    now: &Now,
) -> Result<Case, Failure> {
    let sets = sets(tx, seen, still, &case.fields)?;
    let mut values = Map::new();
    for (id, value) in &case.fields.values {
        let value = Map::from_iter([(id.to_string(), value.to_json())]);
        match own::given(tx, still, &[], &[], &value) {
            Ok(_) => values.extend(value),
            Err(Failure::Invalid(_)) => {}
            Err(other) => return Err(other),
        }
    }
    let new = NewCase { folder, title: case.fields.title.clone(), sets, values };
    let clone = make(tx, still, &new, now)?;
    let key = store::projects::key_of(tx, &seen.member().visible(), case.project)?.unwrap_or_default();
    let told = event(What::CaseCloned, &clone).change("source", (), format!("{key}-{}", case.number));
    events::add(tx, Some(still.workspace()), Some(still.person()), &told, now)?;
    Ok(clone)
}

/// What the case says, as far as the project knows it.
fn sets(tx: &mut Tx, seen: &Still<Read>, still: &Still<WriteCases>, fields: &Fields) -> Result<Vec<Set>, Failure> {
    let known = properties::in_project(tx, still)?;
    let mut sets = Vec::new();
    for field in Field::ALL.iter().filter(|field| **field != Field::Title) {
        let set = match fields.get(*field) {
            Set::Steps(steps) => Set::Steps(own_steps(tx, seen, still, steps)?),
            other => other,
        };
        match check::sets(tx, still, &known, None, std::slice::from_ref(&set)) {
            Ok(()) => sets.push(set),
            Err(Failure::Invalid(_)) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(sets)
}

/// Groups of steps stand in their project alone: elsewhere their steps are the clone's own.
fn own_steps(
    tx: &mut Tx,
    seen: &Still<Read>,
    still: &Still<WriteCases>,
    mut steps: Vec<Step>,
) -> Result<Vec<Step>, Failure> {
    if seen.project() == still.project() {
        return Ok(steps);
    }
    for group in groups_of(&steps) {
        if let Some(found) = step_groups::find(tx, seen, group)? {
            steps = unlinked(&steps, group, &found.steps);
        }
    }
    Ok(steps)
}
