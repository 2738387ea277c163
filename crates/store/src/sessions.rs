//! Sessions: signed-in browsers, one row each, for all workspaces of the person.

use std::time::Duration;

use db::{Conn, Error, Tx};
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

record! {
    /// A session as its person sees it.
    pub struct Session {
        /// Which.
        pub id: SessionId,
        /// The address of the client that opened it.
        pub client: Option<String>,
        /// What its browser called itself.
        pub agent: Option<String>,
        /// Since when.
        pub created_at: Time,
        /// When it was last used, to the minute.
        pub seen_at: Time,
    }
}

/// The live sessions of whoever is signed in, the one used last first.
pub fn list(db: &mut Conn, who: &SignedIn, now: Time) -> Result<Vec<Session>, Error> {
    db.all(sql!(
        "SELECT id, client, agent, created_at, seen_at FROM session WHERE person = ? AND ends_at > ?
         ORDER BY seen_at DESC, id DESC",
        who.person,
        now
    ))
}

/// Ends one session of one's own. False if there is none.
pub fn end(tx: &mut Tx, who: &SignedIn, id: SessionId) -> Result<bool, Error> {
    Ok(tx.run(sql!("DELETE FROM session WHERE id = ? AND person = ?", id, who.person))? == 1)
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
