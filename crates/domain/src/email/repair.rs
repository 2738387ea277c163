//! What was perhaps meant. A suggestion is only ever offered, and only if it is good.

use unicode_normalization::UnicodeNormalization;

use super::{
    Email,
    fields::{is_mailto, is_mark, is_quote},
};
use crate::title::{Unseen, characters::is_space};

/// Longer texts get no suggestion: no slip of the finger explains them.
const MOST: usize = 1_000;

/// An address that `text` was perhaps meant to be; several, parted by commas, if commas of
/// another width stand in it.
pub(super) fn suggestion(text: &str) -> Option<String> {
    if text.len() > MOST || is_bare(text) {
        return None;
    }
    let plain = plain(text);
    let inside = bracket(&plain);
    let joined = join_around_at(&at_in_words(inside));
    let several = text.contains(['，', '；', '、']);
    let mut words =
        joined.split(|c| is_space(c) || c == ';' || (several && c == ',')).filter(|word| word.contains('@'));
    if several {
        return repaired_all(words).filter(|good| good != text);
    }
    let word = words.next().filter(|_| words.next().is_none())?;
    repaired(word).filter(|good| good != text)
}

/// Whether nothing stands in the text that could be repaired; lists of garbage are full of these.
fn is_bare(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'@') && !text.contains("@@")
}

fn repaired_all<'t>(words: impl Iterator<Item = &'t str>) -> Option<String> {
    let good: Option<Vec<String>> = words.map(repaired).collect();
    good.filter(|good| !good.is_empty()).map(|good| good.join(", "))
}

/// The ASCII punctuation that another character stands for: full width, CJK or bent.
pub(super) fn punctuation_behind(c: char) -> Option<char> {
    if c.is_ascii() {
        return None;
    }
    match c {
        '。' | '｡' => Some('.'),
        '、' | '､' => Some(','),
        c if is_quote(c) => None,
        c => c.nfkc().next().filter(char::is_ascii_punctuation),
    }
}

/// Plain characters for their look-alikes, and nothing unseen.
fn plain(text: &str) -> String {
    let seen = text.chars().filter(|&c| is_space(c) || Unseen::of(c).is_none());
    let shaped = seen.map(|c| punctuation_behind(c).unwrap_or(c));
    shaped.nfkc().map(|c| if is_space(c) { ' ' } else { c }).collect()
}

/// What stands in the last bracket, closed or not.
fn bracket(text: &str) -> &str {
    let Some((_, inside)) = text.rsplit_once('<') else {
        return text;
    };
    inside.split_once('>').map_or(inside, |(inside, _)| inside)
}

/// `ann at x dot example`, as people hide addresses from robots.
fn at_in_words(text: &str) -> String {
    if text.contains('@') {
        return text.to_owned();
    }
    let mut text = text.to_owned();
    for (word, sign) in [("at", "@"), ("dot", ".")] {
        for (open, close) in [("(", ")"), ("[", "]"), ("{", "}"), (" ", " ")] {
            for spelled in [word.to_owned(), word.to_uppercase()] {
                for (before, after) in [(" ", " "), ("", "")] {
                    text = text.replace(&format!("{before}{open}{spelled}{close}{after}"), sign);
                }
            }
        }
    }
    text
}

/// `ann @ x.example`.
fn join_around_at(text: &str) -> String {
    text.split('@').map(|side| side.trim_matches(' ')).collect::<Vec<_>>().join("@")
}

/// One word without what commonly goes wrong in it.
fn repaired(word: &str) -> Option<String> {
    let word = word.trim_matches(is_wrapping);
    let word = if is_mailto(word) { &word[7..] } else { word };
    let (local, domain) = word.split_once('@')?;
    let domain = domain.split('?').next()?.trim_start_matches('@');
    if domain.contains('@') {
        return None;
    }
    let dotted: String = domain.chars().map(|c| if is_mark(c) { '.' } else { c }).collect();
    let candidate = format!("{}@{}", single_dots(local), single_dots(&dotted));
    Email::check(&candidate).ok().map(|email| email.shown)
}

fn single_dots(text: &str) -> String {
    text.split('.').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(".")
}

/// What people and programs put around an address.
fn is_wrapping(c: char) -> bool {
    is_quote(c)
        || is_mark(c)
        || matches!(
            c,
            '\'' | '(' | ')' | '[' | ']' | '{' | '}' | '<' | '>' | ':' | '.' | '!' | '?' | '•' | '·' | '*' | '|'
        )
}
