//! What a day allows: so many invitations by one inviter, to one workspace, by the whole server.

use db::{Conn, Tx};
use domain::{
    access::{InviteMembers, May, Still},
    now::Now,
    time::Time,
};
use store::quotas;

use crate::{Failure, server, settings::PerDay};

/// The limit of a day that leaves least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// Whose: `inviter`, `workspace` or `server`.
    pub scope: &'static str,
    /// The limit.
    pub limit: i64,
    /// What is left of it.
    pub left: i64,
    /// When it begins anew.
    pub resets_at: Time,
}

/// How many this person may still invite here today.
pub fn left(db: &mut Conn, may: &May<InviteMembers>, per_day: &PerDay, now: &Now) -> Result<Left, Failure> {
    let scopes = scopes(may, &server::policy_beside(db, per_day)?.per_day());
    let subjects: Vec<_> = scopes.iter().map(|scope| (scope.name, scope.subject.as_str())).collect();
    let used = quotas::used(db, now.at.day(), &subjects)?;
    let left = scopes.iter().zip(used).map(|(scope, used)| Left {
        scope: scope.name,
        limit: scope.limit,
        left: (scope.limit - used).max(0),
        resets_at: now.at.next_day(),
    });
    Ok(left.min_by_key(|left| left.left).expect("there are three limits"))
}

/// Counts what was really written, by what is in force.
pub(super) fn spend(
    tx: &mut Tx,
    still: &Still<InviteMembers>,
    per_day: &PerDay,
    n: usize,
    now: &Now,
) -> Result<(), Failure> {
    let per_day = server::policy_beside(tx, per_day)?.per_day();
    spend_of(tx, still, &per_day, n, now)
}

/// The same where it is known what is in force. Last of all, and the server's row last: it is everybody's, and held
/// until the commit. From the narrowest scope to the widest, so that two batches queue instead of blocking each other.
pub(super) fn spend_of(
    tx: &mut Tx,
    still: &Still<InviteMembers>,
    per_day: &PerDay,
    n: usize,
    now: &Now,
) -> Result<(), Failure> {
    if n == 0 {
        return Ok(());
    }
    let n = i64::try_from(n).expect("a batch has at most a thousand rows");
    for Scope { name: scope, subject, limit } in scopes(still, per_day) {
        if let Err(left) = quotas::spend(tx, now.at.day(), scope, &subject, n, limit)? {
            return Err(Failure::OverQuota { scope, limit, left, resets_at: now.at.next_day() });
        }
    }
    Ok(())
}

struct Scope {
    name: &'static str,
    subject: String,
    limit: i64,
}

/// From the narrowest to the widest.
fn scopes(may: &May<InviteMembers>, per_day: &PerDay) -> [Scope; 3] {
    let workspace = may.workspace().to_string();
    [
        Scope { name: "inviter", subject: format!("{workspace} {}", may.person()), limit: per_day.inviter },
        Scope { name: "workspace", subject: workspace, limit: per_day.workspace },
        Scope { name: "server", subject: String::new(), limit: per_day.server },
    ]
}
