//! A field without separators cut into people: white space parts bare addresses, a
//! closed bracket ends its own.

use std::ops::Range;

use super::fields::{is_quote, opens_quote, quoted_end};
use crate::title::characters::is_space;

/// The parts of `field`, as byte ranges; each but the last has an address to its name.
pub(super) fn people(field: &str) -> Vec<Range<usize>> {
    let last_at = field.rfind('@').unwrap_or_default();
    let mut people = Vec::new();
    let mut start = 0;
    let mut units = Units { field, from: 0 }.peekable();
    let mut open = false;
    while let Some(unit) = units.next() {
        let next = units.peek();
        let addressed = unit.ends_an_address(field, open, next);
        open = unit.text(field).ends_with('@');
        let end = unit.end_with_mark(field);
        if addressed && end <= last_at {
            people.push(start..end);
            start = end;
        }
    }
    people.push(start..field.len());
    people
}

/// What a field is made of.
struct Unit {
    kind: Kind,
    range: Range<usize>,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Word,
    Quoted,
    Bracket,
}

impl Unit {
    fn text<'t>(&self, field: &'t str) -> &'t str {
        &field[self.range.clone()]
    }

    /// Whether an address is complete with this unit. `open` says that the unit before
    /// ended in an @. An address that stands as the name of itself is not the end.
    fn ends_an_address(&self, field: &str, open: bool, next: Option<&Self>) -> bool {
        let text = self.text(field);
        let bracket = next.filter(|next| next.kind == Kind::Bracket);
        match self.kind {
            Kind::Bracket => text.contains('@'),
            Kind::Quoted => text.contains('@') && bracket.is_none(),
            Kind::Word => {
                let has_address = open || text.find('@').is_some_and(|at| at + 1 < text.len());
                has_address && !bracket.is_some_and(|b| names_itself(text, b.text(field)))
            }
        }
    }

    /// Its end, a forgiven `.` or `>` directly behind a bracket included.
    fn end_with_mark(&self, field: &str) -> usize {
        let rest = &field[self.range.end..];
        let mark = self.kind == Kind::Bracket && rest.starts_with(['.', '>']);
        self.range.end + usize::from(mark)
    }
}

/// `ann@x.example <ann@x.example>`, the name perhaps in quotes or parentheses.
pub(super) fn names_itself(name: &str, bracket: &str) -> bool {
    let edge = |c: char| is_quote(c) || is_space(c) || matches!(c, '\'' | '(' | ')' | '<' | '>');
    name.trim_matches(edge).eq_ignore_ascii_case(bracket.trim_matches(edge))
}

/// Reads words, quoted names and closed brackets.
struct Units<'t> {
    field: &'t str,
    from: usize,
}

impl Iterator for Units<'_> {
    type Item = Unit;

    fn next(&mut self) -> Option<Unit> {
        let start = self.from + self.field[self.from..].find(|c| !is_space(c))?;
        let first = self.field[start..].chars().next()?;
        let before = self.field[..start].chars().next_back();
        let special = match first {
            '<' => bracket_end(self.field, start).map(|end| (Kind::Bracket, end)),
            c if opens_quote(before, c) => quoted_end(self.field, start).map(|end| (Kind::Quoted, end)),
            _ => None,
        };
        let (kind, end) = special.unwrap_or_else(|| (Kind::Word, word_end(self.field, start)));
        self.from = end;
        Some(Unit { kind, range: start..end })
    }
}

fn bracket_end(field: &str, open: usize) -> Option<usize> {
    let inside = open + 1;
    let end = inside + field[inside..].find(['<', '>'])?;
    field[end..].starts_with('>').then_some(end + 1)
}

fn word_end(field: &str, start: usize) -> usize {
    let mut rest = field[start..].char_indices().skip(1);
    rest.find(|&(_, c)| is_space(c) || c == '<').map_or(field.len(), |(at, _)| start + at)
}
