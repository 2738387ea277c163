//! Who somebody is and what he may do, read in one go: at the edge for a `May`, in the transaction for a `Still`.

use db::{Conn, Error, Tx};
use domain::{
    access::{
        Bearer, Grant, Holder, May, Member, ProjectFacts, Refused, Rights, Role, SignedIn, Still, Supposed, TokenKind,
        Via, Wanted,
    },
    id::{InvitationId, KeyId, MemberId, PersonId, ProjectId, SessionId, WorkspaceId},
    invitation::State,
    project::ProjectState,
    secret::TokenHash,
    time::Time,
};

/// A proof no longer holds, or the database could not tell.
#[derive(Debug, thiserror::Error)]
pub enum Lost {
    /// What was true at the edge is no longer.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The session or key that was shown has ended.
    #[error("the session or key has ended")]
    SignedOut,
    /// The database's trouble.
    #[error(transparent)]
    Db(#[from] Error),
}

/// Shows a proof to the transaction again.
pub trait Again {
    /// Reads member, role, grants, the session or key and, for a project, whether it is private, and locks these rows,
    /// so that what is granted now was held now.
    fn still<R: Wanted>(&mut self, may: &May<R>, now: Time) -> Result<Still<R>, Lost>;

    /// Reads and locks only the session or key, for what needs no membership.
    fn still_signed_in(&mut self, who: &SignedIn, now: Time) -> Result<(), Lost>;
}

impl Again for Tx<'_> {
    #[expect(clippy::disallowed_methods, reason = "this is where the transaction reads again")]
    fn still<R: Wanted>(&mut self, may: &May<R>, now: Time) -> Result<Still<R>, Lost> {
        let via = may.member().via().ok_or(Lost::SignedOut)?;
        // The member's row first: writes of one person queue here, and cannot deadlock over his keys.
        let member = lock(self, may.member_id(), Some(via))?;
        alive(self, via, now)?;
        let project = match may.project() {
            Some(id) => locked_project(self, may.workspace(), id)?,
            None => None,
        };
        Ok(may.recheck(member, project)?)
    }

    fn still_signed_in(&mut self, who: &SignedIn, now: Time) -> Result<(), Lost> {
        alive(self, who.via, now)
    }
}

/// That a session or key is alive, and stays so until the transaction ends.
fn alive(tx: &mut Tx, via: Via, now: Time) -> Result<(), Lost> {
    let row: Option<db::Row> = match via {
        Via::Session(id) => {
            tx.first(sql!("SELECT id FROM session WHERE id = ? AND ends_at > ? /*pg: FOR SHARE */", id, now))?
        }
        Via::Key { id, .. } => tx.first(sql!(
            "SELECT id FROM api_key WHERE id = ? AND revoked_at IS NULL AND (ends_at IS NULL OR ends_at > ?)
             /*pg: FOR SHARE */",
            id,
            now
        ))?,
    };
    row.map(drop).ok_or(Lost::SignedOut)
}

record! {
    struct MemberRow {
        id: MemberId,
        workspace: WorkspaceId,
        person: PersonId,
        role: Role,
        shut_out_at: Option<Time>,
    }
}

record! {
    struct GrantRow {
        project: ProjectId,
        role: Role,
    }
}

/// The active member that a person is of a workspace. None by a session that was shut out of it.
pub fn member(db: &mut Conn, who: &SignedIn, workspace: WorkspaceId) -> Result<Option<Member>, Error> {
    match who.via {
        Via::Key { workspace: own, .. } if own != workspace => Ok(None),
        via => find(db, who.person, workspace, Some(via)),
    }
}

/// Whether this session was shut out of a workspace whose active member the person is: signing in anew opens it.
pub fn shut_out(db: &mut Conn, who: &SignedIn, workspace: WorkspaceId) -> Result<bool, Error> {
    let Some(session) = who.session() else { return Ok(false) };
    let row: Option<db::Row> = db.first(sql!(
        "SELECT m.id FROM member m JOIN session s ON s.person = m.person AND s.created_at <= m.shut_out_at
         WHERE m.workspace = ? AND m.person = ? AND m.state = 'active' AND s.id = ?",
        workspace,
        who.person,
        session
    ))?;
    Ok(row.is_some())
}

/// A person's active membership with all his rights, though nobody is signed in as him: the inviter at acceptance.
pub fn active_member(db: &mut Conn, person: PersonId, workspace: WorkspaceId) -> Result<Option<Member>, Error> {
    find(db, person, workspace, None)
}

