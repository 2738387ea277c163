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

/// Topic and payload as they travel in one payload of `PostgreSQL`.
pub(crate) fn pack(topic: &str, payload: &str) -> String {
    format!("{topic}\n{payload}")
}

/// The notice in a packed payload; `None` for what others sent on our channel.
pub(crate) fn unpack(packed: &str) -> Option<Notice> {
    let (topic, payload) = packed.split_once('\n')?;
    Some(Notice::Sent {
        topic: topic.into(),
        payload: payload.into(),
    })
}
