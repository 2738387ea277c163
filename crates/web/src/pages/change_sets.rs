//! Values for many cases at once: the form, and how far it is.

mod form;

use app::{
    App, Failure,
    change_sets::{self, Which, run},
};
use axum::{
    extract::{Query, State},
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    access::{May, WriteCases},
    case::Field,
    change_set::{Change, Outcome, Phase},
    id::ChangeSetId,
};
use serde::Deserialize;
use store::change_sets::ChangeSet;

use self::form::{Cases, Typed};
use super::{
    form::Form,
    moment::moment,
    page::{Page, on},
    repository::{folders::back_to, names},
    shell::Visit,
};
use crate::{
    api::{
        case_list::Asked,
        change_sets::{NAMED, passing},
    },
    client,
    extract::{CanIn, Id},
    failed::Failed,
    views::{
        change_set::ChangeSetPage,
        frame::{Flash, Place},
        paths,
    },
};

/// The form for all cases that a list shows.
pub async fn matching(
    CanIn(may): CanIn<WriteCases>,
    visit: Visit,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failed> {
    let (jar, gather) = (visit.jar.clone(), app.clone());
    let typed = Typed::passing(asked);
    let view = app.read(move |db, _| form::gathered(&gather, db, &visit, &may, &typed, &[]));
    Ok((jar, Page::of(view.await?)).into_response())
}

/// The form for those that were selected.
pub async fn chosen(
    CanIn(may): CanIn<WriteCases>,
    visit: Visit,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failed> {
    let typed = Typed::of(&pairs);
    if typed.is_empty() {
        let back = back_to(&app, may, &typed.back).await?;
        return Ok(on(visit.jar, app.settings(), &back, &Flash::NothingChosen));
    }
    let (jar, gather) = (visit.jar.clone(), app.clone());
    let view = app.read(move |db, _| form::gathered(&gather, db, &visit, &may, &typed, &[]));
    Ok((jar, Page::of(view.await?)).into_response())
}

/// Gives them the values.
pub async fn edit(
    CanIn(may): CanIn<WriteCases>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failed> {
    let (typed, reads, mut bad) = (Typed::of(&pairs), may.clone(), Vec::new());
    let edit = typed.edit(&mut bad);
    let done = if bad.is_empty() {
        let cases = typed.cases.clone();
        let verb = move |tx: &mut db::Tx, now: &domain::now::Now| match &cases {
            Cases::These(ids) => change_sets::edit(tx, &may, Which::These(ids), &edit, now),
            Cases::Passing(asked) => passing(tx, &may, asked, &edit, now),
        };
        app.write(from.client, verb).await
    } else {
        Err(Failure::Invalid(bad))
    };
    match done {
        Ok(set) => onward(app, visit, reads, set, &typed.back, from.client).await,
        Err(Failure::Invalid(bad)) => {
            let gather = app.clone();
            let view = app.read(move |db, _| form::gathered(&gather, db, &visit, &reads, &typed, &bad));
            Ok(Page::wrong(view.await?).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// The page to come back to.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Back {
    back: String,
}

/// Takes back what one did to many cases.
pub async fn undo(
    CanIn(may): CanIn<WriteCases>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<ChangeSetId>,
    Form(Back { back }): Form<Back>,
) -> Result<Response, Failed> {
    let reads = may.clone();
    match app.write(from.client, move |tx, now| change_sets::take_back(tx, &may, id, now)).await {
        Ok(set) => onward(app, visit, reads, set, &back, from.client).await,
        Err(Failure::Conflict { detail, .. }) => {
            let flash = Flash::NotDone { why: detail };
            Ok(on(visit.jar, app.settings(), &back_to(&app, reads, &back).await?, &flash))
        }
        Err(other) => Err(other.into()),
    }
}

/// Goes on with one that stopped on its way.
pub async fn go_on(
    CanIn(may): CanIn<WriteCases>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<ChangeSetId>,
) -> Result<Response, Failed> {
    let reads = may.clone();
    let set = app.write(from.client, move |tx, now| change_sets::go_on(tx, &may, id, now)).await?;
    onward(app, visit, reads, set, "", from.client).await
}

/// Back to the list if every case had its turn, else on to the page that tells how far it is.
async fn onward(
    app: App,
    visit: Visit,
    may: May<WriteCases>,
    set: ChangeSet,
    back: &str,
    client: Option<std::net::IpAddr>,
) -> Result<Response, Failed> {
    let (named, counted) = (may.clone(), set.clone());
    let ((workspace, project), counts) =
        app.read(move |db, _| Ok((names(db, &named)?, store::change_sets::counts(db, counted.id)?))).await?;
    if set.phase.is_on_its_way() {
        let page = paths::change_set(&workspace, &project, &set.id.to_string());
        tokio::spawn(run(app, may, set.id, client));
        return Ok((visit.jar, Redirect::to(&page)).into_response());
    }
    let back = back_to(&app, may, back).await?;
    let count = |outcome: Outcome| counts.get(outcome.slug()).copied().unwrap_or(0);
    let passed_over = count(Outcome::Gone) + count(Outcome::Refused) + count(Outcome::Edited);
    let flash = match set.phase {
        Phase::Undone => Flash::CasesBack { back: count(Outcome::Back), skipped: passed_over },
        _ => Flash::CasesEdited {
            changed: count(Outcome::Changed),
            same: count(Outcome::Same),
            skipped: passed_over + set.total - counts.values().sum::<i64>(),
            workspace,
            project,
            change: set.id.to_string(),
            back: back.clone(),
        },
    };
    Ok(on(visit.jar, app.settings(), &back, &flash))
}

/// How far one of one's own is.
pub async fn show(
    CanIn(may): CanIn<WriteCases>,
    visit: Visit,
    State(app): State<App>,
    Id(id): Id<ChangeSetId>,
) -> Result<Response, Failed> {
    let (jar, gather) = (visit.jar.clone(), app.clone());
    let view = app.read(move |db, now| gathered(&gather, db, &visit, &may, id, now));
    Ok((jar, Page::of(view.await?)).into_response())
}

/// After so long without a turn it is taken to have stopped.
const STANDS: std::time::Duration = std::time::Duration::from_secs(15);

fn gathered(
    app: &App,
    db: &mut db::Conn,
    visit: &Visit,
    may: &May<WriteCases>,
    id: ChangeSetId,
    now: &domain::now::Now,
) -> Result<ChangeSetPage, Failure> {
    let set = store::change_sets::find(db, may, id)?.ok_or(Failure::Unknown)?;
    let project = may.project().ok_or(Failure::Unknown)?;
    let project = store::projects::find(db, &may.member().visible(), project)?.ok_or(Failure::Unknown)?;
    let counts = store::change_sets::counts(db, id)?;
    let over = store::change_sets::passed_over(db, may, id, NAMED)?;
    let count = |outcome: Outcome| counts.get(outcome.slug()).copied().unwrap_or(0);
    let never_there = set.total - store::change_sets::size(db, id)?;
    let skipped = count(Outcome::Gone) + count(Outcome::Refused) + count(Outcome::Edited);
    let of = if set.phase == Phase::Undoing { set.waiting + count(Outcome::Back) + skipped } else { set.total };
    let lines = [
        (count(Outcome::Changed), "changed"),
        (count(Outcome::Same), "said so already"),
        (count(Outcome::Back), "as before"),
        (skipped + never_there, "passed over"),
    ];
    let line = |(n, word): (i64, &str)| format!("{} {word}", super::repository::counted(n));
    Ok(ChangeSetPage {
        frame: visit.frame(app, db, &may.member().may()?, Place::Cases)?,
        id: set.id.to_string(),
        title: title(&set),
        begun: moment(set.done_at, now.at),
        stands: set.phase.is_on_its_way() && now.at.since(set.moved_at) > STANDS,
        phase: set.phase.to_string(),
        total: set.total,
        had: of - set.waiting,
        of,
        came_to: lines.into_iter().filter(|(n, _)| *n > 0).map(line).collect(),
        more: skipped - i64::try_from(over.len()).unwrap_or(0),
        over: over.into_iter().map(|one| (one.number, one.title, why(one.outcome))).collect(),
        key: project.key,
        project: project.name,
    })
}

fn title(set: &ChangeSet) -> String {
    let change: Change = serde_json::from_str(&set.change).unwrap_or_default();
    let words: Vec<&str> = change.fields().into_iter().map(Field::words).collect();
    let cases = format!("{} {}", super::repository::counted(set.total), if set.total == 1 { "case" } else { "cases" });
    if words.is_empty() { format!("Move of {cases}") } else { format!("{} of {cases}", words.join(", ")) }
}

fn why(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Gone => "In the trash",
        Outcome::Refused => "The value exists no more",
        Outcome::Edited => "Changed since",
        Outcome::Changed | Outcome::Same | Outcome::Back => "",
    }
}
