//! A request with an idempotency key is done once.

use std::{sync::Arc, time::Duration};

use app::{
    Failure,
    answers::{Asked, once},
};

use crate::{
    bed::on_both_engines,
    world::{World, at_once, refusal},
};

on_both_engines! { World:
    a_retry_gets_the_answer_and_does_nothing
    another_body_under_the_same_key_is_refused
    callers_do_not_share_keys
    a_failure_is_not_kept
    without_a_key_everything_is_done
    an_answer_is_kept_sealed_and_not_for_ever
    requests_at_once_are_done_once_and_answered_alike
}

fn asked(caller: &str, body: u8) -> Asked {
    Asked { caller: caller.into(), key: "k".into(), fingerprint: [body; 32], keep: Duration::from_hours(1) }
}

/// Makes a person and answers with a secret.
async fn make(world: &World, asked: Option<Asked>) -> Result<String, Failure> {
    let app = world.app.clone();
    world
        .write(move |tx, now| {
            once(tx, app.vault(), asked.as_ref(), now, |tx| {
                let secret = now.token().reveal().to_owned();
                crate::world::person(tx, now, "Ann", &secret[..8].replace(['-', '_'], "x"))?;
                Ok(secret)
            })
        })
        .await
}

async fn made(world: &World) -> i64 {
    world.count("SELECT COUNT(*) AS n FROM person WHERE name = 'Ann'").await
}

async fn a_retry_gets_the_answer_and_does_nothing(world: World) {
    let first = make(&world, Some(asked("ann", 1))).await.unwrap();
    assert_eq!(make(&world, Some(asked("ann", 1))).await.unwrap(), first);
    assert_eq!(made(&world).await, 1);
}

async fn another_body_under_the_same_key_is_refused(world: World) {
    make(&world, Some(asked("ann", 1))).await.unwrap();
    assert_eq!(refusal(make(&world, Some(asked("ann", 2))).await), "key_reused");
    assert_eq!(made(&world).await, 1);
}

async fn callers_do_not_share_keys(world: World) {
    let hers = make(&world, Some(asked("ann", 1))).await.unwrap();
    assert_ne!(make(&world, Some(asked("bob", 1))).await.unwrap(), hers);
}

async fn a_failure_is_not_kept(world: World) {
    let app = world.app.clone();
    let failed = world.write(move |tx, now| {
        once(tx, app.vault(), Some(&asked("ann", 1)), now, |_| Err::<String, _>(Failure::Unknown))
    });
    assert_eq!(refusal(failed.await), "unknown");
    make(&world, Some(asked("ann", 2))).await.unwrap();
}

async fn without_a_key_everything_is_done(world: World) {
    assert_ne!(make(&world, None).await.unwrap(), make(&world, None).await.unwrap());
    assert_eq!(made(&world).await, 2);
}

async fn an_answer_is_kept_sealed_and_not_for_ever(world: World) {
    let first = make(&world, Some(asked("ann", 1))).await.unwrap();
    assert!(!world.bed.contents().await.contains(&first));
    world.pass(Duration::from_hours(1));
    assert_ne!(make(&world, Some(asked("ann", 1))).await.unwrap(), first);
}

async fn requests_at_once_are_done_once_and_answered_alike(world: World) {
    let world = Arc::new(world);
    let requests = (0..8).map(|_| {
        let world = world.clone();
        async move { make(&world, Some(asked("ann", 1))).await.unwrap() }
    });
    let mut answers = at_once(requests).await;
    answers.dedup();
    assert_eq!((answers.len(), made(&world).await), (1, 1));
}
