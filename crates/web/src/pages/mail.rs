//! Settings > Mail.

use app::{App, Failure, outbox, sessions::Browser};
use axum::{
    extract::{Query, State},
    response::Response,
};
use db::{Conn, Tx};
use domain::{
    access::{ManageMail, May, SignedIn},
    id::MessageId,
    invitation::Delivery,
    now::Now,
    time::{Time, days},
};
use serde::Deserialize;
use store::{
    channel,
    messages::{self, Queued, Trouble},
    operators,
    paging::Page as Rows,
    workspaces,
};

use super::{moment::moment, page::on, shell::Visit};
use crate::{
    client,
    extract::{Can, Paging},
    failed::Failed,
    views::{
        frame::{Flash, Place},
        mail::{Channel, DomainRow, Mail, Pause, QueuedRow, Waits},
        paths,
    },
};

/// Rows of a page.
const ROWS: i64 = 100;
/// For how long a refusal counts as trouble of its domain.
const RECENT: std::time::Duration = days(1);

/// Where the list goes on.
#[derive(Clone, Debug, Deserialize)]
pub struct Shown {
    after: Option<String>,
}

/// The page.
pub async fn show(
    Can(may): Can<ManageMail>,
    visit: Visit,
    State(app): State<App>,
    Query(shown): Query<Shown>,
) -> Result<Response, Failed> {
    visit.shows(&app, move |app, db, visit, now| view(app, db, visit, &may, &shown, now)).await
}

fn view(
    app: &App,
    db: &mut Conn,
    visit: &Visit,
    may: &May<ManageMail>,
    shown: &Shown,
    now: &Now,
) -> Result<Mail, Failure> {
    let frame = visit.frame(app, db, &may.member().may()?, Place::Mail)?;
    let after = Paging::after::<String>(shown.after.as_deref())?;
    let after = after.map(|id| id.parse::<MessageId>().map_err(|_| Failure::Unknown)).transpose()?;
    let slice = messages::queue(db, may, None, &Rows { limit: ROWS, after })?;
    let next = slice.rows.last().map(|row| row.id.to_string()).filter(|_| slice.more);
    let operates = operators::find(db, &visit.who)?.is_some();
    let (counts, pause) = (messages::counts(db, may)?, messages::pause_of(db, may)?);
    Ok(Mail {
        channel: channel_shown(&channel::get(db)?, app.mail().is_some(), operates, now.at),
        pause: pause.map(|pause| Pause { since: moment(pause.paused_at, now.at), by: pause.paused_by }),
        waiting: counts.queued + counts.deferred + counts.sending,
        deferred: counts.deferred,
        failed: counts.failed,
        domains: messages::troubles(db, may, now.at - RECENT)?.into_iter().map(domain).collect(),
        rows: slice.rows.into_iter().map(|row| queued(row, now.at)).collect(),
        more: next.map(|id| format!("{}?after={}", paths::mail(&frame.slug), Paging::cursor(&id))),
        frame,
    })
}

/// How the mail of the whole server is, in words for `operates` or for everybody else.
pub fn channel_shown(channel: &channel::Channel, is_on: bool, operates: bool, now: Time) -> Channel {
    match (channel.paused_at, channel.probe_at) {
        _ if !is_on => Channel::Off,
        (None, _) => Channel::Flowing,
        (Some(since), None) => Channel::ByHand { since: moment(since, now) },
        (Some(since), Some(probe_at)) => Channel::InTrouble {
            since: moment(since, now),
            next_try: moment(probe_at.max(now), now),
            words: channel.reason.clone().filter(|_| operates).unwrap_or_default(),
        },
    }
}

fn domain(row: Trouble) -> DomainRow {
    DomainRow { domain: row.domain, deferred: row.deferred, failed: row.failed, words: row.words.unwrap_or_default() }
}

fn queued(row: Queued, now: Time) -> QueuedRow {
    let words = row.detail.unwrap_or_default();
    let state = match row.state {
        Delivery::Sending => Waits::Sending,
        Delivery::Deferred => Waits::Deferred { next_try: moment(row.next_try_at.max(now), now), words },
        Delivery::Failed => Waits::Failed { words },
        _ => Waits::Queued,
    };
    QueuedRow { address: row.address, state, attempts: row.attempts, queued: moment(row.created_at, now) }
}

/// Pauses the workspace's mail.
pub async fn pause(
    Can(may): Can<ManageMail>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
) -> Result<Response, Failed> {
    done(app, visit, from, may, |tx, _, may, now| outbox::pause(tx, may, now).map(|()| Flash::MailPaused)).await
}

/// Lets it flow again.
pub async fn resume(
    Can(may): Can<ManageMail>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
) -> Result<Response, Failed> {
    done(app, visit, from, may, |tx, who, may, now| outbox::resume(tx, who, may, now).map(|()| Flash::MailResumed))
        .await
}

/// Has what waits tried now.
pub async fn retry(
    Can(may): Can<ManageMail>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
) -> Result<Response, Failed> {
    let tried = |messages| Flash::MailRetried { messages };
    done(app, visit, from, may, move |tx, who, may, now| outbox::retry(tx, who, may, now).map(tried)).await
}

/// Does it and goes back to the page, which says so.
async fn done(
    app: App,
    visit: Visit,
    from: Browser,
    may: May<ManageMail>,
    verb: impl Fn(&mut Tx, &SignedIn, &May<ManageMail>, &Now) -> Result<Flash, Failure> + Send + 'static,
) -> Result<Response, Failed> {
    let who = visit.who;
    let done = app.write(from.client, move |tx, now| {
        let flash = verb(tx, &who, &may, now)?;
        Ok((workspaces::of(tx, may.member())?.slug, flash))
    });
    let (slug, flash) = done.await?;
    Ok(on(visit.jar, app.settings(), &paths::mail(&slug), &flash))
}
