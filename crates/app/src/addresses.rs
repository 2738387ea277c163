//! Addresses of a person: proved one by one, by a link mailed to each.

use std::time::Duration;

use db::{Conn, Tx};
use domain::{
    access::{SignedIn, System},
    email::Email,
    event::{Attempt, Event, What},
    id::AddressId,
    message::Kind,
    now::Now,
    secret::Token,
    time::days,
};
use store::{
    events,
    links::{self, Link, NewLink},
    messages,
    people::{self, Address},
};

use crate::{
    App, Failure,
    limits::Action,
    notices::{self, Notice},
    passwords::Known,
    post::{Post, Recipient, Says},
    sessions::{self, Browser, still_in_person},
};

/// How long a link works.
pub const VALID: Duration = days(1);

/// Mails a link that proves an address: the unproved first one, or one to be added. Whether somebody else has it shows
/// only to who opens the link.
pub fn ask(tx: &mut Tx, post: Post, who: &SignedIn, email: &Email, now: &Now) -> Result<(), Failure> {
    now.tries(Attempt::new(What::PersonRefused, "person", who.person, "ask for a link").by_person(Some(who.person)));
    still_in_person(tx, who, now)?;
    if !post.mail {
        return Err(Failure::conflict("no_mail_server", "This server sends no mail, so no address can be proved."));
    }
    let mine = people::addresses(tx, who)?;
    if mine.iter().any(|own| own.normalised == email.normalised() && own.verified_at.is_some()) {
        return Err(Failure::invalid("email", "yours_already", "This address is yours already."));
    }
    let (token, ends_at, me) = (now.token(), now.at + VALID, people::me(tx, who)?);
    let hash = &token.hash();
    let new = NewLink { kind: Kind::Verification, person: who.person, email, hash, proves: true, ends_at };
    links::insert(tx, &asked(), &new, now.at)?;
    let to = Recipient { person: who.person, name: &me.name, email };
    post.put(tx, to, Says::Verification { token: token.reveal().to_owned(), ends_at }, ends_at, now)?;
    let event = Event::new(What::AddressAsked, "person", who.person, email.as_str());
    Ok(events::add(tx, None, Some(who.person), &event, now)?)
}

/// Mails a link once more, for which no password is asked again: to the unproved first address, or to one that waits to
/// be added.
pub fn ask_again(tx: &mut Tx, post: Post, who: &SignedIn, email: &Email, now: &Now) -> Result<(), Failure> {
    let own = people::addresses(tx, who)?.into_iter().any(|own| own.normalised == email.normalised());
    let waits = links::pending(tx, who, now.at)?.into_iter().any(|row| row.normalised == email.normalised());
    if own || waits { ask(tx, post, who, email, now) } else { Err(Failure::Unknown) }
}

/// Mails the first link to an account just made from a copied link. That it could not be asked for is no reason not to
/// have joined: the pages offer it again.
pub async fn ask_at_first(app: &App, session: Token, from: Browser) {
    if let Err(error) = first_link(app, session, from).await {
        tracing::warn!(%error, "a new account was mailed no link to prove its address");
    }
}

async fn first_link(app: &App, session: Token, from: Browser) -> Result<(), Failure> {
    let Some(who) = sessions::by_session(app, session).await? else { return Ok(()) };
    let mine = app.point(move |db, _| Ok(people::addresses(db, &who)?)).await?;
    let Some(own) = mine.into_iter().find(|own| own.verified_at.is_none()) else { return Ok(()) };
    if app.mail().is_none() {
        return Ok(());
    }
    let email = crate::stored_email(&own.address)?;
    may_ask(app, &email, &from)?;
    let verbs = app.clone();
    app.write(from.client, move |tx, now| ask(tx, verbs.post(), &who, &email, now)).await
}

/// Letters to one address are few, whoever asks for them.
pub fn may_ask(app: &App, email: &Email, from: &Browser) -> Result<(), Failure> {
    app.limits().attempt(Action::Letter, from.client, Some(email.normalised()))
}

fn asked() -> System {
    System::because("an address is to be proved")
}

/// The live link behind a token, for whoever bears it. Changes nothing (scanners look, too).
pub fn lookup(db: &mut Conn, token: &Token, now: &Now) -> Result<Link, Failure> {
    let link = links::find(db, Kind::Verification, &token.hash())?.ok_or(Failure::Unknown)?;
    live(link, now)
}

fn live(link: Link, now: &Now) -> Result<Link, Failure> {
    match link.ended_at {
        _ if link.is_live(now.at) => Ok(link),
        Some(_) => Err(USED),
        None => Err(EXPIRED),
    }
}

/// The link did its work.
const USED: Failure = Failure::Spent { code: "link_used", detail: "This link has been used." };
/// Its day is over.
const EXPIRED: Failure = Failure::Spent { code: "link_expired", detail: "This link worked for a day, which is over." };

/// Proves an address by its mailed link, and gives it. Only to whom asked for it, by his session: else a stranger's
/// click in a mail would prove an address for whoever typed it.
pub fn confirm(tx: &mut Tx, post: Post, who: &SignedIn, token: &Token, now: &Now) -> Result<String, Failure> {
    now.tries(Attempt::new(What::PersonRefused, "person", who.person, "prove an address").by_person(Some(who.person)));
    people::lock(tx, who.person)?;
    still_in_person(tx, who, now)?;
    let link = links::find(tx, Kind::Verification, &token.hash())?.ok_or(Failure::Unknown)?;
    if link.person != who.person {
        return Err(Failure::forbidden(
            "wrong_account",
            "Somebody else asked for this link. You are signed in as another.",
        ));
    }
    let link = live(link, now)?;
    prove(tx, post, who, &crate::stored_email(&link.address)?, now)?;
    // T10: invitations to it are pointless where the person is a member.
    crate::invitations::supersede(tx, who.person, now)?;
    links::end_all(tx, who.person, Kind::Verification, Some(&link.normalised), now.at)?;
    messages::withdraw_letters(tx, who.person, Kind::Verification, Some(&link.normalised), now.at)?;
    Ok(link.address)
}

