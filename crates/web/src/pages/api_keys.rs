//! Settings > API keys: one's own, and for who manages members those of others.

mod form;

use app::{App, Bad, Failure, keys};
use axum::{
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use db::Conn;
use domain::{
    access::{ManageMembers, May, Membership, Right},
    actor::Actor,
    id::KeyId,
    now::Now,
    time::Time,
};
use serde::Deserialize;
use store::{
    keys::{HeldKey, Key},
    paging::Page as Rows,
    workspaces,
};

pub use form::{Holder, Typed};

use super::{
    form::{Form, faults},
    moment::moment,
    page::{Page, on},
    shell::Visit,
};
use crate::{
    client,
    extract::{Can, Id, Paging},
    failed::Failed,
    views::{
        api_key::{ApiKeyRow, ApiKeys, NewApiKey, Others},
        frame::{Flash, Place},
        paths,
    },
};

/// Where the list of others continues.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Shown {
    keys: Option<String>,
}

/// What the page shows beside its lists.
#[derive(Clone, Debug, Default)]
struct Beside {
    typed: Typed,
    bad: Vec<Bad>,
    made: Option<NewApiKey>,
    shown: Shown,
}

/// The lists and the form.
pub async fn show(
    Can(may): Can<Membership>,
    visit: Visit,
    State(app): State<App>,
    Query(shown): Query<Shown>,
) -> Result<Response, Failed> {
    let jar = visit.jar.clone();
    let beside = Beside { shown, ..Beside::default() };
    Ok((jar, Page::of(view(&app, visit, may, beside).await?)).into_response())
}

/// Makes a key and shows it, this once. 422 keeps what was typed; the key itself comes in a page that replaces the form.
pub async fn create(
    Can(may): Can<Membership>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failed> {
    let (belongs, wanted) = (may.clone(), typed.clone());
    let made = app.write(from.client, move |tx, now| {
        let new = wanted.parse(now.at)?;
        let (_, secret) = keys::create(tx, &may, &new, now)?;
        Ok(NewApiKey { name: new.name.to_string(), secret: secret.reveal().to_owned(), holder: "you".to_owned() })
    });
    // Turbo shows the body of an error status and ignores a 200 to a POST; 422 would be a lie, so the form opts out of Turbo.
    match made.await {
        Ok(made) => {
            let beside = Beside { made: Some(made), ..Beside::default() };
            Ok(Page::of(view(&app, visit, belongs, beside).await?).into_response())
        }
        Err(wrong) => {
            let beside = Beside { typed, bad: faults(wrong)?, ..Beside::default() };
            Ok(Page::wrong(view(&app, visit, belongs, beside).await?).into_response())
        }
    }
}

/// Takes a key back, and goes on to the page it stands on.
pub async fn revoke(
    Can(may): Can<Membership>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<KeyId>,
) -> Result<Response, Failed> {
    let (slug, revoked) = app
        .write(from.client, move |tx, now| {
            let revoked = keys::revoke(tx, &may, id, now)?;
            Ok((workspaces::of(tx, may.member())?.slug, revoked))
        })
        .await?;
    let page = match revoked.other {
        Some(Actor::Service(account)) => paths::service_account(&slug, &account.to_string()),
        _ => paths::api_keys(&slug),
    };
    Ok(on(visit.jar, app.settings(), &page, &Flash::ApiKeyRevoked { name: revoked.name }))
}

async fn view(app: &App, visit: Visit, may: May<Membership>, beside: Beside) -> Result<ApiKeys, Failure> {
    let gather = app.clone();
    app.read(move |db, now| {
        let frame = visit.frame(&gather, db, &may, Place::ApiKeys)?;
        let own = store::keys::list(db, &may)?;
        let holder =
            Holder { everything: "All that you may do, whatever that comes to be", holds: may.member().holds() };
        Ok(ApiKeys {
            form: beside.typed.form(holder, &beside.bad),
            rows: own.into_iter().map(|key| row(key, now.at)).collect(),
            others: others(db, &may, &frame.slug, &beside.shown, now)?,
            made: beside.made,
            frame,
        })
    })
    .await
}

/// A key as a row of a list.
pub fn row(key: Key, now: Time) -> ApiKeyRow {
    ApiKeyRow {
        id: key.id.to_string(),
        name: key.name,
        holder: None,
        rights: key.rights.iter().flat_map(|rights| rights.iter().map(Right::words)).map(str::to_owned).collect(),
        created: moment(key.created_at, now),
        last_used: key.used_at.map(|at| moment(at, now)),
        expires: key.ends_at.map(|at| moment(at, now)),
        over: key.ends_at.is_some_and(|end| end <= now),
        may_revoke: true,
    }
}

fn others(
    db: &mut Conn,
    may: &May<Membership>,
    slug: &str,
    shown: &Shown,
    now: &Now,
) -> Result<Option<Others>, Failure> {
    let Ok(manages) = may.member().may::<ManageMembers>() else { return Ok(None) };
    let page = Rows { limit: ROWS, after: Paging::after(shown.keys.as_deref())? };
    let slice = store::keys::everyones(db, &manages, &page)?;
    let next = slice.rows.last().filter(|_| slice.more).map(|key| Paging::cursor(&key.id));
    let theirs = slice.rows.into_iter().filter(|key| key.holder != may.person());
    Ok(Some(Others {
        rows: theirs.map(|key| held_row(key, may, now.at)).collect(),
        more: next.map(|cursor| format!("{}?keys={cursor}", paths::api_keys(slug))),
    }))
}

const ROWS: i64 = 50;

fn held_row(key: HeldKey, may: &May<Membership>, now: Time) -> ApiKeyRow {
    let may_revoke = may.member().may_act_on(key.role);
    let own = Key {
        id: key.id,
        name: key.name,
        rights: key.rights,
        created_at: key.created_at,
        ends_at: key.ends_at,
        used_at: key.used_at,
    };
    ApiKeyRow { holder: Some(key.holder_name), may_revoke, ..row(own, now) }
}
