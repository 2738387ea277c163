//! What differs between two texts, by words, and between two lists of steps.
//!
//! The algorithm is the histogram one of git. What is too long for it is first cut at what stands once on either side, and
//! counts as replaced where that is not enough; so a megabyte against another takes bounded time.

mod anchors;
mod cut;
mod hunk;
mod pairs;
mod pieces;

#[cfg(test)]
mod tests;

use cut::Cut;
use hunk::hunks;
use pieces::Pieces;

pub use pairs::{Pair, pairs};

/// What became of a piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It stands in both.
    Kept,
    /// It stood in the text before.
    Gone,
    /// It stands in the text after.
    New,
}

impl Fate {
    /// A stable word for programs.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Gone => "gone",
            Self::New => "new",
        }
    }
}

/// A piece of text, as long as what follows has the same fate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece<'t> {
    /// What became of it.
    pub fate: Fate,
    /// Its words, with the spaces and signs between them.
    pub text: &'t str,
}

/// Both texts in one: pieces in the order of reading, what went before what came.
pub fn inline<'t>(before: &'t str, after: &'t str) -> Vec<Piece<'t>> {
    let (old, new) = (Cut::lines(before), Cut::lines(after));
    let mut pieces = Pieces::of(before, after);
    for hunk in hunks(&old.all(), &new.all()) {
        let (gone, came) = (old.span(hunk.before), new.span(hunk.after));
        if hunk.same {
            pieces.add(Fate::Kept, came.len());
        } else {
            by_words(gone, came, &mut pieces);
        }
    }
    pieces.all()
}

fn by_words(before: &str, after: &str, pieces: &mut Pieces) {
    let (old, new) = (Cut::words(before), Cut::words(after));
    for hunk in hunk::without_confetti(hunks(&old.all(), &new.all()), &new) {
        let (gone, came) = (old.span(hunk.before), new.span(hunk.after));
        if hunk.same {
            pieces.add(Fate::Kept, came.len());
        } else {
            pieces.add(Fate::Gone, gone.len());
            pieces.add(Fate::New, came.len());
        }
    }
}

/// A line before and what stands there after; one of them may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line<'t> {
    /// Kept and gone pieces, without the line break; `None` where a line was added.
    pub before: Option<Vec<Piece<'t>>>,
    /// Kept and new pieces, without the line break; `None` where a line was taken away.
    pub after: Option<Vec<Piece<'t>>>,
}

impl Line<'_> {
    /// Whether both sides say the same.
    pub fn is_kept(&self) -> bool {
        let kept = |side: &Option<Vec<Piece>>| side.as_ref().is_some_and(|line| line.iter().all(is_kept));
        kept(&self.before) && kept(&self.after)
    }
}

fn is_kept(piece: &Piece) -> bool {
    piece.fate == Fate::Kept
}

/// Both texts beside each other, line by line.
pub fn sides<'t>(before: &'t str, after: &'t str) -> Vec<Line<'t>> {
    let (old, new): (Vec<_>, Vec<_>) = (before.lines().collect(), after.lines().collect());
    pairs(&old, &new).into_iter().map(|pair| beside(pair, &old, &new)).collect()
}

fn beside<'t>(pair: Pair, old: &[&'t str], new: &[&'t str]) -> Line<'t> {
    let whole = |fate, text: &'t str| Some(vec![Piece { fate, text }]);
    match (pair.before, pair.after) {
        (Some(before), Some(after)) if pair.same => {
            Line { before: whole(Fate::Kept, old[before]), after: whole(Fate::Kept, new[after]) }
        }
        (Some(before), Some(after)) => two(old[before], new[after]),
        (before, after) => Line {
            before: before.and_then(|at| whole(Fate::Gone, old[at])),
            after: after.and_then(|at| whole(Fate::New, new[at])),
        },
    }
}

fn two<'t>(before: &'t str, after: &'t str) -> Line<'t> {
    let mut pieces = Pieces::of(before, after);
    by_words(before, after, &mut pieces);
    let mut line = Line { before: Some(Vec::new()), after: Some(Vec::new()) };
    for piece in pieces.all() {
        if let Some(side) = line.before.as_mut().filter(|_| piece.fate != Fate::New) {
            side.push(piece);
        }
        if let Some(side) = line.after.as_mut().filter(|_| piece.fate != Fate::Gone) {
            side.push(piece);
        }
    }
    line
}
