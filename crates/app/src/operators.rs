//! Who has the server as a whole in hand. Decided on its command line alone.

use db::{Conn, Tx};
use domain::{
    access::System,
    email::Email,
    event::{Event, What},
    now::Now,
};
use store::{
    events, operators,
    people::{self, Person},
};

use crate::Failure;

/// All operators, by name.
pub fn list(db: &mut Conn, system: &System) -> Result<Vec<Person>, Failure> {
    Ok(operators::list(db, system)?)
}

/// Makes the person with this address an operator. True if he was none.
pub fn add(tx: &mut Tx, system: &System, email: &Email, now: &Now) -> Result<bool, Failure> {
    set(tx, system, email, true, now)
}

/// Takes it from him again. True if he was one. The last one stays: somebody has to see to the server.
pub fn remove(tx: &mut Tx, system: &System, email: &Email, now: &Now) -> Result<bool, Failure> {
    // Two who are removed at once queue here.
    store::server::lock(tx)?;
    let changed = set(tx, system, email, false, now)?;
    if changed && operators::list(tx, system)?.is_empty() {
        let detail = format!("{email} is the last operator. Make somebody else one first.");
        return Err(Failure::conflict("last_operator", detail));
    }
    Ok(changed)
}

fn set(tx: &mut Tx, system: &System, email: &Email, operator: bool, now: &Now) -> Result<bool, Failure> {
    let account = people::account(tx, system, email)?.ok_or_else(|| no_account(email))?;
    let changed = operators::set(tx, system, account.person, operator)?;
    if changed {
        let what = if operator { What::OperatorAdded } else { What::OperatorRemoved };
        let event = Event::new(what, "person", account.person, email.as_str()).change("by", (), system.reason());
        events::add(tx, None, None, &event, now)?;
    }
    Ok(changed)
}

/// Said on the command line only: there it is no secret who has an account.
pub(crate) fn no_account(email: &Email) -> Failure {
    Failure::conflict("no_account", format!("Nobody here has the address {email}."))
}
