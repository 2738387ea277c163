//! Recipients as people hand them over: a pasted list, a table (CSV), or a list with tables behind it.
//!
//! One format for dialog, API and command line: `address,name,role,projects,groups,expires_in_days,ends_at`, in any order,
//! with a head. Without a head a text is a list of addresses.

mod cells;
mod column;
mod decode;
mod table;

use std::{iter::Peekable, ops::Range};

use crate::{
    email::{Piece, Pieces, pieces},
    title::characters::is_space,
};

pub use column::{HEAD, Unsupported};
pub use decode::decode;
pub use table::{BadProjects, Values, on_projects};

use table::{Lines, Table, head_at};

/// One recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// The row of its table as spreadsheets count, the head being row 1; `None` in a list.
    pub row: Option<usize>,
    /// The address, and the name that stood with it. In a table its place counts within the cell.
    pub piece: Piece,
    /// What else its row says.
    pub values: Values,
}

/// Reads a text, one recipient at a time: who has a limit takes one more than that and never pays for the rest.
/// Takes time linear in the text.
pub fn recipients(text: &str) -> Recipients<'_> {
    let start = head_at(text);
    Recipients { list: pieces(&text[..start]), text, lines: Lines::of(text, start).peekable(), table: None }
}

/// Two texts as one: lists before tables, so that no list becomes rows of the other's table.
pub fn join(one: &str, other: &str) -> String {
    let ((list, table), (more, further)) = (one.split_at(head_at(one)), other.split_at(head_at(other)));
    let parts = [list, more, table, further].map(|part| part.trim_matches(is_space));
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

/// The recipients of a text, see [`recipients`].
pub struct Recipients<'t> {
    list: Pieces<'t>,
    text: &'t str,
    lines: Peekable<Lines<'t>>,
    table: Option<Table>,
}

impl Iterator for Recipients<'_> {
    type Item = Recipient;

    fn next(&mut self) -> Option<Recipient> {
        if let Some(piece) = self.list.next() {
            return Some(Recipient { row: None, piece, values: Values::default() });
        }
        loop {
            let line = self.lines.next()?;
            if let Some(row) = self.row(line) {
                return Some(row);
            }
        }
    }
}

impl Recipients<'_> {
    fn row(&mut self, line: Range<usize>) -> Option<Recipient> {
        let line = &self.text[line];
        if let Some(head) = Table::head(line) {
            self.table = Some(head);
            return None;
        }
        self.table.as_mut()?.row(line)
    }
}

#[cfg(test)]
mod tests;
