//! Places in an order that people make by hand. A rank is a text; between any two lies another, so moving one thing
//! writes one row.
//!
//! A rank is a whole number of varying length, then digits after the point. Adding at the end counts the number up, so
//! a list written from top to bottom keeps ranks of two to four characters; only putting again and again between the
//! same neighbours makes them grow, by one character in five. [`Rank::is_long`] says when to spread them anew.

use std::{fmt, str::FromStr};

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Beyond this a list is spread anew.
const LONG: usize = 40;

/// No rank that can be read is longer.
const LONGEST: usize = 120;

/// A text that is no rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a place in an order")]
pub struct NoRank;

/// A place in an order. Ranks compare as their texts do, byte by byte, on every database.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rank(String);

impl Rank {
    /// The first place of an empty list.
    pub fn first() -> Self {
        Self("a0".to_owned())
    }

    /// A place between two; `None` at an end is the end of the list. `None` if the two are not in order, as when two
    /// people added at the same moment: then the list is to be spread anew.
    pub fn between(after: Option<&Self>, before: Option<&Self>) -> Option<Self> {
        match (after, before) {
            (None, None) => Some(Self::first()),
            (Some(after), None) => Some(after.next()),
            (None, Some(before)) => Some(before.previous()),
            (Some(after), Some(before)) => (after < before).then(|| after.towards(before)),
        }
    }

    /// So many places in order between two; `None` as for [`Self::between`].
    pub fn many(after: Option<&Self>, before: Option<&Self>, count: usize) -> Option<Vec<Self>> {
        if after.zip(before).is_some_and(|(after, before)| after >= before) {
            return None;
        }
        let mut ranks = Vec::with_capacity(count);
        match (after, before) {
            (Some(after), Some(before)) => spread(after, before, count, &mut ranks),
            (None, Some(before)) => {
                let down = std::iter::successors(Some(before.previous()), |rank| Some(rank.previous()));
                ranks.extend(down.take(count));
                ranks.reverse();
            }
            (after, None) => {
                let first = after.map_or_else(Self::first, Self::next);
                ranks.extend(std::iter::successors(Some(first), |rank| Some(rank.next())).take(count));
            }
        }
        Some(ranks)
    }

    /// Whether the list it is of should be spread anew, by [`Self::many`] without neighbours.
    pub fn is_long(&self) -> bool {
        self.0.len() > LONG
    }

    /// As tables and cursors hold it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The next one at the end.
    fn next(&self) -> Self {
        let (whole, rest) = self.halves();
        Self(count_up(whole).unwrap_or_else(|| format!("{whole}{}", middle(rest, None))))
    }

    /// The next one at the beginning.
    fn previous(&self) -> Self {
        let (whole, rest) = self.halves();
        let lower = if rest.is_empty() { count_down(whole) } else { Some(whole.to_owned()) };
        // Nothing is before the lowest number itself, so it never stands alone.
        let lowest = || format!("{}{}", lowest(), middle("", Some(rest).filter(|rest| !rest.is_empty())));
        Self(lower.filter(|whole| *whole != self::lowest()).unwrap_or_else(lowest))
    }

    /// One between this and a later one.
    fn towards(&self, before: &Self) -> Self {
        let ((whole, rest), (later, later_rest)) = (self.halves(), before.halves());
        if whole == later {
            return Self(format!("{whole}{}", middle(rest, Some(later_rest))));
        }
        match count_up(whole).filter(|next| next.as_str() < before.as_str()) {
            Some(next) => Self(next),
            None => Self(format!("{whole}{}", middle(rest, None))),
        }
    }

    /// The whole number, and the digits after the point.
    fn halves(&self) -> (&str, &str) {
        self.0.split_at(length(self.0.as_bytes()[0]).unwrap_or(self.0.len()).min(self.0.len()))
    }
}

