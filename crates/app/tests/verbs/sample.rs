//! `muster sample`: what it writes is what the verbs would have written.

use std::collections::BTreeMap;

use app::{
    Failure,
    cases::{self, NewCase},
    folders::{self, Place},
    sample::{self, Made, Sample},
};
use db::sql;
use domain::{
    access::{Read, Role, WriteCases},
    case::{Field, Fields},
    id::FolderId,
    project_key::ProjectKey,
    title::{FolderName, ProjectName},
};
use serde_json::Map;
use store::{cases::Reference, projects::Project};
use uuid::Uuid;

use crate::{bed::on_both_engines, world::World};

on_both_engines! { World:
    a_sample_is_what_the_verbs_would_have_written
    the_same_seed_makes_the_same_project_and_another_another
    a_sample_leaves_no_session_and_takes_no_key_twice
    where_there_are_several_workspaces_one_is_named
}

fn wanted(key: &str, cases: usize) -> Sample {
    let (key, name) = (ProjectKey::parse(key).unwrap(), ProjectName::parse(key).unwrap());
    Sample { workspace: Some("hollin".into()), key, name, cases, seed: 7 }
}

/// Folders with parent and place, cases with all they keep, and the kinds of event, as lines without ids.
const LINES: [&str; 4] = [
    "SELECT f.name || '|' || COALESCE(u.name, '') || '|' || f.rank || '|' || CAST(f.cases AS text) AS line
     FROM folder f LEFT JOIN folder u ON u.id = f.parent WHERE f.project = ? ORDER BY f.id",
    "SELECT CAST(c.number AS text) || '|' || f.name || '|' || c.rank || '|' || c.title || '|' || c.title_key || '|'
        || c.template || '|' || CAST(c.status AS text) || CAST(c.priority AS text) || '|' || CAST(c.type AS text) || '|'
        || CAST(c.automation AS text) || '|' || COALESCE(o.name, '') || '|' || COALESCE(r.name, '') || '|'
        || COALESCE(CAST(c.estimate AS text), '') || '|' || c.review || CAST(c.revision AS text)
        || CAST(c.version AS text) || '|' || c.touched || '|' || c.content || '|' || v.snapshot || '|'
        || SUBSTR(w.terms, 34) AS line
     FROM test_case c JOIN folder f ON f.id = c.folder JOIN case_words w ON w.case_id = c.id
     JOIN case_version v ON v.case_id = c.id AND v.ended_at IS NULL AND v.author = c.created_by
     LEFT JOIN person o ON o.id = c.owner LEFT JOIN person r ON r.id = c.reviewer WHERE c.project = ? ORDER BY c.number",
    "SELECT CAST(last AS text) AS line FROM case_counter WHERE project = ?",
    "SELECT e.what || ' ' || x.label AS line FROM event e JOIN event_personal x ON x.event = e.id
     WHERE e.project = ? AND e.what <> 'project.created' ORDER BY e.what, x.label",
];

impl World {
    async fn lines(&self, project: &Project) -> Vec<String> {
        let id = Uuid::from(project.id);
        let read = self.read(move |db, _| {
            let mut lines = Vec::new();
            for text in LINES {
                lines.extend(db.all::<db::Row>(sql!(text, id))?);
            }
            Ok(lines)
        });
        let mut lines: Vec<String> = read.await.into_iter().map(|mut row| row.get("line").unwrap()).collect();
        lines.sort_unstable();
        lines
    }

    async fn sampled(&self, sample: Sample) -> Project {
        let key = sample.key.as_str().to_owned();
        sample::make(&self.app, sample, |_| {}).await.unwrap();
        let owner = self.owner;
        self.read(move |db, _| {
            let member = store::access::member(db, &owner.who, owner.workspace)?.unwrap();
            let mut all = store::projects::visible(db, &member.visible())?;
            all.retain(|project| project.key == key);
            Ok(all.remove(0))
        })
        .await
    }

