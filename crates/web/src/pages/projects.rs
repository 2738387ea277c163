//! Settings > Projects, and the first project on the dashboard.

pub mod one;
pub mod stages;

use app::{App, Failure, projects};
use axum::{
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use domain::access::{CreateProjects, May, Membership, Right};
use serde::Deserialize;
use store::projects::marks;

use super::{
    dashboard,
    form::{Form, faults, field},
    moment::moment,
    page::{Page, on},
    shell::{Visit, who_can},
};
use crate::{
    api::projects::{Asked, Which, parse},
    client,
    extract::Can,
    failed::Failed,
    views::{
        dashboard::ProjectForm,
        frame::{Flash, Place},
        paths,
        project::{Creating, ProjectRow, Projects, Shelf},
    },
};

/// The form as typed, and the page it stood on.
#[derive(Clone, Debug, Deserialize)]
pub struct Typed {
    name: String,
    #[serde(default)]
    key: String,
    #[serde(default)]
    private: bool,
    #[serde(default)]
    origin: String,
}

/// The list.
pub async fn show(
    Can(may): Can<Membership>,
    visit: Visit,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failed> {
    let jar = visit.jar.clone();
    Ok((jar, Page::of(view(&app, visit, may, asked, ProjectForm::default()).await?)).into_response())
}

/// Makes a project and goes back to where its form stood.
pub async fn create(
    Can(may): Can<CreateProjects>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failed> {
    let belongs: May<Membership> = may.member().may()?;
    let made = match parse(&typed.name, Some(&typed.key)) {
        Ok((name, key)) => {
            let private = typed.private;
            app.write(from.client, move |tx, now| projects::create(tx, &may, &key, &name, private, now)).await
        }
        Err(wrong) => Err(wrong),
    };
    let first = typed.origin == "dashboard";
    match made {
        Ok(project) => {
            let slug = app.point(move |db, _| Ok(store::workspaces::of(db, belongs.member())?)).await?.slug;
            let path = if first { paths::dashboard(&slug) } else { paths::projects(&slug) };
            Ok(on(visit.jar, app.settings(), &path, &Flash::ProjectCreated { key: project.key, name: project.name }))
        }
        Err(wrong) => again(&app, visit, belongs, &typed, &faults(wrong)?, first).await,
    }
}

async fn again(
    app: &App,
    visit: Visit,
    may: May<Membership>,
    typed: &Typed,
    bad: &[app::Bad],
    first: bool,
) -> Result<Response, Failed> {
    let (name, key) = (field("name", &typed.name, bad), field("key", &typed.key, bad));
    let form = ProjectForm { name, key, private: typed.private };
    if !first {
        return Ok(Page::wrong(view(app, visit, may, Asked::default(), form).await?).into_response());
    }
    let gather = app.clone();
    let view = app.read(move |db, now| dashboard::gathered(&gather, db, &visit, &may, form, now)).await?;
    Ok(Page::wrong(view).into_response())
}

async fn view(
    app: &App,
    visit: Visit,
    may: May<Membership>,
    asked: Asked,
    form: ProjectForm,
) -> Result<Projects, Failure> {
    let gather = app.clone();
    app.read(move |db, now| {
        let rows = asked.find(db, &may)?;
        let favourites = marks::favourites(db, &may)?;
        let trash = store::projects::stages::trashed(db, may.member())?.len();
        let row = |row: store::projects::Project| ProjectRow {
            favourite: favourites.contains(&row.id),
            gone: row.trashed_at.map(|at| moment(at + projects::trash::KEPT, now.at)),
            key: row.key,
            name: row.name,
            private: row.private,
            created: moment(row.created_at, now.at),
        };
        let creating = if may.member().rights().contains(Right::CreateProjects) {
            Creating::Form(form)
        } else {
            Creating::NoRight { who: who_can(db, &may, Right::CreateProjects)? }
        };
        let frame = visit.frame(&gather, db, &may, Place::Projects)?;
        let q = asked.q.unwrap_or_default();
        let which = match asked.which {
            Which::Archived => Shelf::Archive,
            Which::Trashed => Shelf::Trash,
            _ => Shelf::InUse,
        };
        let trash = (trash > 0 || which == Shelf::Trash).then_some(trash);
        Ok(Projects { frame, rows: rows.into_iter().map(row).collect(), q, which, trash, creating })
    })
    .await
}
