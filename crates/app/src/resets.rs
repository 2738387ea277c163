//! A new password for who forgot his: a link by mail, good for an hour and for one use.

use std::time::Duration;

use db::{Conn, Tx};
use domain::{
    access::System,
    email::Email,
    event::{Attempt, Event, What},
    message::Kind,
    now::Now,
    secret::Token,
};
use secrecy::SecretString;
use store::{
    events,
    links::{self, Link, NewLink},
    messages, people,
    people::Account,
    sessions,
};

use crate::{
    App, Failure,
    limits::Action,
    notices::{self, Notice},
    passwords,
    post::{Post, Recipient, Says},
    sessions::Browser,
};

/// How long a link works.
pub const VALID: Duration = Duration::from_hours(1);

/// There is no way to send a link.
const NO_MAIL: &str = "This server sends no mail. Whoever runs it can set a new password: muster person reset.";

/// Asks for a link. Whether the address has an account shows neither in the answer nor in its time: the work is done
/// beside the request, and who waits for a mail that is lost asks again.
pub fn ask(app: &App, email: &Email, from: &Browser) -> Result<(), Failure> {
    app.limits().attempt(Action::Letter, from.client, Some(email.normalised()))?;
    if app.mail().is_none() {
        return Err(Failure::conflict("no_mail_server", NO_MAIL));
    }
    let (verbs, email, client) = (app.clone(), email.clone(), from.client);
    tokio::spawn(async move {
        let post = verbs.clone();
        if let Err(error) = verbs.write(client, move |tx, now| mail_link(tx, post.post(), &email, now)).await {
            tracing::error!(%error, "a link to set a new password could not be mailed");
        }
    });
    Ok(())
}

fn mail_link(tx: &mut Tx, post: Post, email: &Email, now: &Now) -> Result<(), Failure> {
    let account = people::account(tx, &asked(), email)?;
    let person = account.as_ref().map(|account| account.person.to_string()).unwrap_or_default();
    let event = Event::new(What::PasswordResetAsked, "person", person, email.as_str());
    events::add(tx, None, None, &event, now)?;
    let Some(account) = account else { return Ok(()) };
    let (token, ends_at) = (now.token(), now.at + VALID);
    link(tx, &account, email, &token, true, now)?;
    let to = Recipient { person: account.person, name: &account.name, email };
    post.put(tx, to, Says::Reset { token: token.reveal().to_owned(), ends_at }, ends_at, now)
}

/// A link that the operator hands over himself, for whom no mail reaches. It proves nothing about the address.
pub fn by_hand(tx: &mut Tx, _: &System, email: &Email, now: &Now) -> Result<Token, Failure> {
    let account = people::account(tx, &asked(), email)?.ok_or(Failure::Unknown)?;
    let token = now.token();
    link(tx, &account, email, &token, false, now)?;
    let event = Event::new(What::PasswordResetAsked, "person", account.person, email.as_str());
    events::add(tx, None, None, &event.change("by_hand", (), true), now)?;
    Ok(token)
}

fn link(tx: &mut Tx, account: &Account, email: &Email, token: &Token, proves: bool, now: &Now) -> Result<(), Failure> {
    let (person, hash) = (account.person, &token.hash());
    let new = NewLink { kind: Kind::Reset, person, email, hash, proves, ends_at: now.at + VALID };
    Ok(links::insert(tx, &asked(), &new, now.at)?)
}

fn asked() -> System {
    System::because("a new password is asked for")
}

/// The live link behind a token, and whose account it opens. Changes nothing, whoever looks (scanners do).
pub fn lookup(db: &mut Conn, token: &Token, now: &Now) -> Result<(Link, Account), Failure> {
    let link = links::find(db, Kind::Reset, &token.hash())?.ok_or(Failure::Unknown)?;
    live(db, link, now)
}

