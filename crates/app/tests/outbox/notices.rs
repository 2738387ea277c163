//! Letters that carry no invitation: what happened, told to the person it matters to.

use app::{
    Failure,
    mail::{channel::Channel, worker::Worker},
    notices::{self, Notice},
    post::Post,
};
use domain::{id::PersonId, time::days};
use testkit::{
    postfix::Postfix,
    smtp::{Mail, Reply, Script, Stage},
};

use crate::world::{PATIENCE, RETRY_FIRST, World, on_both_engines};

on_both_engines! {
    a_notice_reaches_the_person_and_leaves_nothing_sealed
    a_notice_tried_again_comes_under_the_same_name
    a_notice_that_became_too_old_is_not_sent_late
    a_notice_is_undone_with_what_it_tells_of
    nobody_is_told_anything_at_an_address_he_never_proved
    without_a_mail_server_nothing_is_posted
    a_notice_under_a_lost_key_fails_alone
}

const ANN: &str = "ann@hollin.example";
const ALL: &str = "SELECT COUNT(*) AS n FROM message";
const SEALED: &str = "SELECT COUNT(*) AS n FROM message WHERE secret IS NOT NULL";
const SENT: &str = "SELECT COUNT(*) AS n FROM message WHERE state = 'sent'";

fn declined() -> Notice {
    Notice::InvitationDeclined {
        invitee: "ruth@hollin.example".into(),
        workspace: "Hollin & Ash".into(),
        slug: "hollin-ash".into(),
    }
}

async fn tell(world: &World, whom: PersonId) {
    let app = world.app.clone();
    world.app.write(None, move |tx, now| notices::tell(tx, app.post(), whom, declined(), now)).await.unwrap();
}

fn message_id(mail: &Mail) -> String {
    mail.header("Message-ID").unwrap()
}

async fn a_notice_reaches_the_person_and_leaves_nothing_sealed(world: World) {
    tell(&world, world.owner.person()).await;
    assert_eq!(world.count(SEALED).await, 1);
    let worker = world.work();
    let mails = world.peer.wait_for(1, PATIENCE).await;
    worker.stop().await;
    assert_eq!(mails[0].to, [ANN]);
    assert_eq!(mails[0].header("Subject").as_deref(), Some("ruth@hollin.example declined your invitation"));
    assert!(mails[0].text().contains("https://muster.hollin.example/w/hollin-ash/settings/users"));
    assert_eq!((world.count(SEALED).await, world.count(SENT).await), (0, 1));
}

async fn a_notice_tried_again_comes_under_the_same_name(world: World) {
    world.peer.play(Script::accepting().times(1, Stage::End, Reply::KeepAndCut));
    tell(&world, world.owner.person()).await;
    let worker = world.work();
    world.until_count("SELECT COUNT(*) AS n FROM message WHERE state = 'deferred'", 1).await;
    world.pass(RETRY_FIRST * 2).await;
    let mails = world.peer.wait_for(2, PATIENCE).await;
    worker.stop().await;
    assert_eq!(message_id(&mails[0]), message_id(&mails[1]));
    assert!(message_id(&mails[0]).starts_with("<msg.msg_"));
}

async fn a_notice_that_became_too_old_is_not_sent_late(world: World) {
    tell(&world, world.owner.person()).await;
    world.pass(days(5)).await;
    let worker = world.work();
    world.until_count("SELECT COUNT(*) AS n FROM message WHERE state = 'withdrawn'", 1).await;
    worker.stop().await;
    assert_eq!((world.peer.mails().len(), world.count(SEALED).await), (0, 0));
}

async fn a_notice_is_undone_with_what_it_tells_of(world: World) {
    let (app, owner) = (world.app.clone(), world.owner.person());
    let undone = world.app.write(None, move |tx, now| {
        notices::tell(tx, app.post(), owner, declined(), now)?;
        Err::<(), _>(Failure::Broken("the transaction fails after the notice".into()))
    });
    assert!(undone.await.is_err());
    assert_eq!(world.count(ALL).await, 0);
}

async fn nobody_is_told_anything_at_an_address_he_never_proved(world: World) {
    world.sql("UPDATE person_address SET verified_at = NULL").await;
    tell(&world, world.owner.person()).await;
    assert_eq!(world.count(ALL).await, 0);
}

async fn without_a_mail_server_nothing_is_posted(world: World) {
    let (app, owner) = (world.app.clone(), world.owner.person());
    let told = world.app.write(None, move |tx, now| {
        let post = Post { mail: false, ..app.post() };
        notices::tell(tx, post, owner, declined(), now)
    });
    told.await.unwrap();
    assert_eq!(world.count(ALL).await, 0);
}

async fn a_notice_under_a_lost_key_fails_alone(world: World) {
    tell(&world, world.owner.person()).await;
    let on_sqlite = world.db_settings.url.starts_with("sqlite");
    let lost = if on_sqlite { "UPDATE message SET secret = x'0102'" } else { "UPDATE message SET secret = '\\x0102'" };
    world.sql(lost).await;
    tell(&world, world.owner.person()).await;
    let worker = world.work();
    world.peer.wait_for(1, PATIENCE).await;
    world.until_count(SENT, 1).await;
    world.until_count("SELECT COUNT(*) AS n FROM message WHERE state = 'failed'", 1).await;
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postfix_takes_a_notice() {
    let (world, postfix) = (World::postgres(Script::accepting()).await, Postfix::refusing(&[]).unwrap());
    tell(&world, world.owner.person()).await;
    let worker = Worker::start_on(world.app.clone(), Channel::new(postfix.url().parse().unwrap(), "muster.example"));
    let mails = postfix.wait_for(ANN, 1, PATIENCE).unwrap();
    worker.stop().await;
    assert!(mails[0].contains("declined your invitation"), "{}", mails[0]);
}
