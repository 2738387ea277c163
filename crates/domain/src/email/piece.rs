//! One piece of a list: `a@b`, `<a@b>`, `Name <a@b>`, `"Last, First" <a@b>`, `mailto:a@b`.

use std::borrow::Cow;

use super::{
    Email,
    bad::{BadEmail, BadEmailReason as Reason, Fault, chars},
    fields::{is_mailto, is_mark, is_quote},
    people::names_itself,
};
use crate::title::{BadTitle, PersonName, characters::is_space};

/// What was read for one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// As typed, trimmed.
    pub input: String,
    /// Characters (Unicode scalar values) before it in the text it was read from.
    pub at: usize,
    /// The name that stood with the address, without its quotes.
    pub name: Option<PersonName>,
    /// The address, or why there is none; places in the error count within `input`.
    pub email: Result<Email, BadEmail>,
}

/// Reads a text that must be one piece: nothing separates, a second address makes it bad.
pub fn read_row(text: &str) -> Piece {
    let input = text.trim_start_matches(is_space);
    let at = chars(text) - chars(input);
    Piece::read(input.trim_end_matches(is_space), at)
}

impl Piece {
    /// Reads a trimmed text.
    pub(super) fn read(input: &str, at: usize) -> Self {
        let read = match input.rfind('<') {
            Some(open) => bracketed(input, open),
            None => bare(input).map(|email| (None, email)),
        };
        let (name, email) = match read {
            Ok((name, email)) => (name, Ok(email)),
            Err(fault) => (None, Err(fault.found_in(input))),
        };
        Self { input: input.to_owned(), at, name, email }
    }
}

/// An address without brackets; one mark behind it is forgiven.
fn bare(input: &str) -> Result<Email, Fault> {
    let text = input.strip_suffix(['.', ',', ';', '>']).unwrap_or(input);
    let inside = without_quotes(text);
    let skipped = usize::from(inside.len() < text.len());
    let read = if is_mailto(inside) { link(inside) } else { only_one(inside).and_then(|()| Email::check(inside)) };
    read.map_err(|fault| fault.behind(skipped))
}

/// The inside of a text in one pair of quotes, as spreadsheets and mail programs write it.
fn without_quotes(text: &str) -> &str {
    let pair = |quote| text.strip_prefix(quote)?.strip_suffix(quote).filter(|inside| !inside.contains(quote));
    pair('"').or_else(|| pair('\'')).unwrap_or(text)
}

/// Words with an @ in their middle beyond the first are other addresses.
fn only_one(text: &str) -> Result<(), Fault> {
    let middle = |word: &str| word.find('@').is_some_and(|at| at > 0 && at + 1 < word.len());
    let mut start = 0;
    let mut seen = false;
    for word in text.split(|c| is_space(c) || is_mark(c)) {
        if middle(word) && std::mem::replace(&mut seen, true) {
            return Err(Fault { at: chars(&text[..start]), reason: Reason::TwoAddresses });
        }
        // The separator behind the word has a width of its own.
        start += word.len();
        start += text[start..].chars().next().map_or(0, char::len_utf8);
    }
    Ok(())
}

/// The address of a `mailto:` link (RFC 6068), whatever the link asks for besides.
fn link(text: &str) -> Result<Email, Fault> {
    let address = text[7..].split('?').next().unwrap_or_default();
    let (decoded, places) = decode(address).map_err(|fault| fault.behind(7))?;
    Email::check(&decoded).map_err(|fault| {
        let at = places.get(fault.at).copied().unwrap_or_else(|| chars(address));
        Fault { at: 7 + at, ..fault }
    })
}

