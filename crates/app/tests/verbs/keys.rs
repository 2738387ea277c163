//! API keys: what they are limited to, and when they die.

use std::time::Duration;

use app::{
    keys::{self, NewKey},
    sessions,
};
use domain::{
    access::{May, Membership, Right, Rights, Role, Via},
    id::KeyId,
    secret::Token,
    time::days,
    title::KeyName,
};

use crate::{
    bed::on_both_engines,
    world::{Actor, World, refusal},
};

on_both_engines! { World:
    a_limited_key_mints_only_keys_within_itself
    a_key_mints_no_key_that_outlives_it
    a_limited_key_revokes_only_keys_within_itself
    a_key_from_a_session_is_limited_as_wished
    a_key_can_do_what_both_it_and_its_holder_may
    a_key_ends_in_the_future
    a_key_dies_with_its_holders_deactivation_and_lives_again
    a_revoked_key_is_dead
    a_key_is_revoked_by_its_holder_or_by_who_manages_members
    nobody_but_owners_revokes_the_key_of_an_owner
    a_limit_to_any_right_of_a_project_holds_reading_too
    last_use_is_noted_at_most_once_a_minute
}

fn wish(rights: Option<&[Right]>) -> NewKey {
    NewKey { name: KeyName::parse("CI").unwrap(), rights: rights.map(Rights::of), ends_at: None }
}

async fn mint(world: &World, may: May<Membership>, new: NewKey) -> Result<(KeyId, Token), app::Failure> {
    world.write(move |tx, now| keys::create(tx, &may, &new, now)).await
}

async fn limit_of(world: &World, key: &Token) -> Option<Rights> {
    let who = sessions::by_key(&world.app, key.clone()).await.unwrap().expect("a live key");
    let Via::Key { limit, .. } = who.via else { panic!("by a key") };
    limit
}

async fn a_limited_key_mints_only_keys_within_itself(world: World) {
    let own = [Right::Read, Right::ExecuteRuns];
    let limited = || world.limited(world.owner, &own);
    assert_eq!(
        refusal(mint(&world, limited().await, wish(Some(&[Right::Read, Right::Import]))).await),
        "above_your_rights"
    );
    let (_, narrower) = mint(&world, limited().await, wish(Some(&[Right::Read]))).await.unwrap();
    assert_eq!(limit_of(&world, &narrower).await, Some(Rights::of(&[Right::Read])));
    let (_, same) = mint(&world, limited().await, wish(None)).await.unwrap();
    assert_eq!(limit_of(&world, &same).await, Some(Rights::of(&own)), "no wish is no way out");
}

async fn a_key_mints_no_key_that_outlives_it(world: World) {
    let end = world.now() + days(2);
    let (_, by_key) = world.by_key(world.owner, None, Some(end)).await;
    let until = |ends_at| NewKey { ends_at, ..wish(None) };
    let longer = mint(&world, world.may(by_key).await, until(Some(end + Duration::from_secs(1)))).await;
    assert_eq!(refusal(longer), "above_your_rights");
    for (wished, got) in [(Some(end), end), (Some(end - days(1)), end - days(1)), (None, end)] {
        let (_, key) = mint(&world, world.may(by_key).await, until(wished)).await.unwrap();
        let who = sessions::by_key(&world.app, key).await.unwrap().unwrap();
        assert_eq!(who.via.ends_at(), Some(got), "no wish takes the end over");
    }
}

async fn a_limited_key_revokes_only_keys_within_itself(world: World) {
    let owner = world.owner;
    let (own, limited) = world.by_key(owner, Some(&[Right::Read, Right::ExecuteRuns]), None).await;
    let (narrower, _) = world.by_key(owner, Some(&[Right::Read]), None).await;
    let (other, _) = world.by_key(owner, Some(&[Right::Read, Right::Import]), None).await;
    let (full, _) = world.by_key(owner, None, None).await;
    for beyond in [other, full] {
        assert_eq!(refusal(world.revoke_key(limited, beyond).await), "above_your_rights");
    }
    world.revoke_key(limited, narrower).await.unwrap();
    world.revoke_key(limited, own).await.unwrap();
    let (_, whole) = world.by_key(owner, None, None).await;
    for any in [other, full] {
        world.revoke_key(whole, any).await.unwrap();
    }
}

async fn a_key_from_a_session_is_limited_as_wished(world: World) {
    let may = world.may(world.owner).await;
    let (_, key) = mint(&world, may, wish(None)).await.unwrap();
    assert_eq!(limit_of(&world, &key).await, None);
}

