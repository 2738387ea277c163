//! Letters of the server to a person. They are of no workspace, and who reads a workspace's queue does not see them.

use db::{Error, Tx};
use domain::{
    access::System,
    id::{MessageId, PersonId},
    invitation::Delivery,
    message::Kind,
    now::Now,
    time::Time,
};

use super::{Waiting, ring, step, tell_all};
use crate::{Param, sql::All};

/// A letter to a person.
pub struct NewLetter<'a> {
    /// Which.
    pub kind: Kind,
    /// Whose account it is about.
    pub person: PersonId,
    /// To whom: an address of the person, or one the person says is his.
    pub address: &'a str,
    /// To whom, as compared.
    pub normalised: &'a str,
    /// What it needs to be written, sealed.
    pub secret: &'a [u8],
    /// Not sent after this.
    pub ends_at: Time,
}

/// Queues a letter; the worker is woken after the commit.
pub fn post(tx: &mut Tx, _: &System, new: &NewLetter, now: &Now) -> Result<MessageId, Error> {
    let id: MessageId = now.id();
    tx.run(sql!(
        "INSERT INTO message
            (id, kind, person, address, normalised, secret, state, created_at, not_before, next_try_at, ends_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        id,
        new.kind,
        new.person,
        new.address,
        new.normalised,
        new.secret,
        Delivery::Queued,
        now.at,
        now.at,
        now.at,
        new.ends_at
    ))?;
    step(tx, id, Delivery::Queued, None, now.at)?;
    ring(tx, None, None);
    Ok(id)
}

/// Withdraws the letters of a kind to a person that have not been handed over, or those to one address: what they
/// speak of has ended. One in a worker's hands may still go out.
pub fn withdraw_letters(
    tx: &mut Tx,
    person: PersonId,
    kind: Kind,
    normalised: Option<&str>,
    now: Time,
) -> Result<(), Error> {
    let waiting = "person = ? AND kind = ? AND state IN ('queued', 'deferred', 'sending')";
    let mut wanted = All::of(waiting, vec![person.value(), kind.value()]);
    if let Some(normalised) = normalised {
        wanted = wanted.and("normalised = ?", vec![normalised.value()]);
    }
    let withdrawn = "UPDATE message SET state = 'withdrawn', secret = NULL, lease_until = NULL";
    let changed: Vec<Waiting> = tx.all(wanted.rows(withdrawn, "RETURNING id, workspace, invitation", Vec::new()))?;
    tell_all(tx, &changed, Delivery::Withdrawn, None, now)
}
