//! What a file is, by its first bytes.

use super::FileName;

/// A kind of content, as browsers name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind(String);

/// The kinds that are shown on pages: pictures that cannot run anything. SVG can, so it is none of them.
const SHOWN: [&str; 5] = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"];

/// Endings that promise a kind; anything else under them is a lie.
const PROMISES: &[(&str, &str)] = &[
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("avif", "image/avif"),
    ("bmp", "image/bmp"),
    ("pdf", "application/pdf"),
    ("zip", "application/zip"),
    ("gz", "application/gzip"),
    ("mp4", "video/mp4"),
    ("webm", "video/webm"),
];

/// A file whose name promises what it is not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name} is called a {promised} file, but its content is {found}. Nothing was kept")]
pub struct Lie {
    name: String,
    promised: String,
    found: String,
}

impl Kind {
    /// How many bytes at the beginning tell it.
    pub const HEAD: usize = 4_096;

    /// What nothing is known of.
    pub const UNKNOWN: &'static str = "application/octet-stream";

    /// Of a file with this beginning. Text is UTF-8 without control characters.
    pub fn of(head: &[u8]) -> Self {
        let known = infer::get(head).map(|kind| kind.mime_type());
        Self(known.unwrap_or(if is_text(head) { "text/plain" } else { Self::UNKNOWN }).to_owned())
    }

    /// As it was kept.
    pub fn kept(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The word in tables, API and headers.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it may be shown on a page of ours.
    pub fn is_shown(&self) -> bool {
        SHOWN.contains(&self.as_str())
    }

    /// Refuses a file whose name promises another kind.
    pub fn under(self, name: &FileName) -> Result<Self, Lie> {
        let ending = name.ending();
        match PROMISES.iter().find(|(promise, _)| *promise == ending) {
            Some((_, kind)) if *kind != self.as_str() => {
                let found = if self.0 == Self::UNKNOWN { "nothing known" } else { &self.0 };
                Err(Lie { name: name.as_str().to_owned(), promised: ending.to_uppercase(), found: found.to_owned() })
            }
            _ => Ok(self),
        }
    }
}

/// Text so far; a character may be cut in two at the end.
fn is_text(head: &[u8]) -> bool {
    let text = match str::from_utf8(head) {
        Ok(text) => text,
        Err(cut) if cut.error_len().is_none() => str::from_utf8(&head[..cut.valid_up_to()]).unwrap_or_default(),
        Err(_) => return false,
    };
    !text.is_empty() && !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

    #[test]
    fn the_first_bytes_say_what_a_file_is() {
        for (head, kind) in [
            (PNG, "image/png"),
            (b"\xff\xd8\xff\xe0", "image/jpeg"),
            (b"%PDF-1.7", "application/pdf"),
            (b"GET /orders 200\n\xc3\xa4", "text/plain"),
            (b"GET /orders 200\n\xc3", "text/plain"),
            (b"\0\x01\x02\x03", Kind::UNKNOWN),
            (b"", Kind::UNKNOWN),
        ] {
            assert_eq!(Kind::of(head).as_str(), kind);
        }
    }

    #[test]
    fn only_pictures_that_run_nothing_are_shown() {
        assert!(Kind::of(PNG).is_shown());
        for head in [b"<svg xmlns='http://www.w3.org/2000/svg'/>".as_slice(), b"<!doctype html><script>", b"%PDF-1.7"] {
            assert!(!Kind::of(head).is_shown());
        }
    }

    #[test]
    fn a_name_that_promises_another_kind_is_refused() {
        let lie = Kind::of(b"<html><script>alert(1)</script>").under(&FileName::of("shot.PNG")).unwrap_err();
        assert_eq!(lie.to_string(), "shot.PNG is called a PNG file, but its content is text/html. Nothing was kept");
        assert!(Kind::of(PNG).under(&FileName::of("shot.jpg")).is_err());
        for honest in ["shot.png", "shot", "notes.txt"] {
            assert_eq!(Kind::of(PNG).under(&FileName::of(honest)), Ok(Kind::of(PNG)));
        }
    }
}
