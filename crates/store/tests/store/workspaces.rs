//! Workspaces.

use domain::{
    access::{Role, System},
    slug::Slug,
    title::{KeyName, WorkspaceName},
};
use store::{access, keys, members, workspaces};

use crate::{bed::on_both_engines, house::House};

on_both_engines! { House:
    a_workspace_is_named_by_id_or_slug
    a_slug_is_taken_once
    all_are_listed_by_name
    a_new_name_leaves_the_slug
    one_sees_the_workspaces_one_is_an_active_member_of
    a_key_sees_its_own_workspace_only
}

async fn a_workspace_is_named_by_id_or_slug(house: House) {
    let id = house.owner.workspace;
    let resolve = |name: String| house.read(move |db| workspaces::resolve(db, &name));
    assert_eq!(resolve("hollin".into()).await, Some(id));
    assert_eq!(resolve(id.to_string()).await, Some(id));
    assert_eq!(resolve("ash".into()).await, None);
}

async fn a_slug_is_taken_once(house: House) {
    let founder = house.owner.who.person;
    let add = |slug: &'static str| {
        house.write(move |tx, now| {
            let name = WorkspaceName::parse("Hollin").unwrap();
            Ok(workspaces::insert(tx, founder, &name, &Slug::parse(slug).unwrap(), now)?)
        })
    };
    assert_eq!(add("hollin").await, None);
    let id = add("hollin-2").await.unwrap();
    let read = house.read(move |db| workspaces::named(db, id)).await;
    assert_eq!((read.slug.as_str(), read.name.as_str()), ("hollin-2", "Hollin"));
}

async fn all_are_listed_by_name(house: House) {
    house.another().await;
    let all = house.read(|db| workspaces::all(db, &System::because("test"))).await;
    assert_eq!(all.into_iter().map(|one| one.slug).collect::<Vec<_>>(), ["ash", "hollin"]);
}

async fn a_new_name_leaves_the_slug(house: House) {
    let (owner, there) = (house.owner, house.another().await);
    house
        .write(move |tx, _| {
            let still = owner.still(tx)?;
            Ok(workspaces::rename(tx, &still, &WorkspaceName::parse("Hollin & Co").unwrap())?)
        })
        .await;
    let of = |actor: crate::house::Actor| {
        house.read(move |db| {
            let member = access::active_member(db, actor.who.person, actor.workspace)?.unwrap();
            workspaces::of(db, &member)
        })
    };
    let renamed = of(owner).await;
    assert_eq!((renamed.id, renamed.slug.as_str(), renamed.name.as_str()), (owner.workspace, "hollin", "Hollin & Co"));
    assert_eq!(of(there).await.name, "Ash");
}

async fn one_sees_the_workspaces_one_is_an_active_member_of(house: House) {
    let (owner, there) = (house.owner, house.another().await);
    let ann = house.member("Ann", Role::Tester).await;
    let person = ann.who.person;
    house.write(move |tx, now| Ok(members::insert(tx, there.workspace, person, Role::Guest, None, now)?)).await;
    let mine = || house.read(move |db| workspaces::mine(db, &ann.who));
    let seen: Vec<_> = mine().await.into_iter().map(|row| (row.id, row.name, row.role)).collect();
    assert_eq!(seen, [(there.workspace, "Ash".into(), Role::Guest), (owner.workspace, "Hollin".into(), Role::Tester)]);
    house
        .write(move |tx, _| {
            let still = owner.still(tx)?;
            Ok(members::set_active(tx, &still, ann.member, false)?)
        })
        .await;
    assert_eq!(mine().await.into_iter().map(|row| row.slug).collect::<Vec<_>>(), ["ash"]);
}

async fn a_key_sees_its_own_workspace_only(house: House) {
    let (owner, there) = (house.owner, house.another().await);
    let person = owner.who.person;
    house.write(move |tx, now| Ok(members::insert(tx, there.workspace, person, Role::Guest, None, now)?)).await;
    let by_key = house
        .write(move |tx, now| {
            let key = keys::insert_first(tx, there.workspace, person, &KeyName::parse("CI").unwrap(), now)?;
            Ok(access::key(tx, &key.1.hash(), now.at)?.unwrap().0)
        })
        .await;
    let seen = house.read(move |db| workspaces::mine(db, &by_key)).await;
    assert_eq!(seen.iter().map(|row| row.id).collect::<Vec<_>>(), [there.workspace]);
}
