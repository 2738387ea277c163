//! Steps as rows of cells.

mod cells;
mod column;

use super::{BadSteps, LONGEST, MOST, Pasted, part, under};

use cells::Rows;
use column::{Column, guessed, named};

/// What parts the cells, if this is a table: a tab anywhere, or what a first row with names of columns has, or what stands
/// between first cells in quotes. A comma alone is punctuation.
pub(super) fn mark_of(text: &str) -> Option<char> {
    if text.contains('\t') {
        return Some('\t');
    }
    let first = text.lines().find(|line| !line.trim().is_empty())?;
    let is_head = |mark: &char| {
        let row = Rows::of(first, *mark).next();
        row.is_some_and(|row| row.cells.len() > 1 && named(&row.cells).is_some())
    };
    [';', ',', '|'].into_iter().find(is_head).or_else(|| quoted_mark(text))
}

/// `"Open","It opens"`, each cell in quotes.
fn quoted_mark(text: &str) -> Option<char> {
    let text = text.trim_start();
    if !text.starts_with('"') {
        return None;
    }
    let is_table = |mark: &char| {
        let row = Rows::of(text, *mark).next();
        row.is_some_and(|row| row.quoted > 0 && row.quoted == row.cells.len())
    };
    [',', ';'].into_iter().find(is_table)
}

pub(super) fn read(text: &str, mark: char) -> Result<Vec<Pasted>, BadSteps> {
    let mut rows: Vec<_> = Rows::of(text, mark).filter(|row| row.cells.iter().any(|cell| !cell.is_empty())).collect();
    let columns = match rows.first().and_then(|row| named(&row.cells)) {
        Some(columns) => {
            rows.remove(0);
            columns
        }
        None => guessed(&rows)?,
    };
    let mut steps = Vec::new();
    for row in rows {
        let step = step(&row, &columns)?;
        // A result without an action belongs to the cells above, which were joined.
        if let Some(last) = steps.last_mut().filter(|_| step.action.is_empty()) {
            join(last, &step, row.number)?;
        } else if step != Pasted::default() {
            if steps.len() == MOST {
                return Err(BadSteps::TooMany { row: row.number });
            }
            steps.push(step);
        }
    }
    Ok(steps)
}

fn step(row: &cells::Row, columns: &[Column]) -> Result<Pasted, BadSteps> {
    let mut step = Pasted::default();
    for (at, cell) in row.cells.iter().enumerate() {
        let text = part(cell, row.number, at + 1)?;
        match columns.get(at) {
            Some(Column::Action | Column::Data) => under(&mut step.action, &text),
            Some(Column::Expected) => under(&mut step.expected, &text),
            Some(Column::Number | Column::Other) | None => {}
        }
    }
    Ok(step)
}

fn join(last: &mut Pasted, more: &Pasted, row: usize) -> Result<(), BadSteps> {
    under(&mut last.expected, &more.expected);
    if last.expected.chars().nth(LONGEST).is_some() {
        return Err(BadSteps::TooLong { row, column: 1 });
    }
    Ok(())
}
