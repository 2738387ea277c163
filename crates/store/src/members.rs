//! Members: persons in a workspace, each with a role.

use db::{Conn, Error, Tx};
use domain::{
    access::{ManageMembers, May, Membership, Role, Still},
    email::Email,
    id::{InvitationId, MemberId, PersonId, WorkspaceId},
    now::Now,
    time::Time,
};

use crate::paging::{Page, Slice};

record! {
    /// A current member, active or deactivated.
    pub struct Listed {
        /// The membership.
        pub id: MemberId,
        /// Whose.
        pub person: PersonId,
        /// What the person is called.
        pub name: String,
        /// The key the list is sorted by.
        pub folded: String,
        /// The primary address.
        pub address: String,
        /// Whether something mailed to the address proved it.
        pub verified: bool,
        /// The role in the workspace.
        pub role: Role,
        /// `active` or `deactivated`.
        pub state: String,
        /// When last seen in this workspace.
        pub seen_at: Option<Time>,
    }
}

impl Listed {
    /// Whether the member may come in.
    pub fn is_active(&self) -> bool {
        self.state == "active"
    }
}

/// Where a page of members continues: after this name, and among namesakes after this id.
pub type After = (String, MemberId);

/// The current members by name. What of them the reader may see is for the caller to cut (`Member::people`).
pub fn list(db: &mut Conn, may: &May<Membership>, page: &Page<After>) -> Result<Slice<Listed>, Error> {
    let after = page.after.as_ref();
    let rows = db.all(sql!(
        "SELECT m.id, m.person, p.name, p.folded, a.address, a.verified_at IS NOT NULL AS verified, m.role, m.state, m.seen_at
         FROM member m JOIN person p ON p.id = m.person JOIN person_address a ON a.person = p.id AND a.is_primary
         WHERE m.workspace = ? AND m.state IN ('active', 'deactivated') AND (p.folded, m.id) > (?, ?)
         ORDER BY p.folded, m.id LIMIT ?",
        may.workspace(),
        after.map_or("", |(folded, _)| folded.as_str()),
        after.map_or_else(|| uuid::Uuid::nil().into(), |(_, id)| *id),
        page.probe()
    ))?;
    Ok(page.cut(rows))
}

/// One current member of the proof's workspace; foreign ids are unknown.
pub fn find(db: &mut Conn, may: &May<Membership>, id: MemberId) -> Result<Option<Listed>, Error> {
    db.first(sql!(
        "SELECT m.id, m.person, p.name, p.folded, a.address, a.verified_at IS NOT NULL AS verified, m.role, m.state, m.seen_at
         FROM member m JOIN person p ON p.id = m.person JOIN person_address a ON a.person = p.id AND a.is_primary
         WHERE m.workspace = ? AND m.id = ? AND m.state IN ('active', 'deactivated') /*pg: FOR UPDATE OF m */",
        may.workspace(),
        id
    ))
}

record! {
    struct Count {
        n: i64,
    }
}

/// How many current members there are.
pub fn count(db: &mut Conn, may: &May<Membership>) -> Result<i64, Error> {
    let count: Count = db.one(sql!(
        "SELECT COUNT(*) AS n FROM member WHERE workspace = ? AND state IN ('active', 'deactivated')",
        may.workspace()
    ))?;
    Ok(count.n)
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
    db.all(crate::sql::within(text, vec![crate::Param::value(&may.workspace())], &keys))
}

/// Whether a person is a current member, active or deactivated.
pub fn is_current(db: &mut Conn, workspace: WorkspaceId, person: PersonId) -> Result<bool, Error> {
    let row: Option<db::Row> = db.first(sql!(
        "SELECT id FROM member WHERE workspace = ? AND person = ? AND state IN ('active', 'deactivated')",
        workspace,
        person
    ))?;
    Ok(row.is_some())
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
        "INSERT INTO member (id, workspace, person, role, state, invitation, joined_at, seen_at)
         VALUES (?, ?, ?, ?, 'active', ?, ?, ?)
         ON CONFLICT (workspace, person) WHERE state IN ('active', 'deactivated') DO NOTHING",
        id,
        workspace,
        person,
        role,
        invitation,
        now.at,
        now.at
    ))?;
    Ok((added == 1).then_some(id))
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

/// How many active owners the workspace has. Hold the workspace's row before counting (I4).
pub fn owners(tx: &mut Tx, still: &Still<ManageMembers>) -> Result<i64, Error> {
    let count: Count = tx.one(sql!(
        "SELECT COUNT(*) AS n FROM member WHERE workspace = ? AND state = 'active' AND role = 'owner'",
        still.workspace()
    ))?;
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
