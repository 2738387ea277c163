//! Service accounts.

use domain::{
    access::{Role, System},
    event::{Event, What},
};
use store::{
    access, keys, members,
    service_accounts::{self, ServiceAccount},
};

use crate::{
    bed::on_both_engines,
    house::{Actor, House},
};

on_both_engines! { House:
    a_service_account_is_a_member_without_address
    a_service_account_of_another_workspace_is_unknown
    its_keys_and_their_last_use_are_counted
    one_that_was_removed_is_listed_no_more
    of_an_erased_workspace_nothing_is_left_but_who_the_log_names_without_a_name
}

async fn make(house: &House, name: &'static str) -> ServiceAccount {
    let owner = house.owner;
    house
        .write(move |tx, now| {
            let still = owner.still(tx)?;
            let (id, _) = service_accounts::insert(tx, &still, &name.parse().unwrap(), Role::Tester, now)?;
            Ok(service_accounts::find(tx, &still, id)?.unwrap())
        })
        .await
}

async fn list(house: &House, by: Actor) -> Vec<ServiceAccount> {
    house
        .write(move |tx, _| {
            let may = by.may(tx)?;
            Ok(service_accounts::list(tx, &may)?)
        })
        .await
}

async fn a_service_account_is_a_member_without_address(house: House) {
    let (made, owner) = (make(&house, "CI").await, house.owner);
    assert_eq!((made.name.as_str(), made.role, made.state.as_str()), ("CI", Role::Tester, "active"));
    assert_eq!((made.created_by.as_str(), made.created_at), ("Olga", house.now()));
    let (member, workspace) = (made.member, owner.workspace);
    let found = house.read_as(owner, move |db, may| members::find(db, may, member)).await.unwrap();
    assert_eq!((found.address, found.service, found.verified), (None, true, false));
    let key = made.id.key();
    let member = house.read(move |db| access::active_member(db, key, workspace)).await.unwrap();
    assert_eq!((member.id(), member.role()), (made.member, Role::Tester));
}

async fn a_service_account_of_another_workspace_is_unknown(house: House) {
    let (made, other) = (make(&house, "CI").await, house.another().await);
    assert!(list(&house, other).await.is_empty());
    let found = house.write(move |tx, _| {
        let may = other.may(tx)?;
        Ok(service_accounts::find(tx, &may, made.id)?)
    });
    assert!(found.await.is_none());
}

async fn its_keys_and_their_last_use_are_counted(house: House) {
    let (made, owner) = (make(&house, "CI").await, house.owner);
    house
        .write(move |tx, now| {
            let still = owner.still(tx)?;
            let (key, _) = keys::insert_for(tx, &still, made.id, &"a".parse().unwrap(), None, None, now)?;
            keys::insert_for(tx, &still, made.id, &"b".parse().unwrap(), None, None, now)?;
            Ok(keys::used(tx, key, now.at)?)
        })
        .await;
    let found = list(&house, owner).await.remove(0);
    assert_eq!((found.keys, found.used_at), (2, Some(house.now())));
}

async fn one_that_was_removed_is_listed_no_more(house: House) {
    let (made, owner) = (make(&house, "CI").await, house.owner);
    house
        .write(move |tx, now| {
            let still = owner.still(tx)?;
            Ok(members::remove(tx, &still, made.member, now.at)?)
        })
        .await;
    assert!(list(&house, owner).await.is_empty());
}

async fn of_an_erased_workspace_nothing_is_left_but_who_the_log_names_without_a_name(house: House) {
    let (named, idle, workspace) = (make(&house, "CI").await, make(&house, "Idle").await, house.owner.workspace);
    house
        .write(move |tx, now| {
            let system = System::because("a test");
            let event = Event::new(What::MemberLeft, "member", named.member, "CI");
            store::events::add(tx, Some(workspace), Some(named.id.key()), &event, now)?;
            let found = service_accounts::of_erased(tx, &system, workspace)?;
            assert_eq!(found, [named.id.key(), idle.id.key()]);
            for table in ["member", "service_account"] {
                tx.run(db::Statement::new(
                    format!(
                        "DELETE FROM {table} WHERE person IN (SELECT id FROM person WHERE folded IN ('ci', 'idle'))"
                    ),
                    Vec::new(),
                ))?;
            }
            service_accounts::bury(tx, &system, &found)?;
            Ok(service_accounts::bury(tx, &system, &[])?)
        })
        .await;
    let left: Vec<db::Row> = house.read(|db| db.all(db::sql!("SELECT name FROM person ORDER BY name"))).await;
    let names: Vec<String> = left.into_iter().map(|mut row| row.get("name").unwrap()).collect();
    assert_eq!(names, ["Deleted person", "Olga"]);
}
