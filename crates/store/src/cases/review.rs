//! Where reviews stand, and what waits for whom.

use db::{Conn, Error, Tx};
use domain::{
    access::{Member, Still},
    case::review::Review,
    id::{CaseId, ProjectId},
    time::Time,
};

use crate::{Param, projects::readable};

/// Puts down what was said about a case that is held, and why.
pub fn judge<R>(
    tx: &mut Tx,
    still: &Still<R>,
    case: CaseId,
    review: Review,
    note: Option<&str>,
    at: Time,
) -> Result<(), Error> {
    tx.run(sql!(
        "UPDATE test_case SET review = ?, review_by = ?, review_at = ?, review_note = ? WHERE workspace = ? AND id = ?",
        review,
        still.person(),
        at,
        note,
        still.workspace(),
        case
    ))?;
    Ok(())
}

record! {
    /// A case that waits for somebody.
    pub struct Waiting {
        /// Which.
        pub id: CaseId,
        /// Of which project.
        pub project: ProjectId,
        /// The project's key.
        pub key: String,
        /// The 123 of `WEB-123`.
        pub number: i64,
        /// Its title.
        pub title: String,
        /// Who asked or sent it back.
        pub by: String,
        /// When.
        pub at: Time,
        /// Why it was sent back.
        pub note: Option<String>,
    }
}

const SELECT: &str = "SELECT c.id, c.project, p.key, c.number, c.title, w.name AS by, c.review_at AS at,
    c.review_note AS note FROM test_case c JOIN project p ON p.id = c.project JOIN person w ON w.id = c.review_by";

/// Cases that this member is to look at, those that wait longest first.
pub fn to_review(db: &mut Conn, member: &Member, limit: i64) -> Result<Vec<Waiting>, Error> {
    waiting(db, member, "c.review = 'in_review' AND c.reviewer = ?", limit)
}

/// Cases of this member that were sent back, those that wait longest first.
pub fn sent_back(db: &mut Conn, member: &Member, limit: i64) -> Result<Vec<Waiting>, Error> {
    waiting(db, member, "c.review = 'rework' AND c.owner = ?", limit)
}

fn waiting(db: &mut Conn, member: &Member, what: &str, limit: i64) -> Result<Vec<Waiting>, Error> {
    let wanted = readable(&member.visible())
        .and("c.workspace = ? AND c.trashed_at IS NULL AND p.review", vec![member.workspace().value()])
        .and(what, vec![member.person().value()]);
    db.all(wanted.rows(SELECT, "ORDER BY c.review_at, c.id LIMIT ?", vec![limit.value()]))
}