fn prove(tx: &mut Tx, post: Post, who: &SignedIn, email: &Email, now: &Now) -> Result<(), Failure> {
    let mine = people::addresses(tx, who)?;
    if let Some(own) = mine.iter().find(|own| own.normalised == email.normalised()) {
        people::verify(tx, own.id, now.at)?;
        let event = Event::new(What::AddressVerified, "person", who.person, email.as_str());
        return Ok(events::add(tx, None, Some(who.person), &event, now)?);
    }
    if !people::add_address(tx, who.person, email, now)? {
        let detail =
            "This address belongs to another account. To use that one, sign in with it or set it a new password.";
        return Err(Failure::conflict("address_taken", detail));
    }
    let event = Event::new(What::AddressAdded, "person", who.person, email.as_str());
    events::add(tx, None, Some(who.person), &event, now)?;
    notices::tell(tx, post, who.person, Notice::AddressAdded { address: email.to_string() }, now)
}

/// Asks to add an address: it is the person's once a link mailed to it was opened.
pub fn add(tx: &mut Tx, post: Post, who: &SignedIn, known: &Known, email: &Email, now: &Now) -> Result<(), Failure> {
    known.still(tx, who)?;
    ask(tx, post, who, email, now)
}

/// Takes an address back that waits to be proved: its links end.
pub fn cancel(tx: &mut Tx, who: &SignedIn, email: &Email, now: &Now) -> Result<(), Failure> {
    still_in_person(tx, who, now)?;
    let normalised = Some(email.normalised());
    if links::end_all(tx, who.person, Kind::Verification, normalised, now.at)? == 0 {
        return Err(Failure::Unknown);
    }
    messages::withdraw_letters(tx, who.person, Kind::Verification, normalised, now.at)?;
    let event = Event::new(What::AddressRemoved, "person", who.person, email.as_str());
    Ok(events::add(tx, None, Some(who.person), &event, now)?)
}

/// Sends a person's mail to another proved address of his. The old one and the new one are told.
pub fn make_primary(
    tx: &mut Tx,
    post: Post,
    who: &SignedIn,
    known: &Known,
    id: AddressId,
    now: &Now,
) -> Result<(), Failure> {
    let (old, new) = change(tx, who, known, id, "make an address the primary one", now)?;
    if new.is_primary {
        return Ok(());
    }
    people::make_primary(tx, who.person, new.id)?;
    let event = Event::new(What::AddressMadePrimary, "person", who.person, &new.address);
    events::add(tx, None, Some(who.person), &event, now)?;
    let name = people::me(tx, who)?.name;
    let notice = Notice::PrimaryChanged { old: old.address.clone(), new: new.address.clone() };
    for told in [&old, &new].into_iter().filter(|address| address.verified_at.is_some()) {
        let to = Recipient { person: who.person, name: &name, email: &crate::stored_email(&told.address)? };
        post.put_patiently(tx, to, Says::Notice(notice.clone()), now)?;
    }
    Ok(())
}

/// Takes an address away, with the links that went to it, and gives it. It and the primary one are told.
pub fn remove(
    tx: &mut Tx,
    post: Post,
    who: &SignedIn,
    known: &Known,
    id: AddressId,
    now: &Now,
) -> Result<String, Failure> {
    let (_, gone) = change(tx, who, known, id, "remove an address", now)?;
    if gone.is_primary {
        let detail = "This is the primary address. Make another one the primary address first.";
        return Err(Failure::conflict("primary_address", detail));
    }
    people::remove_address(tx, who.person, gone.id)?;
    for kind in [Kind::Reset, Kind::Verification] {
        links::end_all(tx, who.person, kind, Some(&gone.normalised), now.at)?;
        messages::withdraw_letters(tx, who.person, kind, Some(&gone.normalised), now.at)?;
    }
    let event = Event::new(What::AddressRemoved, "person", who.person, &gone.address);
    events::add(tx, None, Some(who.person), &event, now)?;
    let notice = Notice::AddressRemoved { address: gone.address.clone() };
    let name = people::me(tx, who)?.name;
    let to = Recipient { person: who.person, name: &name, email: &crate::stored_email(&gone.address)? };
    post.put_patiently(tx, to, Says::Notice(notice.clone()), now)?;
    notices::tell(tx, post, who.person, notice, now)?;
    Ok(gone.address)
}

/// The primary address and the one that is meant, with the person held so that neither changes.
fn change(
    tx: &mut Tx,
    who: &SignedIn,
    known: &Known,
    id: AddressId,
    deed: &str,
    now: &Now,
) -> Result<(Address, Address), Failure> {
    now.tries(Attempt::new(What::PersonRefused, "person", who.person, deed).by_person(Some(who.person)));
    people::lock(tx, who.person)?;
    still_in_person(tx, who, now)?;
    known.still(tx, who)?;
    let mine = people::addresses(tx, who)?;
    let meant = mine.iter().find(|own| own.id == id).cloned().ok_or(Failure::Unknown)?;
    let primary = mine.into_iter().find(|own| own.is_primary).ok_or(Failure::Unknown)?;
    Ok((primary, meant))
}
