//! Rows with named columns.

use std::{mem, sync::Arc};

use crate::{Error, Value};

/// The names of a result's columns, shared by its rows.
pub(crate) type Columns = Arc<[Box<str>]>;

/// One row of a result. Columns are taken by name, each once, so a changed column list cannot mix them up.
#[derive(Debug, Default)]
pub struct Row {
    columns: Columns,
    values: Vec<Option<Value>>,
    next: usize,
}

impl Row {
    pub(crate) fn new(columns: Columns, values: Vec<Option<Value>>) -> Row {
        Row { columns, values, next: 0 }
    }

    /// Takes the value of a column. A name the row does not have, or has given away, is an error that names it.
    pub fn take(&mut self, column: &str) -> Result<Value, Error> {
        let at = self.find(column).ok_or_else(|| Error::Shape(format!("no column {column}")))?;
        self.next = at + 1;
        self.values[at].take().ok_or_else(|| Error::Shape(format!("column {column} was taken before")))
    }

    /// All values that were not taken, in the order of the columns.
    pub(crate) fn into_values(self) -> Vec<Value> {
        self.values.into_iter().flatten().collect()
    }

    /// Takes the value of a column as the type wanted.
    pub fn get<T: TryFrom<Value, Error = Error>>(&mut self, column: &str) -> Result<T, Error> {
        T::try_from(self.take(column)?).map_err(|error| Error::Shape(format!("column {column}: {error}")))
    }

    /// Searches from the column after the last one taken: records mostly take them in order.
    fn find(&self, column: &str) -> Option<usize> {
        let named = |at: &usize| *self.columns[*at] == *column;
        (self.next..self.columns.len()).find(named).or_else(|| (0..self.next).find(named))
    }
}

/// What a row becomes.
pub trait Record: Sized {
    /// Reads the columns it needs.
    fn from_row(row: &mut Row) -> Result<Self, Error>;
}

impl Record for Row {
    fn from_row(row: &mut Row) -> Result<Row, Error> {
        Ok(mem::take(row))
    }
}

impl Record for () {
    fn from_row(_: &mut Row) -> Result<(), Error> {
        Ok(())
    }
}
