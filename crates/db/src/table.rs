//! Whole tables, whatever they hold: for what copies a database from one place or engine to another.

use uuid::Uuid;

use crate::{Conn, Engine, Error, Record, Row, Statement, Tx, Value, sql};

/// A table as the database describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, in their order.
    pub columns: Vec<Column>,
    /// The columns of its primary key, in the key's order.
    pub key: Vec<String>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

/// What a column holds. `SQLite` knows neither [`Kind::Bool`] nor [`Kind::Uuid`]: there they are integers and bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Integers and times.
    Int,
    /// Yes or no.
    Bool,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
    /// Ids.
    Uuid,
}

impl Kind {
    fn named(word: &str) -> Result<Kind, Error> {
        Ok(match word {
            "INTEGER" | "int8" => Kind::Int,
            "bool" => Kind::Bool,
            "TEXT" | "text" => Kind::Text,
            "BLOB" | "bytea" => Kind::Bytes,
            "uuid" => Kind::Uuid,
            other => return Err(Error::Shape(format!("a column has the type {other}"))),
        })
    }

    /// The value as this kind of column takes it, whichever engine it came from.
    fn fit(self, value: Value) -> Result<Value, Error> {
        Ok(match (self, value) {
            (Kind::Bool, Value::Int(it @ (0 | 1))) => Value::Bool(it == 1),
            (Kind::Int, Value::Bool(it)) => Value::Int(it.into()),
            (Kind::Uuid, Value::Bytes(it)) if it.len() == 16 => {
                Value::Uuid(Uuid::from_slice(&it).expect("a uuid is any 16 bytes"))
            }
            (Kind::Bytes, Value::Uuid(it)) => Value::Bytes(it.as_bytes().to_vec()),
            (_, Value::Null) => Value::Null,
            (Kind::Int, it @ Value::Int(_))
            | (Kind::Bool, it @ Value::Bool(_))
            | (Kind::Text, it @ Value::Text(_))
            | (Kind::Bytes, it @ Value::Bytes(_))
            | (Kind::Uuid, it @ Value::Uuid(_)) => it,
            (kind, other) => return Err(Error::Shape(format!("{} does not fit a column of {kind:?}", other.kind()))),
        })
    }
}

/// A column and where it stands in the primary key, counted from 1.
struct Described {
    table: String,
    column: Column,
    place: i64,
}

impl Record for Described {
    fn from_row(row: &mut Row) -> Result<Described, Error> {
        let table = row.get("in_table")?;
        let (name, kind): (String, String) = (row.get("name")?, row.get("kind")?);
        Ok(Described { table, column: Column { name, kind: Kind::named(&kind)? }, place: row.get("place")? })
    }
}

const IN_SQLITE: &str = "SELECT t.name AS in_table, c.name, c.type AS kind, c.pk AS place
    FROM pragma_table_list t JOIN pragma_table_info(t.name) c
    WHERE t.schema = 'main' AND t.type = 'table' AND substr(t.name, 1, 7) <> 'sqlite_' AND t.name <> 'schema_migration'
    ORDER BY t.name, c.cid";

const IN_POSTGRES: &str =
    "SELECT c.relname AS in_table, a.attname AS name, t.typname AS kind, COALESCE(k.place, 0) AS place
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema()
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN LATERAL (SELECT u.place FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS u (number, place)
        WHERE i.indrelid = c.oid AND i.indisprimary AND u.number = a.attnum) k ON TRUE
    WHERE c.relkind = 'r' AND c.relname <> 'schema_migration' ORDER BY c.relname, a.attnum";

impl Conn<'_> {
    /// Every table but the one of the migrations, by name.
    pub fn tables(&mut self) -> Result<Vec<Table>, Error> {
        let text = if self.engine() == Engine::Sqlite { IN_SQLITE } else { IN_POSTGRES };
        let mut tables: Vec<Table> = Vec::new();
        let mut places = Vec::new();
        for Described { table, column, place } in self.all(sql!(text))? {
            if tables.last().is_none_or(|last| last.name != table) {
                finish(&mut tables, &mut places);
                tables.push(Table { name: table, columns: Vec::new(), key: Vec::new() });
            }
            if place > 0 {
                places.push((place, column.name.clone()));
            }
            tables.last_mut().expect("pushed above").columns.push(column);
        }
        finish(&mut tables, &mut places);
        Ok(tables)
    }

    /// Shows every row of a table in the order of its key, as they come: none is kept.
    pub fn each_row<E: From<Error>>(
        &mut self,
        table: &Table,
        see: impl FnMut(Vec<Value>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.each_row_where(table, "TRUE", Vec::new(), see)
    }

    /// The same of the rows for which a condition holds; its parameters are in the order of its `?`.
    pub fn each_row_where<E: From<Error>>(
        &mut self,
        table: &Table,
        condition: &str,
        params: Vec<Value>,
        mut see: impl FnMut(Vec<Value>) -> Result<(), E>,
    ) -> Result<(), E> {
        let (columns, key) = (table.names(), quoted(&table.key));
        let order = if key.is_empty() { columns.clone() } else { key };
        let text = format!("SELECT {columns} FROM {} WHERE {condition} ORDER BY {order}", quote(&table.name));
        let mut stopped = None;
        let seen = self.stream(&Statement::new(text, params), &mut |row| match see(row.into_values()) {
            Ok(()) => Ok(true),
            Err(error) => {
                stopped = Some(error);
                Ok(false)
            }
        });
        stopped.map_or_else(|| seen.map_err(E::from), Err)
    }

    /// Every reference of a table's column to another table.
    pub fn references(&mut self) -> Result<Vec<Reference>, Error> {
        let text = if self.engine() == Engine::Sqlite { REFERENCES_IN_SQLITE } else { REFERENCES_IN_POSTGRES };
        self.all(sql!(text))
    }

    /// How many rows a table has.
    pub fn count_rows(&mut self, table: &Table) -> Result<i64, Error> {
        let text = format!("SELECT COUNT(*) AS n FROM {}", quote(&table.name));
        self.one::<Row>(Statement::new(text, Vec::new()))?.get("n")
    }
}

