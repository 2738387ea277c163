//! A list of steps as it is pasted: rows of a spreadsheet, a table of a web page or a numbered text.

mod lines;
mod table;

#[cfg(test)]
mod tests;

/// Steps of one list.
pub const MOST: usize = 5_000;

/// The longest action or expected result, in characters.
pub const LONGEST: usize = 20_000;

/// A step as it was pasted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pasted {
    /// What to do.
    pub action: String,
    /// What should come of it; empty where nothing is said.
    pub expected: String,
}

/// Why a list cannot be taken, and where. Rows and lines count from 1 and from the top of what was pasted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSteps {
    /// Nothing but blanks.
    #[error("There is no text to make steps of.")]
    Nothing,
    /// More than [`MOST`].
    #[error("A case has at most {MOST} steps; the one in row {row} is too many.")]
    TooMany {
        /// The first row that has no place.
        row: usize,
    },
    /// More than [`LONGEST`].
    #[error("The text in row {row}, column {column} is too long: {LONGEST} characters are the most.")]
    TooLong {
        /// The row.
        row: usize,
        /// The column.
        column: usize,
    },
    /// More columns than a step has parts.
    #[error(
        "Row {row} has {found} columns. A step has an action and an expected result, and may have a number before \
         and test data between them. With a first row that names the columns, others are left out."
    )]
    TooManyColumns {
        /// The row.
        row: usize,
        /// How many cells it has.
        found: usize,
    },
}

impl BadSteps {
    /// A stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Nothing => "blank",
            Self::TooMany { .. } => "too_many_steps",
            Self::TooLong { .. } => "too_long",
            Self::TooManyColumns { .. } => "too_many_columns",
        }
    }
}

/// The steps in a pasted text: a table if it has cells, else lines.
pub fn pasted(text: &str) -> Result<Vec<Pasted>, BadSteps> {
    let text = text.trim_start_matches('\u{FEFF}').replace("\r\n", "\n").replace('\r', "\n").replace('\0', "");
    let steps = match table::mark_of(&text) {
        Some(mark) => table::read(&text, mark)?,
        None => lines::read(&text)?,
    };
    if steps.is_empty() { Err(BadSteps::Nothing) } else { Ok(steps) }
}

/// A part of a step, if it is short enough.
fn part(text: &str, row: usize, column: usize) -> Result<String, BadSteps> {
    let text = text.trim();
    if text.chars().nth(LONGEST).is_some() {
        return Err(BadSteps::TooLong { row, column });
    }
    Ok(text.to_owned())
}

/// `more` under what is there.
fn under(text: &mut String, more: &str) {
    if !text.is_empty() && !more.is_empty() {
        text.push('\n');
    }
    text.push_str(more);
}
