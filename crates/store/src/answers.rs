//! Answers given under an idempotency key, so that a retry is answered and not done again.

use db::{Conn, Error, Tx};
use domain::time::Time;

record! {
    /// What was answered before.
    pub struct Answer {
        /// SHA-256 of the request it was given to.
        pub fingerprint: Vec<u8>,
        /// The answer, sealed.
        pub body: Vec<u8>,
    }
}

/// The answer a caller got under this key, if it is not too old.
pub fn get(db: &mut Conn, caller: &str, key: &str, now: Time) -> Result<Option<Answer>, Error> {
    db.first(sql!(
        "SELECT fingerprint, body FROM answer WHERE caller = ? AND key = ? AND ends_at > ?",
        caller,
        key,
        now
    ))
}

/// The same; one that is too old makes room.
pub fn find(tx: &mut Tx, caller: &str, key: &str, now: Time) -> Result<Option<Answer>, Error> {
    tx.run(sql!("DELETE FROM answer WHERE caller = ? AND key = ? AND ends_at <= ?", caller, key, now))?;
    get(tx, caller, key, now)
}

/// Claims the key in this transaction. False if another request holds it: on PostgreSQL only after that one ended.
pub fn claim(tx: &mut Tx, caller: &str, key: &str, fingerprint: &[u8], ends_at: Time) -> Result<bool, Error> {
    let claimed = tx.run(sql!(
        "INSERT INTO answer (caller, key, fingerprint, body, ends_at) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (caller, key) DO NOTHING",
        caller,
        key,
        fingerprint,
        [0_u8; 0].as_slice(),
        ends_at
    ))?;
    Ok(claimed == 1)
}

/// Keeps the answer with the claim.
pub fn keep(tx: &mut Tx, caller: &str, key: &str, body: &[u8]) -> Result<(), Error> {
    tx.run(sql!("UPDATE answer SET body = ? WHERE caller = ? AND key = ?", body, caller, key))?;
    Ok(())
}

/// Forgets the answers whose time is over: some of them hold secrets.
pub fn forget(tx: &mut Tx, now: Time) -> Result<(), Error> {
    tx.run(sql!("DELETE FROM answer WHERE ends_at <= ?", now))?;
    Ok(())
}
