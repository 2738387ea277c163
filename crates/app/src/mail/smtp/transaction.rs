//! One message: MAIL, RCPT, DATA, the dot.

use super::{
    cause::Cause,
    connection::{Connection, trouble},
    envelope::Envelope,
    outcome::{Outcome, Stage},
    reply::{Reply, one_line},
    wire::Fault,
};

/// Ends a transaction early.
struct Ended(Outcome);

impl Connection {
    /// Hands one message over. After a refusal the transaction is reset and the connection stays usable; after
    /// [`Outcome::Unknown`] and [`Outcome::Trouble`] it is closed.
    pub async fn send(&mut self, envelope: &Envelope, message: &[u8]) -> Outcome {
        if !self.open {
            return Outcome::Trouble(trouble(Stage::Connect, Cause::Closed, "this connection is closed"));
        }
        // Closed until the end is known: whoever drops this future half-way leaves a conversation nobody can go on with.
        self.open = false;
        let outcome = match self.transact(envelope, message).await {
            Ok(outcome) | Err(Ended(outcome)) => outcome,
        };
        self.open = match outcome {
            Outcome::Sent { .. } => true,
            Outcome::Deferred { .. } | Outcome::Failed { .. } => self.reset().await,
            Outcome::Unknown { .. } | Outcome::Trouble(_) => false,
        };
        outcome
    }

    async fn transact(&mut self, envelope: &Envelope, message: &[u8]) -> Result<Outcome, Ended> {
        let parameters = self.parameters(envelope, message)?;
        self.step(Stage::Sender, &format!("MAIL FROM:<{}>{parameters}", envelope.from), 2).await?;
        self.step(Stage::Recipient, &format!("RCPT TO:<{}>", envelope.to), 2).await?;
        self.step(Stage::Data, "DATA", 3).await?;
        if let Err(fault) = self.wire.write_message(&transparent(message)).await {
            return Err(lost(Stage::Data, &fault));
        }
        match self.wire.write_dot(self.after_dot).await {
            Ok(answer) if answer.is_yes() => Ok(Outcome::Sent { words: answer.words() }),
            Ok(answer) if answer.code() / 100 == 3 => Ok(unknown(&answer.words())),
            Ok(answer) => Err(refused(Stage::Data, &answer)),
            Err(fault) => Ok(unknown(&fault.to_string())),
        }
    }

    /// SMTPUTF8 (RFC 6531) where an address or a header needs it.
    fn parameters(&self, envelope: &Envelope, message: &[u8]) -> Result<&'static str, Ended> {
        let ascii = |text: &str| text.is_ascii();
        if ascii(envelope.from()) && ascii(envelope.to()) && message.is_ascii() {
            return Ok("");
        }
        if self.smtputf8 {
            return Ok(" BODY=8BITMIME SMTPUTF8");
        }
        let why = "the mail server takes no addresses with letters outside ASCII (it does not offer SMTPUTF8)";
        Err(Ended(if ascii(envelope.from()) {
            Outcome::Failed { stage: Stage::Recipient, words: format!("{why}: {}", envelope.to()) }
        } else {
            Outcome::Trouble(trouble(Stage::Sender, Cause::SenderRefused, &format!("{why}: {}", envelope.from())))
        }))
    }

    async fn step(&mut self, stage: Stage, command: &str, wanted: u16) -> Result<(), Ended> {
        match self.wire.ask(command).await {
            Ok(answer) if answer.code() / 100 == wanted => Ok(()),
            Ok(answer) => Err(refused(stage, &answer)),
            Err(fault) => Err(lost(stage, &fault)),
        }
    }

    async fn reset(&mut self) -> bool {
        matches!(self.wire.ask("RSET").await, Ok(answer) if answer.is_yes())
    }
}

/// The table of the outside contract, "Mail faults".
fn refused(stage: Stage, answer: &Reply) -> Ended {
    let words = answer.words();
    Ended(match (answer.code(), stage) {
        (421, _) | (500..=599, Stage::Sender) => Outcome::Trouble(trouble(stage, Cause::of_refusal(stage), &words)),
        (400..=499, _) => Outcome::Deferred { stage, words },
        (500..=599, _) => Outcome::Failed { stage, words },
        _ => Outcome::Trouble(trouble(stage, Cause::NotSmtp, &format!("an answer that does not fit: {words}"))),
    })
}

fn lost(stage: Stage, fault: &Fault) -> Ended {
    Ended(Outcome::Trouble(trouble(stage, Cause::of(fault, stage), &fault.to_string())))
}

fn unknown(what: &str) -> Outcome {
    Outcome::Unknown { words: one_line(&format!("perhaps delivered: {what} after the message was sent")) }
}

/// The message as the DATA phase wants it (RFC 5321 4.5.2): lines end in CRLF, a leading dot is doubled. A bare CR or
/// LF becomes a line end too, so that no reader of the message can see an end of data where others see none.
fn transparent(message: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(message.len() + 64);
    let mut rest = message;
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(rest.len());
        if rest[0] == b'.' {
            out.push(b'.');
        }
        out.extend_from_slice(&rest[..end]);
        out.extend_from_slice(b"\r\n");
        let line_end = if rest[end..].starts_with(b"\r\n") { 2 } else { 1 };
        rest = rest.get(end + line_end..).unwrap_or_default();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::transparent;

    #[test]
    fn no_line_of_a_message_ends_it_early() {
        let cases: [(&str, &str); 6] = [
            ("a\r\n.\r\nb\r\n", "a\r\n..\r\nb\r\n"),
            ("a\n.\nQUIT", "a\r\n..\r\nQUIT\r\n"),
            ("a\r.\rb", "a\r\n..\r\nb\r\n"),
            (".", "..\r\n"),
            ("a\r\n\r\nb", "a\r\n\r\nb\r\n"),
            ("", ""),
        ];
        for (message, sent) in cases {
            assert_eq!(String::from_utf8(transparent(message.as_bytes())).unwrap(), sent, "{message:?}");
        }
    }
}
