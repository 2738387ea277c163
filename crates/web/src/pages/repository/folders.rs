//! Forms of folders. What is wrong is told on the page one comes back to.

use app::{
    App, Failure,
    folders::{self, Change, Place},
    trash,
};
use axum::{extract::State, response::Response};
use domain::{
    access::{DeleteCases, May, WriteCases},
    id::FolderId,
};
use serde::Deserialize;

use super::names;
use crate::{
    api::folders::named,
    client,
    extract::{CanIn, Id},
    failed::Failed,
    pages::{form::Form, page::on, shell::Visit},
    views::{frame::Flash, paths},
};

/// A new folder, or a new name.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    name: String,
    new_name: String,
    parent: String,
    back: String,
}

/// A folder to be laid down.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Move {
    id: String,
    into: String,
    back: String,
}

/// What is wrong, as a flash tells it; what is nobody's typing goes on as it is.
pub fn not_done(failure: Failure) -> Result<Flash, Failure> {
    match failure {
        Failure::Invalid(bad) => {
            Ok(Flash::NotDone { why: bad.into_iter().map(|bad| bad.detail).collect::<Vec<_>>().join(" ") })
        }
        Failure::Conflict { detail, .. } => Ok(Flash::NotDone { why: detail }),
        other => Err(other),
    }
}

/// Back to the page of the form, if it is one of this project.
pub async fn back_to<R: Send + Sync + 'static>(app: &App, may: May<R>, back: &str) -> Result<String, Failure> {
    let (slug, key) = app.point(move |db, _| names(db, &may)).await?;
    let own = paths::repository(&slug, &key);
    let rest = back.strip_prefix(&own).filter(|rest| rest.is_empty() || rest.starts_with('?'));
    Ok(rest.map_or(own.clone(), |rest| format!("{own}{rest}")))
}

fn id(text: &str) -> Result<Option<FolderId>, Failure> {
    if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(|_| Failure::Unknown) }
}

/// Makes a folder.
pub async fn create(
    CanIn(may): CanIn<WriteCases>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failed> {
    let (reads, place) = (may.clone(), Place { parent: id(&typed.parent)?, before: None });
    let made = match named(&typed.name) {
        Ok(name) => {
            let flash = Flash::FolderMade { name: name.as_str().to_owned() };
            let made = app.write(from.client, move |tx, now| folders::create(tx, &may, &name, place, now)).await;
            made.map(|_| flash)
        }
        Err(bad) => Err(bad),
    };
    let flash = made.or_else(not_done)?;
    Ok(on(visit.jar, app.settings(), &back_to(&app, reads, &typed.back).await?, &flash))
}

/// Renames a folder.
pub async fn update(
    CanIn(may): CanIn<WriteCases>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<FolderId>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failed> {
    let reads = may.clone();
    let done = match named(&typed.new_name) {
        Ok(name) => {
            let flash = Flash::FolderRenamed { name: name.as_str().to_owned() };
            let change = Change { name: Some(name), place: None };
            app.write(from.client, move |tx, now| folders::change(tx, &may, id, &change, now)).await.map(|()| flash)
        }
        Err(bad) => Err(bad),
    };
    let flash = done.or_else(not_done)?;
    Ok(on(visit.jar, app.settings(), &back_to(&app, reads, &typed.back).await?, &flash))
}

/// Moves a folder to the end of another.
pub async fn lay_down(
    CanIn(may): CanIn<WriteCases>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(typed): Form<Move>,
) -> Result<Response, Failed> {
    let (reads, moved) = (may.clone(), id(&typed.id)?.ok_or(Failure::Unknown)?);
    let place = Place { parent: id(&typed.into)?, before: None };
    let done = app.write(from.client, move |tx, now| {
        folders::change(tx, &may, moved, &Change { name: None, place: Some(place) }, now)?;
        let tree = store::folders::tree(tx, &may)?;
        Ok(tree.find(moved).map(|folder| folder.row.name.clone()).unwrap_or_default())
    });
    let flash = done.await.map(|name| Flash::FolderMoved { name }).or_else(not_done)?;
    Ok(on(visit.jar, app.settings(), &back_to(&app, reads, &typed.back).await?, &flash))
}

/// Puts a folder into the trash and shows the project.
pub async fn delete(
    CanIn(may): CanIn<DeleteCases>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<FolderId>,
) -> Result<Response, Failed> {
    let reads = may.clone();
    let done = app.write(from.client, move |tx, now| trash::delete_folder(tx, &may, id, now)).await?;
    let (slug, key) = app.point(move |db, _| names(db, &reads)).await?;
    let (page, act) = (paths::repository(&slug, &key), done.act.to_string());
    let flash = Flash::Trashed { folder: Some(done.name), cases: done.cases, workspace: slug, project: key, act };
    Ok(on(visit.jar, app.settings(), &page, &flash))
}
