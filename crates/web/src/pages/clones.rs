//! Cloning those selected: whereto, and done.

use app::{App, Failure, clones};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use db::Conn;
use domain::{
    access::{May, Read, Right, WriteCases},
    folder::Folder,
    id::{CaseId, FolderId},
};
use serde::Deserialize;

use super::{
    form::Form,
    page::{Page, on},
    repository::{
        folders::{back_to, not_done},
        names,
    },
    shell::Visit,
};
use crate::{
    api::clones::project,
    client,
    extract::CanIn,
    failed::Failed,
    views::{
        clones::CloneForm,
        frame::{Flash, Place},
        parts::Choice,
        paths,
    },
};

/// Which cases, and whereto.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    case: Vec<String>,
    /// The key of the project that gets the clones.
    project: String,
    /// A folder of this project.
    folder: String,
    back: String,
}

/// Asks whereto.
pub async fn ask(
    CanIn(may): CanIn<Read>,
    visit: Visit,
    State(app): State<App>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failed> {
    if typed.case.is_empty() {
        let back = back_to(&app, may, &typed.back).await?;
        return Ok(on(visit.jar, app.settings(), &back, &Flash::NothingChosen));
    }
    let (jar, gather) = (visit.jar.clone(), app.clone());
    let view = app.read(move |db, _| gathered(&gather, db, &visit, &may, &typed));
    Ok((jar, Page::of(view.await?)).into_response())
}

/// Clones them.
pub async fn clone(
    CanIn(may): CanIn<Read>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failed> {
    let (reads, back) = (may.clone(), typed.back.clone());
    let ids: Vec<CaseId> = typed.case.iter().filter_map(|id| id.parse().ok()).collect();
    if ids.is_empty() {
        let back = back_to(&app, may, &back).await?;
        return Ok(on(visit.jar, app.settings(), &back, &Flash::NothingChosen));
    }
    let done = app.write(from.client, move |tx, now| {
        let unknown = || Failure::invalid("project", "unknown", "There is no such project.");
        let target = project(tx, &may, &typed.project)?.ok_or_else(unknown)?;
        let into: May<WriteCases> = may.member().may_in(target.facts())?;
        // Folders are offered of this project alone.
        let folder = typed.folder.parse::<FolderId>().ok().filter(|_| may.project() == Some(target.id));
        Ok((clones::clone_cases(tx, &may, &into, &ids, folder, now)?, target))
    });
    let done = done.await;
    let back = back_to(&app, reads.clone(), &back).await?;
    let (slug, _) = app.point(move |db, _| names(db, &reads)).await?;
    let told = |(cloned, target): (clones::Cloned, store::projects::Project)| Flash::CasesCloned {
        cloned: cloned.cases.len(),
        skipped: cloned.skipped,
        passed_over: cloned.passed_over.into_iter().map(|one| format!("{}: {}", one.title, one.why)).collect(),
        into: target.name,
        href: paths::repository(&slug, &target.key),
    };
    Ok(on(visit.jar, app.settings(), &back, &done.map(told).or_else(not_done)?))
}

fn gathered(app: &App, db: &mut Conn, visit: &Visit, may: &May<Read>, typed: &Typed) -> Result<CloneForm, Failure> {
    let visible = may.member().visible();
    let own = may.project().ok_or(Failure::Unknown)?;
    let own = store::projects::find(db, &visible, own)?.ok_or(Failure::Unknown)?;
    let writable =
        |project: &store::projects::Project| may.member().rights_in(project.facts()).contains(Right::WriteCases);
    let projects = store::projects::visible(db, &visible)?.into_iter().filter(writable);
    let projects = projects.map(|one| Choice::new(one.key.clone(), one.name, one.key == own.key)).collect();
    let tree = store::folders::tree(db, may)?;
    let folder = |folder: &Folder| {
        let name = format!("{}{}", "\u{2003}".repeat(folder.depth.saturating_sub(1)), folder.row.name);
        Choice::new(folder.row.id.to_string(), name, false)
    };
    let frame = visit.frame(app, db, &may.member().may()?, Place::Cases)?;
    let home = paths::repository(&frame.slug, &own.key);
    Ok(CloneForm {
        count: typed.case.len(),
        cases: typed.case.clone(),
        back: if typed.back.starts_with(&home) { typed.back.clone() } else { home },
        projects,
        folders: tree.folders().iter().filter(|folder| folder.depth > 0).map(folder).collect(),
        key: own.key,
        project: own.name,
        frame,
    })
}
