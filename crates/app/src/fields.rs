//! Fields of one's own: those of the whole workspace, and a project's.

mod given;
pub mod options;

use std::time::Duration;

use db::Tx;
use domain::{
    access::{May, Settle, Still, System},
    event::{Attempt, Event, What},
    field::{Choosable, FieldKind},
    id::{FieldId, OptionId},
    now::Now,
    time::days,
    title::{FieldName, folded},
};
use serde_json::Value;
use store::{
    Again, events,
    fields::{self, Choice, Field},
    workspaces,
};

pub use given::{Given, filter, given, initial};

use crate::Failure;

/// So many fields there are at most, in a workspace and in each project.
pub const MOST: usize = 100;
/// How long a field stays in the trash.
pub const KEPT: Duration = days(30);

/// A field to be made.
#[derive(Clone, Debug)]
pub struct NewField {
    /// The name.
    pub name: FieldName,
    /// What it holds, for ever.
    pub kind: FieldKind,
    /// Whether a case must have a value.
    pub required: bool,
    /// The names of its options, where its kind has some.
    pub options: Vec<String>,
}

/// What is to change about a field; `None` leaves it.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// The name.
    pub name: Option<FieldName>,
    /// Whether a case must have a value. Cases without one keep being without until they are saved.
    pub required: Option<bool>,
    /// What new cases have; `null` is nothing.
    pub initial: Option<Value>,
    /// Its place among the others, from 0.
    pub place: Option<usize>,
}

/// Makes a field.
pub fn create(tx: &mut Tx, may: &May<Settle>, new: &NewField, now: &Now) -> Result<Field, Failure> {
    let still = reach(tx, may, "make a field", now)?;
    let others = fields::settled(tx, &still)?;
    if others.len() >= MOST {
        return Err(Failure::conflict("too_many", format!("There are {MOST} fields. Delete one.")));
    }
    free(tx, &still, None, &new.name)?;
    let id = fields::insert(tx, &still, &new.name, new.kind, new.required, now)?;
    let ids: Vec<FieldId> = others.iter().map(|field| field.id).chain([id]).collect();
    fields::arrange(tx, &still, &ids)?;
    let field = find(tx, &still, id)?;
    options::add_first(tx, &still, &field, &new.options, now)?;
    let event = Event::new(What::FieldCreated, "field", id, new.name.as_str());
    tell(tx, &still, event.change("kind", (), new.kind.words()), now)?;
    Ok(field)
}

/// Changes a field. Its kind stays.
pub fn change(tx: &mut Tx, may: &May<Settle>, id: FieldId, change: &Change, now: &Now) -> Result<Field, Failure> {
    let still = reach(tx, may, "change a field", now)?;
    let was = find(tx, &still, id)?;
    if let Some(name) = &change.name {
        free(tx, &still, Some(id), name)?;
    }
    let stored = FieldName::parse(&was.name).map_err(|bad| Failure::Broken(format!("a stored name: {bad}")))?;
    let name = change.name.as_ref().unwrap_or(&stored);
    let required = change.required.unwrap_or(was.required);
    let initial = match &change.initial {
        None => was.initial.clone(),
        Some(json) => default(tx, &was, json)?,
    };
    fields::update(tx, &still, id, name, required, initial.as_deref())?;
    let moved = move_to(tx, &still, id, change.place)?;
    let mut event = Event::new(What::FieldChanged, "field", id, &was.name);
    if name.as_str() != was.name {
        event = event.change("name", was.name.as_str(), name.as_str());
    }
    if required != was.required {
        event = event.change("required", was.required, required);
    }
    if initial != was.initial {
        event = event.change("default", was.initial, initial);
    }
    if let Some(place) = moved {
        event = event.change("place", (), place + 1);
    }
    tell(tx, &still, event, now)?;
    find(tx, &still, id)
}

/// A field that lies in the trash now.
#[derive(Clone, Debug)]
pub struct Deleted {
    /// What it is called.
    pub name: String,
    /// How many cases had a value.
    pub cases: i64,
}

