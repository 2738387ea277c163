//! The mail of the whole server, for operators: the mail server, a test letter, the channel.

use app::{
    App, Failure,
    mail_channel::{self},
    mail_server::{self, End, Typed, Wanted, With},
    settings::Mail,
};
use axum::{Json, extract::State};
use domain::access::Operator;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use store::{channel, messages};
use utoipa::ToSchema;

use super::mail::ChannelBody;
use crate::{
    client,
    extract::{Body, Operating},
    failed::Failed,
    problem::Problem,
};

/// The mail server in effect. The password is never told.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServerBody {
    #[schema(example = "smtp.example.org")]
    host: String,
    #[schema(example = 587)]
    port: u16,
    /// `starttls`, `implicit` or `none`.
    tls: String,
    user: Option<String>,
    has_password: bool,
    from_address: String,
    from_name: Option<String>,
    /// Whether it may have an address of a private network or of this machine.
    own_network: bool,
}

impl From<&Mail> for ServerBody {
    fn from(mail: &Mail) -> Self {
        let login = mail.smtp.login();
        Self {
            host: mail.smtp.host().to_owned(),
            port: mail.smtp.port(),
            tls: mail.smtp.tls().to_string(),
            user: login.map(|login| login.user.clone()),
            has_password: login.is_some(),
            from_address: mail.from.address().to_owned(),
            from_name: mail.from.name().map(str::to_owned),
            own_network: mail.reach == app::mail::channel::Reach::Anywhere,
        }
    }
}

/// The mail of the whole server.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServerMailBody {
    /// Null in copy-link mode.
    server: Option<ServerBody>,
    /// Whether the command line names it, so that it cannot be changed here.
    fixed: bool,
    channel: ChannelBody,
    /// Messages of all workspaces that wait.
    waiting: i64,
}

/// A mail server to be set.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewServer {
    #[schema(example = "smtp.example.org")]
    host: String,
    /// Left out: 587, or 465 with `implicit`.
    port: Option<u16>,
    /// `starttls` (usual), `implicit` or `none`.
    tls: Option<String>,
    user: Option<String>,
    /// Left out it stays, as long as host, port and user do.
    password: Option<String>,
    from_address: String,
    from_name: Option<String>,
    /// Allows addresses of private networks and of this machine.
    #[serde(default)]
    own_network: bool,
}

impl From<NewServer> for Typed {
    fn from(new: NewServer) -> Self {
        Self {
            host: new.host,
            port: new.port.map(|port| port.to_string()).unwrap_or_default(),
            tls: new.tls.unwrap_or_else(|| "starttls".to_owned()),
            user: new.user.unwrap_or_default(),
            password: new.password.unwrap_or_default().into(),
            from_address: new.from_address,
            from_name: new.from_name.unwrap_or_default(),
            own_network: new.own_network,
        }
    }
}

/// The mail server, whether mail flows, and how much waits.
#[utoipa::path(get, path = "/api/v1/operator/mail", tag = "Operators", responses(
    (status = OK, body = ServerMailBody), (status = FORBIDDEN, body = Problem)
))]
pub async fn get(Operating(operator): Operating, State(app): State<App>) -> Result<Json<ServerMailBody>, Failed> {
    Ok(Json(body(&app, operator).await?))
}

async fn body(app: &App, operator: Operator) -> Result<ServerMailBody, Failure> {
    let (mail, fixed) = (app.mail(), app.settings().mail.is_some());
    app.read(move |db, _| {
        Ok(ServerMailBody {
            channel: ChannelBody::of(channel::get(db)?, mail.is_some(), true),
            waiting: messages::waiting_anywhere(db, &operator)?,
            server: mail.as_deref().map(ServerBody::from),
            fixed,
        })
    })
    .await
}

