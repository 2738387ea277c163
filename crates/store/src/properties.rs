//! Values of status, priority, type and automation.

use db::{Conn, Error, Tx};
use domain::{
    access::May,
    id::{ProjectId, WorkspaceId},
    property::Kind,
    title::folded,
};

use crate::sql::inserts;

record! {
    /// A value of a property.
    pub struct PropertyValue {
        /// Of which property.
        pub kind: Kind,
        /// What cases name it by; unique within workspace and kind.
        pub key: i64,
        /// The project it is for; all of the workspace if `None`.
        pub project: Option<ProjectId>,
        /// What it is called.
        pub name: String,
        /// Its hue; 0 is grey.
        pub colour: i64,
        /// Whether new cases have it.
        pub is_default: bool,
        /// Whether it is offered no more. Cases that have it keep it.
        pub archived: bool,
    }
}

/// The values in use in the proof's project, by property and in their order: those of the workspace and its own.
pub fn in_project<R>(db: &mut Conn, may: &May<R>) -> Result<Vec<PropertyValue>, Error> {
    db.all(sql!(
        "SELECT kind, key, project, name, colour, is_default, archived FROM property_value
         WHERE workspace = ? AND (project IS NULL OR project = ?) ORDER BY kind, rank, key",
        may.workspace(),
        may.project()
    ))
}

/// What a workspace begins with.
pub(crate) fn insert_first(tx: &mut Tx, workspace: WorkspaceId) -> Result<(), Error> {
    let mut rows = Vec::new();
    for kind in Kind::ALL {
        for ((key, rank), value) in (1_i64..).zip('A'..='Z').zip(kind.first_values()) {
            let rank = format!("a{rank}");
            let name_key = folded(value.name);
            rows.push(values![workspace, kind, key, value.name, name_key, value.colour, rank, value.is_default]);
        }
    }
    let head = "INSERT INTO property_value (workspace, kind, key, name, name_key, colour, rank, is_default)";
    inserts(head, rows, "").into_iter().try_for_each(|statement| tx.run(statement).map(drop))
}
