//! `smtp://user:pass@host:port?tls=none|starttls|implicit` (`--smtp-url`).

use std::{fmt, str::FromStr};

use percent_encoding::percent_decode_str;
use secrecy::SecretString;
use url::{Host, Url};

/// How the way to the server is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// Not at all: for a relay on the same machine.
    None,
    /// STARTTLS is required; a server that does not offer it gets no mail.
    StartTls,
    /// TLS from the first byte (RFC 8314), usual on port 465.
    Implicit,
}

/// User and password for AUTH.
#[derive(Debug, Clone)]
pub struct Login {
    /// Without percent-encoding.
    pub user: String,
    /// Without percent-encoding; hidden in Debug.
    pub password: SecretString,
}

/// The mail server's URL, read and found sound. Debug and Display hide the password.
#[derive(Debug, Clone)]
pub struct SmtpUrl {
    host: String,
    port: u16,
    tls: Tls,
    login: Option<Login>,
}

/// What is wrong with the URL. None repeats a value: a password with a stray `?` could stand in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SmtpUrlError {
    /// Not a URL at all.
    #[error(
        "the SMTP URL cannot be read: {0}. Write smtp://user:password@host:port, and @ : / ? # % in a password as %40 %3A %2F %3F %23 %25"
    )]
    Unreadable(url::ParseError),
    /// Another scheme than `smtp`.
    #[error("the SMTP URL must start with smtp://; for TLS from the first byte add ?tls=implicit")]
    Scheme,
    /// No host.
    #[error("the SMTP URL names no host")]
    NoHost,
    /// A path or a fragment.
    #[error("only ?tls= may follow the host of the SMTP URL; write / ? # in a password as %2F %3F %23")]
    Rest,
    /// `tls=` with an unknown value.
    #[error("tls= in the SMTP URL must be none, starttls or implicit")]
    Tls,
    /// A parameter other than one `tls`.
    #[error("the SMTP URL knows one parameter, tls=, and takes it once")]
    Parameter,
    /// One of the two is missing.
    #[error("the SMTP URL needs both a user and a password, or neither")]
    HalfLogin,
    /// Percent-encoding that is not UTF-8, or a control character.
    #[error("the {0} in the SMTP URL is not plain UTF-8 text")]
    LoginText(&'static str),
}

impl SmtpUrl {
    /// Reads the setting. Without a port: 465 with `tls=implicit`, else 587. Port 465 means `implicit` unless said
    /// otherwise, every other port requires STARTTLS.
    pub fn parse(text: &str) -> Result<Self, SmtpUrlError> {
        let url = Url::parse(text.trim()).map_err(SmtpUrlError::Unreadable)?;
        if url.scheme() != "smtp" {
            return Err(SmtpUrlError::Scheme);
        }
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(SmtpUrlError::NoHost)?;
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(SmtpUrlError::Rest);
        }
        let tls = tls(&url)?;
        let port = url.port().unwrap_or(if tls == Some(Tls::Implicit) { 465 } else { 587 });
        let by_port = if port == 465 { Tls::Implicit } else { Tls::StartTls };
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        Ok(Self { host, port, tls: tls.unwrap_or(by_port), login: login(&url)? })
    }

    /// From its parts, as a form has them; `None` if the host is neither a name nor an address.
    pub fn of(host: &str, port: u16, tls: Tls, login: Option<Login>) -> Option<Self> {
        let host = host.trim().trim_start_matches('[').trim_end_matches(']');
        let bracketed = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
        let host = Host::parse(&bracketed).ok()?.to_string();
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        Some(Self { host, port, tls, login })
    }

    /// Host name or IP address, without brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// TCP port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// How the connection is encrypted.
    pub fn tls(&self) -> Tls {
        self.tls
    }

    /// User and password, where the server wants them.
    pub fn login(&self) -> Option<&Login> {
        self.login.as_ref()
    }
}

fn tls(url: &Url) -> Result<Option<Tls>, SmtpUrlError> {
    let mut found = None;
    for (key, value) in url.query_pairs() {
        if key != "tls" || found.is_some() {
            return Err(SmtpUrlError::Parameter);
        }
        found = Some(value.parse()?);
    }
    Ok(found)
}

fn login(url: &Url) -> Result<Option<Login>, SmtpUrlError> {
    match (url.username(), url.password().unwrap_or_default()) {
        ("", "") => Ok(None),
        ("", _) | (_, "") => Err(SmtpUrlError::HalfLogin),
        (user, password) => {
            let user = plain(user, "user")?;
            Ok(Some(Login { user, password: plain(password, "password")?.into() }))
        }
    }
}

