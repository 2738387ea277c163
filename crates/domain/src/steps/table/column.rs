//! What the columns of a pasted table mean.

use std::borrow::Cow;

use super::cells::Row;
use crate::{steps::BadSteps, title::folded};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Number,
    Action,
    /// Shown under the action: a step has no place of its own for it.
    Data,
    Expected,
    Other,
}

impl Column {
    /// By the names that spreadsheets and other tools give them.
    fn of(head: &str) -> Self {
        let head = folded(head);
        let head = head.trim_matches(|c: char| !c.is_alphanumeric() && c != '#');
        match head {
            "#" | "no" | "nr" | "number" | "step no" | "step #" | "step number" | "id" | "step id" | "pos" => {
                Self::Number
            }
            "action" | "actions" | "step" | "steps" | "test step" | "test steps" | "step action"
            | "step description" | "description" | "what to do" | "steps to reproduce" => Self::Action,
            "data" | "test data" | "input" | "input data" | "step data" => Self::Data,
            "expected"
            | "expected result"
            | "expected results"
            | "expected outcome"
            | "expectation"
            | "result"
            | "expected behaviour"
            | "expected behavior"
            | "step result"
            | "step expected result" => Self::Expected,
            _ => Self::Other,
        }
    }
}

/// The columns if this row names them: it has one for the action, or one for the result beside another.
pub(super) fn named(cells: &[Cow<'_, str>]) -> Option<Vec<Column>> {
    let mut columns: Vec<Column> = cells.iter().map(|cell| Column::of(cell)).collect();
    // A number called "Step" beside an action of another name.
    if let [first, rest @ ..] = columns.as_mut_slice()
        && *first == Column::Action
        && rest.contains(&Column::Action)
    {
        *first = Column::Number;
    }
    let named = |column| columns.contains(&column);
    let whole = named(Column::Action) && (named(Column::Expected) || named(Column::Number) || cells.len() == 1);
    whole.then_some(columns)
}

/// The columns of a table without names, by how many there are and whether the first only counts.
pub(super) fn guessed(rows: &[Row]) -> Result<Vec<Column>, BadSteps> {
    let filled = |row: &Row| row.cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
    let Some(widest) = rows.iter().max_by_key(|row| filled(row)) else { return Ok(Vec::new()) };
    let counts = rows.iter().all(|row| row.cells.first().is_some_and(|cell| is_number(cell)));
    let mut columns = if counts && filled(widest) > 1 { vec![Column::Number] } else { Vec::new() };
    columns.extend(match filled(widest) - columns.len() {
        0 | 1 => vec![Column::Action],
        2 => vec![Column::Action, Column::Expected],
        3 => vec![Column::Action, Column::Data, Column::Expected],
        _ => return Err(BadSteps::TooManyColumns { row: widest.number, found: filled(widest) }),
    });
    Ok(columns)
}

/// `3`, `3.`, `#3`, `Step 3`, or nothing.
fn is_number(cell: &str) -> bool {
    let cell = cell.to_lowercase();
    let bare =
        cell.trim_start_matches("step").trim_matches(|c: char| c.is_whitespace() || matches!(c, '#' | '.' | ')'));
    bare.len() <= 4 && bare.chars().all(|c| c.is_ascii_digit())
}
