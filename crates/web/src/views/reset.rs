//! A new password for who forgot his. Every state has exactly one working way on.

use askama::Template;

use super::frame::{Bare, Flash};
use super::parts::{Field, Moment};
use super::{filters, paths};

/// Where one asks for a link. Posts `email`.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/forgot_password.html")]
pub struct ForgotPassword {
    /// Around the page.
    pub bare: Bare,
    /// Where the person stands.
    pub state: Forgot,
}

/// Where the person stands.
#[derive(Clone, Debug)]
pub enum Forgot {
    /// The address is asked for.
    Ask(Field),
    /// A mail is on its way, if there is an account.
    Sent,
    /// The server sends no mail.
    NoMail,
}

/// What a link leads to. Posts `password`.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/reset.html")]
pub struct Reset {
    /// Around the page.
    pub bare: Bare,
    /// Where the person stands.
    pub state: ResetState,
}

/// Where the person stands.
#[derive(Clone, Debug)]
pub enum ResetState {
    /// The link works.
    Form {
        /// The address of the account, fixed.
        address: String,
        /// The end of the link, date and zone in the text.
        ends: Moment,
        /// A new password.
        password: Field,
    },
    /// The quarter hour is over or cookies are off.
    Forgotten,
    /// Its hour is over.
    Expired,
    /// It did its work, or a newer one did.
    Used,
    /// No such link.
    Unknown,
}
