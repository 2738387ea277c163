//! What became of a message. The table is "Mail faults" of the outside contract.

use std::fmt;

use super::cause::Cause;

/// Where in the conversation something was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// TCP.
    Connect,
    /// The server's first line.
    Greeting,
    /// EHLO.
    Hello,
    /// STARTTLS, the handshake and the certificate.
    Tls,
    /// AUTH.
    Login,
    /// MAIL FROM.
    Sender,
    /// RCPT TO.
    Recipient,
    /// DATA, the message and the final dot.
    Data,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "connecting",
            Self::Greeting => "the greeting",
            Self::Hello => "EHLO",
            Self::Tls => "TLS",
            Self::Login => "AUTH",
            Self::Sender => "MAIL",
            Self::Recipient => "RCPT",
            Self::Data => "DATA",
        })
    }
}

/// What became of one message. `words` are the server's own (code, enhanced code, text) or ours where it said
/// nothing: one line, at most 500 characters, no control characters, never a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The server took it.
    Sent {
        /// Its answer to the final dot, often with a queue id.
        words: String,
    },
    /// 4xx at MAIL, RCPT or DATA, except 421: try again later.
    Deferred {
        /// Which of the three.
        stage: Stage,
        /// What the server said.
        words: String,
    },
    /// 5xx at RCPT or DATA: this recipient failed, others go on.
    Failed {
        /// Which of the two.
        stage: Stage,
        /// What the server said.
        words: String,
    },
    /// The final dot was sent and no answer understood: perhaps delivered. Try again with the same Message-ID.
    Unknown {
        /// What happened instead of an answer.
        words: String,
    },
    /// Not this message's fault; the server has not taken it, and the next one would fare the same.
    Trouble(ChannelTrouble),
}

impl Outcome {
    /// Code and enhanced code of a 5xx at DATA, as in `554 5.7.1`; the texts differ by queue ids. Five equal ones in a
    /// row pause the channel.
    pub fn refusal_at_data(&self) -> Option<&str> {
        let Self::Failed { stage: Stage::Data, words } = self else {
            return None;
        };
        let code_end = words.find(' ').unwrap_or(words.len());
        let rest = &words[code_end..];
        let enhanced = rest.trim_start().split(' ').next().filter(|word| word.starts_with("5."));
        let end = enhanced.map_or(code_end, |word| code_end + 1 + word.len());
        Some(&words[..end])
    }

    /// What was said, whatever the outcome.
    pub fn words(&self) -> &str {
        match self {
            Self::Sent { words }
            | Self::Deferred { words, .. }
            | Self::Failed { words, .. }
            | Self::Unknown { words } => words,
            Self::Trouble(trouble) => &trouble.words,
        }
    }
}

/// The mail server cannot be used now: one alarm for the operator, not a thousand failures.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{stage}: {words}")]
pub struct ChannelTrouble {
    /// Where it happened.
    pub stage: Stage,
    /// What the server said, or what was missing; as in [`Outcome`].
    pub words: String,
    /// What is behind it.
    pub cause: Cause,
}

#[cfg(test)]
mod tests {
    use super::{Outcome, Stage};

    fn failed(stage: Stage, words: &str) -> Outcome {
        Outcome::Failed { stage, words: words.to_owned() }
    }

    #[test]
    fn refusals_at_data_are_equal_by_their_codes() {
        let equal = [
            ("554 5.7.1 <4Fq1> spam", "554 5.7.1"),
            ("554 spam, id 7", "554"),
            ("552 5.3.4 too big", "552 5.3.4"),
            ("554", "554"),
        ];
        for (words, codes) in equal {
            assert_eq!(failed(Stage::Data, words).refusal_at_data(), Some(codes));
        }
        assert_eq!(failed(Stage::Recipient, "550 5.1.1 unknown").refusal_at_data(), None);
    }
}