    /// Folders in the order they were made, and cases by number.
    async fn content(&self, project: &Project) -> (Vec<(FolderId, Option<FolderId>, String)>, Vec<(FolderId, Fields)>) {
        let may = self.may_in::<Read>(self.owner, project).await.unwrap();
        let project = project.id;
        self.read(move |db, _| {
            let tree = store::folders::tree(db, &may)?;
            let mut folders: Vec<_> = tree.folders().iter().filter(|folder| folder.depth > 0).collect();
            folders.sort_by_key(|folder| folder.row.id);
            let folders = folders.into_iter().map(|one| (one.row.id, one.row.parent, one.row.name.clone())).collect();
            let mut cases = Vec::new();
            while let Some(case) =
                store::cases::find(db, &may, Reference::Number(1 + i64::try_from(cases.len()).unwrap()))?
            {
                assert_eq!(case.project, project);
                cases.push((case.folder, case.fields));
            }
            Ok((folders, cases))
        })
        .await
    }
}

async fn a_sample_is_what_the_verbs_would_have_written(world: World) {
    world.member(Role::Tester).await;
    world.member(Role::Manager).await;
    let made = world.sampled(wanted("SHOP", 150)).await;
    let (folders, cases) = world.content(&made).await;
    assert_eq!((folders.len(), cases.len()), (7, 150));
    let twin = world.project("TWIN", false).await;
    let may = world.may_in::<WriteCases>(world.owner, &twin).await.unwrap();
    let mut ids = BTreeMap::new();
    for (id, parent, name) in folders {
        let (may, parent) = (may.clone(), parent.and_then(|parent| ids.get(&parent).copied()));
        let name = FolderName::parse(&name).unwrap();
        let made =
            world.write(move |tx, now| folders::create(tx, &may, &name, Place { parent, before: None }, now)).await;
        ids.insert(id, made.unwrap());
    }
    for (folder, fields) in cases {
        let sets = Field::ALL.iter().map(|field| fields.get(*field)).collect();
        let new = NewCase { folder: Some(ids[&folder]), title: fields.title.clone(), sets, values: Map::new() };
        let may = may.clone();
        world.write(move |tx, now| cases::create(tx, &may, &new, now)).await.unwrap();
    }
    let (sampled, written) = (world.lines(&made).await, world.lines(&twin).await);
    assert!(sampled.len() > 300, "{}", sampled.len());
    for (one, other) in sampled.iter().zip(&written) {
        assert_eq!(one, other);
    }
    assert_eq!(sampled.len(), written.len());
}

async fn the_same_seed_makes_the_same_project_and_another_another(world: World) {
    let one = world.sampled(wanted("ONE", 60)).await;
    let same = world.sampled(wanted("SAME", 60)).await;
    let other = world.sampled(Sample { seed: 8, ..wanted("OTHER", 60) }).await;
    let lines = world.lines(&one).await;
    assert_eq!(lines, world.lines(&same).await);
    assert_ne!(lines, world.lines(&other).await);
}

async fn a_sample_leaves_no_session_and_takes_no_key_twice(world: World) {
    let sessions = "SELECT COUNT(*) AS n FROM session";
    let before = world.count(sessions).await;
    let mut heard = Vec::new();
    let made = sample::make(&world.app, wanted("SHOP", 1_100), |written| heard.push(written)).await.unwrap();
    assert_eq!(made, Made { folders: 55, cases: 1_100 });
    assert_eq!(heard, [500, 1_000, 1_100]);
    assert_eq!(world.count(sessions).await, before);
    let again = sample::make(&world.app, wanted("SHOP", 10), |_| {}).await;
    assert!(matches!(again, Err(Failure::Invalid(_))), "{again:?}");
    assert_eq!(world.count(sessions).await, before);
}

async fn where_there_are_several_workspaces_one_is_named(world: World) {
    world.another().await;
    let refused = sample::make(&world.app, Sample { workspace: None, ..wanted("SHOP", 10) }, |_| {}).await;
    let Err(Failure::Conflict { detail, .. }) = refused else { panic!("{refused:?}") };
    assert!(detail.contains("ash, hollin"), "{detail}");
    let named = Sample { workspace: Some("ash".into()), ..wanted("SHOP", 10) };
    assert_eq!(sample::make(&world.app, named, |_| {}).await.unwrap().cases, 10);
}
