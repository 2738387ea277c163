//! Projects and the roles held on them.

use domain::{
    access::{ManageMembers, ManageProject, May, ProjectRole, Read, Role, Still},
    project::Description,
    project_key::ProjectKey,
    title::ProjectName,
};
use store::{
    access,
    paging::Page,
    projects::{self, Project, Settings},
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
    one_role_is_taken_back_and_the_others_stay
    projects_are_found_by_name_key_and_id_if_one_may_read_them
    a_project_is_changed_in_the_proofs_workspace_only
    who_holds_a_role_on_a_project_is_listed_by_name_in_pages
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

async fn one_role_is_taken_back_and_the_others_stay(house: House) {
    let (web, app) = (house.project("WEB", true).await, house.project("APP", true).await);
    let ann = house.member("Ann", Role::Guest).await;
    for project in [&web, &app] {
        house.grant(ann, project, Role::Tester).await;
    }
    let gone = web.id;
    house.write(move |tx, _| Ok(projects::ungrant(tx, ann.member, gone)?)).await;
    assert_eq!(of_member(&house, house.owner, ann).await, [ProjectRole { project: app.facts(), role: Role::Tester }]);
}

async fn projects_are_found_by_name_key_and_id_if_one_may_read_them(house: House) {
    let owner = house.owner;
    let shop = insert(&house, owner, "WEB", "Büro_Shop", false).await.unwrap();
    let vault = insert(&house, owner, "SEC", "Büro vault", true).await.unwrap();
    let tester = house.member("Tim", Role::Tester).await;
    let found = async |reader: Actor, words: &'static str| {
        let search = house.read(move |db| {
            let visible = reader.visible(db)?;
            projects::search(db, &visible, words)
        });
        search.await.into_iter().map(|project| project.key).collect::<Vec<_>>()
    };
    assert_eq!(
        (found(owner, "buro").await, found(tester, "buro").await),
        (vec!["SEC".into(), "WEB".into()], vec!["WEB".to_owned()])
    );
    assert_eq!((found(owner, "se").await, found(owner, "o_s").await), (vec!["SEC".to_owned()], vec!["WEB".to_owned()]));
    let one = |reader: Actor, project: &Project| {
        let id = project.id;
        house.read(move |db| {
            let visible = reader.visible(db)?;
            Ok((projects::find(db, &visible, id)?.map(|found| found.key), projects::key_of(db, &visible, id)?))
        })
    };
    assert_eq!(one(owner, &vault).await, (Some("SEC".to_owned()), Some("SEC".to_owned())));
    assert_eq!((one(tester, &vault).await, one(tester, &shop).await.1), ((None, None), Some("WEB".to_owned())));
}

async fn a_project_is_changed_in_the_proofs_workspace_only(house: House) {
    let (owner, web) = (house.owner, house.project("WEB", false).await);
    let facts = web.facts();
    house
        .write(move |tx, _| {
            let member = access::member(tx, &owner.who, owner.workspace)?.unwrap();
            let may: May<ManageProject> = std::sync::Arc::new(member).may_in(facts)?;
            let still = store::Again::still(tx, &may, crate::house::START)?;
            let (name, description) = (ProjectName::parse("Élan").unwrap(), Description::parse("Speed").unwrap());
            let settings = Settings { name: &name, description: &description, private: true, review: false };
            Ok(projects::update(tx, &still, &settings)?)
        })
        .await;
    let found = house.read(move |db| {
        let visible = owner.visible(db)?;
        projects::search(db, &visible, "elan")
    });
    let found = found.await;
    assert_eq!((found[0].id, found[0].name.as_str(), found[0].private), (web.id, "Élan", true));
    assert_eq!((found[0].description.as_str(), found[0].review), ("Speed", false));
}

async fn who_holds_a_role_on_a_project_is_listed_by_name_in_pages(house: House) {
    let (owner, web, app) = (house.owner, house.project("WEB", true).await, house.project("APP", true).await);
    for (name, role) in [("Zoe", Role::Guest), ("Ann", Role::Tester), ("Bob", Role::Guest)] {
        let member = house.member(name, role).await;
        house.grant(member, &web, Role::Manager).await;
    }
    let other = house.member("Cleo", Role::Guest).await;
    house.grant(other, &app, Role::Manager).await;
    let facts = web.facts();
    let page = |page: Page<(String, domain::id::MemberId)>| {
        house.read(move |db| {
            let member = access::member(db, &owner.who, owner.workspace)?.unwrap();
            let may: May<Read> = std::sync::Arc::new(member).may_in(facts).unwrap();
            projects::people(db, &may, &page)
        })
    };
    let first = page(Page::first(2)).await;
    let names = |slice: &store::paging::Slice<projects::OnProject>| {
        slice.rows.iter().map(|row| row.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!((names(&first), first.more), (vec!["Ann".to_owned(), "Bob".to_owned()], true));
    assert_eq!((first.rows[0].role, first.rows[0].workspace_role), (Role::Manager, Role::Tester));
    let last = first.rows.last().map(|row| (row.folded.clone(), row.member));
    assert_eq!(names(&page(Page { limit: 2, after: last }).await), ["Zoe"]);
}
