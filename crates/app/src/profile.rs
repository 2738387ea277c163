//! What a person is called, and the end of an account.

use std::sync::Arc;

use db::Tx;
use domain::{
    access::{May, Membership, SignedIn},
    event::{Attempt, Event, What},
    message::Kind,
    now::Now,
    title::PersonName,
};
use store::{access, erasure, events, messages, people, workspaces};

use crate::{Failure, members, passwords::Known, sessions::still_in_person};

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

/// Gives up one's account: memberships end as if one left, sessions, keys and links with them, and what is personal is
/// erased. Refused to the last owner of a workspace and to the last operator, who are told of what.
pub fn delete(tx: &mut Tx, who: &SignedIn, known: &Known, now: &Now) -> Result<(), Failure> {
    now.tries(
        Attempt::new(What::PersonRefused, "person", who.person, "delete the account").by_person(Some(who.person)),
    );
    still_in_person(tx, who, now)?;
    known.still(tx, who)?;
    let alone = people::sole_owner_of(tx, who)?;
    if !alone.is_empty() {
        let detail = format!("You are the last owner of {}. Make somebody else an owner first.", alone.join(", "));
        return Err(Failure::conflict("last_owner", detail));
    }
    // Workspaces and members first, as everywhere, then the person.
    leave_all(tx, who, now)?;
    people::lock(tx, who.person)?;
    if people::me(tx, who)?.operator && !people::has_other_operator(tx, who.person)? {
        let detail = "You are the last operator of this server. Make somebody else one first.";
        return Err(Failure::conflict("last_operator", detail));
    }
    for kind in Kind::ALL {
        messages::withdraw_letters(tx, who.person, *kind, None, now.at)?;
    }
    let event = Event::new(What::PersonDeleted, "person", who.person, "");
    events::add(tx, None, Some(who.person), &event, now)?;
    Ok(erasure::erase(tx, who.person, now.at)?)
}

fn leave_all(tx: &mut Tx, who: &SignedIn, now: &Now) -> Result<(), Failure> {
    for workspace in workspaces::mine(tx, who)? {
        let Some(member) = access::member(tx, who, workspace.id)? else { continue };
        let may: May<Membership> = Arc::new(member).may()?;
        members::leave(tx, &may, now)?;
    }
    Ok(())
}
