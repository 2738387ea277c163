//! A mail server as somebody typed it, and as it can be set.

use domain::email::Email;
use secrecy::{ExposeSecret, SecretString};

use crate::{
    Bad,
    mail::channel::{MailFrom, SmtpUrl, Tls},
};

/// As typed, or as a call says it.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// Host name or address.
    pub host: String,
    /// Port; empty is the usual one of the encryption.
    pub port: String,
    /// `starttls`, `implicit` or `none`.
    pub tls: String,
    /// User for AUTH; empty for none.
    pub user: String,
    /// Its password; empty keeps the one there is.
    pub password: SecretString,
    /// The sender of all mail.
    pub from_address: String,
    /// What the sender is called; may be empty.
    pub from_name: String,
    /// Whether the server may have an address of a private network or of this machine.
    pub own_network: bool,
}

/// A mail server that can be set.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) tls: Tls,
    pub(super) login: Option<WantedLogin>,
    pub(super) from: MailFrom,
    pub(super) own_network: bool,
}

#[derive(Clone, Debug)]
pub(super) struct WantedLogin {
    pub(super) user: String,
    /// `None` keeps the one there is.
    pub(super) password: Option<SecretString>,
}

const LONGEST: usize = 255;

impl Wanted {
    /// Reads it, or says of every field what is wrong.
    pub fn parse(typed: &Typed) -> Result<Self, Vec<Bad>> {
        let (tls, from) = (tls(&typed.tls), from(typed));
        let port = port(&typed.port, tls.as_ref().copied().unwrap_or(Tls::StartTls));
        let (host, login) = (host(&typed.host), login(typed));
        match (host, port, tls, login, from) {
            (Ok(host), Ok(port), Ok(tls), Ok(login), Ok(from)) => {
                Ok(Self { host, port, tls, login, from, own_network: typed.own_network })
            }
            (host, port, tls, login, from) => {
                let bad = [host.err(), port.err(), tls.err(), login.err(), from.err()];
                Err(bad.into_iter().flatten().collect())
            }
        }
    }
}

fn host(text: &str) -> Result<String, Bad> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Bad::new("host", "required", "Name the mail server's host, for example smtp.example.org."));
    }
    let read = SmtpUrl::of(text, 0, Tls::None, None).filter(|_| text.len() <= LONGEST);
    let why = "Write the host's name or address alone, without smtp:// and without a port.";
    read.map(|url| url.host().to_owned()).ok_or_else(|| Bad::new("host", "malformed", why))
}

fn port(text: &str, tls: Tls) -> Result<u16, Bad> {
    let usual = if tls == Tls::Implicit { 465 } else { 587 };
    match text.trim() {
        "" => Ok(usual),
        text => match text.parse() {
            Ok(port) if port > 0 => Ok(port),
            _ => Err(Bad::new("port", "malformed", "A number from 1 to 65535; left empty it is the usual one.")),
        },
    }
}

fn tls(text: &str) -> Result<Tls, Bad> {
    text.trim().parse().map_err(|_| Bad::new("tls", "malformed", "One of starttls, implicit and none."))
}

/// NUL separates the fields of AUTH PLAIN (RFC 4616), so no control character may stand in one.
fn login(typed: &Typed) -> Result<Option<WantedLogin>, Bad> {
    let (user, password) = (typed.user.trim(), typed.password.expose_secret());
    let unfit = |text: &str| text.len() > LONGEST || text.chars().any(char::is_control);
    if unfit(user) {
        return Err(Bad::new("user", "malformed", "One line of at most 255 bytes."));
    }
    if unfit(password) {
        return Err(Bad::new("password", "malformed", "One line of at most 255 bytes."));
    }
    if user.is_empty() && !password.is_empty() {
        return Err(Bad::new(
            "user",
            "required",
            "A password needs a user; leave both empty to send without signing in.",
        ));
    }
    let password = (!password.is_empty()).then(|| typed.password.clone());
    Ok((!user.is_empty()).then(|| WantedLogin { user: user.to_owned(), password }))
}

fn from(typed: &Typed) -> Result<MailFrom, Bad> {
    let name = typed.from_name.trim();
    if name.len() > LONGEST || name.chars().any(char::is_control) {
        return Err(Bad::new("from_name", "malformed", "One line of at most 255 bytes."));
    }
    let address = typed.from_address.trim();
    let bad = |detail: String| Bad::new("from_address", "malformed", detail);
    let address: Email = address.parse().map_err(|why| bad(format!("Not an address: {why}.")))?;
    MailFrom::of(address.as_str(), name).map_err(|why| bad(format!("{why}.")))
}
