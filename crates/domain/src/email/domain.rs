//! The part after the @.

use idna::{
    AsciiDenyList,
    uts46::{DnsLength, Hyphens, Uts46},
};
use unicode_normalization::UnicodeNormalization;

use super::{
    bad::{BadEmailReason as Reason, Fault, chars},
    local::{check_alphabets, check_characters, check_dots},
};

/// A domain in its two forms.
pub(super) struct Domain {
    /// Lower case, in the script it was typed in.
    pub shown: String,
    /// Lower case, as A-labels.
    pub ascii: String,
}

impl Domain {
    pub fn check(text: &str) -> Result<Self, Fault> {
        if text.is_empty() {
            return Err(Fault::whole(Reason::NothingAfterAt));
        }
        if text.starts_with('[') {
            return Err(Fault::whole(Reason::NumberInBrackets));
        }
        check_comma(text)?;
        check_characters(text, |c| matches!(c, '.' | '-'))?;
        check_dots(text)?;
        check_labels(text)?;
        check_alphabets(text)?;
        let shown: String = text.chars().flat_map(char::to_lowercase).nfc().collect();
        let ascii = ascii(&shown)?;
        Ok(Self { shown, ascii })
    }
}

/// A comma between two parts was meant as a dot; elsewhere it is just a bad character.
fn check_comma(text: &str) -> Result<(), Fault> {
    let Some(comma) = text.find(',') else {
        return Ok(());
    };
    let (before, after) = (&text[..comma], &text[comma + 1..]);
    let between = before.ends_with(char::is_alphanumeric) && after.starts_with(char::is_alphanumeric);
    let reason = if between { Reason::CommaForDot } else { Reason::BadCharacter };
    Err(Fault { at: chars(before), reason })
}

fn check_labels(text: &str) -> Result<(), Fault> {
    let mut start = 0;
    for label in text.split('.') {
        if label.starts_with('-') {
            return Err(Fault { at: start, reason: Reason::HyphenAtEdge });
        }
        let end = start + chars(label);
        if label.ends_with('-') {
            return Err(Fault { at: end - 1, reason: Reason::HyphenAtEdge });
        }
        if label.is_ascii() && label.len() > 63 {
            return Err(Fault { at: start, reason: Reason::LongLabel });
        }
        start = end + 1;
    }
    match text.rsplit_once('.') {
        None => Err(Fault::whole(Reason::NoDot)),
        Some((_, last)) if last.chars().all(char::is_numeric) => Err(Fault::whole(Reason::NumberAtEnd)),
        Some(_) => Ok(()),
    }
}

/// The domain as A-labels. A label that UTS 46 would silently turn into another one
/// is refused, so that what is shown and what is sent to never part.
fn ascii(shown: &str) -> Result<String, Fault> {
    let not_a_domain = || Fault::whole(Reason::NotADomain);
    let uts46 = Uts46::new();
    let ascii = uts46
        .to_ascii(shown.as_bytes(), AsciiDenyList::STD3, Hyphens::CheckFirstLast, DnsLength::Verify)
        .map_err(|_| not_a_domain())?;
    for label in shown.split('.').filter(|label| !label.is_ascii()) {
        let (mapped, _) = uts46.to_unicode(label.as_bytes(), AsciiDenyList::STD3, Hyphens::CheckFirstLast);
        if mapped != label {
            return Err(not_a_domain());
        }
    }
    if ascii.rsplit('.').next().is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit())) {
        return Err(Fault::whole(Reason::NumberAtEnd));
    }
    Ok(ascii.into_owned())
}
