//! A workspace's own mail: paused, resumed, tried at once. What waits stays, whatever is done here.

use db::Tx;
use domain::{
    access::{ManageMail, May, SignedIn},
    event::{Attempt, Event, What},
    now::Now,
};
use store::{Again, channel, events, messages, operators};

use crate::{Failure, mail_channel};

/// Pauses the workspace's mail. Pausing twice is no error.
pub fn pause(tx: &mut Tx, may: &May<ManageMail>, now: &Now) -> Result<(), Failure> {
    now.tries(attempt(may, "pause"));
    let still = tx.still(may, now.at)?;
    if messages::pause(tx, &still, now.at)? {
        tell(tx, may, What::MailPaused, None, now)?;
    }
    Ok(())
}

/// Lets the workspace's mail flow again. For an operator this also ends a pause that the channel made by itself: that is
/// everybody's, and nobody else's to end.
pub fn resume(tx: &mut Tx, who: &SignedIn, may: &May<ManageMail>, now: &Now) -> Result<(), Failure> {
    now.tries(attempt(may, "resume"));
    let still = tx.still(may, now.at)?;
    if messages::unpause(tx, &still)? {
        tell(tx, may, What::MailResumed, None, now)?;
    }
    match operators::find(tx, who)? {
        Some(operator) if channel::get(tx)?.probe_at.is_some() => mail_channel::resume(tx, &operator, now),
        _ => Ok(()),
    }
}

/// Has the workspace's deferred messages tried now, and says how many. An operator's wish also has a channel that
/// paused itself tried at once.
pub fn retry(tx: &mut Tx, who: &SignedIn, may: &May<ManageMail>, now: &Now) -> Result<usize, Failure> {
    now.tries(attempt(may, "retry"));
    let still = tx.still(may, now.at)?;
    let due = messages::try_now(tx, &still, now.at)?;
    tell(tx, may, What::MailRetried, Some(due), now)?;
    if let Some(operator) = operators::find(tx, who)? {
        channel::probe_now(tx, &operator, now.at)?;
    }
    Ok(due)
}

fn attempt(may: &May<ManageMail>, deed: &str) -> Attempt {
    Attempt::new(What::MailRefused, "workspace", may.workspace(), deed).by(may)
}

fn tell(tx: &mut Tx, may: &May<ManageMail>, what: What, count: Option<usize>, now: &Now) -> Result<(), Failure> {
    let event = Event::new(what, "workspace", may.workspace(), "");
    let event = match count {
        Some(count) => event.change("messages", (), count),
        None => event,
    };
    Ok(events::add(tx, Some(may.workspace()), Some(may.person()), &event, now)?)
}
