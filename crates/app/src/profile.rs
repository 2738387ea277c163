//! What a person is called.

use db::Tx;
use domain::{
    access::SignedIn,
    event::{Event, What},
    now::Now,
    title::PersonName,
};
use store::{events, people};

use crate::{Failure, sessions::still_in_person};

/// Gives oneself another name.
pub fn rename(tx: &mut Tx, who: &SignedIn, name: &PersonName, now: &Now) -> Result<(), Failure> {
    people::lock(tx, who.person)?;
    still_in_person(tx, who, now)?;
    let before = people::me(tx, who)?.name;
    people::rename(tx, who.person, name)?;
    // Names are personal: they stand in the label, which can be erased, and not among the changes.
    let event = Event::new(What::PersonRenamed, "person", who.person, format!("{before} → {name}"));
    Ok(events::add(tx, None, Some(who.person), &event, now)?)
}
