//! Projects and the roles held on them.

pub mod marks;
pub mod stages;

use db::{Conn, Error, Tx};
use domain::{
    access::{CreateProjects, ManageProject, May, Member, ProjectFacts, ProjectRole, Role, Still, Visible},
    id::{FolderId, MemberId, PersonId, ProjectId},
    now::Now,
    project::{Description, ProjectState},
    project_key::ProjectKey,
    time::Time,
    title::ProjectName,
};

use crate::{
    Param,
    paging::{Page, Slice},
    sql::{All, containing, marks},
};

pub use marks::{favourites, last_opened, mark, opened, recent};
pub use stages::{archive, archived, due, erase, reopen, restore, trash, trashed};

record! {
    /// A project.
    pub struct Project {
        /// Which.
        pub id: ProjectId,
        /// Its immutable key.
        pub key: String,
        /// Its name.
        pub name: String,
        /// What it is about.
        pub description: String,
        /// Whether workspace roles reach into it only with `see_private_projects`.
        pub private: bool,
        /// Whether its cases are reviewed before they are ready.
        pub review: bool,
        /// When it was made.
        pub created_at: Time,
        /// Since when it is only read.
        pub archived_at: Option<Time>,
        /// Since when it lies in the trash.
        pub trashed_at: Option<Time>,
    }
}

/// A whole project, as [`Project`] reads it.
pub(crate) const WHOLE: &str = "SELECT p.id, p.key, p.name, p.description, p.private, p.review, p.created_at,
    p.archived_at, p.trashed_at FROM project p";

impl Project {
    /// What decides about access to it.
    pub fn facts(&self) -> ProjectFacts {
        ProjectFacts { id: self.id, private: self.private, state: self.state() }
    }

    /// Where it stands.
    pub fn state(&self) -> ProjectState {
        ProjectState::of(self.archived_at, self.trashed_at)
    }
}

/// Projects `p` that one may read, archived ones among them. Whatever lists, counts or names projects begins with it.
pub(crate) fn readable(visible: &Visible) -> All {
    let here = All::of("p.workspace = ? AND p.trashed_at IS NULL", vec![visible.workspace().value()]);
    let by_role = match (visible.open(), visible.private()) {
        (true, true) => return here,
        (true, false) => "NOT p.private",
        (false, true) => "p.private",
        (false, false) => "FALSE",
    };
    if visible.granted().is_empty() {
        return here.and(by_role, Vec::new());
    }
    let text = format!("{by_role} OR p.id IN ({})", marks(visible.granted()));
    here.and(text, visible.granted().iter().map(Param::value).collect())
}

/// Those in use among the projects one may read. Lists hide archived ones unless they are asked for.
pub(crate) fn in_use(visible: &Visible) -> All {
    readable(visible).and("p.archived_at IS NULL", Vec::new())
}

/// The projects in use that one may read, by name.
pub fn visible(db: &mut Conn, visible: &Visible) -> Result<Vec<Project>, Error> {
    db.all(in_use(visible).rows(WHOLE, "ORDER BY p.folded, p.id", Vec::new()))
}

/// The projects in use that one may read whose name or key has these folded words in it, by name.
pub fn search(db: &mut Conn, visible: &Visible, words: &str) -> Result<Vec<Project>, Error> {
    let pattern = containing(words);
    let named = r"p.folded LIKE ? ESCAPE '\' OR LOWER(p.key) LIKE ? ESCAPE '\'";
    let wanted = in_use(visible).and(named, vec![pattern.clone(), pattern]);
    db.all(wanted.rows(WHOLE, "ORDER BY p.folded, p.id", Vec::new()))
}

/// One project that one may read; others are unknown.
pub fn find(db: &mut Conn, visible: &Visible, id: ProjectId) -> Result<Option<Project>, Error> {
    db.first(readable(visible).and("p.id = ?", vec![id.value()]).rows(WHOLE, "", Vec::new()))
}

