//! What a text is found by, and what is looked for: words folded here, so that every database finds the same.
//!
//! A database keeps the terms as they are and only compares them. Scripts that put no spaces between words become pairs
//! of characters.

mod marked;
mod number;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::title::folded;

pub use marked::{Mark, excerpt, marked};
pub use number::Number;

/// A term is cut here, in characters, where texts are read and where they are looked for.
const LONGEST: usize = 40;

/// Different terms of one text that are kept, in bytes: far below what a `tsvector` takes, far above what people write.
const MOST_BYTES: usize = 300_000;

/// More words than this nobody means.
const MOST_WANTED: usize = 12;

/// The terms of these texts, each once, in order.
pub fn terms<'t>(texts: impl IntoIterator<Item = &'t str>) -> BTreeSet<String> {
    let mut kept = BTreeSet::new();
    let mut bytes = 0;
    for text in texts {
        for word in words(text) {
            for term in kept_for(&word) {
                let length = term.len();
                if bytes + length > MOST_BYTES {
                    return kept;
                }
                bytes += if kept.insert(term) { length } else { 0 };
            }
        }
    }
    kept
}

/// What is looked for: every term must be there; the last one, as it is still being typed, begins one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    terms: Vec<Term>,
}

/// One term that is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Folded; letters, digits and marks alone.
    pub text: String,
    /// Whether it may go on.
    pub open: bool,
}

impl Wanted {
    /// From what was typed: the first twelve words.
    pub fn read(typed: &str) -> Self {
        let typed: String = typed.chars().take(MOST_WANTED * LONGEST).collect();
        let ended = typed.ends_with(|c: char| c.is_whitespace());
        let mut terms: Vec<Term> = words(&typed).iter().take(MOST_WANTED).flat_map(|word| wanted_by(word)).collect();
        if let Some(last) = terms.last_mut() {
            last.open |= !ended && !last.text.starts_with(is_bigram);
        }
        Self { terms }
    }

    /// Whether nothing is looked for.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Each of them.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// Whether a text with these terms is found.
    pub fn find(&self, terms: &BTreeSet<String>) -> bool {
        self.terms.iter().all(|wanted| {
            let next = terms.range(wanted.text.clone()..).next();
            next.is_some_and(|term| term == &wanted.text || (wanted.open && term.starts_with(&wanted.text)))
        })
    }
}

/// Whether this character stands in a script that puts no spaces between words.
pub fn is_bigram(c: char) -> bool {
    matches!(c,
        '\u{3040}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' | '\u{3005}'..='\u{3007}' | '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// The folded words of a text: stretches of letters, digits and marks, parted where the script changes to bigrams.
fn words(text: &str) -> Vec<String> {
    let folded = folded(text);
    let mut words = Vec::new();
    let mut word = String::new();
    for c in folded.nfc() {
        let parts = word.chars().next_back().is_some_and(|last| is_bigram(last) != is_bigram(c));
        let belongs = c.is_alphanumeric() || (is_combining_mark(c) && !word.is_empty());
        if (!belongs || parts) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if belongs {
            word.push(c);
        }
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    words
}

/// A word is kept as itself; one of bigrams as each pair, and its last character, so that each begins a term.
fn kept_for(word: &str) -> Vec<String> {
    if !word.starts_with(is_bigram) {
        return vec![word.chars().take(LONGEST).collect()];
    }
    let characters: Vec<char> = word.chars().collect();
    (0..characters.len()).map(|at| characters[at..].iter().take(2).collect()).collect()
}

fn wanted_by(word: &str) -> Vec<Term> {
    let term = |text: String, open| Term { text, open };
    let characters: Vec<char> = word.chars().collect();
    match characters.len() {
        1 if is_bigram(characters[0]) => vec![term(word.to_owned(), true)],
        _ if !is_bigram(characters[0]) => vec![term(characters.iter().take(LONGEST).collect(), false)],
        _ => characters.windows(2).map(|pair| term(pair.iter().collect(), false)).collect(),
    }
}
