//! Who can, for those who cannot; and how many invitations are open.

use domain::{
    access::{Role, System},
    time::days,
};
use store::{holders, invitations};

use crate::{bed::on_both_engines, house::House};

on_both_engines! { House:
    holders_are_named_by_name_and_only_here
    open_invitations_are_counted_until_their_end
    owners_are_found_as_persons
}

async fn holders_are_named_by_name_and_only_here(house: House) {
    house.another().await;
    house.member("Zoe", Role::Admin).await;
    house.member("Ann", Role::Admin).await;
    house.member("Tom", Role::Tester).await;
    let named =
        |most| house.read_as(house.owner, move |db, may| holders::of_roles(db, may, &[Role::Owner, Role::Admin], most));
    assert_eq!(named(9).await, ["Ann", "Olga", "Zoe"]);
    assert_eq!(named(1).await, ["Ann"]);
}

async fn open_invitations_are_counted_until_their_end(house: House) {
    house.invite(house.owner, "ann@x.example").await;
    house.invite(house.owner, "bob@x.example").await;
    let count = || {
        let now = house.now();
        house.read_as(house.owner, move |db, may| invitations::count_open(db, may, now))
    };
    assert_eq!(count().await, 2);
    house.pass(days(12));
    assert_eq!(count().await, 0);
}

async fn owners_are_found_as_persons(house: House) {
    house.another().await;
    house.member("Ann", Role::Admin).await;
    let second = house.member("Bea", Role::Owner).await;
    let workspace = house.owner.workspace;
    let mut found = house.read(move |db| holders::owners(db, &System::because("a test"), workspace)).await;
    let mut expected = [house.owner.who.person, second.who.person];
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected);
}
