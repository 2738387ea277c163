//! Projects and the roles held on them.

use domain::{
    access::{ManageMembers, ProjectRole, Role, Still},
    project_key::ProjectKey,
    title::ProjectName,
};
use store::{
    access,
    projects::{self, Project},
};

use crate::{
    bed::on_both_engines,
    house::{Actor, House},
};

on_both_engines! { House:
    a_key_is_taken_once_in_a_workspace
    projects_one_may_read_are_listed_by_name
    a_workspace_has_projects_or_not
    a_second_grant_on_a_project_takes_the_place_of_the_first
    roles_held_are_shown_on_projects_one_may_see
    the_roles_of_a_member_are_taken_back_together
}

async fn insert(house: &House, by: Actor, key: &'static str, name: &'static str, private: bool) -> Option<Project> {
    house
        .write(move |tx, now| {
            let (still, key) = (by.still(tx)?, ProjectKey::parse(key).unwrap());
            Ok(projects::insert(tx, &still, &key, &ProjectName::parse(name).unwrap(), private, now)?)
        })
        .await
}

async fn keys(house: &House, reader: Actor) -> Vec<String> {
    let found = house.read(move |db| {
        let visible = reader.visible(db)?;
        projects::visible(db, &visible)
    });
    found.await.into_iter().map(|project| project.key).collect()
}

async fn a_key_is_taken_once_in_a_workspace(house: House) {
    let (here, there) = (house.owner, house.another().await);
    let web = insert(&house, here, "WEB", "Web shop", true).await.unwrap();
    assert_eq!((web.key.as_str(), web.name.as_str(), web.private), ("WEB", "Web shop", true));
    assert_eq!((web.facts().id, web.facts().private), (web.id, true));
    assert!(insert(&house, here, "web", "Another", false).await.is_none());
    assert!(insert(&house, there, "WEB", "Web shop", false).await.is_some());
}

async fn projects_one_may_read_are_listed_by_name(house: House) {
    let owner = house.owner;
    insert(&house, owner, "ZZ", "élan", false).await;
    insert(&house, owner, "AA", "Zebra", true).await;
    let web = insert(&house, owner, "WEB", "Arbor", true).await.unwrap();
    let (guest, tester) = (house.member("Gus", Role::Guest).await, house.member("Tim", Role::Tester).await);
    house.grant(guest, &web, Role::ReadOnly).await;
    let there = house.another().await;
    insert(&house, there, "APP", "App", false).await;
    assert_eq!(keys(&house, owner).await, ["WEB", "ZZ", "AA"]);
    assert_eq!(keys(&house, tester).await, ["ZZ"]);
    assert_eq!(keys(&house, guest).await, ["WEB"]);
}

async fn a_workspace_has_projects_or_not(house: House) {
    let owner = house.owner;
    let there = house.another().await;
    insert(&house, there, "APP", "App", false).await;
    let any = || {
        house.read(move |db| {
            let member = access::active_member(db, owner.who.person, owner.workspace)?.unwrap();
            projects::any(db, &member)
        })
    };
    assert!(!any().await);
    insert(&house, owner, "WEB", "Web", true).await;
    assert!(any().await);
}

async fn a_second_grant_on_a_project_takes_the_place_of_the_first(house: House) {
    let (owner, ann) = (house.owner, house.member("Ann", Role::Guest).await);
    let web = house.project("WEB", true).await;
    for role in [Role::Tester, Role::Manager] {
        let grant = ProjectRole { project: web.facts(), role };
        house.write(move |tx, now| Ok(projects::grant(tx, ann.member, grant, owner.who.person, now)?)).await;
    }
    assert_eq!(of_member(&house, owner, ann).await, [ProjectRole { project: web.facts(), role: Role::Manager }]);
}

async fn of_member(house: &House, by: Actor, whose: Actor) -> Vec<ProjectRole> {
    house
        .write(move |tx, _| {
            let still: Still<ManageMembers> = by.still(tx)?;
            Ok(projects::of_member(tx, &still, whose.member)?)
        })
        .await
}

async fn roles_held_are_shown_on_projects_one_may_see(house: House) {
    let (web, app) = (house.project("WEB", true).await, house.project("APP", true).await);
    let (ann, bob) = (house.member("Ann", Role::Guest).await, house.member("Bob", Role::Guest).await);
    house.grant(ann, &web, Role::Tester).await;
    house.grant(bob, &web, Role::Manager).await;
    house.grant(bob, &app, Role::Admin).await;
    let held_by = |reader: Actor, whose: Vec<domain::id::MemberId>| {
        house.read(move |db| {
            let visible = reader.visible(db)?;
            projects::held(db, &visible, &whose)
        })
    };
    let held = |reader: Actor| held_by(reader, vec![ann.member, bob.member]);
    assert_eq!((held_by(ann, vec![ann.member]).await.len(), held_by(ann, Vec::new()).await.len()), (1, 0));
    let seen = held(ann).await;
    let mut seen: Vec<_> = seen.iter().map(|held| (held.member, held.key.as_str(), held.role)).collect();
    seen.sort_by_key(|(_, _, role)| std::cmp::Reverse(*role));
    assert_eq!(seen, [(ann.member, "WEB", Role::Tester), (bob.member, "WEB", Role::Manager)]);
    assert_eq!(held(house.owner).await.len(), 3);
}

async fn the_roles_of_a_member_are_taken_back_together(house: House) {
    let (owner, there) = (house.owner, house.another().await);
    let (web, app) = (house.project("WEB", true).await, house.project("APP", true).await);
    let (ann, bob) = (house.member("Ann", Role::Guest).await, house.member("Bob", Role::Guest).await);
    for (actor, project) in [(ann, &web), (ann, &app), (bob, &web)] {
        house.grant(actor, project, Role::Tester).await;
    }
    assert!(of_member(&house, there, ann).await.is_empty(), "of another workspace");
    assert_eq!(of_member(&house, owner, ann).await.len(), 2);
    house.write(move |tx, _| Ok(projects::ungrant_all(tx, ann.member)?)).await;
    assert_eq!((of_member(&house, owner, ann).await.len(), of_member(&house, owner, bob).await.len()), (0, 1));
}
