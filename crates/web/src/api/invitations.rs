//! Invitations: send, look through, copy a link, take back.

mod batch;
mod body;
pub mod editing;
pub mod renewal;

use app::{
    App, Failure,
    answers::once,
    invitations::{self, Batch, invite::With, quota},
};
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use domain::{
    access::{InviteMembers, May, Membership},
    id::InvitationId,
    invitation::State as Where,
    now::Now,
};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use store::invitations::Which;
use utoipa::ToSchema;

pub use batch::{BatchBody, Recipients, WantedText};
pub use body::{InvitationBody, Preview, ResultBody, Results, WantedRoleBody};

use super::list::List;
use crate::{
    client,
    extract::{Body, Caller, Can, Id, Keyed, Paging, Query},
    failed::Failed,
    problem::Problem,
};

/// What sending needs of the app.
pub fn with(app: &App) -> With<'_> {
    let settings = app.settings();
    let per_day = settings.rate_limits.then_some(&settings.per_day);
    With { vault: app.vault(), per_day, mail: app.mail().is_some() }
}

/// What would become of each address, what adds nothing, and what the day has left. Writes nothing.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/invitations/preview", tag = "Invitations",
    params(("workspace" = String, Path, description = "Id or slug")), request_body = BatchBody,
    responses((status = OK, body = Preview), (status = FORBIDDEN, body = Problem), (status = CONFLICT, body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Problem)))]
pub async fn preview(
    Can(may): Can<InviteMembers>,
    State(app): State<App>,
    body: Body<BatchBody>,
) -> Result<Json<Preview>, Failed> {
    Ok(Json(foreseen(&app, may, body.value.parse()?).await?))
}

/// The dry run, for the API and for the page.
pub async fn foreseen(app: &App, may: May<InviteMembers>, batch: Batch) -> Result<Preview, Failure> {
    let verbs = app.clone();
    let seen = app.read(move |db, now| {
        let sent = invitations::preview(db, &may, &batch, now)?;
        let per_day = with(&verbs).per_day;
        let left = per_day.map(|per_day| quota::left(db, &may, per_day, now)).transpose()?;
        Ok(Preview::of(sent, left))
    });
    seen.await
}

/// Invites the good addresses and says of each what became of it, in the order they came.
///
/// One rule: good rows go, bad rows are reported. 422 with the same results when no row could be invited; over a limit
/// nothing is written.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/invitations", tag = "Invitations",
    params(("Idempotency-Key" = Option<String>, Header),
        ("workspace" = String, Path, description = "Id or slug")), request_body = BatchBody,
    responses((status = CREATED, body = Results), (status = FORBIDDEN, body = Problem), (status = CONFLICT, body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Problem), (status = TOO_MANY_REQUESTS, body = Problem)))]
pub async fn create(
    Can(may): Can<InviteMembers>,
    caller: Caller,
    client::From(from): client::From,
    State(app): State<App>,
    body: Body<BatchBody>,
) -> Result<Response, Failed> {
    let (batch, asked, verbs) = (body.value.parse()?, body.keyed.by(&caller.who), app.clone());
    let results = app.write(from.client, move |tx, now| {
        once(tx, verbs.vault(), asked.as_ref(), now, |tx| {
            Ok(Results::of(invitations::invite(tx, with(&verbs), &may, &batch, now)?))
        })
    });
    let results = results.await?;
    Ok(if results.any_invited() {
        (StatusCode::CREATED, Json(results)).into_response()
    } else {
        none(&results).into_response()
    })
}

/// No row could be invited; the results say why.
fn none(results: &Results) -> Problem {
    let detail = "None of these addresses could be invited. Each says why.";
    let mut problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "none_invited", detail);
    problem.add("results", serde_json::json!(results.results));
    problem
}

/// Which invitations.
#[derive(Debug, Deserialize)]
pub struct Filter {
    state: Option<String>,
}

