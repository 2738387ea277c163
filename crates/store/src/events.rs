//! The audit log: every verb writes its event in its own transaction; rows are only ever added.

mod reading;

use db::{Error, Tx};
use domain::{
    event::Event,
    id::{PersonId, WorkspaceId},
    now::Now,
};
use sha2::{Digest, Sha256};

pub use reading::{After, Filter, Logged, Somebody, list, somebody, whoever_was_here};

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
        "INSERT INTO event (workspace, at, what, actor, project, target_kind, target_id, changes, personal)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        workspace,
        now.at,
        event.what.slug(),
        actor,
        event.project,
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
