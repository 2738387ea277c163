//! Files on the page of a case.

use app::{App, Failure, attachments};
use axum::{
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use domain::access::{May, Read, WriteCases};
use http::HeaderMap;
use serde::Deserialize;
use store::cases::Reference;

use super::{place, reading};
use crate::{
    api, client,
    extract::{CanIn, OfAttachment, OfCase},
    failed::Failed,
    pages::{
        form::{Form, uploads},
        page::{Page, on},
        shell::Visit,
    },
    views::{frame::Flash, paths},
};

/// The file itself.
pub async fn show(
    CanIn(may): CanIn<Read>,
    State(app): State<App>,
    OfAttachment(id): OfAttachment,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    api::attachments::serve(&app, may, id, &headers).await
}

/// Hangs the files of a form on a case.
pub async fn create(
    CanIn(may): CanIn<WriteCases>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    OfCase(which): OfCase,
    request: Request,
) -> Result<Response, Failed> {
    let reads = may.clone();
    let added = async {
        let files = uploads::files(&app, may.workspace(), request).await?;
        let count = files.len();
        let add = move |tx: &mut db::Tx, now: &domain::now::Now| {
            files.iter().try_for_each(|new| attachments::add(tx, &may, Some(which), new, now).map(drop))
        };
        app.write(from.client, add).await?;
        Ok(count)
    };
    match added.await {
        Ok(count) => {
            let flash = Flash::FilesAdded { count: u32::try_from(count).unwrap_or(u32::MAX) };
            back(&app, visit, &reads, which, &flash).await
        }
        Err(wrong @ (Failure::Invalid(_) | Failure::TooLarge { .. })) => again(&app, visit, reads, which, &wrong).await,
        Err(other) => Err(other.into()),
    }
}

/// The page again, with what was wrong.
async fn again(
    app: &App,
    visit: Visit,
    may: May<WriteCases>,
    which: Reference,
    wrong: &Failure,
) -> Result<Response, Failed> {
    let detail = match wrong {
        Failure::Invalid(bad) => bad.first().map(|bad| bad.detail.clone()).unwrap_or_default(),
        other => other.to_string(),
    };
    let (jar, gather) = (visit.jar.clone(), app.clone());
    let view = app.read(move |db, now| {
        let case = store::cases::find(db, &may, which)?.ok_or(Failure::Unknown)?;
        let said = reading::Said { file: Some(detail), ..reading::Said::default() };
        reading::page(&gather, db, &visit, &may, &case, said, now)
    });
    Ok((jar, Page::wrong(view.await?)).into_response())
}

async fn back(
    app: &App,
    visit: Visit,
    may: &May<WriteCases>,
    which: Reference,
    flash: &Flash,
) -> Result<Response, Failed> {
    let (slug, key) = place(app, may).await?;
    let here = match which {
        Reference::Number(number) => number.to_string(),
        Reference::Id(id) => id.to_string(),
    };
    Ok(on(visit.jar, app.settings(), &paths::case(&slug, &key, &here), flash))
}

/// The case whose page it was taken off.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Off {
    case: String,
}

impl Off {
    fn which(&self) -> Result<Reference, Failure> {
        self.case.parse().map_err(|()| Failure::Unknown)
    }
}

/// Takes a file off.
pub async fn remove(
    CanIn(may): CanIn<WriteCases>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    OfAttachment(id): OfAttachment,
    Form(off): Form<Off>,
) -> Result<Response, Failed> {
    let (reads, asked) = (may.clone(), may.clone());
    let (slug, key) = place(&app, &reads).await?;
    let name = app.point(move |db, _| Ok(store::attachments::find(db, &asked, id)?.ok_or(Failure::Unknown)?.name));
    let name = name.await?.to_string();
    app.write(from.client, move |tx, now| attachments::remove(tx, &may, id, now)).await?;
    let which = off.which()?;
    let flash = Flash::FileRemoved { name, workspace: slug, project: key, id: id.to_string(), case: off.case };
    back(&app, visit, &reads, which, &flash).await
}

/// Puts a file back.
pub async fn restore(
    CanIn(may): CanIn<WriteCases>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    OfAttachment(id): OfAttachment,
    Form(off): Form<Off>,
) -> Result<Response, Failed> {
    let reads = may.clone();
    app.write(from.client, move |tx, now| attachments::restore(tx, &may, id, now)).await?;
    back(&app, visit, &reads, off.which()?, &Flash::FilesAdded { count: 1 }).await
}
