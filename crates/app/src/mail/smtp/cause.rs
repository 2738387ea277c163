//! What is behind trouble with the mail server, and what an operator can do about it.

use super::{outcome::Stage, wire::Fault};

/// What is behind trouble with the mail server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cause {
    /// The host's name has no address.
    UnknownName,
    /// The host has an address of a private network or of this machine, which nobody allowed.
    OwnNetwork,
    /// Nothing listens there, or there is no way.
    Unreachable,
    /// No answer in time.
    Late(Stage),
    /// The server hung up.
    Closed,
    /// What answers does not speak SMTP.
    NotSmtp,
    /// The server waits for a TLS handshake that is not made.
    TlsFromTheStart,
    /// The server does not speak TLS on this port.
    NoTlsHere,
    /// STARTTLS is not offered.
    NoStartTls,
    /// The certificate.
    Certificate(Flaw),
    /// The handshake failed otherwise.
    Handshake,
    /// No way of signing in that we know.
    NoLogin,
    /// User or password.
    LoginRefused,
    /// The sender's address.
    SenderRefused,
    /// The server said no.
    Refused,
}

/// What is wrong with a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Flaw {
    /// It has expired.
    Expired,
    /// It is not valid yet.
    NotYetValid,
    /// It is for another name.
    OtherName,
    /// Its authority is not trusted here.
    UnknownAuthority,
    /// It vouches for itself.
    SelfSigned,
    /// It is an authority's own.
    Authority,
    /// Revoked, or cannot be used.
    Unusable,
}

impl Cause {
    /// Why there was no answer.
    pub(super) fn of(fault: &Fault, stage: Stage) -> Self {
        match fault {
            Fault::Late(_) => Self::Late(stage),
            Fault::Closed | Fault::Broken(_) => Self::Closed,
            Fault::Nonsense(_) | Fault::OutOfTurn(_) => Self::NotSmtp,
        }
    }

    /// Why there was a no.
    pub(super) const fn of_refusal(stage: Stage) -> Self {
        match stage {
            Stage::Login => Self::LoginRefused,
            Stage::Sender => Self::SenderRefused,
            _ => Self::Refused,
        }
    }

    /// What an operator can do about it.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::UnknownName => {
                "Check the spelling of the host. If it is right, this machine cannot look names up: ask it with getent hosts."
            }
            Self::OwnNetwork => {
                "The host leads into a private network or to this machine. If that is meant, say so in the settings: tick \
                 that the mail server stands in your own network."
            }
            Self::Unreachable => {
                "Nothing answers at this host and port. Check the port (587 for STARTTLS, 465 for TLS from the start, 25 \
                 for a relay of your own), that the mail server runs, and the firewalls between."
            }
            Self::Late(Stage::Connect) => {
                "A firewall probably swallows the connection. Many hosters block port 25; use 587 or 465."
            }
            Self::Late(_) => {
                "The connection stands, but the mail server is silent. It may be overloaded, or may make strangers wait on \
                 purpose. Test again in some minutes."
            }
            Self::Closed => {
                "The mail server hung up. It may refuse this machine's address or limit connections: its log says why."
            }
            Self::NotSmtp => "What answers there is no mail server. Check host and port.",
            Self::TlsFromTheStart => {
                "The server waits for TLS at once, as port 465 does. Choose TLS from the start, or port 587 for STARTTLS."
            }
            Self::NoTlsHere => {
                "The server does not speak TLS on this port. Choose STARTTLS, usual on 587, or port 465 for TLS from the start."
            }
            Self::NoStartTls => {
                "Use the server's port for submission, 587 or 465. Only a relay on this machine or in a network you trust \
                 may be used without encryption: choose None then."
            }
            Self::Certificate(flaw) => flaw.advice(),
            Self::Handshake => {
                "The two found no common way to encrypt. Muster speaks TLS 1.2 and 1.3: an old mail server has to be updated."
            }
            Self::NoLogin => {
                "Muster signs in by PLAIN or LOGIN. If none is offered before encryption, choose STARTTLS; if the provider \
                 wants OAuth, make an app password or use its relay."
            }
            Self::LoginRefused => {
                "Check user and password. Providers with a second factor want an app password here, and some a whole \
                 address as the user."
            }
            Self::SenderRefused => {
                "This account may not send from the address in From. Use the account's own address, or allow the other one \
                 at the provider."
            }
            Self::Refused => "The mail server's own words say why. Its log, or the provider's help, says more.",
        }
    }
}

impl Flaw {
    const fn advice(self) -> &'static str {
        match self {
            Self::Expired => {
                "Renew the mail server's certificate. If it was renewed, the mail server has to load it anew."
            }
            Self::NotYetValid => "Set the clock of this machine, or wait until the certificate begins.",
            Self::OtherName => {
                "Write a name into Host that the certificate is for, or give the mail server a certificate for this name."
            }
            Self::UnknownAuthority => {
                "If the authority is your company's, add its root certificate to this machine (update-ca-certificates) \
                 and restart Muster. If it is a public one, the mail server does not send its whole chain."
            }
            Self::SelfSigned => {
                "Nobody vouches for this certificate but itself. Give the mail server one of an authority, for example by \
                 ACME, or add this one to the certificates that this machine trusts and restart Muster."
            }
            Self::Authority => {
                "The certificate is made for signing others. Make one for the server, with CA:FALSE and its name."
            }
            Self::Unusable => "Give the mail server another certificate.",
        }
    }
}
