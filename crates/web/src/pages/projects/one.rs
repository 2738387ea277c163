//! The page of one project: its settings, and who holds a role on it.

use app::{App, Failure, projects};
use axum::{
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use db::Conn;
use domain::{
    access::{ManageProject, May, Membership, Read, Right, Role},
    project::ProjectState,
    title::folded,
};
use serde::Deserialize;
use store::{
    members::{self, Which},
    paging::Page as Rows,
    projects::OnProject,
};

use super::super::{
    form::{Form, faults, field},
    members::one::roles_on_projects,
    page::{Page, on},
    shell::Visit,
};
use crate::{
    api::projects::{described, named},
    client,
    extract::{CanIn, Paging},
    failed::Failed,
    views::{
        frame::{Flash, Place},
        parts::{Choice, Face, Field},
        paths,
        project::{PersonRow, Project, Settings},
    },
};

/// Whom to look for, and where the list of people continues.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    find: String,
    people: Option<String>,
}

/// The form as typed.
#[derive(Clone, Debug, Deserialize)]
pub struct Typed {
    name: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    private: bool,
    #[serde(default)]
    review: bool,
}

/// What was typed, to be shown again with what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Again {
    /// The settings.
    pub settings: Option<Settings>,
    /// What confirms that the project is to be deleted.
    pub confirm: Option<Field>,
}

const ROWS: i64 = 50;

/// So many are offered; with more, more letters are typed.
const OFFERED: i64 = 10;

/// The page.
pub async fn show(
    CanIn(may): CanIn<Read>,
    visit: Visit,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failed> {
    visit.shows(&app, move |app, db, visit, _| gathered(app, db, visit, &may, &asked, Again::default())).await
}

/// Saves the settings.
pub async fn update(
    CanIn(may): CanIn<ManageProject>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failed> {
    let reads = may.clone();
    let changed = match read(&typed) {
        Ok(change) => app.write(from.client, move |tx, now| projects::change(tx, &may, &change, now)).await,
        Err(wrong) => Err(wrong),
    };
    match changed {
        Ok(project) => {
            let slug = app.point(move |db, _| Ok(store::workspaces::of(db, reads.member())?)).await?.slug;
            let flash = Flash::ProjectSaved { name: project.name };
            Ok(on(visit.jar, app.settings(), &paths::project(&slug, &project.key), &flash))
        }
        Err(wrong) => {
            let bad = faults(wrong)?;
            let (name, description) =
                (field("name", &typed.name, &bad), field("description", &typed.description, &bad));
            let settings = Settings { name, description, private: typed.private, review: typed.review };
            let (gather, again) = (app.clone(), Again { settings: Some(settings), ..Again::default() });
            let view = app.read(move |db, _| gathered(&gather, db, &visit, &reads, &Asked::default(), again));
            Ok(Page::wrong(view.await?).into_response())
        }
    }
}

/// All that is wrong at once.
fn read(typed: &Typed) -> Result<projects::Change, Failure> {
    match (named(&typed.name), described(&typed.description)) {
        (Ok(name), Ok(about)) => Ok(projects::Change {
            name: Some(name),
            description: Some(about),
            private: Some(typed.private),
            review: Some(typed.review),
        }),
        (name, about) => {
            let wrong = [name.err(), about.err()].into_iter().flatten();
            let bad = wrong.flat_map(|wrong| faults(wrong).unwrap_or_default());
            Err(Failure::Invalid(bad.collect()))
        }
    }
}

/// The page, with what was typed.
pub fn gathered<R>(
    app: &App,
    db: &mut Conn,
    visit: &Visit,
    may: &May<R>,
    asked: &Asked,
    again: Again,
) -> Result<Project, Failure> {
    let id = may.project().ok_or(Failure::Unknown)?;
    let project = store::projects::find(db, &may.member().visible(), id)?.ok_or(Failure::Unknown)?;
    let belongs: May<Membership> = may.member().may()?;
    let rights = may.member().rights_in(project.facts());
    let manages = rights.contains(Right::ManageProject);
    let page = Rows { limit: ROWS, after: Paging::after(asked.people.as_deref())? };
    let slice = store::projects::people(db, may, &page)?;
    let next = slice.rows.last().filter(|_| slice.more).map(|row| Paging::cursor(&(row.folded.clone(), row.member)));
    let frame = visit.frame(app, db, &belongs, Place::Projects)?;
    let archived = project.state() == ProjectState::Archived;
    Ok(Project {
        form: (manages && !archived).then(|| again.settings.unwrap_or_else(|| saved(&project))),
        confirm: manages.then(|| again.confirm.unwrap_or_default()),
        archived,
        favourite: store::projects::marks::favourites(db, &belongs)?.contains(&id),
        more: next.map(|cursor| format!("{}?people={cursor}#people", paths::project(&frame.slug, &project.key))),
        people: slice.rows.into_iter().map(|row| person(row, &project.key)).collect(),
        found: if manages { found(db, &belongs, asked, &project.key)? } else { Vec::new() },
        find: asked.find.clone(),
        about: project.description,
        key: project.key,
        name: project.name,
        private: project.private,
        frame,
    })
}

fn saved(project: &store::projects::Project) -> Settings {
    Settings {
        name: Field::new(project.name.clone()),
        description: Field::new(project.description.clone()),
        private: project.private,
        review: project.review,
    }
}

fn person(row: OnProject, key: &str) -> PersonRow {
    PersonRow {
        id: row.member.to_string(),
        face: Face::of(&row.name, &row.person.to_string()),
        name: row.name,
        role: row.role.name().to_owned(),
        workspace_role: row.workspace_role.name().to_owned(),
        deactivated: row.state != "active",
        choices: choices(key, Some(row.role)),
    }
}

/// `KEY role` each, and the bare key for none where one is held.
fn choices(key: &str, held: Option<Role>) -> Vec<Choice> {
    let none = held.map(|_| Choice::new(key, "No role", false));
    let role = |choice: Choice| Choice { value: format!("{key} {}", choice.value), ..choice };
    none.into_iter().chain(roles_on_projects(held).into_iter().map(role)).collect()
}

fn found(db: &mut Conn, may: &May<Membership>, asked: &Asked, key: &str) -> Result<Vec<PersonRow>, Failure> {
    let words = folded(&asked.find);
    if words.is_empty() || words.contains('\0') {
        return Ok(Vec::new());
    }
    let which = Which { words: Some(words), active: Some(true), ..Which::default() };
    let slice = members::list(db, may, &which, &Rows::first(OFFERED))?;
    let row = |row: members::Listed| PersonRow {
        id: row.id.to_string(),
        face: Face::of(&row.name, &row.person.to_string()),
        name: row.name,
        role: String::new(),
        workspace_role: row.role.name().to_owned(),
        deactivated: false,
        choices: choices(key, None),
    };
    Ok(slice.rows.into_iter().map(row).collect())
}
