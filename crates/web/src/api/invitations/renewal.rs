//! Resend, correct the address, sponsor: what keeps an invitation alive.

use app::{
    App, Failure,
    answers::once,
    invitations::{correct as correct_address, resend as send_again, sponsor as take_over},
};
use axum::{Json, extract::State};
use db::Conn;
use domain::{
    access::{InviteMembers, May, Membership},
    email::Email,
    id::InvitationId,
    now::Now,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{InvitationBody, with};
use crate::{
    client,
    extract::{Body, Caller, Can, Id, Keyed},
    failed::Failed,
    problem::Problem,
};

/// Sends the mail again with a new link; the mailed one before answers 410. The end counts anew.
///
/// An expired invitation gets a successor with the same grants, which is the answer; both name each other. Counts
/// against the day's quotas. On hold it is refused with `invitation_on_hold`.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/invitations/{id}/resending", tag = "Invitations",
    params(("Idempotency-Key" = Option<String>, Header),
        ("workspace" = String, Path, description = "Id or slug"), ("id" = String, Path)),
    responses((status = OK, body = InvitationBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, body = Problem), (status = TOO_MANY_REQUESTS, body = Problem)))]
pub async fn resend(
    Can(may): Can<InviteMembers>,
    caller: Caller,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<InvitationId>,
    keyed: Keyed,
) -> Result<Json<InvitationBody>, Failed> {
    let (asked, verbs) = (keyed.by(&caller.who), app.clone());
    let sent = app.write(from.client, move |tx, now| {
        let id = once(tx, verbs.vault(), asked.as_ref(), now, |tx| send_again(tx, with(&verbs), &may, id, now))?;
        body(tx, &may, id, now)
    });
    Ok(Json(sent.await?))
}

/// The right address.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectionBody {
    /// Where the invitation should have gone.
    #[schema(example = "lea@example.com")]
    address: String,
}

/// Corrects the address: revokes the open invitation and makes a successor with the same grants, name and message.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/invitations/{id}/correction", tag = "Invitations",
    params(("Idempotency-Key" = Option<String>, Header),
        ("workspace" = String, Path, description = "Id or slug"), ("id" = String, Path)), request_body = CorrectionBody,
    responses((status = OK, body = InvitationBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem), (status = TOO_MANY_REQUESTS, body = Problem)))]
pub async fn correct(
    Can(may): Can<Membership>,
    caller: Caller,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<InvitationId>,
    body: Body<CorrectionBody>,
) -> Result<Json<InvitationBody>, Failed> {
    let (email, asked, verbs) = (address(&body.value.address)?, body.keyed.by(&caller.who), app.clone());
    let corrected = app.write(from.client, move |tx, now| {
        let successor = once(tx, verbs.vault(), asked.as_ref(), now, |tx| {
            correct_address(tx, with(&verbs), &may, id, &email, now)
        })?;
        self::body(tx, &may, successor, now)
    });
    Ok(Json(corrected.await?))
}

/// An address as somebody typed it; a name may stand with it.
pub fn address(text: &str) -> Result<Email, Failure> {
    let read = domain::email::read_row(text).email;
    read.map_err(|bad| {
        let meant = bad.suggestion.as_ref().map(|meant| format!(" Did you mean {meant}?")).unwrap_or_default();
        Failure::invalid("address", bad.reason.code(), format!("{bad}.{meant}"))
    })
}

/// Takes an invitation on hold over: the caller is its inviter from now on, and its link works again.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/invitations/{id}/sponsorship", tag = "Invitations",
    params(("workspace" = String, Path, description = "Id or slug"), ("id" = String, Path)),
    responses((status = OK, body = InvitationBody), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, body = Problem)))]
pub async fn sponsor(
    Can(may): Can<InviteMembers>,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<InvitationId>,
) -> Result<Json<InvitationBody>, Failed> {
    let sponsored = app.write(from.client, move |tx, now| {
        take_over(tx, &may, id, now)?;
        body(tx, &may, id, now)
    });
    Ok(Json(sponsored.await?))
}

/// An invitation as the caller sees it.
pub(super) fn body<R>(db: &mut Conn, may: &May<R>, id: InvitationId, now: &Now) -> Result<InvitationBody, Failure> {
    let row = store::invitations::find(db, &may.member().may()?, id)?.ok_or(Failure::Unknown)?;
    InvitationBody::all(db, may.member(), vec![row], now)?.pop().ok_or(Failure::Unknown)
}
