//! What people wrote, in places where it must be nothing but words.

use super::LetterError;

/// Longest name or subject in a header, in characters; a line of a header may have 998 bytes (RFC 5322 2.1.1).
const HEADER_LIMIT: usize = 120;

/// For a header: one line, not too long.
pub(super) fn header(text: &str, field: &'static str) -> Result<String, LetterError> {
    let line = one_line(text, field)?;
    if line.chars().count() <= HEADER_LIMIT {
        return Ok(line);
    }
    Ok(line.chars().take(HEADER_LIMIT - 1).chain(['…']).collect())
}

/// For a body: one line that no mail program turns into a link.
pub(super) fn unlinked_line(text: &str, field: &'static str) -> Result<String, LetterError> {
    one_line(text, field).map(|line| unlinked(&line))
}

fn one_line(text: &str, field: &'static str) -> Result<String, LetterError> {
    if text.chars().any(char::is_control) {
        return Err(LetterError::ControlCharacter(field));
    }
    Ok(text.chars().filter(|c| !reorders(*c)).collect::<String>().trim().to_owned())
}

/// Embeddings, overrides and isolates: they could make the words around a name read as something else.
fn reorders(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Keeps mail programs from finding a link where there is none: a workspace may be called `https://evil.example`.
///
/// They look for `scheme:`, `www.`, `name.tld` and `a@b` in plain text and in HTML alike, so an invisible zero-width
/// space goes behind each dot, colon, at sign and double backslash on which such a match depends. The words look the
/// same; only searching or copying a link-like name notices. `4.18` holds nothing link-like and stays as it is. The invitation's own link never passes through here.
pub(super) fn unlinked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        out.push(c);
        if rest.peek().is_some_and(|after| joins(before, c, *after)) {
            out.push('\u{200b}');
        }
        before = c;
    }
    out
}

fn joins(before: char, c: char, after: char) -> bool {
    match c {
        // The dots of RFC 3490 3.1: domain names may be written with any of them.
        '.' | '\u{3002}' | '\u{ff0e}' | '\u{ff61}' => before.is_alphanumeric() && after.is_alphabetic(),
        ':' => {
            before.is_alphanumeric() && !after.is_whitespace() && !(before.is_ascii_digit() && after.is_ascii_digit())
        }
        '@' => !after.is_whitespace(),
        '\\' => after == '\\',
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_like_a_link_is_broken_where_programs_look() {
        let cases = [
            ("https://evil.example", "https:\u{200b}//evil.\u{200b}example"),
            ("www.evil.example", "www.\u{200b}evil.\u{200b}example"),
            ("mailto:eve@evil.example", "mailto:\u{200b}eve@\u{200b}evil.\u{200b}example"),
            ("evil。example", "evil。\u{200b}example"),
            ("http://10.0.0.1/x", "http:\u{200b}//10.0.0.1/x"),
            ("\\\\evil\\share", "\\\u{200b}\\evil\\share"),
            ("tel:+4930123", "tel:\u{200b}+4930123"),
        ];
        for (name, words) in cases {
            assert_eq!(unlinked(name), words);
        }
    }

    #[test]
    fn ordinary_words_stay_as_they_are() {
        for words in
            ["Hollin & Ash", "Release 4.18 regression", "Tester: write cases", "10:40 UTC", "Dr. Ruth O'Neil", "End."]
        {
            assert_eq!(unlinked(words), words);
        }
    }

    #[test]
    fn control_characters_are_refused_and_reordering_ones_left_out() {
        for bad in ["a\r\nBcc: x", "a\nb", "a\0b", "a\u{85}b", "\u{1b}[2J"] {
            assert!(matches!(header(bad, "name"), Err(LetterError::ControlCharacter("name"))), "{bad:?}");
            assert!(unlinked_line(bad, "name").is_err());
        }
        assert_eq!(header(" a\u{202e}b ", "name").unwrap(), "ab");
    }

    #[test]
    fn a_long_name_is_cut_in_headers() {
        let cut = header(&"x".repeat(5000), "name").unwrap();
        assert_eq!(cut.chars().count(), 120);
    }
}
