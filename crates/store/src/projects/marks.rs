//! What projects are to one person: favourites, and those he was in last. Nobody else sees it.

use db::{Conn, Error, Tx};
use domain::{
    access::{May, Member, Membership, Read, Still},
    id::{PersonId, ProjectId},
    time::Time,
};

use super::{Project, WHOLE, in_use};
use crate::Param;

/// Makes the proof's project a favourite of the person, or no more.
pub fn mark(tx: &mut Tx, still: &Still<Read>, favourite: bool) -> Result<(), Error> {
    tx.run(sql!(
        "INSERT INTO project_mark (person, project, favourite) VALUES (?, ?, ?)
         ON CONFLICT (person, project) DO UPDATE SET favourite = excluded.favourite",
        still.person(),
        still.project(),
        favourite
    ))
    .map(drop)
}

/// Notes that the person was in a project.
pub fn opened(tx: &mut Tx, person: PersonId, project: ProjectId, now: Time) -> Result<(), Error> {
    tx.run(sql!(
        "INSERT INTO project_mark (person, project, opened_at) VALUES (?, ?, ?)
         ON CONFLICT (person, project) DO UPDATE SET opened_at = excluded.opened_at",
        person,
        project,
        now
    ))
    .map(drop)
}

record! {
    struct Opened {
        opened_at: Option<Time>,
    }
}

/// When the member was last in a project.
pub fn last_opened(db: &mut Conn, member: &Member, project: ProjectId) -> Result<Option<Time>, Error> {
    let text = "SELECT opened_at FROM project_mark WHERE person = ? AND project = ?";
    Ok(db.first::<Opened>(sql!(text, member.person(), project))?.and_then(|row| row.opened_at))
}

record! {
    struct Favourite {
        project: ProjectId,
    }
}

/// The person's favourites, whether or not he may still read them.
pub fn favourites(db: &mut Conn, may: &May<Membership>) -> Result<Vec<ProjectId>, Error> {
    let text = "SELECT project FROM project_mark WHERE person = ? AND favourite";
    Ok(db.all::<Favourite>(sql!(text, may.person()))?.into_iter().map(|row| row.project).collect())
}

/// The projects in use that the person was in, the last one first.
pub fn recent(db: &mut Conn, may: &May<Membership>, most: i64) -> Result<Vec<Project>, Error> {
    let own =
        "EXISTS (SELECT 1 FROM project_mark m WHERE m.project = p.id AND m.person = ? AND m.opened_at IS NOT NULL)";
    let wanted = in_use(&may.member().visible()).and(own, vec![may.person().value()]);
    let newest = "ORDER BY (SELECT m.opened_at FROM project_mark m WHERE m.project = p.id AND m.person = ?) DESC, p.id
        LIMIT ?";
    db.all(wanted.rows(WHOLE, newest, vec![may.person().value(), most.value()]))
}
