//! Taking the audit log out. Reading it writes nothing; a file of it leaves the house, so that is an event itself.

use db::Tx;
use domain::{
    access::{May, ReadAudit},
    event::{Attempt, Event, What},
    now::Now,
    time::Time,
};
use store::{Again, events, events::Filter};

use crate::Failure;

/// Notes that the log leaves in this format, as far as the filter lets it, and gives the moment up to which it does.
pub fn export(tx: &mut Tx, may: &May<ReadAudit>, filter: &Filter, format: &str, now: &Now) -> Result<Time, Failure> {
    now.tries(Attempt::new(What::AuditRefused, "workspace", may.workspace(), "export").by(may));
    let still = tx.still(may, now.at)?;
    let narrowed = [
        ("event", filter.kinds.as_ref().map(ToString::to_string)),
        ("actor", filter.actor.map(|actor| actor.to_string())),
        ("project", filter.project.map(|project| project.to_string())),
        ("from", filter.from.map(|from| from.to_string())),
        ("to", filter.to.map(|to| to.to_string())),
    ];
    let event = Event::new(What::AuditExported, "workspace", still.workspace(), "").change("format", (), format);
    let narrowed = narrowed.into_iter().filter_map(|(field, value)| Some((field, value?)));
    let event = narrowed.fold(event, |event, (field, value)| event.change(field, (), value));
    events::add(tx, Some(still.workspace()), Some(still.person()), &event, now)?;
    Ok(now.at)
}
