//! Editing an open invitation (T5): another role, other projects, another end. Its links live on, and no mail goes: what
//! has not left tells the new, what has left told the old, and the link's page tells what stands.

use std::sync::Arc;

use db::Tx;
use domain::{
    access::{Grants, InviteMembers, May, Role, Still},
    event::{Attempt, Event, What},
    id::{InvitationId, PersonId},
    invitation::{State, ValidDays},
    now::Now,
};
use store::{
    Again, access, events,
    invitations::{self, Edited, Invitation},
    messages, workspaces,
};

use super::{
    hold::covers,
    locked,
    lookup::address,
    not_pending, policy,
    wanted::{self, WantedRole},
    within_reach,
};
use crate::Failure;

/// What is to change; `None` leaves it.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    /// The role in the workspace.
    pub role: Option<Role>,
    /// All roles on projects, in place of those it grants now.
    pub projects: Option<Vec<WantedRole>>,
    /// How many days the links work.
    pub valid: Option<ValidDays>,
}

/// Changes an open invitation, and counts its end anew. The ceiling covers what it granted and what it shall grant. Whoever
/// edits one that its inviter could not grant becomes its inviter, as by sponsoring (T12).
pub fn edit(tx: &mut Tx, may: &May<InviteMembers>, id: InvitationId, edit: &Edit, now: &Now) -> Result<(), Failure> {
    now.tries(Attempt::new(What::InvitationRefused, "invitation", id, "edit").by(may));
    // Whoever changes a member holds this row: the inviter stays as he is until the commit.
    workspaces::lock(tx, may.workspace())?;
    let still = tx.still(may, now.at)?;
    let invitation = locked(tx, &still, id, now)?;
    if !invitation.state.is_open() {
        return Err(not_pending(invitation.state));
    }
    within_reach(tx, &still, &invitation, "Only owners edit an invitation to Owner.")?;
    policy::takes(tx, still.workspace(), &address(&invitation)?)?;
    let (old, new) = (invitations::grants(tx, &invitation)?, edit.grants(tx, &still, &invitation)?);
    still.member().may_grant(&new)?;
    let valid = edit.valid.unwrap_or_else(|| invitation.valid());
    let edited = Edited { grants: &new, valid, inviter: inviter(tx, &still, &invitation, &new)? };
    if !invitations::edit(tx, &still, id, &edited, now.at)? {
        return Err(not_pending(invitation.state));
    }
    if invitation.state == State::OnHold {
        messages::release(tx, id, now.at)?;
    }
    let event = told(&invitation, &old, &edited);
    Ok(events::add(tx, Some(still.workspace()), Some(still.person()), &event, now)?)
}

impl Edit {
    fn grants(&self, tx: &mut Tx, still: &Still<InviteMembers>, invitation: &Invitation) -> Result<Grants, Failure> {
        let stands = invitations::grants(tx, invitation)?;
        let projects = match &self.projects {
            Some(wanted) => wanted::resolve(tx, still.member(), wanted)?,
            None => stands.projects,
        };
        Ok(Grants { role: self.role.unwrap_or(stands.role), projects })
    }
}

/// The inviter, if he could grant this; else whoever edits.
fn inviter(
    tx: &mut Tx,
    still: &Still<InviteMembers>,
    invitation: &Invitation,
    new: &Grants,
) -> Result<PersonId, Failure> {
    let inviter = access::active_member(tx, invitation.invited_by, still.workspace())?.map(Arc::new);
    Ok(if covers(inviter.as_ref(), new) { invitation.invited_by } else { still.person() })
}

/// Old and new, as far as they differ; the days always, because they count anew.
fn told(invitation: &Invitation, old: &Grants, edited: &Edited) -> Event {
    let new = edited.grants;
    let mut event = Event::new(What::InvitationChanged, "invitation", invitation.id, &invitation.address).change(
        "days",
        invitation.valid().get(),
        edited.valid.get(),
    );
    let changes = [
        ("role", old.role.slug().to_owned(), new.role.slug().to_owned()),
        ("projects", wanted::words(&old.projects), wanted::words(&new.projects)),
        ("inviter", invitation.invited_by.to_string(), edited.inviter.to_string()),
        ("state", invitation.state.slug().to_owned(), State::Pending.slug().to_owned()),
    ];
    for (field, from, to) in changes {
        if from != to {
            event = event.change(field, from, to);
        }
    }
    event
}
