//! Invitations after sending: the list, one of them with its history, the form that corrects an address.

use askama::Template;

use super::frame::{Flash, Frame, Notice, Place};
use super::invitation::{InviteForm, Scope};
use super::parts::{Face, Field, Grant, Moment};
use super::{filters, paths};

/// Invitations, one page of them.
#[derive(Clone, Debug, Default)]
pub struct Invitations {
    /// How many there are of those shown.
    pub count: u32,
    /// How many on this page wait for somebody to act.
    pub need_you: u32,
    /// How many of the ended ones somebody asked to have again.
    pub wanted: u32,
    /// Which are shown.
    pub shown: Part,
    /// The text that addresses must hold; empty for all.
    pub search: String,
    /// This page's rows.
    pub rows: Vec<InvitationRow>,
    /// Address of the next page.
    pub more: Option<String>,
    /// Makes a second click on many the same request.
    pub key: String,
}

impl Invitations {
    /// Whether some are left out.
    pub(super) fn is_narrowed(&self) -> bool {
        self.shown != Part::Open || !self.search.is_empty()
    }

    pub(super) fn may_resend_any(&self) -> bool {
        self.rows.iter().any(|row| row.may(Deed::Resend))
    }

    pub(super) fn may_revoke_any(&self) -> bool {
        self.rows.iter().any(|row| row.may(Deed::Revoke))
    }

    pub(super) fn may_act_on_any(&self) -> bool {
        self.may_resend_any() || self.may_revoke_any()
    }
}

/// A part of the life cycle, as the list is filtered by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// Can be accepted, now or when they come off hold.
    #[default]
    Open,
    /// Wait for a sponsor.
    OnHold,
    /// Became memberships.
    Accepted,
    /// Ended otherwise.
    Ended,
    /// Every one there ever was.
    All,
}

impl Part {
    /// In the order of the page.
    pub const ALL: [Self; 5] = [Self::Open, Self::OnHold, Self::Accepted, Self::Ended, Self::All];

    /// As the address of the page has it.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::OnHold => "on_hold",
            Self::Accepted => "accepted",
            Self::Ended => "ended",
            Self::All => "all",
        }
    }

    /// From the address of the page; anything unknown is open.
    pub fn of(slug: &str) -> Self {
        Self::ALL.into_iter().find(|part| part.slug() == slug).unwrap_or_default()
    }
}

/// One invitation.
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
    /// Where it stands.
    pub standing: Standing,
    /// What became of the mail.
    pub delivery: Delivery,
    /// The end of the link.
    pub expires: Moment,
    /// It ends within a day.
    pub ends_soon: bool,
    /// What this person may do with it now.
    pub deeds: Vec<Deed>,
}

impl InvitationRow {
    pub(super) fn may(&self, deed: Deed) -> bool {
        self.deeds.contains(&deed)
    }

    pub(super) fn may_copy(&self) -> bool {
        self.may(Deed::Copy)
    }

    pub(super) fn may_resend(&self) -> bool {
        self.may(Deed::Resend)
    }

    pub(super) fn may_correct(&self) -> bool {
        self.may(Deed::Correct)
    }

    pub(super) fn may_edit(&self) -> bool {
        self.may(Deed::Edit)
    }

    pub(super) fn may_sponsor(&self) -> bool {
        self.may(Deed::Sponsor)
    }

    pub(super) fn may_revoke(&self) -> bool {
        self.may(Deed::Revoke)
    }

    /// Whether it can be chosen together with others.
    pub(super) fn may_choose(&self) -> bool {
        self.may_resend() || self.may_revoke()
    }

    /// The one deed that stands in the row itself; the others are in its menu.
    pub(super) fn first(&self) -> Option<Deed> {
        let wanted = match (self.standing, &self.delivery) {
            (Standing::OnHold, _) => Deed::Sponsor,
            (Standing::Pending, Delivery::Failed { .. } | Delivery::Bounced { .. }) => Deed::Correct,
            (Standing::Pending, _) => Deed::Copy,
            _ => Deed::Resend,
        };
        Some(wanted).filter(|wanted| self.may(*wanted))
    }

    pub(super) fn is_open(&self) -> bool {
        matches!(self.standing, Standing::Pending | Standing::OnHold)
    }
}

