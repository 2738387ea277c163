//! The pages of a case: read, written, changed.

pub mod files;
pub mod forms;
pub mod own;
mod reading;
pub mod review;
pub mod typed;
pub mod versions;

use app::{
    App, Failure,
    cases::{self, NewCase, Save},
};
use axum::{
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use domain::{
    access::{Read, WriteCases},
    case::Set,
    title::CaseTitle,
};
use serde::Deserialize;
use store::cases::Case;

pub use self::reading::Pictures;
use self::typed::Typed;
use super::{
    form::Form,
    page::{Page, on},
    shell::Visit,
};
use crate::{
    client,
    extract::{CanIn, OfCase},
    failed::Failed,
    views::{frame::Flash, paths},
};

/// The page of a case.
pub async fn show(
    CanIn(may): CanIn<Read>,
    visit: Visit,
    State(app): State<App>,
    OfCase(which): OfCase,
) -> Result<Response, Failed> {
    let (jar, gather) = (visit.jar.clone(), app.clone());
    let view = app.read(move |db, now| {
        let case = store::cases::find(db, &may, which)?.ok_or(Failure::Unknown)?;
        reading::page(&gather, db, &visit, &may, &case, reading::Said::default(), now)
    });
    Ok((jar, Page::of(view.await?)).into_response())
}

/// Where a new case is to lie.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    folder: String,
}

/// The form of a new case.
pub async fn new(
    CanIn(may): CanIn<WriteCases>,
    visit: Visit,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failed> {
    let (jar, gather) = (visit.jar.clone(), app.clone());
    let view = app.read(move |db, _| {
        let typed = Typed::in_folder(&asked.folder);
        forms::new(&gather, db, &visit, &may, &typed, &[])
    });
    Ok((jar, Page::of(view.await?)).into_response())
}

/// Writes a new case.
pub async fn create(
    CanIn(may): CanIn<WriteCases>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failed> {
    let typed = Typed::of(&pairs);
    let (reads, title) = (may.clone(), CaseTitle::parse(typed.get("title")));
    let mut bad = Vec::new();
    let sets = typed.sets(&mut bad);
    let folder = typed.folder(&mut bad);
    let written = match title {
        Ok(title) if bad.is_empty() => {
            let new = NewCase { folder, title, sets, values: typed.own() };
            app.write(from.client, move |tx, now| cases::create(tx, &may, &new, now)).await
        }
        title => {
            bad.extend(title.err().map(|wrong| crate::api::cases::body::title_fault(&wrong)));
            Err(Failure::Invalid(bad))
        }
    };
    match written {
        Ok(case) => onward(&app, visit, &reads, &case, |key| Flash::CaseWritten { key }).await,
        Err(Failure::Invalid(bad)) => {
            let gather = app.clone();
            let view = app.read(move |db, _| forms::new(&gather, db, &visit, &reads, &typed, &bad));
            Ok(Page::wrong(view.await?).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// The form of a case that is changed.
pub async fn edit(
    CanIn(may): CanIn<WriteCases>,
    visit: Visit,
    State(app): State<App>,
    OfCase(which): OfCase,
) -> Result<Response, Failed> {
    let (jar, gather) = (visit.jar.clone(), app.clone());
    let view = app.read(move |db, _| {
        let case = store::cases::find(db, &may, which)?.filter(|case| case.trashed_at.is_none());
        forms::edit(&gather, db, &visit, &may, &case.ok_or(Failure::Unknown)?, None, &[])
    });
    Ok((jar, Page::of(view.await?)).into_response())
}

/// Saves what was changed.
pub async fn update(
    CanIn(may): CanIn<WriteCases>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    OfCase(which): OfCase,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failed> {
    let typed = Typed::of(&pairs);
    let (reads, mut bad) = (may.clone(), Vec::new());
    let mut sets = typed.sets(&mut bad);
    match CaseTitle::parse(typed.get("title")) {
        Ok(title) => sets.push(Set::Title(title)),
        Err(wrong) => bad.push(crate::api::cases::body::title_fault(&wrong)),
    }
    let save = Save { base: typed.revision(), sets: typed.changed(sets), values: typed.own_changed() };
    let saved = if bad.is_empty() {
        app.write(from.client, move |tx, now| cases::save(tx, &may, which, &save, now)).await
    } else {
        Err(Failure::Invalid(bad))
    };
    let wrong = match saved {
        Ok(case) => return onward(&app, visit, &reads, &case, |key| Flash::CaseSaved { key }).await,
        Err(wrong @ (Failure::Invalid(_) | Failure::Edited { .. })) => wrong,
        Err(other) => return Err(other.into()),
    };
    let gather = app.clone();
    let view = app.read(move |db, _| {
        let case = store::cases::find(db, &reads, which)?.ok_or(Failure::Unknown)?;
        let (bad, conflicts) = match &wrong {
            Failure::Invalid(bad) => (bad.as_slice(), &[][..]),
            Failure::Edited { conflicts, .. } => (&[][..], conflicts.as_slice()),
            _ => (&[][..], &[][..]),
        };
        forms::edit(&gather, db, &visit, &reads, &case, Some((&typed, conflicts)), bad)
    });
    Ok(Page::wrong(view.await?).into_response())
}

/// On to the page of the case, which tells what happened.
async fn onward<R: domain::access::Wanted>(
    app: &App,
    visit: Visit,
    may: &domain::access::May<R>,
    case: &Case,
    flash: impl FnOnce(String) -> Flash,
) -> Result<Response, Failed> {
    let (slug, key) = place(app, may).await?;
    let flash = flash(format!("{key}-{}", case.number));
    Ok(on(visit.jar, app.settings(), &paths::case(&slug, &key, &case.number), &flash))
}

/// The workspace's slug and the project's key of a proof.
pub async fn place<R: domain::access::Wanted>(
    app: &App,
    may: &domain::access::May<R>,
) -> Result<(String, String), Failure> {
    let (member, id) = (may.member().clone(), may.project().ok_or(Failure::Unknown)?);
    app.point(move |db, _| {
        let key = store::projects::key_of(db, &member.visible(), id)?.ok_or(Failure::Unknown)?;
        Ok((store::workspaces::of(db, &member)?.slug, key))
    })
    .await
}