/// What of a project its settings say.
#[derive(Clone, Debug)]
pub struct Settings<'a> {
    /// Its name.
    pub name: &'a ProjectName,
    /// What it is about.
    pub description: &'a Description,
    /// Whether workspace roles reach into it only with `see_private_projects`.
    pub private: bool,
    /// Whether its cases are reviewed before they are ready.
    pub review: bool,
}

/// Gives the proof's project these settings.
pub fn update(tx: &mut Tx, still: &Still<ManageProject>, settings: &Settings) -> Result<(), Error> {
    tx.run(sql!(
        "UPDATE project SET name = ?, folded = ?, description = ?, private = ?, review = ? WHERE workspace = ? AND id = ?",
        settings.name.as_str(),
        settings.name.folded(),
        settings.description.as_str(),
        settings.private,
        settings.review,
        still.workspace(),
        still.project()
    ))?;
    Ok(())
}

record! {
    /// Somebody with a role on a project.
    pub struct OnProject {
        /// The membership.
        pub member: MemberId,
        /// Whose.
        pub person: PersonId,
        /// What the person is called.
        pub name: String,
        /// What the list is sorted by.
        pub folded: String,
        /// The role on the project.
        pub role: Role,
        /// The role in the workspace.
        pub workspace_role: Role,
        /// `active` or `deactivated`.
        pub state: String,
    }
}

/// Who holds a role on the proof's project, by name.
pub fn people<R>(db: &mut Conn, may: &May<R>, page: &Page<(String, MemberId)>) -> Result<Slice<OnProject>, Error> {
    let on = "m.workspace = ? AND g.project = ? AND m.state IN ('active', 'deactivated')";
    let mut wanted = All::of(on, vec![may.workspace().value(), may.project().value()]);
    if let Some((folded, id)) = &page.after {
        wanted = wanted.and("(m.folded, m.id) > (?, ?)", vec![folded.value(), id.value()]);
    }
    let select = "SELECT g.member, m.person, p.name, m.folded, g.role, m.role AS workspace_role, m.state
        FROM project_grant g JOIN member m ON m.id = g.member JOIN person p ON p.id = m.person";
    Ok(page.cut(db.all(wanted.rows(select, "ORDER BY m.folded, m.id LIMIT ?", vec![page.probe().value()]))?))
}

/// The key of a project one may read.
pub fn key_of(db: &mut Conn, visible: &Visible, id: ProjectId) -> Result<Option<String>, Error> {
    let wanted = readable(visible).and("p.id = ?", vec![id.value()]);
    let row: Option<Key> = db.first(wanted.rows("SELECT p.key FROM project p", "", Vec::new()))?;
    Ok(row.map(|row| row.key))
}

record! {
    struct Key {
        key: String,
    }
}

/// Whether the workspace has any project in use: inviting needs one.
pub fn any(db: &mut Conn, member: &Member) -> Result<bool, Error> {
    let text = "SELECT id FROM project WHERE workspace = ? AND archived_at IS NULL AND trashed_at IS NULL LIMIT 1";
    let first: Option<db::Row> = db.first(sql!(text, member.workspace()))?;
    Ok(first.is_some())
}

/// Makes a project with the root of its folders and the counter of its cases; `None` if the key is taken in this workspace.
pub fn insert(
    tx: &mut Tx,
    still: &Still<CreateProjects>,
    key: &ProjectKey,
    name: &ProjectName,
    private: bool,
    now: &Now,
) -> Result<Option<Project>, Error> {
    let id: ProjectId = now.id();
    let added = tx.run(sql!(
        "INSERT INTO project (id, workspace, key, name, folded, private, created_by, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (workspace, key) DO NOTHING",
        id,
        still.workspace(),
        key.as_str(),
        name.as_str(),
        name.folded(),
        private,
        still.person(),
        now.at
    ))?;
    if added == 1 {
        insert_repository(tx, still, id, now)?;
    }
    let project = Project {
        id,
        key: key.as_str().to_owned(),
        name: name.as_str().to_owned(),
        description: String::new(),
        private,
        review: true,
        created_at: now.at,
        archived_at: None,
        trashed_at: None,
    };
    Ok((added == 1).then_some(project))
}

