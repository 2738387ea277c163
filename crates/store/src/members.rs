//! Members: persons in a workspace, each with a role.

mod list;

use db::{Conn, Error, Tx};
use domain::{
    access::{ManageMembers, May, Membership, Operator, OwnWorkspace, Role, Still, System},
    email::Email,
    id::{InvitationId, MemberId, PersonId, WorkspaceId},
    now::Now,
    time::Time,
};

pub use list::{After, By, ByRole, Listed, Order, Which, count, count_by_role, count_of, list};
pub(crate) use list::{known_to, select};

use crate::{
    Param,
    sql::{All, within},
};

/// One current member that the reader may know of; others are unknown, foreign ones too.
pub fn find(db: &mut Conn, may: &May<Membership>, id: MemberId) -> Result<Option<Listed>, Error> {
    db.first(known_to(may).and("m.id = ?", vec![id.value()]).rows(&select(By::Name), "", Vec::new()))
}

/// One current member, kept from being changed by others until the transaction ends.
pub fn lock<R>(tx: &mut Tx, still: &Still<R>, id: MemberId) -> Result<Option<Listed>, Error> {
    let current = "m.workspace = ? AND m.id = ? AND m.state IN ('active', 'deactivated')";
    let wanted = All::of(current, vec![still.workspace().value(), id.value()]);
    tx.first(wanted.rows(&select(By::Name), "/*pg: FOR NO KEY UPDATE OF m */", Vec::new()))
}

record! {
    /// A member behind an address.
    pub struct Behind {
        /// The membership.
        pub id: MemberId,
        /// `active` or `deactivated`.
        pub state: String,
        /// The address's normalised form.
        pub normalised: String,
    }
}

/// The current members that these addresses lead to.
pub fn behind(db: &mut Conn, may: &May<Membership>, emails: &[&Email]) -> Result<Vec<Behind>, Error> {
    let text = "SELECT m.id, m.state, a.normalised FROM person_address a
         JOIN member m ON m.person = a.person AND m.workspace = ? AND m.state IN ('active', 'deactivated')
         WHERE a.normalised IN ({})";
    let keys: Vec<&str> = emails.iter().map(|email| email.normalised()).collect();
    db.all(within(text, vec![may.workspace().value()], &keys))
}

/// Begins a membership; `None` if the person is a member already, however that came (I1).
pub fn insert(
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
    role: Role,
    invitation: Option<InvitationId>,
    now: &Now,
) -> Result<Option<MemberId>, Error> {
    let id: MemberId = now.id();
    let added = tx.run(sql!(
        "INSERT INTO member (id, workspace, person, role, state, invitation, joined_at, seen_at, folded, address)
         VALUES (?, ?, ?, ?, 'active', ?, ?, ?, (SELECT folded FROM person WHERE id = ?),
            COALESCE((SELECT normalised FROM person_address WHERE person = ? AND is_primary), ''))
         ON CONFLICT (workspace, person) WHERE state IN ('active', 'deactivated') DO NOTHING",
        id,
        workspace,
        person,
        role,
        invitation,
        now.at,
        now.at,
        person,
        person
    ))?;
    Ok((added == 1).then_some(id))
}

/// Repeats a person's name and address in his memberships, where lists look for them. Whatever changes either calls it.
pub fn refold(tx: &mut Tx, person: PersonId) -> Result<(), Error> {
    tx.run(sql!(
        "UPDATE member SET folded = (SELECT folded FROM person WHERE id = ?),
            address = COALESCE((SELECT normalised FROM person_address WHERE person = ? AND is_primary), '')
         WHERE person = ?",
        person,
        person,
        person
    ))?;
    Ok(())
}

/// Gives a member another role.
pub fn set_role(tx: &mut Tx, still: &Still<ManageMembers>, id: MemberId, role: Role) -> Result<(), Error> {
    tx.run(sql!("UPDATE member SET role = ? WHERE workspace = ? AND id = ?", role, still.workspace(), id))?;
    Ok(())
}

/// Lets a member in or shuts him out. True if that changed anything.
pub fn set_active(tx: &mut Tx, still: &Still<ManageMembers>, id: MemberId, active: bool) -> Result<bool, Error> {
    let (from, to) = if active { ("deactivated", "active") } else { ("active", "deactivated") };
    let changed = tx.run(sql!(
        "UPDATE member SET state = ? WHERE workspace = ? AND id = ? AND state = ?",
        to,
        still.workspace(),
        id,
        from
    ))?;
    Ok(changed == 1)
}

