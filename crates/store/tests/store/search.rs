//! Finding people.

use domain::{
    access::{ManageMembers, Role, Still},
    words::Words,
};
use store::{members, search};

use crate::{
    bed::on_both_engines,
    house::{Actor, House},
};

on_both_engines! { House:
    the_beginnings_of_words_find_people_in_any_order
    who_is_active_comes_first_and_then_whose_name_begins_so
    an_address_finds_only_for_those_who_see_addresses
    nobody_finds_whom_he_may_not_know_of
    projects_are_found_by_key_and_name_by_those_who_may_read_them
    signs_with_a_meaning_in_patterns_have_none_here
}

async fn found(house: &House, reader: Actor, typed: &'static str) -> Vec<String> {
    let rows = house.read_as(reader, move |db, may| search::people(db, may, &Words::read(typed), 8)).await;
    rows.into_iter().map(|row| row.name).collect()
}

async fn the_beginnings_of_words_find_people_in_any_order(house: House) {
    let priya = house.member("Priya Raman", Role::Tester).await;
    house.member("Anne-Marie Stoll", Role::Tester).await;
    for typed in ["pr", "Ra", "ram pri", "PRÍYA"] {
        assert_eq!(found(&house, priya, typed).await, ["Priya Raman"], "{typed}");
    }
    assert_eq!(found(&house, priya, "mar").await, ["Anne-Marie Stoll"]);
    for typed in ["iya", "pr stoll", ""] {
        assert!(found(&house, priya, typed).await.is_empty(), "{typed}");
    }
}

async fn who_is_active_comes_first_and_then_whose_name_begins_so(house: House) {
    let owner = house.owner;
    let gone = house.member("Lea Aal", Role::Tester).await;
    house.member("Bo Leander", Role::Tester).await;
    house.member("Lea Zorn", Role::Tester).await;
    house
        .write(move |tx, _| {
            let still: Still<ManageMembers> = owner.still(tx)?;
            Ok(members::set_active(tx, &still, gone.member, false)?)
        })
        .await;
    assert_eq!(found(&house, owner, "lea").await, ["Lea Zorn", "Bo Leander", "Lea Aal"]);
}

async fn an_address_finds_only_for_those_who_see_addresses(house: House) {
    let tester = house.member("Lea", Role::Tester).await;
    assert_eq!(found(&house, house.owner, "lea@people").await, ["Lea"]);
    assert!(found(&house, house.owner, "people").await.is_empty());
    assert!(found(&house, tester, "lea@people").await.is_empty());
    assert_eq!(found(&house, tester, "lea").await, ["Lea"]);
}

async fn nobody_finds_whom_he_may_not_know_of(house: House) {
    let guest = house.member("Gus", Role::Guest).await;
    house.member("Lea", Role::Tester).await;
    let there = house.another().await;
    assert!(found(&house, guest, "lea").await.is_empty());
    assert_eq!(found(&house, guest, "gus").await, ["Gus"]);
    assert!(found(&house, there, "lea").await.is_empty());
}

async fn projects_are_found_by_key_and_name_by_those_who_may_read_them(house: House) {
    let tester = house.member("Lea", Role::Tester).await;
    house.project("WEB", false).await;
    house.project("WEBX", true).await;
    let found = async |reader: Actor, typed: &'static str, limit| {
        let rows = house.read(move |db| {
            let visible = reader.visible(db)?;
            search::projects(db, &visible, &Words::read(typed), limit)
        });
        rows.await.into_iter().map(|row| row.key).collect::<Vec<_>>()
    };
    assert_eq!(found(house.owner, "we", 8).await, ["WEB", "WEBX"]);
    assert_eq!(found(house.owner, "we", 1).await, ["WEB"]);
    assert_eq!(found(tester, "web", 8).await, ["WEB"]);
    assert!(found(tester, "eb", 8).await.is_empty());
    assert!(found(house.owner, "", 8).await.is_empty());
}

async fn signs_with_a_meaning_in_patterns_have_none_here(house: House) {
    house.member("Lea", Role::Tester).await;
    for typed in ["%", "_ea", "\\", "l%a"] {
        assert!(found(&house, house.owner, typed).await.is_empty(), "{typed}");
    }
}
