//! Addresses of a person: proved by a mailed link, and changed with the password in hand.

use app::{
    Failure, addresses, passwords,
    passwords::Known,
    resets,
    sessions::{self, Browser},
};
use domain::{
    access::{SignedIn, System},
    email::Email,
    id::AddressId,
    secret::Token,
};

use crate::world::{World, on_both_engines, token_behind};

on_both_engines! {
    an_address_is_added_by_the_link_mailed_to_it
    only_the_session_that_asked_proves_an_address
    an_address_of_another_account_is_asked_for_alike_and_never_added
    an_address_not_proved_yet_is_nobodys
    a_link_to_an_address_works_once_and_for_a_day
    an_address_given_up_ends_its_links_and_letters
    the_old_and_the_new_primary_address_are_told
    the_primary_address_is_not_removed
    a_removed_address_signs_in_no_more_and_its_links_end
    changing_the_password_ends_the_other_sessions_and_is_told
    a_wrong_password_changes_nothing_and_is_noted
    a_key_changes_no_account
}

const ANN: &str = "ann@hollin.example";
const NEW: &str = "ann@private.example";
const PASSWORD: &str = "four unrelated words";

fn email(address: &str) -> Email {
    Email::parse(address).unwrap()
}

fn system() -> System {
    System::because("a test")
}

/// Ann at her browser, with a password that is known.
async fn ann(world: &World) -> SignedIn {
    let person = world.owner.person();
    let hash = world.app.passwords().hash(PASSWORD.into(), [1; 16]).await.unwrap();
    let set = world.app.write(None, move |tx, _| Ok(store::people::set_password(tx, person, &hash)?));
    set.await.unwrap();
    signs_in(world, ANN).await.unwrap()
}

async fn signs_in(world: &World, address: &str) -> Result<SignedIn, Failure> {
    let token = sessions::sign_in(&world.app, address, PASSWORD.into(), None, Browser::default()).await?;
    Ok(sessions::by_session(&world.app, token).await?.unwrap())
}

/// Another account at this address, signed in.
async fn somebody(world: &World, address: &'static str) -> SignedIn {
    let made = world.app.write(None, move |tx, now| {
        let new = store::people::NewPerson {
            name: &"Eve".parse().unwrap(),
            email: &email(address),
            password: None,
            verified: true,
            operator: false,
        };
        let person = store::people::insert(tx, &new, now)?.unwrap();
        let session = store::sessions::open(tx, person, None, now)?;
        Ok(store::access::session(tx, &session.hash(), now.at)?.unwrap().0)
    });
    made.await.unwrap()
}

async fn known(world: &World, who: SignedIn, password: &str) -> Result<Known, Failure> {
    passwords::ask_again(&world.app, &who, "password", password.into(), &Browser::default()).await
}

async fn add(world: &World, who: SignedIn, address: &'static str) -> Result<(), Failure> {
    let (known, app) = (known(world, who, PASSWORD).await?, world.app.clone());
    world.app.write(None, move |tx, now| addresses::add(tx, app.post(), &who, &known, &email(address), now)).await
}

async fn confirm(world: &World, who: SignedIn, token: &Token) -> Result<String, Failure> {
    let (app, token) = (world.app.clone(), token.clone());
    world.app.write(None, move |tx, now| addresses::confirm(tx, app.post(), &who, &token, now)).await
}

/// Adds an address and reads the link in its mail.
async fn mailed(world: &World, who: SignedIn, address: &'static str) -> Token {
    add(world, who, address).await.unwrap();
    let worker = world.work();
    world.until_count("SELECT COUNT(*) AS n FROM message WHERE state IN ('queued', 'sending')", 0).await;
    worker.stop().await;
    let mails = world.peer.mails();
    let mail = mails.iter().rev().find(|mail| mail.to == [address]).unwrap();
    assert_eq!(mail.header("Subject").as_deref(), Some("Confirm your address"));
    token_behind("/verify/", &mail.text())
}

/// Adds an address for good.
async fn added(world: &World, who: SignedIn, address: &'static str) -> AddressId {
    let token = mailed(world, who, address).await;
    confirm(world, who, &token).await.unwrap();
    id(world, who, address).await
}

async fn rows(world: &World, who: SignedIn) -> Vec<store::people::Address> {
    world.app.read(move |db, _| Ok(store::people::addresses(db, &who)?)).await.unwrap()
}

async fn id(world: &World, who: SignedIn, address: &str) -> AddressId {
    rows(world, who).await.into_iter().find(|row| row.address == address).unwrap().id
}

async fn mine(world: &World, who: SignedIn) -> Vec<String> {
    rows(world, who).await.into_iter().map(|row| row.address).collect()
}

