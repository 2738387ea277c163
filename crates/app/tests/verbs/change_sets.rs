//! Values for many cases at once: each as by a save of its own, told case by case, taken back as a whole.

use std::collections::BTreeMap;

use app::{
    Failure,
    change_sets::{self, Edit, Which},
};
use domain::{
    access::{Read, Role, WriteCases},
    case::Set,
    change_set::{Change, Phase, Values},
    id::{CaseId, ChangeSetId},
    title::CaseTitle,
};
use store::{
    case_list::{Filter, Sort, Wanted},
    cases::{Case, Reference},
    change_sets::ChangeSet,
    projects::Project,
};

use crate::{
    bed::on_both_engines,
    world::{Actor, World, refusal},
};

on_both_engines! { World:
    each_case_is_changed_as_by_a_save_of_its_own
    what_is_passed_over_is_counted_and_named
    a_change_set_is_taken_back_and_what_others_changed_since_stays
    a_large_change_set_goes_on_until_every_case_had_its_turn
    one_on_its_way_is_taken_back_too
    a_value_that_vanished_on_the_way_is_refused_for_the_rest
    cases_that_pass_a_filter_are_changed_all
    labels_are_added_and_taken_away_and_come_back
    fields_of_the_projects_own_are_given_and_taken_back
    values_that_do_not_exist_change_nothing
    a_reader_changes_nothing_and_nobody_takes_back_anothers
    who_loses_the_right_on_the_way_stops_there
}

fn setting(sets: &[Set]) -> Edit {
    Edit { change: Change { set: Values::of(sets.to_vec()), ..Change::default() }, ..Edit::default() }
}

impl World {
    async fn edit_many(
        &self,
        by: Actor,
        project: &Project,
        cases: &[CaseId],
        sets: &[Set],
    ) -> Result<ChangeSet, Failure> {
        let (may, ids, sets) = (self.proof::<WriteCases>(by, project).await, cases.to_vec(), sets.to_vec());
        self.write(move |tx, now| change_sets::edit(tx, &may, Which::These(&ids), &setting(&sets), now)).await
    }

    async fn undo(&self, by: Actor, project: &Project, id: ChangeSetId) -> Result<ChangeSet, Failure> {
        let may = self.proof::<WriteCases>(by, project).await;
        self.write(move |tx, now| change_sets::take_back(tx, &may, id, now)).await
    }

    async fn go_on(&self, by: Actor, project: &Project, id: ChangeSetId) -> Result<ChangeSet, Failure> {
        let may = self.proof::<WriteCases>(by, project).await;
        self.write(move |tx, now| change_sets::go_on(tx, &may, id, now)).await
    }

    async fn came_to(&self, id: ChangeSetId) -> BTreeMap<&'static str, i64> {
        self.read(move |db, _| Ok(store::change_sets::counts(db, id)?)).await
    }

    pub async fn some_cases(&self, project: &Project, count: usize) -> Vec<CaseId> {
        let mut ids = Vec::new();
        for _ in 0..count {
            ids.push(self.case_in(project, None).await.unwrap());
        }
        ids
    }

    pub async fn whole(&self, project: &Project, id: CaseId) -> Case {
        let may = self.proof::<Read>(self.owner, project).await;
        self.read(move |db, _| Ok(store::cases::find(db, &may, Reference::Id(id))?.unwrap())).await
    }
}

async fn each_case_is_changed_as_by_a_save_of_its_own(world: World) {
    let (app, tester) = (world.project("APP", false).await, world.member(Role::Tester).await);
    let ids = world.some_cases(&app, 3).await;
    let owner = Some(world.owner.who.person);
    let set = world.edit_many(tester, &app, &ids, &[Set::Priority(4), Set::Owner(owner)]).await.unwrap();
    assert_eq!((set.phase, set.total, set.waiting), (Phase::Done, 3, 0));
    for id in &ids {
        let case = world.whole(&app, *id).await;
        assert_eq!((case.fields.priority, case.fields.owner), (4, owner));
        assert_eq!((case.revision, case.version, case.changed_by), (2, 2, tester.who.person), "another's edit");
    }
    let log = world.log().await;
    let of = |what: &str| log.iter().filter(|entry| entry.what == what).collect::<Vec<_>>();
    assert_eq!(of("case.changed").len(), 3);
    assert_eq!(of("case.many_edited")[0].label, "Priority, Owner");
}

async fn what_is_passed_over_is_counted_and_named(world: World) {
    let (app, other) = (world.project("APP", false).await, world.project("OPS", true).await);
    let ids = world.some_cases(&app, 3).await;
    let elsewhere = world.some_cases(&other, 1).await;
    world.edit_many(world.owner, &app, &ids[..1], &[Set::Priority(4)]).await.unwrap();
    world.delete_cases(&app, &ids[1..2]).await;
    let all = [ids.as_slice(), &elsewhere].concat();
    let set = world.edit_many(world.owner, &app, &all, &[Set::Priority(4)]).await.unwrap();
    assert_eq!((set.total, set.phase), (4, Phase::Done));
    assert_eq!(world.came_to(set.id).await.into_iter().collect::<Vec<_>>(), [("changed", 1), ("gone", 1), ("same", 1)]);
    assert_eq!(world.whole(&other, elsewhere[0]).await.fields.priority, 2, "of another project");
    assert_eq!(refusal(world.edit_many(world.owner, &app, &elsewhere, &[Set::Priority(4)]).await), "cases unknown");
    assert_eq!(refusal(world.edit_many(world.owner, &app, &[], &[Set::Priority(4)]).await), "cases required");
}

