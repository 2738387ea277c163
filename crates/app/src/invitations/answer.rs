//! What the invited person answers other than yes: no (T9), or that the link had expired. The inviter is told.

use db::Tx;
use domain::{
    access::System,
    event::{Event, What},
    id::PersonId,
    invitation::State,
    now::Now,
    secret::Token,
    time::days,
};
use store::{
    access::{self, Borne},
    events, holders,
    invitations::{self, Invitation},
    messages, workspaces,
};

use super::{
    hold::backs,
    lookup::{bearer, bearer_to},
    moved,
};
use crate::{
    Failure,
    notices::{self, Notice},
    post::Post,
};

/// Says no for good. Whoever bears a live token may; the inviter is told and sees it in the list.
pub fn decline(tx: &mut Tx, post: Post, token: &Token, now: &Now) -> Result<(), Failure> {
    let found = bearer_to(tx, "decline", token, None, now)?;
    invitations::lock(tx, found.invitation, now.at)?;
    let bearer = bearer(tx, token, now)?;
    let invitation = invitations::of_bearer(tx, &bearer)?;
    if !invitations::close(tx, invitation.id, State::Declined, now.at)? {
        return Err(Failure::Gone(Some(State::Declined)));
    }
    messages::withdraw(tx, invitation.id, now.at)?;
    let event = moved(What::InvitationDeclined, &invitation, State::Declined);
    events::add(tx, Some(invitation.workspace), None, &event, now)?;
    if access::active_member(tx, invitation.invited_by, invitation.workspace)?.is_some() {
        let inviter = invitation.invited_by;
        let (invitee, workspace, slug) = about(tx, invitation)?;
        notices::tell(tx, post, inviter, Notice::InvitationDeclined { invitee, workspace, slug }, now)?;
    }
    Ok(())
}

/// Asks for a new link in place of an expired one: who can send it is told, once a day. Asking more often is no error
/// and tells nobody. No mail goes to the invited person, whoever asks.
pub fn want_anew(tx: &mut Tx, post: Post, token: &Token, now: &Now) -> Result<(), Failure> {
    let invitation = expired(tx, token, now)?;
    if !invitations::want(tx, invitation.id, now.at - days(1), now.at)? {
        return Ok(());
    }
    let event = Event::new(What::InvitationWanted, "invitation", invitation.id, &invitation.address);
    events::add(tx, Some(invitation.workspace), None, &event, now)?;
    let senders = senders(tx, &invitation)?;
    let (invitee, workspace, slug) = about(tx, invitation)?;
    for sender in senders {
        let (invitee, workspace, slug) = (invitee.clone(), workspace.clone(), slug.clone());
        notices::tell(tx, post, sender, Notice::InvitationWanted { invitee, workspace, slug }, now)?;
    }
    Ok(())
}

/// The invitation whose expired link this is; one with a successor has a newer link.
fn expired(tx: &mut Tx, token: &Token, now: &Now) -> Result<Invitation, Failure> {
    match access::bearer(tx, &token.hash(), now.at)?.ok_or(Failure::Unknown)? {
        Borne::Spent(id, Some(State::Expired)) => {
            let invitation = invitations::of_token(tx, id)?;
            if invitation.successor.is_some() { Err(Failure::Gone(None)) } else { Ok(invitation) }
        }
        Borne::Spent(_, state) => Err(Failure::Gone(state)),
        Borne::Live(_) => Err(Failure::conflict("invitation_open", "This link still works: it needs no new one.")),
    }
}

/// The inviter, if he may still send it; otherwise the owners.
fn senders(tx: &mut Tx, invitation: &Invitation) -> Result<Vec<PersonId>, Failure> {
    let inviter = access::active_member(tx, invitation.invited_by, invitation.workspace)?;
    if backs(tx, inviter.as_ref(), invitation)? {
        return Ok(vec![invitation.invited_by]);
    }
    Ok(holders::owners(tx, &System::because("an expired invitation is asked for"), invitation.workspace)?)
}

fn about(tx: &mut Tx, invitation: Invitation) -> Result<(String, String, String), Failure> {
    let workspace = workspaces::named(tx, invitation.workspace)?;
    Ok((invitation.address, workspace.name, workspace.slug))
}
