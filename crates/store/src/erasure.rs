//! Erasing what is personal of somebody who gives up his account. Rows that others refer to stay, without it.

use db::{Error, Tx};
use domain::{
    id::{InvitationId, MemberId, PersonId},
    time::Time,
};

use crate::{Param, members, sessions, sql::within};

/// What a person without a name is called.
pub const NOBODY: &str = "Deleted person";
/// Where an address stood. RFC 2606 keeps the name from ever leading anywhere.
const NOWHERE: &str = "erased@deleted.invalid";

record! {
    struct Membership {
        id: MemberId,
        invitation: Option<InvitationId>,
    }
}

/// Ends what lets a person in, and erases name, addresses and the personal values of events he did or that happened to
/// him; the events keep their salted hashes. His active memberships have been ended before.
pub fn erase(tx: &mut Tx, person: PersonId, now: Time) -> Result<(), Error> {
    end(tx, person, now)?;
    let held: Vec<Membership> = tx.all(sql!("SELECT id, invitation FROM member WHERE person = ?", person))?;
    let invitations: Vec<InvitationId> = held.iter().filter_map(|row| row.invitation).collect();
    forget_invitations(tx, &invitations)?;
    forget_events(tx, person, &held, &invitations)?;
    tx.run(sql!("UPDATE message SET address = ?, normalised = ? WHERE person = ?", NOWHERE, NOWHERE, person))?;
    tx.run(sql!("DELETE FROM person_address WHERE person = ?", person))?;
    tx.run(sql!(
        "UPDATE person SET name = ?, folded = ?, password = NULL, operator = FALSE WHERE id = ?",
        NOBODY,
        NOBODY.to_lowercase(),
        person
    ))?;
    members::refold(tx, person)
}

fn end(tx: &mut Tx, person: PersonId, now: Time) -> Result<(), Error> {
    sessions::close_all(tx, person, None)?;
    tx.run(sql!("UPDATE api_key SET revoked_at = ? WHERE person = ? AND revoked_at IS NULL", now, person))?;
    tx.run(sql!("DELETE FROM person_link WHERE person = ?", person))?;
    tx.run(sql!("DELETE FROM project_mark WHERE person = ?", person))?;
    tx.run(sql!(
        "UPDATE member SET state = 'left', left_at = ? WHERE person = ? AND state IN ('active', 'deactivated')",
        now,
        person
    ))?;
    Ok(())
}

/// Those that led to a membership of his name him.
fn forget_invitations(tx: &mut Tx, ids: &[InvitationId]) -> Result<(), Error> {
    if ids.is_empty() {
        return Ok(());
    }
    let nowhere = || vec![NOWHERE.value(), NOWHERE.value()];
    let text = "UPDATE invitation SET address = ?, normalised = ?, name = NULL WHERE id IN ({})";
    tx.run(within(text, nowhere(), ids))?;
    let text = "UPDATE message SET address = ?, normalised = ? WHERE invitation IN ({})";
    tx.run(within(text, nowhere(), ids)).map(drop)
}

fn forget_events(tx: &mut Tx, person: PersonId, held: &[Membership], by: &[InvitationId]) -> Result<(), Error> {
    tx.run(sql!("DELETE FROM event_personal WHERE event IN (SELECT id FROM event WHERE actor = ?)", person))?;
    let members = held.iter().map(|row| row.id.to_string());
    let targets: Vec<String> = members.chain(by.iter().map(ToString::to_string)).chain([person.to_string()]).collect();
    let text = "DELETE FROM event_personal WHERE event IN (SELECT id FROM event WHERE target_id IN ({}))";
    tx.run(within(text, Vec::new(), &targets)).map(drop)
}
