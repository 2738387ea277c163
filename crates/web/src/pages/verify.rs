//! What stands behind a link to prove an address. GET and HEAD change nothing.

use app::{App, Failure, addresses};
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use axum_extra::extract::CookieJar;
use http::StatusCode;
use store::people;

use super::page::{Page, on};
use crate::{
    client,
    extract::Caller,
    failed::Failed,
    opened::VERIFY,
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
    VERIFY.open(&app, &from, jar, &text, addresses::lookup).await.or_else(dead)
}

/// The page of the remembered link. Every view counts the quarter of an hour anew.
pub async fn show(caller: Option<Caller>, State(app): State<App>, jar: CookieJar) -> Result<Response, Failed> {
    let Some(token) = VERIFY.token(&app, &jar) else { return Ok(page(VerifyState::Forgotten)) };
    let jar = VERIFY.keep(&app, jar, &token);
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
    let (Some(token), Some(caller)) = (VERIFY.token(&app, &jar), caller) else { return Ok(VERIFY.page()) };
    let (verbs, who) = (app.clone(), caller.who);
    let done = app.write(from.client, move |tx, now| addresses::confirm(tx, verbs.post(), &who, &token, now));
    match done.await {
        Ok(address) => {
            Ok(on(VERIFY.forget(&app, jar), app.settings(), paths::PROFILE, &Flash::AddressVerified { address }))
        }
        Err(Failure::Forbidden { code: "wrong_account", .. }) => Ok(VERIFY.page()),
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
