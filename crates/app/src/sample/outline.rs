//! The folders of a sample, and how many cases lie in each.

use super::{
    dice::Dice,
    words::{AREAS, ASPECTS, PLACES, Part},
};

/// Cases to a folder, on average.
const TO_A_FOLDER: usize = 20;

/// A folder to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shelf {
    /// What it is called.
    pub name: &'static str,
    /// The folder it lies in, by its place in the list; before this one.
    pub parent: Option<usize>,
    /// The place of its area, and in it of its part, if it is of one.
    pub of: (usize, Option<usize>),
    /// How many cases lie directly in it.
    pub cases: usize,
}

/// Grows a tree as teams do: uneven, an area at a time, three to four levels deep.
pub fn shelves(cases: usize, dice: &mut Dice) -> Vec<Shelf> {
    let wanted = (cases / TO_A_FOLDER).max(1);
    let mut tree = Tree::default();
    let areas = AREAS.len().min(wanted);
    (0..areas).for_each(|_| tree.add(None));
    while tree.shelves.len() < wanted && !tree.open.is_empty() {
        let open = dice.below(tree.open.len());
        tree.add(Some(open));
    }
    tree.share(cases, dice);
    tree.shelves
}

#[derive(Default)]
struct Tree {
    shelves: Vec<Shelf>,
    depths: Vec<usize>,
    children: Vec<usize>,
    /// Folders that take more.
    open: Vec<usize>,
}

impl Tree {
    /// Adds the next folder at the top, or into one that is open.
    fn add(&mut self, open: Option<usize>) {
        let parent = open.map(|open| self.open[open]);
        let taken = parent.map_or(self.shelves.len(), |parent| self.children[parent]);
        let (name, of) = match parent.map(|parent| (self.depths[parent], self.shelves[parent].of)) {
            None => (AREAS[taken].name, (taken, None)),
            Some((0, (area, _))) => (AREAS[area].parts[taken].name, (area, Some(taken))),
            Some((1, of)) => (ASPECTS[taken], of),
            Some((_, of)) => (PLACES[taken], of),
        };
        let (depth, at) = (parent.map_or(0, |parent| self.depths[parent] + 1), self.shelves.len());
        self.shelves.push(Shelf { name, parent, of, cases: 0 });
        self.depths.push(depth);
        self.children.push(0);
        if self.room(at) > 0 {
            self.open.push(at);
        }
        if let (Some(parent), Some(open)) = (parent, open) {
            self.children[parent] += 1;
            if self.children[parent] == self.room(parent) {
                self.open.swap_remove(open);
            }
        }
    }

    /// How many folders one takes.
    fn room(&self, at: usize) -> usize {
        match self.depths[at] {
            0 => AREAS[self.shelves[at].of.0].parts.len(),
            1 => ASPECTS.len(),
            2 => PLACES.len(),
            _ => 0,
        }
    }

    /// Shares the cases out: most folders hold a few, some many, and one in fifteen none.
    fn share(&mut self, cases: usize, dice: &mut Dice) {
        let weight = |_| match dice.below(15) {
            0 => 0,
            1..=9 => 5 + dice.below(20),
            10..=13 => 20 + dice.below(40),
            _ => 60 + dice.below(120),
        };
        let mut weights: Vec<usize> = self.shelves.iter().map(weight).collect();
        weights[0] = weights[0].max(1);
        let sum: usize = weights.iter().sum();
        let (mut passed, mut given) = (0, 0);
        for (shelf, weight) in self.shelves.iter_mut().zip(weights) {
            passed += weight;
            let until = cases * passed / sum;
            shelf.cases = until - given;
            given = until;
        }
    }
}

/// The part of the shop a folder is about; one of an area as a whole is about any of its parts.
pub fn part(shelf: &Shelf, dice: &mut Dice) -> &'static Part {
    let (area, part) = shelf.of;
    let parts = AREAS[area].parts;
    part.map_or_else(|| dice.one(parts), |part| &parts[part])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_has_a_folder_whatever_the_number() {
        for cases in [0, 1, 7, 500, 20_000, 500_000] {
            let shelves = shelves(cases, &mut Dice::of(1));
            assert_eq!(shelves.iter().map(|shelf| shelf.cases).sum::<usize>(), cases);
            assert!(shelves.iter().enumerate().all(|(at, shelf)| shelf.parent.is_none_or(|parent| parent < at)));
        }
        assert!(shelves(100_000, &mut Dice::of(1)).len() > 2_000);
    }

    #[test]
    fn no_folder_has_two_of_one_name() {
        let shelves = shelves(100_000, &mut Dice::of(3));
        let mut names: Vec<_> = shelves.iter().map(|shelf| (shelf.parent, shelf.name)).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), shelves.len());
    }
}
