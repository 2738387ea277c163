//! What is said about a case in review.

use app::{
    App, Failure,
    cases::review::{self, Answer},
};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use domain::access::{May, Read, ReviewCases, WriteCases};
use serde::Deserialize;
use store::cases::{Case, Reference};

use super::{onward, reading};
use crate::{
    api::cases::body::somebody,
    client,
    extract::{CanIn, OfCase},
    failed::Failed,
    pages::{
        form::{Form, field},
        page::Page,
        shell::Visit,
    },
    views::frame::Flash,
};

/// The form as typed.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Typed {
    #[serde(default, rename = "do")]
    deed: String,
    #[serde(default)]
    reviewer: String,
    #[serde(default)]
    revision: i64,
    #[serde(default)]
    rework: String,
}

/// Asks for a review, answers it, or takes it back: each under the right it needs.
pub async fn say(
    CanIn(may): CanIn<Read>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    OfCase(which): OfCase,
    Form(typed): Form<Typed>,
) -> Result<Response, Failed> {
    let (wish, acts) = (typed.clone(), may.clone());
    let done = app.write(from.client, move |tx, now| carried_out(tx, &acts, which, &wish, now)).await;
    match done {
        Ok(case) => {
            let state = case.review.slug().to_owned();
            onward(&app, visit, &may, &case, |key| Flash::Reviewed { key, state }).await
        }
        Err(Failure::Invalid(bad)) => {
            let gather = app.clone();
            let said = reading::Said {
                rework: field("note", &typed.rework, &bad),
                fault: bad.iter().find(|bad| bad.field == "reviewer").map(|bad| bad.detail.clone()),
                ..reading::Said::default()
            };
            let view = app.read(move |db, now| {
                let case = store::cases::find(db, &may, which)?.ok_or(Failure::Unknown)?;
                reading::page(&gather, db, &visit, &may, &case, said, now)
            });
            Ok(Page::wrong(view.await?).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

fn carried_out(
    tx: &mut db::Tx,
    may: &May<Read>,
    which: Reference,
    typed: &Typed,
    now: &domain::now::Now,
) -> Result<Case, Failure> {
    let facts = reading::project(tx, may)?.facts();
    let writes = || -> Result<May<WriteCases>, Failure> { Ok(may.member().may_in(facts)?) };
    let reviews = || -> Result<May<ReviewCases>, Failure> { Ok(may.member().may_in(facts)?) };
    match typed.deed.as_str() {
        "submit" => {
            let reviewer = somebody("reviewer", Some(&typed.reviewer)).map_err(|bad| Failure::Invalid(vec![bad]))?;
            review::submit(tx, &writes()?, which, reviewer, now)
        }
        "withdraw" => review::withdraw(tx, &writes()?, which, now),
        "approve" => review::answer(tx, &reviews()?, which, typed.revision, &Answer::Ready, now),
        "send_back" => {
            let answer = Answer::Rework(typed.rework.clone());
            review::answer(tx, &reviews()?, which, typed.revision, &answer, now)
        }
        _ => Err(Failure::invalid("do", "unknown", "Nothing of that kind can be done.")),
    }
}
