//! One's own account: by session alone, because a key that leaked must not carry it away.

use app::{App, Bad, Failure, account, addresses, answers::once, passwords, profile, sessions};
use axum::{Json, extract::State};
use axum_extra::extract::CookieJar;
use domain::{
    email::Email,
    id::{AddressId, SessionId},
    time::Time,
    title::PersonName,
};
use http::StatusCode;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use store::{links::Pending, people};
use utoipa::ToSchema;

use super::{joining::token, list::List, me::MyPerson, resets::email};
use crate::{
    client,
    cookies::Name,
    extract::{Body, Id, InPerson},
    failed::Failed,
    problem::Problem,
};

/// What is to change.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Change {
    #[schema(example = "Ann Keller", max_length = 100)]
    name: String,
}

/// Gives oneself another name. A session is needed.
#[utoipa::path(patch, path = "/api/v1/me", tag = "Account", request_body = Change, responses(
    (status = OK, body = MyPerson), (status = FORBIDDEN, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)
))]
pub async fn rename(
    InPerson(who): InPerson,
    client::From(from): client::From,
    State(app): State<App>,
    body: Body<Change>,
) -> Result<Json<MyPerson>, Failed> {
    let name = PersonName::parse(&body.value.name);
    let name = name.map_err(|bad| Failure::Invalid(vec![Bad::new("name", bad.code(), bad.to_string())]))?;
    let me = app.write(from.client, move |tx, now| {
        profile::rename(tx, &who, &name, now)?;
        Ok(people::me(tx, &who)?)
    });
    Ok(Json(me.await?.into()))
}

/// An address of the account.
#[derive(Debug, Serialize, ToSchema)]
pub struct AddressBody {
    /// Missing while the address waits to be proved.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[schema(example = "ann@hollinash.example")]
    address: String,
    /// Whether mail for the person goes there.
    primary: bool,
    /// `verified`, `unverified` (the first address of an account made from a copied link) or `pending` (to be added).
    #[schema(example = "verified")]
    state: &'static str,
    #[schema(value_type = Option<String>, format = DateTime)]
    verified_at: Option<Time>,
    /// When the newest link ends, of a pending one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    link_ends_at: Option<Time>,
}

impl From<people::Address> for AddressBody {
    fn from(row: people::Address) -> Self {
        Self {
            id: Some(row.id.to_string()),
            address: row.address,
            primary: row.is_primary,
            state: if row.verified_at.is_some() { "verified" } else { "unverified" },
            verified_at: row.verified_at,
            link_ends_at: None,
        }
    }
}

impl From<Pending> for AddressBody {
    fn from(row: Pending) -> Self {
        Self {
            id: None,
            address: row.address,
            primary: false,
            state: "pending",
            verified_at: None,
            link_ends_at: Some(row.ends_at),
        }
    }
}

/// The addresses of the account, and those that wait to be proved. A session is needed.
#[utoipa::path(get, path = "/api/v1/me/addresses", tag = "Account", responses(
    (status = OK, body = List<AddressBody>), (status = FORBIDDEN, body = Problem)
))]
pub async fn addresses(InPerson(who): InPerson, State(app): State<App>) -> Result<Json<List<AddressBody>>, Failed> {
    let (mine, pending) =
        app.point(move |db, now| Ok((people::addresses(db, &who)?, store::links::pending(db, &who, now.at)?))).await?;
    let pending = pending.into_iter().map(AddressBody::from);
    Ok(Json(List::whole(mine.into_iter().map(AddressBody::from).chain(pending).collect())))
}

/// An address to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAddress {
    email: String,
    /// The account's password, asked for again. Not needed to have a link mailed once more.
    #[schema(value_type = Option<String>, format = Password)]
    password: Option<SecretString>,
}

