//! What the workspace and the server allow beside all rights: whose addresses, and how many members. Asked when an
//! invitation is made (T3), sent again, and accepted (I8).

use db::{Conn, Tx};
use domain::{email::Email, id::WorkspaceId, now::Now};
use store::{invitations, mail_domains, members, workspaces};

use crate::{
    Failure,
    server::{self, MemberLimit},
};

/// Whether the workspace takes this address by its domains.
pub(crate) fn takes(db: &mut Conn, workspace: WorkspaceId, email: &Email) -> Result<(), Failure> {
    let domains = mail_domains::of(db, workspace)?;
    domains.check(email).map_err(|barred| Failure::conflict(barred.code(), barred.to_string()))
}

/// Where members are counted, whoever adds one queues here. Before the locks of member and invitation.
pub(crate) fn queue(tx: &mut Tx, workspace: WorkspaceId) -> Result<(), Failure> {
    let limit = limit(tx)?;
    queue_at(tx, workspace, limit)
}

/// The same where the limit is known.
pub(crate) fn queue_at(tx: &mut Tx, workspace: WorkspaceId, limit: MemberLimit) -> Result<(), Failure> {
    match limit.most() {
        Some(_) => Ok(workspaces::lock(tx, workspace)?),
        None => Ok(()),
    }
}

/// Whether there is room for one member more. The caller has queued, if it acts on the answer.
pub(crate) fn room(db: &mut Conn, workspace: WorkspaceId) -> Result<(), Failure> {
    let Some(limit) = limit(db)?.most() else { return Ok(()) };
    if members::count_active(db, workspace)? < limit {
        return Ok(());
    }
    Err(full(format!("This workspace has all the members it may have ({limit}).")))
}

/// Whether all who are invited would find room too. Asked after the rows were written, which are undone if not.
pub(crate) fn room_for_all(tx: &mut Tx, workspace: WorkspaceId, limit: MemberLimit, now: &Now) -> Result<(), Failure> {
    let Some(limit) = limit.most() else { return Ok(()) };
    let (members, open) = (members::count_active(tx, workspace)?, invitations::count_to_come(tx, workspace, now.at)?);
    if members + open <= limit {
        return Ok(());
    }
    Err(full(format!(
        "This workspace may have {limit} members. It has {members}, and with these {open} would be invited. Nothing was sent."
    )))
}

/// How many members the server lets a workspace have.
pub(crate) fn limit(db: &mut Conn) -> Result<MemberLimit, Failure> {
    Ok(server::policy(db)?.member_limit.value)
}

fn full(detail: String) -> Failure {
    Failure::conflict("member_limit", detail)
}
