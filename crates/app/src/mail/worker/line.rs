//! A lane's connection to the mail server: kept while there is work, tested before it is used again.

use std::time::Duration;

use tokio::time::Instant;

use crate::mail::{
    channel::Channel,
    letter::Letter,
    smtp::{Cause, ChannelTrouble, Connection, Outcome, Stage},
};

/// After so much silence the server is asked whether it is still there.
const SILENCE: Duration = Duration::from_secs(1);
/// Servers limit the messages of one connection and end longer ones with a 421.
const MOST_MESSAGES: u32 = 50;

/// A connection, or none yet.
pub(super) struct Line {
    open: Option<Open>,
}

struct Open {
    connection: Connection,
    messages: u32,
    used_at: Instant,
}

impl Line {
    pub(super) fn new() -> Self {
        Self { open: None }
    }

    pub(super) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Hands a letter over, by the connection there is or a new one. Making one takes a while: afterwards
    /// `still_wanted` is asked, and on a no nothing is sent and there is no outcome.
    pub(super) async fn send(
        &mut self,
        channel: &Channel,
        letter: &Letter,
        still_wanted: impl AsyncFnOnce() -> bool,
    ) -> Option<Outcome> {
        if self.is_reusable().await {
            match self.transact(letter).await {
                Outcome::Trouble(trouble) if is_silent_end(&trouble) => {}
                outcome => return Some(outcome),
            }
        }
        match Connection::open(channel, None).await {
            Ok(connection) => self.open = Some(Open { connection, messages: 0, used_at: Instant::now() }),
            Err(trouble) => return Some(Outcome::Trouble(trouble)),
        }
        if still_wanted().await { Some(self.transact(letter).await) } else { None }
    }

    /// Says goodbye.
    pub(super) async fn close(&mut self) {
        if let Some(open) = self.open.take() {
            open.connection.quit().await;
        }
    }

    async fn is_reusable(&mut self) -> bool {
        let Some(open) = &mut self.open else { return false };
        let fresh = open.used_at.elapsed() < SILENCE;
        if open.messages < MOST_MESSAGES && open.connection.is_open() && (fresh || open.connection.probe().await) {
            return true;
        }
        self.close().await;
        false
    }

    async fn transact(&mut self, letter: &Letter) -> Outcome {
        let Some(mut open) = self.open.take() else { return Outcome::Trouble(no_line()) };
        let outcome = open.connection.send(&letter.envelope, &letter.bytes).await;
        if open.connection.is_open() {
            self.open = Some(Open { messages: open.messages + 1, used_at: Instant::now(), ..open });
        }
        outcome
    }
}

/// The server closed the connection after an earlier message, without a word: its right, and no trouble.
fn is_silent_end(trouble: &ChannelTrouble) -> bool {
    trouble.stage == Stage::Sender && !trouble.words.starts_with(|c: char| c.is_ascii_digit())
}

fn no_line() -> ChannelTrouble {
    ChannelTrouble { stage: Stage::Connect, words: "there is no connection".to_owned(), cause: Cause::Closed }
}