/// Puts a field into the trash. The values of cases stay for as long as it can be restored.
pub fn delete(tx: &mut Tx, may: &May<Settle>, id: FieldId, now: &Now) -> Result<Deleted, Failure> {
    let still = reach(tx, may, "delete a field", now)?;
    let field = find(tx, &still, id)?;
    let cases = fields::cases_with(tx, &still, id)?;
    fields::trash(tx, &still, id, Some(now.at))?;
    tell(tx, &still, Event::new(What::FieldDeleted, "field", id, &field.name).change("cases", (), cases), now)?;
    Ok(Deleted { name: field.name, cases })
}

/// Takes a field out of the trash, with the values that cases had.
pub fn restore(tx: &mut Tx, may: &May<Settle>, id: FieldId, now: &Now) -> Result<Field, Failure> {
    let still = reach(tx, may, "restore a field", now)?;
    let field = fields::trashed(tx, &still)?.into_iter().find(|field| field.id == id).ok_or(Failure::Unknown)?;
    let name = FieldName::parse(&field.name).map_err(|bad| Failure::Broken(format!("a stored name: {bad}")))?;
    free(tx, &still, Some(id), &name)?;
    fields::trash(tx, &still, id, None)?;
    tell(tx, &still, Event::new(What::FieldRestored, "field", id, &field.name), now)?;
    find(tx, &still, id)
}

/// Erases what has been in the trash for its time.
pub fn empty(tx: &mut Tx, now: &Now) -> Result<(), Failure> {
    let system = System::because("30 days in the trash are over");
    for due in fields::due(tx, &system, now.at, KEPT)? {
        fields::erase(tx, &system, due.id)?;
    }
    Ok(())
}

/// The options of a field that a value may name: those offered, and those held already.
pub(crate) fn choosable(options: Vec<Choice>, held: &[OptionId]) -> Vec<Choosable> {
    let offered = options.into_iter().filter(|option| !option.archived || held.contains(&option.id));
    offered.map(|option| Choosable { id: option.id, name: option.name }).collect()
}

/// The proof again, with the workspace's row held: names and orders are settled by one at a time.
fn reach(tx: &mut Tx, may: &May<Settle>, deed: &str, now: &Now) -> Result<Still<Settle>, Failure> {
    now.tries(Attempt::new(What::FieldRefused, "workspace", may.workspace(), deed).by(may));
    workspaces::lock(tx, may.workspace())?;
    Ok(tx.still(may, now.at)?)
}

fn find(tx: &mut Tx, still: &Still<Settle>, id: FieldId) -> Result<Field, Failure> {
    fields::settled(tx, still)?.into_iter().find(|field| field.id == id).ok_or(Failure::Unknown)
}

/// That no other field which cases of the scope have is called so.
fn free(tx: &mut Tx, still: &Still<Settle>, own: Option<FieldId>, name: &FieldName) -> Result<(), Failure> {
    let others = fields::in_project(tx, still)?;
    let same = |other: &&Field| Some(other.id) != own && folded(&other.name) == name.folded();
    others.iter().find(same).map_or(Ok(()), |other| {
        Err(Failure::invalid("name", "taken", format!("There is the field {} already.", other.name)))
    })
}

fn default(tx: &mut Tx, field: &Field, json: &Value) -> Result<Option<String>, Failure> {
    let options = choosable(fields::options(tx, &[field.id])?, &[]);
    let value = field.kind.read(json, &options);
    let value = value.map_err(|bad| Failure::invalid("default", bad.code(), format!("{bad}")))?;
    Ok(value.map(|value| value.to_json().to_string()))
}

fn move_to(tx: &mut Tx, still: &Still<Settle>, id: FieldId, place: Option<usize>) -> Result<Option<usize>, Failure> {
    let Some(place) = place else { return Ok(None) };
    let mut ids: Vec<FieldId> = fields::settled(tx, still)?.iter().map(|field| field.id).collect();
    let before = ids.iter().position(|other| *other == id);
    ids.retain(|other| *other != id);
    let place = place.min(ids.len());
    ids.insert(place, id);
    fields::arrange(tx, still, &ids)?;
    Ok((before != Some(place)).then_some(place))
}

fn tell(tx: &mut Tx, still: &Still<Settle>, event: Event, now: &Now) -> Result<(), Failure> {
    let event = event.in_project(still.project());
    Ok(events::add(tx, Some(still.workspace()), Some(still.person()), &event, now)?)
}
