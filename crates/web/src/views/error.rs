//! Refusals and faults: what happened, what was kept, what to do.

use askama::Template;

use super::frame::{Bare, Flash};
use super::parts::Moment;
use super::{filters, paths};

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/error.html")]
pub struct ErrorPage {
    /// Around the page.
    pub bare: Bare,
    /// What happened.
    pub problem: Problem,
    /// Where the way on leads; `/` unless a better place is known.
    pub home: String,
}

/// What happened.
#[derive(Clone, Debug)]
pub enum Problem {
    /// 403: a right is missing.
    NoRight {
        /// Name of the right: `Manage workspace`.
        right: String,
        /// Where: name of the workspace or project.
        place: String,
        /// Who has it and can give it: `Priya Raman and 2 others`.
        who: String,
    },
    /// 403: the form came from another site.
    OtherSite,
    /// 404: nothing is here, or nothing one may know of.
    NotFound,
    /// 410: something was here.
    Gone,
    /// 413: more than the server takes at once.
    TooLarge {
        /// The limit with its unit: `10 MB`.
        limit: String,
    },
    /// 422: the request makes no sense as it is.
    Invalid {
        /// What is wrong with it.
        detail: String,
    },
    /// 429: too many tries or over a quota.
    TooMany {
        /// Which limit.
        detail: String,
        /// When it is lifted.
        again: Option<Moment>,
    },
    /// 503: the database cannot be reached or is full.
    Unavailable {
        /// What is known of the request.
        detail: String,
    },
    /// 500: the fault is the server's.
    Internal {
        /// Found in the server's log.
        request: String,
    },
}
