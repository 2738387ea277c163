//! Pieces while they are gathered.

use super::{Fate, Piece};

/// Gone and kept pieces run through the text before, new and kept ones through the text after, so lengths say it all.
pub(super) struct Pieces<'t> {
    before: &'t str,
    after: &'t str,
    runs: Vec<(Fate, usize)>,
}

impl<'t> Pieces<'t> {
    pub fn of(before: &'t str, after: &'t str) -> Self {
        Self { before, after, runs: Vec::new() }
    }

    pub fn add(&mut self, fate: Fate, length: usize) {
        match self.runs.last_mut() {
            _ if length == 0 => {}
            Some((last, run)) if *last == fate => *run += length,
            _ => self.runs.push((fate, length)),
        }
    }

    pub fn all(self) -> Vec<Piece<'t>> {
        let (mut before, mut after) = (self.before, self.after);
        let mut pieces = Vec::with_capacity(self.runs.len());
        for (fate, length) in self.runs {
            let (mut text, mut same) = ("", "");
            if fate != Fate::New {
                (text, before) = before.split_at(length);
            }
            if fate != Fate::Gone {
                (same, after) = after.split_at(length);
            }
            pieces.push(Piece { fate, text: if fate == Fate::Gone { text } else { same } });
        }
        pieces
    }
}
