//! Lets somebody in again who is locked out, an owner for instance. On the server's command line alone: whoever has that
//! has the database too.

use db::Tx;
use domain::{
    access::System,
    email::Email,
    event::{Event, What},
    now::Now,
};
use store::{events, people, sessions};

use crate::{Failure, operators::no_account};

/// What ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rescued {
    /// So many sessions.
    pub sessions: u64,
}

/// Sets another password, given as PHC string, and ends all sessions. API keys go on: machines use them.
pub fn set(tx: &mut Tx, system: &System, email: &Email, password: &str, now: &Now) -> Result<Rescued, Failure> {
    let account = people::account(tx, system, email)?.ok_or_else(|| no_account(email))?;
    people::lock(tx, account.person)?;
    people::set_password(tx, account.person, password)?;
    let sessions = sessions::close_all(tx, account.person, None)?;
    let event = Event::new(What::PersonRescued, "person", account.person, email.as_str());
    let event = event.change("by", (), system.reason()).change("sessions", sessions, 0);
    events::add(tx, None, None, &event, now)?;
    Ok(Rescued { sessions })
}
