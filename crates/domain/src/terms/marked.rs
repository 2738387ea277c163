//! A text with what was found in it marked.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use super::{Wanted, is_bigram, words};

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark<'t> {
    /// The piece.
    pub text: &'t str,
    /// Whether it is what was looked for.
    pub hit: bool,
}

/// As far as a text is looked through, in bytes: an excerpt is to help choosing, not to find all.
const DEEPEST: usize = 20_000;

/// The whole text in pieces.
pub fn marked<'t>(text: &'t str, wanted: &Wanted) -> Vec<Mark<'t>> {
    within(text, 0..text.len(), &hits(text, wanted))
}

/// Some `length` bytes around the first hit, cut between words; `None` without a hit in the first 20,000.
pub fn excerpt<'t>(text: &'t str, wanted: &Wanted, length: usize) -> Option<Vec<Mark<'t>>> {
    let hits = hits(text, wanted);
    let first = hits.first()?;
    let start = word_start(text, first.start.saturating_sub(length / 4));
    let end = word_end(text, (start + length).max(first.end));
    Some(within(text, start..end, &hits))
}

fn within<'t>(text: &'t str, range: Range<usize>, hits: &[Range<usize>]) -> Vec<Mark<'t>> {
    let mut pieces = Vec::new();
    let mut at = range.start;
    let inside = |hit: &&Range<usize>| hit.start >= range.start && hit.end <= range.end;
    for hit in hits.iter().filter(inside) {
        pieces.push(Mark { text: &text[at..hit.start], hit: false });
        pieces.push(Mark { text: &text[hit.clone()], hit: true });
        at = hit.end;
    }
    pieces.push(Mark { text: &text[at..range.end], hit: false });
    pieces.retain(|piece| !piece.text.is_empty());
    pieces
}

/// Where the words are that were looked for; whole words, in order, apart.
fn hits(text: &str, wanted: &Wanted) -> Vec<Range<usize>> {
    let mut hits = Vec::new();
    if wanted.is_empty() {
        return hits;
    }
    let end = floor(text, DEEPEST);
    let mut from = None;
    for (at, c) in text[..end].char_indices().chain([(end, ' ')]) {
        let belongs = c.is_alphanumeric() || is_combining_mark(c);
        let parts = from.is_some_and(|from: usize| is_bigram(c) != text[from..].starts_with(is_bigram))
            && !is_combining_mark(c);
        if let Some(start) = from.filter(|_| parts || !belongs) {
            in_word(text, start..at, wanted, &mut hits);
            from = None;
        }
        from = from.or(belongs.then_some(at));
    }
    hits
}

fn in_word(text: &str, word: Range<usize>, wanted: &Wanted, hits: &mut Vec<Range<usize>>) {
    if text[word.clone()].starts_with(is_bigram) {
        return in_bigrams(text, word, wanted, hits);
    }
    let folded = words(&text[word.clone()]);
    let is_hit = |word: &String| {
        wanted.terms().iter().any(|term| word == &term.text || (term.open && word.starts_with(&term.text)))
    };
    if folded.iter().any(is_hit) {
        hits.push(word);
    }
}

fn in_bigrams(text: &str, word: Range<usize>, wanted: &Wanted, hits: &mut Vec<Range<usize>>) {
    let starts: Vec<usize> = text[word.clone()].char_indices().map(|(at, _)| word.start + at).collect();
    let end = |at: usize| starts.get(at).copied().unwrap_or(word.end);
    for (at, &start) in starts.iter().enumerate() {
        for length in [2, 1] {
            let range = start..end(at + length);
            let folded = words(&text[range.clone()]).concat();
            if wanted.terms().iter().any(|term| term.text == folded) {
                match hits.last_mut().filter(|last| last.end >= range.start) {
                    Some(last) => last.end = last.end.max(range.end),
                    None => hits.push(range),
                }
                break;
            }
        }
    }
}

fn floor(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at.min(text.len()))
}

/// The start of the word at `at`, if it is not far.
fn word_start(text: &str, at: usize) -> usize {
    let at = floor(text, at);
    let near = floor(text, at.saturating_sub(30));
    text[near..at].rfind(char::is_whitespace).map_or(at, |space| {
        let space = near + space;
        space + text[space..].chars().next().map_or(0, char::len_utf8)
    })
}

/// The end of the word at `at`, if it is not far.
fn word_end(text: &str, at: usize) -> usize {
    let at = floor(text, at);
    let near = floor(text, at + 30);
    text[at..near].find(char::is_whitespace).map_or(if near == text.len() { near } else { at }, |space| at + space)
}