/// Halves again and again, so that no rank is much longer than another.
fn spread(after: &Rank, before: &Rank, count: usize, ranks: &mut Vec<Rank>) {
    if count == 0 {
        return;
    }
    let half = after.towards(before);
    let left = count / 2;
    spread(after, &half, left, ranks);
    ranks.push(half.clone());
    spread(&half, before, count - left - 1, ranks);
}

/// How many characters the whole number has: its head says so, `a` two, `b` three; downward `Z` two, `Y` three.
fn length(head: u8) -> Option<usize> {
    match head {
        b'a'..=b'z' => Some(usize::from(head - b'a') + 2),
        b'A'..=b'Z' => Some(usize::from(b'Z' - head) + 2),
        _ => None,
    }
}

fn value(digit: u8) -> Option<usize> {
    DIGITS.iter().position(|known| *known == digit)
}

/// The whole number after this one; `None` past the last.
fn count_up(whole: &str) -> Option<String> {
    let mut digits = whole.as_bytes().to_vec();
    for at in (1..digits.len()).rev() {
        match DIGITS.get(value(digits[at])? + 1) {
            Some(next) => {
                digits[at] = *next;
                return String::from_utf8(digits).ok();
            }
            None => digits[at] = b'0',
        }
    }
    match digits[0] {
        b'Z' => Some("a0".to_owned()),
        b'z' => None,
        head => Some(with_head(head + 1, '0')),
    }
}

/// The whole number before this one; `None` before the first.
fn count_down(whole: &str) -> Option<String> {
    let mut digits = whole.as_bytes().to_vec();
    for at in (1..digits.len()).rev() {
        match value(digits[at])?.checked_sub(1) {
            Some(less) => {
                digits[at] = DIGITS[less];
                return String::from_utf8(digits).ok();
            }
            None => digits[at] = b'z',
        }
    }
    match digits[0] {
        b'a' => Some("Zz".to_owned()),
        b'A' => None,
        head => Some(with_head(head - 1, 'z')),
    }
}

fn with_head(head: u8, digit: char) -> String {
    let length = length(head).unwrap_or(1);
    std::iter::once(char::from(head)).chain(std::iter::repeat_n(digit, length - 1)).collect()
}

fn lowest() -> String {
    with_head(b'A', '0')
}

/// Digits between two rows of digits after the point; `None` is one. Never ends in `0`, so there is always room below.
fn middle(after: &str, before: Option<&str>) -> String {
    let (after, before) = (after.as_bytes(), before.map(str::as_bytes));
    let shared = before.map_or(0, |before| {
        (0..before.len()).take_while(|&at| before[at] == after.get(at).copied().unwrap_or(b'0')).count()
    });
    let mut digits: Vec<u8> = before.map_or_else(Vec::new, |before| before[..shared].to_vec());
    let rest = after.get(shared..).unwrap_or_default();
    let low = rest.first().and_then(|digit| value(*digit)).unwrap_or(0);
    let high = before.and_then(|before| value(*before.get(shared)?)).unwrap_or(DIGITS.len());
    if high - low > 1 {
        digits.push(DIGITS[usize::midpoint(low, high)]);
    } else if before.is_some_and(|before| before.len() > shared + 1) {
        digits.push(DIGITS[high]);
    } else {
        digits.push(DIGITS[low]);
        digits.extend(middle(ascii(rest.get(1..).unwrap_or_default()), None).into_bytes());
    }
    digits.into_iter().map(char::from).collect()
}

fn ascii(digits: &[u8]) -> &str {
    std::str::from_utf8(digits).expect("digits are ASCII")
}

impl FromStr for Rank {
    type Err = NoRank;

    fn from_str(text: &str) -> Result<Self, NoRank> {
        let bytes = text.as_bytes();
        let whole = bytes.first().and_then(|head| length(*head)).ok_or(NoRank)?;
        let fits = (whole..=LONGEST).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_alphanumeric);
        let ends = bytes.len() == whole || !text.ends_with('0');
        (fits && ends && text != lowest()).then(|| Self(text.to_owned())).ok_or(NoRank)
    }
}

impl fmt::Display for Rank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests;
