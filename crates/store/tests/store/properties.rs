//! Values of properties: those of the workspace and a project's own.

use db::Tx;
use domain::{
    access::{Read, Settle, Still},
    colour::Colour,
    now::Now,
    property::Kind,
    title::ValueName,
};
use store::{
    Again, Lost,
    projects::Project,
    properties::{self, PropertyValue},
};

use crate::{
    bed::on_both_engines,
    house::{Actor, House, START},
    planted,
};

on_both_engines! { House:
    a_workspace_begins_with_values_of_every_property
    a_projects_own_values_come_after_those_of_the_workspace_and_no_other_project_has_them
    values_are_renamed_arranged_archived_and_made_the_default_where_they_are_settled
    cases_with_a_value_are_counted_and_given_another
}

/// A proof for the whole workspace, or for one project.
fn settle(tx: &mut Tx, actor: Actor, project: Option<&Project>) -> Result<Still<Settle>, Lost> {
    let may = match project {
        Some(project) => actor.may_in(tx, project)?,
        None => actor.may(tx)?,
    };
    tx.still(&may, START)
}

async fn write<T: Send + 'static>(
    house: &House,
    project: Option<&Project>,
    work: impl Fn(&mut Tx, &Still<Settle>, &Now) -> Result<T, db::Error> + Send + 'static,
) -> T {
    let (owner, project) = (house.owner, project.cloned());
    house
        .write(move |tx, now| {
            let still = settle(tx, owner, project.as_ref())?;
            Ok(work(tx, &still, now)?)
        })
        .await
}

async fn names(house: &House, project: &Project) -> Vec<String> {
    let found = values(house, project).await;
    found.into_iter().filter(|value| value.kind == Kind::Priority).map(|value| value.name).collect()
}

async fn values(house: &House, project: &Project) -> Vec<PropertyValue> {
    let (owner, project) = (house.owner, project.clone());
    house
        .read(move |db| {
            let may = owner.may_in::<Read>(db, &project).expect("an owner reads everything");
            properties::in_project(db, &may)
        })
        .await
}

fn name(text: &str) -> ValueName {
    ValueName::parse(text).unwrap()
}

async fn a_workspace_begins_with_values_of_every_property(house: House) {
    let web = house.project("WEB", false).await;
    house.another().await;
    let values = values(&house, &web).await;
    for kind in Kind::ALL {
        let names: Vec<&str> =
            values.iter().filter(|value| value.kind == kind).map(|value| value.name.as_str()).collect();
        let first: Vec<&str> = kind.first_values().iter().map(|value| value.name).collect();
        assert_eq!(names, first, "{kind}");
    }
    assert!(values.iter().filter(|value| value.is_default).all(|value| !value.archived && value.key > 0));
    assert_eq!(values.iter().filter(|value| value.is_default).count(), 4);
}

async fn a_projects_own_values_come_after_those_of_the_workspace_and_no_other_project_has_them(house: House) {
    let (web, app) = (house.project("WEB", false).await, house.project("APP", false).await);
    let red = "red".parse().unwrap();
    let own = write(&house, Some(&web), move |tx, still, _| {
        let key = properties::insert(tx, still, Kind::Priority, &name("Blocker"), red)?;
        properties::make_default(tx, still, Kind::Priority, key)?;
        Ok((key, properties::settled(tx, still)?.len()))
    });
    assert_eq!(own.await, (5, 1));
    let wide = write(&house, None, |tx, still, _| {
        properties::insert(tx, still, Kind::Priority, &name("Trivial"), Colour::default())
    });
    assert_eq!(wide.await, 6, "keys are unique in the workspace");
    assert_eq!(names(&house, &web).await, ["Low", "Medium", "High", "Critical", "Trivial", "Blocker"]);
    assert_eq!(names(&house, &app).await, ["Low", "Medium", "High", "Critical", "Trivial"]);
    let default = |values: Vec<PropertyValue>| {
        let found = values.into_iter().filter(|value| value.kind == Kind::Priority && value.is_default);
        found.map(|value| value.name).collect::<Vec<_>>()
    };
    assert_eq!(default(values(&house, &web).await), ["Blocker"]);
    assert_eq!(default(values(&house, &app).await), ["Medium"]);
}

async fn values_are_renamed_arranged_archived_and_made_the_default_where_they_are_settled(house: House) {
    let web = house.project("WEB", false).await;
    write(&house, Some(&web), |tx, still, _| {
        properties::update(tx, still, Kind::Priority, 1, &name("Mine"), Colour::default())?;
        properties::archive(tx, still, Kind::Priority, 1, true)
    })
    .await;
    assert_eq!(names(&house, &web).await[0], "Low", "the workspace's values are not the project's to change");
    write(&house, None, |tx, still, _| {
        properties::update(tx, still, Kind::Priority, 1, &name("Whenever"), Colour::of(4))?;
        properties::arrange(tx, still, Kind::Priority, &[4, 3, 2, 1])?;
        properties::make_default(tx, still, Kind::Priority, 3)?;
        properties::archive(tx, still, Kind::Priority, 1, true)
    })
    .await;
    let values = values(&house, &web).await.into_iter().filter(|value| value.kind == Kind::Priority);
    let values: Vec<_> = values.map(|value| (value.name, value.colour, value.is_default, value.archived)).collect();
    let value = |name: &str, colour, default, archived| (name.to_owned(), colour, default, archived);
    assert_eq!(
        values,
        [
            value("Critical", 5, false, false),
            value("High", 2, true, false),
            value("Medium", 1, false, false),
            value("Whenever", 4, false, true),
        ]
    );
}

async fn cases_with_a_value_are_counted_and_given_another(house: House) {
    let (web, app) = (house.project("WEB", false).await, house.project("APP", false).await);
    for project in [&web, &web, &app] {
        planted::insert(&house, project).await;
    }
    let count = |project: Option<Project>, key: i64| {
        let house = &house;
        async move {
            write(house, project.as_ref(), move |tx, still, _| properties::cases_with(tx, still, Kind::Priority, key))
                .await
        }
    };
    assert_eq!((count(Some(web.clone()), 2).await, count(None, 2).await), (2, 3));
    assert_eq!(write(&house, Some(&web), |tx, still, _| properties::replace(tx, still, Kind::Priority, 2, 3)).await, 2);
    assert_eq!((count(Some(web.clone()), 2).await, count(None, 2).await, count(None, 3).await), (0, 1, 2));
}
