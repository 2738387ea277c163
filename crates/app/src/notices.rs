//! Notices: what happened, told by mail to the person it matters to, in the transaction in which it happens.
//!
//! A new one is a variant here with its words. Who tells it writes one line: `notices::tell(tx, post, whom, notice, now)?`.

use db::Tx;
use domain::{access::System, id::PersonId, now::Now};
use serde::{Deserialize, Serialize};
use store::people;

use crate::{
    Failure,
    post::{Post, Recipient, Says},
};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Notice {
    /// An invitee said no (T9).
    InvitationDeclined {
        /// Who was invited: the address.
        invitee: String,
        /// The workspace's name.
        workspace: String,
        /// Its slug.
        slug: String,
    },
    /// An invitee opened an expired link and asks for a new invitation.
    InvitationWanted {
        /// Who was invited: the address.
        invitee: String,
        /// The workspace's name.
        workspace: String,
        /// Its slug.
        slug: String,
    },
    /// A new password was set by a link.
    PasswordReset,
    /// The person changed the password.
    PasswordChanged,
    /// Mail for the person goes elsewhere from now on.
    PrimaryChanged {
        /// From here.
        old: String,
        /// To here.
        new: String,
    },
    /// The person has one address less.
    AddressRemoved {
        /// Which.
        address: String,
    },
    /// The person has one address more.
    AddressAdded {
        /// Which.
        address: String,
    },
}

const NOT_YOU: &str = "It was not you? Set a new password: that signs everybody out. Then look at your profile.";

impl Notice {
    /// In one line; the subject of the mail.
    pub fn heading(&self) -> String {
        match self {
            Self::InvitationDeclined { invitee, .. } => format!("{invitee} declined your invitation"),
            Self::InvitationWanted { invitee, .. } => format!("{invitee} asks for a new invitation"),
            Self::PasswordReset => "Your password was set anew".to_owned(),
            Self::PasswordChanged => "Your password was changed".to_owned(),
            Self::PrimaryChanged { .. } => "Your primary address was changed".to_owned(),
            Self::AddressRemoved { .. } => "Your account has one address less".to_owned(),
            Self::AddressAdded { .. } => "Your account has one address more".to_owned(),
        }
    }

    /// A paragraph each.
    pub fn lines(&self) -> Vec<String> {
        match self {
            Self::InvitationDeclined { workspace, .. } => vec![format!(
                "You invited them to {workspace}. The link is closed for good; nobody joined with it. To ask again, send a new invitation."
            )],
            Self::InvitationWanted { workspace, .. } => {
                vec![format!("Your invitation to {workspace} ended before they opened it. One click sends it again.")]
            }
            Self::PasswordReset => vec![
                "It was done by a link mailed to an address of yours. All browsers are signed out.".to_owned(),
                "It was not you? Somebody reads your mail. Secure your mailbox first, then set a new password."
                    .to_owned(),
            ],
            Self::PasswordChanged => vec!["Other browsers are signed out.".to_owned(), NOT_YOU.to_owned()],
            Self::PrimaryChanged { old, new } => {
                vec![format!("Mail for you goes to {new} from now on, no more to {old}."), NOT_YOU.to_owned()]
            }
            Self::AddressRemoved { address } => {
                vec![format!("{address} does not sign in to your account any more."), NOT_YOU.to_owned()]
            }
            Self::AddressAdded { address } => vec![
                format!("From now on {address} signs in to your account, too, and can set it a new password."),
                NOT_YOU.to_owned(),
            ],
        }
    }

    /// The words of a button, and the page it leads to.
    pub fn way_on(&self) -> Option<(&'static str, String)> {
        match self {
            Self::InvitationDeclined { slug, .. } | Self::InvitationWanted { slug, .. } => {
                Some(("See the invitations", format!("/w/{slug}/settings/users")))
            }
            Self::PasswordReset
            | Self::PasswordChanged
            | Self::PrimaryChanged { .. }
            | Self::AddressRemoved { .. }
            | Self::AddressAdded { .. } => Some(("Set a new password", "/forgot-password".to_owned())),
        }
    }
}

/// Tells a person something at the primary address, if that was proved: who never proved an address is told nothing.
pub fn tell(tx: &mut Tx, post: Post, whom: PersonId, notice: Notice, now: &Now) -> Result<(), Failure> {
    let Some(person) = people::reachable(tx, &System::because("a notice"), whom)? else { return Ok(()) };
    let email = crate::stored_email(&person.address)?;
    post.put_patiently(tx, Recipient { person: whom, name: &person.name, email: &email }, Says::Notice(notice), now)
}
