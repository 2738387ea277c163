//! What the invitee's side asks: look a link up, accept, decline. No key; the token, or
//! the code with its address, is the proof.

use std::net::IpAddr;

use app::{
    App, Bad, Failure,
    invitations::{self, Accepted, Joiner, Needs, NewAccount, Offer, code::typed},
    limits::Action,
    passwords,
};
use axum::{Json, extract::State};
use axum_extra::extract::CookieJar;
use domain::{access::Role, secret::Token, time::Time, title::PersonName};
use http::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::workspaces::WorkspaceBody;
use crate::{
    client,
    cookies::Name,
    extract::{Body, Caller},
    failed::Failed,
    problem::Problem,
};

/// A token, or address and code.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Borne {
    /// The last part of the link.
    #[schema(value_type = Option<String>)]
    token: Option<SecretString>,
    /// In place of the token, together with the code: the invited address.
    address: Option<String>,
    /// The eight letters in the mail. Five wrong ones end it.
    #[schema(value_type = Option<String>, example = "H4QX-7MRT")]
    code: Option<SecretString>,
}

impl Borne {
    /// What was shown.
    async fn token(&self, app: &App, client: Option<IpAddr>) -> Result<Token, Failure> {
        match (&self.token, &self.address, &self.code) {
            (Some(shown), None, None) => token(shown),
            (None, Some(address), Some(code)) => typed(app, address, code.expose_secret(), client).await,
            _ => Err(Failure::invalid("token", "required", "Send a token, or an address and its code.")),
        }
    }
}

/// A token that looks like one; others answer like unknown ones.
pub fn token(text: &SecretString) -> Result<Token, Failure> {
    text.expose_secret().parse().map_err(|_| Failure::Unknown)
}

/// What a live link offers.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfferBody {
    workspace: String,
    inviter: String,
    #[schema(value_type = String, example = "tester")]
    role: Role,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Time,
    /// For whom, with most letters hidden.
    #[schema(example = "a•••••.r•••@hollinash.example")]
    address: String,
    /// `pending` or `on_hold`.
    state: String,
    /// `account`: a new account; `sign_in`: the session of the address's account.
    #[schema(example = "account")]
    needs: &'static str,
}

impl From<Offer> for OfferBody {
    fn from(offer: Offer) -> Self {
        Self {
            workspace: offer.workspace.name,
            inviter: offer.invitation.inviter,
            role: offer.invitation.role,
            expires_at: offer.invitation.ends_at,
            address: offer.masked,
            state: offer.state.to_string(),
            needs: match offer.needs {
                Needs::Account => "account",
                Needs::SignIn => "sign_in",
            },
        }
    }
}

/// What an invitation's link leads to. Changes nothing.
///
/// For a copied link `needs` tells whether the address has an account on this server; such a look is noted in the audit log.
#[utoipa::path(post, path = "/api/v1/invitations/lookup", tag = "Joining", request_body = Borne, security(()), responses(
    (status = OK, body = OfferBody), (status = NOT_FOUND, body = Problem), (status = GONE, body = Problem),
    (status = TOO_MANY_REQUESTS, body = Problem)
))]
pub async fn lookup(
    client::From(from): client::From,
    State(app): State<App>,
    body: Body<Borne>,
) -> Result<Json<OfferBody>, Failed> {
    app.limits().attempt(Action::Join, from.client, None)?;
    let token = body.value.token(&app, from.client).await?;
    Ok(Json(invitations::lookup::look_up(&app, token, from.client).await?.into()))
}

/// A token, or address and code, with name and password for a new account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptanceBody {
    /// The last part of the link.
    #[schema(value_type = Option<String>)]
    token: Option<SecretString>,
    /// In place of the token, together with the code: the invited address.
    address: Option<String>,
    /// The eight letters in the mail. Five wrong ones end it.
    #[schema(value_type = Option<String>, example = "H4QX-7MRT")]
    code: Option<SecretString>,
    #[schema(max_length = 100)]
    name: Option<String>,
    #[schema(value_type = Option<String>, format = Password)]
    password: Option<SecretString>,
}

/// A membership began; the session's cookie is set.
#[derive(Debug, Serialize, ToSchema)]
pub struct Joined {
    member: String,
    workspace: WorkspaceBody,
}

