//! Invitations: judge a batch, send it, copy a link, take back, look up, accept, decline, hold.

pub mod accept;
pub mod answer;
pub mod batch;
pub mod code;
pub mod correct;
pub mod edit;
mod enqueue;
pub(crate) mod expire;
pub mod hold;
pub mod invite;
pub mod judge;
pub mod link;
pub mod lookup;
pub(crate) mod policy;
pub mod quota;
pub mod resend;
pub mod revoke;
pub mod row;
pub mod sponsor;
mod successor;
mod supersede;
pub mod wanted;

pub use accept::{Accepted, Joiner, NewAccount, accept};
pub use answer::{decline, want_anew};
pub use batch::{Batch, Verdict};
pub use correct::correct;
pub use edit::{Edit, edit};
pub use invite::{Sent, invite, preview};
pub use link::{copy_link, copy_links};
pub use lookup::{Needs, Offer, lookup};
pub use resend::resend;
pub use revoke::revoke;
pub use row::Row;
pub use sponsor::sponsor;
pub use supersede::supersede;

use db::Tx;
use domain::{
    access::{InviteMembers, Membership, Still},
    event::{Event, What},
    id::InvitationId,
    invitation::State,
    now::Now,
};
use store::invitations::{self, Invitation};

use crate::Failure;

/// An invitation the caller may know of, locked, as it stands now. Others are unknown.
fn locked(tx: &mut Tx, still: &Still<InviteMembers>, id: InvitationId, now: &Now) -> Result<Invitation, Failure> {
    let may = still.member().may::<Membership>()?;
    invitations::find(tx, &may, id)?.ok_or(Failure::Unknown)?;
    let state = invitations::lock(tx, id, now.at)?;
    // Read again: what was read before the lock may have changed while it was waited for.
    let read = invitations::find(tx, &may, id)?.ok_or(Failure::Unknown)?;
    Ok(Invitation { state, ..read })
}

/// The ceiling of whoever sends a link or stands up for one: all that the invitation grants, and owners only by owners.
fn within_reach(
    tx: &mut Tx,
    still: &Still<InviteMembers>,
    invitation: &Invitation,
    owners_only: &str,
) -> Result<(), Failure> {
    if !still.member().may_act_on(invitation.role) {
        return Err(Failure::forbidden("target_above_you", owners_only));
    }
    let grants = invitations::grants(tx, invitation)?;
    Ok(still.member().may_grant(&grants)?)
}

/// The invitation's state forbids it.
fn not_pending(state: State) -> Failure {
    Failure::conflict("invitation_not_pending", format!("This invitation is not open any more: it is {state}."))
}

/// An invitation went from where it stood to another state.
pub(crate) fn moved(what: What, invitation: &Invitation, to: State) -> Event {
    let event = Event::new(what, "invitation", invitation.id, &invitation.address);
    event.change("state", invitation.state.slug(), to.slug())
}

/// What the secrets of a mail are sealed for in the outbox.
pub(crate) const MAILED_TOKEN: &str = "mailed token";
