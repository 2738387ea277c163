//! The repository of a project: folders on one side, the cases of one on the other.

pub mod cases;
mod filters;
pub mod folders;
mod list;
pub mod saved;
mod tree;

use app::{App, Failure};
use axum::{
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use db::Conn;
use domain::{
    access::{May, Membership, Read, Right, Rights},
    folder::{Folder, Tree},
    id::FolderId,
};
use serde::Deserialize;
use store::saved_views::SavedView;
use url::form_urlencoded::Serializer;

pub(super) use tree::counted;

use super::{page::Page, shell::Visit};
use crate::{
    api::case_list::Asked,
    extract::{CanIn, Id},
    failed::Failed,
    views::{
        parts::Field,
        paths,
        repository::{Carried, Link, Nodes, Repository, Saved, Tools},
    },
};

/// What else an address of the page may hold.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Besides {
    /// Where the list continues.
    cursor: String,
    /// A folder to be found.
    find: String,
    /// What is being moved: a folder's id, or ids of cases with commas.
    moving: String,
    /// A case was added just now, so another may follow.
    added: String,
}

/// Where the page is and what it is asked for: makes the addresses of its neighbours.
struct Here<'a> {
    slug: &'a str,
    key: &'a str,
    asked: &'a Asked,
    moving: &'a str,
}

impl Here<'_> {
    /// The fields of an address, those that are set.
    fn fields(&self, asked: &Asked) -> Vec<(String, String)> {
        let mut fields = asked.fields();
        fields.push(("moving".to_owned(), self.moving.to_owned()));
        fields.retain(|(_, value)| !value.is_empty());
        fields
    }

    /// The page as asked for like this.
    fn address(&self, asked: &Asked) -> String {
        self.with(asked, &[])
    }

    /// The same with something besides.
    fn with(&self, asked: &Asked, besides: &[(&str, &str)]) -> String {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(self.fields(asked)).extend_pairs(besides);
        let (path, query) = (paths::repository(self.slug, self.key), query.finish());
        if query.is_empty() { path } else { format!("{path}?{query}") }
    }

    /// Where all cases of this list are given values.
    fn edit_all(&self, asked: &Asked) -> String {
        let query = Serializer::new(String::new()).extend_pairs(Here { moving: "", ..*self }.fields(asked)).finish();
        format!("{}?{query}", paths::cases_editing(self.slug, self.key))
    }

    /// The same without what is being moved.
    fn laid_down(&self) -> String {
        Here { moving: "", ..*self }.address(self.asked)
    }

    /// The page of a folder; the root is the whole project.
    fn folder(&self, folder: &Folder) -> String {
        let id = if folder.depth == 0 { String::new() } else { folder.row.id.to_string() };
        self.address(&Asked { folder: id, ..self.asked.clone() })
    }
}

/// The page.
pub async fn show(
    CanIn(may): CanIn<Read>,
    visit: Visit,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    Query(besides): Query<Besides>,
) -> Result<Response, Failed> {
    let (jar, gather) = (visit.jar.clone(), app.clone());
    let view = app.read(move |db, now| gathered(&gather, db, &visit, &may, &asked, &besides, Field::default(), now));
    Ok((jar, Page::of(view.await?)).into_response())
}

/// The folders in one, for a tree that is opened without a new page.
pub async fn children(
    CanIn(may): CanIn<Read>,
    State(app): State<App>,
    Id(id): Id<FolderId>,
    Query(asked): Query<Asked>,
    Query(besides): Query<Besides>,
) -> Result<Response, Failed> {
    let nodes = app.read(move |db, _| {
        let (slug, key) = names(db, &may)?;
        let tree = store::folders::tree(db, &may)?;
        tree.find(id).ok_or(Failure::Unknown)?;
        let here = Here { slug: &slug, key: &key, asked: &asked, moving: &besides.moving };
        Ok(tree::below(&here, &tree, id))
    });
    Ok(Page::of(Nodes { nodes: nodes.await? }).into_response())
}

/// The slug of the workspace and the key of the project.
pub(super) fn names<R>(db: &mut Conn, may: &May<R>) -> Result<(String, String), Failure> {
    let slug = store::workspaces::of(db, may.member())?.slug;
    let project = may.project().ok_or(Failure::Unknown)?;
    let key = store::projects::key_of(db, &may.member().visible(), project)?.ok_or(Failure::Unknown)?;
    Ok((slug, key))
}

