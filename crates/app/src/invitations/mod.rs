//! Invitations: judge a batch, send it, copy a link, take back, look up, accept, decline, hold.

pub mod accept;
pub mod batch;
pub(crate) mod expire;
pub mod hold;
pub mod invite;
pub mod judge;
pub mod link;
pub mod lookup;
pub mod revoke;
pub mod wanted;

pub use accept::{Accepted, Joiner, NewAccount, accept, decline};
pub use batch::{Batch, Row, Verdict};
pub use invite::{Sent, invite, preview};
pub use link::copy_link;
pub use lookup::{Needs, Offer, lookup};
pub use revoke::revoke;

use domain::{
    event::{Event, What},
    invitation::State,
};
use store::invitations::Invitation;

/// An invitation went from where it stood to another state.
pub(crate) fn moved(what: What, invitation: &Invitation, to: State) -> Event {
    let event = Event::new(what, "invitation", invitation.id, &invitation.address);
    event.change("state", invitation.state.slug(), to.slug())
}

/// What the token of a mail is sealed for in the outbox.
pub(crate) const MAILED_TOKEN: &str = "mailed token";
