//! Word that something was committed.

/// What a subscriber hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Sent by a transaction that has been committed, on this node or another.
    Sent {
        /// What it is about.
        topic: String,
        /// What exactly; ids rather than contents.
        payload: String,
    },
    /// The listener was interrupted and is back: notices may be missing, so reread the state.
    Lost,
}

/// Notices a slow subscriber may fall behind before it is told that it lagged.
pub(crate) const BACKLOG: usize = 1024;

/// `PostgreSQL` takes payloads of less than 8000 bytes, so `SQLite` does too.
pub(crate) const LONGEST: usize = 7999;

/// Topic and payload as they travel in one payload of `PostgreSQL`; a loss does not travel.
pub(crate) fn pack(notice: &Notice) -> Option<String> {
    match notice {
        Notice::Sent { topic, payload } => Some(format!("{topic}\n{payload}")),
        Notice::Lost => None,
    }
}

/// The notice in a packed payload; `None` for what others sent on our channel.
pub(crate) fn unpack(packed: &str) -> Option<Notice> {
    let (topic, payload) = packed.split_once('\n')?;
    Some(Notice::Sent { topic: topic.into(), payload: payload.into() })
}
