//! Answers under an idempotency key.

use std::time::Duration;

use store::answers;

use crate::{bed::on_both_engines, house::House};

on_both_engines! { House:
    a_key_is_claimed_once_and_its_answer_found_again
    callers_do_not_share_keys
    an_old_answer_is_forgotten
    what_is_over_is_forgotten_and_the_rest_is_kept
    a_page_finds_an_answer_without_writing
}

const HOUR: Duration = Duration::from_hours(1);

async fn a_key_is_claimed_once_and_its_answer_found_again(house: House) {
    let claim =
        |print: &'static [u8]| house.write(move |tx, now| Ok(answers::claim(tx, "ann", "k", print, now.at + HOUR)?));
    assert!(claim(b"one").await);
    assert!(!claim(b"two").await);
    house.write(|tx, _| Ok(answers::keep(tx, "ann", "k", b"sealed")?)).await;
    let found = house.write(|tx, now| Ok(answers::find(tx, "ann", "k", now.at)?)).await.unwrap();
    assert_eq!((found.fingerprint, found.body), (b"one".to_vec(), b"sealed".to_vec()));
}

async fn callers_do_not_share_keys(house: House) {
    for caller in ["ann", "bob"] {
        assert!(house.write(move |tx, now| Ok(answers::claim(tx, caller, "k", b"", now.at + HOUR)?)).await);
    }
    house.write(|tx, _| Ok(answers::keep(tx, "ann", "k", b"hers")?)).await;
    let his = house.write(|tx, now| Ok(answers::find(tx, "bob", "k", now.at)?)).await.unwrap();
    assert!(his.body.is_empty());
}

async fn an_old_answer_is_forgotten(house: House) {
    house.write(|tx, now| Ok(answers::claim(tx, "ann", "k", b"", now.at + HOUR)?)).await;
    house.pass(HOUR);
    assert!(house.write(|tx, now| Ok(answers::find(tx, "ann", "k", now.at)?)).await.is_none());
    assert!(house.write(|tx, now| Ok(answers::claim(tx, "ann", "k", b"", now.at + HOUR)?)).await);
}

async fn a_page_finds_an_answer_without_writing(house: House) {
    house.write(|tx, now| Ok(answers::claim(tx, "ann", "k", b"one", now.at + HOUR)?)).await;
    let get = || {
        let now = house.now();
        house.read(move |db| answers::get(db, "ann", "k", now))
    };
    assert_eq!(get().await.unwrap().fingerprint, b"one");
    house.pass(HOUR);
    assert!(get().await.is_none());
}

async fn what_is_over_is_forgotten_and_the_rest_is_kept(house: House) {
    for (key, keep) in [("secret", HOUR), ("plain", HOUR * 24)] {
        house.write(move |tx, now| Ok(answers::claim(tx, "ann", key, b"", now.at + keep)?)).await;
    }
    house.pass(HOUR);
    house.write(|tx, now| Ok(answers::forget(tx, now.at)?)).await;
    let rows: Vec<db::Row> = house.read(|db| db.all(db::sql!("SELECT key FROM answer"))).await;
    let keys: Vec<String> = rows.into_iter().map(|mut row| row.get("key").unwrap()).collect();
    assert_eq!(keys, ["plain"]);
}
