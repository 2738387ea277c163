//! Persons and their addresses.

use domain::{
    access::{Role, System},
    id::PersonId,
    now::Now,
    title::{KeyName, PersonName},
};
use store::{
    access, keys,
    people::{self, Account, NewPerson},
    sessions,
};

use crate::{
    bed::on_both_engines,
    house::{House, email, signed_in},
};

on_both_engines! { House:
    an_address_has_one_account_in_whatever_case_it_is_typed
    a_refused_account_leaves_no_person_behind
    an_account_is_read_as_it_was_written
    an_account_needs_no_password
    the_one_who_is_signed_in_is_told_his_name
    an_address_is_proved_once
    who_has_proved_an_address_can_be_told_something
    a_taken_over_account_begins_anew
    a_person_gets_another_name_and_another_password
    a_person_has_several_addresses_of_which_one_is_primary
    an_address_of_somebody_else_is_not_added
    the_first_run_is_claimed_once
}

fn system() -> System {
    System::because("a test")
}

fn insert(tx: &mut db::Tx, now: &Now, address: &str, verified: bool) -> Result<Option<PersonId>, db::Error> {
    let (name, email) = (PersonName::parse("Ann Lee").unwrap(), email(address));
    let new = NewPerson { name: &name, email: &email, password: Some("$argon2id$1"), verified, operator: true };
    people::insert(tx, &new, now)
}

async fn account(house: &House, address: &'static str) -> Option<Account> {
    house.read(move |db| people::account(db, &system(), &email(address))).await
}

async fn an_address_has_one_account_in_whatever_case_it_is_typed(house: House) {
    let add = |address| house.write(move |tx, now| Ok(insert(tx, now, address, true)?));
    let ann = add("Ann@x.example").await.unwrap();
    assert_eq!(add("ann@X.EXAMPLE").await, None);
    assert_eq!(account(&house, "ANN@x.example").await.unwrap().person, ann);
    assert!(account(&house, "other@x.example").await.is_none());
}

async fn a_refused_account_leaves_no_person_behind(house: House) {
    let persons = || house.read(|db| db.all::<db::Row>(db::sql!("SELECT id FROM person")));
    house.write(|tx, now| Ok(insert(tx, now, "ann@x.example", true)?)).await;
    let before = persons().await.len();
    house.write(|tx, now| Ok(insert(tx, now, "ann@x.example", true)?)).await;
    assert_eq!(persons().await.len(), before);
}

async fn an_account_is_read_as_it_was_written(house: House) {
    house.write(|tx, now| Ok(insert(tx, now, "ann@x.example", true)?)).await;
    let ann = account(&house, "ann@x.example").await.unwrap();
    assert_eq!((ann.name.as_str(), ann.password.as_deref()), ("Ann Lee", Some("$argon2id$1")));
    assert_eq!(ann.verified_at, Some(house.now()));
}

async fn an_account_needs_no_password(house: House) {
    house.member("Bob", Role::Tester).await;
    assert_eq!(account(&house, "bob@people.example").await.unwrap().password, None);
}

async fn the_one_who_is_signed_in_is_told_his_name(house: House) {
    let ann = house.write(|tx, now| Ok(insert(tx, now, "Ann@x.example", true)?)).await.unwrap();
    let who = house.write(move |tx, now| Ok(signed_in(tx, now, ann)?)).await;
    let me = house.read(move |db| people::me(db, &who)).await;
    assert_eq!((me.id, me.name.as_str(), me.address.as_str(), me.operator), (ann, "Ann Lee", "Ann@x.example", true));
    assert!(me.verified);
}

async fn an_address_is_proved_once(house: House) {
    house.write(|tx, now| Ok(insert(tx, now, "ann@x.example", false)?)).await;
    let ann = account(&house, "ann@x.example").await.unwrap();
    assert_eq!(ann.verified_at, None);
    let verify = || house.write(move |tx, now| Ok(people::verify(tx, ann.address, now.at)?));
    assert_eq!((verify().await, verify().await), (true, false));
    assert_eq!(account(&house, "ann@x.example").await.unwrap().verified_at, Some(house.now()));
}

