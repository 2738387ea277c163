//! A new password for who forgot his. No key; the mailed token is the proof.

use app::{App, Bad, Failure, limits::Action, resets};
use axum::extract::State;
use domain::email::{Email, read_row};
use http::StatusCode;
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;

use super::joining::token;
use crate::{client, extract::Body, failed::Failed, problem::Problem};

/// Whose password is forgotten.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Forgotten {
    #[schema(example = "ann@hollinash.example")]
    email: String,
}

/// An address as typed; what is none says where it goes wrong.
pub fn email(text: &str) -> Result<Email, Failure> {
    let read = read_row(text).email;
    read.map_err(|bad| Failure::Invalid(vec![Bad::new("email", bad.reason.code(), bad.to_string())]))
}

/// Mails a link to set a new password, if the address has an account. The answer is the same if it has none.
#[utoipa::path(post, path = "/api/v1/password-resets", tag = "Sessions and keys", request_body = Forgotten,
    security(()), responses(
    (status = ACCEPTED), (status = CONFLICT, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem),
    (status = TOO_MANY_REQUESTS, body = Problem)
))]
pub async fn create(
    client::From(from): client::From,
    State(app): State<App>,
    body: Body<Forgotten>,
) -> Result<StatusCode, Failed> {
    resets::ask(&app, &email(&body.value.email)?, &from)?;
    Ok(StatusCode::ACCEPTED)
}

/// A token with the new password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Completion {
    /// The last part of the link.
    #[schema(value_type = String)]
    token: SecretString,
    #[schema(value_type = String, format = Password, min_length = 10, max_length = 128)]
    password: SecretString,
}

/// Sets the new password. All sessions of the account end, and the link with them.
#[utoipa::path(post, path = "/api/v1/password-resets/completion", tag = "Sessions and keys", request_body = Completion,
    security(()), responses(
    (status = NO_CONTENT), (status = NOT_FOUND, body = Problem), (status = GONE, body = Problem),
    (status = UNPROCESSABLE_ENTITY, body = Problem), (status = TOO_MANY_REQUESTS, body = Problem)
))]
pub async fn complete(
    client::From(from): client::From,
    State(app): State<App>,
    body: Body<Completion>,
) -> Result<StatusCode, Failed> {
    app.limits().attempt(Action::Join, from.client, None)?;
    resets::set(&app, token(&body.value.token)?, body.value.password, from).await?;
    Ok(StatusCode::NO_CONTENT)
}
