//! Roles on projects as people write them: by the project's id or key.

use std::collections::HashMap;

use db::Conn;
use domain::{
    access::{Member, ProjectFacts, ProjectRole, Role},
    id::ProjectId,
};
use store::{access, projects};

use crate::Failure;

/// A role wanted on a project, whose name is not yet looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedRole {
    /// The project's id or key.
    pub project: String,
    /// The role.
    pub role: Role,
}

/// The projects somebody can read, looked up once for all rows of a batch.
#[derive(Clone, Debug, Default)]
pub struct Projects {
    keys: HashMap<String, ProjectFacts>,
}

impl Projects {
    /// Those this member can read.
    pub fn read(db: &mut Conn, member: &Member) -> Result<Self, Failure> {
        let visible = projects::visible(db, &member.visible())?.into_iter();
        Ok(Self { keys: visible.map(|project| (project.key.clone(), project.facts())).collect() })
    }

    fn find(&self, reference: &str) -> Option<ProjectFacts> {
        match reference.parse::<ProjectId>() {
            Ok(id) => self.keys.values().find(|project| project.id == id).copied(),
            Err(_) => self.keys.get(&reference.to_uppercase()).copied(),
        }
    }

    /// Looks the projects up. One the member cannot read answers like an unknown one.
    pub fn resolve(&self, wanted: &[WantedRole]) -> Result<Vec<ProjectRole>, Failure> {
        let mut found: Vec<ProjectRole> = Vec::with_capacity(wanted.len());
        for want in wanted {
            let project = self.find(&want.project).ok_or_else(|| unknown(&want.project))?;
            if found.iter().any(|other| other.project.id == project.id) {
                let detail = format!("The project {} is named twice.", want.project);
                return Err(Failure::invalid("projects", "twice", detail));
            }
            found.push(ProjectRole { project, role: want.role });
        }
        Ok(found)
    }
}

/// The same for one list of roles alone.
pub fn resolve(db: &mut Conn, member: &Member, wanted: &[WantedRole]) -> Result<Vec<ProjectRole>, Failure> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    Projects::read(db, member)?.resolve(wanted)
}

/// The project of an id or key, if the member can read it.
pub fn find(db: &mut Conn, member: &Member, reference: &str) -> Result<ProjectFacts, Failure> {
    if reference.contains('\0') {
        return Err(unknown(reference));
    }
    let found = access::project(db, member, reference)?.filter(|project| member.visible().contains(*project));
    found.ok_or_else(|| unknown(reference))
}

fn unknown(project: &str) -> Failure {
    Failure::invalid("projects", "unknown_project", format!("There is no project {project:?} that you can see."))
}

/// For the audit log: `prj_… tester, prj_… manager`.
pub fn words(grants: &[ProjectRole]) -> String {
    grants.iter().map(|grant| format!("{} {}", grant.project.id, grant.role)).collect::<Vec<_>>().join(", ")
}
