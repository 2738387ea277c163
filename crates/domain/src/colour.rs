//! Colours of values, labels and options: eight, which stay apart for colour-blind people and in a grey print by their
//! lightness; a word always stands beside. What each looks like is the style sheet's.

use std::{fmt, str::FromStr};

/// A colour by its number in tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Colour(u8);

/// A word or number that is no colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("One of grey, blue, amber, green, purple, red, teal and brown")]
pub struct UnknownColour;

const NAMES: [&str; 8] = ["grey", "blue", "amber", "green", "purple", "red", "teal", "brown"];

impl Colour {
    /// All of them, grey first.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..8).map(Self)
    }

    /// The number in tables.
    pub fn number(self) -> i64 {
        self.0.into()
    }

    /// By its number; grey for what is none.
    pub fn of(number: i64) -> Self {
        u8::try_from(number).ok().filter(|number| usize::from(*number) < NAMES.len()).map_or(Self(0), Self)
    }

    /// The word in API, forms and styles.
    pub fn slug(self) -> &'static str {
        NAMES[usize::from(self.0)]
    }

    /// The colour for the next of several things, so that neighbours differ: never grey.
    pub fn after(count: usize) -> Self {
        u8::try_from(count % 7 + 1).map_or(Self(1), Self)
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

impl FromStr for Colour {
    type Err = UnknownColour;

    fn from_str(text: &str) -> Result<Self, UnknownColour> {
        Self::all().find(|colour| colour.slug() == text).ok_or(UnknownColour)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_goes_by_word_and_number() {
        for colour in Colour::all() {
            assert_eq!((colour.slug().parse(), Colour::of(colour.number())), (Ok(colour), colour));
        }
        assert_eq!(
            (Colour::of(-1), Colour::of(8), "pink".parse()),
            (Colour(0), Colour(0), Err::<Colour, _>(UnknownColour))
        );
        assert!((0..20).all(|n| Colour::after(n).number() > 0 && Colour::after(n) != Colour::after(n + 1)));
    }
}
