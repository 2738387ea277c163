//! A workspace's own mail: the channel's state, its queue, pause, resume, try now.

use app::{App, answers::once, outbox};
use axum::{Json, extract::State};
use domain::{access::ManageMail, id::MessageId, invitation::Delivery, time::Time, time::days};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use store::{
    channel::{self, Channel},
    messages::{self, Queued, Trouble},
    operators,
};
use utoipa::ToSchema;

use crate::{
    client,
    extract::{Caller, Can, Keyed, Paging, Query},
    failed::Failed,
    problem::Problem,
};

/// For how long a refusal counts as trouble of its domain.
const RECENT: std::time::Duration = days(1);

/// How mail of the whole server is.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChannelBody {
    /// `flowing`, `paused`, or `off` where no mail server is set.
    #[schema(example = "flowing")]
    state: &'static str,
    /// Since when it is paused.
    #[schema(value_type = Option<String>, format = DateTime)]
    since: Option<Time>,
    /// Whether it paused itself, and ends that by itself when a probe goes through.
    by_itself: bool,
    /// When one message is tried.
    #[schema(value_type = Option<String>, format = DateTime)]
    next_probe_at: Option<Time>,
    /// The mail server's words. Operators only: they may be about another workspace's recipient.
    reason: Option<String>,
}

impl ChannelBody {
    /// As operators see it, or without the words.
    pub fn of(channel: Channel, is_on: bool, with_words: bool) -> Self {
        let state = match channel.paused_at {
            _ if !is_on => "off",
            Some(_) => "paused",
            None => "flowing",
        };
        Self {
            state,
            since: channel.paused_at,
            by_itself: channel.probe_at.is_some(),
            next_probe_at: channel.probe_at,
            reason: channel.reason.filter(|_| with_words),
        }
    }
}

/// Somebody paused the workspace's mail.
#[derive(Debug, Serialize, ToSchema)]
pub struct PauseBody {
    #[schema(value_type = String, format = DateTime)]
    since: Time,
    by: String,
}

/// A receiving domain that does not take the workspace's mail now.
#[derive(Debug, Serialize, ToSchema)]
pub struct DomainBody {
    #[schema(example = "hollin.example")]
    domain: String,
    /// Messages that wait for another try.
    deferred: i64,
    /// Messages it refused within a day.
    failed: i64,
    /// What was said last.
    words: Option<String>,
}

impl From<Trouble> for DomainBody {
    fn from(row: Trouble) -> Self {
        Self { domain: row.domain, deferred: row.deferred, failed: row.failed, words: row.words }
    }
}

/// A message that waits or failed.
#[derive(Debug, Serialize, ToSchema)]
pub struct QueuedBody {
    id: String,
    /// The invitation it carries.
    invitation: Option<String>,
    address: String,
    /// `queued`, `sending`, `deferred` or `failed`.
    #[schema(value_type = String)]
    state: Delivery,
    /// The mail server's own words.
    detail: Option<String>,
    /// How often it was tried.
    attempts: i64,
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
    #[schema(value_type = Option<String>, format = DateTime)]
    next_try_at: Option<Time>,
}

impl From<Queued> for QueuedBody {
    fn from(row: Queued) -> Self {
        Self {
            id: row.id.to_string(),
            invitation: row.invitation.map(|id| id.to_string()),
            next_try_at: (row.state == Delivery::Deferred).then_some(row.next_try_at),
            address: row.address,
            state: row.state,
            detail: row.detail,
            attempts: row.attempts,
            created_at: row.created_at,
        }
    }
}

/// The workspace's mail.
#[derive(Debug, Serialize, ToSchema)]
pub struct MailBody {
    channel: ChannelBody,
    /// Null while the workspace's own mail is not paused.
    paused: Option<PauseBody>,
    /// Messages that wait: queued, deferred and in hand.
    waiting: i64,
    /// Messages that never arrive.
    failed: i64,
    /// Receiving domains in trouble, the worst first.
    domains: Vec<DomainBody>,
    /// Newest first.
    items: Vec<QueuedBody>,
    next_cursor: Option<String>,
}

/// Which messages.
#[derive(Debug, Deserialize)]
pub struct Filter {
    state: Option<String>,
}

