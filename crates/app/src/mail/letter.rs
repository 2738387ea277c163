//! A letter: one message to one person, as text and as HTML, ready to be handed over.

mod filters;
mod invitation;
mod message_id;
mod names;
mod notice;
mod plain;
mod reset;
mod verification;

use std::{
    fmt,
    time::{Duration, SystemTime},
};

use jiff::Timestamp;
use lettre::{
    Message,
    message::{
        Mailbox, MultiPart, SinglePart,
        header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue},
    },
};
use url::Url;

use super::{
    address::{self, AddressError},
    channel::MailFrom,
    smtp::Envelope,
};

pub use invitation::{Invitation, Inviter, Project};
pub use message_id::MessageId;
pub use notice::{Notice, WayOn};
pub use reset::Reset;
pub use verification::Verification;

/// A link of this many characters or more is broken by some mail programs.
const LINK_LIMIT: usize = 200;

/// Cannot occur in a part: quoted-printable writes every `=` as `=3D` (RFC 2045 6.7).
const BOUNDARY: &str = "=_muster";

/// Somebody a letter is for, from or about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person<'a> {
    /// As the person wrote it; nothing in it becomes a link.
    pub name: Option<&'a str>,
    /// As it was typed, already found valid.
    pub address: &'a str,
}

impl<'a> Person<'a> {
    fn known_name(&self) -> Option<&'a str> {
        self.name.filter(|name| !name.trim().is_empty())
    }
}

/// What stands above a letter. Besides these every letter says that a machine wrote it (RFC 3834).
#[derive(Debug, Clone, Copy)]
pub struct Headers<'a> {
    /// The same for every attempt to send this letter.
    pub message_id: &'a MessageId,
    /// When it was written.
    pub date: Timestamp,
    /// The server's own sender, also of the envelope.
    pub from: &'a MailFrom,
    /// The recipient.
    pub to: Person<'a>,
    /// Who gets the answers. Left out where only this address would need SMTPUTF8: many servers would refuse the
    /// letter for it.
    pub reply_to: Option<Person<'a>>,
    /// One line.
    pub subject: &'a str,
}

/// What a kind of letter says: a file beside this one, and two templates that say the same.
pub trait Content {
    /// The recipient.
    fn to(&self) -> Person<'_>;

    /// Who gets the answers, if anybody reads them.
    fn reply_to(&self) -> Option<Person<'_>> {
        None
    }

    /// Subject, text and HTML.
    fn parts(&self) -> Result<Parts, LetterError>;

    /// Writes the letter.
    fn letter(&self, from: &MailFrom, message_id: &MessageId, date: Timestamp) -> Result<Letter, LetterError> {
        let Parts { subject, text, html } = self.parts()?;
        let (to, reply_to) = (self.to(), self.reply_to());
        Letter::new(&Headers { message_id, date, from, to, reply_to, subject: &subject }, text, html)
    }
}

/// What a letter is made of.
#[derive(Debug, Clone)]
pub struct Parts {
    /// One line.
    pub subject: String,
    /// The plain part.
    pub text: String,
    /// The same for programs that show HTML.
    pub html: String,
}

/// Only a link of this server, into this folder, that survives every mail program.
fn own_link<'a>(base_url: &Url, folder: &str, link: &'a str) -> Result<&'a str, LetterError> {
    let path = link.strip_prefix(base_url.as_str().trim_end_matches('/'));
    let rest = path.and_then(|path| path.strip_prefix(folder));
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'/');
    let safe = rest.is_some_and(|rest| rest.bytes().all(plain));
    if safe && link.len() < LINK_LIMIT { Ok(link) } else { Err(LetterError::Link) }
}

/// Why a letter cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum LetterError {
    /// A CR, LF, NUL or other control character where one line is wanted.
    #[error("the {0} holds a control character")]
    ControlCharacter(&'static str),
    /// An address no header may hold.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// Not a link of this server, or 200 characters or more: mail programs break those.
    #[error("the link is not one of this server or too long")]
    Link,
    /// Not of the form `<left@right>`.
    #[error("the Message-ID is not of the form <left@right>")]
    MessageId,
    /// The template.
    #[error("the letter cannot be rendered: {0}")]
    Template(#[from] askama::Error),
    /// The message format.
    #[error("the letter cannot be put together: {0}")]
    Format(#[from] lettre::error::Error),
}

/// A finished letter: RFC 5322 bytes and their envelope. Debug shows neither text nor link.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// The `Message-ID` header.
    pub message_id: MessageId,
    /// One sender, one recipient.
    pub envelope: Envelope,
    /// Headers and both parts. Holds the link: a secret until handed over.
    pub bytes: Vec<u8>,
}

impl Letter {
    /// Puts a letter together: `multipart/alternative`, both parts quoted-printable, so that the bytes are ASCII and
    /// no relay needs to change them.
    pub fn new(headers: &Headers<'_>, text: String, html: String) -> Result<Self, LetterError> {
        let to = mailbox(headers.to, "recipient's name")?;
        let envelope = Envelope::new(headers.from.address(), headers.to.address)?;
        let mut message = Message::builder()
            .message_id(Some(headers.message_id.to_string()))
            .date(written_at(headers.date))
            .from(headers.from.mailbox())
            .to(to)
            .subject(names::header(headers.subject, "subject")?)
            .raw_header(machine_written());
        if let Some(reply_to) = headers.reply_to {
            let mailbox = mailbox(reply_to, "sender's name")?;
            if mailbox.email.user().is_ascii() || !envelope.to().is_ascii() {
                message = message.reply_to(mailbox);
            }
        }
        let parts = MultiPart::alternative().boundary(BOUNDARY);
        let parts =
            parts.singlepart(part(ContentType::TEXT_PLAIN, text)).singlepart(part(ContentType::TEXT_HTML, html));
        let bytes = message.multipart(parts)?.formatted();
        Ok(Self { message_id: headers.message_id.clone(), envelope, bytes })
    }
}

fn mailbox(person: Person<'_>, field: &'static str) -> Result<Mailbox, LetterError> {
    let name = person.known_name().map(|name| names::header(name, field)).transpose()?;
    Ok(Mailbox::new(name, address::read(person.address)?))
}

/// The Date header knows no time before 1970.
fn written_at(date: Timestamp) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(date.as_second()).unwrap_or(0))
}

/// Keeps out-of-office answers away.
fn machine_written() -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned())
}

fn part(kind: ContentType, body: String) -> SinglePart {
    SinglePart::builder().header(kind).header(ContentTransferEncoding::QuotedPrintable).body(body)
}

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Letter")
            .field("message_id", &self.message_id)
            .field("to", &self.envelope.to())
            .finish_non_exhaustive()
    }
}
