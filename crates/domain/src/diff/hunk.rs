//! Stretches of two lists that are the same, or not, in order.

use std::{hash::Hash, ops::Range};

use imara_diff::{Algorithm, Diff, InternedInput, Interner};

use super::{anchors::anchors, cut::Cut};

#[derive(Clone, Debug)]
pub(super) struct Hunk {
    pub same: bool,
    pub before: Range<usize>,
    pub after: Range<usize>,
}

/// Pairs that may have to be compared in one stretch: the algorithm takes up to the square of what differs.
const MOST_COMPARED: usize = 4_000_000;

/// Both lists whole, cut into stretches that are the same and stretches that are not.
pub(super) fn hunks<T: Eq + Hash + Copy>(before: &[T], after: &[T]) -> Vec<Hunk> {
    let mut all = Hunks { before, after, found: Vec::new() };
    let start = before.iter().zip(after).take_while(|(old, new)| old == new).count();
    let rest = before[start..].iter().rev().zip(after[start..].iter().rev());
    let end = rest.take_while(|(old, new)| old == new).count();
    let inner = (start..before.len() - end, start..after.len() - end);
    all.push(true, 0..start, 0..start);
    all.between(inner.0.clone(), inner.1.clone());
    all.push(true, inner.0.end..before.len(), inner.1.end..after.len());
    all.found
}

struct Hunks<'l, T> {
    before: &'l [T],
    after: &'l [T],
    found: Vec<Hunk>,
}

impl<T: Eq + Hash + Copy> Hunks<'_, T> {
    /// What is too long to be compared as it is, is first cut at what stands once on either side.
    fn between(&mut self, before: Range<usize>, after: Range<usize>) {
        if before.len() * after.len() <= MOST_COMPARED {
            return self.compared(before, after);
        }
        let mut at = (before.start, after.start);
        for (old, new) in anchors(&self.before[before.clone()], &self.after[after.clone()]) {
            let (old, new) = (before.start + old, after.start + new);
            self.gap(at.0..old, at.1..new);
            self.push(true, old..old + 1, new..new + 1);
            at = (old + 1, new + 1);
        }
        self.gap(at.0..before.end, at.1..after.end);
    }

    fn gap(&mut self, before: Range<usize>, after: Range<usize>) {
        if before.len() * after.len() <= MOST_COMPARED {
            self.compared(before, after);
        } else {
            self.push(false, before, after);
        }
    }

    fn compared(&mut self, before: Range<usize>, after: Range<usize>) {
        let interner = Interner::new(before.len() + after.len());
        let mut input = InternedInput { before: Vec::new(), after: Vec::new(), interner };
        input.update_before(self.before[before.clone()].iter().copied());
        input.update_after(self.after[after.clone()].iter().copied());
        let mut diff = Diff::compute(Algorithm::Histogram, &input);
        diff.postprocess_no_heuristic(&input);
        let mut at = (before.start, after.start);
        for hunk in diff.hunks() {
            let gone = wide(&hunk.before, before.start);
            let came = wide(&hunk.after, after.start);
            self.push(true, at.0..gone.start, at.1..came.start);
            at = (gone.end, came.end);
            self.push(false, gone, came);
        }
        self.push(true, at.0..before.end, at.1..after.end);
    }

    /// Stretches of one kind that meet are one.
    fn push(&mut self, same: bool, before: Range<usize>, after: Range<usize>) {
        if before.is_empty() && after.is_empty() {
            return;
        }
        match self.found.last_mut().filter(|last| last.same == same) {
            Some(last) => (last.before.end, last.after.end) = (before.end, after.end),
            None => self.found.push(Hunk { same, before, after }),
        }
    }
}

fn wide(range: &Range<u32>, start: usize) -> Range<usize> {
    start + range.start as usize..start + range.end as usize
}

/// Words replaced one by one, with only their spaces kept, read better replaced together.
pub(super) fn without_confetti(hunks: Vec<Hunk>, after: &Cut) -> Vec<Hunk> {
    let mut calm: Vec<Hunk> = Vec::with_capacity(hunks.len());
    let mut hunks = hunks.into_iter().peekable();
    while let Some(hunk) = hunks.next() {
        let between = hunk.same
            && calm.last().is_some_and(replaces)
            && hunks.peek().is_some_and(replaces)
            && after.span(hunk.after.clone()).chars().all(|c| c == ' ');
        let joins = between || calm.last().is_some_and(|last| !last.same && !hunk.same);
        match calm.last_mut().filter(|_| joins) {
            Some(last) => (last.before.end, last.after.end) = (hunk.before.end, hunk.after.end),
            None => calm.push(hunk),
        }
    }
    calm
}

fn replaces(hunk: &Hunk) -> bool {
    !hunk.same && !hunk.before.is_empty() && !hunk.after.is_empty()
}
