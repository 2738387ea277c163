//! What stands behind a link to prove an address. GET and HEAD change nothing.

use app::{App, Failure, addresses, limits::Action};
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::CookieJar;
use domain::secret::Token;
use http::StatusCode;
use store::people;

use super::page::{Page, on};
use crate::{
    client,
    cookies::Name,
    extract::Caller,
    failed::Failed,
    views::{
        frame::{Bare, Flash},
        parts::{Face, Person},
        paths,
        verify::{Verify, VerifyState},
    },
};

/// Opens a link: remembers its token for a quarter of an hour and goes on to a clean address. A dead one says so here.
pub async fn open(
    client::From(from): client::From,
    State(app): State<App>,
    jar: CookieJar,
    Path(text): Path<String>,
) -> Result<Response, Failed> {
    app.limits().attempt(Action::Join, from.client, None)?;
    let Ok(token) = text.parse::<Token>() else { return dead(Failure::Unknown) };
    let look = token.clone();
    match app.read(move |db, now| addresses::lookup(db, &look, now)).await {
        Ok(_) => {
            Ok((Name::Verify.set(jar, app.settings(), token.reveal()), Redirect::to(paths::VERIFY)).into_response())
        }
        Err(failure) => dead(failure),
    }
}

/// The page of the remembered link. Every view counts the quarter of an hour anew.
pub async fn show(caller: Option<Caller>, State(app): State<App>, jar: CookieJar) -> Result<Response, Failed> {
    let Some(token) = Name::Verify.token(&jar, app.settings()) else { return Ok(page(VerifyState::Forgotten)) };
    let jar = Name::Verify.set(jar, app.settings(), token.reveal());
    let who = caller.map(|caller| caller.who);
    let found = app
        .read(move |db, now| {
            let link = addresses::lookup(db, &token, now)?;
            let me = who.as_ref().map(|who| people::me(db, who)).transpose()?;
            Ok((link, me))
        })
        .await;
    let state = match found {
        Ok((link, None)) => VerifyState::SignedOut { address: link.address },
        Ok((link, Some(me))) if me.id == link.person => {
            VerifyState::Ready { address: link.address, person: person(me) }
        }
        Ok((_, Some(me))) => VerifyState::SomebodyElse { person: person(me) },
        Err(failure) => return dead(failure),
    };
    Ok((jar, page(state)).into_response())
}

fn person(me: people::Person) -> Person {
    Person { face: Face::of(&me.name, &me.id.to_string()), name: me.name, email: me.address }
}

/// Proves the address, for who is signed in and asked for the link.
pub async fn confirm(
    caller: Option<Caller>,
    client::From(from): client::From,
    State(app): State<App>,
    jar: CookieJar,
) -> Result<Response, Failed> {
    let token = Name::Verify.token(&jar, app.settings());
    let (Some(token), Some(caller)) = (token, caller) else { return Ok(Redirect::to(paths::VERIFY).into_response()) };
    let (verbs, who) = (app.clone(), caller.who);
    let done = app.write(from.client, move |tx, now| addresses::confirm(tx, verbs.post(), &who, &token, now));
    match done.await {
        Ok(address) => {
            let jar = Name::Verify.clear(jar, app.settings());
            Ok(on(jar, app.settings(), paths::PROFILE, &Flash::AddressVerified { address }))
        }
        Err(Failure::Forbidden { code: "wrong_account", .. }) => Ok(Redirect::to(paths::VERIFY).into_response()),
        Err(failure) => dead(failure),
    }
}

/// The page of a link that does not work, with the one way on.
fn dead(failure: Failure) -> Result<Response, Failed> {
    let (status, state) = match failure {
        Failure::Unknown => (StatusCode::NOT_FOUND, VerifyState::Unknown),
        Failure::Spent { code: "link_expired", .. } => (StatusCode::GONE, VerifyState::Expired),
        Failure::Spent { .. } => (StatusCode::GONE, VerifyState::Used),
        Failure::Conflict { code: "address_taken", .. } => (StatusCode::CONFLICT, VerifyState::Taken),
        other => return Err(other.into()),
    };
    Ok(Page::with(status, Verify { bare: Bare::default(), state }).into_response())
}

fn page(state: VerifyState) -> Response {
    Page::of(Verify { bare: Bare::default(), state }).into_response()
}
