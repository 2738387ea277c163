//! A lane: one message at a time over one connection.

use std::{convert::Infallible, sync::Arc, time::Duration};

use store::{channel, messages};
use tokio::{sync::watch, time::sleep};

use super::{
    errand::{Errand, LEASE},
    line::Line,
    office::{Office, system},
    settle::End,
    write::write,
};
use crate::mail::letter::Letter;

/// A connection without work is closed after this time.
const IDLE: Duration = Duration::from_secs(5);

/// A lane with its connection.
pub(super) struct Lane {
    office: Arc<Office>,
    line: Line,
}

impl Lane {
    pub(super) fn new(office: Arc<Office>) -> Self {
        Self { office, line: Line::new() }
    }

    /// Works until the worker stops.
    pub(super) async fn work(mut self) {
        let mut bell = self.office.bell.subscribe();
        while !self.office.is_stopping() {
            // What rings from now on may be about a message that the claim does not see yet.
            bell.mark_unchanged();
            match self.office.claim().await {
                Some(errand) => self.carry(errand).await,
                None => self.rest(&mut bell).await,
            }
        }
        self.line.close().await;
    }

    async fn rest(&mut self, bell: &mut watch::Receiver<()>) {
        loop {
            tokio::select! {
                _ = bell.changed() => return,
                () = self.office.stopping() => return,
                () = sleep(IDLE), if self.line.is_open() => {}
            }
            self.line.close().await;
        }
    }

    /// Does what is to be done about a message, and notes it.
    async fn carry(&mut self, errand: Errand) {
        let end = self.end_of(&errand).await;
        let message = errand.message.id;
        self.office.settle(errand, end).await;
        self.office.let_go(message);
    }

    async fn end_of(&mut self, errand: &Errand) -> End {
        if !errand.holds {
            return End::SetAside;
        }
        let now = self.office.app.clock().now().at;
        match write(errand, &self.office.app, &self.office.mail.from, now) {
            Ok(letter) => self.send(errand, &letter).await,
            Err(unwritable) => End::Unwritable(unwritable.to_string()),
        }
    }

    async fn send(&mut self, errand: &Errand, letter: &Letter) -> End {
        let Self { office, line } = self;
        let outcome = tokio::select! {
            outcome = line.send(&office.channel, letter, async || is_held(office, errand).await) => outcome,
            never = keep_lease(office, errand) => match never {},
        };
        outcome.map_or(End::SetAside, End::Told)
    }
}

/// Whether a message is still to be sent after the connection was made. If the database cannot tell, the lease holds.
async fn is_held(office: &Office, errand: &Errand) -> bool {
    let message = errand.message.clone();
    let held = office.app.read(move |db, _| Ok(messages::is_held(db, &system(), &message)?)).await;
    held.unwrap_or(true)
}

/// Renews the lease of the message, and of the probe, for as long as the mail server takes.
async fn keep_lease(office: &Office, errand: &Errand) -> Infallible {
    loop {
        sleep(LEASE / 3).await;
        let (message, is_probe) = (errand.message.clone(), errand.is_probe);
        let renewed = office.app.write(None, move |tx, now| {
            messages::renew(tx, &system(), &message, LEASE, now.at)?;
            if is_probe {
                channel::probe_at(tx, &system(), now.at + LEASE)?;
            }
            Ok(())
        });
        if let Err(error) = renewed.await {
            tracing::warn!(message = %errand.message.id, %error, "a mail in hand could not be kept");
        }
    }
}
