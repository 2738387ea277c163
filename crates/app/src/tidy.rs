//! What has had its time is deleted.

use db::Tx;
use domain::now::Now;
use store::{answers, links, quotas, sessions};

use crate::{Failure, fields, invitations::code::WINDOW, projects, workspaces::trash};

/// Deletes answers (those with a secret an hour after they were given), sessions and links that are over, and the counts of
/// earlier days, as far as no window of today reaches back. To be called every hour.
pub fn tidy(tx: &mut Tx, now: &Now) -> Result<(), Failure> {
    answers::forget(tx, now.at)?;
    sessions::forget(tx, now.at)?;
    trash::empty(tx, now)?;
    projects::trash::empty(tx, now)?;
    fields::empty(tx, now)?;
    links::forget(tx, now.at)?;
    Ok(quotas::forget(tx, now.at.day() - WINDOW)?)
}