/// Mails a link to an address that is to be added, or once more to one that is not proved yet. A session is needed.
///
/// The answer does not tell whether the address has an account.
#[utoipa::path(post, path = "/api/v1/me/addresses", tag = "Account", params(("Idempotency-Key" = Option<String>, Header)),
    request_body = NewAddress, responses(
    (status = ACCEPTED), (status = FORBIDDEN, body = Problem), (status = CONFLICT, body = Problem),
    (status = UNPROCESSABLE_ENTITY, body = Problem), (status = TOO_MANY_REQUESTS, body = Problem)
))]
pub async fn add_address(
    InPerson(who): InPerson,
    client::From(from): client::From,
    State(app): State<App>,
    body: Body<NewAddress>,
) -> Result<StatusCode, Failed> {
    let email = email(&body.value.email)?;
    let known = match body.value.password {
        Some(password) => Some(passwords::ask_again(&app, &who, "password", password, &from).await?),
        None => None,
    };
    addresses::may_ask(&app, &email, &from)?;
    let (verbs, asked) = (app.clone(), body.keyed.by(&who));
    let done = app.write(from.client, move |tx, now| {
        once(tx, verbs.vault(), asked.as_ref(), now, |tx| match &known {
            Some(known) => addresses::add(tx, verbs.post(), &who, known, &email, now),
            None => addresses::ask_again(tx, verbs.post(), &who, &email, now),
        })
    });
    done.await.map_err(|failure| match failure {
        Failure::Unknown => Failure::invalid("password", "required", "To add an address, send the password again."),
        other => other,
    })?;
    Ok(StatusCode::ACCEPTED)
}

/// The token of a link.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Verification {
    /// The last part of the link.
    #[schema(value_type = String)]
    token: SecretString,
}

/// Proves an address by the link mailed to it, for the session of whoever asked for it.
#[utoipa::path(post, path = "/api/v1/me/addresses/verification", tag = "Account", request_body = Verification, responses(
    (status = NO_CONTENT), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem),
    (status = CONFLICT, body = Problem), (status = GONE, body = Problem)
))]
pub async fn verify_address(
    InPerson(who): InPerson,
    client::From(from): client::From,
    State(app): State<App>,
    body: Body<Verification>,
) -> Result<StatusCode, Failed> {
    let (token, verbs) = (token(&body.value.token)?, app.clone());
    app.write(from.client, move |tx, now| addresses::confirm(tx, verbs.post(), &who, &token, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An address that waits.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Waiting {
    email: String,
}

/// Gives up an address that waits to be proved.
#[utoipa::path(post, path = "/api/v1/me/addresses/cancellation", tag = "Account", request_body = Waiting, responses(
    (status = NO_CONTENT), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem)
))]
pub async fn cancel_address(
    InPerson(who): InPerson,
    client::From(from): client::From,
    State(app): State<App>,
    body: Body<Waiting>,
) -> Result<StatusCode, Failed> {
    let email: Email = email(&body.value.email)?;
    app.write(from.client, move |tx, now| addresses::cancel(tx, &who, &email, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The account's password, asked for again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Again {
    #[schema(value_type = String, format = Password)]
    password: SecretString,
}

/// Makes a proved address the primary one. The old and the new one are told.
#[utoipa::path(post, path = "/api/v1/me/addresses/{id}/primary", tag = "Account",
    params(("id" = String, Path)), request_body = Again, responses(
    (status = NO_CONTENT), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem)
))]
pub async fn make_primary(
    InPerson(who): InPerson,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<AddressId>,
    body: Body<Again>,
) -> Result<StatusCode, Failed> {
    let again = account::Again { field: "password", password: body.value.password, from };
    account::make_primary(&app, who, id, again).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes an address that is not the primary one.
#[utoipa::path(post, path = "/api/v1/me/addresses/{id}/removal", tag = "Account",
    params(("id" = String, Path)), request_body = Again, responses(
    (status = NO_CONTENT), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem),
    (status = CONFLICT, body = Problem)
))]
pub async fn remove_address(
    InPerson(who): InPerson,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<AddressId>,
    body: Body<Again>,
) -> Result<StatusCode, Failed> {
    let again = account::Again { field: "password", password: body.value.password, from };
    account::remove_address(&app, who, id, again).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The password there is, and another.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Passwords {
    #[schema(value_type = String, format = Password)]
    current: SecretString,
    #[schema(value_type = String, format = Password, min_length = 10, max_length = 128)]
    password: SecretString,
}

/// Changes the password. The account's other sessions end.
#[utoipa::path(post, path = "/api/v1/me/password", tag = "Account", request_body = Passwords, responses(
    (status = NO_CONTENT), (status = FORBIDDEN, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem),
    (status = TOO_MANY_REQUESTS, body = Problem)
))]
pub async fn change_password(
    InPerson(who): InPerson,
    client::From(from): client::From,
    State(app): State<App>,
    body: Body<Passwords>,
) -> Result<StatusCode, Failed> {
    let current = account::Again { field: "current", password: body.value.current, from };
    account::change_password(&app, who, body.value.password, current).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The end of an account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountDeletion {
    /// The account's primary address, typed once more so that nobody does this by mistake.
    email: String,
    /// The account's password, asked for again.
    #[schema(value_type = String, format = Password)]
    password: SecretString,
}

/// Gives up the account: memberships, sessions and keys end, and what is personal is erased. It cannot be undone.
///
/// Refused to the last owner of a workspace (409 `last_owner`) and to the last operator (409 `last_operator`).
#[utoipa::path(post, path = "/api/v1/me/deletion", tag = "Account", request_body = AccountDeletion, responses(
    (status = NO_CONTENT), (status = FORBIDDEN, body = Problem), (status = CONFLICT, body = Problem),
    (status = UNPROCESSABLE_ENTITY, body = Problem)
))]
pub async fn delete(
    InPerson(who): InPerson,
    client::From(from): client::From,
    State(app): State<App>,
    jar: CookieJar,
    body: Body<AccountDeletion>,
) -> Result<(StatusCode, CookieJar), Failed> {
    let again = account::Again { field: "password", password: body.value.password, from };
    account::give_up(&app, who, ("email", &body.value.email), again).await?;
    Ok((StatusCode::NO_CONTENT, Name::Session.clear(jar, app.settings())))
}

