//! API keys: of a person or service account in one workspace, hashed, perhaps limited to some rights.

mod others;

use db::{Conn, Error, Tx};
use domain::{
    access::{ManageMembers, May, Membership, Rights, Still},
    id::{KeyId, PersonId, ServiceId, WorkspaceId},
    now::Now,
    secret::Token,
    time::Time,
    title::KeyName,
};

pub use others::{HeldKey, everyones, find_held, of_service, revoke_held};

record! {
    /// A key as its holder sees it; the secret was shown once.
    pub struct Key {
        /// Which.
        pub id: KeyId,
        /// What for.
        pub name: String,
        /// The rights it is limited to, if any.
        pub rights: Option<Rights>,
        /// Since when.
        pub created_at: Time,
        /// Until when, if not for ever.
        pub ends_at: Option<Time>,
        /// When it was last used, to the minute.
        pub used_at: Option<Time>,
    }
}

/// One's own keys that are not revoked, newest first.
pub fn list(db: &mut Conn, may: &May<Membership>) -> Result<Vec<Key>, Error> {
    db.all(sql!(
        "SELECT id, name, rights, created_at, ends_at, used_at FROM api_key
         WHERE workspace = ? AND person = ? AND revoked_at IS NULL ORDER BY id DESC",
        may.workspace(),
        may.person()
    ))
}

/// One's own key that is not revoked.
pub fn find(db: &mut Conn, may: &May<Membership>, id: KeyId) -> Result<Option<Key>, Error> {
    db.first(sql!(
        "SELECT id, name, rights, created_at, ends_at, used_at FROM api_key
         WHERE id = ? AND workspace = ? AND person = ? AND revoked_at IS NULL",
        id,
        may.workspace(),
        may.person()
    ))
}

/// Makes a key for oneself and gives its secret.
pub fn insert(
    tx: &mut Tx,
    still: &Still<Membership>,
    name: &KeyName,
    rights: Option<Rights>,
    ends_at: Option<Time>,
    now: &Now,
) -> Result<(KeyId, Token), Error> {
    write(tx, still.workspace(), still.person(), name, rights, ends_at, now)
}

/// Makes a key for a service account of the workspace and gives its secret.
pub fn insert_for(
    tx: &mut Tx,
    still: &Still<ManageMembers>,
    service: ServiceId,
    name: &KeyName,
    rights: Option<Rights>,
    ends_at: Option<Time>,
    now: &Now,
) -> Result<(KeyId, Token), Error> {
    write(tx, still.workspace(), service.key(), name, rights, ends_at, now)
}

/// The first key of a workspace's founder, who made it in this transaction.
pub fn insert_first(
    tx: &mut Tx,
    workspace: WorkspaceId,
    founder: PersonId,
    name: &KeyName,
    now: &Now,
) -> Result<(KeyId, Token), Error> {
    write(tx, workspace, founder, name, None, None, now)
}

fn write(
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
    name: &KeyName,
    rights: Option<Rights>,
    ends_at: Option<Time>,
    now: &Now,
) -> Result<(KeyId, Token), Error> {
    let (id, token) = (now.id(), now.token());
    tx.run(sql!(
        "INSERT INTO api_key (id, hash, workspace, person, name, rights, created_at, ends_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        id,
        token.hash(),
        workspace,
        person,
        name.as_str(),
        rights,
        now.at,
        ends_at
    ))?;
    Ok((id, token))
}

record! {
    struct Name {
        name: String,
    }
}

/// Takes back one's own key and gives its name; `None` if there is no such key of one's own.
pub fn revoke(tx: &mut Tx, still: &Still<Membership>, id: KeyId, now: Time) -> Result<Option<String>, Error> {
    let row: Option<Name> = tx.first(sql!(
        "UPDATE api_key SET revoked_at = ? WHERE id = ? AND workspace = ? AND person = ? AND revoked_at IS NULL RETURNING name",
        now,
        id,
        still.workspace(),
        still.person()
    ))?;
    Ok(row.map(|row| row.name))
}

/// Takes back every key a person has in the proof's workspace, and says how many were alive.
pub fn revoke_all<R>(tx: &mut Tx, still: &Still<R>, person: PersonId, now: Time) -> Result<u64, Error> {
    tx.run(sql!(
        "UPDATE api_key SET revoked_at = ?
         WHERE workspace = ? AND person = ? AND revoked_at IS NULL AND (ends_at IS NULL OR ends_at > ?)",
        now,
        still.workspace(),
        person,
        now
    ))
}

/// How many live keys a person has in the proof's workspace: what goes with him.
pub fn alive<R>(db: &mut Conn, may: &May<R>, person: PersonId, now: Time) -> Result<i64, Error> {
    let count: Count = db.one(sql!(
        "SELECT COUNT(*) AS n FROM api_key
         WHERE workspace = ? AND person = ? AND revoked_at IS NULL AND (ends_at IS NULL OR ends_at > ?)",
        may.workspace(),
        person,
        now
    ))?;
    Ok(count.n)
}

record! {
    struct Count {
        n: i64,
    }
}

/// Notes that a key was used.
pub fn used(tx: &mut Tx, id: KeyId, at: Time) -> Result<(), Error> {
    tx.run(sql!("UPDATE api_key SET used_at = ? WHERE id = ?", at, id))?;
    Ok(())
}
