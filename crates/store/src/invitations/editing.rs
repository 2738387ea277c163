//! Another role, other projects, another end for an invitation that is open (T5).

use db::{Error, Tx};
use domain::{
    access::{Grants, InviteMembers, Still},
    id::{InvitationId, PersonId},
    invitation::ValidDays,
    time::Time,
};

use crate::sql::inserts;

/// What an edited invitation is from now on.
pub struct Edited<'a> {
    /// What it grants.
    pub grants: &'a Grants,
    /// How many days its links work.
    pub valid: ValidDays,
    /// Who stands up for it.
    pub inviter: PersonId,
}

/// Writes it and counts the end anew: from now where a link is out already, else from when one goes out. What is
/// written is backed by its inviter, so it is pending. False if it is not open.
pub fn edit(
    tx: &mut Tx,
    _: &Still<InviteMembers>,
    id: InvitationId,
    edited: &Edited,
    now: Time,
) -> Result<bool, Error> {
    let written = tx.run(sql!(
        "UPDATE invitation SET role = ?, valid_days = ?, invited_by = ?, state = 'pending',
             ends_at = CASE WHEN first_out_at IS NULL THEN ? ELSE ? END
         WHERE id = ? AND state IN ('pending', 'on_hold')",
        edited.grants.role,
        i64::from(edited.valid.get()),
        edited.inviter,
        edited.valid.end_unless_out(now),
        edited.valid.end_after(now),
        id
    ))?;
    if written == 0 {
        return Ok(false);
    }
    tx.run(sql!("DELETE FROM invitation_project WHERE invitation = ?", id))?;
    let rows = edited.grants.projects.iter().map(|grant| values![id, grant.project.id, grant.role]).collect();
    for statement in inserts("INSERT INTO invitation_project (invitation, project, role)", rows, "") {
        tx.run(statement)?;
    }
    Ok(true)
}