async fn a_change_set_is_taken_back_and_what_others_changed_since_stays(world: World) {
    let (app, tester) = (world.project("APP", false).await, world.member(Role::Tester).await);
    let ids = world.some_cases(&app, 3).await;
    let set = world.edit_many(world.owner, &app, &ids, &[Set::Priority(4)]).await.unwrap();
    world.edit_many(tester, &app, &ids[..1], &[Set::Priority(1)]).await.unwrap();
    world.edit_many(tester, &app, &ids[1..2], &[Set::Type(2)]).await.unwrap();
    let back = world.undo(world.owner, &app, set.id).await.unwrap();
    assert_eq!((back.phase, back.waiting), (Phase::Undone, 0));
    assert_eq!(world.came_to(set.id).await.into_iter().collect::<Vec<_>>(), [("back", 2), ("edited", 1)]);
    let mut priorities = Vec::new();
    for id in &ids {
        priorities.push(world.whole(&app, *id).await.fields.priority);
    }
    assert_eq!(priorities, [1, 2, 2]);
    assert_eq!(world.whole(&app, ids[1]).await.fields.r#type, 2, "another field of the tester's");
    assert_eq!(refusal(world.undo(world.owner, &app, set.id).await), "undone_already");
}

/// More than have their turn in one transaction.
const MANY: usize = 450;

impl World {
    /// Many cases, without the time that writing each would take.
    async fn many_cases(&self, project: &Project) -> Vec<CaseId> {
        let may = self.proof::<WriteCases>(self.owner, project).await;
        let new = app::cases::NewCase {
            folder: None,
            title: CaseTitle::parse("One of many").unwrap(),
            sets: vec![],
            values: serde_json::Map::new(),
        };
        self.write(move |tx, now| {
            (0..MANY).map(|_| app::cases::create(tx, &may, &new, now).map(|case| case.id)).collect()
        })
        .await
        .unwrap()
    }
}

async fn a_large_change_set_goes_on_until_every_case_had_its_turn(world: World) {
    let app = world.project("APP", false).await;
    let ids = world.many_cases(&app).await;
    let first = world.edit_many(world.owner, &app, &ids, &[Set::Priority(4)]).await.unwrap();
    assert_eq!((first.phase, first.waiting), (Phase::Doing, 250));
    let may = world.proof::<WriteCases>(world.owner, &app).await;
    change_sets::run(world.app.clone(), may.clone(), first.id, None).await;
    assert_eq!(world.came_to(first.id).await.into_iter().collect::<Vec<_>>(), [("changed", 450)]);
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM test_case WHERE priority = 4").await, 450);
    let back = world.undo(world.owner, &app, first.id).await.unwrap();
    assert_eq!((back.phase, back.waiting), (Phase::Undoing, 250));
    change_sets::run(world.app.clone(), may, first.id, None).await;
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM test_case WHERE priority = 2").await, 450);
}

async fn one_on_its_way_is_taken_back_too(world: World) {
    let app = world.project("APP", false).await;
    let ids = world.many_cases(&app).await;
    let set = world.edit_many(world.owner, &app, &ids, &[Set::Priority(4)]).await.unwrap();
    let back = world.undo(world.owner, &app, set.id).await.unwrap();
    assert_eq!((back.phase, back.waiting), (Phase::Undone, 0));
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM test_case WHERE priority = 2").await, 450);
    let still = world.go_on(world.owner, &app, set.id).await.unwrap();
    assert_eq!(still.phase, Phase::Undone, "the rest never has its turn");
}

async fn a_value_that_vanished_on_the_way_is_refused_for_the_rest(world: World) {
    let (app, tester) = (world.project("APP", false).await, world.member(Role::Tester).await);
    let ids = world.many_cases(&app).await;
    let theirs = Set::Owner(Some(tester.who.person));
    let set = world.edit_many(world.owner, &app, &ids, &[theirs]).await.unwrap();
    world.deactivate(world.owner, tester).await.unwrap();
    let set = world.go_on(world.owner, &app, set.id).await.unwrap();
    assert_eq!(set.phase, Phase::Done);
    assert_eq!(world.came_to(set.id).await.into_iter().collect::<Vec<_>>(), [("changed", 200), ("refused", 250)]);
}

async fn cases_that_pass_a_filter_are_changed_all(world: World) {
    let app = world.project("APP", false).await;
    let ids = world.some_cases(&app, 4).await;
    world.edit_many(world.owner, &app, &ids[..3], &[Set::Priority(3)]).await.unwrap();
    world.delete_cases(&app, &ids[..1]).await;
    let may = world.proof::<WriteCases>(world.owner, &app).await;
    let set = world.write(move |tx, now| {
        let properties = vec![(domain::property::Kind::Priority, vec![3])];
        let filter = Filter { properties, ..Filter::default() };
        let wanted = Wanted { folders: None, sort: Sort::Place, down: false, filter: &filter };
        change_sets::edit(tx, &may, Which::Passing(wanted), &setting(&[Set::Type(3)]), now)
    });
    let set = set.await.unwrap();
    assert_eq!((set.total, set.phase), (2, Phase::Done));
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM test_case WHERE type = 3").await, 2);
}

async fn labels_are_added_and_taken_away_and_come_back(world: World) {
    let app = world.project("APP", false).await;
    let ids = world.some_cases(&app, 2).await;
    world.edit_many(world.owner, &app, &ids[..1], &[Set::Labels(vec!["slow".into()])]).await.unwrap();
    let may = world.proof::<WriteCases>(world.owner, &app).await;
    let labels = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let change = Change { add_labels: labels(&["Smoke"]), remove_labels: labels(&["SLOW"]), ..Change::default() };
    let (edit, all) = (Edit { change, ..Edit::default() }, ids.clone());
    let set = world.write(move |tx, now| change_sets::edit(tx, &may, Which::These(&all), &edit, now)).await.unwrap();
    for id in &ids {
        assert_eq!(world.whole(&app, *id).await.fields.labels, ["Smoke"]);
    }
    world.undo(world.owner, &app, set.id).await.unwrap();
    assert_eq!(world.whole(&app, ids[0]).await.fields.labels, ["slow"]);
    assert!(world.whole(&app, ids[1]).await.fields.labels.is_empty());
}

async fn fields_of_the_projects_own_are_given_and_taken_back(world: World) {
    let app = world.project("APP", false).await;
    let ids = world.some_cases(&app, 2).await;
    let settles = world.proof::<domain::access::Settle>(world.owner, &app).await;
    let field = world.write(move |tx, now| {
        let name = domain::title::FieldName::parse("Component").unwrap();
        let kind = domain::field::FieldKind::Text;
        let new = app::fields::NewField { name: name.clone(), kind, required: false, options: Vec::new() };
        Ok(app::fields::create(tx, &settles, &new, now)?.id)
    });
    let field = field.await.unwrap();
    let values = serde_json::Map::from_iter([(field.to_string(), "Basket".into())]);
    let (may, all) = (world.proof::<WriteCases>(world.owner, &app).await, ids.clone());
    let edit = Edit { values, ..Edit::default() };
    let set = world.write(move |tx, now| change_sets::edit(tx, &may, Which::These(&all), &edit, now)).await.unwrap();
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM case_value WHERE text = 'Basket'").await, 2);
    let told = world.log().await;
    assert!(told.iter().any(|entry| entry.what == "case.many_edited" && entry.label == "Component"));
    world.undo(world.owner, &app, set.id).await.unwrap();
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM case_value").await, 0);
    assert_eq!(world.whole(&app, ids[1]).await.fields.values.len(), 0);
}

async fn values_that_do_not_exist_change_nothing(world: World) {
    let app = world.project("APP", false).await;
    let ids = world.some_cases(&app, 2).await;
    let title = Set::Title(CaseTitle::parse("One for all").unwrap());
    assert_eq!(refusal(world.edit_many(world.owner, &app, &ids, &[Set::Priority(99)]).await), "priority unknown");
    assert_eq!(refusal(world.edit_many(world.owner, &app, &ids, &[title]).await), "title own");
    assert_eq!(refusal(world.edit_many(world.owner, &app, &ids, &[]).await), "set required");
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM change_set").await, 0);
    assert_eq!(world.whole(&app, ids[0]).await.revision, 1);
}

async fn a_reader_changes_nothing_and_nobody_takes_back_anothers(world: World) {
    let (app, tester) = (world.project("APP", false).await, world.member(Role::Tester).await);
    let ids = world.some_cases(&app, 1).await;
    let set = world.edit_many(world.owner, &app, &ids, &[Set::Priority(4)]).await.unwrap();
    assert_eq!(refusal(world.undo(tester, &app, set.id).await), "unknown");
    let reader = world.member(Role::ReadOnly).await;
    assert!(world.may_in::<WriteCases>(reader, &app).await.is_err());
}

async fn who_loses_the_right_on_the_way_stops_there(world: World) {
    let (app, tester) = (world.project("APP", false).await, world.member(Role::Tester).await);
    let ids = world.many_cases(&app).await;
    let may = world.proof::<WriteCases>(tester, &app).await;
    let set = world.edit_many(tester, &app, &ids, &[Set::Priority(4)]).await.unwrap();
    world.set_role(world.owner, tester, Role::ReadOnly).await.unwrap();
    change_sets::run(world.app.clone(), may, set.id, None).await;
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM test_case WHERE priority = 4").await, 200);
}