/// Gives the last table its key.
fn finish(tables: &mut [Table], places: &mut Vec<(i64, String)>) {
    places.sort_unstable();
    if let Some(table) = tables.last_mut() {
        table.key = places.drain(..).map(|(_, name)| name).collect();
    }
}

/// Parameters of one statement; both engines take many times more.
const MOST_VALUES: usize = 1_000;

impl Tx<'_> {
    /// Adds rows whose values stand in the order of the table's columns; counting keys are taken as they are given.
    pub fn fill(&mut self, table: &Table, rows: Vec<Vec<Value>>) -> Result<(), Error> {
        let at_once = (MOST_VALUES / table.columns.len().max(1)).max(1);
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let part = rows.by_ref().take(at_once).map(|row| table.fit(row)).collect::<Result<Vec<_>, Error>>()?;
            let marks = vec![format!("({})", vec!["?"; table.columns.len()].join(", ")); part.len()].join(", ");
            let text = format!(
                "INSERT INTO {} ({}) /*pg: OVERRIDING SYSTEM VALUE */ VALUES {marks}",
                quote(&table.name),
                table.names()
            );
            self.run(Statement::new(text, part.into_iter().flatten().collect()))?;
        }
        Ok(())
    }

    /// Takes every row out of a table.
    pub fn clear(&mut self, table: &Table) -> Result<(), Error> {
        self.clear_where(table, "TRUE", Vec::new()).map(drop)
    }

    /// Takes the rows out for which a condition holds; says how many.
    pub fn clear_where(&mut self, table: &Table, condition: &str, params: Vec<Value>) -> Result<u64, Error> {
        self.run(Statement::new(format!("DELETE FROM {} WHERE {condition}", quote(&table.name)), params))
    }
}

impl Table {
    /// The same table with its columns in this order, which names each of them once.
    pub fn in_order(&self, names: &[&str]) -> Result<Table, Error> {
        let whole = self.columns.iter().all(|column| names.contains(&column.name.as_str()));
        let find = |name: &&str| self.columns.iter().find(|column| column.name == **name).cloned();
        let columns: Option<Vec<Column>> = names.iter().map(find).collect();
        match columns {
            Some(columns) if whole && names.len() == self.columns.len() => Ok(Table { columns, ..self.clone() }),
            _ => Err(Error::Shape(format!("the table {} has other columns than {names:?}", self.name))),
        }
    }

    fn names(&self) -> String {
        self.columns.iter().map(|column| quote(&column.name)).collect::<Vec<_>>().join(", ")
    }

    fn fit(&self, row: Vec<Value>) -> Result<Vec<Value>, Error> {
        if row.len() != self.columns.len() {
            let (given, wanted) = (row.len(), self.columns.len());
            return Err(Error::Shape(format!("{given} values for the {wanted} columns of {}", self.name)));
        }
        row.into_iter().zip(&self.columns).map(|(value, column)| column.kind.fit(value)).collect()
    }
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| quote(name)).collect::<Vec<_>>().join(", ")
}

fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A reference of one column to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The table that refers.
    pub table: String,
    /// Its column.
    pub column: String,
    /// The table referred to.
    pub parent: String,
    /// Its column.
    pub parent_column: String,
}

impl Record for Reference {
    fn from_row(row: &mut Row) -> Result<Reference, Error> {
        Ok(Reference {
            table: row.get("in_table")?,
            column: row.get("name")?,
            parent: row.get("parent")?,
            parent_column: row.get("parent_name")?,
        })
    }
}

const REFERENCES_IN_SQLITE: &str =
    "SELECT t.name AS in_table, f.\"from\" AS name, f.\"table\" AS parent, f.\"to\" AS parent_name
    FROM pragma_table_list t JOIN pragma_foreign_key_list(t.name) f
    WHERE t.schema = 'main' AND t.type = 'table' ORDER BY 1, 2";

const REFERENCES_IN_POSTGRES: &str =
    "SELECT c.relname AS in_table, a.attname AS name, p.relname AS parent, b.attname AS parent_name
    FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace AND n.nspname = current_schema()
    JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class p ON p.oid = k.confrelid
    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
    JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = k.confkey[1]
    WHERE k.contype = 'f' ORDER BY 1, 2";
