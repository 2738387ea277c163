//! A mail server that does as it is told, byte by byte: also what no real one would.

use std::{
    io,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use app::mail::channel::{Channel, SmtpUrl, Timeouts};
use rustls::ServerConfig;
use std::time::Duration;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;

/// Says nothing, forever.
pub const HANG: &str = "(hang)";
/// Closes the connection.
pub const DROP: &str = "(drop)";
/// The stage of the greeting, which answers nothing.
pub const GREETING: &str = "(greeting)";

/// What the peer says to a command, by the command's first word; the last one given counts.
#[derive(Clone, Default)]
pub struct Script {
    says: Vec<(&'static str, &'static str)>,
    tls: Option<Arc<ServerConfig>>,
    implicit: bool,
}

impl Script {
    /// `says` may hold several lines or junk; it is sent as it is, with CRLF behind it.
    pub fn at(mut self, verb: &'static str, says: &'static str) -> Self {
        self.says.push((verb, says));
        self
    }

    pub fn with_starttls(mut self, server: Arc<ServerConfig>) -> Self {
        self.tls = Some(server);
        self.at("EHLO", "250-peer.example\r\n250-STARTTLS\r\n250-SMTPUTF8\r\n250 AUTH PLAIN LOGIN")
    }

    pub fn with_implicit_tls(mut self, server: Arc<ServerConfig>) -> Self {
        self.tls = Some(server);
        self.implicit = true;
        self
    }

    fn says(&self, verb: &str) -> &'static str {
        let told = self.says.iter().rev().find(|(at, _)| *at == verb);
        told.map_or_else(|| usual(verb), |(_, says)| says)
    }
}

fn usual(verb: &str) -> &'static str {
    match verb {
        GREETING => "220 peer.example ESMTP",
        "EHLO" => "250-peer.example\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 AUTH PLAIN LOGIN",
        "DATA" => "354 go ahead",
        "." => "250 2.0.0 kept as 4Fq1",
        "AUTH" => "235 2.7.0 welcome",
        "STARTTLS" => "220 2.0.0 ready",
        "QUIT" => "221 2.0.0 bye",
        _ => "250 2.1.0 fine",
    }
}

pub struct Peer {
    port: u16,
    heard: Arc<Mutex<Vec<String>>>,
    connections: Arc<AtomicUsize>,
}

impl Peer {
    pub async fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::default();
        let connections = Arc::default();
        let peer = Self { port, heard: Arc::clone(&heard), connections: Arc::clone(&connections) };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream, script.clone(), Arc::clone(&heard)));
            }
        });
        peer
    }

    /// All lines heard, those of messages too.
    pub fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// A channel to this peer, short of patience.
    pub fn channel(&self, login: &str, tls: &str) -> Channel {
        let url: SmtpUrl = format!("smtp://{login}localhost:{}?tls={tls}", self.port).parse().unwrap();
        let timeouts = Timeouts { command: Duration::from_millis(400), after_dot: Duration::from_millis(500) };
        Channel::new(url, "muster.example").with_timeouts(timeouts)
    }
}

async fn serve(stream: TcpStream, script: Script, heard: Arc<Mutex<Vec<String>>>) -> io::Result<()> {
    if script.implicit {
        let stream = TlsAcceptor::from(script.tls.clone().unwrap()).accept(stream).await?;
        return talk(stream, &script, &heard, true).await.map(drop);
    }
    let Some(stream) = talk(stream, &script, &heard, true).await? else {
        return Ok(());
    };
    let stream = TlsAcceptor::from(script.tls.clone().unwrap()).accept(stream).await?;
    talk(stream, &script, &heard, false).await.map(drop)
}

/// Answers commands until the client leaves; returns the stream when it is to be encrypted.
async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    script: &Script,
    heard: &Mutex<Vec<String>>,
    greets: bool,
) -> io::Result<Option<S>> {
    let mut stream = BufReader::new(stream);
    if greets {
        say(&mut stream, script.says(GREETING)).await?;
    }
    let mut line = String::new();
    while {
        line.clear();
        stream.read_line(&mut line).await?
    } > 0
    {
        let command = line.trim_end().to_owned();
        heard.lock().unwrap().push(command.clone());
        let verb = command.split(' ').next().unwrap_or_default();
        let says = script.says(verb);
        say(&mut stream, says).await?;
        match verb {
            "DATA" if says.starts_with("354") => message(&mut stream, script, heard).await?,
            "STARTTLS" if says.starts_with("220") => return Ok(Some(stream.into_inner())),
            "AUTH" if says.starts_with("334") => {
                for answer in ["334 UGFzc3dvcmQ6", "235 2.7.0 welcome"] {
                    line.clear();
                    stream.read_line(&mut line).await?;
                    heard.lock().unwrap().push(line.trim_end().to_owned());
                    say(&mut stream, answer).await?;
                }
            }
            _ => {}
        }
    }
    Ok(None)
}

async fn message<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut BufReader<S>,
    script: &Script,
    heard: &Mutex<Vec<String>>,
) -> io::Result<()> {
    let mut line = String::new();
    while {
        line.clear();
        stream.read_line(&mut line).await?
    } > 0
    {
        let text = line.trim_end_matches("\r\n").to_owned();
        heard.lock().unwrap().push(text.clone());
        if text == "." {
            return say(stream, script.says(".")).await;
        }
    }
    Err(io::ErrorKind::UnexpectedEof.into())
}

async fn say<S: AsyncWrite + Unpin>(stream: &mut S, says: &str) -> io::Result<()> {
    match says {
        DROP => Err(io::ErrorKind::ConnectionAborted.into()),
        HANG => std::future::pending().await,
        _ => {
            stream.write_all(format!("{says}\r\n").as_bytes()).await?;
            stream.flush().await
        }
    }
}
