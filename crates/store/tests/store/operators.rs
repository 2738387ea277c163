//! In whose hands the server is.

use domain::access::{Right, Rights, System};
use store::operators;

use crate::{bed::on_both_engines, house::House};

on_both_engines! { House:
    operators_are_made_named_and_ended
    a_key_with_a_limit_is_no_operators
}

fn system() -> System {
    System::because("a test")
}

async fn operators_are_made_named_and_ended(house: House) {
    let who = house.owner.who;
    assert!(house.read(move |db| operators::find(db, &who)).await.is_none());
    assert!(house.write(move |tx, _| Ok(operators::set(tx, &system(), who.person, true)?)).await);
    assert!(!house.write(move |tx, _| Ok(operators::set(tx, &system(), who.person, true)?)).await, "he is one already");
    let proof = house.read(move |db| operators::find(db, &who)).await.expect("he is one");
    assert_eq!(proof.who(), who);
    assert!(house.write(move |tx, _| Ok(operators::still(tx, &proof)?)).await);
    let names: Vec<_> = house.read(|db| operators::list(db, &system())).await.into_iter().map(|one| one.name).collect();
    assert_eq!(names, ["Olga"]);
    assert!(house.write(move |tx, _| Ok(operators::set(tx, &system(), who.person, false)?)).await);
    assert!(!house.write(move |tx, _| Ok(operators::still(tx, &proof)?)).await, "he is one no more");
}

async fn a_key_with_a_limit_is_no_operators(house: House) {
    let person = house.owner.who.person;
    house.write(move |tx, _| Ok(operators::set(tx, &system(), person, true)?)).await;
    let limited = house.by_key(house.owner, Some(Rights::of(&[Right::Read]))).await.who;
    let whole = house.by_key(house.owner, None).await.who;
    assert!(house.read(move |db| operators::find(db, &limited)).await.is_none());
    assert!(house.read(move |db| operators::find(db, &whole)).await.is_some());
}
