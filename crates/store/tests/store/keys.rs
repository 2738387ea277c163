//! API keys.

use domain::{
    access::{Holder, Right, Rights, Role, Via},
    id::KeyId,
    secret::Token,
    time::{Time, days},
    title::KeyName,
};
use store::{
    access,
    keys::{self, HeldKey, Key},
    paging::{Page, Slice},
    service_accounts,
};

use crate::{
    bed::on_both_engines,
    house::{Actor, House},
};

on_both_engines! { House:
    ones_own_keys_are_listed_newest_first
    a_key_is_taken_back_once_and_by_its_holder_alone
    a_workspace_begins_with_a_key_without_limits
    use_is_noted
    who_manages_members_sees_the_keys_of_everyone_a_page_at_a_time
    who_manages_members_takes_back_anybodys_key_once
    a_key_of_a_service_account_is_told_apart
    all_of_a_persons_keys_are_taken_back_in_one_workspace
}

fn name(text: &str) -> KeyName {
    KeyName::parse(text).unwrap()
}

async fn make(
    house: &House,
    of: Actor,
    text: &'static str,
    rights: Option<Rights>,
    end: Option<Time>,
) -> (KeyId, Token) {
    let made = house.write(move |tx, now| {
        let still = of.still(tx)?;
        Ok(keys::insert(tx, &still, &name(text), rights, end, now)?)
    });
    let made = made.await;
    house.pass(days(1));
    made
}

async fn list(house: &House, of: Actor) -> Vec<Key> {
    house.read_as(of, keys::list).await
}

async fn ones_own_keys_are_listed_newest_first(house: House) {
    let (owner, ann) = (house.owner, house.member("Ann", Role::Tester).await);
    let (limit, end) = (Rights::of(&[Right::Read]), house.now() + days(9));
    let (first, _) = make(&house, ann, "first", Some(limit), Some(end)).await;
    let (second, _) = make(&house, ann, "second", None, None).await;
    make(&house, owner, "not hers", None, None).await;
    let keys = list(&house, ann).await;
    assert_eq!(
        keys.iter().map(|key| (key.id, key.name.as_str())).collect::<Vec<_>>(),
        [(second, "second"), (first, "first")]
    );
    assert_eq!((keys[1].rights, keys[1].ends_at), (Some(limit), Some(end)));
    assert_eq!((keys[0].rights, keys[0].ends_at, keys[0].used_at), (None, None, None));
}

async fn a_key_is_taken_back_once_and_by_its_holder_alone(house: House) {
    let (owner, ann) = (house.owner, house.member("Ann", Role::Tester).await);
    let (id, _) = make(&house, ann, "CI", None, None).await;
    let revoke = |by: Actor| {
        house.write(move |tx, now| {
            let still = by.still(tx)?;
            Ok(keys::revoke(tx, &still, id, now.at)?)
        })
    };
    let find = |by: Actor| house.read_as(by, move |db, may| keys::find(db, may, id));
    assert_eq!((find(owner).await.is_none(), find(ann).await.map(|key| key.id)), (true, Some(id)));
    assert_eq!(revoke(owner).await, None);
    assert_eq!(revoke(ann).await.as_deref(), Some("CI"));
    assert_eq!((revoke(ann).await, find(ann).await.is_none()), (None, true));
    assert!(list(&house, ann).await.is_empty());
}

async fn a_workspace_begins_with_a_key_without_limits(house: House) {
    let owner = house.owner;
    house
        .write(move |tx, now| Ok(keys::insert_first(tx, owner.workspace, owner.who.person, &name("First key"), now)?))
        .await;
    let keys = list(&house, owner).await;
    assert_eq!((keys[0].name.as_str(), keys[0].rights, keys[0].ends_at), ("First key", None, None));
}

async fn use_is_noted(house: House) {
    let owner = house.owner;
    let (id, _) = make(&house, owner, "CI", None, None).await;
    house.write(move |tx, now| Ok(keys::used(tx, id, now.at)?)).await;
    assert_eq!(list(&house, owner).await[0].used_at, Some(house.now()));
}

