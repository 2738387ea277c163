//! Rows of cells; in quotes a cell may go over several lines (RFC 4180, which spreadsheets follow with tabs too).

use std::borrow::Cow;

pub(super) struct Row<'t> {
    /// From 1; a row of several lines is one.
    pub number: usize,
    pub cells: Vec<Cow<'t, str>>,
    /// Cells that stood in quotes.
    pub quoted: usize,
}

/// The rows of a text with `\n` for its line breaks. In time linear to it: a quote is looked for at the start of a cell,
/// no further than the next one that is not doubled.
pub(super) struct Rows<'t> {
    rest: Option<&'t str>,
    mark: char,
    number: usize,
}

impl<'t> Rows<'t> {
    pub fn of(text: &'t str, mark: char) -> Self {
        Self { rest: Some(text), mark, number: 0 }
    }
}

impl<'t> Iterator for Rows<'t> {
    type Item = Row<'t>;

    fn next(&mut self) -> Option<Row<'t>> {
        let mut rest = self.rest.filter(|rest| !rest.is_empty())?;
        self.number += 1;
        let mut row = Row { number: self.number, cells: Vec::new(), quoted: 0 };
        loop {
            let quoted = quoted(rest, self.mark);
            row.quoted += usize::from(quoted.is_some());
            let (cell, after) = quoted.unwrap_or_else(|| plain(rest, self.mark));
            row.cells.push(cell);
            let Some(next) = after.strip_prefix(self.mark) else {
                self.rest = after.strip_prefix('\n');
                return Some(row);
            };
            rest = next;
        }
    }
}

/// A cell, and the text from what ends it.
type Cut<'t> = (Cow<'t, str>, &'t str);

fn plain(text: &str, mark: char) -> Cut<'_> {
    let end = text.find([mark, '\n']).unwrap_or(text.len());
    (Cow::Borrowed(text[..end].trim()), &text[end..])
}

/// The cell in quotes, if one begins here and its closing quote ends the cell. A stray quote is a character.
fn quoted(text: &str, mark: char) -> Option<Cut<'_>> {
    let inside = text.trim_start_matches(' ').strip_prefix('"')?;
    let mut from = 0;
    loop {
        let at = from + inside[from..].find('"')?;
        let after = &inside[at + 1..];
        if after.starts_with('"') {
            from = at + 2;
            continue;
        }
        let after = after.trim_start_matches(' ');
        let ends = after.is_empty() || after.starts_with([mark, '\n']);
        return ends.then(|| (unescaped(inside[..at].trim()), after));
    }
}

fn unescaped(inside: &str) -> Cow<'_, str> {
    if inside.contains("\"\"") { Cow::Owned(inside.replace("\"\"", "\"")) } else { Cow::Borrowed(inside) }
}
