//! Settings > Users: open invitations and members.

use askama::Template;

use super::frame::{Flash, Frame, Notice, Place};
use super::invitation::{Batch, InviteForm, Inviting, OutcomeState, Scope};
use super::parts::{Face, Grant, Moment};
use super::{filters, paths};

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/users.html")]
pub struct Users {
    /// Around the page.
    pub frame: Frame,
    /// Whether one may invite.
    pub inviting: Inviting,
    /// The form of the dialog, for those who may invite.
    pub form: Option<InviteForm>,
    /// The batch just sent.
    pub batch: Option<Batch>,
    /// Open invitations; `None` for those who may see none.
    pub invitations: Option<Invitations>,
    /// The members.
    pub members: Members,
}

impl Users {
    fn is_anybody_invited(&self) -> bool {
        self.invitations.as_ref().is_some_and(|open| open.count > 0)
    }
}

/// Open invitations, one page of them.
#[derive(Clone, Debug, Default)]
pub struct Invitations {
    /// How many are open.
    pub count: u32,
    /// How many wait for somebody to act.
    pub need_you: u32,
    /// This page's rows.
    pub rows: Vec<InvitationRow>,
    /// Address of the next page.
    pub more: Option<String>,
}

/// One open invitation.
#[derive(Clone, Debug)]
pub struct InvitationRow {
    /// Its id.
    pub id: String,
    /// The address as it was typed.
    pub address: String,
    /// The name given with it, or empty.
    pub name: String,
    /// Initials.
    pub face: Face,
    /// What it grants.
    pub grants: Vec<Grant>,
    /// Name of the inviter.
    pub invited_by: String,
    /// What became of the mail.
    pub delivery: Delivery,
    /// The end of the link.
    pub expires: Moment,
    /// It ends within a day.
    pub ends_soon: bool,
    /// Whether this person may copy a link.
    pub may_copy: bool,
    /// Whether this person may revoke it.
    pub may_revoke: bool,
}

/// What became of the mail (P6), as the inviter sees it.
#[derive(Clone, Debug)]
pub enum Delivery {
    /// No mail; the link is copied by hand.
    NoMail,
    /// Waits in the queue.
    Queued,
    /// On its way.
    Sending,
    /// Handed over.
    Sent {
        /// When.
        at: Moment,
    },
    /// Refused for now.
    Deferred {
        /// The next try.
        next_try: Moment,
        /// The server's own words.
        words: String,
    },
    /// Refused for good.
    Failed {
        /// The server's own words.
        words: String,
    },
    /// Came back.
    Bounced {
        /// The server's own words.
        words: String,
    },
    /// Not sent, by a rule.
    Suppressed {
        /// Which.
        words: String,
    },
    /// The inviter may no longer invite, so the link does not work for now.
    OnHold {
        /// Name of the inviter.
        inviter: String,
    },
}

/// Members, one page of them.
#[derive(Clone, Debug, Default)]
pub struct Members {
    /// How many there are.
    pub count: u32,
    /// Whether addresses and last visits are shown.
    pub details: bool,
    /// This page's rows.
    pub rows: Vec<MemberRow>,
    /// Address of the next page.
    pub more: Option<String>,
}

/// One member.
#[derive(Clone, Debug)]
pub struct MemberRow {
    /// The name.
    pub name: String,
    /// Initials.
    pub face: Face,
    /// This is who reads the page.
    pub you: bool,
    /// The primary address, or empty.
    pub email: String,
    /// Roles.
    pub grants: Vec<Grant>,
    /// The last request.
    pub last_seen: Option<Moment>,
    /// Shut out, with everything kept.
    pub deactivated: bool,
}
