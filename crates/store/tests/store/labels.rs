//! Labels of a project's cases.

use db::Tx;
use domain::{
    access::{Still, WriteCases},
    colour::Colour,
    id::CaseId,
    now::Now,
    title::ValueName,
};
use store::{Again, labels, projects::Project};

use crate::{
    bed::on_both_engines,
    house::{House, START},
    planted,
};

on_both_engines! { House:
    names_that_differ_only_in_case_are_one_label
    a_label_is_renamed_unless_another_is_called_so
    cases_of_a_merged_label_have_the_other_one_once
    a_deleted_label_leaves_its_cases
    a_case_has_labels_of_its_own_project_only
}

async fn write<T: Send + 'static>(
    house: &House,
    project: &Project,
    work: impl Fn(&mut Tx, &Still<WriteCases>, &Now) -> Result<T, db::Error> + Send + 'static,
) -> T {
    let (owner, project) = (house.owner, project.clone());
    house
        .write(move |tx, now| {
            let may = owner.may_in(tx, &project)?;
            let still = tx.still(&may, START)?;
            Ok(work(tx, &still, now)?)
        })
        .await
}

fn name(text: &str) -> ValueName {
    ValueName::parse(text).unwrap()
}

async fn label(house: &House, project: &Project, text: &'static str) -> Option<labels::Label> {
    write(house, project, move |tx, still, now| labels::insert(tx, still, &name(text), Colour::of(2), now)).await
}

async fn on(house: &House, case: CaseId) -> Vec<String> {
    let found = house.read(move |db| labels::of_cases(db, &[case])).await;
    found.into_iter().map(|label| label.name).collect()
}

async fn names_that_differ_only_in_case_are_one_label(house: House) {
    let (web, app) = (house.project("WEB", false).await, house.project("APP", false).await);
    let smoke = label(&house, &web, "Smoke").await.unwrap();
    assert!(label(&house, &web, "SMOKE").await.is_none());
    assert!(label(&house, &app, "smoke").await.is_some(), "another project has labels of its own");
    let found = write(&house, &web, |tx, still, _| labels::named(tx, still, &name("smoke"))).await.unwrap();
    assert_eq!((found.id, found.name.as_str(), found.colour), (smoke.id, "Smoke", 2));
    label(&house, &web, "Android").await.unwrap();
    let all = write(&house, &web, |tx, still, _| labels::list(tx, still)).await;
    assert_eq!(all.iter().map(|label| label.name.as_str()).collect::<Vec<_>>(), ["Android", "Smoke"]);
}

async fn a_label_is_renamed_unless_another_is_called_so(house: House) {
    let (web, app) = (house.project("WEB", false).await, house.project("APP", false).await);
    let (smoke, _) = (label(&house, &web, "Smoke").await.unwrap().id, label(&house, &web, "Slow").await.unwrap());
    let rename = |project: Project, text: &'static str| {
        let house = &house;
        async move {
            write(house, &project, move |tx, still, _| labels::update(tx, still, smoke, &name(text), Colour::of(5)))
                .await
        }
    };
    assert!(!rename(web.clone(), "SLOW").await && !rename(app, "Quick").await);
    assert!(rename(web.clone(), "SMOKE").await, "its own name in another case is free");
    let found = write(&house, &web, move |tx, still, _| labels::find(tx, still, smoke)).await.unwrap();
    assert_eq!((found.name.as_str(), found.colour), ("SMOKE", 5));
}

async fn cases_of_a_merged_label_have_the_other_one_once(house: House) {
    let web = house.project("WEB", false).await;
    let (from, into) = (label(&house, &web, "Smoke").await.unwrap().id, label(&house, &web, "Quick").await.unwrap().id);
    let (one, both) = (planted::insert(&house, &web).await, planted::insert(&house, &web).await);
    let put = move |tx: &mut Tx, still: &Still<WriteCases>, _: &Now| {
        labels::put(tx, still, one, &[from])?;
        labels::put(tx, still, both, &[from, into])?;
        labels::uses(tx, still)
    };
    let mut uses = write(&house, &web, put).await;
    uses.sort_unstable();
    let mut wanted = vec![(from, 2), (into, 1)];
    wanted.sort_unstable();
    assert_eq!(uses, wanted);
    assert_eq!(write(&house, &web, move |tx, still, _| labels::merge(tx, still, from, into)).await, 2);
    assert_eq!((on(&house, one).await, on(&house, both).await), (vec!["Quick".to_owned()], vec!["Quick".to_owned()]));
    assert!(write(&house, &web, move |tx, still, _| labels::find(tx, still, from)).await.is_none());
}

async fn a_deleted_label_leaves_its_cases(house: House) {
    let (web, app) = (house.project("WEB", false).await, house.project("APP", false).await);
    let smoke = label(&house, &web, "Smoke").await.unwrap().id;
    let case = planted::insert(&house, &web).await;
    write(&house, &web, move |tx, still, _| labels::put(tx, still, case, &[smoke])).await;
    assert_eq!(write(&house, &app, move |tx, still, _| labels::delete(tx, still, smoke)).await, 0, "not theirs");
    assert_eq!(on(&house, case).await, ["Smoke"]);
    assert_eq!(write(&house, &web, move |tx, still, _| labels::delete(tx, still, smoke)).await, 1);
    assert!(on(&house, case).await.is_empty());
}

async fn a_case_has_labels_of_its_own_project_only(house: House) {
    let (web, app) = (house.project("WEB", false).await, house.project("APP", false).await);
    let (own, other) = (label(&house, &web, "Own").await.unwrap().id, label(&house, &app, "Other").await.unwrap().id);
    let case = planted::insert(&house, &web).await;
    write(&house, &web, move |tx, still, _| labels::put(tx, still, case, &[own, other])).await;
    assert_eq!(on(&house, case).await, ["Own"]);
    write(&house, &web, move |tx, still, _| labels::put(tx, still, case, &[])).await;
    assert!(on(&house, case).await.is_empty());
}