impl Filter {
    fn which(&self) -> Result<Which, Failure> {
        let unknown = |_| Failure::invalid("state", "unknown_state", "Not a state of invitations.");
        match self.state.as_deref() {
            None | Some("") => Ok(Which::All),
            Some("open") => Ok(Which::Open),
            Some(state) => Ok(Which::In(state.parse::<Where>().map_err(unknown)?)),
        }
    }
}

/// Invitations, newest first: all of them for those who invite or manage members, one's own for others.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}/invitations", tag = "Invitations",
    params(("workspace" = String, Path, description = "Id or slug"), ("state" = Option<String>, Query, description = "`open`, or a state of invitations"),
        ("limit" = Option<i64>, Query), ("cursor" = Option<String>, Query)),
    responses((status = OK, body = List<InvitationBody>), (status = NOT_FOUND, body = Problem)))]
pub async fn list(
    Can(may): Can<Membership>,
    Query(filter): Query<Filter>,
    paging: Paging,
    State(app): State<App>,
) -> Result<Json<List<InvitationBody>>, Failed> {
    let (which, page) = (filter.which()?, paging.page()?);
    let list = app.read(move |db, now| {
        let slice = store::invitations::list(db, &may, which, &page, now.at)?;
        let next_cursor = slice.rows.last().filter(|_| slice.more).map(|row| Paging::cursor(&row.id));
        Ok(List { items: InvitationBody::all(db, may.member(), slice.rows, now)?, next_cursor })
    });
    Ok(Json(list.await?))
}

/// One invitation, with the whole way of its mails.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}/invitations/{id}", tag = "Invitations",
    params(("workspace" = String, Path, description = "Id or slug"), ("id" = String, Path)),
    responses((status = OK, body = InvitationBody), (status = NOT_FOUND, body = Problem)))]
pub async fn get(
    Can(may): Can<Membership>,
    State(app): State<App>,
    Id(id): Id<InvitationId>,
) -> Result<Json<InvitationBody>, Failed> {
    let one = app.read(move |db, now: &Now| {
        let row = store::invitations::find(db, &may, id)?.ok_or(Failure::Unknown)?;
        let bodies = InvitationBody::all(db, may.member(), vec![row], now)?;
        bodies.into_iter().next().ok_or(Failure::Unknown)
    });
    Ok(Json(one.await?))
}

/// Takes an invitation back and withdraws its mail. A second time is a conflict, not silence.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/invitations/{id}/revocation", tag = "Invitations",
    params(("workspace" = String, Path, description = "Id or slug"), ("id" = String, Path)),
    responses((status = NO_CONTENT), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem), (status = CONFLICT, body = Problem)))]
pub async fn revoke(
    Can(may): Can<Membership>,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<InvitationId>,
) -> Result<StatusCode, Failed> {
    app.write(from.client, move |tx, now| invitations::revoke(tx, &may, id, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A link to hand over by other ways.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Link {
    /// Shown in this one answer. An earlier copied link dies, the mailed one lives on.
    url: String,
}

/// Makes a link to copy.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/invitations/{id}/link", tag = "Invitations",
    params(("Idempotency-Key" = Option<String>, Header),
        ("workspace" = String, Path, description = "Id or slug"), ("id" = String, Path)),
    responses((status = OK, body = Link), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem), (status = CONFLICT, body = Problem)))]
pub async fn link(
    Can(may): Can<InviteMembers>,
    caller: Caller,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<InvitationId>,
    keyed: Keyed,
) -> Result<Json<Link>, Failed> {
    let (asked, verbs) = (keyed.secretly_by(&caller.who), app.clone());
    let link = app.write(from.client, move |tx, now| {
        once(tx, verbs.vault(), asked.as_ref(), now, |tx| {
            let (_, token) = invitations::copy_link(tx, &may, id, now)?;
            Ok(Link { url: verbs.settings().link(&format!("/join/{}", token.reveal())) })
        })
    });
    Ok(Json(link.await?))
}
