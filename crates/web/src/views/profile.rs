//! One's own account: name, addresses, password, sessions.

use askama::Template;

use super::frame::{Flash, Notice, Own};
use super::parts::{Field, Moment, WorkspaceLink};
use super::{filters, paths};

/// The page. Each section posts to an address of its own.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/profile.html")]
pub struct Profile {
    /// Around the page.
    pub own: Own,
    /// What one is called. Posts `name`.
    pub name: Field,
    /// The addresses.
    pub addresses: Addresses,
    /// Another password. Posts `current` and `password`.
    pub password: NewPassword,
    /// Signed-in browsers, the one used last first.
    pub sessions: Vec<SessionRow>,
    /// The workspaces one is in.
    pub workspaces: Workspaces,
    /// The end of the account. Posts `confirmation` and `password_again`.
    pub deletion: Deletion,
}

/// The workspaces one is in.
#[derive(Clone, Debug)]
pub struct Workspaces {
    /// In order of their names.
    pub rows: Vec<WorkspaceLink>,
    /// Why one could not leave.
    pub trouble: Option<String>,
}

/// The end of the account.
#[derive(Clone, Debug)]
pub struct Deletion {
    /// The workspaces whose last owner one is, which stand in the way.
    pub blocked_by: Vec<String>,
    /// Why it was not deleted.
    pub trouble: Option<String>,
    /// The primary address, typed to confirm.
    pub confirmation: Field,
    /// The password, asked for again.
    pub password: Field,
}

/// The addresses.
#[derive(Clone, Debug)]
pub struct Addresses {
    /// One's own, the primary one first.
    pub rows: Vec<AddressRow>,
    /// Those that wait to be proved.
    pub pending: Vec<PendingRow>,
    /// Why nothing was changed.
    pub trouble: Option<String>,
    /// To add one, where the server sends mail. Posts `email` and `current_password`.
    pub add: Option<NewAddress>,
}

/// An address.
#[derive(Clone, Debug)]
pub struct AddressRow {
    /// Its id.
    pub id: String,
    /// The address.
    pub address: String,
    /// Whether mail goes there.
    pub primary: bool,
    /// Whether it was proved.
    pub verified: bool,
}

/// An address that waits to be proved.
#[derive(Clone, Debug)]
pub struct PendingRow {
    /// The address.
    pub address: String,
    /// When the last link was mailed.
    pub asked: Moment,
    /// When that ends.
    pub ends: Moment,
}

/// An address to be added.
#[derive(Clone, Debug, Default)]
pub struct NewAddress {
    /// The address.
    pub email: Field,
    /// The password, asked for again.
    pub password: Field,
}

/// Another password.
#[derive(Clone, Debug, Default)]
pub struct NewPassword {
    /// The one there is.
    pub current: Field,
    /// The new one.
    pub password: Field,
}

/// A signed-in browser.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// Its id.
    pub id: String,
    /// What it is, in words: `Firefox on Linux`.
    pub browser: String,
    /// The address it signed in from.
    pub client: String,
    /// When it signed in.
    pub opened: Moment,
    /// When it was last used.
    pub seen: Moment,
    /// Whether it is the one that shows this page.
    pub here: bool,
}
