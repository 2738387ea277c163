//! Who holds what: for "Priya Raman and 2 others can", wherever somebody lacks a right.

use db::{Conn, Error};
use domain::{
    access::{May, Membership, Role, System},
    id::{PersonId, WorkspaceId},
};

use crate::{Param, sql::within};

record! {
    struct Name {
        name: String,
    }
}

/// The names of active members who hold one of these roles in the workspace, at most `most`, by name.
pub fn of_roles(db: &mut Conn, may: &May<Membership>, roles: &[Role], most: usize) -> Result<Vec<String>, Error> {
    let text = "SELECT p.name FROM member m JOIN person p ON p.id = m.person
         WHERE m.workspace = ? AND m.state = 'active' AND m.role IN ({}) ORDER BY p.folded, m.id";
    let all: Vec<Name> = db.all(within(text, vec![may.workspace().value()], roles))?;
    Ok(all.into_iter().take(most).map(|row| row.name).collect())
}

record! {
    struct Holder {
        person: PersonId,
    }
}

/// The persons who own a workspace.
pub fn owners(db: &mut Conn, _: &System, workspace: WorkspaceId) -> Result<Vec<PersonId>, Error> {
    let text = "SELECT person FROM member WHERE workspace = ? AND state = 'active' AND role = 'owner' ORDER BY id";
    Ok(db.all::<Holder>(sql!(text, workspace))?.into_iter().map(|row| row.person).collect())
}
