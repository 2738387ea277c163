//! Signing in and out.

use std::net::IpAddr;

use db::Tx;
use domain::{
    access::{SignedIn, System},
    email::Email,
    event::{Attempt, Event, What},
    id::SessionId,
    now::Now,
    secret::Token,
    time::Time,
};
use secrecy::SecretString;
use store::{Again, access, events, people, sessions};

use crate::{App, Failure, limits::Action};

/// The one answer to every wrong pair, alike in text and time.
pub const WRONG_PAIR: Failure =
    Failure::SignedOut { code: "wrong_pair", detail: "No account has this address and password." };

/// From where somebody signs in.
#[derive(Clone, Debug, Default)]
pub struct Browser {
    /// The client's address.
    pub client: Option<IpAddr>,
    /// What the browser calls itself, cut to a sane length.
    pub agent: Option<String>,
}

/// Opens a session for the right pair. A former session of this browser is dropped.
pub async fn sign_in(
    app: &App,
    email: &str,
    password: SecretString,
    former: Option<Token>,
    from: Browser,
) -> Result<Token, Failure> {
    let pair = pair(app, email, password, &from).await?;
    app.write(from.client, move |tx, now| open(tx, &pair, former.as_ref(), from.agent.as_deref(), now)).await
}

/// An account whose password somebody knew a moment ago. Comparing takes long, so no transaction waits for it.
#[derive(Debug)]
pub struct Pair(people::Account);

/// Compares address and password with what is stored; every wrong pair is refused alike.
pub async fn pair(app: &App, email: &str, password: SecretString, from: &Browser) -> Result<Pair, Failure> {
    let email = Email::parse(email).ok();
    app.limits().attempt(Action::SignIn, from.client, email.as_ref().map(Email::normalised))?;
    let looked_up = email.clone();
    let account = app.point(move |db, _| find(db, looked_up.as_ref())).await?;
    let hash = account.as_ref().and_then(|account| account.password.clone());
    let matches = app.passwords().matches(password, hash).await?;
    match account {
        Some(account) if matches => Ok(Pair(account)),
        wrong => {
            app.refused(from.client, wrong_pair(wrong.as_ref(), email.as_ref()), &WRONG_PAIR).await;
            Err(WRONG_PAIR)
        }
    }
}

/// Opens a session for the pair, if the password is still the one that matched: whatever replaced it ended the sessions
/// there were, and this one must not outlive that.
pub fn open(
    tx: &mut Tx,
    Pair(account): &Pair,
    former: Option<&Token>,
    agent: Option<&str>,
    now: &Now,
) -> Result<Token, Failure> {
    if people::locked_password(tx, &System::because("signing in"), account.person)? != account.password {
        return Err(WRONG_PAIR);
    }
    if let Some(former) = former {
        sessions::close(tx, &former.hash())?;
    }
    let token = sessions::open(tx, account.person, agent, now)?;
    let event = Event::new(What::SessionOpened, "person", account.person, &account.name);
    events::add(tx, None, Some(account.person), &event, now)?;
    Ok(token)
}

/// The address is noted where it is one: what else was typed there may be a password.
fn wrong_pair(account: Option<&people::Account>, email: Option<&Email>) -> Attempt {
    let person = account.map(|account| account.person.to_string()).unwrap_or_default();
    let mut attempt = Attempt::new(What::SessionRefused, "person", person, "sign in");
    attempt.event.label = email.map(Email::to_string).unwrap_or_default();
    attempt
}

fn find(db: &mut db::Conn, email: Option<&Email>) -> Result<Option<people::Account>, Failure> {
    let Some(email) = email else { return Ok(None) };
    Ok(people::account(db, &System::because("signing in"), email)?)
}

/// Ends the session with this token.
pub fn sign_out(tx: &mut Tx, who: &SignedIn, token: &Token, now: &Now) -> Result<(), Failure> {
    if sessions::close(tx, &token.hash())? {
        let event = Event::new(What::SessionClosed, "person", who.person, "");
        events::add(tx, None, Some(who.person), &event, now)?;
    }
    Ok(())
}

/// The session of somebody at a browser. A key that leaked must not carry an account away (Authority).
pub fn in_person(who: &SignedIn) -> Result<SessionId, Failure> {
    who.session().ok_or_else(|| {
        Failure::forbidden("session_required", "Sign in at a browser for this. An API key may not change an account.")
    })
}

/// The same, read again by the running transaction.
pub(crate) fn still_in_person(tx: &mut Tx, who: &SignedIn, now: &Now) -> Result<SessionId, Failure> {
    tx.still_signed_in(who, now.at)?;
    in_person(who)
}

/// Ends another session of one's own.
pub fn end(tx: &mut Tx, who: &SignedIn, id: SessionId, now: &Now) -> Result<(), Failure> {
    still_in_person(tx, who, now)?;
    if !sessions::end(tx, who, id)? {
        return Err(Failure::Unknown);
    }
    let event = Event::new(What::SessionClosed, "person", who.person, "").change("sessions", 1, 0);
    Ok(events::add(tx, None, Some(who.person), &event, now)?)
}

/// Ends all other sessions of one's own, and says how many there were.
pub fn end_others(tx: &mut Tx, who: &SignedIn, now: &Now) -> Result<u64, Failure> {
    let here = still_in_person(tx, who, now)?;
    let ended = sessions::close_all(tx, who.person, Some(here))?;
    if ended > 0 {
        let event = Event::new(What::SessionClosed, "person", who.person, "").change("sessions", ended, 0);
        events::add(tx, None, Some(who.person), &event, now)?;
    }
    Ok(ended)
}

/// How stale "last seen" and "last used" may be.
pub(crate) const STALE: std::time::Duration = std::time::Duration::from_mins(1);

/// Who bears this session token now. Notes that he was seen, at most once a minute.
pub async fn by_session(app: &App, token: Token) -> Result<Option<SignedIn>, Failure> {
    let found = app.point(move |db, now| Ok((access::session(db, &token.hash(), now.at)?, now.at))).await?;
    let (Some((who, seen_at)), now) = found else { return Ok(None) };
    if now.since(seen_at) >= STALE {
        note(app, move |tx, at| sessions::seen(tx, &who, at));
    }
    Ok(Some(who))
}

/// Who bears this key now. Notes that it was used, at most once a minute.
pub async fn by_key(app: &App, token: Token) -> Result<Option<SignedIn>, Failure> {
    let found = app.point(move |db, now| Ok((access::key(db, &token.hash(), now.at)?, now.at))).await?;
    let (Some((who, used_at)), now) = found else { return Ok(None) };
    if used_at.is_none_or(|used| now.since(used) >= STALE) {
        note(app, move |tx, at| match who.via {
            domain::access::Via::Key { id, .. } => store::keys::used(tx, id, at),
            domain::access::Via::Session(_) => Ok(()),
        });
    }
    Ok(Some(who))
}

/// Writes beside the request: nobody waits for it, and losing one harms nobody.
pub(crate) fn note(app: &App, write: impl Fn(&mut Tx, Time) -> Result<(), db::Error> + Send + 'static) {
    let app = app.clone();
    tokio::spawn(async move {
        let done = app.write(None, move |tx, now| Ok(write(tx, now.at)?)).await;
        if let Err(error) = done {
            tracing::warn!(%error, "could not note when somebody was last seen");
        }
    });
}
