//! Writing cases: numbers, merging, versions, reviews.

use std::{collections::BTreeSet, time::Duration};

use app::{
    Failure,
    cases::{
        self, NewCase, Save,
        review::{self, Answer},
        versions,
    },
};
use domain::{
    access::{Role, Wanted},
    case::{Field, Markdown, Set, review::Review, version::SPAN},
    title::{CaseTitle, VersionName},
};
use serde_json::Map;
use store::{
    cases::{Case, Reference, Told},
    paging::Page,
    projects::Project,
};

use crate::{
    bed::on_both_engines,
    world::{Actor, World, at_once, refusal},
};

on_both_engines! { World:
    a_case_gets_the_next_number_and_the_defaults_of_its_project
    fifty_writers_at_once_get_fifty_numbers_without_a_gap
    what_does_not_exist_is_refused_field_by_field_and_takes_no_number
    two_people_saving_different_fields_lose_nothing
    two_people_saving_one_field_are_told_both_values
    of_twenty_saves_of_one_field_over_one_base_one_is_kept
    a_save_that_changes_nothing_leaves_no_trace
    saves_of_one_person_within_ten_minutes_are_one_version
    anothers_edit_a_name_and_a_review_end_a_version
    a_version_is_restored_as_a_new_one
    what_is_no_more_stays_as_it_is_when_a_version_is_restored
    a_review_is_asked_for_and_answered_and_an_edit_ends_an_approval
    only_who_may_review_is_asked_and_answers
    a_case_that_changed_since_it_was_read_is_not_approved
    a_reader_writes_nothing
}

impl World {
    pub async fn may_in<R: Wanted>(&self, actor: Actor, project: &Project) -> Result<domain::access::May<R>, Failure> {
        let facts = project.facts();
        self.app
            .read(move |db, _| {
                let member = store::access::member(db, &actor.who, actor.workspace)?.ok_or(Failure::Unknown)?;
                Ok(std::sync::Arc::new(member).may_in(facts)?)
            })
            .await
    }

    async fn write_case(&self, by: Actor, project: &Project, sets: Vec<Set>) -> Result<Case, Failure> {
        let (may, title) = (self.may_in(by, project).await?, CaseTitle::parse("Redeem").unwrap());
        let new = NewCase { folder: None, title, sets, values: Map::new() };
        self.write(move |tx, now| cases::create(tx, &may, &new, now)).await
    }

    async fn save(&self, by: Actor, project: &Project, base: i64, sets: Vec<Set>) -> Result<Case, Failure> {
        let (may, save) = (self.may_in(by, project).await?, Save { base, sets, values: Map::new() });
        self.write(move |tx, now| cases::save(tx, &may, Reference::Number(1), &save, now)).await
    }

    async fn case(&self, project: &Project) -> Case {
        let may = self.may_in::<domain::access::Read>(self.owner, project).await.unwrap();
        self.read(move |db, _| Ok(store::cases::find(db, &may, Reference::Number(1))?.unwrap())).await
    }

    /// Version and author of each, newest first.
    async fn versions(&self, project: &Project) -> Vec<Told> {
        let may = self.may_in::<domain::access::Read>(self.owner, project).await.unwrap();
        self.read(move |db, _| {
            let case = store::cases::find(db, &may, Reference::Number(1))?.unwrap();
            Ok(store::cases::versions(db, &may, case.id, &Page::first(50))?.rows)
        })
        .await
    }

    async fn review<T: Send + 'static>(
        &self,
        by: Actor,
        project: &Project,
        revision: i64,
        answer: Answer,
        what: impl Fn(Case) -> T,
    ) -> Result<T, Failure> {
        let may = self.may_in(by, project).await?;
        let done = self.write(move |tx, now| review::answer(tx, &may, Reference::Number(1), revision, &answer, now));
        done.await.map(what)
    }

    async fn submit(&self, by: Actor, project: &Project, reviewer: Option<Actor>) -> Result<Case, Failure> {
        let may = self.may_in(by, project).await?;
        let reviewer = reviewer.map(|actor| actor.who.person);
        self.write(move |tx, now| review::submit(tx, &may, Reference::Number(1), reviewer, now)).await
    }
}

fn title(text: &str) -> Set {
    Set::Title(CaseTitle::parse(text).unwrap())
}

fn text(text: &str) -> Set {
    Set::Description(Markdown::parse(text).unwrap())
}

