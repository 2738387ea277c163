//! Fields and labels as cases that are saved, and filters, name them.

use app::{
    Failure,
    cases::{self, NewCase, Save},
    fields::{self, NewField},
    labels, step_groups,
};
use domain::{
    access::{May, Read, Role, Settle, Wanted, WriteCases},
    case::{Markdown, Set, Step, version::SPAN},
    field::{FieldKind, FieldValue},
    id::{FieldId, OptionId},
    step_group::GroupSteps,
    time::days,
};
use serde_json::{Map, Value, json};
use store::{
    Again,
    cases::{Case, Reference},
    fields::filter,
    projects::Project,
};

use crate::{
    bed::on_both_engines,
    told::refusal,
    world::{Actor, World, at_once},
};

on_both_engines! { World:
    what_a_case_gives_is_read_with_all_faults_at_once
    new_cases_have_the_defaults_and_lack_what_is_required
    a_filter_over_a_deleted_field_says_so
    a_field_is_erased_after_thirty_days_in_the_trash
    labels_are_made_on_the_fly_and_told_once
    an_archived_project_takes_no_label
    labels_and_fields_of_a_case_merge_one_by_one
    a_new_case_has_its_projects_defaults_and_lacks_nothing_it_must_have
    an_option_that_is_offered_no_more_stays_with_its_case
    a_version_brings_labels_and_fields_back_as_far_as_they_last
    what_a_save_gave_is_told_in_words
    a_project_without_reviews_takes_none
    of_two_that_are_given_one_name_at_once_one_is_refused_by_name
}

async fn may_in<R: Wanted>(world: &World, actor: Actor, project: &Project) -> Result<May<R>, Failure> {
    let key = project.key.clone();
    world
        .app
        .read(move |db, _| {
            let member = store::access::member(db, &actor.who, actor.workspace)?.ok_or(Failure::Unknown)?;
            let facts = store::access::project(db, &member, &key)?.ok_or(Failure::Unknown)?;
            Ok(std::sync::Arc::new(member).may_in(facts)?)
        })
        .await
}

async fn field(world: &World, project: &Project, name: &str, kind: FieldKind, required: bool) -> FieldId {
    let may: May<Settle> = may_in(world, world.owner, project).await.unwrap();
    let options = if kind.has_options() { vec!["Chrome".to_owned(), "Firefox".to_owned()] } else { Vec::new() };
    let new = NewField { name: name.parse().unwrap(), kind, required, options };
    world.write(move |tx, now| fields::create(tx, &may, &new, now)).await.unwrap().id
}

async fn given(world: &World, project: &Project, values: Value) -> Result<usize, Failure> {
    let may: May<Read> = may_in(world, world.owner, project).await.unwrap();
    let values: Map<String, Value> = values.as_object().unwrap().clone();
    world.app.read(move |db, _| Ok(fields::given(db, &may, &values, &[])?.len())).await
}

fn faults(failure: Failure) -> Vec<(String, &'static str)> {
    match failure {
        Failure::Invalid(bad) => bad.into_iter().map(|bad| (bad.field, bad.code)).collect(),
        other => panic!("{other}"),
    }
}

async fn what_a_case_gives_is_read_with_all_faults_at_once(world: World) {
    let (web, app) = (world.project("SHOP", false).await, world.project("APP", false).await);
    let sprint = field(&world, &web, "Sprint", FieldKind::Number, true).await;
    let browser = field(&world, &web, "Browser", FieldKind::Select, false).await;
    let asked = field(&world, &web, "Asked", FieldKind::Person, false).await;
    let other = field(&world, &app, "Other", FieldKind::Text, false).await;
    let good =
        json!({sprint.to_string(): 7, browser.to_string(): "firefox", asked.to_string(): world.owner.who.person});
    assert_eq!(given(&world, &web, good).await.unwrap(), 3);
    let stranger = domain::id::PersonId::from(uuid::Uuid::from_u128(7));
    let bad = json!({
        sprint.to_string(): null, browser.to_string(): "Opera", asked.to_string(): stranger, other.to_string(): "x",
    });
    let mut found = faults(given(&world, &web, bad).await.unwrap_err());
    found.sort();
    let mut wanted = vec![
        (format!("fields.{sprint}"), "required"),
        (format!("fields.{browser}"), "unknown_option"),
        (format!("fields.{asked}"), "unknown"),
        (format!("fields.{other}"), "unknown_field"),
    ];
    wanted.sort();
    assert_eq!(found, wanted);
}

