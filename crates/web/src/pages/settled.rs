//! What the pages of properties, fields and labels share: where they hold, and colours to choose from.

use app::{App, Failure};
use axum::response::Response;
use db::Conn;
use domain::{
    access::{May, Settle, Wanted},
    colour::Colour,
    project::ProjectState,
};

use super::{page::on, shell::Visit};
use crate::views::{
    frame::Flash,
    property::{Scope, Swatch},
};

/// Where settings under this proof hold.
pub fn scope<R>(db: &mut Conn, may: &May<R>) -> Result<Scope, Failure> {
    let Some(id) = may.project() else { return Ok(Scope::default()) };
    let project = store::projects::find(db, &may.member().visible(), id)?.ok_or(Failure::Unknown)?;
    let archived = project.state() == ProjectState::Archived;
    Ok(Scope { key: Some(project.key), name: project.name, archived })
}

/// The proof of who may settle things there, if the reader may.
pub fn settles<R>(may: &May<R>) -> Option<May<Settle>> {
    match may.facts() {
        Some(project) => may.member().may_in(project).ok(),
        None => may.member().may().ok(),
    }
}

/// The colours, one of them chosen.
pub fn swatches(chosen: Colour) -> Vec<Swatch> {
    Colour::all().map(|colour| Swatch { slug: colour.slug(), chosen: colour == chosen }).collect()
}

/// On to a page of the same scope.
pub async fn back<R: Wanted + Clone>(
    app: &App,
    visit: Visit,
    may: &May<R>,
    path: impl FnOnce(&str, Option<&str>) -> String,
    flash: &Flash,
) -> Result<Response, Failure> {
    let may = may.clone();
    let (slug, scope) =
        app.point(move |db, _| Ok((store::workspaces::of(db, may.member())?.slug, scope(db, &may)?))).await?;
    Ok(on(visit.jar, app.settings(), &path(&slug, scope.project()), flash))
}
