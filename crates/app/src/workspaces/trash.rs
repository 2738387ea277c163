//! Deleting a workspace. For 30 days it lies in the trash, where nobody can enter it; operators can take it out again.

use std::time::Duration;

use db::Tx;
use domain::{
    access::{May, Operator, OwnWorkspace, System},
    event::{Attempt, Event, What},
    id::WorkspaceId,
    invitation::State,
    now::Now,
    time::days,
};
use store::{Again, belongings, events, invitations, members, messages, operators, service_accounts, workspaces};

use crate::{
    Failure,
    invitations::{expire::expire_if_past, moved},
};

/// How long a workspace stays in the trash.
pub const KEPT: Duration = days(30);

/// Puts a workspace into the trash: at once nobody is in it, by session or by key, its open invitations are revoked and
/// their mail is withdrawn. `confirm` is its slug, typed.
pub fn delete(tx: &mut Tx, may: &May<OwnWorkspace>, confirm: &str, now: &Now) -> Result<String, Failure> {
    now.tries(Attempt::new(What::WorkspaceRefused, "workspace", may.workspace(), "delete").by(may));
    workspaces::lock(tx, may.workspace())?;
    let still = tx.still(may, now.at)?;
    let workspace = workspaces::named(tx, still.workspace())?;
    if confirm.trim() != workspace.slug {
        return Err(Failure::invalid("confirm", "mismatch", format!("Type {} to delete it.", workspace.slug)));
    }
    for open in invitations::open_in(tx, &still)? {
        if !expire_if_past(tx, &open, now)? && invitations::close(tx, open.id, State::Revoked, now.at)? {
            messages::withdraw(tx, open.id, now.at)?;
            let event = moved(What::InvitationRevoked, &open, State::Revoked);
            events::add(tx, Some(workspace.id), Some(still.person()), &event, now)?;
        }
    }
    let left = members::shut_all_out(tx, &still)?;
    workspaces::trash(tx, &still, now.at)?;
    let event = Event::new(What::WorkspaceDeleted, "workspace", workspace.id, &workspace.name);
    let event = event.change("slug", workspace.slug, ()).change("members", left, 0);
    events::add(tx, None, Some(still.person()), &event, now)?;
    Ok(workspace.name)
}

/// Takes a workspace out of the trash: whoever was in it is in it again, with his keys. Invitations stay revoked.
pub fn restore(tx: &mut Tx, operator: &Operator, id: WorkspaceId, now: &Now) -> Result<(), Failure> {
    let person = operator.who().person;
    now.tries(Attempt::new(What::ServerRefused, "workspace", id, "restore").by_person(Some(person)));
    tx.still_signed_in(&operator.who(), now.at)?;
    if !operators::still(tx, operator)? {
        return Err(Failure::forbidden("operators_only", "Only operators of this server restore workspaces."));
    }
    workspaces::lock(tx, id)?;
    if !workspaces::take_out(tx, operator, id)? {
        return Err(Failure::Unknown);
    }
    let back = members::let_all_in(tx, operator, id)?;
    let workspace = workspaces::named(tx, id)?;
    let event = Event::new(What::WorkspaceRestored, "workspace", id, workspace.name);
    Ok(events::add(tx, None, Some(person), &event.change("members", 0, back), now)?)
}

/// Ends what has been in the trash for its time: every row that belongs to the workspace goes. Its audit log stays, without
/// what is personal, and so does an empty row that holds it.
pub fn empty(tx: &mut Tx, now: &Now) -> Result<(), Failure> {
    let system = System::because("30 days in the trash are over");
    for id in workspaces::due(tx, &system, now.at, KEPT)? {
        let accounts = service_accounts::of_erased(tx, &system, id)?;
        for belonging in belongings::tables(tx)?.iter().rev().filter(|belonging| belonging.table.name != "event") {
            belonging.clear(tx, id)?;
        }
        service_accounts::bury(tx, &system, &accounts)?;
        workspaces::bury(tx, &system, id)?;
        events::add(tx, None, None, &Event::new(What::WorkspaceErased, "workspace", id, ""), now)?;
    }
    Ok(())
}
