//! From a TCP connection to a server that is ready for messages.

use std::{io, mem, time::Duration};

use tokio::{
    net::{TcpStream, lookup_host},
    time::timeout,
};

use super::{
    cause::Cause,
    login::Mechanism,
    outcome::{ChannelTrouble, Stage},
    reply::{Reply, one_line},
    tls,
    transcript::Transcript,
    wire::{Fault, Stream, Wire},
};
use crate::mail::channel::{Channel, Login, Tls};

/// A connection over which messages go one after another.
pub struct Connection {
    pub(super) wire: Wire,
    pub(super) after_dot: Duration,
    pub(super) smtputf8: bool,
    pub(super) open: bool,
}

impl Connection {
    /// Connects, encrypts as the channel asks, and logs in. With a transcript everything said is written to it, also
    /// if this fails.
    pub async fn open(channel: &Channel, transcript: Option<Transcript>) -> Result<Self, ChannelTrouble> {
        let limit = channel.timeouts.command;
        let stream = connect(channel).await?;
        let (wire, hello) = match channel.url.tls() {
            Tls::None => greet(Wire::new(stream, limit, transcript), channel).await?,
            Tls::Implicit => {
                let stream = encrypt(stream, channel).await?;
                greet(Wire::new(stream, limit, transcript), channel).await?
            }
            Tls::StartTls => {
                let (wire, hello) = greet(Wire::new(stream, limit, transcript.clone()), channel).await?;
                let stream = start_tls(wire, &hello, channel).await?;
                let mut wire = Wire::new(stream, limit, transcript);
                let hello = say_hello(&mut wire, channel).await?;
                (wire, hello)
            }
        };
        let smtputf8 = offer(&hello, "SMTPUTF8").is_some();
        let mut connection = Self { wire, after_dot: channel.timeouts.after_dot, smtputf8, open: true };
        if let Some(login) = channel.url.login() {
            connection.log_in(login, &hello).await?;
        }
        Ok(connection)
    }

    async fn log_in(&mut self, login: &Login, hello: &Reply) -> Result<(), ChannelTrouble> {
        let offered = offer(hello, "AUTH").unwrap_or_default();
        let Some(mechanism) = Mechanism::choose(&offered) else {
            let offered = if offered.is_empty() { "no login at all" } else { &offered };
            return Err(trouble(
                Stage::Login,
                Cause::NoLogin,
                &format!("the server offers {offered}; PLAIN or LOGIN is needed"),
            ));
        };
        let answer = mechanism.log_in(&mut self.wire, login).await;
        accepted(Stage::Login, answer).map(drop)
    }

    /// False once the server is gone or the conversation went wrong: open another one.
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// Asks an idle server whether it is still there (NOOP). Do this before sending over a connection that has lain
    /// idle: servers close those, and their goodbye is then no trouble of the channel.
    pub async fn probe(&mut self) -> bool {
        let was_open = mem::replace(&mut self.open, false);
        self.open = was_open && matches!(self.wire.ask("NOOP").await, Ok(answer) if answer.is_yes());
        self.open
    }

    /// Says goodbye; what the server answers no longer matters.
    pub async fn quit(mut self) {
        if self.open {
            let _ = self.wire.ask("QUIT").await;
        }
    }
}

async fn connect(channel: &Channel) -> Result<Box<dyn Stream>, ChannelTrouble> {
    let (host, port, limit) = (channel.url.host(), channel.url.port(), channel.timeouts.command);
    let no_way = |cause: Cause, why: &dyn std::fmt::Display| {
        trouble(Stage::Connect, cause, &format!("no connection to {host}:{port}: {why}"))
    };
    let late = Cause::Late(Stage::Connect);
    let found = timeout(limit, lookup_host((host, port))).await.map_err(|_| no_way(late, &Fault::Late(limit)))?;
    let mut last = no_way(Cause::UnknownName, &"the name has no address");
    // Each address has its own time, so that a dead IPv6 route does not hide a working IPv4 one.
    for address in found.map_err(|why| no_way(Cause::UnknownName, &why))? {
        if !channel.reach.includes(address.ip()) {
            last = no_way(Cause::OwnNetwork, &format!("{} is no address of the public internet", address.ip()));
            continue;
        }
        match timeout(limit, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return no_delay(stream).map_err(|why| no_way(Cause::Unreachable, &why)),
            Ok(Err(why)) => last = no_way(Cause::Unreachable, &why),
            Err(_) => last = no_way(late, &Fault::Late(limit)),
        }
    }
    Err(last)
}

