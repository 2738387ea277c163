//! Steps written once for many cases.

use domain::{
    access::{Read, Role, WriteCases},
    case::{Fields, Markdown, Step},
    id::{CaseId, StepGroupId},
    step_group::GroupSteps,
    title::{CaseTitle, StepGroupName},
};
use store::{
    Again, cases,
    paging::Page,
    projects::Project,
    step_groups::{self, StepGroup},
};

use crate::{
    bed::on_both_engines,
    house::{Actor, House, START},
};

on_both_engines! { House:
    a_group_is_read_as_it_was_written_and_listed_by_name
    a_name_is_used_once_in_a_project
    each_save_is_a_version
    where_a_group_stands_is_listed_by_number
    a_group_that_was_deleted_is_linked_and_known_no_more
    a_group_of_another_project_or_workspace_is_unknown
}

fn steps(action: &str) -> GroupSteps {
    let action = Markdown::parse(action).unwrap();
    GroupSteps::checked(vec![Step::Own { action, expected: Markdown::default() }]).unwrap()
}

fn called(name: &str) -> StepGroupName {
    StepGroupName::parse(name).unwrap()
}

async fn try_write(house: &House, project: &Project, name: &'static str) -> Option<StepGroupId> {
    let (project, owner) = (project.clone(), house.owner);
    house
        .write(move |tx, now| {
            let may = owner.may_in::<WriteCases>(tx, &project)?;
            let still = tx.still(&may, START)?;
            Ok(step_groups::insert(tx, &still, &called(name), &steps(name), now)?)
        })
        .await
}

async fn write(house: &House, project: &Project, name: &'static str) -> StepGroupId {
    try_write(house, project, name).await.unwrap()
}

async fn find(house: &House, reader: Actor, project: &Project, id: StepGroupId) -> Option<StepGroup> {
    let project = project.clone();
    house
        .read(move |db| {
            let may = reader.may_in::<Read>(db, &project).unwrap();
            step_groups::find(db, &may, id)
        })
        .await
}

/// A case in which a group stands.
async fn case_with(house: &House, project: &Project, groups: Vec<StepGroupId>) -> Option<CaseId> {
    let (project, owner) = (project.clone(), house.owner);
    house
        .write(move |tx, now| {
            let may = owner.may_in::<WriteCases>(tx, &project)?;
            let still = tx.still(&may, START)?;
            let top = cases::top(tx, &still)?;
            let fields = Fields::titled(CaseTitle::parse("Pay").unwrap(), |kind| kind as i64 + 1);
            let id = cases::insert(tx, &still, top, &fields, now)?.unwrap();
            Ok(step_groups::link(tx, id, &groups)?.then_some(id))
        })
        .await
}

async fn a_group_is_read_as_it_was_written_and_listed_by_name(house: House) {
    let web = house.project("WEB", false).await;
    let (sign_in, add) = (write(&house, &web, "Sign in").await, write(&house, &web, "add").await);
    let group = find(&house, house.owner, &web, sign_in).await.unwrap();
    assert_eq!((group.name.as_str(), group.version, group.cases), ("Sign in", 1, 0));
    assert_eq!((group.steps, group.changed_by), (steps("Sign in"), house.owner.who.person));
    let owner = house.owner;
    let list = house.read(move |db| {
        let may = owner.may_in::<Read>(db, &web).unwrap();
        let first = step_groups::list(db, &may, &Page::first(1))?;
        let after = Some((first.rows[0].name_key.clone(), first.rows[0].id));
        let second = step_groups::list(db, &may, &Page { limit: 1, after })?;
        assert!(first.more && !second.more);
        Ok([first.rows[0].id, second.rows[0].id])
    });
    assert_eq!(list.await, [add, sign_in]);
}

async fn a_name_is_used_once_in_a_project(house: House) {
    let (web, app) = (house.project("WEB", false).await, house.project("APP", false).await);
    let first = write(&house, &web, "Sign in").await;
    assert_eq!(try_write(&house, &web, "SIGN  in").await, None);
    write(&house, &app, "Sign in").await;
    let other = write(&house, &web, "Sign out").await;
    assert!(!save(&house, &web, other, "sign in").await);
    assert!(save(&house, &web, first, "SIGN IN").await);
}

async fn save(house: &House, project: &Project, id: StepGroupId, name: &'static str) -> bool {
    let (project, owner) = (project.clone(), house.owner);
    house
        .write(move |tx, now| {
            let may = owner.may_in::<WriteCases>(tx, &project)?;
            let still = tx.still(&may, START)?;
            let before = step_groups::lock(tx, &still, id)?.unwrap();
            Ok(step_groups::save(tx, &still, &before, &called(name), &steps("Other"), now)?)
        })
        .await
}

async fn each_save_is_a_version(house: House) {
    let web = house.project("WEB", false).await;
    let id = write(&house, &web, "Sign in").await;
    save(&house, &web, id, "Enter").await;
    let group = find(&house, house.owner, &web, id).await.unwrap();
    assert_eq!((group.name.as_str(), group.version, group.steps), ("Enter", 2, steps("Other")));
    assert_eq!(house.read(move |db| step_groups::versions(db, &[id])).await, [(id, 2)]);
    assert!(house.contents().await.contains("Sign in"));
}

async fn where_a_group_stands_is_listed_by_number(house: House) {
    let web = house.project("WEB", false).await;
    let (id, other) = (write(&house, &web, "Sign in").await, write(&house, &web, "Other").await);
    for groups in [vec![id], vec![other], vec![other, id]] {
        case_with(&house, &web, groups).await.unwrap();
    }
    assert_eq!(find(&house, house.owner, &web, id).await.unwrap().cases, 2);
    let owner = house.owner;
    let users = house.read(move |db| {
        let may = owner.may_in::<Read>(db, &web).unwrap();
        let first = step_groups::users(db, &may, id, &Page::first(1))?;
        let second = step_groups::users(db, &may, id, &Page { limit: 1, after: Some(first.rows[0].number) })?;
        Ok((first.more, first.rows[0].number, second.more, second.rows[0].number))
    });
    assert_eq!(users.await, (true, 1, false, 3));
}

async fn a_group_that_was_deleted_is_linked_and_known_no_more(house: House) {
    let web = house.project("WEB", false).await;
    let (id, owner, project) = (write(&house, &web, "Sign in").await, house.owner, web.clone());
    house
        .write(move |tx, now| {
            let may = owner.may_in::<WriteCases>(tx, &project)?;
            let still = tx.still(&may, START)?;
            assert_eq!(step_groups::known(tx, &still, &[id])?.len(), 1);
            step_groups::delete(tx, &still, id, now)?;
            assert!(step_groups::known(tx, &still, &[id])?.is_empty());
            assert!(step_groups::lock(tx, &still, id)?.is_none());
            Ok(())
        })
        .await;
    assert_eq!(case_with(&house, &web, vec![id]).await, None);
    assert!(find(&house, house.owner, &web, id).await.is_none());
    write(&house, &web, "Sign in").await;
}

async fn a_group_of_another_project_or_workspace_is_unknown(house: House) {
    let (web, app) = (house.project("WEB", false).await, house.project("APP", false).await);
    let there = house.another().await;
    let theirs = house.project_of(there, "WEB", false).await;
    let id = write(&house, &web, "Sign in").await;
    assert!(find(&house, house.owner, &app, id).await.is_none());
    assert!(find(&house, there, &theirs, id).await.is_none());
    let tester = house.member("Lea", Role::Tester).await;
    assert!(find(&house, tester, &web, id).await.is_some());
}
