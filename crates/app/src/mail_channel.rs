//! The mail channel of the whole server, in the hands of operators. It also pauses and resumes by itself, see the worker.

use db::Tx;
use domain::{
    access::{Operator, System},
    event::{Attempt, Event, What},
    now::Now,
};
use store::{Again, channel, events, operators};

use crate::Failure;

/// Pauses all mail until an operator resumes it; a pause of the channel's own becomes one by hand.
pub fn pause(tx: &mut Tx, operator: &Operator, now: &Now) -> Result<(), Failure> {
    begin(tx, operator, "pause all mail", now)?;
    if channel::pause_by_hand(tx, operator, now.at)? {
        tell(tx, operator, What::MailChannelPaused, now)?;
    }
    Ok(())
}

/// Lets mail flow again, whoever or whatever paused it.
pub fn resume(tx: &mut Tx, operator: &Operator, now: &Now) -> Result<(), Failure> {
    begin(tx, operator, "resume all mail", now)?;
    if channel::lock(tx)?.paused_at.is_some() {
        channel::resume(tx, &System::because("an operator resumes mail"))?;
        tell(tx, operator, What::MailChannelResumed, now)?;
    }
    Ok(())
}

/// Has a channel that paused itself tried at once, with one message.
pub fn probe(tx: &mut Tx, operator: &Operator, now: &Now) -> Result<(), Failure> {
    begin(tx, operator, "try paused mail", now)?;
    if !channel::probe_now(tx, operator, now.at)? {
        let detail = "Mail did not pause by itself, so there is nothing to try. Resume it, or send a test letter.";
        return Err(Failure::conflict("not_paused_by_itself", detail));
    }
    tell(tx, operator, What::MailChannelProbed, now)
}

/// Notes what is tried, and asks again whether he may.
pub(crate) fn begin(tx: &mut Tx, operator: &Operator, deed: &str, now: &Now) -> Result<(), Failure> {
    let by = Some(operator.who().person);
    now.tries(Attempt::new(What::ServerRefused, "server", "", deed).by_person(by));
    tx.still_signed_in(&operator.who(), now.at)?;
    if operators::still(tx, operator)? {
        return Ok(());
    }
    Err(Failure::forbidden("operators_only", "Only operators of this server come in here."))
}

fn tell(tx: &mut Tx, operator: &Operator, what: What, now: &Now) -> Result<(), Failure> {
    let event = Event::new(what, "mail_channel", "mail_channel", "");
    Ok(events::add(tx, None, Some(operator.who().person), &event, now)?)
}
