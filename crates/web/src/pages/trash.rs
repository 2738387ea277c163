//! The trash of a project.

use app::{App, Failure, trash};
use axum::{
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use db::Conn;
use domain::{
    access::{DeleteCases, May, Membership},
    id::TrashId,
    now::Now,
    time::Time,
};
use serde::Deserialize;
use store::{paging::Page as Rows, trash::Act};

use super::{
    form::Form,
    moment::moment,
    page::{Page, on},
    shell::Visit,
};
use crate::{
    client,
    extract::{CanIn, Id, Paging},
    failed::Failed,
    views::{
        frame::Flash,
        paths,
        repository::{Trash, TrashRow},
    },
};

const ROWS: i64 = 50;

/// Where the list continues.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    cursor: Option<String>,
}

/// Where to.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Whereto {
    /// To the top of the project, if not where it lay.
    top: String,
}

/// What lies in it.
pub async fn show(
    CanIn(may): CanIn<DeleteCases>,
    visit: Visit,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failed> {
    let (jar, gather) = (visit.jar.clone(), app.clone());
    let view = app.read(move |db, now| gathered(&gather, db, &visit, &may, asked.cursor.as_deref(), None, now));
    Ok((jar, Page::of(view.await?)).into_response())
}

/// Takes an act of deletion back.
pub async fn restore(
    CanIn(may): CanIn<DeleteCases>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<TrashId>,
    Form(whereto): Form<Whereto>,
) -> Result<Response, Failed> {
    let reads = may.clone();
    let into = (!whereto.top.is_empty()).then_some(None);
    match app.write(from.client, move |tx, now| trash::restore(tx, &may, id, into, now)).await {
        Ok(done) => {
            let (slug, key) = app.point(move |db, _| super::repository::names(db, &reads)).await?;
            let page = paths::repository(&slug, &key);
            let page = done.folder.map_or(page.clone(), |folder| format!("{page}?folder={folder}"));
            let flash = Flash::Restored { folder: done.folder.map(|_| done.name), cases: done.cases };
            Ok(on(visit.jar, app.settings(), &page, &flash))
        }
        Err(Failure::Conflict { detail, .. }) => {
            let (gather, stuck) = (app.clone(), Some((id.to_string(), detail)));
            let view = app.read(move |db, now| gathered(&gather, db, &visit, &reads, None, stuck, now));
            Ok(Page::with(http::StatusCode::CONFLICT, view.await?).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

fn gathered(
    app: &App,
    db: &mut Conn,
    visit: &Visit,
    may: &May<DeleteCases>,
    cursor: Option<&str>,
    stuck: Option<(String, String)>,
    now: &Now,
) -> Result<Trash, Failure> {
    let project = may.project().ok_or(Failure::Unknown)?;
    let project = store::projects::find(db, &may.member().visible(), project)?.ok_or(Failure::Unknown)?;
    let belongs: May<Membership> = may.member().may()?;
    let frame = visit.inside(app, db, &belongs, &project.key)?;
    let after = Paging::after::<(i64, TrashId)>(cursor)?.map(|(at, id)| (Time::from_micros(at), id));
    let slice = store::trash::list(db, may, &Rows { limit: ROWS, after })?;
    let next = slice.rows.last().filter(|_| slice.more).map(|act| Paging::cursor(&(act.at.micros(), act.id)));
    Ok(Trash {
        more: next.map(|cursor| format!("{}?cursor={cursor}", paths::trash(&frame.slug, &project.key))),
        rows: slice.rows.into_iter().map(|act| row(act, now)).collect(),
        stuck,
        key: project.key,
        project: project.name,
        frame,
    })
}

fn row(act: Act, now: &Now) -> TrashRow {
    let several = |number: i64, one: &str| if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") };
    let cases = several(act.cases, "case");
    let what = match (act.folder, act.folders) {
        (None, _) => cases,
        (Some(_), ..=1) => format!("Folder with {cases}"),
        (Some(_), folders) => format!("Folder with {} in it and {cases}", several(folders - 1, "folder")),
    };
    TrashRow { id: act.id.to_string(), name: act.name, what, by: act.by_name, at: moment(act.at, now.at) }
}
