//! The server as a whole: what there is one of.

use std::fmt;

use db::{Conn, Error};

record! {
    /// What a database holds, by its main things.
    pub struct Holds {
        /// Accounts.
        pub people: i64,
        /// Workspaces.
        pub workspaces: i64,
        /// Projects.
        pub projects: i64,
        /// Invitations there ever were.
        pub invitations: i64,
    }
}

impl Holds {
    /// Whether nobody would miss anything. Everything else belongs to a person, or to nobody.
    pub const fn is_nothing(&self) -> bool {
        self.people == 0
    }
}

impl fmt::Display for Holds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { people, workspaces, projects, invitations } = self;
        write!(f, "people: {people}, workspaces: {workspaces}, projects: {projects}, invitations: {invitations}")
    }
}

/// What the whole database holds.
pub fn holds(db: &mut Conn) -> Result<Holds, Error> {
    db.one(sql!(
        "SELECT (SELECT COUNT(*) FROM person) AS people, (SELECT COUNT(*) FROM workspace) AS workspaces,
         (SELECT COUNT(*) FROM project) AS projects, (SELECT COUNT(*) FROM invitation) AS invitations"
    ))
}
