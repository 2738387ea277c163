//! Labels of a project's cases: made on the fly, renamed, merged, deleted.

use db::Tx;
use domain::{
    access::{May, Still, WriteCases},
    colour::Colour,
    event::{Attempt, Event, What},
    id::LabelId,
    now::Now,
    title::ValueName,
};
use store::{
    Again, events,
    labels::{self, Label},
};

use crate::{Failure, failure::free_at_once};

/// So many labels a project has at most.
pub const MOST: usize = 1_000;
/// So many labels a case has at most.
pub const MOST_ON_A_CASE: usize = 50;

/// Makes a label. One that differs only in case is there already.
pub fn create(
    tx: &mut Tx,
    may: &May<WriteCases>,
    name: &ValueName,
    colour: Option<Colour>,
    now: &Now,
) -> Result<Label, Failure> {
    let still = reach(tx, may, "make a label", now)?;
    let taken = |label: Label| Failure::invalid("name", "taken", format!("There is the label {} already.", label.name));
    if let Some(other) = labels::named(tx, &still, name)? {
        return Err(taken(other));
    }
    make(tx, &still, name, colour, now)
}

/// The labels of these names for a case that is saved; those that are not there yet are made. `name` of a fault is
/// `labels`.
pub fn called(tx: &mut Tx, still: &Still<WriteCases>, names: &[String], now: &Now) -> Result<Vec<Label>, Failure> {
    let mut found: Vec<Label> = Vec::with_capacity(names.len());
    for name in names {
        let name =
            ValueName::parse(name).map_err(|bad| Failure::invalid("labels", bad.code(), format!("{name}: {bad}.")))?;
        let label = match labels::named(tx, still, &name)? {
            Some(label) => label,
            None => make(tx, still, &name, None, now)?,
        };
        if found.iter().all(|other| other.id != label.id) {
            found.push(label);
        }
    }
    if found.len() > MOST_ON_A_CASE {
        let why = format!("A case has {MOST_ON_A_CASE} labels at most.");
        return Err(Failure::invalid("labels", "too_many", why));
    }
    Ok(found)
}

/// What is to change about a label; `None` leaves it.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// The name.
    pub name: Option<ValueName>,
    /// The colour.
    pub colour: Option<Colour>,
}

/// Renames or recolours a label.
pub fn change(tx: &mut Tx, may: &May<WriteCases>, id: LabelId, change: &Change, now: &Now) -> Result<Label, Failure> {
    let still = reach(tx, may, "change a label", now)?;
    let was = labels::find(tx, &still, id)?.ok_or(Failure::Unknown)?;
    let old = ValueName::parse(&was.name).map_err(|bad| Failure::Broken(format!("a stored name: {bad}")))?;
    let (name, colour) =
        (change.name.as_ref().unwrap_or(&old), change.colour.unwrap_or_else(|| Colour::of(was.colour)));
    if !free_at_once(labels::update(tx, &still, id, name, colour))? {
        let why = format!("There is the label {name} already. Merge the two instead.");
        return Err(Failure::invalid("name", "taken", why));
    }
    let mut event = Event::new(What::LabelChanged, "label", id, &was.name);
    if was.name != name.as_str() {
        event = event.change("name", was.name.as_str(), name.as_str());
    }
    if was.colour != colour.number() {
        event = event.change("colour", Colour::of(was.colour).slug(), colour.slug());
    }
    tell(tx, &still, event, now)?;
    Ok(Label { id, name: name.as_str().to_owned(), colour: colour.number() })
}

/// A label that is gone.
#[derive(Clone, Debug)]
pub struct Gone {
    /// What it was called.
    pub name: String,
    /// How many cases had it.
    pub cases: u64,
}

/// Makes one label of two: cases that have the first get the second.
pub fn merge(tx: &mut Tx, may: &May<WriteCases>, from: LabelId, into: LabelId, now: &Now) -> Result<Gone, Failure> {
    let still = reach(tx, may, "merge labels", now)?;
    let first = labels::find(tx, &still, from)?.ok_or(Failure::Unknown)?;
    let second = labels::find(tx, &still, into)?.filter(|label| label.id != from);
    let second = second.ok_or_else(|| Failure::invalid("into", "unknown", "Take another label of this project."))?;
    let cases = labels::merge(tx, &still, from, into)?;
    let event = Event::new(What::LabelMerged, "label", from, &first.name);
    tell(tx, &still, event.change("into", (), second.name).change("cases", (), cases), now)?;
    Ok(Gone { name: first.name, cases })
}

/// Deletes a label.
pub fn delete(tx: &mut Tx, may: &May<WriteCases>, id: LabelId, now: &Now) -> Result<Gone, Failure> {
    let still = reach(tx, may, "delete a label", now)?;
    let label = labels::find(tx, &still, id)?.ok_or(Failure::Unknown)?;
    let cases = labels::delete(tx, &still, id)?;
    tell(tx, &still, Event::new(What::LabelDeleted, "label", id, &label.name).change("cases", (), cases), now)?;
    Ok(Gone { name: label.name, cases })
}

fn make(
    tx: &mut Tx,
    still: &Still<WriteCases>,
    name: &ValueName,
    colour: Option<Colour>,
    now: &Now,
) -> Result<Label, Failure> {
    let count = labels::list(tx, still)?.len();
    if count >= MOST {
        return Err(Failure::conflict("too_many", format!("The project has {MOST} labels. Merge or delete some.")));
    }
    let colour = colour.unwrap_or_else(|| Colour::after(count));
    let Some(label) = labels::insert(tx, still, name, colour, now)? else {
        // Somebody else made it this moment.
        return labels::named(tx, still, name)?.ok_or(Failure::Unknown);
    };
    tell(tx, still, Event::new(What::LabelCreated, "label", label.id, &label.name), now)?;
    Ok(label)
}

fn reach(tx: &mut Tx, may: &May<WriteCases>, deed: &str, now: &Now) -> Result<Still<WriteCases>, Failure> {
    let id = may.project().ok_or(Failure::Unknown)?;
    now.tries(Attempt::new(What::FieldRefused, "project", id, deed).by(may));
    Ok(tx.still(may, now.at)?)
}

fn tell(tx: &mut Tx, still: &Still<WriteCases>, event: Event, now: &Now) -> Result<(), Failure> {
    let event = event.in_project(still.project());
    Ok(events::add(tx, Some(still.workspace()), Some(still.person()), &event, now)?)
}