async fn new_cases_have_the_defaults_and_lack_what_is_required(world: World) {
    let web = world.project("SHOP", false).await;
    let browser = field(&world, &web, "Browser", FieldKind::Select, true).await;
    let sprint = field(&world, &web, "Sprint", FieldKind::Number, true).await;
    let read: May<Read> = may_in(&world, world.owner, &web).await.unwrap();
    let settle: May<Settle> = may_in(&world, world.owner, &web).await.unwrap();
    let change = fields::Change { initial: Some(json!("Chrome")), ..fields::Change::default() };
    world.write(move |tx, now| fields::change(tx, &settle, browser, &change, now)).await.unwrap();
    let may = read.clone();
    let missing = world.app.read(move |db, _| Ok(fields::initial(db, &may, &[])?.len())).await.unwrap_err();
    assert_eq!(faults(missing), [(format!("fields.{sprint}"), "required")]);
    let filled = world.app.read(move |db, _| fields::initial(db, &read, &[sprint])).await.unwrap();
    assert_eq!(filled.iter().map(|given| given.field.id).collect::<Vec<_>>(), [browser]);
    assert!(filled[0].value.is_some());
}

async fn a_filter_over_a_deleted_field_says_so(world: World) {
    let web = world.project("SHOP", false).await;
    let sprint = field(&world, &web, "Sprint", FieldKind::Number, false).await;
    let filter = async |op: &'static str, value: &'static str| {
        let may: May<Read> = may_in(&world, world.owner, &web).await.unwrap();
        let name = sprint.to_string();
        world.app.read(move |db, _| fields::filter(db, &may, &name, op, value)).await
    };
    let (id, wanted) = filter("from", "7").await.unwrap();
    assert!(id == sprint && matches!(wanted, filter::Wanted::From(_)), "{wanted:?}");
    for (op, value) in [("is", "seven"), ("from", ""), ("near", "7")] {
        assert!(filter(op, value).await.is_err(), "{op} {value}");
    }
    let may: May<Settle> = may_in(&world, world.owner, &web).await.unwrap();
    world.write(move |tx, now| fields::delete(tx, &may, sprint, now)).await.unwrap();
    let gone = filter("from", "7").await.unwrap_err();
    let Failure::Invalid(bad) = &gone else { panic!("{gone}") };
    assert_eq!((bad[0].code, bad[0].field.clone()), ("field_deleted", format!("fields.{sprint}")));
    assert!(bad[0].detail.contains("Sprint"), "{bad:?}");
    let late = given(&world, &web, json!({sprint.to_string(): 1})).await.unwrap_err();
    assert_eq!(faults(late), [(format!("fields.{sprint}"), "field_deleted")]);
}

async fn a_field_is_erased_after_thirty_days_in_the_trash(world: World) {
    let web = world.project("SHOP", false).await;
    let browser = field(&world, &web, "Browser", FieldKind::MultiSelect, false).await;
    let may: May<Settle> = may_in(&world, world.owner, &web).await.unwrap();
    let deleting = may.clone();
    world.write(move |tx, now| fields::delete(tx, &deleting, browser, now)).await.unwrap();
    world.pass(days(29));
    world.write(app::tidy::tidy).await.unwrap();
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM custom_option").await, 2);
    world.pass(days(1));
    world.write(app::tidy::tidy).await.unwrap();
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM custom_option").await, 0);
    let late = world.write(move |tx, now| fields::restore(tx, &may, browser, now)).await;
    assert_eq!(refusal(late), "unknown");
}

async fn called(world: &World, project: &Project, names: &[&str]) -> Result<Vec<String>, Failure> {
    let may: May<WriteCases> = may_in(world, world.owner, project).await?;
    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    let found = world.write(move |tx, now| {
        let still = tx.still(&may, now.at)?;
        labels::called(tx, &still, &names, now)
    });
    Ok(found.await?.into_iter().map(|label| label.name).collect())
}

