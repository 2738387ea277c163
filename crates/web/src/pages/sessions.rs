//! Signing in and out.

use app::{App, Failure, sessions};
use axum::{
    extract::{Query, State},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::CookieJar;
use http::StatusCode;
use secrecy::SecretString;
use serde::Deserialize;

use super::{
    form::Form,
    page::{Page, forget, on, told},
};
use crate::{
    client,
    cookies::Name,
    extract::Caller,
    failed::{Failed, status},
    views::{
        frame::{Bare, Flash, Theme},
        parts::Field,
        paths,
        sign_in::SignIn,
    },
};

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
pub struct Next {
    next: Option<String>,
}

/// The form.
#[derive(Debug, Deserialize)]
pub struct Pair {
    email: String,
    password: SecretString,
    #[serde(default)]
    next: String,
}

/// A path of this server, or the start: never another site.
pub(in crate::pages) fn safe(next: &str) -> &str {
    let inside =
        next.starts_with('/') && !next.starts_with("//") && !next.contains(|c: char| c == '\\' || c.is_control());
    if inside { next } else { paths::HOME }
}

/// The form.
pub async fn show(State(app): State<App>, Query(next): Query<Next>, jar: CookieJar) -> Response {
    let bare = Bare { flash: told(&jar, app.settings()), theme: Theme::System };
    let view = SignIn { bare, next: next.next.unwrap_or_default(), ..SignIn::default() };
    (forget(jar, app.settings()), Page::of(view)).into_response()
}

/// Opens a session and goes on to where one wanted to be.
pub async fn create(
    client::From(from): client::From,
    State(app): State<App>,
    jar: CookieJar,
    Form(pair): Form<Pair>,
) -> Result<Response, Failed> {
    let former = Name::Session.token(&jar, app.settings());
    match sessions::sign_in(&app, &pair.email, pair.password, former, from).await {
        Ok(token) => {
            let jar = Name::Session.set(jar, app.settings(), token.reveal());
            Ok((jar, Redirect::to(safe(&pair.next))).into_response())
        }
        Err(wrong @ (Failure::SignedOut { .. } | Failure::TooFast(_))) => {
            // 401 would be the word for machines; Turbo and browsers take 422 for "the form again".
            let code =
                if matches!(wrong, Failure::TooFast(_)) { status(&wrong) } else { StatusCode::UNPROCESSABLE_ENTITY };
            let view = SignIn {
                bare: Bare::default(),
                email: Field::new(pair.email),
                error: Some(wrong.to_string()),
                next: pair.next,
            };
            Ok(Page::with(code, view).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// Ends the session.
pub async fn delete(
    caller: Option<Caller>,
    client::From(from): client::From,
    State(app): State<App>,
    jar: CookieJar,
) -> Result<Response, Failed> {
    let jar = end(caller, from, &app, jar).await?;
    Ok(on(jar, app.settings(), paths::SIGN_IN, &Flash::SignedOut))
}

/// Ends the session of whoever has one.
pub async fn end(
    caller: Option<Caller>,
    from: sessions::Browser,
    app: &App,
    jar: CookieJar,
) -> Result<CookieJar, Failed> {
    if let Some((who, token)) = caller.and_then(|caller| Some((caller.who, caller.session?))) {
        app.write(from.client, move |tx, now| sessions::sign_out(tx, &who, &token, now)).await?;
    }
    Ok(Name::Session.clear(jar, app.settings()))
}
