//! Options of a field.

use db::Tx;
use domain::{
    access::{May, Settle, Still},
    colour::Colour,
    event::{Event, What},
    id::{FieldId, OptionId},
    now::Now,
    title::ValueName,
};
use store::fields::{self, Choice, Field};

use super::{find, reach, tell};
use crate::Failure;

/// So many options a field has at most.
pub const MOST: usize = 200;

/// What is to change about an option; `None` leaves it.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// The name.
    pub name: Option<ValueName>,
    /// The colour.
    pub colour: Option<Colour>,
    /// Its place among the others, from 0.
    pub place: Option<usize>,
    /// Whether it is offered no more.
    pub archived: Option<bool>,
}

/// Adds an option to a field whose kind has some.
pub fn add(
    tx: &mut Tx,
    may: &May<Settle>,
    field: FieldId,
    name: &ValueName,
    colour: Option<Colour>,
    now: &Now,
) -> Result<Choice, Failure> {
    let still = reach(tx, may, "add an option to a field", now)?;
    let field = find(tx, &still, field)?;
    let option = insert(tx, &still, &field, name, colour, now)?;
    let event = Event::new(What::FieldChanged, "field", field.id, &field.name);
    tell(tx, &still, event.change("option", (), name.as_str()), now)?;
    Ok(option)
}

/// The options a new field begins with.
pub(super) fn add_first(
    tx: &mut Tx,
    still: &Still<Settle>,
    field: &Field,
    names: &[String],
    now: &Now,
) -> Result<(), Failure> {
    for name in names {
        let name = ValueName::parse(name);
        let name = name.map_err(|bad| Failure::invalid("options", bad.code(), format!("An option: {bad}.")))?;
        insert(tx, still, field, &name, None, now).map_err(|failure| match failure {
            Failure::Invalid(mut bad) => {
                for bad in &mut bad {
                    "options".clone_into(&mut bad.field);
                }
                Failure::Invalid(bad)
            }
            other => other,
        })?;
    }
    Ok(())
}

fn insert(
    tx: &mut Tx,
    still: &Still<Settle>,
    field: &Field,
    name: &ValueName,
    colour: Option<Colour>,
    now: &Now,
) -> Result<Choice, Failure> {
    if !field.kind.has_options() {
        return Err(Failure::invalid("name", "no_options", "A field of this kind has no options."));
    }
    let others = fields::options(tx, &[field.id])?;
    if others.len() >= MOST {
        return Err(Failure::conflict("too_many", format!("A field has {MOST} options at most.")));
    }
    let colour = colour.unwrap_or_else(|| Colour::after(others.len()));
    let taken = || Failure::invalid("name", "taken", format!("The field has the option {name} already."));
    let id = fields::add_option(tx, still, field.id, name, colour, now)?.ok_or_else(taken)?;
    let ids: Vec<OptionId> = others.iter().map(|option| option.id).chain([id]).collect();
    fields::arrange_options(tx, still, field.id, &ids)?;
    let name = name.as_str().to_owned();
    Ok(Choice { id, field: field.id, name, colour: colour.number(), archived: false })
}

/// Changes an option. One that is offered no more stays with the cases that have it.
pub fn change(
    tx: &mut Tx,
    may: &May<Settle>,
    field: FieldId,
    id: OptionId,
    change: &Change,
    now: &Now,
) -> Result<Choice, Failure> {
    let still = reach(tx, may, "change an option of a field", now)?;
    let field = find(tx, &still, field)?;
    let all = fields::options(tx, &[field.id])?;
    let was = all.iter().find(|option| option.id == id).ok_or(Failure::Unknown)?;
    let stored = ValueName::parse(&was.name).map_err(|bad| Failure::Broken(format!("a stored name: {bad}")))?;
    let name = change.name.as_ref().unwrap_or(&stored);
    let colour = change.colour.unwrap_or_else(|| Colour::of(was.colour));
    let archived = change.archived.unwrap_or(was.archived);
    if !fields::update_option(tx, &still, was, name, colour, archived)? {
        return Err(Failure::invalid("name", "taken", format!("The field has the option {name} already.")));
    }
    if let Some(place) = change.place {
        let mut ids: Vec<OptionId> = all.iter().map(|option| option.id).filter(|other| *other != id).collect();
        ids.insert(place.min(ids.len()), id);
        fields::arrange_options(tx, &still, field.id, &ids)?;
    }
    let event = Event::new(What::FieldChanged, "field", field.id, &field.name);
    tell(tx, &still, event.change("option", was.name.as_str(), name.as_str()), now)?;
    Ok(Choice { name: name.as_str().to_owned(), colour: colour.number(), archived, ..was.clone() })
}
