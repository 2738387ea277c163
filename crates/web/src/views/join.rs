//! What a person sees behind an invitation link. Every state has exactly one working way on.

use askama::Template;

use super::frame::{Bare, Flash};
use super::parts::{Field, Grant, Moment, Person};
use super::{filters, paths};

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/join.html")]
pub struct Join {
    /// Around the page.
    pub bare: Bare,
    /// Where the person stands.
    pub state: JoinState,
}

/// What a live invitation offers.
#[derive(Clone, Debug)]
pub struct Offer {
    /// Which invitation, so that a form acts on the one it shows.
    pub invitation: String,
    /// Name of the workspace.
    pub workspace: String,
    /// Name of the inviter.
    pub inviter: String,
    /// One line: what one will be able to do.
    pub can: String,
    /// Roles and projects.
    pub grants: Vec<Grant>,
    /// The end of the link, date and zone in the text.
    pub expires: Moment,
}

/// Where the person stands.
#[derive(Clone, Debug)]
pub enum JoinState {
    /// The address has no account yet.
    NewAccount {
        /// What is offered.
        offer: Offer,
        /// The invited address, fixed.
        address: String,
        /// The name to show.
        name: Field,
        /// A new password.
        password: Field,
    },
    /// The address has an account; its password is asked for.
    Account {
        /// What is offered.
        offer: Offer,
        /// The invited address, fixed.
        address: String,
        /// The account's password.
        password: Field,
    },
    /// Signed in as the invited person.
    SignedIn {
        /// What is offered.
        offer: Offer,
        /// Who is signed in.
        person: Person,
    },
    /// Signed in as somebody else.
    SomebodyElse {
        /// The invited address, masked.
        masked: String,
        /// Who is signed in.
        person: Person,
    },
    /// No link is remembered: the quarter hour is over, cookies are off, or the code is to be typed.
    Typing {
        /// The invited address.
        address: Field,
        /// The code in the mail.
        code: Field,
    },
    /// Past its end.
    Expired {
        /// The end.
        at: Moment,
        /// Name of the inviter.
        inviter: String,
        /// The expired link's token, so that its bearer can ask for a new one.
        token: String,
    },
    /// A new link was asked for.
    Wanted {
        /// Name of the inviter.
        inviter: String,
    },
    /// Accepted before.
    Used,
    /// Declined before.
    Declined {
        /// Name of the inviter.
        inviter: String,
    },
    /// Revoked by somebody with the right.
    Revoked {
        /// Name of the inviter.
        inviter: String,
    },
    /// A newer link took its place.
    Replaced,
    /// No such link.
    Unknown,
    /// The workspace does not take the address, or nobody more, at the moment.
    Barred {
        /// Why.
        why: String,
        /// Name of the inviter.
        inviter: String,
    },
    /// The inviter may no longer invite.
    OnHold {
        /// Name of the workspace.
        workspace: String,
        /// Name of the inviter.
        inviter: String,
    },
}
