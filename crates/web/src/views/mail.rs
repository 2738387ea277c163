//! Settings > Mail: what of a workspace's mail waits or failed.

use askama::Template;

use super::frame::{Flash, Frame, Notice, Place};
use super::parts::Moment;
use super::{filters, paths};

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/mail.html")]
pub struct Mail {
    /// Around the page.
    pub frame: Frame,
    /// How the mail of the whole server is.
    pub channel: Channel,
    /// Set while the workspace's own mail is paused.
    pub pause: Option<Pause>,
    /// Messages that wait for their first or another try.
    pub waiting: i64,
    /// Those of them that wait for another try.
    pub deferred: i64,
    /// Messages that never arrive.
    pub failed: i64,
    /// Receiving domains in trouble, the worst first.
    pub domains: Vec<DomainRow>,
    /// Messages that wait or failed, newest first.
    pub rows: Vec<QueuedRow>,
    /// Address of the next page.
    pub more: Option<String>,
}

/// How the mail of the whole server is.
#[derive(Clone, Debug)]
pub enum Channel {
    /// No mail server is set.
    Off,
    /// Mail flows.
    Flowing,
    /// It paused itself.
    InTrouble {
        /// Since when.
        since: Moment,
        /// When it is tried again.
        next_try: Moment,
        /// The mail server's words, for operators; empty for others.
        words: String,
    },
    /// An operator paused it.
    ByHand {
        /// Since when.
        since: Moment,
    },
}

/// Somebody paused the workspace's mail.
#[derive(Clone, Debug)]
pub struct Pause {
    /// Since when.
    pub since: Moment,
    /// Who did.
    pub by: String,
}

/// A receiving domain in trouble.
#[derive(Clone, Debug)]
pub struct DomainRow {
    /// The part behind the `@`.
    pub domain: String,
    /// How many messages it makes wait.
    pub deferred: i64,
    /// How many it refused within a day.
    pub failed: i64,
    /// What was said last.
    pub words: String,
}

/// A message that waits or failed.
#[derive(Clone, Debug)]
pub struct QueuedRow {
    /// To whom.
    pub address: String,
    /// What is with it.
    pub state: Waits,
    /// How often it was tried.
    pub attempts: i64,
    /// When it was queued.
    pub queued: Moment,
}

/// What is with a message that was not handed over.
#[derive(Clone, Debug)]
pub enum Waits {
    /// It waits for its first try, or for one that somebody asked for.
    Queued,
    /// It is being handed over.
    Sending,
    /// It was refused for now.
    Deferred {
        /// The next try.
        next_try: Moment,
        /// The server's own words.
        words: String,
    },
    /// It was refused for good.
    Failed {
        /// The server's own words.
        words: String,
    },
}
