//! What became of a message, put down. The table is "Mail faults" of the outside contract.

use std::{sync::Arc, time::Duration};

use db::Tx;
use domain::{
    invitation::{GRACE, State},
    now::Now,
};
use store::{channel, invitations, messages};
use tokio::time::sleep;

use super::{
    backoff,
    errand::{Errand, Invited},
    office::{Office, system},
};
use crate::{Failure, invitations::expire::expire, mail::smtp::Outcome};

/// So many equal refusals after DATA in a row are the channel's fault.
const EQUAL_REFUSALS: i64 = 5;
/// How long a message of an invitation on hold waits at most, should nobody release it.
const ON_HOLD: Duration = Duration::from_hours(1);
/// The first and the longest wait before an outcome is put down again that the database would not take.
const AWAY: Duration = Duration::from_millis(200);
const AWAY_LONGEST: Duration = Duration::from_secs(5);

/// How a lane's errand ended.
#[derive(Debug)]
pub(super) enum End {
    /// As the mail server says.
    Told(Outcome),
    /// No letter could be written.
    Unwritable(String),
    /// It was not sent, because what it speaks of has ended or is on hold.
    SetAside,
}

/// What is to be logged of it.
#[derive(Debug)]
enum News {
    Nothing,
    Paused(String),
    Resumed,
}

impl Office {
    /// Puts down how an errand ended, as often as it takes: a message that went out and is not marked would go again.
    pub(super) async fn settle(&self, errand: Errand, end: End) {
        let (errand, end) = (Arc::new(errand), Arc::new(end));
        let mut failures = 0;
        loop {
            let (its, how, first) = (Arc::clone(&errand), Arc::clone(&end), self.mail.retry_first);
            match self.app.write(None, move |tx, now| put_down(tx, &its, &how, first, now)).await {
                Ok(news) => return log(&news),
                Err(error) => {
                    tracing::warn!(message = %errand.message.id, %error, "what became of a mail is not noted yet");
                }
            }
            failures += 1;
            sleep(backoff::doubling(AWAY, failures).min(AWAY_LONGEST)).await;
        }
    }
}

fn log(news: &News) {
    match news {
        News::Nothing => {}
        News::Paused(reason) => {
            tracing::error!(%reason, "mail is paused: the mail server cannot be used. Messages wait");
        }
        News::Resumed => tracing::info!("mail flows again"),
    }
}

fn put_down(tx: &mut Tx, errand: &Errand, end: &End, first: Duration, now: &Now) -> Result<News, Failure> {
    let outcome = match end {
        End::Told(outcome) => outcome,
        End::Unwritable(words) => return failed(tx, errand, words, now),
        End::SetAside => return set_aside(tx, errand, now),
    };
    match (outcome, outcome.refusal_at_data()) {
        (Outcome::Sent { words }, _) => sent(tx, errand, words, now),
        (Outcome::Deferred { words, .. } | Outcome::Unknown { words }, _) => try_again(tx, errand, words, first, now),
        (Outcome::Failed { words, .. }, Some(codes)) => refused(tx, errand, codes, words, first, now),
        (Outcome::Failed { words, .. }, None) => failed(tx, errand, words, now),
        (Outcome::Trouble(trouble), _) => troubled(tx, errand, &trouble.to_string(), first, now),
    }
}

/// The link is out, and a probe that got so far ends the pause.
fn sent(tx: &mut Tx, errand: &Errand, words: &str, now: &Now) -> Result<News, Failure> {
    let invited = errand.invited.as_deref().map(|invited| &invited.invitation);
    if let Some(invitation) = invited {
        invitations::lock(tx, invitation.id, now.at)?;
    }
    // One that was withdrawn meanwhile carries a dead link, whose days count for nothing.
    let counts = messages::is_held(tx, &system(), &errand.message)?;
    if let Some(invitation) = invited.filter(|_| counts) {
        invitations::out(tx, invitation.id, invitation.valid(), now.at)?;
    }
    messages::hand_over(tx, &system(), &errand.message, words, now.at)?;
    channel::accepted(tx, &system())?;
    let resumed = errand.is_probe && channel::probe_succeeded(tx, &system())?;
    Ok(if resumed { News::Resumed } else { News::Nothing })
}

