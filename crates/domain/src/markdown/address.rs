//! Which addresses may be followed, and text without meaning to HTML.

/// The beginnings of addresses a link may have: known schemes, and places of this server. `//` is another server without
/// its scheme, `/\` is read as the same by browsers.
const SAFE: [&str; 5] = ["https://", "http://", "mailto:", "/", "#"];

/// Whether a browser that follows it loads a page, mails, or stays here, and runs nothing.
pub(super) fn is_safe(address: &str) -> bool {
    let begins = |safe: &str| address.get(..safe.len()).is_some_and(|start| start.eq_ignore_ascii_case(safe));
    let hides = |c: char| c.is_control() || c == '\\';
    SAFE.iter().any(|safe| begins(safe)) && !address.starts_with("//") && !address.contains(hides)
}

/// Appends `text` as text, in an element or in a quoted attribute.
pub(super) fn escape(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#39;",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}
