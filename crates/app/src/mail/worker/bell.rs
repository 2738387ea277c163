//! Wakes the lanes: when word comes that something changed, when a message or a probe gets due, and now and then.

use std::{sync::Arc, time::Duration};

use db::{Conn, Notice};
use domain::{id::MessageId, time::Time};
use store::{channel, messages};
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::sleep,
};

use super::{
    backoff,
    office::{Office, system},
};
use crate::Failure;

/// A look at least this often, whatever was heard: another node may have died with a message in hand.
const SELDOM: Duration = Duration::from_secs(30);
/// A look so soon after ringing: what was due may have been locked at that moment.
const SOON: Duration = Duration::from_secs(5);
/// The first and the longest wait for a database that is away.
const AWAY: Duration = Duration::from_millis(500);
const AWAY_LONGEST: Duration = Duration::from_secs(10);

/// Rings until the worker stops.
pub(super) async fn tend(office: Arc<Office>) {
    let mut notices = office.app.db().subscribe();
    let mut failures = 0;
    loop {
        let wait = look(&office, &mut failures).await;
        tokio::select! {
            () = office.stopping() => return,
            () = sleep(wait) => {}
            // A database that is away says nothing worth a look.
            () = heard(&mut notices), if failures == 0 => {}
        }
    }
}

/// Rings if something is to be done now; answers how long the next look can wait.
async fn look(office: &Office, failures: &mut i64) -> Duration {
    let held = office.in_hand();
    match office.app.read(move |db, now| outlook(db, &held, now.at)).await {
        Ok(until) => {
            if std::mem::take(failures) > 0 {
                tracing::info!("the outbox can be read again");
            }
            if until == Some(Duration::ZERO) {
                office.bell.send_replace(());
                return SOON;
            }
            until.unwrap_or(SELDOM).min(SELDOM)
        }
        Err(error) => {
            if *failures == 0 {
                tracing::warn!(%error, "the outbox cannot be read; mail waits");
            }
            *failures += 1;
            backoff::doubling(AWAY, *failures).min(AWAY_LONGEST)
        }
    }
}

/// How long until something is to be done. While the channel is paused that is a probe, and one made by hand has none.
fn outlook(db: &mut Conn, held: &[MessageId], now: Time) -> Result<Option<Duration>, Failure> {
    let Some(due) = messages::next_due(db, &system(), held, now)? else { return Ok(None) };
    let channel = channel::get(db)?;
    Ok(match (channel.paused_at, channel.probe_at) {
        (None, _) => Some(due),
        (Some(_), probe_at) => probe_at.map(|at| due.max(at.since(now))),
    })
}

/// Ends when word of mail comes, or when some may have been missed.
async fn heard(notices: &mut Receiver<Notice>) {
    loop {
        match notices.recv().await {
            Ok(Notice::Sent { topic, .. }) if topic != messages::TOPIC => {}
            Ok(_) | Err(RecvError::Lagged(_)) => break,
            // The database was closed: nothing will be heard any more.
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
    // Much may be said at once; one look answers all of it.
    while notices.try_recv().is_ok() {}
}