#[expect(clippy::too_many_arguments, reason = "all that a page is made of")]
pub(super) fn gathered<R>(
    app: &App,
    db: &mut Conn,
    visit: &Visit,
    may: &May<R>,
    asked: &Asked,
    besides: &Besides,
    title_typed: Field,
    now: &domain::now::Now,
) -> Result<Repository, Failure> {
    let project = may.project().ok_or(Failure::Unknown)?;
    let project = store::projects::find(db, &may.member().visible(), project)?.ok_or(Failure::Unknown)?;
    let rights = may.member().rights_in(project.facts());
    let belongs: May<Membership> = may.member().may()?;
    let frame = visit.inside(app, db, &belongs, &project.key)?;
    let tree = store::folders::tree(db, may)?;
    let folder = asked.folder(&tree)?;
    let slug = frame.slug.clone();
    let here = Here { slug: &slug, key: &project.key, asked, moving: &besides.moving };
    let list = list::gathered(db, may, &here, &tree, project.review, &besides.cursor, now)?;
    let mut cases = list.cases;
    cases.adding = writes(rights).then(|| list::adding(folder, title_typed));
    Ok(Repository {
        crumbs: crumbs(&here, &tree, folder, &project.name),
        title: title(asked, folder, &project.name),
        count: list.count,
        here: here.with(asked, if besides.added.is_empty() { &[] } else { &[("added", "1")] }),
        tree: tree::gathered(&here, &tree, folder, &besides.find, writes(rights)),
        tools: writes(rights).then(|| tools(&here, folder)),
        carried: writes(rights).then(|| carried(&here, &tree, folder, &project.name)).flatten(),
        may_delete: rights.contains(Right::DeleteCases),
        saved: saved(&here, store::saved_views::list(db, may)?),
        cases,
        key: project.key.clone(),
        project: project.name,
        frame,
    })
}

fn saved(here: &Here, views: Vec<SavedView>) -> Vec<Saved> {
    let shown = here.laid_down();
    let saved = |view: SavedView| {
        let home = paths::repository(here.slug, here.key);
        let href = if view.query.is_empty() { home } else { format!("{home}?{}", view.query) };
        Saved { id: view.id.to_string(), name: view.name, current: href == shown, href, shared: view.shared }
    };
    views.into_iter().map(saved).collect()
}

fn writes(rights: Rights) -> bool {
    rights.contains(Right::WriteCases)
}

fn title(asked: &Asked, folder: &Folder, project: &str) -> String {
    match (asked.folder.as_str(), folder.depth) {
        ("top", _) => "No folder".to_owned(),
        (_, 0) => project.to_owned(),
        _ => folder.row.name.clone(),
    }
}

fn crumbs(here: &Here, tree: &Tree, folder: &Folder, project: &str) -> Vec<Link> {
    let root = tree.root().filter(|root| root.row.id != folder.row.id || here.asked.folder == "top");
    let first = root.map(|root| Link { name: project.to_owned(), href: here.folder(root) });
    let above = tree.path(folder.row.id);
    let link = |folder: &Folder| Link { name: folder.row.name.clone(), href: here.folder(folder) };
    first.into_iter().chain(above.into_iter().map(link)).collect()
}

fn tools(here: &Here, folder: &Folder) -> Tools {
    let id = if folder.depth == 0 { String::new() } else { folder.row.id.to_string() };
    let take_up = Here { moving: &id, ..*here }.address(here.asked);
    Tools { id, name: Field::new(folder.row.name.clone()), new: Field::default(), take_up }
}

/// What the address says is being moved, if there is such a thing.
fn carried(here: &Here, tree: &Tree, folder: &Folder, project: &str) -> Option<Carried> {
    let moving = Some(here.moving).filter(|moving| !moving.is_empty())?;
    let (what, id, cases) = if let Ok(id) = moving.parse::<FolderId>() {
        (tree.find(id)?.row.name.clone(), Some(id.to_string()), Vec::new())
    } else {
        let cases: Vec<String> = moving.split(',').map(str::to_owned).collect();
        let what = if cases.len() == 1 { "1 case".to_owned() } else { format!("{} cases", cases.len()) };
        (what, None, cases)
    };
    let (into, into_name) = match folder.depth {
        0 if id.is_some() => (String::new(), format!("the top of {project}")),
        0 => (String::new(), "no folder".to_owned()),
        _ => (folder.row.id.to_string(), folder.row.name.clone()),
    };
    Some(Carried { what, folder: id, cases, into, into_name, cancel: here.laid_down() })
}
