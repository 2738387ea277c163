//! A notice: a few lines about what happened, and perhaps one way on.

use askama::Template;
use url::Url;

use super::{Content, LetterError, Parts, Person, filters, names, own_link};

/// What a notice says. Every text may hold names of people and things, and nothing in it becomes a link.
#[derive(Clone)]
pub struct Notice<'a> {
    /// Whom it is for.
    pub to: Person<'a>,
    /// The server's, from its settings.
    pub base_url: &'a Url,
    /// What happened, in one line; the subject, too.
    pub heading: String,
    /// A paragraph each.
    pub lines: Vec<String>,
    /// The one thing to do about it.
    pub way_on: Option<WayOn<'a>>,
}

/// A page to go to.
#[derive(Clone, Copy, Debug)]
pub struct WayOn<'a> {
    /// The button's words.
    pub label: &'a str,
    /// A page of this server. No secret.
    pub link: &'a str,
}

impl Content for Notice<'_> {
    fn to(&self) -> Person<'_> {
        self.to
    }

    fn parts(&self) -> Result<Parts, LetterError> {
        let words = self.words()?;
        Ok(Parts {
            subject: self.heading.clone(),
            text: Text { words: &words }.render()?,
            html: Html { words: &words }.render()?,
        })
    }
}

impl Notice<'_> {
    fn words(&self) -> Result<Words<'_>, LetterError> {
        if let Some(way) = self.way_on {
            own_link(self.base_url, "/", way.link)?;
        }
        let lines = self.lines.iter().map(|line| names::unlinked_line(line, "notice"));
        Ok(Words {
            heading: names::unlinked_line(&self.heading, "notice")?,
            lines: lines.collect::<Result<_, _>>()?,
            way_on: self.way_on,
            to: self.to.address,
            host: self.base_url.host_str().unwrap_or_default(),
        })
    }
}

/// Everything both parts say, cleaned and unlinked.
struct Words<'a> {
    heading: String,
    lines: Vec<String>,
    way_on: Option<WayOn<'a>>,
    to: &'a str,
    host: &'a str,
}

#[derive(Template)]
#[template(path = "mail/notice.txt", escape = "none")]
struct Text<'a> {
    words: &'a Words<'a>,
}

#[derive(Template)]
#[template(path = "mail/notice.html")]
struct Html<'a> {
    words: &'a Words<'a>,
}
