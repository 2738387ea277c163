//! New invitations, one or a thousand in few statements.

use std::collections::HashSet;

use db::{Conn, Error, Tx, Value};
use domain::{
    access::{Grants, InviteMembers, May, Still},
    email::Email,
    id::InvitationId,
    invitation::{State, ValidDays},
    now::Now,
    time::Time,
    title::PersonName,
};

use crate::{
    Param,
    sql::{inserts, within},
};

record! {
    /// An open invitation of an address.
    pub struct Open {
        /// Which.
        pub id: InvitationId,
        /// The address's normalised form.
        pub normalised: String,
        /// When it ends.
        pub ends_at: Time,
    }
}

/// The invitations of these addresses that are open in the proof's workspace, past their end or not.
pub fn open_for(db: &mut Conn, may: &May<InviteMembers>, emails: &[&Email]) -> Result<Vec<Open>, Error> {
    let text = "SELECT id, normalised, ends_at FROM invitation
         WHERE workspace = ? AND state IN ('pending', 'on_hold') AND normalised IN ({})";
    let keys: Vec<&str> = emails.iter().map(|email| email.normalised()).collect();
    db.all(within(text, vec![may.workspace().value()], &keys))
}

/// A new invitation.
pub struct NewInvitation<'a> {
    /// Whom.
    pub email: &'a Email,
    /// The invitee's name, if given.
    pub name: Option<&'a PersonName>,
    /// What it grants.
    pub grants: &'a Grants,
    /// The inviter's words.
    pub message: Option<&'a str>,
    /// How many days the link works.
    pub valid: ValidDays,
}

/// Writes it; `None` if the address has an open one, whoever wrote that in the meantime (I2).
pub fn insert(
    tx: &mut Tx,
    still: &Still<InviteMembers>,
    new: &NewInvitation,
    now: &Now,
) -> Result<Option<InvitationId>, Error> {
    Ok(insert_all(tx, still, std::slice::from_ref(new), now)?.pop().flatten())
}

record! {
    struct Inserted {
        id: InvitationId,
    }
}

/// The same for many, each to an address of its own, in few statements. Answers in their order.
pub fn insert_all(
    tx: &mut Tx,
    still: &Still<InviteMembers>,
    new: &[NewInvitation],
    now: &Now,
) -> Result<Vec<Option<InvitationId>>, Error> {
    let ids: Vec<InvitationId> = new.iter().map(|_| now.id()).collect();
    let rows = ids.iter().zip(new).map(|(id, new)| row(*id, still, new, now)).collect();
    let head = "INSERT INTO invitation
        (id, workspace, address, normalised, name, role, message, state, invited_by, valid_days, created_at, ends_at)";
    let tail = "ON CONFLICT (workspace, normalised) WHERE state IN ('pending', 'on_hold') DO NOTHING RETURNING id";
    let mut inserted = HashSet::new();
    for statement in inserts(head, rows, tail) {
        inserted.extend(tx.all::<Inserted>(statement)?.into_iter().map(|row| row.id));
    }
    let ids: Vec<_> = ids.into_iter().map(|id| Some(id).filter(|id| inserted.contains(id))).collect();
    let granted = ids.iter().zip(new).filter_map(|(id, new)| Some((id.as_ref()?, new)));
    let grants = granted.flat_map(|(id, new)| new.grants.projects.iter().map(move |grant| (id, grant)));
    let rows = grants.map(|(id, grant)| values![id, grant.project.id, grant.role]).collect();
    for statement in inserts("INSERT INTO invitation_project (invitation, project, role)", rows, "") {
        tx.run(statement)?;
    }
    Ok(ids)
}

fn row(id: InvitationId, still: &Still<InviteMembers>, new: &NewInvitation, now: &Now) -> Vec<Value> {
    values![
        id,
        still.workspace(),
        new.email.as_str(),
        new.email.normalised(),
        new.name.map(PersonName::as_str),
        new.grants.role,
        new.message,
        State::Pending,
        still.person(),
        i64::from(new.valid.get()),
        now.at,
        new.valid.end_unless_out(now.at)
    ]
}
