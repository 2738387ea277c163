//! A new password for who forgot his.

use app::{
    Failure,
    mail::{channel::Channel, worker::Worker},
    resets,
    sessions::{self, Browser},
};
use domain::{access::System, email::Email, secret::Token};
use testkit::{postfix::Postfix, smtp::Script};

use crate::world::{PATIENCE, World, on_both_engines, token_behind};

on_both_engines! {
    a_mailed_link_sets_the_password_once_and_ends_all_sessions
    looking_at_a_link_changes_nothing
    an_address_without_an_account_is_answered_alike_and_gets_no_mail
    of_two_uses_of_a_link_at_once_one_wins
    of_two_links_used_at_once_one_wins
    a_link_works_for_an_hour
    a_weak_password_is_refused_and_the_link_lives_on
    a_letter_that_has_not_left_is_withdrawn_when_another_link_is_used
    a_letter_late_by_an_hour_is_not_sent
    a_mailed_link_proves_an_address_and_ends_what_the_account_had
    a_link_handed_over_by_the_operator_proves_nothing
    a_link_dies_with_the_address_it_went_to
}

const ANN: &str = "ann@hollin.example";
const NEW: &str = "quite another four words";
const SESSIONS: &str = "SELECT COUNT(*) AS n FROM session";
const MESSAGES: &str = "SELECT COUNT(*) AS n FROM message";
const ASKED: &str = "SELECT COUNT(*) AS n FROM event WHERE what = 'password.reset_asked'";
const PROVED: &str = "SELECT COUNT(*) AS n FROM person_address WHERE verified_at IS NOT NULL";

fn email(address: &str) -> Email {
    Email::parse(address).unwrap()
}

/// Asks, and waits until that is noted.
async fn ask(world: &World, address: &str) {
    let before = world.count(ASKED).await;
    resets::ask(&world.app, &email(address), &Browser::default()).unwrap();
    world.until_count(ASKED, before + 1).await;
}

/// Asks, and reads the mail.
async fn mailed(world: &World) -> Token {
    let before = world.peer.mails().len();
    let worker = world.work();
    ask(world, ANN).await;
    let mails = world.peer.wait_for(before + 1, PATIENCE).await;
    worker.stop().await;
    let mail = mails.last().unwrap();
    assert_eq!((mail.to[0].as_str(), mail.header("Subject").as_deref()), (ANN, Some("Set a new password")));
    token_behind("/reset/", &mail.text())
}

/// A link as the operator prints it.
async fn by_hand(world: &World) -> Token {
    let system = System::because("a test");
    world.app.write(None, move |tx, now| resets::by_hand(tx, &system, &email(ANN), now)).await.unwrap()
}

async fn set(world: &World, token: &Token) -> Result<(), Failure> {
    resets::set(&world.app, token.clone(), NEW.into(), Browser::default()).await
}

async fn signs_in(world: &World, password: &str) -> bool {
    sessions::sign_in(&world.app, ANN, password.into(), None, Browser::default()).await.is_ok()
}

fn refusal(done: Result<(), Failure>) -> &'static str {
    done.expect_err("it was to be refused").code()
}

async fn a_mailed_link_sets_the_password_once_and_ends_all_sessions(world: World) {
    let token = mailed(&world).await;
    assert!(!signs_in(&world, NEW).await);
    assert_eq!(world.count(SESSIONS).await, 1);
    set(&world, &token).await.unwrap();
    assert_eq!(world.count(SESSIONS).await, 0);
    assert!(signs_in(&world, NEW).await);
    assert_eq!(refusal(set(&world, &token).await), "link_used");
    let worker = world.work();
    let mails = world.peer.wait_for(2, PATIENCE).await;
    worker.stop().await;
    assert_eq!(mails[1].header("Subject").as_deref(), Some("Your password was set anew"));
}

async fn looking_at_a_link_changes_nothing(world: World) {
    let token = mailed(&world).await;
    for _ in 0..3 {
        let look = token.clone();
        let (link, account) = world.app.read(move |db, now| resets::lookup(db, &look, now)).await.unwrap();
        assert_eq!((link.address.as_str(), account.name.as_str()), (ANN, "Ann Keller"));
    }
    set(&world, &token).await.unwrap();
}

/// The answer is given before anything is looked up, so neither its words nor its time can tell.
async fn an_address_without_an_account_is_answered_alike_and_gets_no_mail(world: World) {
    for address in ["nobody@hollin.example", "ann@other.example"] {
        ask(&world, address).await;
    }
    assert_eq!(world.count(MESSAGES).await, 0);
    ask(&world, "ANN@Hollin.example").await;
    assert_eq!(world.count(MESSAGES).await, 1);
}

