//! Invitations: one row each, never deleted; at most one open per workspace and address (I2).

mod renewal;
use std::collections::HashSet;

use db::{Conn, Error, Tx, Value};
use domain::{
    access::{
        Bearer, Grants, InviteMembers, May, Membership, OwnWorkspace, People, ProjectFacts, ProjectRole, Role, Still,
        Visible,
    },
    email::Email,
    id::{InvitationId, PersonId, ProjectId, WorkspaceId},
    invitation::{Delivery, State, ValidDays},
    now::Now,
    time::Time,
    title::PersonName,
};

pub use renewal::{follow, renew, sponsor, want};

use crate::{
    Param,
    messages::Taken,
    paging::{Page, Slice},
    projects::readable,
    sql::{All, inserts, marks, within},
};

record! {
    /// An invitation with its inviter and its last mail.
    pub struct Invitation {
        /// Which.
        pub id: InvitationId,
        /// Of which workspace.
        pub workspace: WorkspaceId,
        /// Whom, as it is sent to.
        pub address: String,
        /// The invitee's name, if the inviter gave one.
        pub name: Option<String>,
        /// To which role.
        pub role: Role,
        /// The inviter's words.
        pub message: Option<String>,
        /// As stored; ask [`Invitation::state_at`].
        pub state: State,
        /// By whom.
        pub invited_by: PersonId,
        /// What the inviter is called.
        pub inviter: String,
        /// The inviter's primary address, if something mailed to it has proved it.
        pub inviter_address: Option<String>,
        /// How many days the link works.
        pub valid_days: i64,
        /// When.
        pub created_at: Time,
        /// When the link was first handed over or copied, if it was.
        pub first_out_at: Option<Time>,
        /// The current end.
        pub ends_at: Time,
        /// When it ended, if it did.
        pub closed_at: Option<Time>,
        /// The one it took the place of (T13).
        pub predecessor: Option<InvitationId>,
        /// The one that took its place.
        pub successor: Option<InvitationId>,
        /// When whoever bears its expired link last asked for a new one.
        pub wanted_at: Option<Time>,
        /// What became of the last mail; `None` if none was wanted.
        pub delivery: Option<Delivery>,
        /// The mail server's words.
        pub delivery_detail: Option<String>,
        /// When the mail is tried again.
        pub next_try_at: Option<Time>,
        /// When the last step of the mail was.
        pub delivery_at: Option<Time>,
    }
}

impl Invitation {
    /// Where it stands now: the clock expires it (T7).
    pub fn state_at(&self, now: Time) -> State {
        self.state.at(self.ends_at, now)
    }

    /// How many days the link works.
    pub fn valid(&self) -> ValidDays {
        ValidDays::new(self.valid_days).unwrap_or_default()
    }

    /// The end if the link goes out now: its days count from the first time, which is at the latest the fifth day.
    pub fn end_if_out(&self, now: Time) -> Time {
        if self.first_out_at.is_some() { self.ends_at } else { self.ends_at.min(self.valid().end_after(now)) }
    }
}

const WHOLE: &str = "SELECT i.id, i.workspace, i.address, i.name, i.role, i.message, i.state, i.invited_by,
    p.name AS inviter, CASE WHEN a.verified_at IS NOT NULL THEN a.address END AS inviter_address, i.valid_days, i.created_at, i.first_out_at, i.ends_at, i.closed_at,
    i.predecessor, i.successor, i.wanted_at, m.state AS delivery, m.detail AS delivery_detail, m.next_try_at,
    (SELECT MAX(s.at) FROM message_step s WHERE s.message = m.id) AS delivery_at
    FROM invitation i JOIN person p ON p.id = i.invited_by
    LEFT JOIN person_address a ON a.person = p.id AND a.is_primary
    LEFT JOIN message m ON m.invitation = i.id
        AND m.send = (SELECT MAX(n.send) FROM message n WHERE n.invitation = i.id)";

fn whole(rest: &str, params: Vec<Value>) -> db::Statement {
    db::Statement::new(format!("{WHOLE} {rest}"), params)
}

/// A part of the life cycle, as lists are filtered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Every one there ever was.
    All,
    /// Those in one state, told by the clock.
    In(State),
    /// Those the invitee can still accept, now or when they come off hold.
    Open,
    /// Those that ended without anybody joining by them.
    Ended,
}

