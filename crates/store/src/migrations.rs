//! The numbered steps from an empty database to today's.

use db::Migration;

/// All of them, in order. Forward only; the previous binary still runs on the result.
pub const ALL: &[Migration] = &[
    Migration { number: 1, name: "house", sql: include_str!("migrations/0001_house.sql") },
    Migration { number: 2, name: "authoring", sql: include_str!("migrations/0002_authoring.sql") },
];

/// What a column holds by the mark it was made with: `uuid`, `time`, `bool`, …. The engines know less.
pub fn mark(table: &str, column: &str) -> Option<&'static str> {
    ALL.iter().find_map(|step| marked(step.sql, table, column))
}

fn marked(text: &'static str, table: &str, column: &str) -> Option<&'static str> {
    let mut open = None;
    for line in text.lines().map(str::trim) {
        if let Some(rest) = line.strip_prefix("CREATE TABLE ") {
            open = rest.split_whitespace().next();
        } else if let Some(rest) = line.strip_prefix("ALTER TABLE ")
            && let Some((altered, added)) = rest.split_once(" ADD COLUMN ")
            && altered == table
            && let Some(mark) = of(added, column)
        {
            return Some(mark);
        } else if open == Some(table)
            && let Some(mark) = of(line, column)
        {
            return Some(mark);
        }
    }
    None
}

/// The mark in `name {mark} …`.
fn of(line: &'static str, column: &str) -> Option<&'static str> {
    let rest = line.strip_prefix(column)?.strip_prefix(" {")?;
    rest.split('}').next()
}
