//! AUTH PLAIN (RFC 4616) and AUTH LOGIN, which some large providers still need.

use data_encoding::BASE64;
use secrecy::ExposeSecret;

use super::{
    reply::Reply,
    wire::{Fault, Wire},
};
use crate::mail::channel::Login;

/// A way of logging in that the server offers and we know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mechanism {
    Plain,
    Login,
}

impl Mechanism {
    /// The better one of those offered in the EHLO line `AUTH …`.
    pub(super) fn choose(offered: &str) -> Option<Self> {
        let offers = |name: &str| offered.split_whitespace().any(|word| word.eq_ignore_ascii_case(name));
        match (offers("PLAIN"), offers("LOGIN")) {
            (true, _) => Some(Self::Plain),
            (false, true) => Some(Self::Login),
            (false, false) => None,
        }
    }

    /// Logs in and returns the server's last answer, a yes or a refusal.
    pub(super) async fn log_in(self, wire: &mut Wire, login: &Login) -> Result<Reply, Fault> {
        let password = login.password.expose_secret();
        let user64 = BASE64.encode(login.user.as_bytes());
        let password64 = BASE64.encode(password.as_bytes());
        let plain64 = BASE64.encode(format!("\0{}\0{password}", login.user).as_bytes());
        wire.keep_secret(vec![plain64.clone(), password64.clone(), password.to_owned()]);
        let answer = match self {
            Self::Plain => wire.ask_in_secret(&format!("AUTH PLAIN {plain64}"), "AUTH PLAIN ***").await,
            Self::Login => log_in_by_turns(wire, &user64, &password64).await,
        };
        wire.keep_secret(Vec::new());
        answer
    }
}

/// LOGIN asks twice; the wording of the questions differs by server, their order never.
async fn log_in_by_turns(wire: &mut Wire, user: &str, password: &str) -> Result<Reply, Fault> {
    let mut answer = wire.ask("AUTH LOGIN").await?;
    for payload in [user, password] {
        if answer.code() != 334 {
            return Ok(answer);
        }
        answer = wire.ask_in_secret(payload, "***").await?;
    }
    Ok(answer)
}
