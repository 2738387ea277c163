//! Who somebody is and what he may do, read in one go: at the edge for a `May`, in the transaction for a `Still`.

use db::{Conn, Error, Tx};
use domain::{
    access::{
        Bearer, Grant, May, Member, ProjectFacts, Refused, Rights, Role, SignedIn, Still, TokenKind, Via, Wanted,
    },
    id::{InvitationId, KeyId, MemberId, PersonId, ProjectId, SessionId, WorkspaceId},
    invitation::State,
    secret::TokenHash,
    time::Time,
};

/// A proof no longer holds, or the database could not tell.
#[derive(Debug, thiserror::Error)]
pub enum Lost {
    /// What was true at the edge is no longer.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The database's trouble.
    #[error(transparent)]
    Db(#[from] Error),
}

/// Shows a proof to the transaction again.
pub trait Again {
    /// Reads member, role, grants and, for a project, whether it is private, and locks the member's row, so that what
    /// is granted now was held now.
    fn still<R: Wanted>(&mut self, may: &May<R>) -> Result<Still<R>, Lost>;
}

impl Again for Tx<'_> {
    fn still<R: Wanted>(&mut self, may: &May<R>) -> Result<Still<R>, Lost> {
        let member = locked_member(self, may.member_id())?.map(|fresh| Member { limit: may.member().limit, ..fresh });
        Ok(may.recheck(member)?)
    }
}

record! {
    struct MemberRow {
        id: MemberId,
        workspace: WorkspaceId,
        person: PersonId,
        role: Role,
    }
}

record! {
    struct GrantRow {
        project: ProjectId,
        role: Role,
    }
}

/// The active member that a person is of a workspace.
pub fn member(db: &mut Conn, who: &SignedIn, workspace: WorkspaceId) -> Result<Option<Member>, Error> {
    let limit = match who.via {
        Via::Session(_) => None,
        Via::Key { workspace: own, .. } if own != workspace => return Ok(None),
        Via::Key { limit, .. } => limit,
    };
    Ok(active_member(db, who.person, workspace)?.map(|member| Member { limit, ..member }))
}

/// A person's active membership with all his rights, whatever key he may have used: the inviter at acceptance.
pub fn active_member(db: &mut Conn, person: PersonId, workspace: WorkspaceId) -> Result<Option<Member>, Error> {
    let row = db.first(sql!(
        "SELECT id, workspace, person, role FROM member WHERE workspace = ? AND person = ? AND state = 'active'",
        workspace,
        person
    ))?;
    row.as_ref().map(|row| with_grants(db, row)).transpose()
}

/// The same membership again, locked until the transaction ends.
pub fn locked_member(tx: &mut Tx, id: MemberId) -> Result<Option<Member>, Error> {
    let row = tx.first(sql!(
        "SELECT id, workspace, person, role FROM member WHERE id = ? AND state = 'active' /*pg: FOR NO KEY UPDATE */",
        id
    ))?;
    row.as_ref().map(|row| with_grants(tx, row)).transpose()
}

fn with_grants(db: &mut Conn, row: &MemberRow) -> Result<Member, Error> {
    let grants: Vec<GrantRow> = db.all(sql!("SELECT project, role FROM project_grant WHERE member = ?", row.id))?;
    let grants = grants.into_iter().map(|grant| Grant { project: grant.project, role: grant.role }).collect();
    Ok(Member { id: row.id, workspace: row.workspace, person: row.person, role: row.role, grants, limit: None })
}

record! {
    struct SessionRow {
        id: SessionId,
        person: PersonId,
        seen_at: Time,
    }
}

/// Whose live session this is, and when it was last seen.
pub fn session(db: &mut Conn, hash: &TokenHash, now: Time) -> Result<Option<(SignedIn, Time)>, Error> {
    let row: Option<SessionRow> =
        db.first(sql!("SELECT id, person, seen_at FROM session WHERE hash = ? AND ends_at > ?", hash, now))?;
    Ok(row.map(|row| (SignedIn { person: row.person, via: Via::Session(row.id) }, row.seen_at)))
}

record! {
    struct KeyRow {
        id: KeyId,
        workspace: WorkspaceId,
        person: PersonId,
        rights: Option<Rights>,
        used_at: Option<Time>,
    }
}

/// Whose live key this is, and when it was last used. A key of somebody who is no active member is dead.
pub fn key(db: &mut Conn, hash: &TokenHash, now: Time) -> Result<Option<(SignedIn, Option<Time>)>, Error> {
    let row: Option<KeyRow> = db.first(sql!(
        "SELECT k.id, k.workspace, k.person, k.rights, k.used_at FROM api_key k
         JOIN member m ON m.workspace = k.workspace AND m.person = k.person AND m.state = 'active'
         WHERE k.hash = ? AND k.revoked_at IS NULL AND (k.ends_at IS NULL OR k.ends_at > ?)",
        hash,
        now
    ))?;
    Ok(row.map(|row| {
        let via = Via::Key { id: row.id, workspace: row.workspace, limit: row.rights };
        (SignedIn { person: row.person, via }, row.used_at)
    }))
}

record! {
    struct ProjectRow {
        id: ProjectId,
        private: bool,
    }
}

/// What decides about access to a project of this workspace, by id or key.
pub fn project(db: &mut Conn, member: &Member, reference: &str) -> Result<Option<ProjectFacts>, Error> {
    let row: Option<ProjectRow> = match reference.parse::<ProjectId>() {
        Ok(id) => {
            db.first(sql!("SELECT id, private FROM project WHERE workspace = ? AND id = ?", member.workspace, id))?
        }
        Err(_) => db.first(sql!(
            "SELECT id, private FROM project WHERE workspace = ? AND key = ?",
            member.workspace,
            reference.to_uppercase()
        ))?,
    };
    Ok(row.map(|row| ProjectFacts { id: row.id, private: row.private }))
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
pub fn bearer(db: &mut Conn, hash: &TokenHash, now: Time) -> Result<Option<Borne>, Error> {
    let row: Option<TokenRow> = db.first(sql!(
        "SELECT t.invitation, t.kind, t.ended_at, i.state, i.ends_at
         FROM invitation_token t JOIN invitation i ON i.id = t.invitation WHERE t.hash = ? AND t.kind <> 'code'",
        hash
    ))?;
    Ok(row.map(|row| {
        let kind = if row.kind == "mailed" { TokenKind::Mailed } else { TokenKind::Copied };
        match row.state.at(row.ends_at, now) {
            state if !state.is_open() => Borne::Spent(row.invitation, Some(state)),
            _ if row.ended_at.is_some() => Borne::Spent(row.invitation, None),
            _ => Borne::Live(Bearer { invitation: row.invitation, kind }),
        }
    }))
}
