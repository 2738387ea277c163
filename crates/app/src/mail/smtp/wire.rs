//! Lines to the server and answers from it, each within its time.

use std::{future::poll_fn, io, pin::Pin, task::Poll, time::Duration};

use tokio::{
    io::{AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader},
    time::{error::Elapsed, timeout},
};

use super::{
    reply::{self, Reply, one_line},
    transcript::Transcript,
};

/// RFC 5321 4.5.3.1.5 allows 512 bytes a line; servers with long links in their refusals do not keep to it.
const LINE_LIMIT: usize = 4096;
/// Lines of one answer; EHLO has some twenty.
const REPLY_LIMIT: usize = 100;
/// Part of a message for which one command's time is given.
const CHUNK: usize = 16 * 1024;

/// A TCP or TLS stream.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    #[error("no answer within {}", seconds(*.0))]
    Late(Duration),
    #[error("the server closed the connection")]
    Closed,
    #[error("the connection broke: {0}")]
    Broken(io::Error),
    #[error("the server's answer is not SMTP: {0}")]
    Nonsense(String),
    #[error("the server spoke out of turn: {0}")]
    OutOfTurn(String),
}

pub(super) struct Wire {
    stream: BufReader<Box<dyn Stream>>,
    limit: Duration,
    transcript: Option<Transcript>,
    /// What must not be repeated should the server echo it.
    secrets: Vec<String>,
}

impl Wire {
    pub(super) fn new(stream: Box<dyn Stream>, limit: Duration, transcript: Option<Transcript>) -> Self {
        Self { stream: BufReader::new(stream), limit, transcript, secrets: Vec::new() }
    }

    /// The bare stream, for the TLS handshake; an error when the server already sent more, since unencrypted bytes
    /// must never count as encrypted ones.
    pub(super) async fn into_stream(mut self) -> Result<Box<dyn Stream>, Fault> {
        match self.said_unasked().await? {
            None => Ok(self.stream.into_inner()),
            Some(reply) => Err(Fault::OutOfTurn(reply.words())),
        }
    }

    pub(super) fn keep_secret(&mut self, secrets: Vec<String>) {
        self.secrets = secrets;
    }

    /// One command and its answer.
    pub(super) async fn ask(&mut self, command: &str) -> Result<Reply, Fault> {
        self.ask_in_secret(command, command).await
    }

    /// A command of which the transcript shows `shown`.
    pub(super) async fn ask_in_secret(&mut self, command: &str, shown: &str) -> Result<Reply, Fault> {
        if let Some(goodbye) = self.said_unasked().await? {
            return Ok(goodbye);
        }
        self.note('C', shown);
        self.write(format!("{command}\r\n").as_bytes()).await?;
        self.hear(self.limit).await
    }

    /// Writes the body of a message, in the form the DATA phase needs, up to but without the final dot.
    pub(super) async fn write_message(&mut self, transparent: &[u8]) -> Result<(), Fault> {
        self.note('C', &format!("(a message of {} bytes)", transparent.len()));
        for chunk in transparent.chunks(CHUNK) {
            self.write(chunk).await?;
        }
        Ok(())
    }

    /// Writes the final dot. From its first byte on the message may be delivered.
    pub(super) async fn write_dot(&mut self, after_dot: Duration) -> Result<Reply, Fault> {
        self.note('C', ".");
        self.write(b".\r\n").await?;
        self.hear(after_dot).await
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let writing = async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        };
        timeout(self.limit, writing).await.map_err(|_: Elapsed| Fault::Late(self.limit))?.map_err(lost_or_broken)
    }

    /// Waits for one whole answer.
    pub(super) async fn hear(&mut self, limit: Duration) -> Result<Reply, Fault> {
        timeout(limit, self.read_reply()).await.map_err(|_: Elapsed| Fault::Late(limit))?
    }

    async fn read_reply(&mut self) -> Result<Reply, Fault> {
        let mut texts = Vec::new();
        let mut code = None;
        while texts.len() < REPLY_LIMIT {
            let raw = self.read_line().await?;
            let line = reply::line(&raw).filter(|line| code.is_none_or(|code| code == line.code));
            let Some(line) = line else {
                return Err(Fault::Nonsense(one_line(&raw)));
            };
            code = Some(line.code);
            texts.push(line.text.to_owned());
            if line.last {
                return Ok(Reply::new(line.code, texts));
            }
        }
        Err(Fault::Nonsense(format!("more than {REPLY_LIMIT} lines")))
    }

    async fn read_line(&mut self) -> Result<String, Fault> {
        let mut raw = Vec::new();
        let mut limited = (&mut self.stream).take(LINE_LIMIT as u64);
        match limited.read_until(b'\n', &mut raw).await {
            Ok(0) => return Err(Fault::Closed),
            Ok(LINE_LIMIT) => return Err(Fault::Nonsense(format!("a line of more than {LINE_LIMIT} bytes"))),
            Ok(_) if !raw.ends_with(b"\n") => return Err(Fault::Closed),
            Ok(_) => {}
            Err(lost) => return Err(lost_or_broken(lost)),
        }
        let mut line = String::from_utf8_lossy(&raw).trim_end_matches(['\r', '\n']).to_owned();
        for secret in self.secrets.iter().filter(|secret| !secret.is_empty()) {
            line = line.replace(secret, "***");
        }
        self.note('S', &line);
        Ok(line)
    }

    /// Nothing may lie unread before a command goes out: it would pass for the answer. A goodbye (421) is the one
    /// thing a server may say unasked, and is returned as the answer that it is.
    async fn said_unasked(&mut self) -> Result<Option<Reply>, Fault> {
        let stream = &mut self.stream;
        let unread = poll_fn(|context| match Pin::new(&mut *stream).poll_fill_buf(context) {
            Poll::Pending => Poll::Ready(Ok(None)),
            Poll::Ready(Ok(bytes)) => Poll::Ready(Ok(Some(bytes.to_vec()))),
            Poll::Ready(Err(lost)) => Poll::Ready(Err(lost)),
        });
        match unread.await.map_err(lost_or_broken)? {
            None => Ok(None),
            Some(bytes) if bytes.is_empty() => Err(Fault::Closed),
            Some(bytes) if bytes.starts_with(b"421") => self.hear(self.limit).await.map(Some),
            Some(bytes) => Err(Fault::OutOfTurn(one_line(&String::from_utf8_lossy(&bytes)))),
        }
    }

    fn note(&self, who: char, text: &str) {
        if let Some(transcript) = &self.transcript {
            transcript.note(who, text);
        }
    }
}

/// A peer that goes away looks different on TCP and on TLS; it is the same to us.
fn lost_or_broken(lost: io::Error) -> Fault {
    match lost.kind() {
        io::ErrorKind::UnexpectedEof
        | io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe => Fault::Closed,
        _ => Fault::Broken(lost),
    }
}

fn seconds(limit: Duration) -> String {
    if limit.subsec_millis() == 0 { format!("{} s", limit.as_secs()) } else { format!("{} ms", limit.as_millis()) }
}
