//! One connection: commands in, answers out (RFC 5321).

use super::script::Encrypts;
use super::{Mail, Reply, Stage, State, lock};
use std::io::{self, ErrorKind};
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufStream};
use tokio::net::TcpStream;

/// RFC 5321 has 512 bytes for a command and 1,000 for a line of text; nobody needs this much.
const LONGEST_LINE: usize = 64 * 1024;

/// A TCP or TLS stream.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

pub(super) struct Dialogue {
    stream: BufStream<Box<dyn Stream>>,
    encrypted: bool,
    number: usize,
    state: Arc<State>,
    from: Option<String>,
    to: Vec<String>,
}

impl Dialogue {
    pub(super) fn new(stream: TcpStream, number: usize, state: Arc<State>) -> Self {
        let stream: Box<dyn Stream> = Box::new(stream);
        Self { stream: BufStream::new(stream), encrypted: false, number, state, from: None, to: Vec::new() }
    }

    /// Talks until one side ends it; an error is such an end.
    pub(super) async fn run(mut self) {
        let _ = self.talk().await;
    }

    async fn talk(&mut self) -> io::Result<()> {
        self.encrypt(Encrypts::FromTheStart).await?;
        let mut go_on = self.answer(Stage::Greeting, "220 peer.test ESMTP").await?;
        while go_on {
            let line = self.line().await?;
            lock(&self.state.commands).push(line.clone());
            let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
            go_on = self.command(&verb.to_ascii_uppercase(), rest).await?;
        }
        Ok(())
    }

    /// Answers one command; false ends the dialogue in good order.
    async fn command(&mut self, verb: &str, rest: &str) -> io::Result<bool> {
        match verb {
            "EHLO" | "HELO" => self.hello(verb == "EHLO").await?,
            "STARTTLS" => self.start_tls().await?,
            "AUTH" => self.auth(rest).await?,
            "MAIL" => self.mail(rest).await?,
            "RCPT" => self.rcpt(rest).await?,
            "DATA" => self.data().await?,
            "RSET" => {
                self.forget();
                self.answer(Stage::Rset, "250 2.0.0 forgotten").await?;
            }
            "NOOP" => {
                self.answer(Stage::Noop, "250 2.0.0 still here").await?;
            }
            "QUIT" => {
                self.answer(Stage::Quit, "221 2.0.0 bye").await?;
                return Ok(false);
            }
            _ => self.say("502 5.5.1 no such command").await?,
        }
        Ok(true)
    }

    async fn hello(&mut self, extended: bool) -> io::Result<()> {
        self.forget();
        let mut offered = if extended { lock(&self.state.script).extensions().to_vec() } else { Vec::new() };
        if !self.encrypted && lock(&self.state.script).tls(Encrypts::AtStartTls).is_some() {
            offered.push("STARTTLS".to_owned());
        }
        let lines: Vec<_> = std::iter::once("peer.test".to_owned()).chain(offered).collect();
        let last = lines.len() - 1;
        let parts =
            lines.iter().enumerate().map(|(at, line)| format!("250{}{line}", if at == last { ' ' } else { '-' }));
        let good = parts.collect::<Vec<_>>().join("\r\n");
        self.answer(Stage::Ehlo, &good).await.map(drop)
    }

    async fn start_tls(&mut self) -> io::Result<()> {
        if lock(&self.state.script).tls(Encrypts::AtStartTls).is_none() {
            return self.say("502 5.5.1 no such command").await;
        }
        if self.answer(Stage::StartTls, "220 2.0.0 ready").await? {
            self.encrypt(Encrypts::AtStartTls).await?;
        }
        Ok(())
    }

    /// The handshake, if the script has one now.
    async fn encrypt(&mut self, when: Encrypts) -> io::Result<()> {
        let Some(acceptor) = lock(&self.state.script).tls(when) else { return Ok(()) };
        let nothing: Box<dyn Stream> = Box::new(tokio::io::empty());
        let plain = std::mem::replace(&mut self.stream, BufStream::new(nothing)).into_inner();
        let encrypted: Box<dyn Stream> = Box::new(acceptor.accept(plain).await?);
        self.stream = BufStream::new(encrypted);
        self.encrypted = true;
        Ok(())
    }

