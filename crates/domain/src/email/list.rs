//! A pasted list: every person in it, good or bad, in the order they stand.

use std::{ops::Range, vec};

use super::{fields::Fields, people::people, piece::Piece};
use crate::title::characters::is_space;

/// Reads all of a pasted list. Separators are commas, semicolons, line ends, tabs and, between
/// bare addresses, white space; empty pieces are dropped. Takes time linear in the text.
pub fn read_list(text: &str) -> Vec<Piece> {
    pieces(text).collect()
}

/// As [`read_list`], one piece at a time: who has a limit takes one more than that and
/// never pays for the rest.
pub fn pieces(text: &str) -> Pieces<'_> {
    Pieces { text, fields: Fields::of(text), field: 0, people: Vec::new().into_iter(), place: Place::default() }
}

/// The pieces of a pasted list, see [`pieces`].
pub struct Pieces<'t> {
    text: &'t str,
    fields: Fields<'t>,
    /// Bytes before the field whose people are given out.
    field: usize,
    people: vec::IntoIter<Range<usize>>,
    place: Place,
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        loop {
            let Some(person) = self.people.next() else {
                let field = self.fields.next()?;
                self.field = field.start;
                self.people = people(&self.text[field]).into_iter();
                continue;
            };
            let part = &self.text[self.field + person.start..self.field + person.end];
            let input = part.trim_start_matches(is_space);
            let start = self.field + person.end - input.len();
            let input = input.trim_end_matches(is_space);
            if !input.is_empty() {
                return Some(Piece::read(input, self.place.at(self.text, start)));
            }
        }
    }
}

/// Turns growing byte offsets into character offsets, each byte counted once.
#[derive(Default)]
struct Place {
    bytes: usize,
    characters: usize,
}

impl Place {
    fn at(&mut self, text: &str, bytes: usize) -> usize {
        self.characters += text[self.bytes..bytes].chars().count();
        self.bytes = bytes;
        self.characters
    }
}