async fn labels_are_made_on_the_fly_and_told_once(world: World) {
    let web = world.project("SHOP", false).await;
    assert_eq!(called(&world, &web, &["Smoke", "smoke", " quick "]).await.unwrap(), ["Smoke", "quick"]);
    assert_eq!(called(&world, &web, &["SMOKE"]).await.unwrap(), ["Smoke"]);
    let made = world.events().await.into_iter().filter(|what| what.contains("label.created")).count();
    assert_eq!(made, 2);
    let bad = called(&world, &web, &["ok", "a\u{202e}b"]).await.unwrap_err();
    assert_eq!(faults(bad), [("labels".to_owned(), "bidi_control")]);
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM label").await, 2, "a label of a save that failed is not kept");
    let many: Vec<String> = (0..=labels::MOST_ON_A_CASE).map(|n| format!("l{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(faults(called(&world, &web, &many).await.unwrap_err()), [("labels".to_owned(), "too_many")]);
}

async fn an_archived_project_takes_no_label(world: World) {
    let (web, tester) = (world.project("SHOP", false).await, world.member(Role::Tester).await);
    let before: May<WriteCases> = may_in(&world, tester, &web).await.unwrap();
    let may = may_in(&world, world.owner, &web).await.unwrap();
    world.write(move |tx, now| app::projects::trash::archive(tx, &may, now)).await.unwrap();
    let name = "late".parse().unwrap();
    let late = world.write(move |tx, now| labels::create(tx, &before, &name, None, now)).await;
    assert!(
        matches!(late, Err(Failure::Conflict { code: "project_archived", .. })),
        "archived since the page was shown"
    );
}

async fn write(world: &World, project: &Project, sets: Vec<Set>, values: Value) -> Result<Case, Failure> {
    let may: May<WriteCases> = may_in(world, world.owner, project).await?;
    let (title, values) = ("Redeem".parse().unwrap(), values.as_object().unwrap().clone());
    let new = NewCase { folder: None, title, sets, values };
    world.write(move |tx, now| cases::create(tx, &may, &new, now)).await
}

async fn save(
    world: &World,
    project: &Project,
    by: Actor,
    base: i64,
    sets: Vec<Set>,
    values: Value,
) -> Result<Case, Failure> {
    let may: May<WriteCases> = may_in(world, by, project).await?;
    let save = Save { base, sets, values: values.as_object().unwrap().clone() };
    world.write(move |tx, now| cases::save(tx, &may, Reference::Number(1), &save, now)).await
}

async fn case(world: &World, project: &Project) -> Case {
    let may: May<Read> = may_in(world, world.owner, project).await.unwrap();
    world.read(move |db, _| Ok(store::cases::find(db, &may, Reference::Number(1))?.unwrap())).await
}

fn labelled(names: &[&str]) -> Vec<Set> {
    vec![Set::Labels(names.iter().map(|&name| name.to_owned()).collect())]
}

fn value(case: &Case, field: FieldId) -> Value {
    case.fields.values.get(&field).map_or(Value::Null, FieldValue::to_json)
}

async fn labels_and_fields_of_a_case_merge_one_by_one(world: World) {
    let web = world.project("SHOP", false).await;
    let sprint = field(&world, &web, "Sprint", FieldKind::Number, false).await;
    let story = field(&world, &web, "Story", FieldKind::Text, false).await;
    let ben = world.member(Role::Tester).await;
    write(&world, &web, labelled(&["smoke"]), json!({})).await.unwrap();
    save(&world, &web, world.owner, 1, vec![], json!({sprint.to_string(): 7})).await.unwrap();
    let merged =
        save(&world, &web, ben, 1, labelled(&["quick", "SMOKE"]), json!({story.to_string(): "Gifts"})).await.unwrap();
    assert_eq!(merged.fields.labels, ["quick", "smoke"]);
    assert_eq!((value(&merged, sprint), value(&merged, story)), (json!(7), json!("Gifts")));
    let same = save(&world, &web, ben, 1, labelled(&["Smoke", "quick"]), json!({sprint.to_string(): 7})).await.unwrap();
    assert_eq!(same.revision, merged.revision, "what a case has already changes nothing");
    let late = save(&world, &web, ben, 1, labelled(&["slow"]), json!({sprint.to_string(): 8})).await;
    let Err(Failure::Edited { conflicts, .. }) = late else { panic!("{late:?}") };
    let fields: Vec<String> = conflicts.iter().map(|one| one.field().to_string()).collect();
    assert_eq!(fields, ["labels".to_owned(), format!("fields.{sprint}")]);
    let kept = case(&world, &web).await;
    assert_eq!((value(&kept, sprint), kept.fields.labels), (json!(7), vec!["quick".to_owned(), "smoke".to_owned()]));
    let emptied = save(&world, &web, ben, 3, labelled(&[]), json!({sprint.to_string(): null})).await.unwrap();
    assert_eq!((emptied.fields.labels.len(), value(&emptied, sprint)), (0, Value::Null));
}

async fn a_new_case_has_its_projects_defaults_and_lacks_nothing_it_must_have(world: World) {
    let web = world.project("SHOP", false).await;
    let browser = field(&world, &web, "Browser", FieldKind::Select, true).await;
    let sprint = field(&world, &web, "Sprint", FieldKind::Number, true).await;
    let settle: May<Settle> = may_in(&world, world.owner, &web).await.unwrap();
    let change = fields::Change { initial: Some(json!("Chrome")), ..fields::Change::default() };
    world.write(move |tx, now| fields::change(tx, &settle, browser, &change, now)).await.unwrap();
    let lacking = write(&world, &web, vec![], json!({})).await.unwrap_err();
    assert_eq!(faults(lacking), [(format!("fields.{sprint}"), "required")]);
    let made = write(&world, &web, vec![], json!({sprint.to_string(): "12,5"})).await.unwrap();
    assert_eq!((made.number, value(&made, sprint)), (1, json!(12.5)));
    assert!(value(&made, browser).is_array());
    let emptied = save(&world, &web, world.owner, 1, vec![], json!({sprint.to_string(): ""})).await.unwrap_err();
    assert_eq!(faults(emptied), [(format!("fields.{sprint}"), "required")]);
}

async fn an_option_that_is_offered_no_more_stays_with_its_case(world: World) {
    let web = world.project("SHOP", false).await;
    let browser = field(&world, &web, "Browser", FieldKind::MultiSelect, false).await;
    let made = write(&world, &web, vec![], json!({browser.to_string(): ["Chrome"]})).await.unwrap();
    let chrome: OptionId = value(&made, browser)[0].as_str().unwrap().parse().unwrap();
    let settle: May<Settle> = may_in(&world, world.owner, &web).await.unwrap();
    let change = fields::options::Change { archived: Some(true), ..fields::options::Change::default() };
    world.write(move |tx, now| fields::options::change(tx, &settle, browser, chrome, &change, now)).await.unwrap();
    let both =
        save(&world, &web, world.owner, 1, vec![], json!({browser.to_string(): ["Chrome", "Firefox"]})).await.unwrap();
    assert_eq!(value(&both, browser).as_array().unwrap().len(), 2);
    save(&world, &web, world.owner, 2, vec![], json!({browser.to_string(): ["Firefox"]})).await.unwrap();
    let late = save(&world, &web, world.owner, 3, vec![], json!({browser.to_string(): "Chrome"})).await.unwrap_err();
    assert_eq!(faults(late), [(format!("fields.{browser}"), "unknown_option")]);
}

async fn a_version_brings_labels_and_fields_back_as_far_as_they_last(world: World) {
    let web = world.project("SHOP", false).await;
    let sprint = field(&world, &web, "Sprint", FieldKind::Number, false).await;
    let story = field(&world, &web, "Story", FieldKind::Url, false).await;
    let values = json!({sprint.to_string(): 7, story.to_string(): "https://a.example/1"});
    write(&world, &web, labelled(&["smoke"]), values).await.unwrap();
    world.pass(SPAN);
    let values = json!({sprint.to_string(): 8, story.to_string(): null});
    save(&world, &web, world.owner, 1, labelled(&["quick"]), values).await.unwrap();
    let settle: May<Settle> = may_in(&world, world.owner, &web).await.unwrap();
    world.write(move |tx, now| fields::delete(tx, &settle, story, now)).await.unwrap();
    let may: May<WriteCases> = may_in(&world, world.owner, &web).await.unwrap();
    let back =
        world.write(move |tx, now| cases::versions::restore(tx, &may, Reference::Number(1), 1, now)).await.unwrap();
    assert_eq!((back.fields.labels.clone(), value(&back, sprint)), (vec!["smoke".to_owned()], json!(7)));
    assert_eq!(value(&back, story), Value::Null, "a field in the trash stays there");
    let may: May<Read> = may_in(&world, world.owner, &web).await.unwrap();
    let first = world.read(move |db, _| Ok(store::cases::version(db, &may, back.id, 1)?.unwrap())).await;
    assert_eq!(first.snapshot.fields.values[&story], FieldValue::Url("https://a.example/1".to_owned()));
    assert_eq!(case(&world, &web).await.fields.labels, ["smoke"]);
}

async fn what_a_save_gave_is_told_in_words(world: World) {
    let web = world.project("SHOP", false).await;
    let browser = field(&world, &web, "Browser", FieldKind::Select, false).await;
    write(&world, &web, vec![], json!({})).await.unwrap();
    save(&world, &web, world.owner, 1, labelled(&["smoke"]), json!({browser.to_string(): "firefox"})).await.unwrap();
    let changes = world.log().await.into_iter().find(|entry| entry.what == "case.changed").unwrap().changes;
    let changes: Value = serde_json::from_str(&changes).unwrap();
    assert_eq!(changes["Browser"], json!([null, "Firefox"]));
    assert_eq!((&changes["labels"][1], &changes["fields"][1]), (&json!(["smoke"]), &json!("Labels, Browser")));
}

async fn a_project_without_reviews_takes_none(world: World) {
    let web = world.project("SHOP", false).await;
    write(&world, &web, vec![], json!({})).await.unwrap();
    let submit = async || {
        let may: May<WriteCases> = may_in(&world, world.owner, &web).await?;
        let whom = Some(world.owner.who.person);
        world.write(move |tx, now| cases::review::submit(tx, &may, Reference::Number(1), whom, now)).await
    };
    let waits = async || {
        let (who, workspace) = (world.owner.who, world.owner.workspace);
        let found = world.read(move |db, _| {
            let member = store::access::member(db, &who, workspace)?.unwrap();
            Ok(store::cases::to_review(db, &member, 10)?.len())
        });
        found.await
    };
    submit().await.unwrap();
    assert_eq!(waits().await, 1);
    let may: May<domain::access::ManageProject> = may_in(&world, world.owner, &web).await.unwrap();
    let off = app::projects::Change { review: Some(false), ..app::projects::Change::default() };
    world.write(move |tx, now| app::projects::change(tx, &may, &off, now)).await.unwrap();
    assert_eq!(waits().await, 0, "what nobody can answer waits for nobody");
    let may: May<WriteCases> = may_in(&world, world.owner, &web).await.unwrap();
    world.write(move |tx, now| cases::review::withdraw(tx, &may, Reference::Number(1), now)).await.unwrap();
    assert_eq!(refusal(submit().await), "review_off");
}

async fn of_two_that_are_given_one_name_at_once_one_is_refused_by_name(world: World) {
    let web = world.project("SHOP", false).await;
    let may: May<WriteCases> = may_in(&world, world.owner, &web).await.unwrap();
    for round in 0..10 {
        let acts = may.clone();
        let made = world.write(move |tx, now| {
            let name = |n: u8| format!("{round} {n}").parse().unwrap();
            let step = Step::Own { action: Markdown::parse("Open").unwrap(), expected: Markdown::default() };
            let steps = GroupSteps::checked(vec![step]).unwrap();
            let groups = [
                step_groups::create(tx, &acts, &name(1), &steps, now)?,
                step_groups::create(tx, &acts, &name(2), &steps, now)?,
            ];
            let still = tx.still(&acts, now.at)?;
            Ok((groups, labels::called(tx, &still, &[format!("{round} 1"), format!("{round} 2")], now)?))
        });
        let (groups, labels) = made.await.unwrap();
        let rename = |group: store::step_groups::StepGroup| {
            let (app, acts) = (world.app.clone(), may.clone());
            let change = step_groups::Change {
                version: group.version,
                name: Some(format!("{round}").parse().unwrap()),
                steps: None,
            };
            async move {
                app.write(None, move |tx, now| step_groups::change(tx, &acts, group.id, &change, now).map(drop)).await
            }
        };
        let done = at_once(groups.map(rename)).await;
        one_is_taken(done);
        let recolour = |label: store::labels::Label| {
            let (app, acts) = (world.app.clone(), may.clone());
            let change = labels::Change { name: Some(format!("{round}").parse().unwrap()), colour: None };
            async move { app.write(None, move |tx, now| labels::change(tx, &acts, label.id, &change, now).map(drop)).await }
        };
        one_is_taken(at_once(labels.into_iter().map(recolour)).await);
    }
}

fn one_is_taken(done: Vec<Result<(), Failure>>) {
    let refused: Vec<(String, &str)> = done.into_iter().filter_map(Result::err).flat_map(faults).collect();
    assert_eq!(refused, [("name".to_owned(), "taken")]);
}