async fn all_of_a_persons_keys_are_taken_back_in_one_workspace(house: House) {
    let (owner, ann, there) = (house.owner, house.member("Ann", Role::Tester).await, house.another().await);
    let end = house.now() + days(3);
    make(&house, ann, "one", None, None).await;
    make(&house, ann, "over", None, Some(end)).await;
    make(&house, owner, "not hers", None, None).await;
    house.pass(days(3));
    let (person, now) = (ann.who.person, house.now());
    let alive = |by: Actor| house.read_as(by, move |db, may| keys::alive(db, may, person, now));
    assert_eq!((alive(owner).await, alive(there).await), (1, 0));
    let revoke = |by: Actor| {
        house.write(move |tx, now| {
            let still = by.still::<domain::access::ManageMembers>(tx)?;
            Ok(keys::revoke_all(tx, &still, person, now.at)?)
        })
    };
    assert_eq!((revoke(there).await, revoke(owner).await, revoke(owner).await), (0, 1, 0));
    assert_eq!((alive(owner).await, list(&house, owner).await.len()), (0, 1));
}

async fn everyones(house: &House, page: Page<KeyId>) -> Slice<HeldKey> {
    let owner = house.owner;
    house
        .write(move |tx, _| {
            let may = owner.may(tx)?;
            Ok(keys::everyones(tx, &may, &page)?)
        })
        .await
}

async fn who_manages_members_sees_the_keys_of_everyone_a_page_at_a_time(house: House) {
    let (owner, ann, other) = (house.owner, house.member("Ann", Role::Tester).await, house.another().await);
    let (first, _) = make(&house, ann, "hers", None, None).await;
    make(&house, other, "elsewhere", None, None).await;
    let (second, _) = make(&house, owner, "mine", None, None).await;
    let page = everyones(&house, Page::first(1)).await;
    assert_eq!((page.rows[0].id, page.rows[0].holder, page.more), (second, owner.who.person, true));
    let page = everyones(&house, Page { limit: 1, after: Some(second) }).await;
    assert_eq!((page.rows[0].id, page.rows[0].holder_name.as_str(), page.more), (first, "Ann", false));
    assert_eq!((page.rows[0].role, page.rows[0].service), (Role::Tester, false));
}

async fn who_manages_members_takes_back_anybodys_key_once(house: House) {
    let (owner, ann, other) = (house.owner, house.member("Ann", Role::Tester).await, house.another().await);
    let (id, _) = make(&house, ann, "hers", None, None).await;
    let found = |by: Actor| {
        house.write(move |tx, _| {
            let may = by.may(tx)?;
            Ok(keys::find_held(tx, &may, id)?.is_some())
        })
    };
    let revoked = |by: Actor| {
        house.write(move |tx, now| {
            let still = by.still(tx)?;
            Ok(keys::revoke_held(tx, &still, id, now.at)?)
        })
    };
    assert_eq!((found(other).await, revoked(other).await), (false, false), "of another workspace");
    assert_eq!((found(owner).await, revoked(owner).await), (true, true));
    assert_eq!((found(owner).await, revoked(owner).await), (false, false));
}

async fn a_key_of_a_service_account_is_told_apart(house: House) {
    let owner = house.owner;
    let (id, key) = house
        .write(move |tx, now| {
            let still = owner.still(tx)?;
            let (id, _) = service_accounts::insert(tx, &still, &"CI".parse().unwrap(), Role::Tester, now)?;
            Ok((id, keys::insert_for(tx, &still, id, &name("nightly"), None, None, now)?.1))
        })
        .await;
    let hash = key.hash();
    let at = house.now();
    let who = house.read(move |db| access::key(db, &hash, at)).await.unwrap().0;
    assert!(matches!(who.via, Via::Key { holder: Holder::Service, .. }) && who.actor().is_service());
    let (listed, of_nobody) = house
        .write(move |tx, _| {
            let may = owner.may(tx)?;
            let of_owner = keys::of_service(tx, &may, domain::id::ServiceId::of(owner.who.person))?;
            Ok((keys::of_service(tx, &may, id)?, of_owner))
        })
        .await;
    assert_eq!(listed.iter().map(|key| key.name.as_str()).collect::<Vec<_>>(), ["nightly"]);
    assert!(of_nobody.is_empty(), "a person is no service account");
}
