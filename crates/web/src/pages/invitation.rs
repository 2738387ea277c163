//! One invitation: its page with all that happened, and what is done with it from there or from its row.

pub mod chosen;
pub mod correction;
pub mod editing;
pub mod rows;

use app::{App, Failure, invitations};
use axum::{extract::State, response::Response};
use db::Conn;
use domain::{
    access::{InviteMembers, May, Membership},
    id::InvitationId,
    invitation::Delivery,
    now::Now,
};
use store::messages;

use super::{
    moment::{exact, moment},
    page::on,
    shell::Visit,
};
use crate::{
    api::invitations::with,
    client,
    extract::{Can, Id},
    failed::Failed,
    views::{
        frame::{Flash, Place},
        invitations::{InvitationPage, Kin, Mail, Stage, Step},
        paths,
    },
};

/// The page.
pub async fn show(
    Can(may): Can<Membership>,
    visit: Visit,
    State(app): State<App>,
    Id(id): Id<InvitationId>,
) -> Result<Response, Failed> {
    visit.shows(&app, move |app, db, visit, now| gathered(app, db, visit, &may, id, now)).await
}

fn gathered(
    app: &App,
    db: &mut Conn,
    visit: &Visit,
    may: &May<Membership>,
    id: InvitationId,
    now: &Now,
) -> Result<InvitationPage, Failure> {
    let one = store::invitations::find(db, may, id)?.ok_or(Failure::Unknown)?;
    let row = rows::of(db, may, vec![one.clone()], now)?.pop().ok_or(Failure::Unknown)?;
    Ok(InvitationPage {
        frame: visit.frame(app, db, may, Place::Users)?,
        row,
        created: moment(one.created_at, now.at),
        predecessor: kin(db, may, one.predecessor, now)?,
        successor: kin(db, may, one.successor, now)?,
        mails: mails(&messages::timeline(db, id)?),
        message: one.message,
    })
}

fn kin(db: &mut Conn, may: &May<Membership>, id: Option<InvitationId>, now: &Now) -> Result<Option<Kin>, Failure> {
    let Some(id) = id else { return Ok(None) };
    let found = store::invitations::find(db, may, id)?;
    Ok(found.map(|one| Kin { id: id.to_string(), address: one.address, created: moment(one.created_at, now.at) }))
}

fn mails(steps: &[messages::Step]) -> Vec<Mail> {
    let mut mails: Vec<Mail> = Vec::new();
    for step in steps {
        if mails.last().is_none_or(|mail| mail.number != step.send) {
            mails.push(Mail { number: step.send, steps: Vec::new() });
        }
        if let (Some(mail), Some(what)) = (mails.last_mut(), stage(step.state)) {
            mail.steps.push(Step { at: exact(step.at), what, words: step.detail.clone().unwrap_or_default() });
        }
    }
    mails.reverse();
    mails
}

fn stage(state: Delivery) -> Option<Stage> {
    Some(match state {
        Delivery::None => return None,
        Delivery::Queued => Stage::Queued,
        Delivery::Sending => Stage::Sending,
        Delivery::Sent => Stage::Sent,
        Delivery::Deferred => Stage::Deferred,
        Delivery::Failed => Stage::Failed,
        Delivery::Bounced => Stage::Bounced,
        Delivery::Suppressed => Stage::Suppressed,
        Delivery::Withdrawn => Stage::Withdrawn,
    })
}

/// Sends it again and goes on to the one whose link works now.
pub async fn resend(
    Can(may): Can<InviteMembers>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<InvitationId>,
) -> Result<Response, Failed> {
    let (belongs, verbs): (May<Membership>, _) = (may.member().may()?, app.clone());
    let sent = app.write(from.client, move |tx, now| invitations::resend(tx, with(&verbs), &may, id, now)).await;
    let mailed = app.mail().is_some();
    told(&app, visit, belongs, id, sent, |address| Flash::InvitationResent { address, mailed }).await
}

/// Takes it over as its inviter.
pub async fn sponsor(
    Can(may): Can<InviteMembers>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<InvitationId>,
) -> Result<Response, Failed> {
    let belongs: May<Membership> = may.member().may()?;
    let done = app.write(from.client, move |tx, now| invitations::sponsor(tx, &may, id, now).map(|()| id)).await;
    told(&app, visit, belongs, id, done, |address| Flash::InvitationSponsored { address }).await
}

/// On to the invitation's page, which tells what was done, or why not.
async fn told(
    app: &App,
    visit: Visit,
    may: May<Membership>,
    id: InvitationId,
    done: Result<InvitationId, Failure>,
    flash: impl FnOnce(String) -> Flash,
) -> Result<Response, Failed> {
    let (id, why) = match done {
        Ok(id) => (id, None),
        Err(refused) => (id, Some(in_words(refused)?)),
    };
    let (slug, address) = whose(app, may, id).await?;
    let flash = match why {
        None => flash(address),
        Some(why) => Flash::InvitationKept { address, why },
    };
    Ok(on(visit.jar, app.settings(), &paths::invitation(&slug, &id.to_string()), &flash))
}

/// Why nothing was done, where the page can go on; other failures have pages of their own.
pub fn in_words(refused: Failure) -> Result<String, Failure> {
    match refused {
        Failure::Conflict { .. } | Failure::Forbidden { .. } | Failure::OverQuota { .. } => Ok(refused.to_string()),
        other => Err(other),
    }
}

/// The workspace's slug and the address.
pub async fn whose(app: &App, may: May<Membership>, id: InvitationId) -> Result<(String, String), Failure> {
    app.point(move |db, _| {
        let found = store::invitations::find(db, &may, id)?.ok_or(Failure::Unknown)?;
        Ok((store::workspaces::of(db, may.member())?.slug, found.address))
    })
    .await
}
