//! Signing in and out by the API.

use app::App;
use axum::{Json, extract::State};
use axum_extra::extract::CookieJar;
use http::StatusCode;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    client,
    cookies::Name,
    extract::{Body, Caller},
    failed::Failed,
    problem::Problem,
};

/// An address and its password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    #[schema(example = "ann@hollinash.example")]
    email: String,
    #[schema(value_type = String, format = Password)]
    password: SecretString,
}

/// A session was opened; its cookie is set.
#[derive(Debug, Serialize, ToSchema)]
pub struct Opened {
    /// Always true: a failure is a problem.
    signed_in: bool,
}

/// Signs in and sets the session's cookie. Every wrong pair is answered alike, in text and in time.
#[utoipa::path(post, path = "/api/v1/sessions", tag = "Sessions and keys", request_body = Pair, security(()), responses(
    (status = CREATED, body = Opened), (status = UNAUTHORIZED, body = Problem), (status = TOO_MANY_REQUESTS, body = Problem)
))]
pub async fn create(
    client::From(from): client::From,
    State(app): State<App>,
    jar: CookieJar,
    body: Body<Pair>,
) -> Result<(StatusCode, CookieJar, Json<Opened>), Failed> {
    let former = Name::Session.token(&jar, app.settings());
    let token = app::sessions::sign_in(&app, &body.value.email, body.value.password, former, from).await?;
    let jar = Name::Session.set(jar, app.settings(), token.reveal());
    Ok((StatusCode::CREATED, jar, Json(Opened { signed_in: true })))
}

/// Signs out: the session ends at once.
#[utoipa::path(delete, path = "/api/v1/sessions/current", tag = "Sessions and keys", responses(
    (status = NO_CONTENT), (status = UNAUTHORIZED, body = Problem)
))]
pub async fn delete(
    caller: Caller,
    client::From(from): client::From,
    State(app): State<App>,
    jar: CookieJar,
) -> Result<(StatusCode, CookieJar), Failed> {
    if let Some(token) = caller.session {
        app.write(from.client, move |tx, now| app::sessions::sign_out(tx, &caller.who, &token, now)).await?;
    }
    Ok((StatusCode::NO_CONTENT, Name::Session.clear(jar, app.settings())))
}
