//! Addresses of web pages that stand in a text without brackets.

use std::ops::Range;

/// The first one at or after `from`, as a range of bytes.
pub(super) fn next(text: &str, from: usize) -> Option<Range<usize>> {
    let mut from = from;
    loop {
        let start = from + text[from..].find("http")?;
        let rest = &text[start..];
        let alone = !text[..start].ends_with(char::is_alphanumeric);
        let scheme = ["https://", "http://"].into_iter().find(|scheme| rest.starts_with(scheme));
        if let Some(scheme) = scheme.filter(|_| alone) {
            let length = end_of(rest);
            if length > scheme.len() {
                return Some(start..start + length);
            }
        }
        from = start + 4;
    }
}

/// Up to white space, without the punctuation of the sentence around it.
fn end_of(text: &str) -> usize {
    let end = text.find(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '\\'));
    let mut address = &text[..end.unwrap_or(text.len())];
    let (mut opened, mut closed) = (address.matches('(').count(), address.matches(')').count());
    while let Some(last) = address.chars().next_back() {
        match last {
            ')' if closed > opened => closed -= 1,
            '(' => opened -= 1,
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | ']' | '}' | '*' | '…' | '”' | '’' => {}
            _ => break,
        }
        address = &address[..address.len() - last.len_utf8()];
    }
    address.len()
}
