//! The outbox worker: takes due messages one by one, hands each to the mail server, and notes what became of it.
//!
//! Some lanes, each with a connection of its own, and a bell that wakes them. What a lane holds is marked with a lease
//! in the database, so that several nodes share one outbox, and what a dead one held is taken by another.
//!
//! Invariant: no transaction and no connection of the database is held while a mail server is spoken to.

mod backoff;
mod bell;
mod errand;
mod lane;
mod line;
mod office;
mod settle;
mod write;

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::watch,
    task::JoinSet,
    time::{sleep, timeout},
};

use self::{lane::Lane, office::Office};
use crate::{App, mail::channel::Channel};

/// How long a stop waits for messages in hand. What is cut off then goes out again when its lease is over.
const STOP_PATIENCE: Duration = Duration::from_secs(20);

/// Empties the outbox.
pub struct Worker;

impl Worker {
    /// Starts it by the server's settings. Without a mail server it does nothing. Reads the system's root certificates.
    pub fn start(app: App) -> Handle {
        let channel = app.settings().mail.as_ref().map(|mail| {
            let hello = app.settings().base_url.host_str().unwrap_or("localhost");
            Channel::new(mail.smtp.clone(), hello)
        });
        match channel {
            Some(channel) => Self::start_on(app, channel),
            None => Handle { tasks: JoinSet::new(), stop: watch::Sender::new(false) },
        }
    }

    /// The same over a channel of one's own, which may trust other certificates or be less patient.
    pub fn start_on(app: App, channel: Channel) -> Handle {
        let stop = watch::Sender::new(false);
        let mut tasks = JoinSet::new();
        if let Some(mail) = app.settings().mail.clone() {
            let lanes = mail.connections.max(1);
            let office = Arc::new(Office::new(app, channel, mail, stop.subscribe()));
            for _ in 0..lanes {
                tasks.spawn(keep_working(Arc::clone(&office)));
            }
            tasks.spawn(bell::tend(office));
        }
        Handle { tasks, stop }
    }
}

/// A lane that panics is our mistake; mail goes on all the same. What it held stays in its hands, lest it be sent again.
async fn keep_working(office: Arc<Office>) {
    loop {
        let mut lane = JoinSet::new();
        lane.spawn(Lane::new(Arc::clone(&office)).work());
        if !matches!(lane.join_next().await, Some(Err(error)) if error.is_panic()) {
            return;
        }
        tracing::error!("a lane of the mail worker panicked and is started anew");
        sleep(Duration::from_secs(1)).await;
    }
}

/// A running worker. Dropping it cuts it off as a crash would; [`Handle::stop`] is the clean end.
#[must_use = "the worker ends when this is dropped"]
pub struct Handle {
    tasks: JoinSet<()>,
    stop: watch::Sender<bool>,
}

impl Handle {
    /// Takes no more messages, finishes those in hand within twenty seconds, and says goodbye to the mail server.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        let all = async { while self.tasks.join_next().await.is_some() {} };
        if timeout(STOP_PATIENCE, all).await.is_err() {
            tracing::warn!("a mail was cut off by the stop; it goes out again when its lease is over");
        }
    }
}
