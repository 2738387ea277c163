//! The key by which names are sorted and told apart.

use unicode_normalization::UnicodeNormalization;

use super::characters::is_ignorable;

/// A text without what people do not hear: case, accents, width, joiners and the
/// length of spaces. Two folds are compared byte by byte on every database.
///
/// Marks go only where they are accents; the vowel signs of Indic scripts and the
/// voicing of kana make other words, so they stay.
pub fn folded(text: &str) -> String {
    let bare: String = text.nfkd().filter(|&c| !is_accent(c) && !is_ignorable(c)).collect();
    let cased = bare.chars().flat_map(small);
    let plain: String = cased.nfkd().filter(|&c| !is_accent(c)).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Full case folding: by way of the capital, so that `ß` meets `SS` and `ς` meets `σ`.
fn small(c: char) -> impl Iterator<Item = char> {
    c.to_lowercase().flat_map(char::to_uppercase).flat_map(char::to_lowercase)
}

/// The blocks of combining marks that belong to no one script.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_width_and_spaces_do_not_tell_names_apart() {
        for (one, other) in [
            ("Ünïcode", "unicode"),
            ("Straße", "STRASSE"),
            ("Web  shop", "web\u{A0}shop"),
            ("ＷＥＢ", "web"),
            ("İzmir", "izmir"),
            ("ΟΔΟΣ", "οδος"),
            ("❤\u{FE0F}", "❤"),
        ] {
            assert_eq!(folded(one), folded(other));
        }
    }

    #[test]
    fn vowel_signs_and_voiced_kana_do() {
        assert_ne!(folded("कि"), folded("की"));
        assert_ne!(folded("ガス"), folded("カス"));
    }

    #[test]
    fn folding_any_character_twice_changes_nothing() {
        for c in ('\0'..='\u{1FFFF}').chain('\u{2F800}'..='\u{2FA1F}') {
            let once = folded(&c.to_string());
            assert_eq!(folded(&once), once, "{c:?}");
        }
    }
}
