//! API keys of one's own.

use db::Tx;
use domain::{
    access::{May, Membership, Rights, Via},
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

/// Makes a key and gives its secret, once. By key, it is within that key: in its rights, and in its end.
pub fn create(tx: &mut Tx, may: &May<Membership>, new: &NewKey, now: &Now) -> Result<(KeyId, Token), Failure> {
    now.tries(Attempt::new(What::KeyRefused, "workspace", may.workspace(), "create").by(may));
    let still = tx.still(may, now.at)?;
    if new.ends_at.is_some_and(|ends| ends <= now.at) {
        return Err(Failure::invalid("expires_at", "in_the_past", "The end must lie ahead."));
    }
    let rights = narrowed(still.member().limit(), new.rights, Rights::within)?;
    let own_end = still.member().via().and_then(Via::ends_at);
    let ends_at = narrowed(own_end, new.ends_at, |wanted, own| wanted <= own)?;
    let (id, secret) = keys::insert(tx, &still, &new.name, rights, ends_at, now)?;
    let event = Event::new(What::KeyCreated, "api_key", id, new.name.as_str());
    let event = event.change("rights", (), rights.map(Rights::to_words));
    events::add(tx, Some(still.workspace()), Some(still.person()), &event, now)?;
    Ok((id, secret))
}

/// What a new key gets where the key that mints it has a bound of its own: no wish takes that over, a wider one is refused.
fn narrowed<T: Copy>(own: Option<T>, wanted: Option<T>, within: fn(T, T) -> bool) -> Result<Option<T>, Failure> {
    match (own, wanted) {
        (Some(own), Some(wanted)) if !within(wanted, own) => {
            Err(Failure::forbidden("above_your_rights", "A key mints only keys within itself."))
        }
        (own, None) => Ok(own),
        (_, wanted) => Ok(wanted),
    }
}

/// Takes back one's own key: it is dead at the next request. A limited key reaches only keys within itself.
pub fn revoke(tx: &mut Tx, may: &May<Membership>, id: KeyId, now: &Now) -> Result<(), Failure> {
    now.tries(Attempt::new(What::KeyRefused, "api_key", id, "revoke").by(may));
    let still = tx.still(may, now.at)?;
    let key = keys::find(tx, &still, id)?.ok_or(Failure::Unknown)?;
    let reaches = |own| key.rights.is_some_and(|rights| rights.within(own));
    if !still.member().limit().is_none_or(reaches) {
        return Err(Failure::forbidden("above_your_rights", "A limited key revokes only keys within itself."));
    }
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
