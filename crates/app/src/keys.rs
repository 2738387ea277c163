//! API keys of one's own.

use db::Tx;
use domain::{
    access::{May, Membership, Rights},
    event::{Attempt, Event, What},
    id::KeyId,
    now::Now,
    secret::Token,
    time::Time,
    title::KeyName,
};
use store::{Again, events, keys};

use crate::Failure;

/// What a key is to be.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// What for.
    pub name: KeyName,
    /// Limited to these rights, if any are named.
    pub rights: Option<Rights>,
    /// Until when, if not for ever.
    pub ends_at: Option<Time>,
}

/// Makes a key and gives its secret, once. A limited key mints only keys within itself.
pub fn create(tx: &mut Tx, may: &May<Membership>, new: &NewKey, now: &Now) -> Result<(KeyId, Token), Failure> {
    now.tries(Attempt::new(What::KeyRefused, "workspace", may.workspace(), "create").by(may));
    let still = tx.still(may)?;
    if new.ends_at.is_some_and(|ends| ends <= now.at) {
        return Err(Failure::invalid("expires_at", "in_the_past", "The end must lie ahead."));
    }
    let rights = match (still.member().limit, new.rights) {
        (Some(own), Some(wanted)) if !wanted.within(own) => {
            return Err(Failure::forbidden("above_your_rights", "A key mints only keys within itself."));
        }
        (own, None) => own,
        (_, wanted) => wanted,
    };
    let (id, secret) = keys::insert(tx, &still, &new.name, rights, new.ends_at, now)?;
    let event = Event::new(What::KeyCreated, "api_key", id, new.name.as_str());
    let event = event.change("rights", (), rights.map(Rights::to_words));
    events::add(tx, Some(still.workspace()), Some(still.person()), &event, now)?;
    Ok((id, secret))
}

/// Takes back one's own key: it is dead at the next request.
pub fn revoke(tx: &mut Tx, may: &May<Membership>, id: KeyId, now: &Now) -> Result<(), Failure> {
    now.tries(Attempt::new(What::KeyRefused, "api_key", id, "revoke").by(may));
    let still = tx.still(may)?;
    let name = keys::revoke(tx, &still, id, now.at)?.ok_or(Failure::Unknown)?;
    events::add(
        tx,
        Some(still.workspace()),
        Some(still.person()),
        &Event::new(What::KeyRevoked, "api_key", id, name),
        now,
    )?;
    Ok(())
}
