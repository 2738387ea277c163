//! Service accounts: who makes them and their keys, and what those outlive.

use app::{Failure, keys::NewKey, members, members::Change, service_accounts, sessions, workspaces};
use domain::{
    access::{ManageMembers, Right, Role, SignedIn},
    id::{KeyId, ServiceId},
    secret::Token,
};
use store::service_accounts::ServiceAccount;

use crate::{
    bed::on_both_engines,
    world::{Actor, World, refusal},
};

on_both_engines! { World:
    a_service_account_is_never_an_owner
    a_service_account_is_made_under_the_ceiling
    a_key_of_a_service_account_takes_all_that_it_may
    a_key_of_a_service_account_survives_whoever_made_it
    a_key_of_a_service_account_dies_with_its_deactivation_and_lives_again
    a_limited_key_makes_no_wider_key_of_a_service_account
    a_service_account_makes_no_workspace
    making_it_and_its_keys_is_audited
}

async fn make(world: &World, by: Actor, role: Role) -> Result<ServiceAccount, Failure> {
    let may = world.may::<ManageMembers>(by).await;
    world.write(move |tx, now| service_accounts::create(tx, &may, &"CI".parse().unwrap(), role, now)).await
}

async fn key(world: &World, by: Actor, id: ServiceId, rights: Option<&[Right]>) -> Result<(KeyId, Token), Failure> {
    let may = world.may::<ManageMembers>(by).await;
    let new =
        NewKey { name: "nightly".parse().unwrap(), rights: rights.map(domain::access::Rights::of), ends_at: None };
    world.write(move |tx, now| service_accounts::create_key(tx, &may, id, &new, now)).await
}

/// The owner by a key that manages members and reads, and no more.
async fn limited(world: &World) -> Actor {
    world.by_key(world.owner, Some(&[Right::ManageMembers, Right::Read]), None).await.1
}

async fn bearer(world: &World, key: &Token) -> Option<SignedIn> {
    sessions::by_key(&world.app, key.clone()).await.unwrap()
}

async fn a_service_account_is_never_an_owner(world: World) {
    assert_eq!(refusal(make(&world, world.owner, Role::Owner).await), "role never_owner");
    let account = make(&world, world.owner, Role::Tester).await.unwrap();
    let may = world.may::<ManageMembers>(world.owner).await;
    let raised = world.write(move |tx, now| {
        let change = Change { role: Some(Role::Owner), ..Change::default() };
        members::change(tx, &may, account.member, &change, now)
    });
    assert_eq!(refusal(raised.await), "role never_owner");
}

async fn a_service_account_is_made_under_the_ceiling(world: World) {
    let limited = limited(&world).await;
    assert_eq!(refusal(make(&world, limited, Role::Tester).await), "above_your_rights");
    assert_eq!(make(&world, limited, Role::ReadOnly).await.unwrap().role, Role::ReadOnly);
}

async fn a_key_of_a_service_account_takes_all_that_it_may(world: World) {
    let account = make(&world, world.owner, Role::Tester).await.unwrap();
    let limited = limited(&world).await;
    assert_eq!(refusal(key(&world, limited, account.id, Some(&[Right::Read])).await), "above_your_rights");
}

async fn a_key_of_a_service_account_survives_whoever_made_it(world: World) {
    let admin = world.member(Role::Admin).await;
    let account = make(&world, admin, Role::Tester).await.unwrap();
    let (_, secret) = key(&world, admin, account.id, None).await.unwrap();
    world.deactivate(world.owner, admin).await.unwrap();
    let who = bearer(&world, &secret).await.expect("its own key");
    assert_eq!(who.actor().to_string(), account.id.to_string());
}

async fn a_key_of_a_service_account_dies_with_its_deactivation_and_lives_again(world: World) {
    let account = make(&world, world.owner, Role::Tester).await.unwrap();
    let (_, secret) = key(&world, world.owner, account.id, None).await.unwrap();
    let who = bearer(&world, &secret).await.unwrap();
    let actor = Actor { who, workspace: world.owner.workspace, member: account.member };
    world.deactivate(world.owner, actor).await.unwrap();
    assert!(bearer(&world, &secret).await.is_none());
    world.reactivate(world.owner, actor).await.unwrap();
    assert!(bearer(&world, &secret).await.is_some());
}

async fn a_limited_key_makes_no_wider_key_of_a_service_account(world: World) {
    let account = make(&world, world.owner, Role::ReadOnly).await.unwrap();
    let limited = limited(&world).await;
    let wider = key(&world, limited, account.id, Some(&[Right::Import])).await;
    assert_eq!(refusal(wider), "above_your_rights");
    let (_, within) = key(&world, limited, account.id, Some(&[Right::Read])).await.unwrap();
    assert!(bearer(&world, &within).await.is_some());
}

async fn a_service_account_makes_no_workspace(world: World) {
    let account = make(&world, world.owner, Role::Admin).await.unwrap();
    let (_, secret) = key(&world, world.owner, account.id, None).await.unwrap();
    let who = bearer(&world, &secret).await.unwrap();
    assert!(!who.unlimited());
    let made = world.write(move |tx, now| workspaces::create(tx, &who, &"Mine".parse().unwrap(), now).map(drop));
    assert_eq!(refusal(made.await), "operators_only");
}

async fn making_it_and_its_keys_is_audited(world: World) {
    let account = make(&world, world.owner, Role::Tester).await.unwrap();
    key(&world, world.owner, account.id, None).await.unwrap();
    let may = world.may(world.owner).await;
    let log = world.read(move |db, _| {
        Ok(store::events::list(db, &may, &store::events::Filter::default(), &store::paging::Page::first(2))?.rows)
    });
    let told: Vec<(String, Option<String>)> = log.await.into_iter().map(|event| (event.what, event.label)).collect();
    assert_eq!(
        told,
        [
            ("api_key.created".into(), Some("nightly of CI".into())),
            ("service_account.created".into(), Some("CI".into()))
        ]
    );
}