async fn of_two_uses_of_a_link_at_once_one_wins(world: World) {
    let token = by_hand(&world).await;
    let (first, second) = tokio::join!(set(&world, &token), set(&world, &token));
    assert_one_won(first, second);
}

async fn of_two_links_used_at_once_one_wins(world: World) {
    let (one, other) = (by_hand(&world).await, by_hand(&world).await);
    let (first, second) = tokio::join!(set(&world, &one), set(&world, &other));
    assert_one_won(first, second);
}

fn assert_one_won(first: Result<(), Failure>, second: Result<(), Failure>) {
    assert_eq!(u8::from(first.is_ok()) + u8::from(second.is_ok()), 1, "{first:?} {second:?}");
    assert_eq!(refusal(if first.is_ok() { second } else { first }), "link_used");
}

async fn a_link_works_for_an_hour(world: World) {
    let token = by_hand(&world).await;
    world.pass(resets::VALID).await;
    assert_eq!(refusal(set(&world, &token).await), "link_expired");
    assert!(!signs_in(&world, NEW).await);
    let unknown: Token = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".parse().unwrap();
    assert_eq!(refusal(set(&world, &unknown).await), "not_found");
}

async fn a_weak_password_is_refused_and_the_link_lives_on(world: World) {
    let token = by_hand(&world).await;
    for weak in ["short", "password12"] {
        let refused = resets::set(&world.app, token.clone(), weak.into(), Browser::default()).await;
        assert_eq!(refusal(refused), "invalid", "{weak}");
    }
    set(&world, &token).await.unwrap();
}

async fn a_letter_that_has_not_left_is_withdrawn_when_another_link_is_used(world: World) {
    ask(&world, ANN).await;
    set(&world, &by_hand(&world).await).await.unwrap();
    world.until_count("SELECT COUNT(*) AS n FROM message WHERE kind = 'reset' AND state = 'withdrawn'", 1).await;
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM message WHERE kind = 'reset' AND secret IS NOT NULL").await, 0);
}

async fn a_letter_late_by_an_hour_is_not_sent(world: World) {
    ask(&world, ANN).await;
    world.pass(resets::VALID).await;
    let worker = world.work();
    world.until_count("SELECT COUNT(*) AS n FROM message WHERE state = 'withdrawn'", 1).await;
    worker.stop().await;
    assert_eq!(world.peer.mails().len(), 0);
}

/// Identity: an account made from a copied link begins anew for whoever proves its address.
async fn a_mailed_link_proves_an_address_and_ends_what_the_account_had(world: World) {
    world.sql("UPDATE person_address SET verified_at = NULL").await;
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM api_key WHERE revoked_at IS NULL").await, 1);
    let token = mailed(&world).await;
    set(&world, &token).await.unwrap();
    assert_eq!((world.count(PROVED).await, world.count(SESSIONS).await), (1, 0));
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM api_key WHERE revoked_at IS NULL").await, 0);
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM event WHERE what = 'person.taken_over'").await, 1);
    assert!(signs_in(&world, NEW).await);
}

async fn a_link_handed_over_by_the_operator_proves_nothing(world: World) {
    world.sql("UPDATE person_address SET verified_at = NULL").await;
    set(&world, &by_hand(&world).await).await.unwrap();
    assert_eq!((world.count(PROVED).await, world.count(SESSIONS).await), (0, 0));
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM api_key WHERE revoked_at IS NULL").await, 1);
}

async fn a_link_dies_with_the_address_it_went_to(world: World) {
    let token = by_hand(&world).await;
    world.sql("UPDATE person_address SET normalised = 'ann@new.example', address = 'ann@new.example'").await;
    assert_eq!(refusal(set(&world, &token).await), "link_used");
}

#[tokio::test(flavor = "multi_thread")]
async fn postfix_takes_a_link_to_set_a_new_password_that_works() {
    let (world, postfix) = (World::postgres(Script::accepting()).await, Postfix::refusing(&[]).unwrap());
    let worker = Worker::start_on(world.app.clone(), Channel::new(postfix.url().parse().unwrap(), "muster.example"));
    ask(&world, ANN).await;
    let mails = postfix.wait_for(ANN, 1, PATIENCE).unwrap();
    set(&world, &token_behind("/reset/", &mails[0])).await.unwrap();
    worker.stop().await;
    assert!(signs_in(&world, NEW).await);
}
