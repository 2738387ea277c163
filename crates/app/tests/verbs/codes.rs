//! The typed code: worth something only with the address, and not to be guessed.

use std::{net::IpAddr, sync::Arc, time::Duration};

use app::{Failure, invitations::code::typed};
use domain::{
    access::TokenKind,
    secret::{Code, Token},
};

use crate::{
    bed::on_both_engines,
    world::{World, at_once, newcomer, refusal},
};

on_both_engines! { World:
    a_code_with_its_address_joins_and_proves_the_address
    a_code_is_read_as_people_type_it
    a_code_is_nothing_with_another_address
    a_code_declines
    five_wrong_tries_end_a_code_until_it_is_resent
    a_right_code_uses_up_no_try
    a_wrong_code_counts_against_every_open_invitation_of_the_address
    what_cannot_be_a_code_counts_against_nothing_but_the_client
    an_unknown_address_answers_alike_and_leaves_as_many_traces
    resending_rotates_the_code
    an_ended_invitation_has_no_code
    a_client_has_twenty_wrong_tries_an_hour_also_with_rate_limits_off
    twenty_wrong_tries_are_counted_over_any_hour_and_not_by_the_clock
    fifty_guesses_at_once_try_five_times
}

const ANN: &str = "ann@x.example";

async fn enter(world: &World, address: &str, code: &str) -> Result<Token, Failure> {
    typed(&world.app, address, code, Some(client(1))).await
}

fn client(n: u8) -> IpAddr {
    IpAddr::from([192, 0, 2, n])
}

/// Eight letters that are another code than this one.
fn wrong(code: &Code) -> &'static str {
    if code.letters() == "BCDF-GHJK" { "CCDF-GHJK" } else { "BCDF-GHJK" }
}

async fn a_code_with_its_address_joins_and_proves_the_address(world: World) {
    let id = world.invite(world.owner, ANN).await;
    let token = enter(&world, "Ann@X.example", &world.code(id).await.reveal()).await.unwrap();
    let look = token.clone();
    let offer = world.read(move |db, now| app::invitations::lookup(db, &look, None, now)).await;
    assert_eq!((offer.invitation.id, offer.kind), (id, TokenKind::Code));
    world.accept(&token, newcomer()).await.unwrap();
    assert!(world.account(ANN).await.unwrap().verified_at.is_some());
}

async fn a_code_is_read_as_people_type_it(world: World) {
    let id = world.invite(world.owner, ANN).await;
    let code = world.code(id).await;
    for text in [code.reveal().to_lowercase(), format!(" {} ", code.letters()), code.reveal().replace('-', " ")] {
        enter(&world, ANN, &text).await.unwrap();
    }
}

async fn a_code_is_nothing_with_another_address(world: World) {
    let (ann, bob) = (world.invite(world.owner, ANN).await, world.invite(world.owner, "bob@x.example").await);
    assert_ne!(world.code(ann).await, world.code(bob).await);
    let code = world.code(ann).await.reveal();
    assert_eq!(refusal(enter(&world, "bob@x.example", &code).await), "wrong code");
}

async fn a_code_declines(world: World) {
    let id = world.invite(world.owner, ANN).await;
    let code = world.code(id).await.reveal();
    let token = enter(&world, ANN, &code).await.unwrap();
    world.decline(&token).await.unwrap();
    assert_eq!(refusal(enter(&world, ANN, &code).await), "wrong code");
}

async fn five_wrong_tries_end_a_code_until_it_is_resent(world: World) {
    let id = world.invite(world.owner, ANN).await;
    let code = world.code(id).await;
    for _ in 0..5 {
        assert_eq!(refusal(enter(&world, ANN, wrong(&code)).await), "wrong code");
    }
    assert_eq!(refusal(enter(&world, ANN, &code.reveal()).await), "wrong code");
    let log = world.log().await;
    assert_eq!((log[1].what.as_str(), log[1].target.as_str()), ("invitation.refused", id.to_string().as_str()));
    assert!(!log.iter().any(|entry| entry.changes.contains(code.letters())));
    world.resend(world.owner, id).await.unwrap();
    enter(&world, ANN, &world.code(id).await.reveal()).await.unwrap();
}

async fn a_right_code_uses_up_no_try(world: World) {
    let id = world.invite(world.owner, ANN).await;
    let code = world.code(id).await.reveal();
    for _ in 0..25 {
        enter(&world, ANN, &code).await.unwrap();
    }
}

async fn a_wrong_code_counts_against_every_open_invitation_of_the_address(world: World) {
    let there = world.another().await;
    let (here, other) = (world.invite(world.owner, ANN).await, world.invite(there, ANN).await);
    let codes = [world.code(here).await, world.code(other).await];
    for _ in 0..5 {
        assert_eq!(refusal(enter(&world, ANN, wrong(&codes[0])).await), "wrong code");
    }
    for code in codes {
        assert_eq!(refusal(enter(&world, ANN, &code.reveal()).await), "wrong code");
    }
}

