//! Fields of one's own and what cases have in them.

use db::{Statement, Tx};
use domain::{
    access::{Settle, Still, System, Wanted as Right, WriteCases},
    colour::Colour,
    field::{FieldKind, FieldValue, Number},
    id::{CaseId, FieldId, OptionId},
    now::Now,
    time::days,
    title::{FieldName, ValueName},
};
use store::{
    Again,
    fields::{self, filter::Wanted},
    projects::Project,
};

use crate::{
    bed::on_both_engines,
    house::{House, START},
    planted,
};

on_both_engines! { House:
    fields_of_the_workspace_come_first_and_those_of_other_projects_are_unknown
    a_field_is_changed_where_it_is_settled
    options_are_one_in_any_case_and_keep_their_order
    values_of_every_kind_are_read_as_they_were_put
    filters_find_by_value_range_beginning_and_absence
    a_field_in_the_trash_keeps_its_values_until_its_time_is_over
}

async fn write<R: Right, T: Send + 'static>(
    house: &House,
    project: Option<&Project>,
    work: impl Fn(&mut Tx, &Still<R>, &Now) -> Result<T, db::Error> + Send + 'static,
) -> T {
    let (owner, project) = (house.owner, project.cloned());
    house
        .write(move |tx, now| {
            let may = match &project {
                Some(project) => owner.may_in(tx, project)?,
                None => owner.may(tx)?,
            };
            let still = tx.still(&may, START)?;
            Ok(work(tx, &still, now)?)
        })
        .await
}

fn called(text: &str) -> FieldName {
    FieldName::parse(text).unwrap()
}

async fn field(house: &House, project: Option<&Project>, name: &'static str, kind: FieldKind) -> FieldId {
    write(house, project, move |tx, still: &Still<Settle>, now| {
        fields::insert(tx, still, &called(name), kind, false, now)
    })
    .await
}

async fn names(house: &House, project: &Project) -> Vec<String> {
    let all = write(house, Some(project), |tx, still: &Still<Settle>, _| fields::in_project(tx, still)).await;
    all.into_iter().map(|field| field.name).collect()
}

async fn fields_of_the_workspace_come_first_and_those_of_other_projects_are_unknown(house: House) {
    let (web, app) = (house.project("WEB", false).await, house.project("APP", false).await);
    let own = field(&house, Some(&web), "Browser", FieldKind::Select).await;
    field(&house, None, "Story", FieldKind::Url).await;
    assert_eq!(names(&house, &web).await, ["Story", "Browser"]);
    assert_eq!(names(&house, &app).await, ["Story"]);
    let found = write(&house, Some(&app), move |tx, still: &Still<Settle>, _| fields::find(tx, still, own)).await;
    assert!(found.is_none());
    let found = write(&house, Some(&web), move |tx, still: &Still<Settle>, _| fields::find(tx, still, own)).await;
    assert_eq!(found.unwrap().kind, FieldKind::Select);
}

async fn a_field_is_changed_where_it_is_settled(house: House) {
    let web = house.project("WEB", false).await;
    let (story, sprint) =
        (field(&house, None, "Story", FieldKind::Url).await, field(&house, None, "Sprint", FieldKind::Number).await);
    write(&house, Some(&web), move |tx, still: &Still<Settle>, _| {
        fields::update(tx, still, story, &called("Mine"), true, None)
    })
    .await;
    assert_eq!(
        names(&house, &web).await,
        ["Story", "Sprint"],
        "the workspace's fields are not the project's to change"
    );
    let settled = write(&house, None, move |tx, still: &Still<Settle>, _| {
        fields::update(tx, still, sprint, &called("Iteration"), true, Some("7"))?;
        fields::arrange(tx, still, &[sprint, story])?;
        fields::settled(tx, still)
    });
    let settled = settled.await;
    let told: Vec<_> =
        settled.iter().map(|field| (field.name.as_str(), field.required, field.initial.as_deref())).collect();
    assert_eq!(told, [("Iteration", true, Some("7")), ("Story", false, None)]);
}

