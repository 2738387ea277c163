//! A pasted text cut at its separators, in one pass and without believing any quote
//! or bracket that would swallow what follows.

use std::ops::Range;

use crate::title::characters::is_space;

/// The stretches of `text` between separators, as byte ranges, blank ones included.
pub(super) struct Fields<'t> {
    text: &'t str,
    from: Option<usize>,
}

impl<'t> Fields<'t> {
    pub fn of(text: &'t str) -> Self {
        Self { text, from: Some(0) }
    }
}

impl Iterator for Fields<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let start = self.from?;
        let end = Field::starting(self.text, start).end();
        let separator = self.text[end..].chars().next();
        self.from = separator.map(|c| end + c.len_utf8());
        Some(start..end)
    }
}

/// One field while it is read, and what its last word has shown so far.
struct Field<'t> {
    text: &'t str,
    start: usize,
    before: Option<char>,
    word: usize,
    /// Within the domain of an address.
    in_domain: bool,
    dotless: bool,
    /// Within the query of a `mailto:` link.
    in_query: bool,
}

impl<'t> Field<'t> {
    fn starting(text: &'t str, start: usize) -> Self {
        Self { text, start, before: None, word: start, in_domain: false, dotless: false, in_query: false }
    }

    /// Where the field ends: at a separator that separates, or with the text.
    fn end(mut self) -> usize {
        let mut at = self.start;
        while let Some(c) = self.text[at..].chars().next() {
            looked(c.len_utf8());
            if is_break(c) || (is_mark(c) && !self.keeps(at, c)) {
                return at;
            }
            let quoted = opens_quote(self.before, c).then(|| quoted_end(self.text, at)).flatten();
            let next = quoted.unwrap_or(at + c.len_utf8());
            self.take(at, if quoted.is_some() { '"' } else { c });
            at = next;
        }
        at
    }

    fn take(&mut self, at: usize, c: char) {
        match c {
            c if is_space(c) || c == '<' => {
                self.word = at + c.len_utf8();
                (self.in_domain, self.in_query) = (false, false);
            }
            '@' => (self.in_domain, self.dotless) = (true, true),
            '.' => self.dotless = false,
            '?' if is_mailto(&self.text[self.word..at]) => self.in_query = true,
            _ => {}
        }
        self.before = Some(c);
    }

    /// Whether the comma or semicolon at `at` belongs to the word around it: a comma typed
    /// for a dot (`ruth@hollin,example`), or either within a link's query.
    fn keeps(&self, at: usize, mark: char) -> bool {
        let rest = &self.text[at + 1..];
        let alone =
            self.before.is_none_or(|c| is_space(c) || c == '@') || rest.starts_with(|c| is_space(c) || is_mark(c));
        let typo = mark == ',' && self.in_domain && self.dotless;
        !alone && !rest.is_empty() && (typo || self.in_query) && lacks_address(rest)
    }
}

/// Whether the piece at the start of `rest` has no @ of its own. An address after white
/// space is a piece by itself, so it does not count; one in brackets has its name here.
fn lacks_address(rest: &str) -> bool {
    let mut spaced = false;
    for c in rest.chars() {
        looked(c.len_utf8());
        match c {
            c if is_mark(c) || is_break(c) => return true,
            '<' => return false,
            '@' => return spaced,
            c if is_quote(c) => return false,
            c => spaced |= is_space(c),
        }
    }
    true
}

/// `mailto:` and something.
pub(super) fn is_mailto(word: &str) -> bool {
    word.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("mailto:"))
}

/// Line ends of every system, tabs and form feeds: they separate even within quotes.
pub(super) fn is_break(c: char) -> bool {
    matches!(c, '\t'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// A comma or a semicolon.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c, ',' | ';')
}

/// A double quote, straight or as text processors bend it.
pub(super) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟')
}

/// Whether `c`, coming after `before`, may open a quoted name.
pub(super) fn opens_quote(before: Option<char>, c: char) -> bool {
    is_quote(c) && before.is_none_or(is_space)
}

/// The end of the quoted name that opens at `open`, if it is one: closed on its own line
/// and at the end of a word, without a `<` in it, and, if it has an @, followed
/// by a bracketed address. Anything else is a stray quote.
pub(super) fn quoted_end(text: &str, open: usize) -> Option<usize> {
    let mut inside = text[open..].char_indices().skip(1);
    let (mut escaped, mut has_at) = (false, false);
    loop {
        let (at, c) = inside.next()?;
        looked(c.len_utf8());
        match c {
            c if is_break(c) || c == '<' => return None,
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if is_quote(c) => {
                let end = open + at + c.len_utf8();
                return may_follow(&text[end..], has_at).then_some(end);
            }
            c => has_at |= c == '@',
        }
    }
}

fn may_follow(rest: &str, bracket_needed: bool) -> bool {
    let spaces = rest.find(|c| !is_space(c) || is_break(c)).unwrap_or(rest.len());
    looked(spaces);
    let next = rest[spaces..].chars().next();
    if bracket_needed {
        return next == Some('<');
    }
    spaces > 0 || next.is_none_or(|c| c == '<' || is_mark(c) || is_break(c))
}

/// Counts the bytes looked at, so that a test can hold the reading to linear time.
#[cfg(not(test))]
fn looked(_: usize) {}

#[cfg(test)]
pub(super) use counted::looked;

#[cfg(test)]
pub(super) mod counted {
    use std::cell::Cell;

    thread_local!(static LOOKED: Cell<usize> = const { Cell::new(0) });

    pub(in super::super) fn looked(bytes: usize) {
        LOOKED.set(LOOKED.get() + bytes);
    }

    /// The bytes looked at on this thread since the last call.
    pub(in super::super) fn taken() -> usize {
        LOOKED.take()
    }
}