/// Accepts. A new account needs no session and gets one; an existing one needs its own.
#[utoipa::path(post, path = "/api/v1/invitations/acceptance", tag = "Joining", request_body = AcceptanceBody, security(()), responses(
    (status = CREATED, body = Joined), (status = UNAUTHORIZED, body = Problem), (status = FORBIDDEN, body = Problem),
    (status = NOT_FOUND, body = Problem), (status = CONFLICT, body = Problem), (status = GONE, body = Problem),
    (status = TOO_MANY_REQUESTS, body = Problem)
))]
pub async fn accept(
    caller: Option<Caller>,
    client::From(from): client::From,
    State(app): State<App>,
    jar: CookieJar,
    body: Body<AcceptanceBody>,
) -> Result<(StatusCode, CookieJar, Json<Joined>), Failed> {
    app.limits().attempt(Action::Join, from.client, None)?;
    let AcceptanceBody { token, address, code, name, password } = body.value;
    let token = Borne { token, address, code }.token(&app, from.client).await?;
    let form = Form { name, password };
    let accepted = join(&app, token, caller, form, from).await?;
    let jar = Name::Session.set(jar, app.settings(), accepted.session.reveal());
    let joined = Joined { member: accepted.member.to_string(), workspace: accepted.workspace.into() };
    Ok((StatusCode::CREATED, jar, Json(joined)))
}

/// Name and password as they were typed.
#[derive(Debug, Default)]
pub struct Form {
    /// The name.
    pub name: Option<String>,
    /// The password.
    pub password: Option<SecretString>,
}

/// Accepts for whoever asks. The password is hashed before the transaction, and only for a link that asks for one.
pub async fn join(
    app: &App,
    token: Token,
    caller: Option<Caller>,
    form: Form,
    from: app::sessions::Browser,
) -> Result<Accepted, Failure> {
    let (look, who) = (token.clone(), caller.as_ref().map(|caller| caller.who));
    let account = match app.read(move |db, now| invitations::lookup(db, &look, who.as_ref(), now)).await {
        Ok(offer) if offer.needs == Needs::Account && offer.somebody_else != Some(true) => {
            Some(account(app, form, &offer).await?)
        }
        // A dead link is refused by the verb, which notes the attempt.
        Ok(_) | Err(Failure::Gone(_)) => None,
        Err(other) => return Err(other),
    };
    let browser = from.clone();
    let joiner = Joiner { who, session: caller.and_then(|caller| caller.session), account, agent: from.agent };
    let accepted = app.write(from.client, move |tx, now| invitations::accept(tx, &token, &joiner, now)).await?;
    app::addresses::ask_at_first(app, accepted.session.clone(), browser).await;
    Ok(accepted)
}

async fn account(app: &App, form: Form, offer: &Offer) -> Result<NewAccount, Failure> {
    let name = PersonName::parse(form.name.as_deref().unwrap_or_default());
    let name = name.map_err(|bad| Bad::new("name", bad.code(), bad.to_string()));
    let password = form.password.unwrap_or_default();
    let about = [form.name.as_deref().unwrap_or_default(), &offer.invitation.address, &offer.workspace.name];
    let judged = passwords::judge("password", &password, &about);
    match (name, judged) {
        (Ok(name), Ok(())) => {
            let salt = app.clock().now().bytes();
            let password = app.passwords().hash(password, salt).await?;
            Ok(NewAccount { name, password })
        }
        (name, judged) => Err(Failure::Invalid(name.err().into_iter().chain(judged.err()).collect())),
    }
}

/// Declines, for good.
#[utoipa::path(post, path = "/api/v1/invitations/refusal", tag = "Joining", request_body = Borne, security(()), responses(
    (status = NO_CONTENT), (status = NOT_FOUND, body = Problem), (status = GONE, body = Problem),
    (status = TOO_MANY_REQUESTS, body = Problem)
))]
pub async fn decline(
    client::From(from): client::From,
    State(app): State<App>,
    body: Body<Borne>,
) -> Result<StatusCode, Failed> {
    app.limits().attempt(Action::Join, from.client, None)?;
    let token = body.value.token(&app, from.client).await?;
    let verbs = app.clone();
    app.write(from.client, move |tx, now| invitations::decline(tx, verbs.post(), &token, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Asks for a new link in place of an expired one.
///
/// Whoever can send it is told, once a day; asking again changes nothing and answers the same. Nothing is sent to the
/// invited address by this.
#[utoipa::path(post, path = "/api/v1/invitations/renewal", tag = "Joining", request_body = ExpiredBody, security(()), responses(
    (status = NO_CONTENT), (status = NOT_FOUND, body = Problem), (status = CONFLICT, body = Problem), (status = GONE, body = Problem),
    (status = TOO_MANY_REQUESTS, body = Problem)
))]
pub async fn want_anew(
    client::From(from): client::From,
    State(app): State<App>,
    body: Body<ExpiredBody>,
) -> Result<StatusCode, Failed> {
    app.limits().attempt(Action::Join, from.client, None)?;
    let token = token(&body.value.token)?;
    let verbs = app.clone();
    app.write(from.client, move |tx, now| invitations::want_anew(tx, verbs.post(), &token, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The token of an expired link.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExpiredBody {
    /// The last part of the link.
    #[schema(value_type = String)]
    token: SecretString,
}
