//! A case as its table has it, for tests of what cases have.

use db::sql;
use domain::id::CaseId;
use store::projects::Project;
use uuid::Uuid;

use crate::house::House;

/// The next case at the top of a project, with the keys 1 and 2 of properties.
pub async fn insert(house: &House, project: &Project) -> CaseId {
    let (project, workspace, person) =
        (Uuid::from(project.id), Uuid::from(house.owner.workspace), Uuid::from(house.owner.who.person));
    house
        .write(move |tx, now| {
            let id: CaseId = now.id();
            tx.run(sql!(
                "INSERT INTO test_case (id, workspace, project, number, folder, rank, title, title_key, template, status,
                 priority, type, automation, created_at, created_by, changed_at, changed_by, content)
                 SELECT ?, f.workspace, f.project, (SELECT COALESCE(MAX(number), 0) + 1 FROM test_case WHERE project = ?),
                 f.id, 'a', 'Case', 'case', 'steps', 1, 2, 1, 1, ?, ?, ?, ?, '{}'
                 FROM folder f WHERE f.workspace = ? AND f.project = ? AND f.parent IS NULL",
                Uuid::from(id),
                project,
                now.at.micros(),
                person,
                now.at.micros(),
                person,
                workspace,
                project
            ))?;
            Ok(id)
        })
        .await
}
