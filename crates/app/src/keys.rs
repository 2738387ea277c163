//! API keys: one's own, and those of others as far as they may be taken back.

use db::Tx;
use domain::{
    access::{ManageMembers, May, Membership, Rights, Still, Via},
    actor::Actor,
    event::{Attempt, Event, What},
    id::KeyId,
    now::Now,
    secret::Token,
    time::Time,
    title::KeyName,
};
use store::{
    Again, events,
    keys::{self, Key},
};

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

/// A key that was taken back.
#[derive(Clone, Debug)]
pub struct Revoked {
    /// What it was for.
    pub name: String,
    /// Whose it was, if not one's own.
    pub other: Option<Actor>,
}

/// Makes a key and gives its secret, once. By key, it is within that key: in its rights, and in its end.
pub fn create(tx: &mut Tx, may: &May<Membership>, new: &NewKey, now: &Now) -> Result<(KeyId, Token), Failure> {
    now.tries(Attempt::new(What::KeyRefused, "workspace", may.workspace(), "create").by(may));
    let still = tx.still(may, now.at)?;
    let (rights, ends_at) = bounded(&still, new, now)?;
    let (id, secret) = keys::insert(tx, &still, &new.name, rights, ends_at, now)?;
    let event = made(id, new.name.as_str(), rights, ends_at);
    events::add(tx, Some(still.workspace()), Some(still.person()), &event, now)?;
    Ok((id, secret))
}

/// What the log says of a new key.
pub(crate) fn made(id: KeyId, label: &str, rights: Option<Rights>, ends_at: Option<Time>) -> Event {
    let event = Event::new(What::KeyCreated, "api_key", id, label).change("rights", (), rights.map(Rights::to_words));
    match ends_at {
        Some(end) => event.change("expires_at", (), end.to_string()),
        None => event,
    }
}

/// Rights and end of a new key: as wished, within those of the key that mints it, if it is a key.
pub(crate) fn bounded<R>(still: &Still<R>, new: &NewKey, now: &Now) -> Result<(Option<Rights>, Option<Time>), Failure> {
    if new.ends_at.is_some_and(|ends| ends <= now.at) {
        return Err(Failure::invalid("expires_at", "in_the_past", "The end must lie ahead."));
    }
    let rights = narrowed(still.member().limit(), new.rights.map(Rights::implied), Rights::within)?;
    let own_end = still.member().via().and_then(Via::ends_at);
    Ok((rights, narrowed(own_end, new.ends_at, |wanted, own| wanted <= own)?))
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

/// Takes back a key: it is dead at the next request. One's own, or with `manage_members` anybody's.
pub fn revoke(tx: &mut Tx, may: &May<Membership>, id: KeyId, now: &Now) -> Result<Revoked, Failure> {
    now.tries(Attempt::new(What::KeyRefused, "api_key", id, "revoke").by(may));
    let still = tx.still(may, now.at)?;
    match keys::find(tx, &still, id)? {
        Some(key) => revoke_own(tx, &still, &key, now),
        None => revoke_others(tx, &still, id, now),
    }
}

/// A limited key reaches only keys within itself.
fn revoke_own(tx: &mut Tx, still: &Still<Membership>, key: &Key, now: &Now) -> Result<Revoked, Failure> {
    let reaches = |own| key.rights.is_some_and(|rights| rights.within(own));
    if !still.member().limit().is_none_or(reaches) {
        return Err(Failure::forbidden("above_your_rights", "A limited key revokes only keys within itself."));
    }
    let name = keys::revoke(tx, still, key.id, now.at)?.ok_or(Failure::Unknown)?;
    let event = Event::new(What::KeyRevoked, "api_key", key.id, &name);
    events::add(tx, Some(still.workspace()), Some(still.person()), &event, now)?;
    Ok(Revoked { name, other: None })
}

/// Whoever does not manage members may not know that the key exists; nobody without `own_workspace` acts on an owner.
fn revoke_others(tx: &mut Tx, still: &Still<Membership>, id: KeyId, now: &Now) -> Result<Revoked, Failure> {
    let manages: Still<ManageMembers> = still.also().map_err(|_| Failure::Unknown)?;
    let key = keys::find_held(tx, &manages, id)?.ok_or(Failure::Unknown)?;
    if !manages.member().may_act_on(key.role) {
        return Err(Failure::forbidden("target_above_you", "Only owners revoke the keys of owners."));
    }
    if !keys::revoke_held(tx, &manages, id, now.at)? {
        return Err(Failure::Unknown);
    }
    let event = Event::new(What::KeyRevoked, "api_key", id, format!("{} of {}", key.name, key.holder_name));
    events::add(tx, Some(manages.workspace()), Some(manages.person()), &event, now)?;
    Ok(Revoked { name: key.name, other: Some(Actor::of(key.holder, key.service)) })
}
