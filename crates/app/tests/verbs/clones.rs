//! Cases written again, in their project and in another one.

use app::{
    Failure,
    cases::{NewCase, Save},
    clones::{self, Cloned},
};
use domain::{
    access::{Read, Role, WriteCases},
    case::{Markdown, Set, Step, review::Review},
    id::{CaseId, FolderId},
    step_group::GroupSteps,
    title::{CaseTitle, StepGroupName},
};
use store::{cases::Reference, projects::Project};

use crate::{
    bed::on_both_engines,
    world::{Actor, World, refusal},
};

on_both_engines! { World:
    a_clone_says_what_its_case_says_and_begins_anew
    elsewhere_what_the_project_does_not_know_has_its_default
    what_cannot_be_cloned_is_counted_or_named_and_takes_no_number
    who_may_not_write_there_clones_nothing
}

impl World {
    async fn clone_cases(
        &self,
        by: Actor,
        (from, into): (&Project, &Project),
        ids: &[CaseId],
        folder: Option<FolderId>,
    ) -> Result<Cloned, Failure> {
        let (seen, may) = (self.may_in::<Read>(by, from).await?, self.may_in::<WriteCases>(by, into).await?);
        let ids = ids.to_vec();
        self.write(move |tx, now| clones::clone_cases(tx, &seen, &may, &ids, folder, now)).await
    }
}

fn text(text: &str) -> Markdown {
    Markdown::parse(text).unwrap()
}

async fn a_clone_says_what_its_case_says_and_begins_anew(world: World) {
    let app = world.project("APP", false).await;
    let may = world.proof::<WriteCases>(world.owner, &app).await;
    let sets = vec![Set::Priority(4), Set::Labels(vec!["smoke".into()]), Set::Description(text("Why"))];
    let title = CaseTitle::parse("Redeem").unwrap();
    let new = NewCase { folder: None, title, sets, values: serde_json::Map::new() };
    let id = world.write(move |tx, now| Ok(app::cases::create(tx, &may, &new, now)?.id)).await.unwrap();
    let may = world.proof::<WriteCases>(world.owner, &app).await;
    let save = Save { base: 1, sets: vec![Set::Type(2)], values: serde_json::Map::new() };
    world.write(move |tx, now| app::cases::save(tx, &may, Reference::Id(id), &save, now)).await.unwrap();
    let cloned = world.clone_cases(world.owner, (&app, &app), &[id, id], None).await.unwrap();
    assert_eq!((cloned.cases.len(), cloned.skipped, cloned.cases[0].number), (1, 1, 2), "each once");
    let (was, is) = (world.whole(&app, id).await, world.whole(&app, cloned.cases[0].id).await);
    assert_eq!(is.fields, was.fields);
    assert_eq!((is.revision, is.version, is.review), (1, 1, Review::Draft));
    let told = world.log().await;
    let told = told.iter().find(|entry| entry.what == "case.cloned").unwrap();
    assert_eq!(told.target, is.id.to_string());
    assert_eq!(world.count("SELECT CAST(SUM(cases) AS bigint) AS n FROM folder").await, 2);
}

async fn elsewhere_what_the_project_does_not_know_has_its_default(world: World) {
    let (app, ops) = (world.project("APP", false).await, world.project("OPS", false).await);
    let id = world.some_cases(&app, 1).await[0];
    let may = world.proof::<WriteCases>(world.owner, &app).await;
    let tester = world.member(Role::Tester).await;
    world
        .write(move |tx, now| {
            let steps = vec![Step::Own { action: text("Sign in"), expected: text("In") }];
            let name = StepGroupName::parse("Sign in").unwrap();
            let group = app::step_groups::create(tx, &may, &name, &GroupSteps::checked(steps).unwrap(), now)?.id;
            let sets = vec![Set::Steps(vec![Step::Group { group }]), Set::Owner(Some(tester.who.person))];
            let save = Save { base: 1, sets, values: serde_json::Map::new() };
            app::cases::save(tx, &may, Reference::Id(id), &save, now)
        })
        .await
        .unwrap();
    world.deactivate(world.owner, tester).await.unwrap();
    let cloned = world.clone_cases(world.owner, (&app, &ops), &[id], None).await.unwrap();
    let clone = world.whole(&ops, cloned.cases[0].id).await;
    assert_eq!((clone.number, clone.fields.owner), (1, None), "who left owns no new case");
    assert_eq!(clone.fields.content.steps, [Step::Own { action: text("Sign in"), expected: text("In") }]);
    let here = world.clone_cases(world.owner, (&app, &app), &[id], None).await.unwrap();
    assert!(matches!(world.whole(&app, here.cases[0].id).await.fields.content.steps[..], [Step::Group { .. }]));
}

async fn what_cannot_be_cloned_is_counted_or_named_and_takes_no_number(world: World) {
    let (app, ops) = (world.project("APP", false).await, world.project("OPS", false).await);
    let ids = world.some_cases(&app, 3).await;
    world.delete_cases(&app, &ids[..1]).await;
    let settles = world.proof::<domain::access::Settle>(world.owner, &ops).await;
    world
        .write(move |tx, now| {
            let name = domain::title::FieldName::parse("Component").unwrap();
            let kind = domain::field::FieldKind::Text;
            let new = app::fields::NewField { name, kind, required: true, options: Vec::new() };
            app::fields::create(tx, &settles, &new, now).map(drop)
        })
        .await
        .unwrap();
    let cloned = world.clone_cases(world.owner, (&app, &ops), &ids, None).await.unwrap();
    assert_eq!((cloned.cases.len(), cloned.skipped, cloned.passed_over.len()), (0, 1, 2));
    assert!(cloned.passed_over[0].why.contains("Component"), "{}", cloned.passed_over[0].why);
    assert_eq!(world.count("SELECT CAST(SUM(last) AS bigint) AS n FROM case_counter").await, 3);
    let other = world.folder_in(&app).await;
    assert_eq!(refusal(world.clone_cases(world.owner, (&app, &ops), &ids, Some(other)).await), "folder unknown");
    assert_eq!(refusal(world.clone_cases(world.owner, (&app, &app), &[], None).await), "cases required");
}

async fn who_may_not_write_there_clones_nothing(world: World) {
    let (app, ops) = (world.project("APP", false).await, world.project("OPS", true).await);
    let ids = world.some_cases(&app, 1).await;
    let hidden = world.some_cases(&ops, 1).await;
    let (tester, reader) = (world.member(Role::Tester).await, world.member(Role::ReadOnly).await);
    assert!(world.clone_cases(tester, (&app, &ops), &ids, None).await.is_err(), "a project he does not see");
    assert!(world.clone_cases(tester, (&ops, &app), &hidden, None).await.is_err());
    assert!(world.clone_cases(reader, (&app, &app), &ids, None).await.is_err());
    let cloned = world.clone_cases(tester, (&app, &app), &hidden, None).await.unwrap();
    assert_eq!((cloned.cases.len(), cloned.skipped), (0, 1), "of another project");
}

impl World {
    async fn folder_in(&self, project: &Project) -> FolderId {
        let may = self.proof::<WriteCases>(self.owner, project).await;
        let place = app::folders::Place { parent: None, before: None };
        let name = domain::title::FolderName::parse("Checkout").unwrap();
        self.write(move |tx, now| app::folders::create(tx, &may, &name, place, now)).await.unwrap()
    }
}