/// Ends a membership for good. The row stays as history; a return is a new one (T11).
pub fn remove(tx: &mut Tx, still: &Still<ManageMembers>, id: MemberId, now: Time) -> Result<(), Error> {
    end(tx, still.workspace(), id, "removed", now)
}

/// Ends one's own membership for good.
pub fn leave(tx: &mut Tx, still: &Still<Membership>, now: Time) -> Result<(), Error> {
    end(tx, still.workspace(), still.member_id(), "left", now)
}

fn end(tx: &mut Tx, workspace: WorkspaceId, id: MemberId, how: &str, now: Time) -> Result<(), Error> {
    tx.run(sql!(
        "UPDATE member SET state = ?, left_at = ?
         WHERE workspace = ? AND id = ? AND state IN ('active', 'deactivated')",
        how,
        now,
        workspace,
        id
    ))?;
    Ok(())
}

/// From now on the sessions a member has do not reach into this workspace; one opened later does.
pub fn shut_out(tx: &mut Tx, still: &Still<ManageMembers>, id: MemberId, now: Time) -> Result<(), Error> {
    tx.run(sql!("UPDATE member SET shut_out_at = ? WHERE workspace = ? AND id = ?", now, still.workspace(), id))?;
    Ok(())
}

/// How many active owners the workspace has. Hold the workspace's row before counting (I4).
pub fn owners<R>(db: &mut Conn, may: &May<R>) -> Result<i64, Error> {
    let count: Count = db.one(sql!(
        "SELECT COUNT(*) AS n FROM member WHERE workspace = ? AND state = 'active' AND role = 'owner'",
        may.workspace()
    ))?;
    Ok(count.n)
}

record! {
    struct Owner {
        person: PersonId,
    }
}

/// Who has owned the workspace longest, in whose name the server's command line writes there.
pub fn first_owner(db: &mut Conn, _: &System, workspace: WorkspaceId) -> Result<Option<PersonId>, Error> {
    let text = "SELECT person FROM member WHERE workspace = ? AND state = 'active' AND role = 'owner'
        ORDER BY joined_at, id LIMIT 1";
    let row: Option<Owner> = db.first(sql!(text, workspace))?;
    Ok(row.map(|row| row.person))
}

record! {
    struct Count {
        n: i64,
    }
}

/// Shuts everybody out of a workspace that goes into the trash. Says how many.
pub fn shut_all_out(tx: &mut Tx, still: &Still<OwnWorkspace>) -> Result<u64, Error> {
    let shut = "UPDATE member SET state = 'trashed' WHERE workspace = ? AND state = 'active'";
    tx.run(sql!(shut, still.workspace()))
}

/// Lets all of them in again. Says how many.
pub fn let_all_in(tx: &mut Tx, _: &Operator, workspace: WorkspaceId) -> Result<u64, Error> {
    tx.run(sql!("UPDATE member SET state = 'active' WHERE workspace = ? AND state = 'trashed'", workspace))
}

/// How many active members a workspace has.
pub fn count_active(db: &mut Conn, workspace: WorkspaceId) -> Result<i64, Error> {
    let count: Count =
        db.one(sql!("SELECT COUNT(*) AS n FROM member WHERE workspace = ? AND state = 'active'", workspace))?;
    Ok(count.n)
}

/// Notes that a member was seen.
pub fn seen(tx: &mut Tx, workspace: WorkspaceId, person: PersonId, at: Time) -> Result<(), Error> {
    tx.run(sql!(
        "UPDATE member SET seen_at = ? WHERE workspace = ? AND person = ? AND state = 'active'",
        at,
        workspace,
        person
    ))?;
    Ok(())
}

record! {
    struct Seen {
        seen_at: Option<Time>,
    }
}

/// When a member was last seen in this workspace.
pub fn last_seen(db: &mut Conn, member: MemberId) -> Result<Option<Time>, Error> {
    let row: Option<Seen> = db.first(sql!("SELECT seen_at FROM member WHERE id = ?", member))?;
    Ok(row.and_then(|row| row.seen_at))
}
