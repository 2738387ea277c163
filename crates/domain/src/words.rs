//! What somebody types to find a thing: the beginnings of words, in any order.

use crate::title::folded;

/// More than this nobody means.
const MOST: usize = 6;
const LONGEST: usize = 60;

/// The beginnings of words, folded as names are. `pr ra` finds Priya Raman.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words(Vec<String>);

impl Words {
    /// From what was typed: the first six words of it.
    pub fn read(typed: &str) -> Self {
        let typed: String = typed.chars().filter(|c| !c.is_control()).take(MOST * LONGEST).collect();
        let folded = folded(&typed);
        let words = folded.split(is_between).filter(|word| !word.is_empty()).take(MOST);
        Self(words.map(|word| word.chars().take(LONGEST).collect()).collect())
    }

    /// Whether nothing is looked for.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether each begins a word of this name.
    pub fn find(&self, name: &str) -> bool {
        let name = folded(name);
        self.iter().all(|wanted| name.split(is_between).any(|word| word.starts_with(wanted)))
    }
}

/// A hyphen parts words as a space does: Anne-Marie answers to Marie.
fn is_between(c: char) -> bool {
    c.is_whitespace() || c == '-'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginnings_in_any_order_and_spelling_find_a_name() {
        for typed in ["pr", "PR RA", "ra pr", "príya", "  raman  ", ""] {
            assert!(Words::read(typed).find("Priya Raman"), "{typed}");
        }
        assert!(Words::read("mar").find("Anne-Marie Stoll"));
        assert!(Words::read("anne-mar").find("Anne-Marie Stoll"));
    }

    #[test]
    fn the_middle_of_a_word_and_a_word_too_many_find_nothing() {
        for typed in ["riya", "pr x", "priyaa"] {
            assert!(!Words::read(typed).find("Priya Raman"), "{typed}");
        }
    }

    #[test]
    fn what_is_far_too_long_is_cut() {
        assert_eq!(Words::read(&"a ".repeat(1000)).iter().count(), MOST);
        assert!(Words::read("\0\n").is_empty());
        assert!(Words::read(&"x".repeat(1000)).iter().all(|word| word.len() == LONGEST));
    }
}
