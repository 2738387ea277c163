//! What the server says at which point of the dialogue.

use std::{sync::Arc, time::Duration};

use rustls::ServerConfig;
use tokio_rustls::TlsAcceptor;

/// A point of the dialogue at which the server answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// A connection has been made.
    Greeting,
    /// `EHLO` or `HELO`.
    Ehlo,
    /// `STARTTLS`, before the handshake.
    StartTls,
    /// `AUTH`, once the client has named itself.
    Auth,
    /// `MAIL FROM`.
    Mail,
    /// `RCPT TO` this address, letters compared without case.
    Rcpt(&'static str),
    /// `RCPT TO` any address.
    AnyRcpt,
    /// `DATA`, before the text.
    Data,
    /// The final dot after the text.
    End,
    /// `RSET`.
    Rset,
    /// `NOOP`.
    Noop,
    /// `QUIT`.
    Quit,
}

/// What the server does at a stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// Says yes, as it would without a script.
    Accept,
    /// Says this line, or these, as they are; after a 421 it closes the connection.
    Say(String),
    /// Says yes after this time. At the final dot the mail is kept at once, the answer is late.
    Hang(Duration),
    /// Cuts the connection without an answer. At the final dot the mail is lost.
    Cut,
    /// Acts on the command, then cuts the connection without an answer: at the final dot the mail is kept and the 250 is lost.
    KeepAndCut,
    /// Says yes, then cuts the connection.
    AcceptAndCut,
}

impl Reply {
    /// A refusal, for now (4xx) or for good (5xx); the text may begin with an enhanced code.
    pub fn refuse(code: u16, text: &str) -> Self {
        Self::Say(format!("{code} {text}"))
    }

    /// Whether the server has done what the command asked, whatever the client gets to hear.
    pub(super) fn accepts(&self) -> bool {
        match self {
            Self::Accept | Self::Hang(_) | Self::KeepAndCut | Self::AcceptAndCut => true,
            Self::Say(line) => line.starts_with(['2', '3']),
            Self::Cut => false,
        }
    }
}

/// The replies of a server, by stage; where it says nothing, the server accepts.
#[derive(Debug, Clone)]
pub struct Script {
    lines: Vec<Line>,
    extensions: Vec<String>,
    tls: Option<(Encrypts, Arc<ServerConfig>)>,
}

/// When a server with a certificate encrypts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encrypts {
    AtStartTls,
    FromTheStart,
}

#[derive(Debug, Clone)]
struct Line {
    stage: Stage,
    reply: Reply,
    left: Option<usize>,
}

impl Default for Script {
    fn default() -> Self {
        Self::accepting()
    }
}

impl Script {
    /// Accepts everything. Offers `PIPELINING`, `8BITMIME`, `SMTPUTF8`, `ENHANCEDSTATUSCODES` and `AUTH`, no `STARTTLS`.
    pub fn accepting() -> Self {
        let offered = ["PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", "AUTH PLAIN LOGIN"];
        Self { lines: Vec::new(), extensions: offered.map(str::to_owned).to_vec(), tls: None }
    }

    /// Offers `STARTTLS` with this certificate.
    #[must_use]
    pub fn with_starttls(mut self, server: Arc<ServerConfig>) -> Self {
        self.tls = Some((Encrypts::AtStartTls, server));
        self
    }

    /// Speaks TLS from the first byte, with this certificate. A peer has to be started so: later scripts change nothing.
    #[must_use]
    pub fn with_implicit_tls(mut self, server: Arc<ServerConfig>) -> Self {
        self.tls = Some((Encrypts::FromTheStart, server));
        self
    }

    pub(super) fn tls(&self, when: Encrypts) -> Option<TlsAcceptor> {
        let (_, server) = self.tls.as_ref().filter(|(encrypts, _)| *encrypts == when)?;
        Some(TlsAcceptor::from(Arc::clone(server)))
    }

    /// Answers so at every such stage.
    #[must_use]
    pub fn at(self, stage: Stage, reply: Reply) -> Self {
        self.line(stage, reply, None)
    }

    /// Answers so the first `times` times, then as the next line for the stage says. Lines are tried in the order written.
    #[must_use]
    pub fn times(self, times: usize, stage: Stage, reply: Reply) -> Self {
        self.line(stage, reply, Some(times))
    }

    /// Offers one extension less, by its first word.
    #[must_use]
    pub fn without(mut self, extension: &str) -> Self {
        self.extensions.retain(|offered| !offered.starts_with(extension));
        self
    }

    /// Offers one extension more.
    #[must_use]
    pub fn offering(mut self, extension: &str) -> Self {
        self.extensions.push(extension.to_owned());
        self
    }

    fn line(mut self, stage: Stage, reply: Reply, left: Option<usize>) -> Self {
        self.lines.push(Line { stage, reply, left });
        self
    }

    pub(super) fn extensions(&self) -> &[String] {
        &self.extensions
    }

    /// The reply at the first stage a line is left for, used up by one.
    pub(super) fn reply(&mut self, is_at: impl Fn(Stage) -> bool) -> Reply {
        let line = self.lines.iter_mut().find(|line| line.left != Some(0) && is_at(line.stage));
        line.map_or(Reply::Accept, |line| {
            line.left = line.left.map(|left| left - 1);
            line.reply.clone()
        })
    }
}
