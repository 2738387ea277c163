//! The server as a whole: what there is one of.

use std::fmt;

use db::{Conn, Error, Tx};
use domain::{
    access::{Operator, System},
    id::WorkspaceId,
    time::Time,
};

use crate::{
    Param,
    paging::{Page, Slice},
    sql::All,
};

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

record! {
    /// A setting of the server.
    pub struct Setting {
        /// Its name.
        pub name: String,
        /// What operators have chosen.
        pub value: Option<String>,
        /// What the command line says, which wins.
        pub fixed: Option<String>,
    }
}

/// The settings somebody has ever chosen or fixed.
pub fn settings(db: &mut Conn) -> Result<Vec<Setting>, Error> {
    db.all(sql!("SELECT name, value, fixed FROM server_setting ORDER BY name"))
}

/// Chooses a value.
pub fn choose(tx: &mut Tx, _: &Operator, name: &'static str, value: &str) -> Result<(), Error> {
    tx.run(sql!(
        "INSERT INTO server_setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        name,
        value
    ))?;
    Ok(())
}

/// Notes what the command line of the server that started last says of a setting, if anything.
pub fn fix(tx: &mut Tx, _: &System, name: &'static str, fixed: Option<&str>) -> Result<(), Error> {
    tx.run(sql!(
        "INSERT INTO server_setting (name, fixed) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET fixed = excluded.fixed",
        name,
        fixed
    ))?;
    Ok(())
}

/// Holds the server's row until the transaction ends: whatever counts what there is on the whole server queues here.
pub fn lock(tx: &mut Tx) -> Result<(), Error> {
    tx.first::<db::Row>(sql!("SELECT id FROM server WHERE id = 1 /*pg: FOR NO KEY UPDATE */")).map(drop)
}

record! {
    /// A workspace as operators see it: from outside.
    pub struct Listed {
        /// Which.
        pub id: WorkspaceId,
        /// Its name in URLs.
        pub slug: String,
        /// Its name.
        pub name: String,
        /// Active members.
        pub members: i64,
        /// When it was made.
        pub created_at: Time,
        /// Since when it lies in the trash, if it does.
        pub trashed_at: Option<Time>,
    }
}

const LISTED: &str = "SELECT w.id, w.slug, w.name, w.created_at, w.trashed_at,
    (SELECT COUNT(*) FROM member m WHERE m.workspace = w.id AND m.state = 'active') AS members FROM workspace w";

/// All workspaces, oldest first.
pub fn workspaces(db: &mut Conn, _: &Operator, page: &Page<WorkspaceId>) -> Result<Slice<Listed>, Error> {
    let wanted = match page.after {
        Some(after) => All::of("NOT w.erased AND w.id > ?", vec![after.value()]),
        None => All::of("NOT w.erased", Vec::new()),
    };
    Ok(page.cut(db.all(wanted.rows(LISTED, "ORDER BY w.id LIMIT ?", vec![page.probe().value()]))?))
}
