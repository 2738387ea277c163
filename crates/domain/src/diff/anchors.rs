//! What stands once on either side, in the same order: patience, by which long lists fall apart into short ones.

use std::{collections::HashMap, hash::Hash};

/// Places before and after of as many such items as rise on both sides together.
pub(super) fn anchors<T: Eq + Hash + Copy>(before: &[T], after: &[T]) -> Vec<(usize, usize)> {
    let (old, new) = (once(before), once(after));
    let mut both: Vec<(usize, usize)> = old.iter().filter_map(|(item, at)| Some((*at, *new.get(item)?))).collect();
    both.sort_unstable();
    rising(&both)
}

fn once<T: Eq + Hash + Copy>(list: &[T]) -> HashMap<T, usize> {
    let mut places: HashMap<T, Option<usize>> = HashMap::with_capacity(list.len());
    for (at, item) in list.iter().enumerate() {
        places.entry(*item).and_modify(|place| *place = None).or_insert(Some(at));
    }
    places.into_iter().filter_map(|(item, place)| Some((item, place?))).collect()
}

/// The longest run of pairs whose second places rise; the first ones do already.
fn rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // The pair that ends the best run of each length, and the pair before each.
    let mut ends: Vec<usize> = Vec::new();
    let mut previous = vec![None; pairs.len()];
    for (at, pair) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| pairs[*end].1 < pair.1);
        previous[at] = length.checked_sub(1).map(|shorter| ends[shorter]);
        if length == ends.len() { ends.push(at) } else { ends[length] = at }
    }
    let mut run = Vec::with_capacity(ends.len());
    let mut at = ends.last().copied();
    while let Some(place) = at {
        run.push(pairs[place]);
        at = previous[place];
    }
    run.reverse();
    run
}