/// To whom mails with this subject went, once all are out.
async fn told(world: &World, subject: &str) -> Vec<String> {
    let worker = world.work();
    world.until_count("SELECT COUNT(*) AS n FROM message WHERE state IN ('queued', 'sending')", 0).await;
    worker.stop().await;
    let mails = world.peer.mails();
    let told = mails.iter().filter(|mail| mail.header("Subject").as_deref() == Some(subject));
    let mut told: Vec<String> = told.map(|mail| mail.to[0].clone()).collect();
    told.sort();
    told
}

fn refusal<T: std::fmt::Debug>(done: Result<T, Failure>) -> String {
    match done.expect_err("it was to be refused") {
        Failure::Invalid(bad) => bad[0].code.to_owned(),
        other => other.code().to_owned(),
    }
}

async fn an_address_is_added_by_the_link_mailed_to_it(world: World) {
    let ann = ann(&world).await;
    let token = mailed(&world, ann, NEW).await;
    assert_eq!(mine(&world, ann).await, [ANN]);
    assert_eq!(confirm(&world, ann, &token).await.unwrap(), NEW);
    assert_eq!(mine(&world, ann).await, [ANN, NEW]);
    assert_eq!(signs_in(&world, NEW).await.unwrap().person, ann.person);
    assert_eq!(told(&world, "Your account has one address more").await, [ANN]);
    assert_eq!(refusal(add(&world, ann, NEW).await), "yours_already");
}

/// A stranger who clicks in a mail proves nothing for whoever typed his address.
async fn only_the_session_that_asked_proves_an_address(world: World) {
    let ann = ann(&world).await;
    let eve = somebody(&world, "eve@hollin.example").await;
    let token = mailed(&world, ann, NEW).await;
    assert_eq!(refusal(confirm(&world, eve, &token).await), "wrong_account");
    let look = token.clone();
    world.app.read(move |db, now| addresses::lookup(db, &look, now)).await.unwrap();
    confirm(&world, ann, &token).await.unwrap();
}

async fn an_address_of_another_account_is_asked_for_alike_and_never_added(world: World) {
    let ann = ann(&world).await;
    let eve = somebody(&world, "eve@hollin.example").await;
    let token = mailed(&world, ann, "eve@hollin.example").await;
    assert_eq!(refusal(confirm(&world, ann, &token).await), "address_taken");
    assert_eq!((mine(&world, ann).await, mine(&world, eve).await.len()), (vec![ANN.to_owned()], 1));
}

/// Who types an address keeps nobody else from it: no invitation and no password reset finds his account by it.
async fn an_address_not_proved_yet_is_nobodys(world: World) {
    let ann = ann(&world).await;
    add(&world, ann, NEW).await.unwrap();
    let found = world.app.read(move |db, _| Ok(store::people::account(db, &system(), &email(NEW))?));
    assert!(found.await.unwrap().is_none());
    let link = world.app.write(None, move |tx, now| resets::by_hand(tx, &system(), &email(NEW), now)).await;
    assert_eq!(refusal(link), "not_found");
    somebody(&world, NEW).await;
}

async fn a_link_to_an_address_works_once_and_for_a_day(world: World) {
    let ann = ann(&world).await;
    let token = mailed(&world, ann, NEW).await;
    confirm(&world, ann, &token).await.unwrap();
    assert_eq!(refusal(confirm(&world, ann, &token).await), "link_used");
    let late = mailed(&world, ann, "ann@late.example").await;
    world.pass(addresses::VALID).await;
    assert_eq!(refusal(confirm(&world, ann, &late).await), "link_expired");
    let unknown: Token = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".parse().unwrap();
    assert_eq!(refusal(confirm(&world, ann, &unknown).await), "not_found");
}

async fn an_address_given_up_ends_its_links_and_letters(world: World) {
    let ann = ann(&world).await;
    let token = mailed(&world, ann, NEW).await;
    add(&world, ann, NEW).await.unwrap();
    let cancel = || world.app.write(None, move |tx, now| addresses::cancel(tx, &ann, &email(NEW), now));
    cancel().await.unwrap();
    assert_eq!(refusal(confirm(&world, ann, &token).await), "link_used");
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM message WHERE state = 'withdrawn'").await, 1);
    assert_eq!(refusal(cancel().await), "not_found");
}

async fn the_old_and_the_new_primary_address_are_told(world: World) {
    let ann = ann(&world).await;
    let new = added(&world, ann, NEW).await;
    let (known, app) = (known(&world, ann, PASSWORD).await.unwrap(), world.app.clone());
    let made = world.app.write(None, move |tx, now| {
        addresses::make_primary(tx, app.post(), &ann, &known, new, now)?;
        Ok(store::people::me(tx, &ann)?.address)
    });
    assert_eq!(made.await.unwrap(), NEW);
    assert_eq!(told(&world, "Your primary address was changed").await, [ANN, NEW]);
}

