//! What a file is called.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

use crate::title::Unseen;

/// A name of a file: one line, without folders and hidden characters. Whatever a sender says becomes one, because a file
/// is worth more than its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileName(String);

impl FileName {
    /// The most characters; longer names lose some before their ending.
    pub const MOST: usize = 120;

    /// Of what a sender calls it.
    pub fn of(text: &str) -> Self {
        let last = text.rsplit(['/', '\\']).next().unwrap_or_default();
        let seen: String = last.nfc().filter(|c| Unseen::of(*c).is_none()).collect();
        let name = seen.trim_matches(|c: char| c.is_whitespace() || c == '.');
        Self(if name.is_empty() { "file".to_owned() } else { shortened(name) })
    }

    /// As shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What follows the last dot, in lower case; nothing if there is none.
    pub fn ending(&self) -> String {
        self.0.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default()
    }

    /// For `Content-Disposition`: ASCII for old clients, and the whole name (RFC 6266, RFC 8187).
    pub fn disposition(&self, inline: bool) -> String {
        let plain = |c: char| if c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%') || c == ' ' { c } else { '_' };
        let ascii: String = self.0.chars().map(plain).collect();
        let mut whole = String::new();
        for byte in self.0.bytes() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => whole.push(char::from(byte)),
                other => whole.extend(hex(other)),
            }
        }
        let how = if inline { "inline" } else { "attachment" };
        format!("{how}; filename=\"{ascii}\"; filename*=UTF-8''{whole}")
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn shortened(name: &str) -> String {
    let length = name.chars().count();
    if length <= FileName::MOST {
        return name.to_owned();
    }
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if ending.chars().count() < 12 => (stem, format!(".{ending}")),
        _ => (name, String::new()),
    };
    let kept = FileName::MOST - ending.chars().count();
    stem.chars().take(kept).chain(ending.chars()).collect()
}

/// `%C3`.
fn hex(byte: u8) -> [char; 3] {
    let digit = |value: u8| char::from_digit(value.into(), 16).unwrap_or('0').to_ascii_uppercase();
    ['%', digit(byte >> 4), digit(byte & 15)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_sender_says_becomes_a_name() {
        for (said, name) in [
            ("shot.png", "shot.png"),
            (" C:\\Users\\ann\\shot 1.png ", "shot 1.png"),
            ("../../etc/passwd", "passwd"),
            ("a\u{202e}gnp.exe", "agnp.exe"),
            ("a\r\nSet-Cookie: x.png", "aSet-Cookie: x.png"),
            ("...", "file"),
            ("", "file"),
        ] {
            assert_eq!(FileName::of(said).as_str(), name);
        }
        let long = FileName::of(&format!("{}.png", "ä".repeat(300)));
        assert_eq!((long.as_str().chars().count(), long.ending().as_str()), (FileName::MOST, "png"));
    }

    #[test]
    fn a_download_keeps_its_name_and_no_header_breaks() {
        let name = FileName::of("Prüf \"1\";.png");
        assert_eq!(
            name.disposition(false),
            "attachment; filename=\"Pr_f _1_;.png\"; filename*=UTF-8''Pr%C3%BCf%20%221%22%3B.png"
        );
        assert!(name.disposition(true).starts_with("inline; "));
    }
}
