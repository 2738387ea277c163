//! A successor (T13): a new row with the same grants, name and message, under all checks of a first invitation (T3).

use db::Tx;
use domain::{
    access::{InviteMembers, Still},
    email::Email,
    id::InvitationId,
    now::Now,
    title::PersonName,
};
use store::{
    events,
    invitations::{self, Invitation, NewInvitation},
    members,
};

use super::{
    enqueue::{enqueue, in_turn},
    expire::expire_if_past,
    invite::{With, created},
    policy,
    quota::spend,
};
use crate::Failure;

/// Invites the address to what an ended invitation granted; both rows name each other.
pub(super) fn succeed(
    tx: &mut Tx,
    with: With,
    still: &Still<InviteMembers>,
    ended: &Invitation,
    email: &Email,
    send_email: bool,
    now: &Now,
) -> Result<InvitationId, Failure> {
    if ended.successor.is_some() {
        return Err(succeeded());
    }
    end_if_past(tx, ended.id, now)?;
    policy::takes(tx, still.workspace(), email)?;
    free(tx, still, email, now)?;
    let grants = invitations::grants(tx, ended)?;
    still.member().may_grant(&grants)?;
    let name =
        ended.name.as_deref().map(PersonName::parse).transpose().map_err(|bad| Failure::Broken(bad.to_string()))?;
    let (message, valid) = (ended.message.as_deref(), ended.valid());
    let new = NewInvitation { email, name: name.as_ref(), grants: &grants, message, valid };
    let id = invitations::insert(tx, still, &new, now)?.ok_or_else(already_invited)?;
    if !invitations::follow(tx, still, ended.id, id)? {
        return Err(succeeded());
    }
    let limit = policy::limit(tx)?;
    policy::room_for_all(tx, still.workspace(), limit, now)?;
    let mailed = send_email && with.mail;
    if mailed {
        enqueue(tx, with, still, id, email, 1, now)?;
    }
    let event = created(id, &new, mailed).change("predecessor", (), ended.id.to_string());
    events::add(tx, Some(still.workspace()), Some(still.person()), &event, now)?;
    if let Some(per_day) = with.per_day {
        spend(tx, still, per_day, 1, now)?;
        in_turn(tx, still, &[(id, email)], now)?;
    }
    Ok(id)
}

/// T3: neither a member nor invited already. In this order: whoever joins in between is seen as one of them.
fn free(tx: &mut Tx, still: &Still<InviteMembers>, email: &Email, now: &Now) -> Result<(), Failure> {
    for open in invitations::open_for(tx, still, &[email])? {
        if !end_if_past(tx, open.id, now)? {
            return Err(already_invited());
        }
    }
    match members::behind(tx, &still.member().may()?, &[email])?.first() {
        Some(member) if member.state == "deactivated" => {
            Err(Failure::conflict("already_member", "This address has a deactivated member. Reactivate instead."))
        }
        Some(_) => Err(Failure::conflict("already_member", "This address has a member already.")),
        None => Ok(()),
    }
}

fn end_if_past(tx: &mut Tx, id: InvitationId, now: &Now) -> Result<bool, Failure> {
    let stored = invitations::of_token(tx, id)?;
    expire_if_past(tx, &stored, now)
}

fn already_invited() -> Failure {
    Failure::conflict("already_invited", "This address has an open invitation already.")
}

fn succeeded() -> Failure {
    Failure::conflict("invitation_not_pending", "Another invitation took its place already. Act on that one.")
}
