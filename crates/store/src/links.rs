//! Links to a person, by mail: to set a new password, to prove an address. Tables hold hashes only (I5).

use db::{Conn, Error, Tx};
use domain::{
    access::{SignedIn, System},
    email::Email,
    id::PersonId,
    message::Kind,
    secret::TokenHash,
    time::{Time, days},
};

record! {
    /// A link, live or once live.
    pub struct Link {
        /// Whose.
        pub person: PersonId,
        /// The address it was mailed to, as sent to.
        pub address: String,
        /// The same as compared.
        pub normalised: String,
        /// Whether bearing it proves the address: it went there by mail and nowhere else.
        pub proves: bool,
        /// Since when.
        pub created_at: Time,
        /// Until when it works.
        pub ends_at: Time,
        /// When it was used, or ended by another.
        pub ended_at: Option<Time>,
    }
}

impl Link {
    /// Whether it still works.
    pub fn is_live(&self, now: Time) -> bool {
        self.ended_at.is_none() && now < self.ends_at
    }
}

/// A new link.
pub struct NewLink<'a> {
    /// What for.
    pub kind: Kind,
    /// Whose.
    pub person: PersonId,
    /// Where to.
    pub email: &'a Email,
    /// Of its token.
    pub hash: &'a TokenHash,
    /// Whether it goes by mail and nowhere else.
    pub proves: bool,
    /// Until when it works.
    pub ends_at: Time,
}

const WHOLE: &str = "SELECT person, address, normalised, proves, created_at, ends_at, ended_at FROM person_link";

/// Writes a link. Earlier ones live on: whoever asks twice may open either mail.
pub fn insert(tx: &mut Tx, _: &System, new: &NewLink, now: Time) -> Result<(), Error> {
    tx.run(sql!(
        "INSERT INTO person_link (hash, kind, person, address, normalised, proves, created_at, ends_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        new.hash,
        new.kind,
        new.person,
        new.email.as_str(),
        new.email.normalised(),
        new.proves,
        now,
        new.ends_at
    ))?;
    Ok(())
}

/// What a token leads to; `None` if there never was such a link, or not of this kind. Reads only.
pub fn find(db: &mut Conn, kind: Kind, hash: &TokenHash) -> Result<Option<Link>, Error> {
    db.first(sql!(format!("{WHOLE} WHERE hash = ? AND kind = ?"), hash, kind))
}

record! {
    /// An address that waits to be proved.
    pub struct Pending {
        /// As typed.
        pub address: String,
        /// The same as compared.
        pub normalised: String,
        /// When the newest link to it was made.
        pub asked_at: Time,
        /// Until when that works.
        pub ends_at: Time,
    }
}

/// The addresses somebody wants to add: those he has live links for and that are not his yet.
pub fn pending(db: &mut Conn, who: &SignedIn, now: Time) -> Result<Vec<Pending>, Error> {
    db.all(sql!(
        "SELECT MAX(address) AS address, normalised, MAX(created_at) AS asked_at, MAX(ends_at) AS ends_at FROM person_link
         WHERE person = ? AND kind = 'verification' AND ended_at IS NULL AND ends_at > ?
            AND normalised NOT IN (SELECT normalised FROM person_address WHERE person = ?)
         GROUP BY normalised ORDER BY normalised",
        who.person,
        now,
        who.person
    ))
}

/// Uses a link up. False if it was used or ended before: the guard decides every race.
pub fn end(tx: &mut Tx, kind: Kind, hash: &TokenHash, now: Time) -> Result<bool, Error> {
    let ended = tx.run(sql!(
        "UPDATE person_link SET ended_at = ? WHERE hash = ? AND kind = ? AND ended_at IS NULL AND ends_at > ?",
        now,
        hash,
        kind,
        now
    ))?;
    Ok(ended == 1)
}

/// Ends a person's links of a kind, or those to one address. Hold the person's row before: two links of one person, used
/// at once, would wait for each other.
pub fn end_all(tx: &mut Tx, person: PersonId, kind: Kind, normalised: Option<&str>, now: Time) -> Result<u64, Error> {
    let text = "UPDATE person_link SET ended_at = ? WHERE person = ? AND kind = ? AND ended_at IS NULL";
    match normalised {
        Some(one) => tx.run(sql!(format!("{text} AND normalised = ?"), now, person, kind, one)),
        None => tx.run(sql!(text, now, person, kind)),
    }
}

/// How long a link that works no more is remembered, so that its page can say what happened.
const REMEMBERED: std::time::Duration = days(30);

/// Forgets links that ended long ago.
pub fn forget(tx: &mut Tx, now: Time) -> Result<(), Error> {
    tx.run(sql!("DELETE FROM person_link WHERE ends_at <= ?", now - REMEMBERED))?;
    Ok(())
}
