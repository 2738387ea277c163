//! Two lists beside each other: what stayed, what was changed, what went and what came.

use std::collections::HashSet;

use super::{
    cut::Cut,
    hunk::{Hunk, hunks},
};

/// A place in the list before and one in the list after; at least one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Where it stood.
    pub before: Option<usize>,
    /// Where it stands.
    pub after: Option<usize>,
    /// Whether both say the same.
    pub same: bool,
}

impl Pair {
    fn gone(at: usize) -> Self {
        Self { before: Some(at), after: None, same: false }
    }

    fn new(at: usize) -> Self {
        Self { before: None, after: Some(at), same: false }
    }

    fn of(before: usize, after: usize) -> Self {
        Self { before: Some(before), after: Some(after), same: false }
    }
}

/// Larger stretches are paired in their order: to compare each with each costs the square.
const MOST_COMPARED: usize = 2_500;

/// Words that count for likeness.
const MOST_WORDS: usize = 200;

/// Less than this many shared words in a hundred make another text, not a changed one.
const LIKE: u32 = 30;

/// Texts before and after side by side: the same ones, then those most alike, then what is left alone.
pub fn pairs(before: &[&str], after: &[&str]) -> Vec<Pair> {
    let mut pairs = Vec::with_capacity(before.len().max(after.len()));
    for hunk in hunks(before, after) {
        if hunk.same {
            pairs.extend(hunk.before.zip(hunk.after).map(|(before, after)| Pair::of(before, after)));
        } else if hunk.before.len() * hunk.after.len() > MOST_COMPARED {
            in_order(&hunk, &mut pairs);
        } else {
            most_alike(&hunk, before, after, &mut pairs);
        }
    }
    for pair in &mut pairs {
        pair.same = pair.before.map(|at| before[at]) == pair.after.map(|at| after[at]);
    }
    pairs
}

fn in_order(hunk: &Hunk, pairs: &mut Vec<Pair>) {
    let both = hunk.before.len().min(hunk.after.len());
    pairs.extend((0..both).map(|at| Pair::of(hunk.before.start + at, hunk.after.start + at)));
    pairs.extend((hunk.before.start + both..hunk.before.end).map(Pair::gone));
    pairs.extend((hunk.after.start + both..hunk.after.end).map(Pair::new));
}

/// The pairing in order with the most likeness in all, by dynamic programming.
fn most_alike(hunk: &Hunk, before: &[&str], after: &[&str], pairs: &mut Vec<Pair>) {
    let old: Vec<_> = hunk.before.clone().map(|at| words(before[at])).collect();
    let new: Vec<_> = hunk.after.clone().map(|at| words(after[at])).collect();
    let likeness: Vec<Vec<u32>> = old.iter().map(|old| new.iter().map(|new| alike(old, new)).collect()).collect();
    // best[a][b]: what is to be had from the old ones from a on and the new ones from b on.
    let mut best = vec![vec![0; new.len() + 1]; old.len() + 1];
    for a in (0..old.len()).rev() {
        for b in (0..new.len()).rev() {
            let apart = best[a + 1][b].max(best[a][b + 1]);
            best[a][b] = if likeness[a][b] >= LIKE { apart.max(likeness[a][b] + best[a + 1][b + 1]) } else { apart };
        }
    }
    let (mut a, mut b) = (0, 0);
    while a < old.len() || b < new.len() {
        let (at, to) = (hunk.before.start + a, hunk.after.start + b);
        let paired = a < old.len() && b < new.len() && likeness[a][b] >= LIKE;
        if paired && best[a][b] == likeness[a][b] + best[a + 1][b + 1] {
            pairs.push(Pair::of(at, to));
            (a, b) = (a + 1, b + 1);
        } else if a < old.len() && (b == new.len() || best[a][b] == best[a + 1][b]) {
            pairs.push(Pair::gone(at));
            a += 1;
        } else {
            pairs.push(Pair::new(to));
            b += 1;
        }
    }
}

fn words(text: &str) -> HashSet<&str> {
    let worded = |word: &&str| word.starts_with(char::is_alphanumeric);
    // A word is at most a few signs from the next one.
    let end = text.char_indices().nth(MOST_WORDS * 20).map_or(text.len(), |(at, _)| at);
    Cut::words(&text[..end]).all().into_iter().filter(worded).take(MOST_WORDS).collect()
}

/// Shared words in a hundred of both; two texts without words are alike.
fn alike(old: &HashSet<&str>, new: &HashSet<&str>) -> u32 {
    let both = old.len() + new.len();
    let shared = old.intersection(new).count();
    u32::try_from((200 * shared).checked_div(both).unwrap_or(100)).unwrap_or(100)
}