/// What can be done with an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Make a link to pass on by hand.
    Copy,
    /// Send the mail again; of an expired one a successor.
    Resend,
    /// Invite another address in its place.
    Correct,
    /// Give it another role, other projects or another end.
    Edit,
    /// Take it over from an inviter who may not grant it any more.
    Sponsor,
    /// Take it back.
    Revoke,
}

/// Where an invitation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Waits for the invitee.
    Pending,
    /// Waits for its inviter, or a sponsor.
    OnHold,
    /// Somebody joined.
    Accepted,
    /// The invitee said no.
    Declined,
    /// Taken back.
    Revoked,
    /// Past its end.
    Expired,
    /// The invitee became a member another way.
    Superseded,
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
    /// The link has expired, and whoever bears it asked for a new one.
    Wanted {
        /// When.
        at: Moment,
    },
    /// The invitation has ended.
    Ended {
        /// When.
        at: Moment,
    },
}

/// What became of the invitations somebody chose, each once.
#[derive(Clone, Debug)]
pub struct Acted {
    /// What was done: [`Deed::Resend`] or [`Deed::Revoke`].
    pub deed: Deed,
    /// In the order of the list.
    pub results: Vec<ActedOn>,
}

impl Acted {
    pub(super) fn done(&self) -> usize {
        self.results.iter().filter(|one| one.why_not.is_none()).count()
    }

    pub(super) fn is_resending(&self) -> bool {
        self.deed == Deed::Resend
    }
}

/// What became of one of them.
#[derive(Clone, Debug)]
pub struct ActedOn {
    /// Which.
    pub id: String,
    /// Whose.
    pub address: String,
    /// Why nothing was done with it.
    pub why_not: Option<String>,
}

/// One invitation, with all that happened to it.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/invitation.html")]
pub struct InvitationPage {
    /// Around the page.
    pub frame: Frame,
    /// The invitation.
    pub row: InvitationRow,
    /// The inviter's words.
    pub message: Option<String>,
    /// When it was made.
    pub created: Moment,
    /// The one it took the place of.
    pub predecessor: Option<Kin>,
    /// The one that took its place.
    pub successor: Option<Kin>,
    /// Its mails, newest first.
    pub mails: Vec<Mail>,
}

/// An invitation in the history of another.
#[derive(Clone, Debug)]
pub struct Kin {
    /// Its id.
    pub id: String,
    /// Its address.
    pub address: String,
    /// When it was made.
    pub created: Moment,
}

/// One mail and its way.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The how-manieth, from 1.
    pub number: i64,
    /// Oldest first.
    pub steps: Vec<Step>,
}

/// One step of a mail's way.
#[derive(Clone, Debug)]
pub struct Step {
    /// When.
    pub at: Moment,
    /// What.
    pub what: Stage,
    /// The server's own words, or ours.
    pub words: String,
}

/// What a step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Put into the queue.
    Queued,
    /// Given to the mail server.
    Sending,
    /// The mail server took it.
    Sent,
    /// To be tried again.
    Deferred,
    /// Refused for good.
    Failed,
    /// Came back.
    Bounced,
    /// Not sent, by a rule.
    Suppressed,
    /// Not sent: the invitation ended or was sent again first.
    Withdrawn,
}

impl Stage {
    pub(super) fn needs_somebody(self) -> bool {
        matches!(self, Self::Failed | Self::Bounced | Self::Suppressed)
    }
}

/// The form that corrects an address. Posts `address`.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/correction.html")]
pub struct Correction {
    /// Around the page.
    pub frame: Frame,
    /// The invitation's id.
    pub id: String,
    /// The address it went to.
    pub former: String,
    /// What the mail server said of that address, if it refused it.
    pub words: Option<String>,
    /// Whether a mail goes to the right one.
    pub mails: bool,
    /// The address as typed.
    pub address: Field,
}

/// The form that edits an open invitation. Posts `role`, `scope`, `project`, `project_role` and `expires_in_days`, as
/// [`InviteForm`] does.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/editing.html")]
pub struct Editing {
    /// Around the page.
    pub frame: Frame,
    /// The invitation's id.
    pub id: String,
    /// Its address.
    pub address: String,
    /// Whether a mail was made for it.
    pub mailed: bool,
    /// Why it cannot be edited, as a sentence.
    pub refused: Option<String>,
    /// What it grants, or what was typed.
    pub form: InviteForm,
}
