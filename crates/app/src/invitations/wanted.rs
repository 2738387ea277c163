//! Roles on projects as people write them: by the project's id or key.

use db::Conn;
use domain::access::{Member, ProjectFacts, ProjectRole, Role};
use store::access;

use crate::Failure;

/// A role wanted on a project, whose name is not yet looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedRole {
    /// The project's id or key.
    pub project: String,
    /// The role.
    pub role: Role,
}

/// Looks the projects up. One the member cannot read answers like an unknown one.
pub fn resolve(db: &mut Conn, member: &Member, wanted: &[WantedRole]) -> Result<Vec<ProjectRole>, Failure> {
    let mut found: Vec<ProjectRole> = Vec::with_capacity(wanted.len());
    for want in wanted {
        let project = find(db, member, &want.project)?;
        if found.iter().any(|other| other.project.id == project.id) {
            return Err(Failure::invalid("projects", "twice", format!("The project {} is named twice.", want.project)));
        }
        found.push(ProjectRole { project, role: want.role });
    }
    Ok(found)
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