async fn a_taken_over_account_begins_anew(house: House) {
    let (ann, bob) = (house.member("Ann", Role::Tester).await, house.member("Bob", Role::Tester).await);
    let open = |of: crate::house::Actor| {
        house.write(move |tx, now| {
            let still = of.still(tx)?;
            let (_, key) = keys::insert(tx, &still, &KeyName::parse("CI").unwrap(), None, None, now)?;
            Ok((key, sessions::open(tx, of.who.person, None, now)?))
        })
    };
    let (hers, his) = (open(ann).await, open(bob).await);
    let ended = house
        .write(move |tx, now| {
            let name = PersonName::parse("Änn").unwrap();
            let proved =
                people::account(tx, &system(), &email("ann@people.example"))?.expect("she is a member").address;
            Ok(people::take_over(tx, ann.who.person, proved, Some(&name), "$argon2id$2", now.at)?)
        })
        .await;
    // The one she joined with, and the one opened here.
    assert_eq!(ended, people::Ended { keys: 1, sessions: 2, addresses: 0 });
    let account = account(&house, "ann@people.example").await.unwrap();
    assert_eq!((account.name.as_str(), account.password.as_deref()), ("Änn", Some("$argon2id$2")));
    let stored = house.read(move |db| people::password(db, &system(), ann.who.person)).await;
    assert_eq!(stored, account.password);
    let password = |of| house.write(move |tx, _| Ok(people::locked_password(tx, &system(), of)?));
    assert_eq!(password(ann.who.person).await, account.password);
    assert_eq!(password(bob.who.person).await, None);
    for ((key, session), lives) in [(hers, false), (his, true)] {
        let now = house.now();
        let found = house
            .read(move |db| Ok((access::key(db, &key.hash(), now)?, access::session(db, &session.hash(), now)?)))
            .await;
        assert_eq!((found.0.is_some(), found.1.is_some()), (lives, lives));
    }
}

async fn the_first_run_is_claimed_once(house: House) {
    assert!(!house.read(people::set_up).await);
    let claim = || house.write(|tx, now| Ok(people::claim_set_up(tx, &system(), now.at)?));
    assert_eq!((claim().await, claim().await), (true, false));
    assert!(house.read(people::set_up).await);
}

async fn who_has_proved_an_address_can_be_told_something(house: House) {
    let ann = house.write(|tx, now| Ok(insert(tx, now, "Ann@x.example", false)?)).await.unwrap();
    let reachable = || house.read(move |db| people::reachable(db, &system(), ann));
    assert!(reachable().await.is_none());
    let address = account(&house, "ann@x.example").await.unwrap().address;
    house.write(move |tx, now| Ok(people::verify(tx, address, now.at)?)).await;
    let found = reachable().await.unwrap();
    assert_eq!((found.name.as_str(), found.address.as_str()), ("Ann Lee", "Ann@x.example"));
}

async fn a_person_gets_another_name_and_another_password(house: House) {
    house.write(|tx, now| Ok(insert(tx, now, "ann@x.example", true)?)).await;
    let ann = account(&house, "ann@x.example").await.unwrap().person;
    house
        .write(move |tx, _| {
            people::lock(tx, ann)?;
            people::rename(tx, ann, &PersonName::parse("Änn").unwrap())?;
            Ok(people::set_password(tx, ann, "$argon2id$2")?)
        })
        .await;
    let account = account(&house, "ann@x.example").await.unwrap();
    assert_eq!((account.name.as_str(), account.password.as_deref()), ("Änn", Some("$argon2id$2")));
}

async fn a_person_has_several_addresses_of_which_one_is_primary(house: House) {
    let ann = house.member("Ann", Role::Tester).await.who;
    let add = |address: &'static str| {
        house.write(move |tx, now| Ok(people::add_address(tx, ann.person, &email(address), now)?))
    };
    let addresses = || async {
        let rows = house.read(move |db| people::addresses(db, &ann)).await;
        rows.into_iter().map(|row| (row.normalised, row.is_primary, row.verified_at.is_some())).collect::<Vec<_>>()
    };
    let row = |address: &str, primary| (address.to_owned(), primary, true);
    assert!(add("Ann@x.example").await && add("ann@y.example").await);
    let (old, x, y) = ("ann@people.example", "ann@x.example", "ann@y.example");
    assert_eq!(addresses().await, [row(old, true), row(x, false), row(y, false)]);
    let id = account(&house, "ann@x.example").await.unwrap().address;
    house.write(move |tx, _| Ok(people::make_primary(tx, ann.person, id)?)).await;
    assert_eq!(addresses().await, [row(x, true), row(old, false), row(y, false)]);
    assert_eq!(house.read(move |db| people::me(db, &ann)).await.address, "Ann@x.example");
    let id = account(&house, "ann@y.example").await.unwrap().address;
    let others = house.owner.who.person;
    house.write(move |tx, _| Ok(people::remove_address(tx, others, id)?)).await;
    assert_eq!(addresses().await.len(), 3, "it is not hers who asks");
    house.write(move |tx, _| Ok(people::remove_address(tx, ann.person, id)?)).await;
    assert_eq!(addresses().await, [row(x, true), row(old, false)]);
}

async fn an_address_of_somebody_else_is_not_added(house: House) {
    let (ann, olga) = (house.member("Ann", Role::Tester).await.who, house.owner.who);
    let add = move |tx: &mut db::Tx, now: &Now| people::add_address(tx, olga.person, &email("ANN@people.example"), now);
    assert!(!house.write(move |tx, now| Ok(add(tx, now)?)).await);
    assert_eq!(account(&house, "ann@people.example").await.unwrap().person, ann.person);
}
