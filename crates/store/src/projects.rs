//! Projects and the roles held on them.

use db::{Conn, Error, Tx};
use domain::{
    access::{CreateProjects, Member, ProjectFacts, ProjectRole, Role, Still, Visible},
    id::{MemberId, PersonId, ProjectId},
    now::Now,
    project_key::ProjectKey,
    time::Time,
    title::ProjectName,
};

use crate::{
    Param,
    sql::{All, marks},
};

record! {
    /// A project.
    pub struct Project {
        /// Which.
        pub id: ProjectId,
        /// Its immutable key.
        pub key: String,
        /// Its name.
        pub name: String,
        /// Whether workspace roles reach into it only with `see_private_projects`.
        pub private: bool,
        /// When it was made.
        pub created_at: Time,
    }
}

impl Project {
    /// What decides about access to it.
    pub fn facts(&self) -> ProjectFacts {
        ProjectFacts { id: self.id, private: self.private }
    }
}

/// Projects `p` that one may read. Whatever lists, counts or names projects begins with it.
pub(crate) fn readable(visible: &Visible) -> All {
    let here = All::of("p.workspace = ?", vec![visible.workspace().value()]);
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

/// The projects one may read, by name.
pub fn visible(db: &mut Conn, visible: &Visible) -> Result<Vec<Project>, Error> {
    let select = "SELECT p.id, p.key, p.name, p.private, p.created_at FROM project p";
    db.all(readable(visible).rows(select, "ORDER BY p.folded, p.id", Vec::new()))
}

/// Whether the workspace has any project at all: inviting needs one.
pub fn any(db: &mut Conn, member: &Member) -> Result<bool, Error> {
    let first: Option<db::Row> =
        db.first(sql!("SELECT id FROM project WHERE workspace = ? LIMIT 1", member.workspace()))?;
    Ok(first.is_some())
}

/// Makes a project; `None` if the key is taken in this workspace.
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
    let project =
        Project { id, key: key.as_str().to_owned(), name: name.as_str().to_owned(), private, created_at: now.at };
    Ok((added == 1).then_some(project))
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
pub fn of_member<R>(tx: &mut Tx, still: &Still<R>, member: MemberId) -> Result<Vec<ProjectRole>, Error> {
    let rows: Vec<GrantRow> = tx.all(sql!(
        "SELECT g.project, p.private, g.role FROM project_grant g JOIN project p ON p.id = g.project
         WHERE g.member = ? AND p.workspace = ? ORDER BY p.folded, p.id",
        member,
        still.workspace()
    ))?;
    let grant =
        |row: GrantRow| ProjectRole { project: ProjectFacts { id: row.project, private: row.private }, role: row.role };
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
