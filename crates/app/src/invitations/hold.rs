//! On hold: an invitation waits while its inviter could not grant all of it (T12).

use std::sync::Arc;

use db::{Conn, Tx};
use domain::{
    access::{Grants, InviteMembers, May, Member, Still, Supposed},
    event::What,
    id::{InvitationId, PersonId},
    invitation::State,
    now::Now,
};
use store::{
    access, events,
    invitations::{self, Invitation, OnProject},
    messages,
};

use super::{expire::expire_if_past, moved};
use crate::Failure;

/// Judges a person's open invitations again, in the transaction in which somebody changed what he may grant.
pub fn reconsider<R>(tx: &mut Tx, by: &Still<R>, inviter: PersonId, now: &Now) -> Result<(), Failure> {
    let member = access::active_member(tx, inviter, by.workspace())?.map(Arc::new);
    let open = invitations::open_by(tx, by.workspace(), inviter)?;
    let ids: Vec<InvitationId> = open.iter().map(|invitation| invitation.id).collect();
    let projects = invitations::projects(tx, &ids)?;
    for invitation in open {
        if !expire_if_past(tx, &invitation, now)? {
            let backed = covers(member.as_ref(), &grants(&invitation, &projects));
            set(tx, by, &invitation, backed, now)?;
        }
    }
    Ok(())
}

/// The addresses of a person's open invitations that would go on hold, and of those that would come back, if he were so.
/// `None` is nobody who could come in.
pub fn outlook<R>(
    db: &mut Conn,
    may: &May<R>,
    inviter: PersonId,
    supposed: Option<&Supposed>,
    now: &Now,
) -> Result<(Vec<String>, Vec<String>), Failure> {
    let open = invitations::open_by(db, may.workspace(), inviter)?;
    let ids: Vec<InvitationId> = open.iter().map(|invitation| invitation.id).collect();
    let projects = invitations::projects(db, &ids)?;
    let (mut held, mut released) = (Vec::new(), Vec::new());
    for invitation in open.into_iter().filter(|invitation| invitation.state_at(now.at).is_open()) {
        let backed = supposed.is_some_and(|one| one.backs(&grants(&invitation, &projects)));
        match (invitation.state, backed) {
            (State::Pending, false) => held.push(invitation.address),
            (State::OnHold, true) => released.push(invitation.address),
            _ => {}
        }
    }
    Ok((held, released))
}

fn grants(invitation: &Invitation, projects: &[OnProject]) -> Grants {
    let own = projects.iter().filter(|on| on.invitation == invitation.id);
    Grants { role: invitation.role, projects: own.map(OnProject::grant).collect() }
}

fn set<R>(tx: &mut Tx, by: &Still<R>, invitation: &Invitation, backed: bool, now: &Now) -> Result<(), Failure> {
    if !invitations::hold(tx, invitation.id, !backed)? {
        return Ok(());
    }
    let event = if backed {
        messages::release(tx, invitation.id, now.at)?;
        moved(What::InvitationReleased, invitation, State::Pending)
    } else {
        moved(What::InvitationHeld, invitation, State::OnHold)
    };
    Ok(events::add(tx, Some(by.workspace()), Some(by.person()), &event, now)?)
}

/// Whether the inviter, as he is now, could grant all that the invitation promises (I3).
pub fn backs(db: &mut Conn, inviter: Option<&Member>, invitation: &Invitation) -> Result<bool, Failure> {
    let grants = invitations::grants(db, invitation)?;
    Ok(covers(inviter.cloned().map(Arc::new).as_ref(), &grants))
}

pub(super) fn covers(inviter: Option<&Arc<Member>>, grants: &Grants) -> bool {
    inviter.is_some_and(|member| member.may::<InviteMembers>().is_ok() && member.may_grant(grants).is_ok())
}
