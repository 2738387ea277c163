//! One line of a table cut into its cells.

use std::borrow::Cow;

use crate::title::characters::is_space;

/// The cells of `line`, trimmed; without a `mark` the line is one cell.
///
/// A cell may stand in quotes, with `""` for a quote within (RFC 4180). No value of ours has a line break, so quotes never
/// reach over the end of a line: a stray one spoils its own row and swallows no other.
pub(super) fn cells(line: &str, mark: Option<char>) -> Vec<Cow<'_, str>> {
    let mut cells = Vec::new();
    // Once no quote closes, none does later on the line.
    let (mut rest, mut closes) = (line, true);
    loop {
        let start = rest.trim_start_matches(|c| is_space(c) && Some(c) != mark);
        let quoted = if closes && start.starts_with('"') { quoted(start, mark) } else { None };
        closes &= quoted.is_some() || !start.starts_with('"');
        let (cell, after) = quoted.unwrap_or_else(|| plain(rest, mark));
        cells.push(cell);
        match after {
            Some(after) => rest = after,
            None => return cells,
        }
    }
}

type Cut<'t> = (Cow<'t, str>, Option<&'t str>);

fn plain(text: &str, mark: Option<char>) -> Cut<'_> {
    let (cell, after) = match mark.and_then(|mark| text.split_once(mark)) {
        Some((cell, after)) => (cell, Some(after)),
        None => (text, None),
    };
    (Cow::Borrowed(cell.trim_matches(is_space)), after)
}

/// The cell in quotes at the start of `text`, if its closing quote ends the cell.
fn quoted(text: &str, mark: Option<char>) -> Option<Cut<'_>> {
    let inside = &text[1..];
    let mut from = 0;
    loop {
        let at = from + inside[from..].find('"')?;
        let after = &inside[at + 1..];
        if after.starts_with('"') {
            from = at + 2;
            continue;
        }
        let beyond = after.trim_start_matches(|c| is_space(c) && Some(c) != mark);
        if beyond.is_empty() {
            return Some((unescaped(&inside[..at]), None));
        }
        if let Some(rest) = mark.and_then(|mark| beyond.strip_prefix(mark)) {
            return Some((unescaped(&inside[..at]), Some(rest)));
        }
        from = at + 1;
    }
}

fn unescaped(inside: &str) -> Cow<'_, str> {
    let inside = inside.trim_matches(is_space);
    if inside.contains("\"\"") { Cow::Owned(inside.replace("\"\"", "\"")) } else { Cow::Borrowed(inside) }
}
