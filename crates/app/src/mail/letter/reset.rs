//! The letter with a link to set a new password.

use askama::Template;
use url::Url;

use super::{Content, LetterError, Parts, Person, filters, own_link};

/// What it says.
#[derive(Clone, Copy)]
pub struct Reset<'a> {
    /// Whom it is for.
    pub to: Person<'a>,
    /// The server's, from its settings.
    pub base_url: &'a Url,
    /// `{base}/reset/{token}`, a secret.
    pub link: &'a str,
    /// When the link ends, with time zone.
    pub ends: &'a str,
}

impl Content for Reset<'_> {
    fn to(&self) -> Person<'_> {
        self.to
    }

    fn parts(&self) -> Result<Parts, LetterError> {
        let words = Words {
            to: self.to.address,
            link: own_link(self.base_url, "/reset/", self.link)?,
            ends: self.ends,
            host: self.base_url.host_str().unwrap_or_default(),
        };
        Ok(Parts {
            subject: "Set a new password".to_owned(),
            text: Text { words: &words }.render()?,
            html: Html { words: &words }.render()?,
        })
    }
}

/// Everything both parts say.
struct Words<'a> {
    to: &'a str,
    link: &'a str,
    ends: &'a str,
    host: &'a str,
}

#[derive(Template)]
#[template(path = "mail/reset.txt", escape = "none")]
struct Text<'a> {
    words: &'a Words<'a>,
}

#[derive(Template)]
#[template(path = "mail/reset.html")]
struct Html<'a> {
    words: &'a Words<'a>,
}