/// A signed-in browser.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionBody {
    id: String,
    /// Whether it is the one that asks.
    current: bool,
    /// The address it signed in from.
    client: Option<String>,
    /// What the browser calls itself.
    agent: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
    #[schema(value_type = String, format = DateTime)]
    last_seen_at: Time,
}

/// The account's sessions, the one used last first. Only the person sees them, and only by a session.
#[utoipa::path(get, path = "/api/v1/me/sessions", tag = "Account", responses(
    (status = OK, body = List<SessionBody>), (status = FORBIDDEN, body = Problem)
))]
pub async fn sessions(InPerson(who): InPerson, State(app): State<App>) -> Result<Json<List<SessionBody>>, Failed> {
    let rows = app.read(move |db, now| Ok(store::sessions::list(db, &who, now.at)?)).await?;
    let body = |row: store::sessions::Session| SessionBody {
        current: who.session() == Some(row.id),
        id: row.id.to_string(),
        client: row.client,
        agent: row.agent,
        created_at: row.created_at,
        last_seen_at: row.seen_at,
    };
    Ok(Json(List::whole(rows.into_iter().map(body).collect())))
}

/// Ends one session of the account.
#[utoipa::path(delete, path = "/api/v1/me/sessions/{id}", tag = "Account", params(("id" = String, Path)), responses(
    (status = NO_CONTENT), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem)
))]
pub async fn end_session(
    InPerson(who): InPerson,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<SessionId>,
) -> Result<StatusCode, Failed> {
    app.write(from.client, move |tx, now| sessions::end(tx, &who, id, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends all sessions of the account but the one that asks.
#[utoipa::path(delete, path = "/api/v1/me/sessions", tag = "Account", responses(
    (status = NO_CONTENT), (status = FORBIDDEN, body = Problem)
))]
pub async fn end_other_sessions(
    InPerson(who): InPerson,
    client::From(from): client::From,
    State(app): State<App>,
) -> Result<StatusCode, Failed> {
    app.write(from.client, move |tx, now| sessions::end_others(tx, &who, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}
