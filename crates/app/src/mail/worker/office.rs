//! What the lanes and the bell of one worker share.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use domain::{access::System, id::MessageId};
use tokio::sync::watch;

use super::errand::{self, Errand};
use crate::{App, mail::channel::Channel, settings::Mail};

/// One worker's common things.
pub(super) struct Office {
    pub(super) app: App,
    pub(super) channel: Channel,
    pub(super) mail: Arc<Mail>,
    /// Rung when there is something to do.
    pub(super) bell: watch::Sender<()>,
    /// True when the lanes shall end.
    pub(super) stop: watch::Receiver<bool>,
    in_hand: InHand,
}

/// What lanes hold, those of an office that closes included.
pub(super) type InHand = Arc<Mutex<HashSet<MessageId>>>;

/// Ends when this becomes true.
pub(super) async fn over(stop: &watch::Receiver<bool>) {
    // An error means that the handle is gone, and with it the tasks that wait here.
    drop(stop.clone().wait_for(|stop| *stop).await);
}

impl Office {
    pub(super) fn new(
        app: App,
        channel: Channel,
        mail: Arc<Mail>,
        in_hand: InHand,
        stop: watch::Receiver<bool>,
    ) -> Self {
        Self { app, channel, mail, bell: watch::Sender::new(()), stop, in_hand }
    }

    pub(super) fn is_stopping(&self) -> bool {
        *self.stop.borrow()
    }

    /// Ends when the lanes shall end.
    pub(super) async fn stopping(&self) {
        over(&self.stop).await;
    }

    /// Takes the next message for a lane. With the database in trouble there is none; the bell rings when it is back.
    pub(super) async fn claim(&self) -> Option<Errand> {
        let held = self.in_hand();
        let claimed = self.app.write(None, move |tx, now| errand::claim(tx, &held, now)).await;
        let errand = claimed.unwrap_or_else(|error| {
            tracing::warn!(%error, "no mail can be taken from the outbox");
            None
        })?;
        self.lock().insert(errand.message.id);
        Some(errand)
    }

    /// A message whose fate is noted is in nobody's hand.
    pub(super) fn let_go(&self, message: MessageId) {
        self.lock().remove(&message);
    }

    /// What the lanes hold. Even when a lease ran out because the database was away, it is not taken a second time.
    pub(super) fn in_hand(&self) -> Vec<MessageId> {
        self.lock().iter().copied().collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashSet<MessageId>> {
        self.in_hand.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) fn system() -> System {
    System::because("the outbox is emptied")
}
