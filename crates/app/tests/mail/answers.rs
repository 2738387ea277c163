//! The scripted mail server's answers as these tests write them: a verb, and the words to it.

use std::time::Duration;

use app::mail::channel::{Channel, SmtpUrl, Timeouts};
use testkit::smtp::{Peer, Reply, Script, Stage};

/// Says nothing, longer than anybody waits.
pub const HANG: &str = "(hang)";
/// Closes the connection.
pub const DROP: &str = "(drop)";
/// The stage of the greeting, which answers nothing.
pub const GREETING: &str = "(greeting)";

/// Writes a script by verbs.
pub trait Answering {
    /// `says` may hold several lines or junk.
    fn answering(self, verb: &str, says: &str) -> Script;
}

impl Answering for Script {
    fn answering(self, verb: &str, says: &str) -> Script {
        let reply = match says {
            HANG => Reply::Hang(Duration::from_mins(1)),
            DROP => Reply::Cut,
            says => Reply::Say(says.to_owned()),
        };
        self.at(stage(verb), reply)
    }
}

fn stage(verb: &str) -> Stage {
    match verb {
        GREETING => Stage::Greeting,
        "EHLO" => Stage::Ehlo,
        "STARTTLS" => Stage::StartTls,
        "AUTH" => Stage::Auth,
        "MAIL" => Stage::Mail,
        "RCPT" => Stage::AnyRcpt,
        "DATA" => Stage::Data,
        "." => Stage::End,
        "RSET" => Stage::Rset,
        "NOOP" => Stage::Noop,
        verb => panic!("no stage {verb}"),
    }
}

/// A channel to a peer, short of patience.
pub fn channel(peer: &Peer, login: &str, tls: &str) -> Channel {
    let url: SmtpUrl = format!("smtp://{login}localhost:{}?tls={tls}", peer.port()).parse().unwrap();
    let timeouts = Timeouts { command: Duration::from_millis(400), after_dot: Duration::from_millis(500) };
    Channel::new(url, "muster.example").with_timeouts(timeouts)
}
