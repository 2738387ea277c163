//! The audit log: every transition and every refused attempt, with who, where and what.

use std::time::Duration;

use app::{
    answers::{Asked, once},
    invitations::{Batch, lookup::look_up},
    members::Change,
    sessions::{self, Browser},
};
use domain::{access::Role, time::days};

use crate::{
    bed::on_both_engines,
    world::{Entry, World, as_is, batch, newcomer, on, refusal, secret},
};

on_both_engines! { World:
    a_refused_acceptance_is_noted_with_its_invitation
    a_refused_decline_is_noted_without_an_actor
    a_refused_revocation_and_copy_are_noted_with_who_tried
    a_batch_over_the_quota_is_noted_once
    a_refused_change_of_a_member_is_noted
    a_wrong_pair_is_noted_and_the_password_is_not
    what_is_unknown_or_mistyped_is_not_noted
    every_end_tells_the_state_it_came_from
    joining_tells_role_and_project_roles
    holding_and_releasing_name_who_caused_it
    a_change_of_a_member_tells_old_and_new
    founding_tells_of_the_membership_and_the_first_key
    taking_an_account_over_tells_what_ended
    looking_up_a_copied_link_is_noted_and_a_mailed_one_is_not
    what_has_had_its_time_is_deleted
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
    let refused = world.send(world.owner, batch(&["a@x.example", "b@x.example"])).await;
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

/// The last entry of this kind.
async fn last(world: &World, what: &str) -> Entry {
    world.log().await.into_iter().find(|entry| entry.what == what).unwrap_or_else(|| panic!("no {what}"))
}

async fn every_end_tells_the_state_it_came_from(world: World) {
    let lead = world.member(Role::Manager).await;
    let state = |from: &str, to: &str| format!(r#"{{"state":["{from}","{to}"]}}"#);
    let (one, two) = (world.invite(lead, "a@x.example").await, world.invite(lead, "b@x.example").await);
    let (three, four) = (world.invite(lead, "c@x.example").await, world.invite(lead, "d@x.example").await);
    world.accept(&world.mailed(one).await, newcomer()).await.unwrap();
    assert_eq!(last(&world, "invitation.accepted").await.changes, state("pending", "accepted"));
    let token = world.mailed(two).await;
    world.deactivate(world.owner, lead).await.unwrap();
    world.decline(&token).await.unwrap();
    assert_eq!(last(&world, "invitation.declined").await.changes, state("on_hold", "declined"));
    world.revoke(world.owner, three).await.unwrap();
    assert_eq!(last(&world, "invitation.revoked").await.changes, state("on_hold", "revoked"));
    world.pass(days(12));
    assert_eq!(refusal(world.revoke(world.owner, four).await), "invitation_not_pending");
    assert_eq!(last(&world, "invitation.expired").await.changes, state("on_hold", "expired"));
}

async fn joining_tells_role_and_project_roles(world: World) {
    let to = Batch { role: Role::Guest, projects: vec![on("WEB", Role::Tester)], ..batch(&["ann@x.example"]) };
    let id = world.send(world.owner, to).await.unwrap()[0].invitation.unwrap();
    world.accept(&world.mailed(id).await, newcomer()).await.unwrap();
    let joined = last(&world, "member.joined").await.changes;
    assert!(joined.contains(r#""role":[null,"guest"]"#) && joined.contains(" tester\"]"), "{joined}");
}

async fn holding_and_releasing_name_who_caused_it(world: World) {
    let (lead, admin) = (world.member(Role::Manager).await, world.member(Role::Admin).await);
    world.invite(lead, "ann@x.example").await;
    world.deactivate(admin, lead).await.unwrap();
    let held = last(&world, "invitation.held").await;
    assert_eq!((held.actor, held.changes.as_str()), (Some(admin.who.person), r#"{"state":["pending","on_hold"]}"#));
    world.reactivate(world.owner, lead).await.unwrap();
    let released = last(&world, "invitation.released").await;
    assert_eq!(released.actor, Some(world.owner.who.person));
    assert_eq!(released.changes, r#"{"state":["on_hold","pending"]}"#);
}

async fn a_change_of_a_member_tells_old_and_new(world: World) {
    let guest = world.member(Role::Guest).await;
    for role in [Role::Tester, Role::Manager] {
        let change = Change { role: None, projects: Some(vec![on("WEB", role)]) };
        world.change(world.owner, guest, change).await.unwrap();
    }
    let changes = last(&world, "member.changed").await.changes;
    let (old, new) = changes.split_once(',').unwrap();
    assert!(old.ends_with(" tester\"") && new.ends_with(" manager\"]}"), "{changes}");
}

async fn founding_tells_of_the_membership_and_the_first_key(world: World) {
    let there = world.another().await;
    for (what, changes) in [("member.joined", r#"{"role":[null,"owner"]}"#), ("api_key.created", "{}")] {
        let entry = last(&world, what).await;
        assert_eq!((entry.workspace, entry.actor), (Some(there.workspace), Some(there.who.person)));
        assert_eq!(entry.changes, changes);
    }
    assert_eq!(last(&world, "member.joined").await.target, there.member.to_string());
}

async fn taking_an_account_over_tells_what_ended(world: World) {
    let there = world.another().await;
    let copied = world.invite(world.owner, "ann@x.example").await;
    let copied = world.copy(world.owner, copied).await.unwrap();
    world.accept(&copied, newcomer()).await.unwrap();
    let mailed = world.invite(there, "ann@x.example").await;
    world.accept(&world.mailed(mailed).await, newcomer()).await.unwrap();
    let entry = last(&world, "person.taken_over").await;
    assert_eq!((entry.label.as_str(), entry.workspace), ("ann@x.example", None));
    for value in [r#""keys":[0,0]"#, r#""sessions":[1,0]"#] {
        assert!(entry.changes.contains(value), "{}", entry.changes);
    }
    assert!(!entry.changes.contains("Ann Lee"), "what is never erased holds no name");
}

async fn looking_up_a_copied_link_is_noted_and_a_mailed_one_is_not(world: World) {
    let id = world.invite(world.owner, "ann@x.example").await;
    let (mailed, copied) = (world.mailed(id).await, world.copy(world.owner, id).await.unwrap());
    let before = world.events().await.len();
    look_up(&world.app, mailed, None).await.unwrap();
    assert_eq!(world.events().await.len(), before);
    look_up(&world.app, copied, None).await.unwrap();
    assert_eq!(last(&world, "invitation.looked_up").await.target, id.to_string());
    assert_eq!(world.events().await.len(), before + 1);
}

async fn what_has_had_its_time_is_deleted(world: World) {
    world.invite(world.owner, "ann@x.example").await;
    let app = world.app.clone();
    let keep = Duration::from_hours(1);
    let asked = Asked { caller: "ann".into(), key: "k".into(), fingerprint: [0; 32], keep };
    world.write(move |tx, now| once(tx, app.vault(), Some(&asked), now, |_| Ok("secret".to_owned()))).await.unwrap();
    let left = async || {
        let of = [
            "SELECT COUNT(*) AS n FROM answer",
            "SELECT COUNT(*) AS n FROM session",
            "SELECT COUNT(*) AS n FROM quota",
        ];
        [world.count(of[0]).await, world.count(of[1]).await, world.count(of[2]).await]
    };
    world.write(app::tidy::tidy).await.unwrap();
    assert_eq!(left().await, [1, 1, 3]);
    world.pass(keep);
    world.write(app::tidy::tidy).await.unwrap();
    assert_eq!(left().await, [0, 1, 3]);
    // The world's own session is seen for a year.
    world.pass(days(400));
    world.write(app::tidy::tidy).await.unwrap();
    assert_eq!(left().await, [0, 0, 0]);
}
