//! Sessions: signed-in browsers, one row each, for all workspaces of the person.

use std::time::Duration;

use db::{Error, Tx};
use domain::{
    access::SignedIn,
    id::{PersonId, SessionId},
    now::Now,
    secret::{Token, TokenHash},
    time::{Time, days},
};

/// How long a session lives after it was last seen.
pub const LIFETIME: Duration = days(14);

/// Opens a session and gives the token for its cookie.
pub fn open(tx: &mut Tx, person: PersonId, agent: Option<&str>, now: &Now) -> Result<Token, Error> {
    let token = now.token();
    tx.run(sql!(
        "INSERT INTO session (id, hash, person, client, agent, created_at, seen_at, ends_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        now.id::<SessionId>(),
        token.hash(),
        person,
        now.client.map(|client| client.to_string()),
        agent,
        now.at,
        now.at,
        now.at + LIFETIME
    ))?;
    Ok(token)
}

/// Ends the session with this token, whoever's it is.
pub fn close(tx: &mut Tx, hash: &TokenHash) -> Result<bool, Error> {
    Ok(tx.run(sql!("DELETE FROM session WHERE hash = ?", hash))? == 1)
}

/// Ends all sessions of a person, perhaps but one, and says how many.
pub fn close_all(tx: &mut Tx, person: PersonId, but: Option<SessionId>) -> Result<u64, Error> {
    match but {
        Some(but) => tx.run(sql!("DELETE FROM session WHERE person = ? AND id <> ?", person, but)),
        None => tx.run(sql!("DELETE FROM session WHERE person = ?", person)),
    }
}

/// Notes that a session was used, and so lives on.
pub fn seen(tx: &mut Tx, who: &SignedIn, at: Time) -> Result<(), Error> {
    if let Some(session) = who.session() {
        tx.run(sql!("UPDATE session SET seen_at = ?, ends_at = ? WHERE id = ?", at, at + LIFETIME, session))?;
    }
    Ok(())
}

/// Forgets the sessions that are over.
pub fn forget(tx: &mut Tx, now: Time) -> Result<(), Error> {
    tx.run(sql!("DELETE FROM session WHERE ends_at <= ?", now))?;
    Ok(())
}
