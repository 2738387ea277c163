//! Mails that get through.

use std::time::Duration;

use app::{
    Failure, invitations,
    mail::{channel::Channel, worker::Worker},
};
use domain::{
    access::{InviteMembers, May, Role},
    invitation::Delivery,
    time::days,
};
use testkit::{
    postfix::Postfix,
    smtp::{Reply, Script, Stage},
};

use crate::world::{PATIENCE, START, World, batch, on_both_engines, soon, token_in, with};

on_both_engines! {
    a_mail_handed_over_has_its_invitation_committed
    a_sealed_token_is_gone_after_hand_over
    the_end_counts_from_the_hand_over
    the_end_counts_from_the_fifth_day_at_the_latest
    a_connection_is_kept_while_there_is_work
    a_server_that_hangs_up_after_each_mail_gets_them_all
    a_stop_finishes_the_mail_in_hand
    a_connection_without_work_is_closed
}

/// I6, and the link in the mail is the one that was committed.
async fn a_mail_handed_over_has_its_invitation_committed(world: World) {
    let worker = world.work();
    let may: May<InviteMembers> = world.owner.may().unwrap();
    let (app, batch) = (world.app.clone(), batch(Role::Tester, &["never@hollin.example"]));
    let undone = world.app.write(None, move |tx, now| {
        invitations::invite(tx, with(&app), &may, &batch, now)?;
        Err::<(), _>(Failure::Broken("the transaction fails after the invitation".into()))
    });
    assert!(undone.await.is_err());

    let ids = world.invite(&["ruth@hollin.example", "Omar <omar@hollin.example>"]).await;
    let mails = world.peer.wait_for(2, PATIENCE).await;
    for (id, address) in ids.into_iter().zip(["ruth@hollin.example", "omar@hollin.example"]) {
        let invitation = world.until(id, Delivery::Sent).await;
        assert_eq!(invitation.address, address);
        assert!(invitation.delivery_detail.unwrap().starts_with("250"));
        let token = world.token_mailed_to(address);
        let offer = world.app.read(move |db, now| invitations::lookup(db, &token, None, now)).await.unwrap();
        assert_eq!(offer.invitation.id, id);
        assert_eq!(world.timeline(id).await, [Delivery::Queued, Delivery::Sent]);
    }
    worker.stop().await;
    assert_eq!(mails.len(), world.peer.mails().len());
}

async fn a_sealed_token_is_gone_after_hand_over(world: World) {
    let id = world.invite(&["ruth@hollin.example"]).await[0];
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM message WHERE secret IS NOT NULL").await, 1);
    let _worker = world.work();
    world.until(id, Delivery::Sent).await;
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM message WHERE secret IS NOT NULL").await, 0);
}

async fn the_end_counts_from_the_hand_over(world: World) {
    let id = world.invite(&["ruth@hollin.example"]).await[0];
    assert_eq!(world.invitation(id).await.ends_at, START + days(12));
    world.pass(days(2)).await;
    let _worker = world.work();
    assert_eq!(world.until(id, Delivery::Sent).await.ends_at, START + days(9));
    assert_eq!(end_in_mail(&world), "Thursday, 3 December 2026, 10:40 UTC");
}

async fn the_end_counts_from_the_fifth_day_at_the_latest(world: World) {
    let id = world.invite(&["ruth@hollin.example"]).await[0];
    world.pass(days(9)).await;
    let _worker = world.work();
    assert_eq!(world.until(id, Delivery::Sent).await.ends_at, START + days(12));
    assert_eq!(end_in_mail(&world), "Sunday, 6 December 2026, 10:40 UTC");
}

fn end_in_mail(world: &World) -> String {
    let mails = world.peer.mails();
    let mail = mail_parser::MessageParser::default().parse(&mails[0].data).unwrap();
    let body = mail.body_text(0).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    let end = body.find("2026, 10:40 UTC").unwrap() + "2026, 10:40 UTC".len();
    let words = &body[..end];
    let start = ["Thursday", "Sunday", "Tuesday"].iter().filter_map(|day| words.rfind(day)).max().unwrap();
    words[start..].to_owned()
}

async fn a_connection_is_kept_while_there_is_work(world: World) {
    let addresses: Vec<_> = (0..20).map(|n| format!("p{n}@hollin.example")).collect();
    let addresses: Vec<_> = addresses.iter().map(String::as_str).collect();
    world.invite(&addresses).await;
    let worker = world.work();
    world.peer.wait_for(20, PATIENCE).await;
    worker.stop().await;
    assert!(world.peer.connections() <= 2, "{}", world.peer.connections());
    let quits = world.peer.commands().iter().filter(|command| *command == "QUIT").count();
    assert_eq!(quits, world.peer.connections());
}

/// Many servers do; it is no trouble of the channel.
async fn a_server_that_hangs_up_after_each_mail_gets_them_all(world: World) {
    world.peer.play(Script::accepting().at(Stage::End, Reply::AcceptAndCut));
    let ids = world.invite(&["a@hollin.example", "b@hollin.example", "c@hollin.example", "d@hollin.example"]).await;
    let _worker = world.work();
    for id in ids {
        world.until(id, Delivery::Sent).await;
    }
    assert_eq!(world.channel().await.paused_at, None);
    assert_eq!(world.peer.mails().len(), 4);
}

async fn a_connection_without_work_is_closed(world: World) {
    let _worker = world.work();
    let id = world.invite(&["ruth@hollin.example"]).await[0];
    world.until(id, Delivery::Sent).await;
    assert!(world.peer.open_connections() > 0);
    soon(async || (world.peer.open_connections() == 0).then_some(())).await.unwrap();
    let again = world.invite(&["omar@hollin.example"]).await[0];
    world.until(again, Delivery::Sent).await;
}

async fn a_stop_finishes_the_mail_in_hand(world: World) {
    world.peer.play(Script::accepting().at(Stage::End, Reply::Hang(Duration::from_millis(300))));
    let id = world.invite(&["ruth@hollin.example"]).await[0];
    let worker = world.work();
    world.peer.wait_for(1, PATIENCE).await;
    worker.stop().await;
    assert_eq!(world.delivery(id).await, Delivery::Sent);
    let later = world.invite(&["omar@hollin.example"]).await[0];
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(world.delivery(later).await, Delivery::Queued);
}

#[tokio::test(flavor = "multi_thread")]
async fn postfix_takes_an_invitation_whose_link_works() {
    let refusals = [("nobody@hollin.example", "550 5.1.1 no such user")];
    let (world, postfix) = (World::postgres(Script::accepting()).await, Postfix::refusing(&refusals).unwrap());
    let ids = world.invite(&["nobody@hollin.example", "ruth@hollin.example"]).await;
    let worker = Worker::start_on(world.app.clone(), Channel::new(postfix.url().parse().unwrap(), "muster.example"));
    let failed = world.until(ids[0], Delivery::Failed).await;
    assert!(failed.delivery_detail.unwrap().starts_with("550 5.1.1"));
    world.until(ids[1], Delivery::Sent).await;
    let mails = postfix.wait_for("ruth@hollin.example", 1, PATIENCE).unwrap();
    let token = token_in(&mails[0]);
    let offer = world.app.read(move |db, now| invitations::lookup(db, &token, None, now)).await.unwrap();
    assert_eq!(offer.invitation.id, ids[1]);
    worker.stop().await;
}
