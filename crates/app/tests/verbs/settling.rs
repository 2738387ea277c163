//! Fields and labels as cases that are saved, and filters, name them.

use app::{
    Failure,
    fields::{self, NewField},
    labels,
};
use domain::{
    access::{May, Read, Role, Settle, Wanted, WriteCases},
    field::FieldKind,
    id::FieldId,
    time::days,
};
use serde_json::{Map, Value, json};
use store::{Again, fields::filter, projects::Project};

use crate::{
    bed::on_both_engines,
    told::refusal,
    world::{Actor, World},
};

on_both_engines! { World:
    what_a_case_gives_is_read_with_all_faults_at_once
    new_cases_have_the_defaults_and_lack_what_is_required
    a_filter_over_a_deleted_field_says_so
    a_field_is_erased_after_thirty_days_in_the_trash
    labels_are_made_on_the_fly_and_told_once
    an_archived_project_takes_no_label
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
    world.app.read(move |db, _| Ok(fields::given(db, &may, &values)?.len())).await
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
