//! Values for many cases at once. The cases have their turns in small transactions, so that nobody else waits long, and
//! each is written as by a save of its own: with a version, an event, and what it was before.

mod turns;

use db::Tx;
use domain::{
    access::{May, Still, WriteCases},
    case::{Field, Set},
    change_set::{Change, Outcome, Phase, Values},
    event::{Attempt, Event, What},
    field::FieldValue,
    id::{CaseId, ChangeSetId},
    now::Now,
};
use serde_json::{Map, Value};
use store::{
    Again,
    case_list::Wanted,
    change_sets::{self, ChangeSet},
    events, properties,
};

use crate::{
    App, Bad, Failure,
    cases::{check, own},
    labels, moves,
};

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

/// What each of them is to say.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    /// Values of fields, and labels.
    pub change: Change,
    /// Values of the project's own fields, by id, as the API tells them.
    pub values: Map<String, Value>,
}

/// Gives many cases values. The first ones have their turn at once; while the set is [`Phase::Doing`], [`run`] does the
/// rest. Values that do not exist are refused before any case is touched.
pub fn edit(tx: &mut Tx, may: &May<WriteCases>, which: Which, edit: &Edit, now: &Now) -> Result<ChangeSet, Failure> {
    now.tries(refusal(may));
    let still = tx.still(may, now.at)?;
    let change = good(tx, &still, edit, now)?;
    let id = change_sets::begin(tx, &still, EDIT, &json(&change)?, now)?;
    let mut set = change_sets::lock(tx, &still, id)?.ok_or(Failure::Unknown)?;
    (set.total, set.waiting) = gathered(tx, &still, id, which)?;
    add_event(tx, &still, What::CasesEdited, &set, &change, now)?;
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
    let change = read(&set.change)?;
    add_event(tx, &still, What::CasesEditUndone, &set, &change, now)?;
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

/// The whole change, or all that is wrong with it today. Labels that are not there yet are made.
fn good(tx: &mut Tx, still: &Still<WriteCases>, edit: &Edit, now: &Now) -> Result<Change, Failure> {
    if edit.change.is_empty() && edit.values.is_empty() {
        return Err(Failure::invalid("set", "required", "Say which field is to have which value."));
    }
    let sets = edit.change.set.sets();
    let each: Vec<Bad> = sets.iter().map(Set::field).filter(|field| !field.is_for_many()).map(each_its_own).collect();
    if !each.is_empty() {
        return Err(Failure::Invalid(each));
    }
    let added = labels::called(tx, still, &edit.change.add_labels, now)?.into_iter().map(|label| label.name).collect();
    let values = properties::in_project(tx, still)?;
    let own = own::given(tx, still, &[], sets, &edit.values)?;
    check::sets(tx, still, &values, None, &own.sets)?;
    Ok(Change { set: Values::of(own.sets), add_labels: added, ..edit.change.clone() })
}

/// The change as it was given, to be looked through again.
fn again(change: &Change) -> Edit {
    let (mut sets, mut values) = (Vec::new(), Map::new());
    for set in change.set.sets() {
        match set {
            Set::Own(id, value) => {
                drop(values.insert(id.to_string(), value.as_ref().map_or(Value::Null, FieldValue::to_json)));
            }
            other => sets.push(other.clone()),
        }
    }
    Edit { change: Change { set: Values::of(sets), ..change.clone() }, values }
}

fn each_its_own(field: Field) -> Bad {
    Bad::new(field.slug(), "own", format!("{}: every case has its own; change it in the case.", field.words()))
}

fn add_event(
    tx: &mut Tx,
    still: &Still<WriteCases>,
    what: What,
    set: &ChangeSet,
    change: &Change,
    now: &Now,
) -> Result<(), Failure> {
    let own = own::named(tx, still, change.set.sets().to_vec())?;
    let names: Vec<String> = change.fields().into_iter().map(|field| own.words(field)).collect();
    let mut event = Event::new(what, "change", set.id, names.join(", ")).in_project(still.project());
    event = event.change("cases", (), set.waiting);
    Ok(events::add(tx, Some(still.workspace()), Some(still.person()), &event, now)?)
}

fn json(kept: &impl serde::Serialize) -> Result<String, Failure> {
    serde_json::to_string(kept).map_err(|error| Failure::Broken(error.to_string()))
}

fn read<T: serde::de::DeserializeOwned>(kept: &str) -> Result<T, Failure> {
    serde_json::from_str(kept).map_err(|error| Failure::Broken(format!("a change set: {error}")))
}