/// The mail channel's state and what of this workspace's mail waits or failed.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}/mail", tag = "Mail",
    params(("workspace" = String, Path, description = "Id or slug"),
        ("state" = Option<String>, Query, description = "queued, sending, deferred or failed"),
        ("limit" = Option<i64>, Query), ("cursor" = Option<String>, Query)), responses(
    (status = OK, body = MailBody), (status = FORBIDDEN, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)
))]
pub async fn get(
    Can(may): Can<ManageMail>,
    caller: Caller,
    State(app): State<App>,
    paging: Paging,
    Query(filter): Query<Filter>,
) -> Result<Json<MailBody>, Failed> {
    let page = paging.page::<String>()?;
    let page = store::paging::Page { limit: page.limit, after: page.after.as_deref().map(id).transpose()? };
    let state = filter.state.as_deref().map(state).transpose()?;
    let is_on = app.mail().is_some();
    let body = app.read(move |db, now| {
        let operates = operators::find(db, &caller.who)?.is_some();
        let counts = messages::counts(db, &may)?;
        let slice = messages::queue(db, &may, state, &page)?;
        let last = slice.rows.last().map(|row| row.id.to_string()).filter(|_| slice.more);
        Ok(MailBody {
            channel: ChannelBody::of(channel::get(db)?, is_on, operates),
            paused: messages::pause_of(db, &may)?
                .map(|pause| PauseBody { since: pause.paused_at, by: pause.paused_by }),
            waiting: counts.queued + counts.deferred + counts.sending,
            failed: counts.failed,
            domains: messages::troubles(db, &may, now.at - RECENT)?.into_iter().map(DomainBody::from).collect(),
            items: slice.rows.into_iter().map(QueuedBody::from).collect(),
            next_cursor: last.as_ref().map(Paging::cursor),
        })
    });
    Ok(Json(body.await?))
}

fn id(text: &str) -> Result<MessageId, app::Failure> {
    let why = "Take it from next_cursor of the page before.";
    text.parse().map_err(|_| app::Failure::invalid("cursor", "malformed", why))
}

/// One of the states a message of the queue can be in.
pub fn state(text: &str) -> Result<Delivery, app::Failure> {
    let why = "One of queued, sending, deferred and failed.";
    let state = text.parse().ok();
    let open = state
        .filter(|state| matches!(state, Delivery::Queued | Delivery::Sending | Delivery::Deferred | Delivery::Failed));
    open.ok_or_else(|| app::Failure::invalid("state", "unknown", why))
}

/// Pauses this workspace's mail: what waits stays queued, what is posted joins it.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/mail/pause", tag = "Mail",
    params(("workspace" = String, Path, description = "Id or slug")), responses(
    (status = NO_CONTENT), (status = FORBIDDEN, body = Problem)
))]
pub async fn pause(
    Can(may): Can<ManageMail>,
    client::From(from): client::From,
    State(app): State<App>,
) -> Result<StatusCode, Failed> {
    app.write(from.client, move |tx, now| outbox::pause(tx, &may, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lets this workspace's mail flow again. By an operator it also ends a pause that the channel made by itself.
#[utoipa::path(delete, path = "/api/v1/workspaces/{workspace}/mail/pause", tag = "Mail",
    params(("workspace" = String, Path, description = "Id or slug")), responses(
    (status = NO_CONTENT), (status = FORBIDDEN, body = Problem)
))]
pub async fn resume(
    Can(may): Can<ManageMail>,
    caller: Caller,
    client::From(from): client::From,
    State(app): State<App>,
) -> Result<StatusCode, Failed> {
    app.write(from.client, move |tx, now| outbox::resume(tx, &caller.who, &may, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How many messages were made due.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Retried {
    /// Deferred messages that are tried now.
    messages: usize,
}

/// Has this workspace's deferred messages tried now. Those that wait for their turn at an address, or for their
/// inviter, go on waiting.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/mail/retry", tag = "Mail",
    params(("Idempotency-Key" = Option<String>, Header),
        ("workspace" = String, Path, description = "Id or slug")), responses(
    (status = OK, body = Retried), (status = FORBIDDEN, body = Problem)
))]
pub async fn retry(
    Can(may): Can<ManageMail>,
    caller: Caller,
    client::From(from): client::From,
    State(app): State<App>,
    keyed: Keyed,
) -> Result<Json<Retried>, Failed> {
    let (verbs, asked) = (app.clone(), keyed.by(&caller.who));
    let retried = app.write(from.client, move |tx, now| {
        once(tx, verbs.vault(), asked.as_ref(), now, |tx| {
            Ok(Retried { messages: outbox::retry(tx, &caller.who, &may, now)? })
        })
    });
    Ok(Json(retried.await?))
}
