//! Invitations: one row each, never deleted; at most one open per workspace and address (I2).

mod batch;
mod editing;
mod ends;
mod list;
mod projects;
mod renewal;

use db::{Conn, Error, Tx, Value};
use domain::{
    access::{Bearer, InviteMembers, May, Membership, People, Role},
    id::{InvitationId, PersonId, WorkspaceId},
    invitation::{Delivery, State, ValidDays},
    time::Time,
};

pub use batch::{NewInvitation, Open, insert, insert_all, open_for};
pub use editing::{Edited, edit};
pub use ends::{close, close_all, hold, lock, open_by, open_in, open_to_member, out};
pub use list::{Which, count, count_open, count_to_come, count_wanted, list, search};
pub use projects::{OnProject, grants, inviters_on, projects, projects_seen};
pub use renewal::{follow, renew, sponsor, want};

use crate::{
    Param,
    messages::Taken,
    sql::{All, within},
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

/// These invitations, whatever became of them.
pub fn whole_of(db: &mut Conn, _: &May<InviteMembers>, ids: &[InvitationId]) -> Result<Vec<Invitation>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    db.all(within(&format!("{WHOLE} WHERE i.id IN ({{}}) ORDER BY i.id"), Vec::new(), ids))
}

/// The invitation that a taken message carries, if it carries one.
pub fn of_message(tx: &mut Tx, message: &Taken) -> Result<Option<Invitation>, Error> {
    let Some(id) = message.invitation else { return Ok(None) };
    tx.one(whole("WHERE i.id = ?", vec![id.value()])).map(Some)
}