async fn a_case_gets_the_next_number_and_the_defaults_of_its_project(world: World) {
    let (app, tester) = (world.project("APP", false).await, world.member(Role::Tester).await);
    let first = world.write_case(tester, &app, vec![]).await.unwrap();
    let second = world.write_case(tester, &app, vec![Set::Priority(4)]).await.unwrap();
    assert_eq!((first.number, second.number), (1, 2));
    assert_eq!((first.fields.status, first.fields.priority, second.fields.priority), (1, 2, 4));
    assert_eq!((first.review, first.version, first.created_by), (Review::Draft, 1, tester.who.person));
    let entry = &world.log().await[1];
    assert_eq!((entry.what.as_str(), entry.label.as_str()), ("case.created", "Redeem"));
    assert_eq!(entry.target, first.id.to_string());
}

async fn fifty_writers_at_once_get_fifty_numbers_without_a_gap(world: World) {
    let app = world.project("APP", false).await;
    let may = world.may_in::<domain::access::WriteCases>(world.owner, &app).await.unwrap();
    let written = at_once((0..50).map(|_| {
        let (world, may) = (world.app.clone(), may.clone());
        async move {
            let new =
                NewCase { folder: None, title: CaseTitle::parse("Raced").unwrap(), sets: vec![], values: Map::new() };
            world.write(None, move |tx, now| cases::create(tx, &may, &new, now)).await.unwrap().number
        }
    }));
    let numbers: BTreeSet<i64> = written.await.into_iter().collect();
    assert_eq!(numbers, (1..=50).collect());
    assert_eq!(world.count("SELECT CAST(SUM(cases) AS bigint) AS n FROM folder").await, 50);
    assert_eq!(world.count("SELECT COUNT(DISTINCT rank) AS n FROM test_case").await, 50);
}

async fn what_does_not_exist_is_refused_field_by_field_and_takes_no_number(world: World) {
    let (app, other) = (world.project("APP", false).await, world.another().await);
    let bad = vec![Set::Priority(99), Set::Owner(Some(other.who.person)), Set::Status(1)];
    assert_eq!(refusal(world.write_case(world.owner, &app, bad).await), "priority unknown, owner unknown");
    let may = world.may_in(world.owner, &app).await.unwrap();
    let lost = world.write(move |tx, now| {
        let new = NewCase {
            folder: Some(now.id()),
            title: CaseTitle::parse("Lost").unwrap(),
            sets: vec![],
            values: Map::new(),
        };
        cases::create(tx, &may, &new, now)
    });
    assert_eq!(refusal(lost.await), "folder unknown");
    assert_eq!(world.write_case(world.owner, &app, vec![]).await.unwrap().number, 1);
}

async fn two_people_saving_different_fields_lose_nothing(world: World) {
    let (app, tester) = (world.project("APP", false).await, world.member(Role::Tester).await);
    world.write_case(world.owner, &app, vec![]).await.unwrap();
    world.save(world.owner, &app, 1, vec![title("Redeem it")]).await.unwrap();
    let merged = world.save(tester, &app, 1, vec![text("Why"), Set::Priority(3)]).await.unwrap();
    assert_eq!((merged.fields.get(Field::Title), merged.fields.priority), (title("Redeem it"), 3));
    assert_eq!((merged.revision, world.case(&app).await.fields), (3, merged.fields));
}

async fn two_people_saving_one_field_are_told_both_values(world: World) {
    let (app, tester) = (world.project("APP", false).await, world.member(Role::Tester).await);
    world.write_case(world.owner, &app, vec![]).await.unwrap();
    world.save(world.owner, &app, 1, vec![text("Hers")]).await.unwrap();
    let told = world.save(tester, &app, 1, vec![text("His"), Set::Priority(3)]).await;
    let Err(Failure::Edited { revision, conflicts, .. }) = told else { panic!("{told:?}") };
    assert_eq!((revision, conflicts.len()), (2, 1));
    assert_eq!((&conflicts[0].theirs, &conflicts[0].yours), (&text("Hers"), &text("His")));
    assert_eq!((world.case(&app).await.fields.priority, world.case(&app).await.revision), (2, 2));
    let chosen = world.save(tester, &app, revision, vec![text("His"), Set::Priority(3)]).await.unwrap();
    assert_eq!((chosen.fields.get(Field::Description), chosen.fields.priority), (text("His"), 3));
    assert_eq!(refusal(world.save(tester, &app, 9, vec![text("?")]).await), "revision unknown");
}

async fn of_twenty_saves_of_one_field_over_one_base_one_is_kept(world: World) {
    let app = world.project("APP", false).await;
    world.write_case(world.owner, &app, vec![]).await.unwrap();
    let may = world.may_in::<domain::access::WriteCases>(world.owner, &app).await.unwrap();
    let saved = at_once((0..20).map(|n| {
        let (world, may) = (world.app.clone(), may.clone());
        async move {
            let save = Save { base: 1, sets: vec![title(&format!("Title {n}"))], values: Map::new() };
            world.write(None, move |tx, now| cases::save(tx, &may, Reference::Number(1), &save, now)).await
        }
    }));
    let saved = saved.await;
    let kept: Vec<&Case> = saved.iter().filter_map(|done| done.as_ref().ok()).collect();
    assert!(saved.iter().all(|done| done.is_ok() || matches!(done, Err(Failure::Edited { .. }))), "{saved:?}");
    assert_eq!((kept.len(), &world.case(&app).await.fields), (1, &kept[0].fields));
}

