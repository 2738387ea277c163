//! The form that corrects an invitation's address.

use app::{App, Bad, Failure, invitations};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use db::Conn;
use domain::{
    access::{May, Membership},
    id::InvitationId,
};
use serde::Deserialize;

use super::{in_words, whose};
use crate::{
    api::invitations::{renewal::address, with},
    client,
    extract::{Can, Id},
    failed::Failed,
    pages::{
        form::{Form, faults, field},
        page::{Page, on},
        shell::Visit,
    },
    views::{
        frame::{Flash, Place},
        invitations::Correction,
        paths,
    },
};

/// The address as typed.
#[derive(Clone, Debug, Deserialize)]
pub struct Typed {
    #[serde(default)]
    address: String,
}

/// The form.
pub async fn show(
    Can(may): Can<Membership>,
    visit: Visit,
    State(app): State<App>,
    Id(id): Id<InvitationId>,
) -> Result<Response, Failed> {
    visit.shows(&app, move |app, db, visit, _| gathered(app, db, visit, &may, id, None, &[])).await
}

fn gathered(
    app: &App,
    db: &mut Conn,
    visit: &Visit,
    may: &May<Membership>,
    id: InvitationId,
    typed: Option<&Typed>,
    bad: &[Bad],
) -> Result<Correction, Failure> {
    let found = store::invitations::find(db, may, id)?.ok_or(Failure::Unknown)?;
    Ok(Correction {
        frame: visit.frame(app, db, may, Place::Users)?,
        id: id.to_string(),
        address: field("address", typed.map_or(&found.address, |typed| &typed.address), bad),
        words: found.delivery_detail.filter(|_| found.delivery.is_some_and(|delivery| !delivery.is_waiting())),
        mails: found.delivery.is_some() && app.mail().is_some(),
        former: found.address,
    })
}

/// Corrects it and goes on to the successor; or the form again, with what was typed and what is wrong with it.
pub async fn create(
    Can(may): Can<Membership>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<InvitationId>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failed> {
    let belongs = may.clone();
    let done = match address(&typed.address) {
        Ok(email) => {
            let verbs = app.clone();
            app.write(from.client, move |tx, now| invitations::correct(tx, with(&verbs), &may, id, &email, now)).await
        }
        Err(wrong) => Err(wrong),
    };
    match done {
        Ok(successor) => {
            let (_, former) = whose(&app, belongs.clone(), id).await?;
            let (slug, address) = whose(&app, belongs, successor).await?;
            let flash = Flash::InvitationCorrected { former, address };
            Ok(on(visit.jar, app.settings(), &paths::invitation(&slug, &successor.to_string()), &flash))
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
        faults(refused).or_else(|other| Ok::<_, Failure>(vec![Bad::new("address", "refused", in_words(other)?)]))?;
    let gather = app.clone();
    let view = app.read(move |db, _| gathered(&gather, db, &visit, &may, id, Some(&typed), &bad)).await?;
    Ok(Page::wrong(view).into_response())
}
