//! What belongs to a workspace, or to a project: every table whose rows lead to it by their references, however many
//! steps away. Found by asking the database, so that no table of a later day is forgotten.

use std::collections::BTreeMap;

use db::{Conn, Error, Reference, Table, Tx, Value};
use domain::id::{PersonId, WorkspaceId};

use crate::Param;

/// A table with rows of a workspace or project.
#[derive(Clone, Debug)]
pub struct Belonging {
    /// The table.
    pub table: Table,
    /// What holds for the rows of the owner; each `?` is its id.
    condition: String,
    /// Steps to the owner by the longest way.
    depth: usize,
}

/// All of a workspace but its own table, those first that others refer to.
pub fn tables(db: &mut Conn) -> Result<Vec<Belonging>, Error> {
    leading_to(db, "workspace")
}

/// All of a project but its own table, those first that others refer to.
pub fn of_projects(db: &mut Conn) -> Result<Vec<Belonging>, Error> {
    leading_to(db, "project")
}

fn leading_to(db: &mut Conn, owner: &'static str) -> Result<Vec<Belonging>, Error> {
    let all = db.tables()?;
    let ways = Ways::of(owner, db.references()?);
    let mut found: Vec<Belonging> = all
        .into_iter()
        .filter_map(|table| {
            let condition = ways.condition(&table.name)?;
            Some(Belonging { depth: ways.depth(&table.name), condition, table })
        })
        .collect();
    found.sort_by(|one, other| (one.depth, &one.table.name).cmp(&(other.depth, &other.table.name)));
    Ok(found)
}

impl Belonging {
    /// Shows each row of the workspace, values in the order of the table's columns.
    pub fn each<E: From<Error>>(
        &self,
        db: &mut Conn,
        workspace: WorkspaceId,
        see: impl FnMut(Vec<Value>) -> Result<(), E>,
    ) -> Result<(), E> {
        db.each_row_where(&self.table, &self.condition, self.params(&workspace), see)
    }

    /// Takes out every row of the workspace or project; says how many.
    pub fn clear(&self, tx: &mut Tx, owner: impl Param) -> Result<u64, Error> {
        tx.clear_where(&self.table, &self.condition, self.params(&owner))
    }

    fn params(&self, owner: &impl Param) -> Vec<Value> {
        vec![owner.value(); self.condition.matches('?').count()]
    }
}

/// The references of each table.
struct Ways {
    owner: &'static str,
    of: BTreeMap<String, Vec<Reference>>,
}

impl Ways {
    fn of(owner: &'static str, references: Vec<Reference>) -> Self {
        let mut of: BTreeMap<String, Vec<Reference>> = BTreeMap::new();
        // A table that refers to itself is no nearer to anything.
        for reference in references.into_iter().filter(|reference| reference.table != reference.parent) {
            of.entry(reference.table.clone()).or_default().push(reference);
        }
        Self { owner, of }
    }

    fn leading(&self, table: &str) -> &[Reference] {
        self.of.get(table).map_or(&[], Vec::as_slice)
    }

    /// What holds for the rows of an owner: they name it, or a row that belongs to it.
    fn condition(&self, table: &str) -> Option<String> {
        if table == self.owner {
            return None;
        }
        let direct = self.leading(table).iter().filter(|reference| reference.parent == self.owner);
        let direct: Vec<String> = direct.map(|reference| format!("\"{}\" = ?", reference.column)).collect();
        let ways =
            if direct.is_empty() { self.leading(table).iter().filter_map(|it| self.by(it)).collect() } else { direct };
        (!ways.is_empty()).then(|| ways.join(" OR "))
    }

    fn by(&self, Reference { column, parent, parent_column, .. }: &Reference) -> Option<String> {
        let condition = self.condition(parent)?;
        Some(format!("\"{column}\" IN (SELECT \"{parent_column}\" FROM \"{parent}\" WHERE {condition})"))
    }

    fn depth(&self, table: &str) -> usize {
        if table == self.owner {
            return 0;
        }
        self.leading(table).iter().map(|reference| 1 + self.depth(&reference.parent)).max().unwrap_or(0)
    }
}

record! {
    /// A person that rows of a workspace name.
    pub struct Named {
        /// Who.
        pub id: PersonId,
        /// What the person is called.
        pub name: String,
        /// The primary address.
        pub address: String,
    }
}

/// Everybody who is or was a member of a workspace, invited somebody or did something in it.
pub fn people(db: &mut Conn, workspace: WorkspaceId) -> Result<Vec<Named>, Error> {
    db.all(sql!(
        "SELECT p.id, p.name, a.address FROM person p JOIN person_address a ON a.person = p.id AND a.is_primary
         WHERE p.id IN (SELECT person FROM member WHERE workspace = ?
            UNION SELECT invited_by FROM invitation WHERE workspace = ?
            UNION SELECT actor FROM event WHERE workspace = ? AND actor IS NOT NULL) ORDER BY p.id",
        workspace,
        workspace,
        workspace
    ))
}
