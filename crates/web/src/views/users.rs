//! Settings > Users: invitations and members.

use askama::Template;

use super::frame::{Flash, Frame, Notice, Place};
use super::invitation::{Batch, InviteForm, Inviting, OutcomeState, Scope};
use super::invitations::{Acted, Deed, Delivery, Invitations, Part, Standing};
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
    /// What became of the invitations somebody chose.
    pub acted: Option<Acted>,
    /// Invitations; `None` for those who may see none.
    pub invitations: Option<Invitations>,
    /// The members.
    pub members: Members,
}

impl Users {
    fn is_anybody_invited(&self) -> bool {
        self.invitations.as_ref().is_some_and(|open| open.count > 0 || open.is_narrowed())
    }
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
