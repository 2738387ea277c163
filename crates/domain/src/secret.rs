//! Things whose possession proves something: tokens in links, session cookies, API keys, typed codes.

use std::{fmt, str::FromStr};

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};

/// 192 bits from the operating system as 32 characters of `[A-Za-z0-9_-]`; opaque, so it can be looked up but not read.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

/// SHA-256 of a token: the only form a table holds (I5).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash([u8; 32]);

/// A text that cannot be a token of ours. It answers like an unknown one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a token")]
pub struct BadToken;

impl Token {
    pub(crate) fn from_random(bytes: [u8; 24]) -> Self {
        Self(BASE64URL_NOPAD.encode(&bytes))
    }

    /// The secret itself, for the one place that hands it over.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What tables hold and look up.
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(&self.0).into())
    }
}

/// Accepts `[A-Za-z0-9_-]{22,64}` and forgives punctuation that mail programs glue to the end of a link.
impl FromStr for Token {
    type Err = BadToken;
    fn from_str(text: &str) -> Result<Self, BadToken> {
        let text = text.trim_end_matches(['.', ',', ';', ':', ')', '>', ']', '"', '\'', '!', '?', '=']);
        let known = |c: u8| c.is_ascii_alphanumeric() || c == b'_' || c == b'-';
        let fits = (22..=64).contains(&text.len()) && text.bytes().all(known);
        fits.then(|| Self(text.to_owned())).ok_or(BadToken)
    }
}

impl TokenHash {
    /// The 32 bytes as stored.
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<[u8; 32]> for TokenHash {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(…)")
    }
}

/// Eight characters a person types when the link does not open; worth something only together with the address.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

/// No vowels and no look-alikes: codes neither spell words nor get misread.
const LETTERS: &[u8; 24] = b"23456789BCDFGHJKMNPQRTVW";

impl Code {
    pub(crate) fn from_random(bytes: [u8; 16]) -> Self {
        // 16 bits a letter over 24 letters: the bias is below one in two thousand.
        let letter =
            |pair: &[u8]| char::from(LETTERS[usize::from(u16::from_be_bytes([pair[0], pair[1]])) % LETTERS.len()]);
        Self(bytes.chunks_exact(2).map(letter).collect())
    }

    /// As the mail shows it: `H4QX-7MRT`.
    pub fn reveal(&self) -> String {
        format!("{}-{}", &self.0[..4], &self.0[4..])
    }

    /// The eight characters alone, as the keyed hash takes them.
    pub fn letters(&self) -> &str {
        &self.0
    }
}

/// Forgives case, spaces and dashes.
impl FromStr for Code {
    type Err = BadToken;
    fn from_str(text: &str) -> Result<Self, BadToken> {
        let typed: String =
            text.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).collect();
        let fits = typed.len() == 8 && typed.bytes().all(|c| LETTERS.contains(&c));
        fits.then_some(Self(typed)).ok_or(BadToken)
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_survives_the_punctuation_of_mail_programs() {
        let token = Token::from_random([7; 24]);
        for tail in ["", ".", ">", ").", "=", "\">"] {
            assert_eq!(format!("{}{tail}", token.reveal()).parse(), Ok(token.clone()));
        }
    }

    #[test]
    fn texts_that_cannot_be_tokens_are_refused() {
        for text in ["", "short", &"a".repeat(65), "has spaces in it and is long enough", "ümlaut-ümlaut-ümlaut-ümlaut"]
        {
            assert_eq!(text.parse::<Token>(), Err(BadToken), "{text}");
        }
    }

    #[test]
    fn secrets_do_not_show_in_debug_output() {
        let token = Token::from_random([7; 24]);
        assert!(!format!("{token:?} {:?}", token.hash()).contains(token.reveal()));
        assert_eq!(format!("{:?}", Code::from_random([1; 16])), "Code(…)");
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = Code::from_random([3; 16]);
        assert_eq!(code.reveal().to_lowercase().parse(), Ok(code.clone()));
        assert_eq!(format!(" {} ", code.letters()).parse(), Ok(code));
        assert!("H4QX-7MR".parse::<Code>().is_err());
    }
}