/// Sets the mail server. All nodes take it up without a restart.
#[utoipa::path(put, path = "/api/v1/operator/mail", tag = "Operators", request_body = NewServer, responses(
    (status = OK, body = ServerMailBody), (status = FORBIDDEN, body = Problem), (status = CONFLICT, body = Problem),
    (status = UNPROCESSABLE_ENTITY, body = Problem)
))]
pub async fn put(
    Operating(operator): Operating,
    client::From(from): client::From,
    State(app): State<App>,
    new: Body<NewServer>,
) -> Result<Json<ServerMailBody>, Failed> {
    let wanted = Wanted::parse(&new.value.into()).map_err(Failure::Invalid)?;
    let verbs = app.clone();
    let set = app.write(from.client, move |tx, now| {
        let with = With { vault: verbs.vault(), settings: verbs.settings() };
        mail_server::set(tx, with, &operator, &wanted, now)
    });
    set.await?;
    mail_server::reread(&app).await?;
    Ok(Json(body(&app, operator).await?))
}

/// Removes the mail server: links are copied by hand, and what waits stays.
#[utoipa::path(delete, path = "/api/v1/operator/mail", tag = "Operators", responses(
    (status = NO_CONTENT), (status = FORBIDDEN, body = Problem), (status = CONFLICT, body = Problem)
))]
pub async fn remove(
    Operating(operator): Operating,
    client::From(from): client::From,
    State(app): State<App>,
) -> Result<StatusCode, Failed> {
    let verbs = app.clone();
    let removed = app.write(from.client, move |tx, now| {
        let with = With { vault: verbs.vault(), settings: verbs.settings() };
        mail_server::remove(tx, with, &operator, now)
    });
    removed.await?;
    mail_server::reread(&app).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How a test letter fared.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrialBody {
    /// Whether the mail server took it.
    sent: bool,
    /// To whom: the caller's own primary address.
    to: String,
    /// What was said of it.
    words: String,
    /// What to do, where it was not sent.
    advice: Option<&'static str>,
    /// The conversation, a line each, `C:` by this server and `S:` by the mail server; the password is hidden.
    transcript: Vec<String>,
}

/// Sends a test letter to the caller's own proved address and gives the whole conversation with the mail server.
#[utoipa::path(post, path = "/api/v1/operator/mail/test", tag = "Operators", responses(
    (status = OK, body = TrialBody), (status = FORBIDDEN, body = Problem), (status = CONFLICT, body = Problem),
    (status = TOO_MANY_REQUESTS, body = Problem)
))]
pub async fn test(
    Operating(operator): Operating,
    client::From(from): client::From,
    State(app): State<App>,
) -> Result<Json<TrialBody>, Failed> {
    let trial = mail_server::trial(&app, operator, from.client).await?;
    let (sent, words, advice) = match trial.end {
        End::Sent(words) => (true, words, None),
        End::NotSent { words, advice } => (false, words, Some(advice)),
    };
    Ok(Json(TrialBody { sent, to: trial.to, words, advice, transcript: trial.transcript }))
}

/// Pauses the mail of the whole server until an operator resumes it.
#[utoipa::path(post, path = "/api/v1/operator/mail/pause", tag = "Operators", responses(
    (status = NO_CONTENT), (status = FORBIDDEN, body = Problem)
))]
pub async fn pause(
    Operating(operator): Operating,
    client::From(from): client::From,
    State(app): State<App>,
) -> Result<StatusCode, Failed> {
    app.write(from.client, move |tx, now| mail_channel::pause(tx, &operator, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lets the mail of the whole server flow again, whatever paused it.
#[utoipa::path(delete, path = "/api/v1/operator/mail/pause", tag = "Operators", responses(
    (status = NO_CONTENT), (status = FORBIDDEN, body = Problem)
))]
pub async fn resume(
    Operating(operator): Operating,
    client::From(from): client::From,
    State(app): State<App>,
) -> Result<StatusCode, Failed> {
    app.write(from.client, move |tx, now| mail_channel::resume(tx, &operator, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Has mail that paused itself tried at once, with one message.
#[utoipa::path(post, path = "/api/v1/operator/mail/probe", tag = "Operators", responses(
    (status = NO_CONTENT), (status = FORBIDDEN, body = Problem), (status = CONFLICT, body = Problem)
))]
pub async fn probe(
    Operating(operator): Operating,
    client::From(from): client::From,
    State(app): State<App>,
) -> Result<StatusCode, Failed> {
    app.write(from.client, move |tx, now| mail_channel::probe(tx, &operator, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}