/// The address may have left the account since, and the link with it.
fn live(db: &mut Conn, link: Link, now: &Now) -> Result<(Link, Account), Failure> {
    if !link.is_live(now.at) {
        return Err(if link.ended_at.is_some() { USED } else { EXPIRED });
    }
    let email = crate::stored_email(&link.address)?;
    let account = people::account(db, &asked(), &email)?.filter(|account| account.person == link.person);
    account.map(|account| (link, account)).ok_or(USED)
}

/// The link did its work, or another did.
const USED: Failure = Failure::Spent { code: "link_used", detail: "This link has been used, or a newer one was." };
/// Its hour is over.
const EXPIRED: Failure =
    Failure::Spent { code: "link_expired", detail: "This link worked for an hour, which is over." };

/// Sets the password of the account behind a link. It is hashed before the transaction, and only for a live link.
pub async fn set(app: &App, token: Token, password: SecretString, from: Browser) -> Result<(), Failure> {
    let look = token.clone();
    let hash = match app.read(move |db, now| lookup(db, &look, now)).await {
        Ok((link, account)) => {
            let about = [account.name.as_str(), &link.address];
            passwords::judge("password", &password, &about).map_err(|bad| Failure::Invalid(vec![bad]))?;
            let salt = app.clock().now().bytes();
            Some(app.passwords().hash(password, salt).await?)
        }
        // A dead link is refused by the verb, which notes the attempt.
        Err(Failure::Spent { .. }) => None,
        Err(other) => return Err(other),
    };
    let verbs = app.clone();
    app.write(from.client, move |tx, now| reset(tx, verbs.post(), &token, hash.as_deref(), now)).await
}

/// Sets the password, and ends all sessions and other links. A mailed link proves its address: an account that nobody
/// had proved begins anew (Identity). Of two at once one wins. `password` is its PHC string, `None` for a link that was
/// found dead.
pub fn reset(tx: &mut Tx, post: Post, token: &Token, password: Option<&str>, now: &Now) -> Result<(), Failure> {
    let link = links::find(tx, Kind::Reset, &token.hash())?.ok_or(Failure::Unknown)?;
    now.tries(Attempt::new(What::PersonRefused, "person", link.person, "set a new password by a link"));
    people::lock(tx, link.person)?;
    let (link, account) = live(tx, link, now)?;
    let password = password.ok_or(EXPIRED)?;
    if !links::end(tx, Kind::Reset, &token.hash(), now.at)? {
        return Err(USED);
    }
    end_links(tx, &account, now)?;
    let event = Event::new(What::PasswordReset, "person", account.person, &account.name);
    let event = if link.proves && account.verified_at.is_none() {
        begin_anew(tx, &account, &link, password, now)?;
        event
    } else {
        people::set_password(tx, account.person, password)?;
        event.change("sessions", sessions::close_all(tx, account.person, None)?, 0)
    };
    events::add(tx, None, Some(account.person), &event, now)?;
    notices::tell(tx, post, account.person, Notice::PasswordReset, now)
}

fn end_links(tx: &mut Tx, account: &Account, now: &Now) -> Result<(), Failure> {
    links::end_all(tx, account.person, Kind::Reset, None, now.at)?;
    Ok(messages::withdraw_letters(tx, account.person, Kind::Reset, None, now.at)?)
}

fn begin_anew(tx: &mut Tx, account: &Account, link: &Link, password: &str, now: &Now) -> Result<(), Failure> {
    links::end_all(tx, account.person, Kind::Verification, None, now.at)?;
    people::verify(tx, account.address, now.at)?;
    let ended = people::take_over(tx, account.person, account.address, None, password, now.at)?;
    let event = Event::new(What::PersonTakenOver, "person", account.person, &link.address);
    let event = event.change("keys", ended.keys, 0).change("sessions", ended.sessions, 0);
    events::add(tx, None, Some(account.person), &event, now)?;
    let proved = Event::new(What::AddressVerified, "person", account.person, &link.address);
    Ok(events::add(tx, None, Some(account.person), &proved, now)?)
}
