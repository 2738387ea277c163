//! A test letter to the operator, with all that the two servers said.

use std::{net::IpAddr, time::Duration};

use domain::{
    access::{Operator, System},
    event::{Event, What},
    now::Now,
};
use jiff::Timestamp;
use store::{channel, events, people};
use tokio::time::timeout;

use crate::{
    App, Failure,
    limits::Action,
    mail::{
        channel::{Channel, Timeouts},
        letter::{Content, Letter, MessageId, Notice, Person},
        smtp::{Connection, Outcome, Transcript},
    },
    mail_channel::begin,
    settings::Mail,
};

/// How long it may take in all: requests end after half a minute.
const PATIENCE: Duration = Duration::from_secs(25);

/// How a test letter fared.
#[derive(Clone, Debug)]
pub struct Trial {
    /// To whom it went: the operator's primary address.
    pub to: String,
    /// The server it was handed to, or was to be, with the password hidden.
    pub server: String,
    /// What was said, a line each: `C: …` by this server, `S: …` by the mail server.
    pub transcript: Vec<String>,
    /// What became of it.
    pub end: End,
}

/// What became of a test letter.
#[derive(Clone, Debug)]
pub enum End {
    /// The mail server took it, with these words.
    Sent(String),
    /// It did not.
    NotSent {
        /// Where it failed and what was said.
        words: String,
        /// What to do.
        advice: &'static str,
    },
}

/// Sends a letter to the operator's own address, past the outbox. No connection of the database is held meanwhile.
/// If the letter goes through while the channel has paused itself, the outbox is tried at once.
pub async fn trial(app: &App, operator: Operator, client: Option<IpAddr>) -> Result<Trial, Failure> {
    app.limits().attempt(Action::TestLetter, client, Some(&operator.who().person.to_string()))?;
    let mail = app.mail().ok_or_else(no_server)?;
    let me =
        app.read(move |db, _| Ok(people::reachable(db, &System::because("a test letter"), operator.who().person)?));
    let me = me.await?.ok_or_else(unproved)?;
    let transcript = Transcript::default();
    let channel = channel_of(app, &mail);
    let letter = letter(app, &mail, &me)?;
    let end = match timeout(PATIENCE, speak(&channel, &letter, transcript.clone())).await {
        Ok(outcome) => end(&outcome),
        Err(_) => End::NotSent { words: "given up after 25 s".to_owned(), advice: SLOW },
    };
    let trial = Trial { to: me.address, server: mail.smtp.to_string(), transcript: transcript.lines(), end };
    let (host, told) = (mail.smtp.host().to_owned(), trial.end.clone());
    app.write(client, move |tx, now| note(tx, &operator, &host, &told, now)).await?;
    Ok(trial)
}

const SLOW: &str = "The conversation was under way and slow. Look at the last line: that is what the mail server took so \
    long for. Servers that scan letters may need longer than this test waits; mails of the outbox wait five minutes.";

fn no_server() -> Failure {
    Failure::conflict("no_mail_server", "No mail server is set. Set one, then test it.")
}

fn unproved() -> Failure {
    let detail = "Your primary address is not proved, so no test letter is sent to it.";
    Failure::conflict("address_not_verified", detail)
}

fn channel_of(app: &App, mail: &Mail) -> Channel {
    let usual = Timeouts::default();
    let timeouts = Timeouts { after_dot: PATIENCE, ..usual };
    Channel::of(mail, app.settings()).with_timeouts(timeouts)
}

fn letter(app: &App, mail: &Mail, me: &people::Reachable) -> Result<Letter, Failure> {
    let now = app.clock().now();
    let date = Timestamp::from_microsecond(now.at.micros()).unwrap_or_default();
    let id: domain::id::MessageId = now.id();
    let base_url = &app.settings().base_url;
    let lines = vec![
        "This server can send mail: this letter came by the mail server that is set for it.".to_owned(),
        "Look at its headers if you want to know how receivers judge it: SPF, DKIM and DMARC should say pass."
            .to_owned(),
    ];
    let to = Person { name: Some(&me.name), address: &me.address };
    let says = Notice { to, base_url, heading: "A test letter from Muster".to_owned(), lines, way_on: None };
    let broken = |error: &dyn std::fmt::Display| Failure::Broken(format!("the test letter: {error}"));
    let id = MessageId::of_message(&id.to_string(), base_url).map_err(|error| broken(&error))?;
    says.letter(&mail.from, &id, date).map_err(|error| broken(&error))
}

async fn speak(channel: &Channel, letter: &Letter, transcript: Transcript) -> Outcome {
    match Connection::open(channel, Some(transcript)).await {
        Ok(mut connection) => {
            let outcome = connection.send(&letter.envelope, &letter.bytes).await;
            connection.quit().await;
            outcome
        }
        Err(trouble) => Outcome::Trouble(trouble),
    }
}

fn end(outcome: &Outcome) -> End {
    match outcome {
        Outcome::Sent { words } => End::Sent(words.clone()),
        Outcome::Trouble(trouble) => End::NotSent { words: trouble.to_string(), advice: trouble.cause.advice() },
        Outcome::Deferred { stage, words } => End::NotSent {
            words: format!("{stage}: {words}"),
            advice: "The mail server asks to try again later. Mails of the outbox are tried again by themselves.",
        },
        Outcome::Failed { stage, words } => End::NotSent {
            words: format!("{stage}: {words}"),
            advice: "The mail server refuses this letter or its recipient for good. Look at its words: often the sender \
                is not one that this account may use, or the recipient is unknown.",
        },
        Outcome::Unknown { words } => End::NotSent {
            words: words.clone(),
            advice: "The letter was handed over, and then no answer came. Look whether it arrived.",
        },
    }
}

fn note(tx: &mut db::Tx, operator: &Operator, host: &str, end: &End, now: &Now) -> Result<(), Failure> {
    begin(tx, operator, "send a test letter", now)?;
    let outcome = match end {
        End::Sent(_) => {
            channel::probe_now(tx, operator, now.at)?;
            "sent"
        }
        End::NotSent { .. } => "not sent",
    };
    let event = Event::new(What::MailServerTested, "mail_server", "mail_server", host).change("outcome", (), outcome);
    Ok(events::add(tx, None, Some(operator.who().person), &event, now)?)
}
