//! Members: persons in a workspace, each with a role.

use db::{Conn, Error, Tx, Value};
use domain::{
    access::{ManageMembers, May, Membership, People, ProjectFacts, Right, Role, Still},
    email::Email,
    id::{InvitationId, MemberId, PersonId, WorkspaceId},
    now::Now,
    time::Time,
};

use crate::{
    Param,
    paging::{Page, Slice},
    sql::{All, marks, within},
};

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

const LISTED: &str = "SELECT m.id, m.person, p.name, p.folded, a.address, a.verified_at IS NOT NULL AS verified,
    m.role, m.state, m.seen_at
    FROM member m JOIN person p ON p.id = m.person JOIN person_address a ON a.person = p.id AND a.is_primary";

/// The current members of the proof's workspace that the reader may know of. Guests know the people of their projects.
fn known_to(may: &May<Membership>) -> All {
    let current = All::of("m.workspace = ? AND m.state IN ('active', 'deactivated')", vec![may.workspace().value()]);
    match may.member().people() {
        People::WithAddresses | People::Names => current,
        People::OfMyProjects => {
            let (text, params) = of_projects(may);
            current.and(text, params)
        }
    }
}

/// The guest himself and whoever reads one of his projects, by a role on it or by one in the workspace.
fn of_projects(may: &May<Membership>) -> (String, Vec<Value>) {
    let visible = may.member().visible();
    let granted = may.member().grants().iter().map(|grant| grant.project);
    let mine: Vec<_> = granted.filter(|id| visible.contains(ProjectFacts { id: *id, private: true })).collect();
    if mine.is_empty() {
        return ("m.id = ?".to_owned(), vec![may.member_id().value()]);
    }
    let (reading, everywhere) = (roles_with(Right::Read), roles_with(Right::SeePrivateProjects));
    let text = format!(
        "m.id = ? OR m.id IN (SELECT g.member FROM project_grant g WHERE g.project IN ({mine}) AND g.role IN ({reading}))
         OR m.role IN ({everywhere})
         OR m.role IN ({reading}) AND EXISTS (SELECT 1 FROM project q WHERE q.id IN ({mine}) AND NOT q.private)",
        mine = marks(&mine),
        reading = marks(&reading),
        everywhere = marks(&everywhere)
    );
    let own = std::iter::once(may.member_id().value());
    let (mine, reading) = (mine.iter().map(Param::value), reading.iter().map(Param::value));
    let everywhere = everywhere.iter().map(Param::value);
    let params = own.chain(mine.clone()).chain(reading.clone()).chain(everywhere).chain(reading).chain(mine);
    (text, params.collect())
}

fn roles_with(right: Right) -> Vec<Role> {
    Role::ALL.iter().copied().filter(|role| role.rights().contains(right)).collect()
}

/// The current members by name. What of each the reader may see is for the caller to cut (`Member::people`).
pub fn list(db: &mut Conn, may: &May<Membership>, page: &Page<After>) -> Result<Slice<Listed>, Error> {
    let mut wanted = known_to(may);
    if let Some((folded, id)) = &page.after {
        wanted = wanted.and("(p.folded, m.id) > (?, ?)", vec![folded.value(), id.value()]);
    }
    Ok(page.cut(db.all(wanted.rows(LISTED, "ORDER BY p.folded, m.id LIMIT ?", vec![page.probe().value()]))?))
}

/// One current member that the reader may know of; others are unknown, foreign ones too.
pub fn find(db: &mut Conn, may: &May<Membership>, id: MemberId) -> Result<Option<Listed>, Error> {
    db.first(known_to(may).and("m.id = ?", vec![id.value()]).rows(LISTED, "", Vec::new()))
}

/// One current member, kept from being changed by others until the transaction ends.
pub fn lock(tx: &mut Tx, still: &Still<ManageMembers>, id: MemberId) -> Result<Option<Listed>, Error> {
    let current = "m.workspace = ? AND m.id = ? AND m.state IN ('active', 'deactivated')";
    let wanted = All::of(current, vec![still.workspace().value(), id.value()]);
    tx.first(wanted.rows(LISTED, "/*pg: FOR NO KEY UPDATE OF m */", Vec::new()))
}

record! {
    struct Count {
        n: i64,
    }
}

/// How many current members the reader may know of.
pub fn count(db: &mut Conn, may: &May<Membership>) -> Result<i64, Error> {
    let count: Count = db.one(known_to(may).rows("SELECT COUNT(*) AS n FROM member m", "", Vec::new()))?;
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
