//! The audit log: every verb writes its event in its own transaction; rows are only ever added.

mod reading;

use db::{Error, Tx};
use domain::{
    change::Changed,
    event::Event,
    id::{PersonId, WorkspaceId},
    now::Now,
};
use sha2::{Digest, Sha256};

use crate::sql::inserts;

pub use reading::{After, Filter, Logged, Somebody, list, somebody, whoever_was_here};

use crate::changes;

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
    add_all(tx, workspace, actor, std::slice::from_ref(event), now)
}

/// The same for many, in few statements.
pub fn add_all(
    tx: &mut Tx,
    workspace: Option<WorkspaceId>,
    actor: Option<PersonId>,
    events: &[Event],
    now: &Now,
) -> Result<(), Error> {
    note_all(tx, workspace, actor, events, now)?;
    // Every verb passes here, so what it changes is told to open pages here.
    let changed = events.iter().filter_map(Changed::by);
    if let Some(workspace) = workspace {
        changed.for_each(|changed| changes::tell(tx, workspace, changed));
    }
    Ok(())
}

/// The same, and open pages are told nothing: for so many things that a word about each would drown all else. The caller
/// tells of what they lie in.
pub fn note_all(
    tx: &mut Tx,
    workspace: Option<WorkspaceId>,
    actor: Option<PersonId>,
    events: &[Event],
    now: &Now,
) -> Result<(), Error> {
    let client = now.client.map(|client| client.to_string());
    let salts: Vec<[u8; 16]> = events.iter().map(|_| now.bytes()).collect();
    let row = |(event, salt): (&Event, &[u8; 16])| {
        let changes = serde_json::Value::Object(event.changes.clone()).to_string();
        let hash = hash(salt, client.as_deref(), &event.label);
        values![
            workspace,
            now.at,
            event.what.slug(),
            actor,
            event.project,
            event.kind,
            event.id,
            changes,
            hash.as_slice()
        ]
    };
    let head = "INSERT INTO event (workspace, at, what, actor, project, target_kind, target_id, changes, personal)";
    let mut serials: Vec<i64> = Vec::with_capacity(events.len());
    for statement in inserts(head, events.iter().zip(&salts).map(row).collect(), "RETURNING id") {
        serials.extend(tx.all::<Serial>(statement)?.into_iter().map(|row| row.id));
    }
    // Numbers are drawn row by row; only the order in which they are given back is the engine's.
    serials.sort_unstable();
    let personal = serials.iter().zip(&salts).zip(events);
    let rows = personal.map(|((id, salt), event)| values![id, salt.as_slice(), client, event.label]).collect();
    for statement in inserts("INSERT INTO event_personal (event, salt, client, label)", rows, "") {
        tx.run(statement)?;
    }
    Ok(())
}

fn hash(salt: &[u8; 16], client: Option<&str>, label: &str) -> Vec<u8> {
    let hash = Sha256::new().chain_update(salt).chain_update(client.unwrap_or_default()).chain_update([0]);
    hash.chain_update(label).finalize().to_vec()
}