impl Which {
    fn condition(self, now: Time) -> Option<(&'static str, Vec<Value>)> {
        match self {
            Self::All => None,
            Self::Open => Some(("i.state IN ('pending', 'on_hold') AND i.ends_at > ?", vec![now.value()])),
            Self::Ended => Some((
                "i.state IN ('declined', 'revoked', 'expired', 'superseded')
                 OR i.state IN ('pending', 'on_hold') AND i.ends_at <= ?",
                vec![now.value()],
            )),
            Self::In(State::Expired) => {
                Some(("i.state = 'expired' OR i.state IN ('pending', 'on_hold') AND i.ends_at <= ?", vec![now.value()]))
            }
            Self::In(open) if open.is_open() => {
                Some(("i.state = ? AND i.ends_at > ?", vec![open.value(), now.value()]))
            }
            Self::In(ended) => Some(("i.state = ?", vec![ended.value()])),
        }
    }
}

/// Invitations, newest first: all of them for those who invite or manage, one's own for others.
pub fn list(
    db: &mut Conn,
    may: &May<Membership>,
    which: Which,
    page: &Page<InvitationId>,
    now: Time,
) -> Result<Slice<Invitation>, Error> {
    search(db, may, which, "", page, now)
}

/// The same of those whose address holds this text, in whatever case.
pub fn search(
    db: &mut Conn,
    may: &May<Membership>,
    which: Which,
    text: &str,
    page: &Page<InvitationId>,
    now: Time,
) -> Result<Slice<Invitation>, Error> {
    let mut wanted = sought(may, which, text, now);
    if let Some(after) = page.after {
        wanted = wanted.and("i.id < ?", vec![after.value()]);
    }
    Ok(page.cut(db.all(wanted.rows(WHOLE, "ORDER BY i.id DESC LIMIT ?", vec![page.probe().value()]))?))
}

/// How many there are of them.
pub fn count(db: &mut Conn, may: &May<Membership>, which: Which, text: &str, now: Time) -> Result<i64, Error> {
    let count: Count =
        db.one(sought(may, which, text, now).rows("SELECT COUNT(*) AS n FROM invitation i", "", Vec::new()))?;
    Ok(count.n)
}

fn sought(may: &May<Membership>, which: Which, text: &str, now: Time) -> All {
    let mut wanted = known_to(may);
    if let Some((state, params)) = which.condition(now) {
        wanted = wanted.and(state, params);
    }
    if !text.is_empty() {
        wanted = wanted.and("i.normalised LIKE ? ESCAPE '!'", vec![like(text).value()]);
    }
    wanted
}

/// A pattern for any text that holds this one; addresses are stored in lower case.
fn like(text: &str) -> String {
    let literal = text.to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
    format!("%{literal}%")
}

/// Those of the proof's workspace that the reader may know of.
fn known_to(may: &May<Membership>) -> All {
    let here = All::of("i.workspace = ?", vec![may.workspace().value()]);
    match may.member().people() {
        People::WithAddresses => here,
        People::Names | People::OfMyProjects => here.and("i.invited_by = ?", vec![may.person().value()]),
    }
}

/// One invitation that the reader may know of; others are unknown.
pub fn find(db: &mut Conn, may: &May<Membership>, id: InvitationId) -> Result<Option<Invitation>, Error> {
    db.first(known_to(may).and("i.id = ?", vec![id.value()]).rows(WHOLE, "", Vec::new()))
}

/// The invitation whose token somebody bears.
pub fn of_bearer(db: &mut Conn, bearer: &Bearer) -> Result<Invitation, Error> {
    of_token(db, bearer.invitation)
}

/// The invitation a live or once-live token led to, for its page.
pub fn of_token(db: &mut Conn, id: InvitationId) -> Result<Invitation, Error> {
    db.one(whole("WHERE i.id = ?", vec![id.value()]))
}

/// The invitation somebody tried something with, for the audit log; `None` if there is none.
pub fn of_attempt(tx: &mut Tx, id: InvitationId) -> Result<Option<Invitation>, Error> {
    tx.first(whole("WHERE i.id = ?", vec![id.value()]))
}

/// The invitation that a taken message carries, if it carries one.
pub fn of_message(tx: &mut Tx, message: &Taken) -> Result<Option<Invitation>, Error> {
    let Some(id) = message.invitation else { return Ok(None) };
    tx.one(whole("WHERE i.id = ?", vec![id.value()])).map(Some)
}

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

