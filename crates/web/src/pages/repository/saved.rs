//! Forms of saved views.

use app::{App, saved_views};
use axum::{
    extract::{Query, State},
    response::Response,
};
use domain::{
    access::{Read, WriteCases},
    id::ViewId,
};
use http::Uri;
use serde::Deserialize;

use super::folders::{back_to, not_done};
use crate::{
    api::{
        case_list::Asked,
        saved_views::{name_of, query_of},
    },
    client,
    extract::{CanIn, Id},
    failed::Failed,
    pages::{form::Form, page::on, shell::Visit},
    views::frame::Flash,
};

/// A name, and the list to be saved under it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    name: String,
    back: String,
}

/// The words of a list in the address of its page.
fn asked(back: &str) -> Asked {
    let uri: Uri = back.parse().unwrap_or_else(|_| Uri::from_static("/"));
    Query::<Asked>::try_from_uri(&uri).map(|Query(asked)| asked).unwrap_or_default()
}

/// Saves the list for oneself.
pub async fn save(
    CanIn(may): CanIn<Read>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failed> {
    let reads = may.clone();
    let asked = asked(&typed.back);
    let done = match name_of(&typed.name) {
        Ok(name) => {
            let verb = move |tx: &mut db::Tx, now: &domain::now::Now| {
                let query = query_of(tx, &may, &asked)?;
                saved_views::save(tx, &may, &name, &query, now)
            };
            app.write(from.client, verb).await
        }
        Err(wrong) => Err(wrong),
    };
    let flash = done.map(|view| Flash::ViewSaved { name: view.name }).or_else(not_done)?;
    Ok(on(visit.jar, app.settings(), &back_to(&app, reads, &typed.back).await?, &flash))
}

/// Saves the list for everybody on the project.
pub async fn share(
    CanIn(may): CanIn<WriteCases>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failed> {
    let reads = may.clone();
    let asked = asked(&typed.back);
    let done = match name_of(&typed.name) {
        Ok(name) => {
            let verb = move |tx: &mut db::Tx, now: &domain::now::Now| {
                let query = query_of(tx, &may, &asked)?;
                saved_views::share(tx, &may, &name, &query, now)
            };
            app.write(from.client, verb).await
        }
        Err(wrong) => Err(wrong),
    };
    let flash = done.map(|view| Flash::ViewSaved { name: view.name }).or_else(not_done)?;
    Ok(on(visit.jar, app.settings(), &back_to(&app, reads, &typed.back).await?, &flash))
}

/// Deletes one's own.
pub async fn delete(
    CanIn(may): CanIn<Read>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<ViewId>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failed> {
    let reads = may.clone();
    app.write(from.client, move |tx, now| saved_views::delete(tx, &may, id, now)).await?;
    Ok(on(visit.jar, app.settings(), &back_to(&app, reads, &typed.back).await?, &Flash::ViewDeleted))
}

/// Deletes everybody's.
pub async fn unshare(
    CanIn(may): CanIn<WriteCases>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<ViewId>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failed> {
    let reads = may.clone();
    app.write(from.client, move |tx, now| saved_views::unshare(tx, &may, id, now)).await?;
    Ok(on(visit.jar, app.settings(), &back_to(&app, reads, &typed.back).await?, &Flash::ViewDeleted))
}
