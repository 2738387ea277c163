//! Settings > Audit log: who did what, filtered by the address of the page.

mod filters;
mod rows;

use app::{App, Failure};
use axum::{
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use db::Conn;
use domain::{
    access::{May, Membership, ReadAudit},
    now::Now,
};
use serde::Deserialize;
use store::{
    events,
    paging::{Page as Rows, Slice},
};

use super::{
    form::{Form, faults},
    page::Page,
    shell::Visit,
};
use crate::{
    api::audit::{Asked, Format, taken_out},
    client,
    extract::{Can, Paging},
    failed::Failed,
    views::{audit::Audit, frame::Place},
};

/// Where the log continues.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Shown {
    cursor: Option<String>,
}

const ROWS: i64 = 50;

/// The page. Filters that cannot be read are named, with what was typed.
pub async fn show(
    Can(may): Can<ReadAudit>,
    visit: Visit,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    Query(shown): Query<Shown>,
) -> Result<Response, Failed> {
    let (jar, gather) = (visit.jar.clone(), app.clone());
    let view = app.read(move |db, now| gathered(&gather, db, &visit, &may, &asked, &shown, now)).await?;
    let page = if view.filters.error.is_some() { Page::wrong(view) } else { Page::of(view) };
    Ok((jar, page).into_response())
}

/// The log as a file.
pub async fn export(
    Can(may): Can<ReadAudit>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(wanted): Form<Wanted>,
) -> Result<Response, Failed> {
    taken_out(&app, may, visit.who, from.client, wanted.asked, &wanted.format).await
}

/// What is to be taken out.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    #[serde(flatten)]
    asked: Asked,
    #[serde(flatten)]
    format: Format,
}

fn gathered(
    app: &App,
    db: &mut Conn,
    visit: &Visit,
    may: &May<ReadAudit>,
    asked: &Asked,
    shown: &Shown,
    now: &Now,
) -> Result<Audit, Failure> {
    let belongs: May<Membership> = may.member().may()?;
    let frame = visit.frame(app, db, &belongs, Place::Audit)?;
    let mut chosen = filters::of(db, may, asked)?;
    let page = Rows { limit: ROWS, after: Paging::after(shown.cursor.as_deref())? };
    let slice = match asked.filter(db, may.member()) {
        Ok(filter) => events::list(db, may, &filter, &page)?,
        Err(wrong) => {
            chosen.error = Some(faults(wrong)?.into_iter().map(|bad| bad.detail).collect::<Vec<_>>().join(" "));
            Slice { rows: Vec::new(), more: false }
        }
    };
    let last = slice.rows.last().filter(|_| slice.more).map(|row| Paging::cursor(&(row.at, row.id)));
    let here = filters::address(&frame.slug, &chosen);
    Ok(Audit {
        older: last.map(|cursor| here(&[("cursor", &cursor)])),
        newest: shown.cursor.as_ref().map(|_| here(&[])),
        days: rows::days(db, may, &frame.slug, slice.rows, now)?,
        filters: chosen,
        frame,
    })
}