record! {
    /// A role an invitation would grant on a project.
    pub struct OnProject {
        /// Whose.
        pub invitation: InvitationId,
        /// Where.
        pub project: ProjectId,
        /// The project's key.
        pub key: String,
        /// The project's name.
        pub name: String,
        /// Whether the project is private.
        pub private: bool,
        /// What.
        pub role: Role,
    }
}

impl OnProject {
    /// As the rules see it.
    pub fn grant(&self) -> ProjectRole {
        ProjectRole { project: ProjectFacts { id: self.project, private: self.private }, role: self.role }
    }
}

/// The project roles of these invitations on projects the reader may see, by project name.
pub fn projects_seen(db: &mut Conn, visible: &Visible, ids: &[InvitationId]) -> Result<Vec<OnProject>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let select = "SELECT ip.invitation, ip.project, p.key, p.name, p.private, ip.role FROM invitation_project ip
        JOIN project p ON p.id = ip.project";
    let theirs = format!("ip.invitation IN ({})", marks(ids));
    let wanted = readable(visible).and(theirs, ids.iter().map(Param::value).collect());
    db.all(wanted.rows(select, "ORDER BY p.folded, p.id", Vec::new()))
}

/// Who sent open invitations that would grant a role on a project: to be judged again when it becomes private or open.
pub fn inviters_on(tx: &mut Tx, project: ProjectId) -> Result<Vec<PersonId>, Error> {
    let rows: Vec<Inviter> = tx.all(sql!(
        "SELECT DISTINCT i.invited_by FROM invitation_project ip JOIN invitation i ON i.id = ip.invitation
         WHERE ip.project = ? AND i.state IN ('pending', 'on_hold') ORDER BY i.invited_by",
        project
    ))?;
    Ok(rows.into_iter().map(|row| row.invited_by).collect())
}

record! {
    struct Inviter {
        invited_by: PersonId,
    }
}

/// All the project roles of these invitations, by project name: to judge and to grant them.
pub fn projects(db: &mut Conn, ids: &[InvitationId]) -> Result<Vec<OnProject>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let text = "SELECT ip.invitation, ip.project, p.key, p.name, p.private, ip.role FROM invitation_project ip
         JOIN project p ON p.id = ip.project WHERE ip.invitation IN ({}) ORDER BY p.folded, p.id";
    db.all(within(text, Vec::new(), ids))
}

/// All that one invitation would grant.
pub fn grants(db: &mut Conn, invitation: &Invitation) -> Result<Grants, Error> {
    let projects = projects(db, &[invitation.id])?.iter().map(OnProject::grant).collect();
    Ok(Grants { role: invitation.role, projects })
}

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

/// Puts an open invitation on hold or takes it off. True if that changed anything (T12).
pub fn hold(tx: &mut Tx, id: InvitationId, on_hold: bool) -> Result<bool, Error> {
    let (from, to) = if on_hold { (State::Pending, State::OnHold) } else { (State::OnHold, State::Pending) };
    let changed = tx.run(sql!("UPDATE invitation SET state = ? WHERE id = ? AND state = ?", to, id, from))?;
    Ok(changed == 1)
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

record! {
    struct Count {
        n: i64,
    }
}

/// All open invitations of a workspace that is deleted.
pub fn open_in(tx: &mut Tx, still: &Still<OwnWorkspace>) -> Result<Vec<Invitation>, Error> {
    let open = "WHERE i.workspace = ? AND i.state IN ('pending', 'on_hold') ORDER BY i.id";
    tx.all(whole(open, vec![still.workspace().value()]))
}

/// How many may still join a workspace by invitation, whoever counts.
pub fn count_to_come(tx: &mut Tx, workspace: WorkspaceId, now: Time) -> Result<i64, Error> {
    let count: Count = tx.one(sql!(
        "SELECT COUNT(*) AS n FROM invitation WHERE workspace = ? AND state IN ('pending', 'on_hold') AND ends_at > ?",
        workspace,
        now
    ))?;
    Ok(count.n)
}

/// How many invitations of the workspace can still be accepted, now or when they come off hold.
pub fn count_open(db: &mut Conn, may: &May<Membership>, now: Time) -> Result<i64, Error> {
    let count: Count = db.one(sql!(
        "SELECT COUNT(*) AS n FROM invitation WHERE workspace = ? AND state IN ('pending', 'on_hold') AND ends_at > ?",
        may.workspace(),
        now
    ))?;
    Ok(count.n)
}