async fn remove(world: &World, who: SignedIn, id: AddressId) -> Result<String, Failure> {
    let (known, app) = (known(world, who, PASSWORD).await.unwrap(), world.app.clone());
    world.app.write(None, move |tx, now| addresses::remove(tx, app.post(), &who, &known, id, now)).await
}

async fn the_primary_address_is_not_removed(world: World) {
    let ann = ann(&world).await;
    added(&world, ann, NEW).await;
    let primary = id(&world, ann, ANN).await;
    assert_eq!(refusal(remove(&world, ann, primary).await), "primary_address");
    let eve = somebody(&world, "eve@hollin.example").await;
    let hers = id(&world, eve, "eve@hollin.example").await;
    assert_eq!(refusal(remove(&world, ann, hers).await), "not_found");
}

async fn a_removed_address_signs_in_no_more_and_its_links_end(world: World) {
    let ann = ann(&world).await;
    let new = added(&world, ann, NEW).await;
    let link = world.app.write(None, move |tx, now| resets::by_hand(tx, &system(), &email(NEW), now)).await.unwrap();
    remove(&world, ann, new).await.unwrap();
    assert_eq!(mine(&world, ann).await, [ANN]);
    assert_eq!(refusal(signs_in(&world, NEW).await), "wrong_pair");
    let set = resets::set(&world.app, link, "quite another four words".into(), Browser::default()).await;
    assert_eq!(refusal(set), "link_used");
    assert_eq!(told(&world, "Your account has one address less").await, [ANN, NEW]);
}

async fn changing_the_password_ends_the_other_sessions_and_is_told(world: World) {
    let ann = ann(&world).await;
    let other = signs_in(&world, ANN).await.unwrap();
    let (known, app) = (known(&world, ann, PASSWORD).await.unwrap(), world.app.clone());
    let hash = world.app.passwords().hash("quite another four words".into(), [2; 16]).await.unwrap();
    let changed = world.app.write(None, move |tx, now| passwords::change(tx, app.post(), &ann, &known, &hash, now));
    changed.await.unwrap();
    let open = world.app.read(move |db, now| Ok(store::sessions::list(db, &ann, now.at)?)).await.unwrap();
    assert_eq!(open.iter().map(|row| Some(row.id)).collect::<Vec<_>>(), [ann.session()]);
    assert_ne!(ann.session(), other.session());
    assert_eq!(refusal(signs_in(&world, ANN).await), "wrong_pair");
    assert_eq!(told(&world, "Your password was changed").await, [ANN]);
}

async fn a_wrong_password_changes_nothing_and_is_noted(world: World) {
    let ann = ann(&world).await;
    assert_eq!(refusal(known(&world, ann, "not the password").await), "wrong_password");
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM event WHERE what = 'person.refused'").await, 1);
    // What was shown before the password changed counts no more.
    let (shown, app) = (known(&world, ann, PASSWORD).await.unwrap(), world.app.clone());
    let person = ann.person;
    world.app.write(None, move |tx, _| Ok(store::people::set_password(tx, person, "no hash")?)).await.unwrap();
    let added = world.app.write(None, move |tx, now| addresses::add(tx, app.post(), &ann, &shown, &email(NEW), now));
    assert_eq!(refusal(added.await), "wrong_password");
}

/// Authority: password and address changes need a session.
async fn a_key_changes_no_account(world: World) {
    ann(&world).await;
    let may = world.owner.may().unwrap();
    let key = world.app.write(None, move |tx, now| {
        let new = app::keys::NewKey { name: "CI".parse().unwrap(), rights: None, ends_at: None };
        let (_, key) = app::keys::create(tx, &may, &new, now)?;
        Ok(store::access::key(tx, &key.hash(), now.at)?.unwrap().0)
    });
    let key = key.await.unwrap();
    assert_eq!(refusal(known(&world, key, PASSWORD).await), "session_required");
    let app = world.app.clone();
    let asked = world.app.write(None, move |tx, now| addresses::ask(tx, app.post(), &key, &email(NEW), now));
    assert_eq!(refusal(asked.await), "session_required");
    let renamed = world.app.write(None, move |tx, now| app::profile::rename(tx, &key, &"Eve".parse().unwrap(), now));
    assert_eq!(refusal(renamed.await), "session_required");
    let ended = world.app.write(None, move |tx, now| sessions::end_others(tx, &key, now));
    assert_eq!(refusal(ended.await), "session_required");
}