async fn options_are_one_in_any_case_and_keep_their_order(house: House) {
    let browser = field(&house, None, "Browser", FieldKind::Select).await;
    let done = write(&house, None, move |tx, still: &Still<Settle>, now| {
        let add = |tx: &mut Tx, text: &str| {
            fields::add_option(tx, still, browser, &ValueName::parse(text).unwrap(), Colour::of(1), now)
        };
        let (chrome, firefox) = (add(tx, "Chrome")?.unwrap(), add(tx, "Firefox")?.unwrap());
        assert_eq!(add(tx, "CHROME")?, None);
        fields::arrange_options(tx, still, browser, &[firefox, chrome])?;
        let all = fields::options(tx, &[browser])?;
        let taken = ValueName::parse("firefox").unwrap();
        assert!(!fields::update_option(tx, still, &all[1], &taken, Colour::of(1), false)?);
        let other = ValueName::parse("Chromium").unwrap();
        assert!(fields::update_option(tx, still, &all[1], &other, Colour::of(6), true)?);
        fields::options(tx, &[browser])
    });
    let done: Vec<_> = done.await.into_iter().map(|option| (option.name, option.colour, option.archived)).collect();
    assert_eq!(done, [("Firefox".to_owned(), 1, false), ("Chromium".to_owned(), 6, true)]);
}

async fn put(house: &House, web: &Project, case: CaseId, field: FieldId, value: Option<FieldValue>) {
    write(house, Some(web), move |tx, still: &Still<WriteCases>, _| {
        fields::put(tx, still, case, field, value.as_ref())
    })
    .await;
}

async fn option(house: &House, field: FieldId, name: &'static str) -> OptionId {
    write(house, None, move |tx, still: &Still<Settle>, now| {
        let name = ValueName::parse(name).unwrap();
        Ok(fields::add_option(tx, still, field, &name, Colour::of(1), now)?.unwrap())
    })
    .await
}

async fn values_of_every_kind_are_read_as_they_were_put(house: House) {
    let web = house.project("WEB", false).await;
    let case = planted::insert(&house, &web).await;
    let several = field(&house, None, "Browsers", FieldKind::MultiSelect).await;
    let (chrome, firefox) = (option(&house, several, "Chrome").await, option(&house, several, "Firefox").await);
    let all = [
        (several, FieldValue::Options(vec![firefox, chrome])),
        (field(&house, None, "Notes", FieldKind::Text).await, FieldValue::Text("Élan\n2".to_owned())),
        (field(&house, None, "Sprint", FieldKind::Number).await, FieldValue::Number(Number::of_millionths(-1_500_000))),
        (field(&house, None, "Due", FieldKind::Date).await, FieldValue::Day("2026-12-24".parse().unwrap())),
        (field(&house, None, "Asked", FieldKind::Person).await, FieldValue::Person(house.owner.who.person)),
        (field(&house, None, "Story", FieldKind::Url).await, FieldValue::Url("https://a.example/1".to_owned())),
        (field(&house, None, "Legal", FieldKind::Checkbox).await, FieldValue::Checked),
    ];
    for (field, value) in &all {
        put(&house, &web, case, *field, Some(value.clone())).await;
    }
    let read = house.read(move |db| fields::of_cases(db, &[case])).await;
    assert_eq!(read.len(), all.len());
    for (field, value) in all {
        assert!(read.contains(&(case, field, value.clone())), "{value:?} in {read:?}");
    }
    assert_eq!(fields::rows(case, several, &FieldValue::Options(vec![chrome, firefox])).len(), 2);
    put(&house, &web, case, several, None).await;
    let read = house.read(move |db| fields::of_cases(db, &[case])).await;
    assert!(read.iter().all(|(_, field, _)| *field != several));
}

async fn found(house: &House, field: FieldId, wanted: Wanted) -> Vec<CaseId> {
    let (text, params) = fields::condition("c.id", field, &wanted);
    let text = format!("SELECT c.id FROM test_case c WHERE {text} ORDER BY c.number");
    let rows = house.read(move |db| {
        let rows: Vec<db::Row> = db.all(Statement::new(text, params))?;
        rows.into_iter()
            .map(|mut row| Ok(CaseId::from(row.get::<uuid::Uuid>("id")?)))
            .collect::<Result<Vec<_>, db::Error>>()
    });
    rows.await
}

