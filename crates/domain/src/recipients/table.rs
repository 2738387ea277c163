//! A table: its head, and its rows one line each.

use std::{borrow::Cow, ops::Range};

use super::{Recipient, Unsupported, cells::cells, column::Column};
use crate::{email::read_row, title::characters::is_space};

/// What a row says beside its address; blank cells say nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values {
    /// The invitee's name.
    pub name: Option<String>,
    /// The role in the workspace, as written.
    pub role: Option<String>,
    /// Roles on projects, as written; [`on_projects`] reads them.
    pub projects: Option<String>,
    /// How many days the link works, as written.
    pub expires_in_days: Option<String>,
    /// The first filled cell that nothing here can obey.
    pub unsupported: Option<Unsupported>,
}

/// A table while it is read.
pub(super) struct Table {
    mark: Option<char>,
    columns: Vec<Column>,
    /// Lines read so far, the head being one.
    lines: usize,
}

/// A head is short; a longer line is none.
const LONGEST_HEAD: usize = 1_000;

impl Table {
    /// The table that begins with this line, if it is a head: a line without an @ that names the column of addresses.
    pub fn head(line: &str) -> Option<Self> {
        let line = line.trim_start_matches('\u{FEFF}');
        if line.len() > LONGEST_HEAD || line.contains('@') {
            return None;
        }
        let mark = mark_of(line);
        let columns: Vec<Column> = cells(line, mark).iter().map(|cell| Column::of(cell)).collect();
        columns.contains(&Column::Address).then_some(Self { mark, columns, lines: 1 })
    }

    /// The recipient in this line; `None` if it is blank.
    pub fn row(&mut self, line: &str) -> Option<Recipient> {
        self.lines += 1;
        let cells = cells(line, self.mark);
        if cells.iter().all(|cell| cell.is_empty()) {
            return None;
        }
        let mut address = Cow::Borrowed("");
        let mut values = Values::default();
        for (at, cell) in cells.into_iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            match self.columns.get(at) {
                // Of two columns of addresses the first that is filled counts.
                Some(Column::Address) if address.is_empty() => address = cell,
                Some(column) => values.take(column, cell.into_owned()),
                None => values.refuse(format!("number {}", at + 1)),
            }
        }
        Some(Recipient { row: Some(self.lines), piece: read_row(&address), values })
    }
}

impl Values {
    fn take(&mut self, column: &Column, cell: String) {
        match column {
            Column::Name => self.name = Some(cell),
            Column::Role => self.role = Some(cell),
            Column::Projects => self.projects = Some(cell),
            Column::ExpiresInDays => self.expires_in_days = Some(cell),
            Column::Address => self.refuse("a second address".to_owned()),
            Column::Other(head) => self.refuse(head.clone()),
        }
    }

    fn refuse(&mut self, head: String) {
        self.unsupported.get_or_insert(Unsupported(head));
    }
}

/// The separator that stands most often in a head.
fn mark_of(head: &str) -> Option<char> {
    let count = |mark: char| head.matches(mark).count();
    [';', '\t', ','].into_iter().max_by_key(|mark| count(*mark)).filter(|mark| count(*mark) > 0)
}

/// Where the first table begins, or the end of the text. A line `sep=;`, by which spreadsheets tell each other of their
/// separator, belongs to the table behind it.
pub(super) fn head_at(text: &str) -> usize {
    let mut before: Option<Range<usize>> = None;
    for line in Lines::of(text, 0) {
        if Table::head(&text[line.clone()]).is_some() {
            return before
                .filter(|before| is_separator_line(&text[before.clone()]))
                .map_or(line.start, |line| line.start);
        }
        before = Some(line);
    }
    text.len()
}

fn is_separator_line(line: &str) -> bool {
    let line = line.trim_start_matches('\u{FEFF}').trim_matches('"');
    line.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("sep=")) && line.chars().count() == 5
}

/// The lines of a text as byte ranges, whichever system ended them.
pub(super) struct Lines<'t> {
    text: &'t str,
    from: Option<usize>,
}

impl<'t> Lines<'t> {
    pub fn of(text: &'t str, from: usize) -> Self {
        Self { text, from: Some(from) }
    }
}

impl Iterator for Lines<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let start = self.from?;
        let rest = &self.text[start..];
        let end = start + rest.find(['\n', '\r']).unwrap_or(rest.len());
        let behind = &self.text[end..];
        let width = if behind.starts_with("\r\n") { 2 } else { usize::from(!behind.is_empty()) };
        self.from = (width > 0).then_some(end + width);
        Some(start..end)
    }
}

/// A cell of roles on projects that does not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no role on a project. Write key and role, as in WEB:tester, with spaces between several.")]
pub struct BadProjects(pub String);

/// `WEB:tester APP:manager` as pairs of project and role; commas, semicolons and bars part as well.
pub fn on_projects(cell: &str) -> Result<Vec<(String, String)>, BadProjects> {
    let tight = cell.split(':').map(|side| side.trim_matches(is_space)).collect::<Vec<_>>().join(":");
    let pairs = tight.split(|c| is_space(c) || matches!(c, ',' | ';' | '|')).filter(|pair| !pair.is_empty());
    let pair = |text: &str| match text.split_once(':') {
        Some((project, role)) if !project.is_empty() && !role.is_empty() => Ok((project.to_owned(), role.to_owned())),
        _ => Err(BadProjects(text.to_owned())),
    };
    pairs.map(pair).collect()
}
