//! Links to a person.

use domain::{
    access::System,
    id::PersonId,
    message::Kind,
    now::Now,
    secret::{Token, TokenHash},
    time::days,
};
use store::{
    links::{self, Link, NewLink},
    people,
};

use crate::{
    bed::on_both_engines,
    house::{House, email},
};

on_both_engines! { House:
    a_link_is_found_by_its_token_and_kind_alone
    a_link_is_used_once_and_not_after_its_end
    ending_all_reaches_one_person_and_kind_or_one_address
    links_that_ended_long_ago_are_forgotten
    an_address_waits_while_it_has_a_live_link_and_is_not_ones_own
}

fn system() -> System {
    System::because("a test")
}

fn insert(tx: &mut db::Tx, now: &Now, kind: Kind, person: PersonId, address: &str) -> Result<Token, db::Error> {
    let (email, token) = (email(address), now.token());
    let hash = &token.hash();
    let new = NewLink { kind, person, email: &email, hash, proves: true, ends_at: now.at + days(1) };
    links::insert(tx, &system(), &new, now.at)?;
    Ok(token)
}

async fn made(house: &House, kind: Kind, person: PersonId, address: &'static str) -> TokenHash {
    house.write(move |tx, now| Ok(insert(tx, now, kind, person, address)?)).await.hash()
}

async fn find(house: &House, kind: Kind, hash: TokenHash) -> Option<Link> {
    house.read(move |db| links::find(db, kind, &hash)).await
}

async fn is_live(house: &House, kind: Kind, hash: TokenHash) -> bool {
    find(house, kind, hash).await.is_some_and(|link| link.is_live(house.now()))
}

async fn a_link_is_found_by_its_token_and_kind_alone(house: House) {
    let olga = house.owner.who.person;
    let hash = made(&house, Kind::Reset, olga, "Olga@x.example").await;
    let link = find(&house, Kind::Reset, hash).await.unwrap();
    assert_eq!(
        (link.person, link.address.as_str(), link.normalised.as_str()),
        (olga, "Olga@x.example", "olga@x.example")
    );
    assert_eq!((link.created_at, link.ends_at, link.proves), (house.now(), house.now() + days(1), true));
    assert!(link.is_live(house.now()) && !link.is_live(link.ends_at));
    assert!(find(&house, Kind::Notice, hash).await.is_none());
    assert!(find(&house, Kind::Reset, TokenHash::from([7; 32])).await.is_none());
}

async fn a_link_is_used_once_and_not_after_its_end(house: House) {
    let olga = house.owner.who.person;
    let end = |hash: TokenHash| house.write(move |tx, now| Ok(links::end(tx, Kind::Reset, &hash, now.at)?));
    let used = made(&house, Kind::Reset, olga, "olga@x.example").await;
    assert_eq!((end(used).await, end(used).await), (true, false));
    assert_eq!(find(&house, Kind::Reset, used).await.unwrap().ended_at, Some(house.now()));
    let late = made(&house, Kind::Reset, olga, "olga@x.example").await;
    house.pass(days(1));
    assert!(!end(late).await);
}

async fn ending_all_reaches_one_person_and_kind_or_one_address(house: House) {
    let (olga, otto) = (house.owner.who.person, house.another().await.who.person);
    let hers = made(&house, Kind::Reset, olga, "olga@x.example").await;
    let also_hers = made(&house, Kind::Reset, olga, "olga@y.example").await;
    let other_kind = made(&house, Kind::Notice, olga, "olga@x.example").await;
    let his = made(&house, Kind::Reset, otto, "otto@x.example").await;
    let end_all =
        |to: Option<&'static str>| house.write(move |tx, now| Ok(links::end_all(tx, olga, Kind::Reset, to, now.at)?));
    assert_eq!(end_all(Some("olga@x.example")).await, 1);
    assert!(!is_live(&house, Kind::Reset, hers).await && is_live(&house, Kind::Reset, also_hers).await);
    assert_eq!(end_all(None).await, 1);
    assert!(!is_live(&house, Kind::Reset, also_hers).await);
    assert!(is_live(&house, Kind::Notice, other_kind).await && is_live(&house, Kind::Reset, his).await);
}

async fn links_that_ended_long_ago_are_forgotten(house: House) {
    let hash = made(&house, Kind::Reset, house.owner.who.person, "olga@x.example").await;
    let forget = || house.write(|tx, now| Ok(links::forget(tx, now.at)?));
    house.pass(days(30));
    forget().await;
    assert!(find(&house, Kind::Reset, hash).await.is_some());
    house.pass(days(1));
    forget().await;
    assert!(find(&house, Kind::Reset, hash).await.is_none());
}

async fn an_address_waits_while_it_has_a_live_link_and_is_not_ones_own(house: House) {
    let olga = house.owner.who;
    let pending = || async {
        let now = house.now();
        let rows = house.read(move |db| links::pending(db, &olga, now)).await;
        rows.into_iter().map(|row| (row.address, row.asked_at, row.ends_at)).collect::<Vec<_>>()
    };
    made(&house, Kind::Reset, olga.person, "olga@reset.example").await;
    made(&house, Kind::Verification, olga.person, "olga@people.example").await;
    made(&house, Kind::Verification, house.another().await.who.person, "otto@x.example").await;
    assert_eq!(pending().await, []);
    let first = house.now();
    made(&house, Kind::Verification, olga.person, "olga@x.example").await;
    house.pass(days(1) / 2);
    made(&house, Kind::Verification, olga.person, "olga@x.example").await;
    assert_eq!(pending().await, [("olga@x.example".to_owned(), first + days(1) / 2, first + days(1) / 2 + days(1))]);
    house.pass(days(1));
    assert_eq!(pending().await, []);
    made(&house, Kind::Verification, olga.person, "olga@x.example").await;
    house.write(move |tx, now| Ok(people::add_address(tx, olga.person, &email("olga@x.example"), now)?)).await;
    assert_eq!(pending().await, []);
}
