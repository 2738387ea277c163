//! Settings > API keys: one's own.

use app::{App, Bad, Failure, keys};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use domain::{
    access::{May, Membership, Right},
    id::KeyId,
    title::KeyName,
};
use serde::Deserialize;

use super::{
    form::{Form, field},
    moment::moment,
    page::{Page, on},
    shell::Visit,
};
use crate::{
    client,
    extract::{Can, Id},
    failed::Failed,
    views::{
        api_key::{ApiKeyRow, ApiKeys, NewApiKey},
        frame::{Flash, Place},
        parts::Field,
        paths,
    },
};

/// The form as typed.
#[derive(Clone, Debug, Deserialize)]
pub struct Typed {
    name: String,
}

/// The list.
pub async fn show(Can(may): Can<Membership>, visit: Visit, State(app): State<App>) -> Result<Response, Failed> {
    let jar = visit.jar.clone();
    Ok((jar, Page::of(view(&app, visit, may, Field::default(), None).await?)).into_response())
}

/// Makes a key and shows it, this once. 422 keeps what was typed; the key itself comes in a page that replaces the form.
pub async fn create(
    Can(may): Can<Membership>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failed> {
    let belongs = may.clone();
    let name = KeyName::parse(&typed.name);
    let name = match name.map_err(|bad| vec![Bad::new("name", bad.code(), bad.to_string())]) {
        Ok(name) => name,
        Err(bad) => {
            let typed = field("name", &typed.name, &bad);
            return Ok(Page::wrong(view(&app, visit, belongs, typed, None).await?).into_response());
        }
    };
    let shown = name.as_str().to_owned();
    let new = keys::NewKey { name, rights: None, ends_at: None };
    let (_, secret) = app.write(from.client, move |tx, now| keys::create(tx, &may, &new, now)).await?;
    let made = NewApiKey { name: shown, secret: secret.reveal().to_owned() };
    let view = view(&app, visit, belongs, Field::default(), Some(made)).await?;
    // Turbo shows the body of an error status and ignores a 200 to a POST; 422 would be a lie, so the form opts out of Turbo.
    Ok(Page::of(view).into_response())
}

/// Takes a key back.
pub async fn revoke(
    Can(may): Can<Membership>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<KeyId>,
) -> Result<Response, Failed> {
    let (slug, name) = app
        .write(from.client, move |tx, now| {
            let key = store::keys::list(tx, &may)?.into_iter().find(|key| key.id == id).ok_or(Failure::Unknown)?;
            keys::revoke(tx, &may, id, now)?;
            Ok((store::workspaces::of(tx, may.member())?.slug, key.name))
        })
        .await?;
    Ok(on(visit.jar, app.settings(), &paths::api_keys(&slug), &Flash::ApiKeyRevoked { name }))
}

async fn view(
    app: &App,
    visit: Visit,
    may: May<Membership>,
    name: Field,
    made: Option<NewApiKey>,
) -> Result<ApiKeys, Failure> {
    let gather = app.clone();
    app.read(move |db, now| {
        let row = |key: store::keys::Key| ApiKeyRow {
            id: key.id.to_string(),
            name: key.name,
            rights: key.rights.iter().flat_map(|rights| rights.iter().map(Right::words)).map(str::to_owned).collect(),
            created: moment(key.created_at, now.at),
            last_used: key.used_at.map(|at| moment(at, now.at)),
            expires: key.ends_at.map(|at| moment(at, now.at)),
        };
        let rows = store::keys::list(db, &may)?.into_iter().map(row).collect();
        Ok(ApiKeys { frame: visit.frame(&gather, db, &may, Place::ApiKeys)?, rows, name, made })
    })
    .await
}
