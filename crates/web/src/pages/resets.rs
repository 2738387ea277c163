//! A new password: asking for a link, and what stands behind it. GET and HEAD change nothing.

use app::{App, Failure, limits::Action, resets};
use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::CookieJar;
use domain::secret::Token;
use http::StatusCode;
use secrecy::SecretString;
use serde::Deserialize;

use super::{
    form::{Form, faults, field},
    moment::exact,
    page::{Page, on},
};
use crate::{
    api, client,
    cookies::Name,
    failed::Failed,
    opened::RESET,
    views::{
        frame::{Bare, Flash},
        parts::Field,
        paths,
        reset::{Forgot, ForgotPassword, Reset, ResetState},
    },
};

/// Whether a link was asked for just now.
#[derive(Debug, Deserialize)]
pub struct Asked {
    sent: Option<String>,
}

/// Where one asks for a link; without a mail server, who can help.
pub async fn ask(State(app): State<App>, Query(asked): Query<Asked>) -> Response {
    let state = match asked.sent {
        _ if app.mail().is_none() => Forgot::NoMail,
        Some(_) => Forgot::Sent,
        None => Forgot::Ask(Field::default()),
    };
    Page::of(ForgotPassword { bare: Bare::default(), state }).into_response()
}

/// The form as typed.
#[derive(Debug, Deserialize)]
pub struct Address {
    email: String,
}

/// Asks for a link. The answer is the same whether or not the address has an account.
pub async fn create(
    client::From(from): client::From,
    State(app): State<App>,
    Form(typed): Form<Address>,
) -> Result<Response, Failed> {
    let asked = api::resets::email(&typed.email).and_then(|email| resets::ask(&app, &email, &from));
    match asked {
        Ok(()) => Ok(Redirect::to(paths::FORGOT_PASSWORD_SENT).into_response()),
        Err(Failure::Conflict { .. }) => Ok(Redirect::to(paths::FORGOT_PASSWORD).into_response()),
        Err(failure) => {
            let state = Forgot::Ask(field("email", &typed.email, &faults(failure)?));
            Ok(Page::wrong(ForgotPassword { bare: Bare::default(), state }).into_response())
        }
    }
}

/// Opens a link: remembers its token for a quarter of an hour and goes on to a clean address. A dead one says so here.
pub async fn open(
    client::From(from): client::From,
    State(app): State<App>,
    jar: CookieJar,
    Path(text): Path<String>,
) -> Result<Response, Failed> {
    RESET.open(&app, &from, jar, &text, resets::lookup).await.or_else(dead)
}

/// The page of the remembered link. Every view counts the quarter of an hour anew.
pub async fn show(State(app): State<App>, jar: CookieJar) -> Result<Response, Failed> {
    let Some(token) = RESET.token(&app, &jar) else { return Ok(page(ResetState::Forgotten)) };
    let jar = RESET.keep(&app, jar, &token);
    Ok((jar, form(&app, token, Field::default()).await?).into_response())
}

/// The form as typed.
#[derive(Debug, Deserialize)]
pub struct Typed {
    #[serde(default)]
    password: SecretString,
}

/// Sets the password and leads to sign-in.
pub async fn update(
    client::From(from): client::From,
    State(app): State<App>,
    jar: CookieJar,
    Form(typed): Form<Typed>,
) -> Result<Response, Failed> {
    app.limits().attempt(Action::Join, from.client, None)?;
    let Some(token) = RESET.token(&app, &jar) else { return Ok(RESET.page()) };
    match resets::set(&app, token.clone(), typed.password, from).await {
        Ok(()) => {
            let jar = Name::Session.clear(RESET.forget(&app, jar), app.settings());
            Ok(on(jar, app.settings(), paths::SIGN_IN, &Flash::PasswordReset))
        }
        Err(Failure::Invalid(bad)) => form(&app, token, field("password", "", &bad)).await,
        Err(failure) => dead(failure),
    }
}

async fn form(app: &App, token: Token, password: Field) -> Result<Response, Failed> {
    let found = app.read(move |db, now| resets::lookup(db, &token, now)).await;
    let status = if password.error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    match found {
        Ok((link, _)) => {
            let state = ResetState::Form { address: link.address, ends: exact(link.ends_at), password };
            Ok(Page::with(status, Reset { bare: Bare::default(), state }).into_response())
        }
        Err(failure) => dead(failure),
    }
}

/// The page of a link that does not work, with the one way on.
fn dead(failure: Failure) -> Result<Response, Failed> {
    let (status, state) = match failure {
        Failure::Unknown => (StatusCode::NOT_FOUND, ResetState::Unknown),
        Failure::Spent { code: "link_expired", .. } => (StatusCode::GONE, ResetState::Expired),
        Failure::Spent { .. } => (StatusCode::GONE, ResetState::Used),
        other => return Err(other.into()),
    };
    Ok(Page::with(status, Reset { bare: Bare::default(), state }).into_response())
}

fn page(state: ResetState) -> Response {
    Page::of(Reset { bare: Bare::default(), state }).into_response()
}
