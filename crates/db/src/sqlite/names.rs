//! The names of results' columns, kept from run to run.

use std::{borrow::Cow, cell::RefCell, collections::HashMap};

use rusqlite::StatementStatus;

use crate::{Statement, row::Columns};

/// Names by the text of their statement. Texts that stand in the program are told apart by their place in memory, which
/// is quicker than reading them; texts made up on the way are not kept.
#[derive(Default)]
pub(super) struct Names {
    kept: RefCell<HashMap<(usize, usize), Columns>>,
}

impl Names {
    /// The names of a statement's columns. Ask after the first step: after a change of the schema it prepares the text
    /// anew, and what was kept is not believed.
    pub(super) fn of(&self, statement: &Statement, prepared: &rusqlite::Statement<'_>) -> Columns {
        let Cow::Borrowed(text) = statement.text else { return read(prepared) };
        if prepared.get_status(StatementStatus::RePrepare) > 0 {
            return read(prepared);
        }
        let place = (text.as_ptr().addr(), text.len());
        self.kept.borrow_mut().entry(place).or_insert_with(|| read(prepared)).clone()
    }
}

fn read(prepared: &rusqlite::Statement<'_>) -> Columns {
    prepared.column_names().map(Into::into).collect()
}
