//! Values of status, priority, type and automation: those of the whole workspace, and a project's own.

use db::Tx;
use domain::{
    access::{May, Settle, Still},
    colour::Colour,
    event::{Attempt, Event, What},
    now::Now,
    property::Kind,
    title::ValueName,
};
use store::{
    Again, events,
    properties::{self, PropertyValue},
    workspaces,
};

use crate::Failure;

/// So many values a property has at most, in a workspace and in each project.
pub const MOST: usize = 100;

/// What is to change about a value; `None` leaves it.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// The name.
    pub name: Option<ValueName>,
    /// The colour.
    pub colour: Option<Colour>,
    /// Its place among the others, from 0.
    pub place: Option<usize>,
    /// New cases have it from now on.
    pub default: bool,
}

/// Adds a value; its name may not be one that cases of the scope have already.
pub fn add(
    tx: &mut Tx,
    may: &May<Settle>,
    kind: Kind,
    name: &ValueName,
    colour: Option<Colour>,
    now: &Now,
) -> Result<PropertyValue, Failure> {
    let still = reach(tx, may, kind, "add a value", now)?;
    let others = of(tx, &still, kind)?;
    if others.len() >= MOST {
        return Err(Failure::conflict(
            "too_many",
            format!("{} has {MOST} values. Archive or rename one.", kind.words()),
        ));
    }
    free(tx, &still, kind, None, name)?;
    let colour = colour.unwrap_or_else(|| Colour::after(others.len()));
    let key = properties::insert(tx, &still, kind, name, colour)?;
    let keys: Vec<i64> = others.iter().map(|other| other.key).chain([key]).collect();
    properties::arrange(tx, &still, kind, &keys)?;
    tell(tx, &still, What::PropertyAdded, kind, key, name.as_str(), |event| event, now)?;
    find(tx, &still, kind, key)
}

/// Changes name, colour, place or default of a value.
pub fn change(
    tx: &mut Tx,
    may: &May<Settle>,
    kind: Kind,
    key: i64,
    change: &Change,
    now: &Now,
) -> Result<PropertyValue, Failure> {
    let still = reach(tx, may, kind, "change a value", now)?;
    let was = find(tx, &still, kind, key)?;
    if change.default && was.archived {
        return Err(Failure::conflict("archived", "An archived value cannot be the default. Offer it again first."));
    }
    if let Some(name) = &change.name {
        free(tx, &still, kind, Some(key), name)?;
    }
    let name = change.name.clone().map_or_else(|| stored(&was.name), Ok)?;
    properties::update(tx, &still, kind, key, &name, change.colour.unwrap_or(Colour::of(was.colour)))?;
    if change.default {
        properties::make_default(tx, &still, kind, key)?;
    }
    let moved = move_to(tx, &still, kind, key, change.place)?;
    let changed = find(tx, &still, kind, key)?;
    let told = |event| told(event, &was, &changed, moved);
    tell(tx, &still, What::PropertyChanged, kind, key, &was.name, told, now)?;
    Ok(changed)
}

/// What became of the cases that had an archived value.
#[derive(Clone, Debug)]
pub struct Archived {
    /// What the value is called.
    pub name: String,
    /// Cases that got the replacement.
    pub cases: u64,
}

/// Offers a value no more. Cases that have it keep it, or get the `replacement`.
pub fn archive(
    tx: &mut Tx,
    may: &May<Settle>,
    kind: Kind,
    key: i64,
    replacement: Option<i64>,
    now: &Now,
) -> Result<Archived, Failure> {
    let still = reach(tx, may, kind, "archive a value", now)?;
    let was = find(tx, &still, kind, key)?;
    if was.is_default {
        return Err(Failure::conflict("is_default", "New cases get this value. Make another one the default first."));
    }
    let replaced = match replacement {
        None => None,
        Some(to) => {
            let other = offered(tx, &still, kind, to)?.filter(|other| other.key != key);
            let why = "Take one of the other values that are offered here.";
            let other = other.ok_or_else(|| Failure::invalid("replacement", "unknown", why))?;
            Some((other.name, properties::replace(tx, &still, kind, key, to)?))
        }
    };
    properties::archive(tx, &still, kind, key, true)?;
    let told = |event: Event| match &replaced {
        Some((name, cases)) => event.change("replacement", (), name.as_str()).change("cases", (), *cases),
        None => event,
    };
    tell(tx, &still, What::PropertyArchived, kind, key, &was.name, told, now)?;
    Ok(Archived { name: was.name, cases: replaced.map_or(0, |(_, cases)| cases) })
}