/// Commands are small and wait for answers; holding them back only costs time.
fn no_delay(stream: TcpStream) -> io::Result<Box<dyn Stream>> {
    stream.set_nodelay(true)?;
    Ok(Box::new(stream))
}

async fn greet(mut wire: Wire, channel: &Channel) -> Result<(Wire, Reply), ChannelTrouble> {
    let greeting = wire.hear(channel.timeouts.command).await;
    if channel.url.tls() != Tls::Implicit && matches!(greeting, Err(Fault::Late(_))) {
        let words = format!("{}; does this port need tls=implicit?", Fault::Late(channel.timeouts.command));
        return Err(trouble(Stage::Greeting, Cause::TlsFromTheStart, &words));
    }
    accepted(Stage::Greeting, greeting)?;
    let hello = say_hello(&mut wire, channel).await?;
    Ok((wire, hello))
}

async fn say_hello(wire: &mut Wire, channel: &Channel) -> Result<Reply, ChannelTrouble> {
    let answer = wire.ask(&format!("EHLO {}", channel.hello)).await;
    accepted(Stage::Hello, answer)
}

async fn start_tls(mut wire: Wire, hello: &Reply, channel: &Channel) -> Result<Box<dyn Stream>, ChannelTrouble> {
    if offer(hello, "STARTTLS").is_none() {
        return Err(trouble(
            Stage::Tls,
            Cause::NoStartTls,
            "the server does not offer STARTTLS, and mail is not sent unencrypted unless the SMTP URL says tls=none",
        ));
    }
    let answer = wire.ask("STARTTLS").await;
    accepted(Stage::Tls, answer)?;
    let stream = wire.into_stream().await.map_err(|fault| unheard(Stage::Tls, &fault))?;
    encrypt(stream, channel).await
}

async fn encrypt(stream: Box<dyn Stream>, channel: &Channel) -> Result<Box<dyn Stream>, ChannelTrouble> {
    let config = channel.tls.clone().expect("a channel with TLS has its settings");
    let limit = channel.timeouts.command;
    let shaking = tls::encrypt(stream, channel.url.host(), config);
    let late = || (Cause::Late(Stage::Tls), format!("no TLS handshake: {}", Fault::Late(limit)));
    let shaken = timeout(limit, shaking).await.unwrap_or_else(|_| Err(late()));
    shaken.map_err(|(cause, words)| trouble(Stage::Tls, cause, &words))
}

/// What follows `keyword` in the answer to EHLO, if it is there.
fn offer(hello: &Reply, keyword: &str) -> Option<String> {
    hello.lines().skip(1).find_map(|line| {
        let (word, rest) = line.split_once([' ', '=']).unwrap_or((line, ""));
        word.eq_ignore_ascii_case(keyword).then(|| rest.to_owned())
    })
}

fn accepted(stage: Stage, answer: Result<Reply, Fault>) -> Result<Reply, ChannelTrouble> {
    match answer {
        Ok(reply) if reply.is_yes() => Ok(reply),
        Ok(reply) => Err(trouble(stage, Cause::of_refusal(stage), &reply.words())),
        Err(fault) => Err(unheard(stage, &fault)),
    }
}

fn unheard(stage: Stage, fault: &Fault) -> ChannelTrouble {
    trouble(stage, Cause::of(fault, stage), &fault.to_string())
}

pub(super) fn trouble(stage: Stage, cause: Cause, words: &str) -> ChannelTrouble {
    ChannelTrouble { stage, words: one_line(words), cause }
}
