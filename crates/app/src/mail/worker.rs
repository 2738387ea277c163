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
mod shift;
mod write;

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::watch,
    task::JoinSet,
    time::{sleep, timeout},
};

use self::{
    lane::Lane,
    office::{InHand, Office},
};
use crate::{App, mail::channel::Channel};

/// How long a stop waits for messages in hand. What is cut off then goes out again when its lease is over.
const STOP_PATIENCE: Duration = Duration::from_secs(20);

/// Empties the outbox.
pub struct Worker;

impl Worker {
    /// Starts it over the mail server in effect, and follows its changes. Without a mail server it waits for one.
    pub fn start(app: App) -> Handle {
        let stop = watch::Sender::new(false);
        let mut tasks = JoinSet::new();
        tasks.spawn(shift::follow(app.clone(), stop.subscribe()));
        tasks.spawn(shift::listen(app, stop.subscribe()));
        Handle { tasks, stop }
    }

    /// Starts it over a channel of one's own, which may trust other certificates or be less patient.
    pub fn start_on(app: App, channel: Channel) -> Handle {
        let stop = watch::Sender::new(false);
        let mut tasks = JoinSet::new();
        if let Some(mail) = app.mail() {
            open(&mut tasks, Office::new(app, channel, mail, InHand::default(), stop.subscribe()));
        }
        Handle { tasks, stop }
    }
}

/// Sets the lanes of an office to work, and its bell.
fn open(tasks: &mut JoinSet<()>, office: Office) {
    let office = Arc::new(office);
    for _ in 0..office.mail.connections.max(1) {
        tasks.spawn(keep_working(Arc::clone(&office)));
    }
    tasks.spawn(bell::tend(office));
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