/// Offers an archived value again.
pub fn offer(tx: &mut Tx, may: &May<Settle>, kind: Kind, key: i64, now: &Now) -> Result<PropertyValue, Failure> {
    let still = reach(tx, may, kind, "offer a value again", now)?;
    let was = find(tx, &still, kind, key)?;
    properties::archive(tx, &still, kind, key, false)?;
    tell(tx, &still, What::PropertyReturned, kind, key, &was.name, |event| event, now)?;
    Ok(PropertyValue { archived: false, ..was })
}

/// The proof again, with the workspace's row held: names and orders are settled by one at a time.
fn reach(tx: &mut Tx, may: &May<Settle>, kind: Kind, deed: &str, now: &Now) -> Result<Still<Settle>, Failure> {
    now.tries(
        Attempt::new(What::FieldRefused, "property", kind.slug(), &format!("{deed} of {}", kind.words())).by(may),
    );
    workspaces::lock(tx, may.workspace())?;
    Ok(tx.still(may, now.at)?)
}

fn of(tx: &mut Tx, still: &Still<Settle>, kind: Kind) -> Result<Vec<PropertyValue>, Failure> {
    Ok(properties::settled(tx, still)?.into_iter().filter(|value| value.kind == kind).collect())
}

fn find(tx: &mut Tx, still: &Still<Settle>, kind: Kind, key: i64) -> Result<PropertyValue, Failure> {
    of(tx, still, kind)?.into_iter().find(|value| value.key == key).ok_or(Failure::Unknown)
}

/// A value that cases of the scope may be given.
fn offered(tx: &mut Tx, still: &Still<Settle>, kind: Kind, key: i64) -> Result<Option<PropertyValue>, Failure> {
    let all = properties::in_project(tx, still)?.into_iter();
    Ok(all.filter(|value| value.kind == kind && !value.archived).find(|value| value.key == key))
}

/// That no other value which cases of the scope may have is called so.
fn free(tx: &mut Tx, still: &Still<Settle>, kind: Kind, own: Option<i64>, name: &ValueName) -> Result<(), Failure> {
    let others = properties::in_project(tx, still)?;
    let same = |other: &&PropertyValue| {
        other.kind == kind && Some(other.key) != own && domain::title::folded(&other.name) == name.folded()
    };
    match others.iter().find(same) {
        Some(other) if other.archived => {
            Err(Failure::invalid("name", "taken", format!("{} is archived. Offer it again instead.", other.name)))
        }
        Some(other) => Err(Failure::invalid("name", "taken", format!("There is {} already.", other.name))),
        None => Ok(()),
    }
}

fn stored(name: &str) -> Result<ValueName, Failure> {
    ValueName::parse(name).map_err(|bad| Failure::Broken(format!("a stored name: {bad}")))
}

/// Whether it was moved.
fn move_to(
    tx: &mut Tx,
    still: &Still<Settle>,
    kind: Kind,
    key: i64,
    place: Option<usize>,
) -> Result<Option<usize>, Failure> {
    let Some(place) = place else { return Ok(None) };
    let mut keys: Vec<i64> = of(tx, still, kind)?.iter().map(|value| value.key).collect();
    let before = keys.iter().position(|other| *other == key);
    keys.retain(|other| *other != key);
    let place = place.min(keys.len());
    keys.insert(place, key);
    properties::arrange(tx, still, kind, &keys)?;
    Ok((before != Some(place)).then_some(place))
}

fn told(event: Event, was: &PropertyValue, is: &PropertyValue, moved: Option<usize>) -> Event {
    let mut event = event;
    if was.name != is.name {
        event = event.change("name", was.name.as_str(), is.name.as_str());
    }
    if was.colour != is.colour {
        event = event.change("colour", Colour::of(was.colour).slug(), Colour::of(is.colour).slug());
    }
    if was.is_default != is.is_default {
        event = event.change("default", was.is_default, is.is_default);
    }
    moved.map_or(event.clone(), |place| event.change("place", (), place + 1))
}

#[expect(clippy::too_many_arguments, reason = "what, of which, and what more to tell")]
fn tell(
    tx: &mut Tx,
    still: &Still<Settle>,
    what: What,
    kind: Kind,
    key: i64,
    name: &str,
    more: impl FnOnce(Event) -> Event,
    now: &Now,
) -> Result<(), Failure> {
    let event = Event::new(what, "property", format_args!("{kind}/{key}"), name).in_project(still.project());
    let event = more(event.change("property", (), kind.words()));
    Ok(events::add(tx, Some(still.workspace()), Some(still.person()), &event, now)?)
}
