//! Settings > Service accounts: members that act by keys alone.

use askama::Template;

use super::api_key::{ApiKeyRow, KeyForm, NewApiKey};
use super::frame::{Flash, Frame, Notice, Place};
use super::parts::{Face, Field, Moment};
use super::{filters, paths};

/// The list. Posts `name` and `role`.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/service_accounts.html")]
pub struct ServiceAccounts {
    /// Around the page.
    pub frame: Frame,
    /// The accounts, by name.
    pub rows: Vec<AccountRow>,
    /// Name of a new one.
    pub name: Field,
    /// What is wrong with its role.
    pub role_error: Option<String>,
    /// Roles the reader may give it.
    pub roles: Vec<RoleOption>,
}

/// A role to give.
#[derive(Clone, Debug)]
pub struct RoleOption {
    /// What is posted.
    pub slug: &'static str,
    /// What is read.
    pub name: &'static str,
    /// What it can do.
    pub can: &'static str,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// One service account.
#[derive(Clone, Debug)]
pub struct AccountRow {
    /// Its id.
    pub id: String,
    /// The id of its membership.
    pub member: String,
    /// Its name.
    pub name: String,
    /// Initials.
    pub face: Face,
    /// Its role.
    pub role: &'static str,
    /// So many keys.
    pub keys: i64,
    /// The last call with one of them.
    pub last_used: Option<Moment>,
    /// Who made it.
    pub created_by: String,
    /// When.
    pub created: Moment,
    /// Shut out, with everything kept.
    pub deactivated: bool,
}

/// One of them, with its keys.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/service_account.html")]
pub struct ServiceAccountPage {
    /// Around the page.
    pub frame: Frame,
    /// The account.
    pub account: AccountRow,
    /// Its live keys.
    pub rows: Vec<ApiKeyRow>,
    /// A new key; none if it can do what the reader may not.
    pub form: Option<KeyForm>,
    /// The key just made, in the one answer that shows it.
    pub made: Option<NewApiKey>,
}
