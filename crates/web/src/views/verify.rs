//! What a link to prove an address leads to. Every state has exactly one working way on.

use askama::Template;

use super::frame::{Bare, Flash};
use super::parts::Person;
use super::{filters, paths};

/// The page. Posts nothing: the link is remembered in a cookie.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/verify.html")]
pub struct Verify {
    /// Around the page.
    pub bare: Bare,
    /// Where the person stands.
    pub state: VerifyState,
}

/// Where the person stands.
#[derive(Clone, Debug)]
pub enum VerifyState {
    /// Signed in as who asked for the link.
    Ready {
        /// The address.
        address: String,
        /// Who is signed in.
        person: Person,
    },
    /// Nobody is signed in.
    SignedOut {
        /// The address.
        address: String,
    },
    /// Signed in as somebody who did not ask for it.
    SomebodyElse {
        /// Who is signed in.
        person: Person,
    },
    /// The address is somebody else's.
    Taken,
    /// The quarter hour is over or cookies are off.
    Forgotten,
    /// Its day is over.
    Expired,
    /// It did its work.
    Used,
    /// No such link.
    Unknown,
}
