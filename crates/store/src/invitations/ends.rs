//! Where an open invitation goes: out, on hold, to its end; and those that a change elsewhere concerns.

use db::{Conn, Error, Tx};
use domain::{
    access::{OwnWorkspace, Still},
    id::{InvitationId, PersonId, WorkspaceId},
    invitation::{State, ValidDays},
    time::Time,
};

use super::{Invitation, whole};
use crate::{Param, sql::within};

/// Keeps others from changing an invitation until the transaction ends, and says where it stands then.
pub fn lock(tx: &mut Tx, id: InvitationId, now: Time) -> Result<State, Error> {
    let row: Standing =
        tx.one(sql!("SELECT state, ends_at FROM invitation WHERE id = ? /*pg: FOR NO KEY UPDATE */", id))?;
    Ok(row.state.at(row.ends_at, now))
}

record! {
    struct Standing {
        state: State,
        ends_at: Time,
    }
}

/// Ends an open invitation. False if somebody ended it first: the guard decides every race.
pub fn close(tx: &mut Tx, id: InvitationId, to: State, now: Time) -> Result<bool, Error> {
    let closed = tx.run(sql!(
        "UPDATE invitation SET state = ?, closed_at = ? WHERE id = ? AND state IN ('pending', 'on_hold')",
        to,
        now,
        id
    ))?;
    Ok(closed == 1)
}

record! {
    struct Ended {
        id: InvitationId,
    }
}

/// Ends those of these that are open, in few statements, and gives them.
pub fn close_all(tx: &mut Tx, ids: &[InvitationId], to: State, now: Time) -> Result<Vec<InvitationId>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let text = "UPDATE invitation SET state = ?, closed_at = ?
         WHERE state IN ('pending', 'on_hold') AND id IN ({}) RETURNING id";
    let closed: Vec<Ended> = tx.all(within(text, vec![to.value(), now.value()], ids))?;
    Ok(closed.into_iter().map(|row| row.id).collect())
}

/// Puts an open invitation on hold or takes it off. True if that changed anything (T12).
pub fn hold(tx: &mut Tx, id: InvitationId, on_hold: bool) -> Result<bool, Error> {
    let (from, to) = if on_hold { (State::Pending, State::OnHold) } else { (State::OnHold, State::Pending) };
    let changed = tx.run(sql!("UPDATE invitation SET state = ? WHERE id = ? AND state = ?", to, id, from))?;
    Ok(changed == 1)
}

/// The link is out, by mail or by hand: from now its days count, if they did not before. Never beyond the end it had,
/// which counts from the fifth day.
pub fn out(tx: &mut Tx, id: InvitationId, valid: ValidDays, now: Time) -> Result<(), Error> {
    let end = valid.end_after(now);
    tx.run(sql!(
        "UPDATE invitation SET first_out_at = ?, ends_at = CASE WHEN ends_at < ? THEN ends_at ELSE ? END
         WHERE id = ? AND first_out_at IS NULL AND state IN ('pending', 'on_hold')",
        now,
        end,
        end,
        id
    ))?;
    Ok(())
}

/// The open invitations somebody sent in a workspace, to be judged again when his rights change.
pub fn open_by(db: &mut Conn, workspace: WorkspaceId, inviter: PersonId) -> Result<Vec<Invitation>, Error> {
    db.all(whole(
        "WHERE i.workspace = ? AND i.invited_by = ? AND i.state IN ('pending', 'on_hold') ORDER BY i.id",
        vec![workspace.value(), inviter.value()],
    ))
}

/// The open invitations to any proved address of a person, in workspaces whose member the person is.
pub fn open_to_member(tx: &mut Tx, person: PersonId) -> Result<Vec<Invitation>, Error> {
    tx.all(whole(
        "WHERE i.state IN ('pending', 'on_hold')
         AND i.normalised IN (SELECT normalised FROM person_address WHERE person = ? AND verified_at IS NOT NULL)
         AND i.workspace IN (SELECT workspace FROM member WHERE person = ? AND state IN ('active', 'deactivated'))
         ORDER BY i.id",
        vec![person.value(), person.value()],
    ))
}

/// All open invitations of a workspace that is deleted.
pub fn open_in(tx: &mut Tx, still: &Still<OwnWorkspace>) -> Result<Vec<Invitation>, Error> {
    let open = "WHERE i.workspace = ? AND i.state IN ('pending', 'on_hold') ORDER BY i.id";
    tx.all(whole(open, vec![still.workspace().value()]))
}
