//! The start: the workspace one is in, the choice among several, sign-in, or the first run.

use app::App;
use axum::{
    extract::{Query, State},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::CookieJar;
use serde::Deserialize;
use store::{people, workspaces};

use super::{
    page::{Page, forget, told},
    shell::link,
};
use crate::{
    extract::Caller,
    failed::Failed,
    views::{
        frame::{Bare, Theme},
        parts::{Face, Person},
        paths,
        sign_in::Workspaces,
    },
};

/// `?choose` asks for the list even where there is nothing to choose.
#[derive(Debug, Deserialize)]
pub struct Wish {
    choose: Option<String>,
}

/// Where somebody belongs who opens the bare address.
pub async fn show(
    caller: Option<Caller>,
    State(app): State<App>,
    Query(wish): Query<Wish>,
    jar: CookieJar,
) -> Result<Response, Failed> {
    let Some(caller) = caller else {
        let set_up = app.point(|db, _| Ok(people::set_up(db)?)).await?;
        return Ok(Redirect::to(if set_up { paths::SIGN_IN } else { paths::SETUP }).into_response());
    };
    let who = caller.who;
    let (me, mine) = app.point(move |db, _| Ok((people::me(db, &who)?, workspaces::mine(db, &who)?))).await?;
    if let ([only], None) = (mine.as_slice(), wish.choose) {
        return Ok(Redirect::to(&paths::dashboard(&only.slug)).into_response());
    }
    let view = Workspaces {
        bare: Bare { flash: told(&jar, app.settings()), theme: Theme::System },
        person: Person { face: Face::of(&me.name, &me.id.to_string()), name: me.name, email: me.address },
        operator: me.operator,
        workspaces: mine.into_iter().map(link).collect(),
    };
    Ok((forget(jar, app.settings()), Page::of(view)).into_response())
}
