//! The part before the @.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::bad::{BadEmailReason as Reason, Fault, chars};

/// A part before the @ in its two forms.
pub(super) struct Local {
    /// As typed, composed.
    pub shown: String,
    /// As compared.
    pub folded: String,
}

impl Local {
    pub fn check(text: &str) -> Result<Self, Fault> {
        if text.is_empty() {
            return Err(Fault::whole(Reason::NothingBeforeAt));
        }
        if text.starts_with('"') {
            return Err(Fault::whole(Reason::Quotes));
        }
        check_characters(
            text,
            |c| matches!(c, '.' | '!' | '#'..='\'' | '*' | '+' | '-' | '/' | '=' | '?' | '^'..='`' | '{'..='~'),
        )?;
        check_dots(text)?;
        check_alphabets(text)?;
        let shown: String = text.nfc().collect();
        let folded: String = shown.chars().flat_map(fold).nfc().collect();
        if shown.len().max(folded.len()) > 64 {
            return Err(Fault::whole(Reason::LongBeforeAt));
        }
        Ok(Self { shown, folded })
    }
}

/// Letters and digits of any script that are what they look like, and what `also` allows.
pub(super) fn check_characters(text: &str, also: impl Fn(char) -> bool) -> Result<(), Fault> {
    let mut before = None;
    for (at, c) in text.chars().enumerate() {
        let letter =
            c.is_alphanumeric() || (is_combining_mark(c) && before.is_some_and(|b: char| !b.is_ascii_punctuation()));
        if !letter && !also(c) {
            return Err(Fault { at, reason: Reason::BadCharacter });
        }
        if is_disguise(c) {
            return Err(Fault { at, reason: Reason::LookAlike });
        }
        before = Some(c);
    }
    Ok(())
}

/// Whether a character is another one in other clothes: full width, superscript, the Kelvin sign.
fn is_disguise(c: char) -> bool {
    !c.is_ascii() && (!c.nfkc().eq(c.nfc()) || c.nfc().next().is_some_and(|plain| plain.is_ascii()))
}

/// No dot first, last or twice in a row.
pub(super) fn check_dots(text: &str) -> Result<(), Fault> {
    if let Some(two) = text.find("..") {
        return Err(Fault { at: chars(&text[..=two]), reason: Reason::TwoDots });
    }
    if text.starts_with('.') {
        return Err(Fault { at: 0, reason: Reason::DotAtEdge });
    }
    if text.ends_with('.') {
        return Err(Fault { at: chars(text) - 1, reason: Reason::DotAtEdge });
    }
    Ok(())
}

/// One alphabet per word, or `аnn` with a Cyrillic а passes for `ann`.
pub(super) fn check_alphabets(text: &str) -> Result<(), Fault> {
    let mut word = None;
    for (at, c) in text.chars().enumerate() {
        if c.is_ascii_punctuation() {
            word = None;
        }
        let Some(alphabet) = Alphabet::of(c) else {
            continue;
        };
        if word.replace(alphabet).is_some_and(|before| before != alphabet) {
            return Err(Fault { at, reason: Reason::MixedAlphabets });
        }
    }
    Ok(())
}

/// The alphabets whose letters pass for each other's.
#[derive(Clone, Copy, PartialEq)]
enum Alphabet {
    Latin,
    Greek,
    Cyrillic,
    Armenian,
    Cherokee,
}

impl Alphabet {
    /// By block; characters of no alphabet, or of one that looks like no other, are `None`.
    fn of(c: char) -> Option<Self> {
        match c {
            '\u{C0}'..='\u{24F}' if c.is_alphabetic() => Some(Self::Latin),
            'a'..='z'
            | 'A'..='Z'
            | '\u{250}'..='\u{2AF}'
            | '\u{1E00}'..='\u{1EFF}'
            | '\u{1D00}'..='\u{1D25}'
            | '\u{1D6B}'..='\u{1D77}'
            | '\u{1D79}'..='\u{1DBF}'
            | '\u{2C60}'..='\u{2C7F}'
            | '\u{A722}'..='\u{A7FF}'
            | '\u{AB30}'..='\u{AB64}' => Some(Self::Latin),
            '\u{370}'..='\u{3FF}' | '\u{1F00}'..='\u{1FFF}' => Some(Self::Greek),
            '\u{400}'..='\u{52F}' | '\u{1C80}'..='\u{1C8F}' | '\u{A640}'..='\u{A69F}' => Some(Self::Cyrillic),
            '\u{531}'..='\u{58F}' => Some(Self::Armenian),
            '\u{13A0}'..='\u{13FF}' | '\u{AB70}'..='\u{ABBF}' => Some(Self::Cherokee),
            _ => None,
        }
    }
}

/// Simple case folding, except that no other letter ever becomes an ASCII one: `ı` and
/// `i` are two mailboxes (the collision behind several account takeovers).
fn fold(c: char) -> impl Iterator<Item = char> {
    let mut capital = c.to_uppercase();
    let base = match (capital.next(), capital.next()) {
        (Some(one), None) if one.is_ascii() == c.is_ascii() => one,
        _ => c,
    };
    base.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_any_letter_twice_changes_nothing_and_stays_a_good_part() {
        for c in '\0'..='\u{1FFFF}' {
            let Ok(local) = Local::check(&c.to_string()) else {
                continue;
            };
            let again = Local::check(&local.folded).map(|l| l.folded);
            assert_eq!(again, Ok(local.folded), "{c:?}");
        }
    }

    #[test]
    fn only_ascii_letters_fold_to_ascii() {
        for c in ('\u{80}'..='\u{1FFFF}').filter(|c| c.is_alphabetic()) {
            let Ok(local) = Local::check(&c.to_string()) else {
                continue;
            };
            assert!(!local.folded.is_ascii(), "{c:?} folds to {}", local.folded);
        }
    }
}