async fn a_key_can_do_what_both_it_and_its_holder_may(world: World) {
    let tester = world.member(Role::Tester).await;
    let wished = wish(Some(&[Right::InviteMembers, Right::Read]));
    let (_, key) = mint(&world, world.may(tester).await, wished).await.unwrap();
    let who = sessions::by_key(&world.app, key).await.unwrap().unwrap();
    let rights = world.may::<Membership>(Actor { who, ..tester }).await.member().rights();
    assert_eq!(rights, Rights::of(&[Right::Read]));
}

async fn a_key_ends_in_the_future(world: World) {
    let new = |ends_at| NewKey { ends_at: Some(ends_at), ..wish(None) };
    let now = world.now();
    assert_eq!(refusal(mint(&world, world.may(world.owner).await, new(now)).await), "expires_at in_the_past");
    let (_, key) = mint(&world, world.may(world.owner).await, new(now + days(1))).await.unwrap();
    assert!(sessions::by_key(&world.app, key.clone()).await.unwrap().is_some());
    world.pass(days(1));
    assert!(sessions::by_key(&world.app, key).await.unwrap().is_none());
}

async fn a_key_dies_with_its_holders_deactivation_and_lives_again(world: World) {
    let ann = world.member(Role::Tester).await;
    let (_, key) = mint(&world, world.may(ann).await, wish(None)).await.unwrap();
    world.deactivate(world.owner, ann).await.unwrap();
    assert!(sessions::by_key(&world.app, key.clone()).await.unwrap().is_none());
    world.reactivate(world.owner, ann).await.unwrap();
    assert!(sessions::by_key(&world.app, key).await.unwrap().is_some());
}

async fn a_revoked_key_is_dead(world: World) {
    let (id, key) = mint(&world, world.may(world.owner).await, wish(None)).await.unwrap();
    world.revoke_key(world.owner, id).await.unwrap();
    assert!(sessions::by_key(&world.app, key).await.unwrap().is_none());
    assert_eq!(refusal(world.revoke_key(world.owner, id).await), "unknown");
}

async fn a_key_is_revoked_by_its_holder_or_by_who_manages_members(world: World) {
    let (ann, other) = (world.member(Role::Tester).await, world.member(Role::Manager).await);
    let (first, _) = mint(&world, world.may(ann).await, wish(None)).await.unwrap();
    let (second, key) = mint(&world, world.may(ann).await, wish(None)).await.unwrap();
    assert_eq!(refusal(world.revoke_key(other, first).await), "unknown", "he may not know that it exists");
    world.revoke_key(ann, first).await.unwrap();
    world.revoke_key(world.owner, second).await.unwrap();
    assert!(sessions::by_key(&world.app, key).await.unwrap().is_none());
}

async fn nobody_but_owners_revokes_the_key_of_an_owner(world: World) {
    let (admin, owner) = (world.member(Role::Admin).await, world.member(Role::Owner).await);
    let (id, _) = mint(&world, world.may(owner).await, wish(None)).await.unwrap();
    assert_eq!(refusal(world.revoke_key(admin, id).await), "target_above_you");
    world.revoke_key(world.owner, id).await.unwrap();
}

async fn a_limit_to_any_right_of_a_project_holds_reading_too(world: World) {
    let wished = wish(Some(&[Right::ExecuteRuns]));
    let (_, key) = mint(&world, world.may(world.owner).await, wished).await.unwrap();
    assert_eq!(limit_of(&world, &key).await, Some(Rights::of(&[Right::ExecuteRuns, Right::Read])));
}

async fn last_use_is_noted_at_most_once_a_minute(world: World) {
    let ann = world.member(Role::Tester).await;
    let (_, key) = mint(&world, world.may(ann).await, wish(None)).await.unwrap();
    let used = || async {
        sessions::by_key(&world.app, key.clone()).await.unwrap().unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
        let may = world.may(ann).await;
        world.read(move |db, _| Ok(store::keys::list(db, &may)?)).await[0].used_at
    };
    let first = world.now();
    let mut noted = used().await;
    while noted.is_none() {
        noted = used().await;
    }
    assert_eq!(noted, Some(first));
    world.pass(Duration::from_secs(59));
    assert_eq!(used().await, Some(first));
    world.pass(Duration::from_secs(1));
    while noted == Some(first) {
        noted = used().await;
    }
    assert_eq!(noted, Some(world.now()));
}
