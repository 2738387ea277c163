//! A project into the archive, into the trash and back; and one's favourites.

use std::sync::Arc;

use app::{
    App, Failure,
    projects::{marks, trash},
};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use domain::access::{ManageProject, May, Read, RestoreProject, Wanted};
use serde::Deserialize;
use store::projects::Project;

use super::{
    super::{
        form::{Form, faults, field},
        page::{Page, on},
        sessions::safe,
        shell::Visit,
    },
    one,
};
use crate::{
    client,
    extract::CanIn,
    failed::Failed,
    views::{frame::Flash, paths},
};

/// What was typed to delete the project.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Confirmed {
    #[serde(default)]
    confirm: String,
}

/// Whether it is to be a favourite, and the page to go back to.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Favourite {
    #[serde(default)]
    favourite: bool,
    #[serde(default)]
    next: String,
}

/// Archives the project.
pub async fn archive(
    CanIn(may): CanIn<ManageProject>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
) -> Result<Response, Failed> {
    let proof = may.clone();
    let project = app.write(from.client, move |tx, now| trash::archive(tx, &may, now)).await?;
    back(&app, visit, &proof, &project, &Flash::ProjectArchived { name: project.name.clone() }).await
}

/// Reopens the project.
pub async fn reopen(
    CanIn(may): CanIn<ManageProject>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
) -> Result<Response, Failed> {
    let proof = may.clone();
    let project = app.write(from.client, move |tx, now| trash::reopen(tx, &may, now)).await?;
    back(&app, visit, &proof, &project, &Flash::ProjectReopened { name: project.name.clone() }).await
}

/// Puts the project into the trash.
pub async fn delete(
    CanIn(may): CanIn<ManageProject>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(typed): Form<Confirmed>,
) -> Result<Response, Failed> {
    let (proof, confirm) = (may.clone(), typed.confirm.clone());
    match app.write(from.client, move |tx, now| trash::delete(tx, &may, &confirm, now)).await {
        Ok(project) => {
            let slug = slug(&app, &proof).await?;
            Ok(on(visit.jar, app.settings(), &paths::projects(&slug), &Flash::ProjectDeleted { name: project.name }))
        }
        Err(wrong) => {
            let confirm = field("confirm", &typed.confirm, &faults(wrong)?);
            let typed = one::Again { confirm: Some(confirm), ..one::Again::default() };
            let gather = app.clone();
            let view = app.read(move |db, _| one::gathered(&gather, db, &visit, &proof, &one::Asked::default(), typed));
            Ok(Page::wrong(view.await?).into_response())
        }
    }
}

/// Takes the project out of the trash.
pub async fn restore(
    CanIn(may): CanIn<RestoreProject>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
) -> Result<Response, Failed> {
    let proof = may.clone();
    let project = app.write(from.client, move |tx, now| trash::restore(tx, &may, now)).await?;
    back(&app, visit, &proof, &project, &Flash::ProjectRestored { name: project.name.clone() }).await
}

/// Makes the project a favourite, or no more.
pub async fn mark(
    CanIn(may): CanIn<Read>,
    client::From(from): client::From,
    State(app): State<App>,
    Form(typed): Form<Favourite>,
) -> Result<Response, Failed> {
    app.write(from.client, move |tx, now| marks::mark(tx, &may, typed.favourite, now)).await?;
    Ok(Redirect::to(safe(&typed.next)).into_response())
}

async fn back<R: Wanted>(
    app: &App,
    visit: Visit,
    proof: &May<R>,
    project: &Project,
    flash: &Flash,
) -> Result<Response, Failed> {
    let slug = slug(app, proof).await?;
    Ok(on(visit.jar, app.settings(), &paths::project(&slug, &project.key), flash))
}

async fn slug<R: Wanted>(app: &App, proof: &May<R>) -> Result<String, Failure> {
    let member = Arc::clone(proof.member());
    Ok(app.point(move |db, _| Ok(store::workspaces::of(db, &member)?)).await?.slug)
}
