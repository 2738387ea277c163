//! What the workspace and the server allow beside all rights: whose addresses, and how many members. Asked when an
//! invitation is made (T3), sent again, and accepted (I8).

use db::{Conn, Tx};
use domain::{email::Email, id::WorkspaceId, now::Now};
use store::{invitations, mail_domains, members, workspaces};

use crate::{Failure, server};

/// Whether the workspace takes this address by its domains.
pub(crate) fn takes(db: &mut Conn, workspace: WorkspaceId, email: &Email) -> Result<(), Failure> {
    let domains = mail_domains::of(db, workspace)?;
    domains.check(email).map_err(|barred| Failure::conflict(barred.code(), barred.to_string()))
}

/// Where members are counted, whoever adds one queues here. Before the locks of member and invitation.
pub(crate) fn queue(tx: &mut Tx, workspace: WorkspaceId) -> Result<(), Failure> {
    if limit(tx)?.is_some() {
        workspaces::lock(tx, workspace)?;
    }
    Ok(())
}

/// Whether there is room for one member more. The caller has queued, if it acts on the answer.
pub(crate) fn room(db: &mut Conn, workspace: WorkspaceId) -> Result<(), Failure> {
    let Some(limit) = limit(db)? else { return Ok(()) };
    if members::count_active(db, workspace)? < limit {
        return Ok(());
    }
    Err(full(format!("This workspace has all the members it may have ({limit}).")))
}

/// Whether all who are invited would find room too. Asked after the rows were written, which are undone if not.
pub(crate) fn room_for_all(tx: &mut Tx, workspace: WorkspaceId, now: &Now) -> Result<(), Failure> {
    let Some(limit) = limit(tx)? else { return Ok(()) };
    let (members, open) = (members::count_active(tx, workspace)?, invitations::count_to_come(tx, workspace, now.at)?);
    if members + open <= limit {
        return Ok(());
    }
    Err(full(format!(
        "This workspace may have {limit} members. It has {members}, and with these {open} would be invited. Nothing was sent."
    )))
}

fn limit(db: &mut Conn) -> Result<Option<i64>, Failure> {
    Ok(server::policy(db)?.member_limit.value.most())
}

fn full(detail: String) -> Failure {
    Failure::conflict("member_limit", detail)
}