fn find(db: &mut Conn, person: PersonId, workspace: WorkspaceId, via: Option<Via>) -> Result<Option<Member>, Error> {
    let row = db.first(sql!(
        "SELECT id, workspace, person, role, shut_out_at FROM member
         WHERE workspace = ? AND person = ? AND state = 'active'",
        workspace,
        person
    ))?;
    let row = let_in(db, row, via)?;
    row.as_ref().map(|row| with_grants(db, row, via)).transpose()
}

/// The row, unless the session was there when sessions were shut out. Few members ever were, so few are asked.
fn let_in(db: &mut Conn, row: Option<MemberRow>, via: Option<Via>) -> Result<Option<MemberRow>, Error> {
    let (Some(MemberRow { shut_out_at: Some(shut_out_at), .. }), Some(Via::Session(id))) = (&row, via) else {
        return Ok(row);
    };
    let opened: Option<db::Row> =
        db.first(sql!("SELECT id FROM session WHERE id = ? AND created_at > ?", id, *shut_out_at))?;
    Ok(row.filter(|_| opened.is_some()))
}

/// A current member, active or not, as he would be: to judge what a change would do. Others are unknown.
pub fn supposed<R>(db: &mut Conn, may: &May<R>, id: MemberId) -> Result<Option<Supposed>, Error> {
    let row: Option<MemberRow> = db.first(sql!(
        "SELECT id, workspace, person, role, shut_out_at FROM member
         WHERE workspace = ? AND id = ? AND state IN ('active', 'deactivated')",
        may.workspace(),
        id
    ))?;
    Ok(row.map(|row| with_grants(db, &row, None)).transpose()?.map(Supposed::of))
}

/// The same membership read again without a lock, for what outlasts its request. None once it, or the session or key
/// it was shown with, has ended.
pub fn anew(db: &mut Conn, member: &Member, now: Time) -> Result<Option<Member>, Error> {
    let Some(via) = member.via() else { return Ok(None) };
    if !lives(db, via, now)? {
        return Ok(None);
    }
    find(db, member.person(), member.workspace(), Some(via))
}

fn lives(db: &mut Conn, via: Via, now: Time) -> Result<bool, Error> {
    let row: Option<db::Row> = match via {
        Via::Session(id) => db.first(sql!("SELECT id FROM session WHERE id = ? AND ends_at > ?", id, now))?,
        Via::Key { id, .. } => db.first(sql!(
            "SELECT id FROM api_key WHERE id = ? AND revoked_at IS NULL AND (ends_at IS NULL OR ends_at > ?)",
            id,
            now
        ))?,
    };
    Ok(row.is_some())
}

/// The same membership again, locked until the transaction ends.
pub fn locked_member(tx: &mut Tx, id: MemberId) -> Result<Option<Member>, Error> {
    lock(tx, id, None)
}

fn lock(tx: &mut Tx, id: MemberId, via: Option<Via>) -> Result<Option<Member>, Error> {
    let row = tx.first(sql!(
        "SELECT id, workspace, person, role, shut_out_at FROM member
         WHERE id = ? AND state = 'active' /*pg: FOR NO KEY UPDATE */",
        id
    ))?;
    let row = let_in(tx, row, via)?;
    row.as_ref().map(|row| with_grants(tx, row, via)).transpose()
}

#[expect(clippy::disallowed_methods, reason = "this is where members are read")]
fn with_grants(db: &mut Conn, row: &MemberRow, via: Option<Via>) -> Result<Member, Error> {
    let grants: Vec<GrantRow> = db.all(sql!("SELECT project, role FROM project_grant WHERE member = ?", row.id))?;
    let grants = grants.into_iter().map(|grant| Grant { project: grant.project, role: grant.role }).collect();
    Ok(Member::read(row.id, row.workspace, row.person, row.role, grants, via))
}

record! {
    struct SessionRow {
        id: SessionId,
        person: PersonId,
        seen_at: Time,
    }
}

/// Whose live session this is, and when it was last seen.
#[expect(clippy::disallowed_methods, reason = "this is where sessions are found")]
pub fn session(db: &mut Conn, hash: &TokenHash, now: Time) -> Result<Option<(SignedIn, Time)>, Error> {
    let row: Option<SessionRow> =
        db.first(sql!("SELECT id, person, seen_at FROM session WHERE hash = ? AND ends_at > ?", hash, now))?;
    Ok(row.map(|row| (SignedIn::found(row.person, Via::Session(row.id)), row.seen_at)))
}