async fn filters_find_by_value_range_beginning_and_absence(house: House) {
    let web = house.project("WEB", false).await;
    let (one, two, three) =
        (planted::insert(&house, &web).await, planted::insert(&house, &web).await, planted::insert(&house, &web).await);
    let sprint = field(&house, None, "Sprint", FieldKind::Number).await;
    let number = |n: i64| FieldValue::Number(Number::of_millionths(n * 1_000_000));
    put(&house, &web, one, sprint, Some(number(1))).await;
    put(&house, &web, two, sprint, Some(number(12))).await;
    assert_eq!(found(&house, sprint, Wanted::Filled).await, [one, two]);
    assert_eq!(found(&house, sprint, Wanted::Empty).await, [three]);
    assert_eq!(found(&house, sprint, Wanted::From(number(2))).await, [two], "numbers, not texts");
    assert_eq!(found(&house, sprint, Wanted::UpTo(number(2))).await, [one]);
    assert_eq!(found(&house, sprint, Wanted::AnyOf(vec![number(1), number(12)])).await, [one, two]);
    let notes = field(&house, None, "Notes", FieldKind::Text).await;
    for (case, text) in [(one, "Élan vital"), (two, "elan"), (three, "Other")] {
        put(&house, &web, case, notes, Some(FieldValue::Text(text.to_owned()))).await;
    }
    assert_eq!(found(&house, notes, Wanted::Begins("ELAN".to_owned())).await, [one, two]);
    assert_eq!(found(&house, notes, Wanted::AnyOf(vec![FieldValue::Text("Elan".to_owned())])).await, [two]);
    let browser = field(&house, None, "Browsers", FieldKind::MultiSelect).await;
    let (chrome, firefox) = (option(&house, browser, "Chrome").await, option(&house, browser, "Firefox").await);
    put(&house, &web, one, browser, Some(FieldValue::Options(vec![chrome, firefox]))).await;
    put(&house, &web, two, browser, Some(FieldValue::Options(vec![firefox]))).await;
    assert_eq!(found(&house, browser, Wanted::AnyOf(vec![FieldValue::Options(vec![chrome])])).await, [one]);
    assert_eq!(
        found(&house, browser, Wanted::AnyOf(vec![FieldValue::Options(vec![firefox, chrome])])).await,
        [one, two]
    );
    assert!(found(&house, browser, Wanted::From(FieldValue::Checked)).await.is_empty());
}

async fn a_field_in_the_trash_keeps_its_values_until_its_time_is_over(house: House) {
    let web = house.project("WEB", false).await;
    let (case, sprint) =
        (planted::insert(&house, &web).await, field(&house, None, "Sprint", FieldKind::Checkbox).await);
    put(&house, &web, case, sprint, Some(FieldValue::Checked)).await;
    let now = house.now();
    let trash = |at| {
        write(&house, None, move |tx, still: &Still<Settle>, _| {
            let cases = fields::cases_with(tx, still, sprint)?;
            Ok((fields::trash(tx, still, sprint, at)?, cases, fields::trashed(tx, still)?.len()))
        })
    };
    assert_eq!((trash(Some(now)).await, trash(Some(now)).await), ((true, 1, 1), (false, 1, 1)));
    assert!(names(&house, &web).await.is_empty());
    assert!(house.read(move |db| fields::of_cases(db, &[case])).await.is_empty());
    field(&house, None, "Sprint", FieldKind::Text).await;
    house.pass(days(30));
    let due = house.write(|tx, now| {
        let system = System::because("a test");
        let due = fields::due(tx, &system, now.at, days(30))?;
        due.iter().try_for_each(|due| fields::erase(tx, &system, due.id))?;
        Ok(due.into_iter().map(|due| due.id).collect::<Vec<_>>())
    });
    assert_eq!(due.await, [sprint]);
    let trashed = write(&house, None, |tx, still: &Still<Settle>, _| fields::trashed(tx, still)).await;
    assert!(trashed.is_empty());
}