/// Later and later, for five days; then the last words are final.
fn try_again(tx: &mut Tx, errand: &Errand, words: &str, first: Duration, now: &Now) -> Result<News, Failure> {
    let message = &errand.message;
    let last = message.created_at + GRACE;
    if now.at >= last {
        return failed(tx, errand, &format!("given up after 5 days: {words}"), now);
    }
    let next = now.at + backoff::with_jitter(first, message.attempts, now);
    messages::defer(tx, &system(), message, words, next.min(last), now.at)?;
    told_nothing(tx, errand, now)
}

fn failed(tx: &mut Tx, errand: &Errand, words: &str, now: &Now) -> Result<News, Failure> {
    messages::fail(tx, &system(), &errand.message, words, now.at)?;
    told_nothing(tx, errand, now)
}

/// This recipient failed, unless so many were refused alike that it is the channel. Then a probe is not to blame.
fn refused(
    tx: &mut Tx,
    errand: &Errand,
    codes: &str,
    words: &str,
    first: Duration,
    now: &Now,
) -> Result<News, Failure> {
    let count = channel::refused(tx, &system(), codes)?;
    let reason = format!("{count} messages in a row were refused after DATA: {words}");
    if count >= EQUAL_REFUSALS && errand.is_probe {
        return troubled(tx, errand, &reason, first, now);
    }
    let news = failed(tx, errand, words, now)?;
    if count >= EQUAL_REFUSALS { pause(tx, &reason, first, now) } else { Ok(news) }
}

/// The channel's trouble: the message goes back, everything waits, and the probes come later and later.
fn troubled(tx: &mut Tx, errand: &Errand, reason: &str, first: Duration, now: &Now) -> Result<News, Failure> {
    messages::put_back(tx, &system(), &errand.message, now.at)?;
    if !errand.is_probe {
        return pause(tx, reason, first, now);
    }
    let failed = channel::lock(tx)?.probes + 1;
    channel::probe_failed(tx, &system(), reason, now.at + backoff::doubling(first, failed + 1))?;
    Ok(News::Nothing)
}

fn pause(tx: &mut Tx, reason: &str, first: Duration, now: &Now) -> Result<News, Failure> {
    let alarm = channel::pause(tx, &system(), reason, now.at + first, now.at)?;
    Ok(if alarm { News::Paused(reason.to_owned()) } else { News::Nothing })
}

/// A probe whose message met a fate of its own says nothing about the channel: the next one goes at once.
fn told_nothing(tx: &mut Tx, errand: &Errand, now: &Now) -> Result<News, Failure> {
    if errand.is_probe {
        channel::probe_at(tx, &system(), now.at)?;
    }
    Ok(News::Nothing)
}

/// Not sent late: withdrawn if what it speaks of has ended, kept while that is on hold.
fn set_aside(tx: &mut Tx, errand: &Errand, now: &Now) -> Result<News, Failure> {
    match errand.invited.as_deref() {
        Some(invited) => set_aside_invitation(tx, errand, invited, now)?,
        None => {
            messages::lapse(tx, &system(), &errand.message, now.at)?;
        }
    }
    told_nothing(tx, errand, now)
}

fn set_aside_invitation(tx: &mut Tx, errand: &Errand, invited: &Invited, now: &Now) -> Result<(), Failure> {
    let (message, invitation) = (&errand.message, &invited.invitation);
    match invitations::lock(tx, invitation.id, now.at)? {
        State::Pending => messages::put_back(tx, &system(), message, now.at)?,
        State::OnHold => {
            let look_again_at = invitation.ends_at.min(now.at + ON_HOLD);
            messages::hold_back(tx, &system(), message, look_again_at, now.at)?;
        }
        State::Expired => {
            expire(tx, invitation, now)?;
            messages::withdraw(tx, invitation.id, now.at)?;
        }
        _ => messages::withdraw(tx, invitation.id, now.at)?,
    }
    Ok(())
}
