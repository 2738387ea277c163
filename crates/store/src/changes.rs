//! Word to open pages of what has changed, sent with the transaction that changes it.

use db::{Notice, Tx};
use domain::{
    change::{Change, Changed},
    id::WorkspaceId,
};

/// What open pages listen to; the payload is a [`Change`].
pub const TOPIC: &str = "changed";

/// Tells open pages on every node, once this transaction is committed.
pub fn tell(tx: &mut Tx, workspace: WorkspaceId, changed: Changed) {
    tx.notify(TOPIC, Change { workspace: Some(workspace), changed }.to_string());
}

/// Tells open pages of every workspace, for what is the whole server's.
pub(crate) fn tell_everywhere(tx: &mut Tx, changed: Changed) {
    tx.notify(TOPIC, Change { workspace: None, changed }.to_string());
}

/// The change a notice tells of, if it does.
pub fn told(notice: &Notice) -> Option<Change> {
    match notice {
        Notice::Sent { topic, payload } if topic == TOPIC => payload.parse().ok(),
        Notice::Sent { .. } | Notice::Lost => None,
    }
}
