//! The form that edits an open invitation: Invite Team's role, projects and days, filled with what stands.

use app::{App, Bad, Failure, invitations};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use db::Conn;
use domain::{
    access::{InviteMembers, May, Membership},
    id::InvitationId,
    now::Now,
};

use super::{in_words, whose};
use crate::{
    client,
    extract::{Can, Id},
    failed::Failed,
    pages::{
        form::{Form, faults},
        invitations::{Typed, form},
        page::{Page, on},
        shell::Visit,
    },
    views::{
        frame::{Flash, Place},
        invitations::Editing,
        paths,
    },
};

/// The form.
pub async fn show(
    Can(may): Can<InviteMembers>,
    visit: Visit,
    State(app): State<App>,
    Id(id): Id<InvitationId>,
) -> Result<Response, Failed> {
    let (jar, gather) = (visit.jar.clone(), app.clone());
    let may: May<Membership> = may.member().may()?;
    let view = app.read(move |db, now| gathered(&gather, db, &visit, &may, id, (None, &[]), now)).await?;
    Ok((jar, Page::of(view)).into_response())
}

fn gathered(
    app: &App,
    db: &mut Conn,
    visit: &Visit,
    may: &May<Membership>,
    id: InvitationId,
    (typed, bad): (Option<&Typed>, &[Bad]),
    now: &Now,
) -> Result<Editing, Failure> {
    let found = store::invitations::find(db, may, id)?.ok_or(Failure::Unknown)?;
    let stands = Typed::standing(&found, &store::invitations::projects_seen(db, &may.member().visible(), &[id])?);
    Ok(Editing {
        frame: visit.frame(app, db, may, Place::Users)?,
        id: id.to_string(),
        refused: bad.iter().find(|bad| bad.field == REFUSED).map(|bad| bad.detail.clone()),
        form: typed.unwrap_or(&stands).fill(form(app, db, may, now)?, bad, None),
        mailed: found.delivery.is_some(),
        address: found.address,
    })
}

/// What is wrong with all of it.
const REFUSED: &str = "invitation";

/// Edits it and goes back to its page; or the form again, with what was typed and what is wrong with it.
pub async fn create(
    Can(may): Can<InviteMembers>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<InvitationId>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failed> {
    let belongs: May<Membership> = may.member().may()?;
    let done = match typed.edit() {
        Ok(edit) => app.write(from.client, move |tx, now| invitations::edit(tx, &may, id, &edit, now)).await,
        Err(wrong) => Err(wrong),
    };
    match done {
        Ok(()) => {
            let (slug, address) = whose(&app, belongs, id).await?;
            let page = paths::invitation(&slug, &id.to_string());
            Ok(on(visit.jar, app.settings(), &page, &Flash::InvitationChanged { address }))
        }
        Err(refused) => again(app, visit, belongs, id, typed, refused).await,
    }
}

async fn again(
    app: App,
    visit: Visit,
    may: May<Membership>,
    id: InvitationId,
    typed: Typed,
    refused: Failure,
) -> Result<Response, Failed> {
    let bad =
        faults(refused).or_else(|other| Ok::<_, Failure>(vec![Bad::new(REFUSED, "refused", in_words(other)?)]))?;
    let gather = app.clone();
    let view = app.read(move |db, now| gathered(&gather, db, &visit, &may, id, (Some(&typed), &bad), now)).await?;
    Ok(Page::wrong(view).into_response())
}
