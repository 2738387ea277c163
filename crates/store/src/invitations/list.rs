//! Lists of invitations, for those who may know of them, and their numbers.

use db::{Conn, Error, Tx, Value};
use domain::{
    access::{May, Membership},
    id::{InvitationId, WorkspaceId},
    invitation::State,
    time::Time,
};

use super::{Invitation, WHOLE, known_to};
use crate::{
    Param,
    paging::{Page, Slice},
    sql::All,
};

/// A part of the life cycle, as lists are filtered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Every one there ever was.
    All,
    /// Those in one state, told by the clock.
    In(State),
    /// Those the invitee can still accept, now or when they come off hold.
    Open,
    /// Those that ended without anybody joining by them.
    Ended,
}

impl Which {
    fn condition(self, now: Time) -> Option<(&'static str, Vec<Value>)> {
        match self {
            Self::All => None,
            Self::Open => Some(("i.state IN ('pending', 'on_hold') AND i.ends_at > ?", vec![now.value()])),
            Self::Ended => Some((
                "i.state IN ('declined', 'revoked', 'expired', 'superseded')
                 OR i.state IN ('pending', 'on_hold') AND i.ends_at <= ?",
                vec![now.value()],
            )),
            Self::In(State::Expired) => {
                Some(("i.state = 'expired' OR i.state IN ('pending', 'on_hold') AND i.ends_at <= ?", vec![now.value()]))
            }
            Self::In(open) if open.is_open() => {
                Some(("i.state = ? AND i.ends_at > ?", vec![open.value(), now.value()]))
            }
            Self::In(ended) => Some(("i.state = ?", vec![ended.value()])),
        }
    }
}

/// Invitations, newest first: all of them for those who invite or manage, one's own for others.
pub fn list(
    db: &mut Conn,
    may: &May<Membership>,
    which: Which,
    page: &Page<InvitationId>,
    now: Time,
) -> Result<Slice<Invitation>, Error> {
    search(db, may, which, "", page, now)
}

/// The same of those whose address holds this text, in whatever case.
pub fn search(
    db: &mut Conn,
    may: &May<Membership>,
    which: Which,
    text: &str,
    page: &Page<InvitationId>,
    now: Time,
) -> Result<Slice<Invitation>, Error> {
    let mut wanted = sought(may, which, text, now);
    if let Some(after) = page.after {
        wanted = wanted.and("i.id < ?", vec![after.value()]);
    }
    Ok(page.cut(db.all(wanted.rows(WHOLE, "ORDER BY i.id DESC LIMIT ?", vec![page.probe().value()]))?))
}

/// How many there are of them.
pub fn count(db: &mut Conn, may: &May<Membership>, which: Which, text: &str, now: Time) -> Result<i64, Error> {
    let count: Count =
        db.one(sought(may, which, text, now).rows("SELECT COUNT(*) AS n FROM invitation i", "", Vec::new()))?;
    Ok(count.n)
}

fn sought(may: &May<Membership>, which: Which, text: &str, now: Time) -> All {
    let mut wanted = known_to(may);
    if let Some((state, params)) = which.condition(now) {
        wanted = wanted.and(state, params);
    }
    if !text.is_empty() {
        wanted = wanted.and("i.normalised LIKE ? ESCAPE '!'", vec![like(text).value()]);
    }
    wanted
}

/// A pattern for any text that holds this one; addresses are stored in lower case.
fn like(text: &str) -> String {
    let literal = text.to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
    format!("%{literal}%")
}

/// How many ended by the clock, were asked for anew by whoever bears the link, and have no successor yet.
pub fn count_wanted(db: &mut Conn, may: &May<Membership>, now: Time) -> Result<i64, Error> {
    let (expired, params) = Which::In(State::Expired).condition(now).expect("a state is a condition");
    let wanted = known_to(may).and(expired, params).and("i.wanted_at IS NOT NULL AND i.successor IS NULL", Vec::new());
    let count: Count = db.one(wanted.rows("SELECT COUNT(*) AS n FROM invitation i", "", Vec::new()))?;
    Ok(count.n)
}

/// How many may still join a workspace by invitation, whoever counts.
pub fn count_to_come(tx: &mut Tx, workspace: WorkspaceId, now: Time) -> Result<i64, Error> {
    let count: Count = tx.one(sql!(
        "SELECT COUNT(*) AS n FROM invitation WHERE workspace = ? AND state IN ('pending', 'on_hold') AND ends_at > ?",
        workspace,
        now
    ))?;
    Ok(count.n)
}

/// How many invitations of the workspace can still be accepted, now or when they come off hold.
pub fn count_open(db: &mut Conn, may: &May<Membership>, now: Time) -> Result<i64, Error> {
    let count: Count = db.one(sql!(
        "SELECT COUNT(*) AS n FROM invitation WHERE workspace = ? AND state IN ('pending', 'on_hold') AND ends_at > ?",
        may.workspace(),
        now
    ))?;
    Ok(count.n)
}

record! {
    struct Count {
        n: i64,
    }
}
