//! A text cut into lines or words, without losing a character.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use crate::terms::is_bigram;

pub(super) struct Cut<'t> {
    text: &'t str,
    /// Where each piece ends; the first begins at 0.
    ends: Vec<usize>,
}

impl<'t> Cut<'t> {
    /// Lines with their line breaks.
    pub fn lines(text: &'t str) -> Self {
        let ends = text.split_inclusive('\n').scan(0, |end, line| {
            *end += line.len();
            Some(*end)
        });
        Self { text, ends: ends.collect() }
    }

    /// Words, stretches of spaces, single signs, and single characters of scripts that put no spaces between words.
    pub fn words(text: &'t str) -> Self {
        let mut ends = Vec::new();
        let mut before = Kind::Sign;
        for (at, c) in text.char_indices() {
            let kind = Kind::of(c, before);
            if at > 0 && (kind != before || kind == Kind::Sign) {
                ends.push(at);
            }
            before = kind;
        }
        if !text.is_empty() {
            ends.push(text.len());
        }
        Self { text, ends }
    }

    /// These pieces as one text.
    pub fn span(&self, pieces: Range<usize>) -> &'t str {
        &self.text[self.start(pieces.start)..self.start(pieces.end)]
    }

    /// Each piece.
    pub fn all(&self) -> Vec<&'t str> {
        (0..self.ends.len()).map(|at| self.span(at..at + 1)).collect()
    }

    fn start(&self, piece: usize) -> usize {
        piece.checked_sub(1).map_or(0, |before| self.ends[before])
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    Space,
    Sign,
}

impl Kind {
    fn of(c: char, before: Self) -> Self {
        match c {
            // A mark belongs to what it stands on.
            c if is_combining_mark(c) && before == Self::Word => Self::Word,
            c if is_bigram(c) => Self::Sign,
            c if c.is_alphanumeric() || c == '_' => Self::Word,
            ' ' | '\t' => Self::Space,
            _ => Self::Sign,
        }
    }
}
