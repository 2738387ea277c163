//! Invitations that end or are held while their mail waits.

use std::{sync::Arc, time::Duration};

use app::{
    invitations::{self, Joiner, NewAccount},
    members,
};
use domain::{
    access::{Member, Role},
    invitation::{Delivery, State},
    time::days,
    title::PersonName,
};
use testkit::smtp::{Reply, Script, Stage};

use crate::world::{PATIENCE, RETRY_FIRST, World, member, on_both_engines};

on_both_engines! {
    a_revoked_invitation_is_withdrawn_and_not_sent_late
    a_mail_revoked_while_its_connection_is_made_is_not_sent
    a_mail_revoked_after_the_dot_shows_that_it_went_out
    an_expired_invitation_is_withdrawn_and_marked
    an_invitation_on_hold_waits_and_goes_out_when_released
}

async fn a_revoked_invitation_is_withdrawn_and_not_sent_late(world: World) {
    world.peer.play(Script::accepting().times(1, Stage::AnyRcpt, Reply::refuse(450, "4.2.0 later")));
    let id = world.invite(&["ruth@hollin.example"]).await[0];
    let worker = world.work();
    world.until(id, Delivery::Deferred).await;
    world.revoke(id).await;
    assert_eq!(world.delivery(id).await, Delivery::Withdrawn);
    world.pass(RETRY_FIRST * 2).await;
    let other = world.invite(&["omar@hollin.example"]).await[0];
    world.until(other, Delivery::Sent).await;
    worker.stop().await;
    assert_eq!(world.peer.mails().len(), 1);
    assert_eq!(world.timeline(id).await, [Delivery::Queued, Delivery::Deferred, Delivery::Withdrawn]);
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM message WHERE secret IS NOT NULL").await, 0);
}

async fn a_mail_revoked_while_its_connection_is_made_is_not_sent(world: World) {
    world.peer.play(Script::accepting().times(1, Stage::Greeting, Reply::Hang(Duration::from_millis(500))));
    let id = world.invite(&["ruth@hollin.example"]).await[0];
    let worker = world.work();
    world.until(id, Delivery::Sending).await;
    world.revoke(id).await;
    worker.stop().await;
    assert_eq!(world.delivery(id).await, Delivery::Withdrawn);
    assert_eq!(world.peer.mails(), []);
    assert!(world.peer.connections() > 0);
}

/// A fact is shown even where another was hoped for. The link in it is dead.
async fn a_mail_revoked_after_the_dot_shows_that_it_went_out(world: World) {
    world.peer.play(Script::accepting().at(Stage::End, Reply::Hang(Duration::from_millis(300))));
    let id = world.invite(&["ruth@hollin.example"]).await[0];
    let worker = world.work();
    world.peer.wait_for(1, PATIENCE).await;
    world.revoke(id).await;
    worker.stop().await;
    let invitation = world.invitation(id).await;
    assert_eq!((invitation.state, invitation.delivery), (State::Revoked, Some(Delivery::Sent)));
    assert_eq!(invitation.first_out_at, None);
    assert_eq!(world.timeline(id).await, [Delivery::Queued, Delivery::Withdrawn, Delivery::Sent]);
}

async fn an_expired_invitation_is_withdrawn_and_marked(world: World) {
    let id = world.invite(&["ruth@hollin.example"]).await[0];
    world.pass(days(12)).await;
    let worker = world.work();
    let withdrawn = world.until(id, Delivery::Withdrawn).await;
    assert_eq!(withdrawn.state, State::Expired);
    worker.stop().await;
    assert_eq!(world.peer.mails(), []);
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM event WHERE what = 'invitation.expired'").await, 1);
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM message WHERE secret IS NOT NULL").await, 0);
}

/// T12: nothing is mailed in the name of somebody who may not grant it, and nobody has to send it again.
async fn an_invitation_on_hold_waits_and_goes_out_when_released(world: World) {
    let worker = world.work();
    let manager = joined(&world, "max@hollin.example", Role::Manager).await;
    worker.stop().await;
    let id = world.invite_as(&manager, Role::Tester, &["ruth@hollin.example"]).await[0];
    set_role(&world, &manager, Role::Tester).await;
    assert_eq!(world.invitation(id).await.state, State::OnHold);

    let worker = world.work();
    let held = world.until(id, Delivery::Deferred).await;
    assert!(held.delivery_detail.unwrap().starts_with("on hold"));
    world.pass(days(1)).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(world.delivery(id).await, Delivery::Deferred);
    assert_eq!(world.peer.mails().len(), 1);
    assert_eq!(world.timeline(id).await, [Delivery::Queued, Delivery::Deferred]);

    set_role(&world, &manager, Role::Manager).await;
    world.until(id, Delivery::Sent).await;
    worker.stop().await;
}

/// Invites somebody, who accepts by the link in the mail.
async fn joined(world: &World, address: &'static str, role: Role) -> Arc<Member> {
    let id = world.invite_as(&world.owner, role, &[address]).await[0];
    world.until(id, Delivery::Sent).await;
    let token = world.token_mailed_to(address);
    let account = NewAccount { name: PersonName::parse("Max Stone").unwrap(), password: "no hash".to_owned() };
    let joiner = Joiner { account: Some(account), ..Joiner::default() };
    let accepted = world.app.write(None, move |tx, now| invitations::accept(tx, &token, &joiner, now)).await.unwrap();
    member(&world.app, &accepted.session, world.workspace).await
}

async fn set_role(world: &World, target: &Arc<Member>, role: Role) {
    let (may, id) = (world.owner.may::<domain::access::ManageMembers>().unwrap(), target.id());
    let change = members::Change { role: Some(role), projects: None };
    world.app.write(None, move |tx, now| members::change(tx, &may, id, &change, now)).await.unwrap();
}
