//! The typed code: for whoever cannot open the link. Worth something only with the address, and counted before it is
//! judged. What a code leads to is a token like any other, made of it under the server's key.

use std::{net::IpAddr, time::Duration};

use data_encoding::BASE64URL_NOPAD;
use db::Tx;
use domain::{
    access::System,
    email::Email,
    event::{Event, What},
    id::InvitationId,
    now::Now,
    secret::{Code, Token},
};
use store::{
    access::{self, Borne},
    codes, events, invitations, quotas,
};
use uuid::Uuid;

use crate::{App, Failure, limits, vault::Vault};

/// So many wrong tries end an invitation's code until it is resent.
const TRIES: i64 = 5;
/// So many wrong tries has a client within any hour, also where rate limits are off.
const AN_HOUR: i64 = 20;
/// How long a wrong try counts against the client.
pub(crate) const WINDOW: Duration = Duration::from_hours(1);

/// The token that a code stands for. Eight letters are too few for a plain hash: without the server's key nobody can
/// try them all. The invitation is part of it, so that equal codes are different tokens.
pub(crate) fn token_of(vault: &Vault, invitation: InvitationId, code: &Code) -> Token {
    let mark = vault.mark("typed code", &format!("{invitation} {}", code.letters()));
    BASE64URL_NOPAD.encode(&mark).parse().expect("base64url of 32 bytes is a token")
}

/// The token behind an address and a code as they were typed. Whatever is wrong, the answer is the same, and so is the
/// work: the address may be unknown, its code wrong, dead or none.
pub async fn typed(app: &App, address: &str, code: &str, client: Option<IpAddr>) -> Result<Token, Failure> {
    let (email, code, verbs) = (Email::parse(address.trim()).ok(), code.parse::<Code>().ok(), app.clone());
    let tried = move |tx: &mut Tx<'_>, now: &Now| {
        let client = now.client.map(limits::subject).unwrap_or_default();
        // Counted before it is judged.
        if let Err(next) = quotas::spend_within(tx, SCOPE, &client, now.at, WINDOW, AN_HOUR)? {
            return Ok(Err(Failure::TooFast(next.since(now.at))));
        }
        let (Some(email), Some(code)) = (&email, &code) else { return Ok(Err(Failure::WrongCode)) };
        judge(tx, verbs.vault(), email, code, &client, now)
    };
    // A wrong code is no error of the transaction: what it counted has to stay.
    app.write(client, tried).await?
}

const SCOPE: &str = "code";

fn judge(
    tx: &mut Tx,
    vault: &Vault,
    email: &Email,
    code: &Code,
    client: &str,
    now: &Now,
) -> Result<Result<Token, Failure>, Failure> {
    let system = System::because("a code is typed");
    let tried = codes::count_try(tx, &system, email, TRIES, now.at)?;
    if let Some(token) = right(tx, vault, &tried, code, now)? {
        codes::forgive(tx, &system, &tried)?;
        quotas::give_back(tx, now.at, SCOPE, client)?;
        return Ok(Ok(token));
    }
    note(tx, email, &tried, now)?;
    Ok(Err(Failure::WrongCode))
}

fn right(tx: &mut Tx, vault: &Vault, tried: &[InvitationId], code: &Code, now: &Now) -> Result<Option<Token>, Failure> {
    for id in or_nobody(tried) {
        let token = token_of(vault, id, code);
        if let Some(Borne::Live(_)) = access::bearer(tx, &token.hash(), now.at)? {
            return Ok(Some(token));
        }
    }
    Ok(None)
}

/// An unknown address takes as long as one with an invitation.
fn or_nobody(tried: &[InvitationId]) -> Vec<InvitationId> {
    if tried.is_empty() { vec![Uuid::nil().into()] } else { tried.to_vec() }
}

/// Every wrong try is in the log: at the invitations it counted against, or at the address alone.
fn note(tx: &mut Tx, email: &Email, tried: &[InvitationId], now: &Now) -> Result<(), Failure> {
    let said =
        |event: Event| event.change("attempt", (), "type the code").change("code", (), Failure::WrongCode.code());
    if tried.is_empty() {
        let event = said(Event::new(What::InvitationRefused, "address", "", email.as_str()));
        events::add(tx, None, None, &event, now)?;
    }
    for id in tried {
        let invitation = invitations::of_token(tx, *id)?;
        let event = said(Event::new(What::InvitationRefused, "invitation", id, &invitation.address));
        events::add(tx, Some(invitation.workspace), None, &event, now)?;
    }
    Ok(())
}