    /// `PLAIN` and `LOGIN`; what the client says about itself is believed.
    async fn auth(&mut self, rest: &str) -> io::Result<()> {
        let (method, initial) = rest.split_once(' ').unwrap_or((rest, ""));
        let expected = if method.eq_ignore_ascii_case("LOGIN") { 2 } else { 1 };
        for _ in usize::from(!initial.is_empty())..expected {
            self.say("334 ").await?;
            let line = self.line().await?;
            lock(&self.state.commands).push(line);
        }
        self.answer(Stage::Auth, "235 2.7.0 welcome").await.map(drop)
    }

    async fn mail(&mut self, rest: &str) -> io::Result<()> {
        if self.from.is_some() {
            return self.say("503 5.5.1 one sender at a time").await;
        }
        if self.answer(Stage::Mail, "250 2.1.0 sender ok").await? {
            self.from = Some(path(rest));
        }
        Ok(())
    }

    async fn rcpt(&mut self, rest: &str) -> io::Result<()> {
        if self.from.is_none() {
            return self.say("503 5.5.1 MAIL first").await;
        }
        let address = path(rest);
        let reply = lock(&self.state.script).reply(|stage| match stage {
            Stage::Rcpt(named) => address.eq_ignore_ascii_case(named),
            stage => stage == Stage::AnyRcpt,
        });
        if reply.accepts() {
            self.to.push(address);
        }
        self.give(reply, "250 2.1.5 recipient ok").await
    }

    async fn data(&mut self) -> io::Result<()> {
        if self.to.is_empty() {
            return self.say("503 5.5.1 no valid recipients").await;
        }
        if !self.answer(Stage::Data, "354 go ahead").await? {
            return Ok(());
        }
        let data = self.text().await?;
        let reply = lock(&self.state.script).reply(|stage| stage == Stage::End);
        let (from, to) = (self.from.take().unwrap_or_default(), std::mem::take(&mut self.to));
        if reply.accepts() {
            let mail = Mail { connection: self.number, from, to, data };
            self.state.mails.send_modify(|mails| mails.push(mail));
        }
        self.give(reply, "250 2.0.0 kept").await
    }

    /// The lines up to the final dot.
    async fn text(&mut self) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        loop {
            let line = self.raw_line().await?;
            match line.strip_prefix(b".") {
                Some(b"\r\n") => return Ok(text),
                Some(rest) => text.extend_from_slice(rest),
                None => text.extend_from_slice(&line),
            }
        }
    }

    fn forget(&mut self) {
        self.from = None;
        self.to.clear();
    }

    /// Does what the script says at the stage; true if that was a yes.
    async fn answer(&mut self, stage: Stage, good: &str) -> io::Result<bool> {
        let reply = lock(&self.state.script).reply(|at| at == stage);
        let accepts = reply.accepts();
        self.give(reply, good).await?;
        Ok(accepts)
    }

    async fn give(&mut self, reply: Reply, good: &str) -> io::Result<()> {
        match reply {
            Reply::Accept => self.say(good).await,
            Reply::Say(line) => {
                self.say(&line).await?;
                if line.starts_with("421") { cut() } else { Ok(()) }
            }
            Reply::Hang(time) => {
                tokio::time::sleep(time).await;
                self.say(good).await
            }
            Reply::Cut | Reply::KeepAndCut => cut(),
            Reply::AcceptAndCut => {
                self.say(good).await?;
                cut()
            }
        }
    }

    async fn say(&mut self, line: &str) -> io::Result<()> {
        self.stream.write_all(format!("{line}\r\n").as_bytes()).await?;
        self.stream.flush().await
    }

    async fn line(&mut self) -> io::Result<String> {
        let line = self.raw_line().await?;
        Ok(String::from_utf8_lossy(&line).trim_end().to_owned())
    }

    /// A line with its CRLF. A bare LF ends the dialogue: servers refuse it since it smuggles mails.
    async fn raw_line(&mut self) -> io::Result<Vec<u8>> {
        let mut line = Vec::new();
        self.stream.read_until(b'\n', &mut line).await?;
        if line.ends_with(b"\r\n") && line.len() <= LONGEST_LINE {
            return Ok(line);
        }
        if !line.is_empty() {
            self.say("500 5.5.2 a line ends in CRLF").await?;
        }
        cut()
    }
}

/// The address between the angle brackets of `FROM:<a@b> SIZE=1`.
fn path(rest: &str) -> String {
    let inside = rest.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inside.map_or_else(|| rest.trim().to_owned(), |(address, _)| address.to_owned())
}

fn cut<T>() -> io::Result<T> {
    Err(ErrorKind::ConnectionAborted.into())
}