async fn a_save_that_changes_nothing_leaves_no_trace(world: World) {
    let app = world.project("APP", false).await;
    world.write_case(world.owner, &app, vec![]).await.unwrap();
    let before = world.log().await.len();
    let same = world.save(world.owner, &app, 1, vec![title("Redeem"), Set::Priority(2)]).await.unwrap();
    assert_eq!((same.revision, same.version, world.log().await.len()), (1, 1, before));
}

async fn saves_of_one_person_within_ten_minutes_are_one_version(world: World) {
    let app = world.project("APP", false).await;
    world.write_case(world.owner, &app, vec![]).await.unwrap();
    for n in 1..=5 {
        world.pass(SPAN / 6);
        world.save(world.owner, &app, n, vec![text(&format!("Draft {n}"))]).await.unwrap();
    }
    assert_eq!((world.versions(&app).await.len(), world.case(&app).await.revision), (1, 6));
    world.pass(SPAN / 6);
    let next = world.save(world.owner, &app, 6, vec![text("Later")]).await.unwrap();
    assert_eq!(next.version, 2);
    let versions = world.versions(&app).await;
    assert_eq!(versions.iter().map(|told| told.version).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(versions[1].saved_at, versions[1].begun_at + 5 * (SPAN / 6));
}

async fn anothers_edit_a_name_and_a_review_end_a_version(world: World) {
    let (app, lead) = (world.project("APP", false).await, world.member(Role::Manager).await);
    world.write_case(world.owner, &app, vec![]).await.unwrap();
    assert_eq!(world.save(lead, &app, 1, vec![text("1")]).await.unwrap().version, 2);
    let may = world.may_in(world.owner, &app).await.unwrap();
    let named = world.write(move |tx, now| {
        let name = VersionName::parse("As in 4.18").unwrap();
        versions::name(tx, &may, Reference::Number(1), 2, Some(&name), now)
    });
    named.await.unwrap();
    assert_eq!(world.save(lead, &app, 2, vec![text("2")]).await.unwrap().version, 3);
    world.submit(lead, &app, Some(lead)).await.unwrap();
    assert_eq!(world.save(lead, &app, 3, vec![text("3")]).await.unwrap().version, 4);
    let names: Vec<_> = world.versions(&app).await.into_iter().map(|told| told.name).collect();
    assert_eq!(names, [None, None, Some("As in 4.18".to_owned()), None]);
}

async fn a_version_is_restored_as_a_new_one(world: World) {
    let app = world.project("APP", false).await;
    world.write_case(world.owner, &app, vec![text("First")]).await.unwrap();
    world.pass(SPAN);
    world.save(world.owner, &app, 1, vec![text("Second"), Set::Priority(4)]).await.unwrap();
    let may = world.may_in(world.owner, &app).await.unwrap();
    let restore = async |version: i64| {
        let may = domain::access::May::clone(&may);
        world.write(move |tx, now| versions::restore(tx, &may, Reference::Number(1), version, now)).await
    };
    let back = restore(1).await.unwrap();
    assert_eq!((back.fields.get(Field::Description), back.fields.priority), (text("First"), 2));
    assert_eq!((back.version, back.revision), (3, 3));
    let newest = &world.versions(&app).await[0];
    assert_eq!((newest.version, newest.restored), (3, Some(1)));
    assert_eq!(world.log().await[0].what, "case.version_restored");
    // Nothing of it is different now, so nothing is done.
    assert_eq!(restore(1).await.unwrap().version, 3);
    assert_eq!(refusal(restore(9).await), "unknown");
    // Who has seen the case before it was restored is told of it.
    let late = world.save(world.owner, &app, 2, vec![text("Third")]).await;
    assert!(matches!(late, Err(Failure::Edited { revision: 3, .. })), "{late:?}");
}

async fn what_is_no_more_stays_as_it_is_when_a_version_is_restored(world: World) {
    let (app, leaver) = (world.project("APP", false).await, world.member(Role::Tester).await);
    world.write_case(world.owner, &app, vec![text("First"), Set::Owner(Some(leaver.who.person))]).await.unwrap();
    world.pass(SPAN);
    world.save(world.owner, &app, 1, vec![text("Second"), Set::Owner(Some(world.owner.who.person))]).await.unwrap();
    world
        .write(move |tx, _| {
            let text = "UPDATE member SET state = 'removed' WHERE person = ?";
            Ok(tx.run(db::sql!(text, uuid::Uuid::from(leaver.who.person)))?)
        })
        .await
        .unwrap();
    let may = world.may_in(world.owner, &app).await.unwrap();
    let back = world.write(move |tx, now| versions::restore(tx, &may, Reference::Number(1), 1, now)).await.unwrap();
    assert_eq!(back.fields.get(Field::Description), text("First"));
    assert_eq!(back.fields.owner, Some(world.owner.who.person));
}

async fn a_review_is_asked_for_and_answered_and_an_edit_ends_an_approval(world: World) {
    let (app, lead) = (world.project("APP", false).await, world.member(Role::Manager).await);
    let tester = world.member(Role::Tester).await;
    world.write_case(tester, &app, vec![]).await.unwrap();
    assert_eq!(refusal(world.submit(tester, &app, None).await), "reviewer required");
    let asked = world.submit(tester, &app, Some(lead)).await.unwrap();
    assert_eq!((asked.review, asked.fields.owner), (Review::InReview, Some(tester.who.person)));
    assert_eq!(asked.fields.reviewer, Some(lead.who.person));
    assert_eq!(refusal(world.submit(tester, &app, None).await), "review_out_of_order");
    let empty = world.review(lead, &app, asked.revision, Answer::Rework(" ".into()), |case| case.review).await;
    assert_eq!(refusal(empty), "note required");
    let back = world.review(lead, &app, asked.revision, Answer::Rework("What is shown?".into()), |case| case);
    let back = back.await.unwrap();
    assert_eq!((back.review, back.review_note.as_deref()), (Review::Rework, Some("What is shown?")));
    world.save(tester, &app, back.revision, vec![text("164.00 is shown")]).await.unwrap();
    let again = world.submit(tester, &app, None).await.unwrap();
    let ready = world.review(lead, &app, again.revision, Answer::Ready, |case| case.review).await.unwrap();
    assert_eq!((ready, world.case(&app).await.review_by), (Review::Ready, Some(lead.who.person)));
    // A property says nothing of what is tested.
    let revision = world.save(lead, &app, again.revision, vec![Set::Priority(4)]).await.unwrap();
    assert_eq!(revision.review, Review::Ready);
    assert_eq!(world.save(tester, &app, revision.revision, vec![title("Pay")]).await.unwrap().review, Review::Draft);
    let told: Vec<String> = world.log().await.into_iter().map(|entry| entry.what).collect();
    for what in ["case.submitted", "case.sent_back", "case.approved"] {
        assert!(told.iter().any(|told| told == what), "{what}: {told:?}");
    }
}

async fn only_who_may_review_is_asked_and_answers(world: World) {
    let (app, tester) = (world.project("APP", false).await, world.member(Role::Tester).await);
    world.write_case(tester, &app, vec![]).await.unwrap();
    assert_eq!(refusal(world.submit(tester, &app, Some(tester)).await), "reviewer not_allowed");
    world.submit(tester, &app, Some(world.owner)).await.unwrap();
    let answered = world.review(tester, &app, 2, Answer::Ready, |case| case.review).await;
    assert_eq!(refusal(answered), "lacks review_cases");
    let may = world.may_in(tester, &app).await.unwrap();
    let back = world.write(move |tx, now| review::withdraw(tx, &may, Reference::Number(1), now)).await.unwrap();
    assert_eq!(back.review, Review::Draft);
}

async fn a_case_that_changed_since_it_was_read_is_not_approved(world: World) {
    let app = world.project("APP", false).await;
    world.write_case(world.owner, &app, vec![]).await.unwrap();
    let seen = world.submit(world.owner, &app, Some(world.owner)).await.unwrap().revision;
    world.pass(Duration::from_secs(1));
    world.save(world.owner, &app, seen, vec![text("Changed")]).await.unwrap();
    let late = world.review(world.owner, &app, seen, Answer::Ready, |case| case.review).await;
    assert!(matches!(late, Err(Failure::Stale(_))), "{late:?}");
    assert_eq!(world.case(&app).await.review, Review::InReview);
}

async fn a_reader_writes_nothing(world: World) {
    let (app, reader) = (world.project("APP", false).await, world.member(Role::ReadOnly).await);
    world.write_case(world.owner, &app, vec![]).await.unwrap();
    assert_eq!(refusal(world.write_case(reader, &app, vec![]).await), "lacks write_cases");
    assert_eq!(refusal(world.save(reader, &app, 1, vec![text("?")]).await), "lacks write_cases");
    let hidden = world.project("HID", true).await;
    assert_eq!(refusal(world.write_case(reader, &hidden, vec![]).await), "unknown");
}