/// Undoes percent-encoding; with the text, where each of its characters stood.
fn decode(text: &str) -> Result<(Cow<'_, str>, Vec<usize>), Fault> {
    if !text.contains('%') {
        return Ok((text.into(), (0..chars(text)).collect()));
    }
    let mut bytes = Vec::new();
    let mut rest = text.char_indices().zip(0..);
    while let Some(((at, c), place)) = rest.next() {
        if c == '%' {
            let hex = text.get(at + 1..at + 3).filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
            let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
            bytes.push((byte.ok_or(Fault { at: place, reason: Reason::BadPercent })?, place));
            rest.nth(1);
        } else {
            bytes.extend(c.encode_utf8(&mut [0; 4]).bytes().map(|byte| (byte, place)));
        }
    }
    let decoded = String::from_utf8(bytes.iter().map(|&(byte, _)| byte).collect())
        .map_err(|bad| Fault { at: bytes[bad.utf8_error().valid_up_to()].1, reason: Reason::BadPercent })?;
    let places = decoded.char_indices().map(|(byte, _)| bytes[byte].1).collect();
    Ok((decoded.into(), places))
}

/// `Name <address>`, the last `<` at byte `open`.
fn bracketed(input: &str, open: usize) -> Result<(Option<PersonName>, Email), Fault> {
    let (name, rest) = (&input[..open], &input[open + 1..]);
    let inside_at = chars(&input[..=open]);
    let Some((inside, tail)) = rest.split_once('>') else {
        return Err(Fault { at: inside_at - 1, reason: Reason::OpenBracket });
    };
    let address = inside.trim_start_matches(is_space);
    let address_at = inside_at + chars(inside) - chars(address);
    let address = address.trim_end_matches(is_space);
    check_tail(tail).map_err(|fault| fault.behind(inside_at + chars(inside) + 1))?;
    check_name(name, address)?;
    let read = if is_mailto(address) { link(address) } else { Email::check(address) };
    let email = read.map_err(|fault| fault.behind(address_at))?;
    Ok((read_name(name)?, email))
}

/// Behind the `>` one mark is forgiven.
fn check_tail(tail: &str) -> Result<(), Fault> {
    match tail.trim_matches(is_space) {
        "" | "." | "," | ";" | ">" => Ok(()),
        text => {
            Err(Fault { at: 0, reason: if text.contains('@') { Reason::TwoAddresses } else { Reason::AfterBracket } })
        }
    }
}

/// An unquoted name must not be another address.
fn check_name(name: &str, address: &str) -> Result<(), Fault> {
    let quoted = name.trim_matches(is_space);
    if quoted.starts_with(is_quote) && quoted.ends_with(is_quote) {
        return Ok(());
    }
    match name.find('@') {
        Some(at) if !names_itself(name, address) => Err(Fault { at: chars(&name[..at]), reason: Reason::TwoAddresses }),
        _ => Ok(()),
    }
}

/// The name as a person would write it; `None` when it is empty, an address or a mail
/// program's encoding. A name with unseen characters makes the piece bad: it goes into mails.
fn read_name(typed: &str) -> Result<Option<PersonName>, Fault> {
    let name = without_marks(typed);
    let encoded = name.starts_with("=?") && name.ends_with("?=");
    if encoded || Email::check(&name).is_ok() {
        return Ok(None);
    }
    match PersonName::parse(&name) {
        Ok(name) => Ok(Some(name)),
        Err(BadTitle::Empty) => Ok(None),
        Err(BadTitle::TooLong { .. }) => Err(Fault::whole(Reason::LongName)),
        Err(BadTitle::Unseen { what, .. }) => {
            let at = typed.chars().position(|c| crate::title::Unseen::of(c) == Some(what)).unwrap_or_default();
            Err(Fault { at, reason: Reason::Unseen(what) })
        }
    }
}

/// A display name without quotes and with its backslash escapes undone (RFC 5322, 3.2.4).
fn without_marks(name: &str) -> String {
    let mut plain = String::new();
    let mut rest = name.trim_matches(is_space).chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => plain.extend(rest.next()),
            c if is_quote(c) => {}
            c => plain.push(c),
        }
    }
    without_quotes(plain.trim_matches(is_space)).to_owned()
}
