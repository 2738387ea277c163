//! The letter with a link to prove an address.

use askama::Template;
use url::Url;

use super::{Content, LetterError, Parts, Person, filters, names, own_link};

/// What it says.
#[derive(Clone, Copy)]
pub struct Verification<'a> {
    /// Where to; nobody knows yet who reads it.
    pub to: Person<'a>,
    /// What the person is called who wants to use the address.
    pub account: &'a str,
    /// The server's, from its settings.
    pub base_url: &'a Url,
    /// `{base}/verify/{token}`, a secret.
    pub link: &'a str,
    /// When the link ends, with time zone.
    pub ends: &'a str,
}

impl Content for Verification<'_> {
    fn to(&self) -> Person<'_> {
        self.to
    }

    fn parts(&self) -> Result<Parts, LetterError> {
        let words = Words {
            to: self.to.address,
            name: names::unlinked_line(self.account, "person's name")?,
            link: own_link(self.base_url, "/verify/", self.link)?,
            ends: self.ends,
            host: self.base_url.host_str().unwrap_or_default(),
        };
        Ok(Parts {
            subject: "Confirm your address".to_owned(),
            text: Text { words: &words }.render()?,
            html: Html { words: &words }.render()?,
        })
    }
}

/// Everything both parts say.
struct Words<'a> {
    to: &'a str,
    name: String,
    link: &'a str,
    ends: &'a str,
    host: &'a str,
}

#[derive(Template)]
#[template(path = "mail/verification.txt", escape = "none")]
struct Text<'a> {
    words: &'a Words<'a>,
}

#[derive(Template)]
#[template(path = "mail/verification.html")]
struct Html<'a> {
    words: &'a Words<'a>,
}
