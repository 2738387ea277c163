//! Values for many cases at once. The cases have their turns in small transactions, so that nobody else waits long, and
//! each is written as by a save of its own: with a version, an event, and what it was before.

mod turns;

use db::Tx;
use domain::{
    access::{May, Still, WriteCases},
    case::Set,
    change_set::{Outcome, Phase, Values},
    event::{Attempt, Event, What},
    id::{CaseId, ChangeSetId},
    now::Now,
};
use store::{
    Again,
    case_list::Wanted,
    change_sets::{self, ChangeSet},
    events, properties,
};

use crate::{App, Bad, Failure, cases::check, moves};

/// At most so many cases in one change set.
pub const MOST: i64 = 50_000;

/// The kind of a change set that gives cases values.
const EDIT: &str = "edit";

/// Which cases.
#[derive(Clone, Copy, Debug)]
pub enum Which<'a> {
    /// Those named.
    These(&'a [CaseId]),
    /// All that pass a filter now.
    Passing(Wanted<'a>),
}

/// Gives many cases values. The first ones have their turn at once; while the set is [`Phase::Doing`], [`run`] does the
/// rest. Values that do not exist are refused before any case is touched.
pub fn edit(tx: &mut Tx, may: &May<WriteCases>, which: Which, sets: Vec<Set>, now: &Now) -> Result<ChangeSet, Failure> {
    now.tries(refusal(may));
    let still = tx.still(may, now.at)?;
    good(tx, &still, &sets)?;
    let values = Values::of(sets);
    let id = change_sets::begin(tx, &still, EDIT, &json(&values)?, now)?;
    let mut set = change_sets::lock(tx, &still, id)?.ok_or(Failure::Unknown)?;
    (set.total, set.waiting) = gathered(tx, &still, id, which)?;
    add_event(tx, &still, What::CasesEdited, &set, &values, now)?;
    turns::edit(tx, &still, &mut set, now)?;
    Ok(set)
}

/// Gives the next cases their turn, if some still wait for it.
pub fn go_on(tx: &mut Tx, may: &May<WriteCases>, id: ChangeSetId, now: &Now) -> Result<ChangeSet, Failure> {
    now.tries(refusal(may));
    let still = tx.still(may, now.at)?;
    let mut set = change_sets::lock(tx, &still, id)?.ok_or(Failure::Unknown)?;
    match set.phase {
        Phase::Doing => turns::edit(tx, &still, &mut set, now)?,
        Phase::Undoing => turns::undo(tx, &still, &mut set, now)?,
        Phase::Done | Phase::Undone => {}
    }
    Ok(set)
}

/// Takes one's own change set back, also one that is still on its way. What others changed since stays as it is.
pub fn take_back(tx: &mut Tx, may: &May<WriteCases>, id: ChangeSetId, now: &Now) -> Result<ChangeSet, Failure> {
    now.tries(refusal(may));
    let still = tx.still(may, now.at)?;
    let mut set = change_sets::lock(tx, &still, id)?.ok_or(Failure::Unknown)?;
    if matches!(set.phase, Phase::Undoing | Phase::Undone) {
        return Err(Failure::conflict("undone_already", "This was taken back already."));
    }
    if set.kind == moves::MOVE {
        moves::lay_back(tx, &still, &mut set, now)?;
        return Ok(set);
    }
    set.waiting = change_sets::counts(tx, id)?.get(Outcome::Changed.slug()).copied().unwrap_or(0);
    set.phase = Phase::Undoing;
    let values = read(&set.change)?;
    add_event(tx, &still, What::CasesEditUndone, &set, &values, now)?;
    turns::undo(tx, &still, &mut set, now)?;
    Ok(set)
}

/// Gives case after case its turn until none waits, or the person may no longer write. A server that stops leaves the
/// rest waiting: [`go_on`] takes it up again.
pub async fn run(app: App, may: May<WriteCases>, id: ChangeSetId, client: Option<std::net::IpAddr>) {
    loop {
        let may = may.clone();
        match app.write(client, move |tx, now| go_on(tx, &may, id, now)).await {
            Ok(set) if set.phase.is_on_its_way() => {}
            Ok(_) => return,
            Err(error) => return tracing::warn!(change = %id, %error, "a change of many cases stopped on its way"),
        }
    }
}

fn refusal(may: &May<WriteCases>) -> Attempt {
    Attempt::new(What::CaseRefused, "case", "", "change").by(may)
}

/// How many cases were asked for, and how many of them there are.
fn gathered(tx: &mut Tx, still: &Still<WriteCases>, id: ChangeSetId, which: Which) -> Result<(i64, i64), Failure> {
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let (total, found) = match which {
        Which::These(ids) => (number(ids.len() as u64), number(change_sets::add(tx, still, id, ids)?)),
        Which::Passing(wanted) => {
            let found = number(change_sets::add_passing(tx, still, id, wanted)?);
            (found, found)
        }
    };
    let bad = |code, detail: String| Err(Failure::invalid("cases", code, detail));
    match (total, found) {
        (0, _) => bad("required", "Choose at least one case.".to_owned()),
        (_, 0) => bad("unknown", "None of these cases is in this project any more.".to_owned()),
        (many, _) if many > MOST => bad("too_many_cases", format!("{many} cases, at most {MOST} change at once.")),
        found => Ok(found),
    }
}

/// All that is wrong with values for many cases.
fn good(tx: &mut Tx, still: &Still<WriteCases>, sets: &[Set]) -> Result<(), Failure> {
    if sets.is_empty() {
        return Err(Failure::invalid("set", "required", "Say which field is to have which value."));
    }
    let own = sets.iter().map(Set::field).filter(|field| !field.is_for_many());
    let own = own.map(|field| {
        Bad::new(field.slug(), "own", format!("{}: every case has its own; change it in the case.", field.words()))
    });
    let own: Vec<Bad> = own.collect();
    if !own.is_empty() {
        return Err(Failure::Invalid(own));
    }
    let values = properties::in_project(tx, still)?;
    check::sets(tx, still, &values, None, sets)
}

fn add_event(
    tx: &mut Tx,
    still: &Still<WriteCases>,
    what: What,
    set: &ChangeSet,
    values: &Values,
    now: &Now,
) -> Result<(), Failure> {
    let names: Vec<&str> = values.sets().iter().map(|set| set.field().words()).collect();
    let mut event = Event::new(what, "change", set.id, &names.join(", ")).in_project(still.project());
    event = event.change("cases", (), set.waiting);
    Ok(events::add(tx, Some(still.workspace()), Some(still.person()), &event, now)?)
}

fn json(kept: &impl serde::Serialize) -> Result<String, Failure> {
    serde_json::to_string(kept).map_err(|error| Failure::Broken(error.to_string()))
}

fn read<T: serde::de::DeserializeOwned>(kept: &str) -> Result<T, Failure> {
    serde_json::from_str(kept).map_err(|error| Failure::Broken(format!("a change set: {error}")))
}