async fn what_cannot_be_a_code_counts_against_nothing_but_the_client(world: World) {
    let id = world.invite(world.owner, ANN).await;
    for text in ["", "H4QX", "AEIO-UAEI", "12345678901234567890"] {
        assert_eq!(refusal(enter(&world, ANN, text).await), "wrong code");
    }
    assert_eq!(refusal(enter(&world, "no address", "BCDF-GHJK").await), "wrong code");
    assert_eq!(world.count("SELECT MAX(code_tries) AS n FROM invitation").await, 0);
    assert_eq!(world.count("SELECT used AS n FROM quota WHERE scope = 'code'").await, 5);
    enter(&world, ANN, &world.code(id).await.reveal()).await.unwrap();
}

async fn an_unknown_address_answers_alike_and_leaves_as_many_traces(world: World) {
    let id = world.invite(world.owner, ANN).await;
    let code = world.code(id).await;
    let mut traces = Vec::new();
    for address in [ANN, "nobody@x.example"] {
        let before = world.events().await.len();
        let answer = enter(&world, address, wrong(&code)).await.unwrap_err();
        traces.push((answer.to_string(), answer.code(), world.events().await.len() - before));
    }
    assert_eq!(traces[0], traces[1]);
}

async fn resending_rotates_the_code(world: World) {
    let id = world.invite(world.owner, ANN).await;
    let (old, token) = (world.code(id).await, enter(&world, ANN, &world.code(id).await.reveal()).await.unwrap());
    world.resend(world.owner, id).await.unwrap();
    assert_eq!(refusal(enter(&world, ANN, &old.reveal()).await), "wrong code");
    assert_eq!(refusal(world.accept(&token, newcomer()).await), "gone");
    let new = enter(&world, ANN, &world.code(id).await.reveal()).await.unwrap();
    world.accept(&new, newcomer()).await.unwrap();
}

async fn an_ended_invitation_has_no_code(world: World) {
    let id = world.invite(world.owner, ANN).await;
    let code = world.code(id).await.reveal();
    world.revoke(world.owner, id).await.unwrap();
    assert_eq!(refusal(enter(&world, ANN, &code).await), "wrong code");
}

async fn a_client_has_twenty_wrong_tries_an_hour_also_with_rate_limits_off(world: World) {
    let id = world.invite(world.owner, ANN).await;
    let code = world.code(id).await;
    for n in 0..20 {
        assert_eq!(refusal(enter(&world, &format!("a{n}@x.example"), wrong(&code)).await), "wrong code");
    }
    assert_eq!(refusal(enter(&world, ANN, &code.reveal()).await), "too fast");
    let elsewhere = typed(&world.app, ANN, &code.reveal(), Some(client(2))).await;
    elsewhere.unwrap();
    world.pass(Duration::from_hours(1));
    enter(&world, ANN, &code.reveal()).await.unwrap();
}

async fn twenty_wrong_tries_are_counted_over_any_hour_and_not_by_the_clock(world: World) {
    let code = world.code(world.invite(world.owner, ANN).await).await;
    world.pass(Duration::from_mins(15));
    for minutes in [4, 60] {
        for n in 0..20 {
            let answer = enter(&world, &format!("a{n}@x.example"), wrong(&code)).await;
            assert_eq!(refusal(answer), "wrong code");
        }
        // 10:55, then past the full hour.
        world.pass(Duration::from_mins(minutes));
        if minutes == 4 {
            assert_eq!(refusal(enter(&world, ANN, &code.reveal()).await), "too fast");
            world.pass(Duration::from_mins(10));
            assert_eq!(refusal(enter(&world, ANN, &code.reveal()).await), "too fast", "it is past eleven");
            world.write(app::tidy::tidy).await.unwrap();
            assert_eq!(refusal(enter(&world, ANN, &code.reveal()).await), "too fast");
            world.pass(Duration::from_mins(46));
        }
    }
    enter(&world, ANN, &code.reveal()).await.unwrap();
}

async fn fifty_guesses_at_once_try_five_times(world: World) {
    let id = world.invite(world.owner, ANN).await;
    let code = world.code(id).await;
    let (world, guess) = (Arc::new(world), wrong(&code));
    let guesses = (0..50).map(|n| {
        let world = world.clone();
        async move { typed(&world.app, ANN, guess, Some(client(n))).await }
    });
    assert!(at_once(guesses).await.into_iter().all(|answer| refusal(answer) == "wrong code"));
    assert_eq!(world.count("SELECT code_tries AS n FROM invitation").await, 5);
    assert_eq!(refusal(typed(&world.app, ANN, &code.reveal(), Some(client(99))).await), "wrong code");
}
