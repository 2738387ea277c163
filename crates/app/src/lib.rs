//! What the product does: one verb = one function = one transaction, with its audit event and its outbox rows.
//!
//! Invariant: only this floor opens write transactions. It knows no HTTP; pages, API and command line call the same verbs.

pub mod account;
pub mod addresses;
pub mod answers;
pub mod attachments;
mod attempts;
pub mod audit;
pub mod backup;
pub mod cases;
pub mod change_sets;
pub mod clock;
pub mod clones;
pub mod failure;
pub mod fields;
pub mod folders;
pub mod invitations;
pub mod keys;
pub mod labels;
pub mod limits;
pub mod mail;
pub mod mail_channel;
pub mod mail_domains;
pub mod mail_server;
pub mod members;
pub mod moves;
pub mod notices;
pub mod objects;
pub mod operators;
pub mod outbox;
pub mod passwords;
pub mod post;
pub mod profile;
pub mod projects;
pub mod properties;
pub mod rescue;
pub mod resets;
pub mod sample;
pub mod saved_views;
pub mod server;
pub mod service_accounts;
pub mod sessions;
pub mod settings;
pub mod setup;
pub mod step_groups;
pub mod tidy;
pub mod trash;
pub mod vault;
pub mod workspaces;

use std::{
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use db::{Conn, Db, Tx};
use domain::{email::Email, now::Now};

pub use clock::Clock;
pub use failure::{Bad, Failure};
pub use settings::Settings;

use tokio::sync::watch;

use crate::{
    limits::Limits, mail_server::InEffect, objects::Objects, passwords::Passwords, post::Post, settings::Mail,
    vault::Vault,
};

/// Everything a verb or page needs, cheap to clone.
#[derive(Clone)]
pub struct App {
    parts: Arc<Parts>,
}

struct Parts {
    db: Db,
    clock: Clock,
    vault: Vault,
    passwords: Passwords,
    limits: Limits,
    settings: Settings,
    objects: Arc<dyn Objects>,
    /// The mail server in effect and the version of what operators set.
    mail: watch::Sender<InEffect>,
}

impl App {
    /// Wires the parts of a server together.
    pub fn new(db: Db, clock: Clock, vault: Vault, settings: Settings) -> Self {
        let limits = Limits::new(settings.rate_limits);
        let mail = watch::Sender::new(InEffect::at_first(&settings));
        let objects = Arc::new(objects::Local::new(&settings.attachments.folder));
        let passwords = Passwords::default();
        Self { parts: Arc::new(Parts { db, clock, vault, passwords, limits, settings, objects, mail }) }
    }

    /// Runs a verb in a transaction of its own. It may run again after a serialization failure, with a new `Now`.
    /// What it said it tries is noted if it is refused.
    pub async fn write<T: Send + 'static>(
        &self,
        client: Option<IpAddr>,
        verb: impl Fn(&mut Tx, &Now) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let clock = self.parts.clock.clone();
        let tried = Arc::new(Mutex::new(None));
        let last = Arc::clone(&tried);
        let done = self.parts.db.write(move |tx| {
            let now = clock.now().asked_by(client);
            let done = verb(tx, &now);
            *last.lock().unwrap_or_else(PoisonError::into_inner) = now.tried();
            done
        });
        let done = done.await;
        let tried = tried.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let (Err(why), Some(attempt)) = (&done, tried) {
            self.refused(client, attempt, why).await;
        }
        done
    }

    /// Runs a query.
    pub async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&mut Conn, &Now) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let now = self.parts.clock.clone();
        self.parts.db.read(move |db| query(db, &now.now())).await
    }

    /// Runs a query of few point reads, in place where the engine allows.
    pub async fn point<T: Send + 'static>(
        &self,
        query: impl FnOnce(&mut Conn, &Now) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let now = self.parts.clock.clone();
        self.parts.db.point(move |db| query(db, &now.now())).await
    }

    /// The database, for health checks and workers.
    pub fn db(&self) -> &Db {
        &self.parts.db
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        &self.parts.clock
    }

    /// What seals secrets at rest.
    pub fn vault(&self) -> &Vault {
        &self.parts.vault
    }

    /// Where verbs post letters to a person.
    pub fn post(&self) -> Post<'_> {
        Post { vault: self.vault(), mail: self.mail().is_some() }
    }

    /// Hashing of passwords.
    pub fn passwords(&self) -> &Passwords {
        &self.parts.passwords
    }

    /// Rate limits.
    pub fn limits(&self) -> &Limits {
        &self.parts.limits
    }

    /// How mail leaves now: as the command line says, or else as operators set it. `None` is copy-link mode.
    pub fn mail(&self) -> Option<Arc<Mail>> {
        self.parts.mail.borrow().mail.clone()
    }

    /// The same, for whoever has to follow its changes.
    pub(crate) fn mail_in_effect(&self) -> &watch::Sender<InEffect> {
        &self.parts.mail
    }

    /// Where bodies of files lie.
    pub fn objects(&self) -> &Arc<dyn Objects> {
        &self.parts.objects
    }

    /// What the server was started with.
    pub fn settings(&self) -> &Settings {
        &self.parts.settings
    }
}

/// An address as a table has it; it was valid when it was written.
pub(crate) fn stored_email(address: &str) -> Result<Email, Failure> {
    Email::parse(address).map_err(|error| Failure::Broken(format!("a stored address: {error}")))
}