record! {
    struct KeyRow {
        id: KeyId,
        workspace: WorkspaceId,
        person: PersonId,
        service: bool,
        rights: Option<Rights>,
        ends_at: Option<Time>,
        used_at: Option<Time>,
    }
}

/// Whose live key this is, and when it was last used. A key of somebody who is no active member is dead.
#[expect(clippy::disallowed_methods, reason = "this is where keys are found")]
pub fn key(db: &mut Conn, hash: &TokenHash, now: Time) -> Result<Option<(SignedIn, Option<Time>)>, Error> {
    let row: Option<KeyRow> = db.first(sql!(
        "SELECT k.id, k.workspace, k.person, s.person IS NOT NULL AS service, k.rights, k.ends_at, k.used_at FROM api_key k
         LEFT JOIN service_account s ON s.person = k.person
         JOIN member m ON m.workspace = k.workspace AND m.person = k.person AND m.state = 'active'
         WHERE k.hash = ? AND k.revoked_at IS NULL AND (k.ends_at IS NULL OR k.ends_at > ?)",
        hash,
        now
    ))?;
    Ok(row.map(|row| {
        let holder = if row.service { Holder::Service } else { Holder::Person };
        let via = Via::Key { id: row.id, workspace: row.workspace, holder, limit: row.rights, ends_at: row.ends_at };
        (SignedIn::found(row.person, via), row.used_at)
    }))
}

record! {
    struct ProjectRow {
        id: ProjectId,
        private: bool,
        archived_at: Option<Time>,
        trashed_at: Option<Time>,
    }
}

impl ProjectRow {
    fn facts(self) -> ProjectFacts {
        let state = ProjectState::of(self.archived_at, self.trashed_at);
        ProjectFacts { id: self.id, private: self.private, state }
    }
}

const FACTS: &str = "SELECT id, private, archived_at, trashed_at FROM project";

/// What decides about access to a project of this workspace, by id or key.
pub fn project(db: &mut Conn, member: &Member, reference: &str) -> Result<Option<ProjectFacts>, Error> {
    let row: Option<ProjectRow> = if let Ok(id) = reference.parse::<ProjectId>() {
        db.first(sql!(format!("{FACTS} WHERE workspace = ? AND id = ?"), member.workspace(), id))?
    } else {
        let key = reference.to_uppercase();
        db.first(sql!(format!("{FACTS} WHERE workspace = ? AND key = ?"), member.workspace(), key))?
    };
    Ok(row.map(ProjectRow::facts))
}

/// A project of a proof again, kept from becoming private, archived or deleted until the transaction ends.
fn locked_project(tx: &mut Tx, workspace: WorkspaceId, id: ProjectId) -> Result<Option<ProjectFacts>, Error> {
    let text = format!("{FACTS} WHERE workspace = ? AND id = ? /*pg: FOR SHARE */");
    Ok(tx.first::<ProjectRow>(sql!(text, workspace, id))?.map(ProjectRow::facts))
}

record! {
    struct TokenRow {
        invitation: InvitationId,
        kind: String,
        ended_at: Option<Time>,
        state: State,
        ends_at: Time,
    }
}

/// What a token leads to.
#[derive(Clone, Debug)]
pub enum Borne {
    /// A live one.
    Live(Bearer),
    /// One that was live once: the invitation's state now, `None` if only the token was replaced by a newer one.
    Spent(InvitationId, Option<State>),
}

/// What the token with this hash leads to; `None` if there never was one. Reads only (scanners cannot consume a link).
#[expect(clippy::disallowed_methods, reason = "this is where tokens are found")]
pub fn bearer(db: &mut Conn, hash: &TokenHash, now: Time) -> Result<Option<Borne>, Error> {
    let row: Option<TokenRow> = db.first(sql!(
        "SELECT t.invitation, t.kind, t.ended_at, i.state, i.ends_at
         FROM invitation_token t JOIN invitation i ON i.id = t.invitation WHERE t.hash = ?",
        hash
    ))?;
    Ok(row.map(|row| {
        let kind = match row.kind.as_str() {
            "mailed" => TokenKind::Mailed,
            "code" => TokenKind::Code,
            _ => TokenKind::Copied,
        };
        match row.state.at(row.ends_at, now) {
            state if !state.is_open() => Borne::Spent(row.invitation, Some(state)),
            _ if row.ended_at.is_some() => Borne::Spent(row.invitation, None),
            _ => Borne::Live(Bearer::found(row.invitation, kind)),
        }
    }))
}
