//! The audit log: every verb writes its event in its own transaction; rows are only ever added.

use db::{Conn, Error, Tx};
use domain::{
    access::{May, ReadAudit},
    event::Event,
    id::{PersonId, WorkspaceId},
    now::Now,
    time::Time,
};
use sha2::{Digest, Sha256};

record! {
    struct Serial {
        id: i64,
    }
}

/// Adds an event. Personal values go to a row of their own, the event holds their salted hash.
pub fn add(
    tx: &mut Tx,
    workspace: Option<WorkspaceId>,
    actor: Option<PersonId>,
    event: &Event,
    now: &Now,
) -> Result<(), Error> {
    let (salt, client) = (now.bytes::<16>(), now.client.map(|client| client.to_string()));
    let hash = Sha256::new()
        .chain_update(salt)
        .chain_update(client.as_deref().unwrap_or_default())
        .chain_update([0])
        .chain_update(&event.label)
        .finalize();
    let row: Serial = tx.one(sql!(
        "INSERT INTO event (workspace, at, what, actor, target_kind, target_id, changes, personal)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        workspace,
        now.at,
        event.what.slug(),
        actor,
        event.kind,
        event.id,
        serde_json::Value::Object(event.changes.clone()).to_string(),
        hash.as_slice()
    ))?;
    tx.run(sql!(
        "INSERT INTO event_personal (event, salt, client, label) VALUES (?, ?, ?, ?)",
        row.id,
        salt.as_slice(),
        client,
        event.label
    ))?;
    Ok(())
}

record! {
    /// An event as the log shows it.
    pub struct Logged {
        /// Its number.
        pub id: i64,
        /// When.
        pub at: Time,
        /// What.
        pub what: String,
        /// Who, if somebody did it.
        pub actor: Option<PersonId>,
        /// What he is called.
        pub actor_name: Option<String>,
        /// From which address; gone if erased.
        pub client: Option<String>,
        /// The noun of the thing.
        pub target_kind: String,
        /// The thing.
        pub target_id: String,
        /// How it was called; gone if erased.
        pub label: Option<String>,
        /// `{field: [old, new]}` as JSON.
        pub changes: String,
    }
}

/// The workspace's events, newest first, before the one numbered `before`.
pub fn list(db: &mut Conn, may: &May<ReadAudit>, before: i64, limit: i64) -> Result<Vec<Logged>, Error> {
    db.all(sql!(
        "SELECT e.id, e.at, e.what, e.actor, p.name AS actor_name, x.client, e.target_kind, e.target_id, x.label, e.changes
         FROM event e LEFT JOIN person p ON p.id = e.actor LEFT JOIN event_personal x ON x.event = e.id
         WHERE e.workspace = ? AND e.id < ? ORDER BY e.id DESC LIMIT ?",
        may.workspace(),
        before,
        limit
    ))
}