/// The folder that all others are in; nobody sees it. And the counter that numbers cases.
fn insert_repository(tx: &mut Tx, still: &Still<CreateProjects>, project: ProjectId, now: &Now) -> Result<(), Error> {
    let id: FolderId = now.id();
    tx.run(sql!(
        "INSERT INTO folder (id, workspace, project, parent, name, name_key, rank, created_at)
         VALUES (?, ?, ?, NULL, '', '', '', ?)",
        id,
        still.workspace(),
        project,
        now.at
    ))?;
    tx.run(sql!("INSERT INTO case_counter (project, last) VALUES (?, 0)", project))?;
    Ok(())
}

/// Records that a member holds a role on a project.
pub fn grant(tx: &mut Tx, to: MemberId, grant: ProjectRole, by: PersonId, now: &Now) -> Result<(), Error> {
    tx.run(sql!(
        "INSERT INTO project_grant (project, member, role, granted_by, granted_at) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (member, project) DO UPDATE
         SET role = excluded.role, granted_by = excluded.granted_by, granted_at = excluded.granted_at",
        grant.project.id,
        to,
        grant.role,
        by,
        now.at
    ))?;
    Ok(())
}

/// Takes back the role a member holds on one project.
pub fn ungrant(tx: &mut Tx, from: MemberId, project: ProjectId) -> Result<(), Error> {
    tx.run(sql!("DELETE FROM project_grant WHERE member = ? AND project = ?", from, project))?;
    Ok(())
}

/// Takes back every role a member holds on projects.
pub fn ungrant_all(tx: &mut Tx, from: MemberId) -> Result<(), Error> {
    tx.run(sql!("DELETE FROM project_grant WHERE member = ?", from))?;
    Ok(())
}

record! {
    struct GrantRow {
        project: ProjectId,
        private: bool,
        role: Role,
    }
}

/// The roles a member holds on projects, active or not: what letting him in again would grant.
pub fn of_member<R>(db: &mut Conn, may: &May<R>, member: MemberId) -> Result<Vec<ProjectRole>, Error> {
    let rows: Vec<GrantRow> = db.all(sql!(
        "SELECT g.project, p.private, g.role FROM project_grant g JOIN project p ON p.id = g.project
         WHERE g.member = ? AND p.workspace = ? ORDER BY p.folded, p.id",
        member,
        may.workspace()
    ))?;
    let grant = |row: GrantRow| ProjectRole { project: ProjectFacts::active(row.project, row.private), role: row.role };
    Ok(rows.into_iter().map(grant).collect())
}

record! {
    /// A role somebody holds on a project.
    pub struct Held {
        /// Who.
        pub member: MemberId,
        /// Where.
        pub project: ProjectId,
        /// The project's key.
        pub key: String,
        /// The project's name.
        pub name: String,
        /// Whether the project is private.
        pub private: bool,
        /// What.
        pub role: Role,
    }
}

/// The roles these members hold on projects one may see, by the projects' names.
pub fn held(db: &mut Conn, visible: &Visible, members: &[MemberId]) -> Result<Vec<Held>, Error> {
    if members.is_empty() {
        return Ok(Vec::new());
    }
    let select = "SELECT g.member, g.project, p.key, p.name, p.private, g.role FROM project_grant g
        JOIN project p ON p.id = g.project";
    let theirs = format!("g.member IN ({})", marks(members));
    let wanted = readable(visible).and(theirs, members.iter().map(Param::value).collect());
    db.all(wanted.rows(select, "ORDER BY p.folded, p.id", Vec::new()))
}
