//! Where mail goes out: the operator's settings for the one SMTP server all letters are handed to.

mod from;
mod reach;
mod smtp_url;

use std::{net::IpAddr, sync::Arc, time::Duration};

use rustls::{
    ClientConfig,
    pki_types::{CertificateDer, pem::PemObject},
};

use crate::settings::{Mail, Settings};

pub use from::MailFrom;
pub use reach::Reach;
pub use smtp_url::{Login, SmtpUrl, SmtpUrlError, Tls};

/// How long to wait for the server. RFC 5321 4.5.3.2 asks for more before the dot; people wait for these mails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For connecting, for the TLS handshake, for every answer and for every 16 KiB of the message.
    pub command: Duration,
    /// For the answer to the final dot: servers scan the message there (RFC 5321 4.5.3.2.6).
    pub after_dot: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { command: Duration::from_secs(15), after_dot: Duration::from_mins(5) }
    }
}

/// Everything needed to open a connection to the mail server. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Channel {
    pub(super) url: SmtpUrl,
    pub(super) hello: String,
    pub(super) reach: Reach,
    pub(super) timeouts: Timeouts,
    pub(super) tls: Option<Arc<ClientConfig>>,
}

/// The certificates to trust could not be read.
#[derive(Debug, thiserror::Error)]
#[error("the root certificate cannot be used: {0}")]
pub struct RootCertificateError(String);

impl Channel {
    /// A channel that trusts the roots of the operating system. `hello` is this server's own name for EHLO,
    /// the host of the base URL. Reads the system's certificates from disk.
    pub fn new(url: SmtpUrl, hello: &str) -> Self {
        let tls = (url.tls() != Tls::None).then(|| super::smtp::tls::config(&[]));
        Self { url, hello: hello_name(hello), reach: Reach::Anywhere, timeouts: Timeouts::default(), tls }
    }

    /// The channel of a mail server in effect.
    pub fn of(mail: &Mail, settings: &Settings) -> Self {
        let hello = settings.base_url.host_str().unwrap_or("localhost");
        Self::new(mail.smtp.clone(), hello).reaching(mail.reach)
    }

    /// Also trusts the root certificates in `pem`: a company's own authority, or a test's.
    pub fn trusting(mut self, pem: &[u8]) -> Result<Self, RootCertificateError> {
        let extra: Vec<_> = CertificateDer::pem_slice_iter(pem)
            .collect::<Result<_, _>>()
            .map_err(|why| RootCertificateError(why.to_string()))?;
        if extra.is_empty() {
            return Err(RootCertificateError("no certificate in it".to_owned()));
        }
        if self.url.tls() != Tls::None {
            self.tls = Some(super::smtp::tls::config(&extra));
        }
        Ok(self)
    }

    /// The same channel, which speaks to these addresses only.
    #[must_use]
    pub fn reaching(mut self, reach: Reach) -> Self {
        self.reach = reach;
        self
    }

    /// The same channel with other waiting times.
    #[must_use]
    pub fn with_timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// The settings this channel was made from.
    pub fn url(&self) -> &SmtpUrl {
        &self.url
    }
}

/// An IP address is written as a literal in EHLO (RFC 5321 4.1.3).
fn hello_name(host: &str) -> String {
    match host.trim_start_matches('[').trim_end_matches(']').parse() {
        Ok(IpAddr::V4(address)) => format!("[{address}]"),
        Ok(IpAddr::V6(address)) => format!("[IPv6:{address}]"),
        Err(_) => host.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::hello_name;

    #[test]
    fn an_ip_address_says_hello_as_a_literal() {
        for (host, hello) in [("muster.example", "muster.example"), ("10.0.0.7", "[10.0.0.7]"), ("[::1]", "[IPv6:::1]")]
        {
            assert_eq!(hello_name(host), hello);
        }
    }
}
