//! Forms of the list: the next case by its title, and what is done to those selected.

use app::{
    App, Bad, Failure,
    cases::{self, NewCase},
    moves, trash,
};
use axum::{
    extract::{Query, State},
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    access::{DeleteCases, WriteCases},
    id::{CaseId, FolderId},
    title::CaseTitle,
};
use http::Uri;
use serde::Deserialize;

use super::{
    Besides,
    folders::{back_to, not_done},
    gathered, names,
};
use crate::{
    api::case_list::Asked,
    client,
    extract::CanIn,
    failed::Failed,
    pages::{
        form::{Form, faults, field},
        page::{Page, on},
        shell::Visit,
    },
    views::frame::Flash,
};

/// A title, and where the case is to lie.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Line {
    title: String,
    folder: String,
    back: String,
}

/// Cases that were selected, and where they go.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Chosen {
    case: Vec<String>,
    into: String,
    back: String,
}

impl Chosen {
    fn ids(&self) -> Vec<CaseId> {
        self.case.iter().filter_map(|id| id.parse().ok()).collect()
    }
}

/// Writes the next case; the page comes back with the line empty and ready for another.
pub async fn create(
    CanIn(may): CanIn<WriteCases>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(line): Form<Line>,
) -> Result<Response, Failed> {
    let reads = may.clone();
    let folder = line.folder.parse::<FolderId>().ok();
    let made = match CaseTitle::parse(&line.title) {
        Ok(title) => {
            let new = NewCase { folder, title, sets: Vec::new(), values: serde_json::Map::new() };
            app.write(from.client, move |tx, now| cases::create(tx, &may, &new, now).map(drop)).await
        }
        Err(bad) => Err(Failure::Invalid(vec![Bad::new("title", bad.code(), format!("{bad}."))])),
    };
    let back = back_to(&app, reads.clone(), &line.back).await?;
    let Err(wrong) = made else { return Ok((visit.jar, Redirect::to(&ready(&back))).into_response()) };
    let bad = faults(wrong)?;
    // A field that must have a value has no place on the line.
    let bad: Vec<Bad> = bad.into_iter().map(as_title).collect();
    let uri: Uri = back.parse().unwrap_or_else(|_| Uri::from_static("/"));
    let asked = Query::<Asked>::try_from_uri(&uri).map(|Query(asked)| asked).unwrap_or_default();
    let typed = field("title", &line.title, &bad);
    let gather = app.clone();
    let view = app.read(move |db, now| gathered(&gather, db, &visit, &reads, &asked, &Besides::default(), typed, now));
    Ok(Page::wrong(view.await?).into_response())
}

fn as_title(bad: Bad) -> Bad {
    if !bad.field.starts_with("fields.") {
        return bad;
    }
    Bad::new("title", bad.code, format!("{} Write the case with Whole form.", bad.detail))
}

/// The page with the line ready for the next case.
fn ready(back: &str) -> String {
    match back {
        back if back.contains("added=1") => back.to_owned(),
        back if back.contains('?') => format!("{back}&added=1"),
        back => format!("{back}?added=1"),
    }
}

/// Shows the page with the selected cases taken up: they go where they are laid down.
pub async fn take_up(
    CanIn(may): CanIn<WriteCases>,
    visit: Visit,
    State(app): State<App>,
    Form(chosen): Form<Chosen>,
) -> Result<Response, Failed> {
    let back = back_to(&app, may, &chosen.back).await?;
    let ids: Vec<String> = chosen.ids().iter().take(100).map(ToString::to_string).collect();
    if ids.is_empty() {
        return Ok(on(visit.jar, app.settings(), &back, &Flash::NothingChosen));
    }
    let joint = if back.contains('?') { '&' } else { '?' };
    Ok((visit.jar, Redirect::to(&format!("{back}{joint}moving={}", ids.join(",")))).into_response())
}

/// Moves cases to the end of a folder.
pub async fn lay_down(
    CanIn(may): CanIn<WriteCases>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(chosen): Form<Chosen>,
) -> Result<Response, Failed> {
    let (reads, named) = (may.clone(), may.clone());
    let (ids, into) = (chosen.ids(), chosen.into.parse::<FolderId>().ok());
    let done = app.write(from.client, move |tx, now| moves::move_cases(tx, &may, &ids, into, None, now)).await;
    let back = back_to(&app, reads, &chosen.back).await?;
    let (slug, key) = app.point(move |db, _| names(db, &named)).await?;
    let told = |moved: moves::Moved| Flash::CasesMoved {
        moved: moved.moved,
        skipped: moved.skipped,
        into: moved.name,
        workspace: slug,
        project: key,
        change: moved.set.to_string(),
        back: back.clone(),
    };
    let flash = done.map(told).or_else(not_done)?;
    Ok(on(visit.jar, app.settings(), &back, &flash))
}

/// Puts cases into the trash.
pub async fn delete(
    CanIn(may): CanIn<DeleteCases>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(chosen): Form<Chosen>,
) -> Result<Response, Failed> {
    let (reads, named, ids) = (may.clone(), may.clone(), chosen.ids());
    let back = back_to(&app, reads, &chosen.back).await?;
    if ids.is_empty() {
        return Ok(on(visit.jar, app.settings(), &back, &Flash::NothingChosen));
    }
    let done = app.write(from.client, move |tx, now| trash::delete_cases(tx, &may, &ids, now)).await?;
    let (workspace, project) = app.point(move |db, _| names(db, &named)).await?;
    let flash = Flash::Trashed { folder: None, cases: done.cases, workspace, project, act: done.act.to_string() };
    Ok(on(visit.jar, app.settings(), &back, &flash))
}