/// NUL separates the fields of AUTH PLAIN (RFC 4616), so no control character may stand in one.
fn plain(encoded: &str, field: &'static str) -> Result<String, SmtpUrlError> {
    let text = percent_decode_str(encoded).decode_utf8().map_err(|_| SmtpUrlError::LoginText(field))?;
    if text.chars().any(char::is_control) {
        return Err(SmtpUrlError::LoginText(field));
    }
    Ok(text.into_owned())
}

impl FromStr for SmtpUrl {
    type Err = SmtpUrlError;

    fn from_str(text: &str) -> Result<Self, SmtpUrlError> {
        Self::parse(text)
    }
}

impl FromStr for Tls {
    type Err = SmtpUrlError;

    fn from_str(text: &str) -> Result<Self, SmtpUrlError> {
        match text {
            "none" => Ok(Self::None),
            "starttls" => Ok(Self::StartTls),
            "implicit" => Ok(Self::Implicit),
            _ => Err(SmtpUrlError::Tls),
        }
    }
}

impl fmt::Display for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "none",
            Self::StartTls => "starttls",
            Self::Implicit => "implicit",
        })
    }
}

impl fmt::Display for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let login = self.login.as_ref().map(|login| format!("{}:***@", login.user)).unwrap_or_default();
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        write!(f, "smtp://{login}{host}:{}?tls={}", self.port, self.tls)
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn read(text: &str) -> SmtpUrl {
        SmtpUrl::parse(text).unwrap()
    }

    #[test]
    fn encryption_is_required_unless_the_operator_says_none() {
        assert_eq!(read("smtp://mail.hollin.example:465").tls(), Tls::Implicit);
        assert_eq!(read("smtp://mail.hollin.example:587").tls(), Tls::StartTls);
        assert_eq!(read("smtp://mail.hollin.example:25").tls(), Tls::StartTls);
        assert_eq!(read("smtp://localhost:25?tls=none").tls(), Tls::None);
        assert_eq!(read("smtp://mail.hollin.example:465?tls=starttls").tls(), Tls::StartTls);
    }

    #[test]
    fn a_missing_port_is_the_submission_port() {
        assert_eq!(read("smtp://mail.hollin.example").port(), 587);
        assert_eq!(read("smtp://mail.hollin.example/?tls=implicit").port(), 465);
        assert_eq!(read("smtp://[::1]:2525?tls=none").host(), "::1");
    }

    #[test]
    fn user_and_password_are_percent_decoded() {
        let url = read("smtp://muster%40hollin.example:p%40ss%3A%2F%C3%A9@mail.hollin.example");
        let login = url.login().unwrap();
        assert_eq!(login.user, "muster@hollin.example");
        assert_eq!(login.password.expose_secret(), "p@ss:/é");
    }

    #[test]
    fn the_password_is_never_shown() {
        let url = read("smtp://muster:open%20sesame@[::1]:2525?tls=none");
        assert_eq!(url.to_string(), "smtp://muster:***@[::1]:2525?tls=none");
        assert!(!format!("{url:?}").contains("sesame"));
    }

    #[test]
    fn an_error_names_what_is_wrong_and_never_the_password() {
        let cases = [
            ("mail.hollin.example", "relative URL"),
            ("smtp://u:secret@mail.hollin.example:99999", "port"),
            ("smtps://u:secret@mail.hollin.example", "?tls=implicit"),
            ("smtp://", "host"),
            ("smtp://u:sec/ret@mail.hollin.example", "%2F"),
            ("smtp://u:secret@mail.hollin.example/inbox", "%2F"),
            ("smtp://u:secret@mail.hollin.example#x", "%23"),
            ("smtp://u:secret@mail.hollin.example?tls=maybe", "starttls"),
            ("smtp://u:secret@mail.hollin.example?tls=none&tls=implicit", "once"),
            ("smtp://u:12?secret@mail.hollin.example", "one parameter"),
            ("smtp://u@mail.hollin.example", "both"),
            ("smtp://:secret@mail.hollin.example", "both"),
            ("smtp://u:secret%00@mail.hollin.example", "password"),
            ("smtp://u%FF:secret@mail.hollin.example", "user"),
        ];
        for (text, named) in cases {
            let error = SmtpUrl::parse(text).expect_err(text).to_string();
            assert!(error.contains(named), "{text}: {error}");
            assert!(!error.contains("secret"), "{text}: {error}");
        }
    }
}
