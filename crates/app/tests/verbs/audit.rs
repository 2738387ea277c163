//! The audit log: every transition and every refused attempt, with who, where and what.

use app::sessions::{self, Browser};
use domain::access::Role;

use crate::{
    bed::on_both_engines,
    world::{World, as_is, newcomer, refusal, secret},
};

on_both_engines! { World:
    a_refused_acceptance_is_noted_with_its_invitation
    a_refused_decline_is_noted_without_an_actor
    a_refused_revocation_and_copy_are_noted_with_who_tried
    a_batch_over_the_quota_is_noted_once
    a_refused_change_of_a_member_is_noted
    a_wrong_pair_is_noted_and_the_password_is_not
    what_is_unknown_or_mistyped_is_not_noted
}

async fn a_refused_acceptance_is_noted_with_its_invitation(world: World) {
    let stranger = world.member(Role::Tester).await;
    let id = world.invite(world.owner, "ann@x.example").await;
    let token = world.mailed(id).await;
    let (who, _) = world.browser(stranger.who.person).await;
    assert_eq!(refusal(world.accept(&token, as_is(who)).await), "wrong_account");
    let noted = world.log().await.remove(0);
    assert_eq!((noted.what.as_str(), noted.label.as_str()), ("invitation.refused", "ann@x.example"));
    assert_eq!((noted.target, noted.workspace), (id.to_string(), Some(world.owner.workspace)));
    assert_eq!(noted.actor, Some(stranger.who.person));
    assert_eq!(noted.changes, r#"{"attempt":[null,"accept"],"code":[null,"wrong_account"]}"#);
    world.accept(&token, newcomer()).await.unwrap();
    assert_eq!(refusal(world.accept(&token, newcomer()).await), "gone accepted");
    assert!(world.log().await[0].changes.contains("invitation_used"));
}

async fn a_refused_decline_is_noted_without_an_actor(world: World) {
    let id = world.invite(world.owner, "ann@x.example").await;
    let token = world.mailed(id).await;
    world.decline(&token).await.unwrap();
    assert_eq!(refusal(world.decline(&token).await), "gone declined");
    let noted = world.log().await.remove(0);
    assert_eq!((noted.what.as_str(), noted.actor, noted.target), ("invitation.refused", None, id.to_string()));
}

async fn a_refused_revocation_and_copy_are_noted_with_who_tried(world: World) {
    let admin = world.member(Role::Admin).await;
    let id = world.invite_to(world.owner, "ann@x.example", Role::Owner).await;
    assert_eq!(refusal(world.revoke(admin, id).await), "target_above_you");
    assert_eq!(refusal(world.copy(admin, id).await), "target_above_you");
    let noted: Vec<_> = world.log().await.into_iter().take(2).collect();
    assert!(noted.iter().all(|entry| entry.actor == Some(admin.who.person) && entry.target == id.to_string()));
    assert!(noted[1].changes.contains("revoke") && noted[0].changes.contains("copy the link"), "{noted:?}");
}

async fn a_batch_over_the_quota_is_noted_once(world: World) {
    world.limits.lock().unwrap().as_mut().unwrap().workspace = 1;
    let refused = world.send(world.owner, crate::world::batch(&["a@x.example", "b@x.example"])).await;
    assert_eq!(refusal(refused), "over workspace, 1 left");
    let log = world.log().await;
    assert_eq!(log[0].changes, r#"{"attempt":[null,"invite"],"code":[null,"over_quota"]}"#);
    assert_eq!(log.iter().filter(|entry| entry.what == "invitation.refused").count(), 1);
}

async fn a_refused_change_of_a_member_is_noted(world: World) {
    let admin = world.member(Role::Admin).await;
    assert_eq!(refusal(world.set_role(admin, world.owner, Role::Tester).await), "target_above_you");
    assert_eq!(refusal(world.deactivate(world.owner, world.owner).await), "last_owner");
    let log = world.log().await;
    assert_eq!((log[1].what.as_str(), log[1].actor), ("member.refused", Some(admin.who.person)));
    assert!(log[0].changes.contains("last_owner") && log[0].target == world.owner.member.to_string());
}

async fn a_wrong_pair_is_noted_and_the_password_is_not(world: World) {
    let pair = |email: &'static str| sessions::sign_in(&world.app, email, secret("a guess"), None, Browser::default());
    assert_eq!(refusal(pair("olga@hollin.example").await), "wrong_pair");
    assert_eq!(refusal(pair("nobody@x.example").await), "wrong_pair");
    assert_eq!(refusal(pair("a password, typed too early").await), "wrong_pair");
    let log = world.log().await;
    assert!(log.iter().take(3).all(|entry| entry.what == "session.refused" && entry.actor.is_none()));
    assert_eq!(log[2].target, world.owner.who.person.to_string());
    let labels = log.iter().take(3).map(|entry| entry.label.as_str()).collect::<Vec<_>>();
    assert_eq!(labels, ["", "nobody@x.example", "olga@hollin.example"]);
    assert!(!format!("{log:?}").contains("guess"));
}

async fn what_is_unknown_or_mistyped_is_not_noted(world: World) {
    let (there, before) = (world.another().await, world.events().await.len());
    let id = world.invite(world.owner, "ann@x.example").await;
    assert_eq!(refusal(world.revoke(there, id).await), "unknown");
    assert_eq!(refusal(world.accept(&world.app.clock().now().token(), newcomer()).await), "unknown");
    let unfilled = world.accept(&world.mailed(id).await, app::invitations::Joiner::default()).await;
    assert_eq!(refusal(unfilled), "name required, password required");
    assert_eq!(world.events().await.len(), before + 1);
}
