//! What a server is started with, as far as verbs care.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use url::Url;

use crate::mail::channel::{MailFrom, Reach, SmtpUrl};

/// How many invitations a UTC day allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PerDay {
    /// To one workspace.
    pub workspace: i64,
    /// By one inviter in it.
    pub inviter: i64,
    /// By the whole server.
    pub server: i64,
}

impl Default for PerDay {
    fn default() -> Self {
        Self { workspace: 5_000, inviter: 2_000, server: 20_000 }
    }
}

/// How mail leaves.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Where to.
    pub smtp: SmtpUrl,
    /// Which addresses may be spoken to.
    pub reach: Reach,
    /// The fixed sender.
    pub from: MailFrom,
    /// How many connections at once.
    pub connections: usize,
    /// The first wait after a deferral; it doubles up to an hour.
    pub retry_first: Duration,
}

/// What the command line says of a mail server that operators set on a page.
#[derive(Clone, Debug)]
pub struct Outbox {
    /// The sender, instead of theirs.
    pub from: Option<MailFrom>,
    /// How many connections at once.
    pub connections: usize,
    /// The first wait after a deferral; it doubles up to an hour.
    pub retry_first: Duration,
}

impl Default for Outbox {
    fn default() -> Self {
        Self { from: None, connections: 4, retry_first: Duration::from_secs(10) }
    }
}

/// What a server is started with.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where people reach it; links begin with it. Never taken from a request.
    pub base_url: Url,
    /// How mail leaves, where the command line says so; else operators may have set it, see `App::mail`.
    pub mail: Option<Mail>,
    /// What holds for a mail server that operators set.
    pub outbox: Outbox,
    /// Off in tests and benches only.
    pub rate_limits: bool,
    /// How many invitations a day.
    pub per_day: PerDay,
    /// Where files lie, and how large they may be.
    pub attachments: Attachments,
}

/// Files that hang on cases.
#[derive(Clone, Debug)]
pub struct Attachments {
    /// The folder of their bodies; several nodes share one.
    pub folder: PathBuf,
    /// The most bytes of one.
    pub limit: u64,
}

impl Attachments {
    /// The most bytes of one unless something else is said.
    pub const LIMIT: u64 = 25_000_000;

    /// In the folder of a data directory where they always lie.
    pub fn within(data: &Path) -> Self {
        Self { folder: data.join("objects"), limit: Self::LIMIT }
    }
}

impl Settings {
    /// A link of ours.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.base_url.as_str().trim_end_matches('/'))
    }

    /// Whether browsers reach it by https, so that cookies can be bound to it.
    pub fn is_https(&self) -> bool {
        self.base_url.scheme() == "https"
    }
}
