//! Signing in and out.

use app::{
    Failure,
    limits::{Action, Limits},
    sessions::{self, Browser},
};
use domain::{id::PersonId, secret::Token, time::days};

use crate::{
    bed::on_both_engines,
    world::{PASSWORD, World, refusal, secret},
};

on_both_engines! { World:
    the_right_pair_opens_a_session
    an_address_is_the_same_in_whatever_case
    every_wrong_pair_is_answered_alike
    the_former_session_of_the_browser_is_dropped
    a_sign_in_in_flight_does_not_outlive_the_password_it_was_tried_with
    a_session_ends_when_its_person_signs_out
    a_session_that_is_not_used_ends
    signing_in_and_out_is_audited
}

const OLGA: &str = "olga@hollin.example";

/// Gives the owner a password.
async fn with_password(world: &World) -> PersonId {
    let person = world.owner.who.person;
    let hash = world.app.passwords().hash(secret(PASSWORD), [1; 16]).await.unwrap();
    world
        .write(move |tx, _| {
            tx.run(db::sql!("UPDATE person SET password = ? WHERE id = ?", &hash, uuid::Uuid::from(person)))?;
            Ok(())
        })
        .await
        .unwrap();
    person
}

async fn sign_in(world: &World, address: &str, password: &str) -> Result<Token, Failure> {
    sessions::sign_in(&world.app, address, secret(password), None, Browser::default()).await
}

async fn the_right_pair_opens_a_session(world: World) {
    let person = with_password(&world).await;
    let token = sign_in(&world, OLGA, PASSWORD).await.unwrap();
    let who = sessions::by_session(&world.app, token).await.unwrap().unwrap();
    assert_eq!(who.person, person);
}

async fn an_address_is_the_same_in_whatever_case(world: World) {
    with_password(&world).await;
    sign_in(&world, "OLGA@Hollin.EXAMPLE", PASSWORD).await.unwrap();
}

async fn every_wrong_pair_is_answered_alike(world: World) {
    with_password(&world).await;
    let mut told = Vec::new();
    world.member(domain::access::Role::Tester).await;
    for (address, password) in [
        (OLGA, "another password"),
        ("nobody@x.example", PASSWORD),
        ("no address", PASSWORD),
        ("tester.1@people.example", PASSWORD),
        (OLGA, ""),
    ] {
        let Err(Failure::SignedOut { code, detail }) = sign_in(&world, address, password).await else {
            panic!("{address} is no pair with {password:?}")
        };
        told.push((code, detail));
    }
    assert!(told.iter().all(|answer| *answer == ("wrong_pair", "No account has this address and password.")));
}

async fn the_former_session_of_the_browser_is_dropped(world: World) {
    with_password(&world).await;
    let former = sign_in(&world, OLGA, PASSWORD).await.unwrap();
    let again =
        |password| sessions::sign_in(&world.app, OLGA, secret(password), Some(former.clone()), Browser::default());
    assert_eq!(refusal(again("another password").await), "wrong_pair");
    assert!(sessions::by_session(&world.app, former.clone()).await.unwrap().is_some(), "a failed try drops nothing");
    let new = again(PASSWORD).await.unwrap();
    assert!(sessions::by_session(&world.app, former.clone()).await.unwrap().is_none());
    assert!(sessions::by_session(&world.app, new).await.unwrap().is_some());
}

async fn a_sign_in_in_flight_does_not_outlive_the_password_it_was_tried_with(world: World) {
    let person = with_password(&world).await;
    let pair = sessions::pair(&world.app, OLGA, secret(PASSWORD), &Browser::default()).await.unwrap();
    let opened = world
        .write(move |tx, now| {
            store::people::set_password(tx, person, "$argon2id$other")?;
            store::sessions::close_all(tx, person, None)?;
            Ok(sessions::open(tx, &pair, None, None, now).map(drop))
        })
        .await;
    assert_eq!(refusal(opened.unwrap()), "wrong_pair");
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM session").await, 0);
}

async fn a_session_ends_when_its_person_signs_out(world: World) {
    let (who, token) = world.browser(world.owner.who.person).await;
    let gone = token.clone();
    world.write(move |tx, now| sessions::sign_out(tx, &who, &gone, now)).await.unwrap();
    assert!(sessions::by_session(&world.app, token).await.unwrap().is_none());
}

async fn a_session_that_is_not_used_ends(world: World) {
    let (_, token) = world.browser(world.owner.who.person).await;
    world.pass(days(14));
    assert!(sessions::by_session(&world.app, token).await.unwrap().is_none());
}

async fn signing_in_and_out_is_audited(world: World) {
    with_password(&world).await;
    let token = sign_in(&world, OLGA, PASSWORD).await.unwrap();
    let who = sessions::by_session(&world.app, token.clone()).await.unwrap().unwrap();
    world.write(move |tx, now| sessions::sign_out(tx, &who, &token, now)).await.unwrap();
    let events = world.events().await;
    assert_eq!(events[events.len() - 2..], ["session.opened", "session.closed"]);
}

#[test]
fn guessing_is_slow_for_a_client_and_for_an_address() {
    let (here, there) = (Some("192.0.2.1".parse().unwrap()), Some("192.0.2.2".parse().unwrap()));
    let limits = Limits::new(true);
    for _ in 0..10 {
        limits.attempt(Action::SignIn, here, Some(OLGA)).unwrap();
    }
    assert_eq!(refusal(limits.attempt(Action::SignIn, here, None)), "too fast");
    assert_eq!(refusal(limits.attempt(Action::SignIn, there, Some(OLGA))), "too fast");
    limits.attempt(Action::SignIn, there, Some("ann@x.example")).unwrap();
    limits.attempt(Action::Join, here, Some(OLGA)).unwrap();
}

#[test]
fn limits_can_be_off() {
    let limits = Limits::new(false);
    assert!((0..1_000).all(|_| limits.attempt(Action::Join, None, Some(OLGA)).is_ok()));
}
