//! Settings > Users: invitations and members.

use askama::Template;

use super::frame::{Flash, Frame, Notice, Place};
use super::invitation::{Batch, InviteForm, Inviting, OutcomeState, Scope, Typing};
use super::invitations::{Acted, Deed, Delivery, Invitations, Part, Standing};
use super::member::Members;
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
