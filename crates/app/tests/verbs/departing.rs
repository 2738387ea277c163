//! The end of a membership: T11, T12, I4, and what goes with it.

use app::members::Change;
use domain::{
    access::{Membership, Right, Role},
    invitation::State,
};

use crate::{
    bed::on_both_engines,
    world::{Actor, World, as_is, newcomer, on, refusal},
};

on_both_engines! { World:
    a_removed_member_is_out_of_this_workspace_alone
    i4_the_last_owner_neither_leaves_nor_is_removed
    nobody_without_own_workspace_removes_an_owner
    one_without_manage_members_removes_nobody
    anybody_leaves
    a_limited_key_does_not_leave_for_its_holder
    t11_who_was_removed_comes_back_only_by_a_new_invitation_and_without_anything_he_held
    t11_keys_of_the_former_membership_stay_dead
    t12_removing_the_inviter_holds_his_invitations_in_the_same_transaction
    t12_an_inviter_who_leaves_holds_his_invitations
    who_came_back_does_not_release_what_he_may_not_grant
    removing_is_audited_with_what_was_held
    removing_twice_is_unknown
    shutting_out_asks_to_sign_in_anew_in_this_workspace_alone
    nobody_without_own_workspace_shuts_an_owner_out
}

async fn is_member(world: &World, actor: Actor) -> bool {
    world.try_may::<Membership>(actor).await.is_ok()
}

async fn a_removed_member_is_out_of_this_workspace_alone(world: World) {
    let (ann, there) = (world.member(Role::Tester).await, world.another().await);
    let (person, elsewhere) = (ann.who.person, there.workspace);
    let joined = world.write(move |tx, now| Ok(store::members::insert(tx, elsewhere, person, Role::Guest, None, now)?));
    joined.await.unwrap();
    world.remove(world.owner, ann).await.unwrap();
    assert!(!is_member(&world, ann).await);
    assert!(is_member(&world, Actor { workspace: elsewhere, ..ann }).await);
}

async fn i4_the_last_owner_neither_leaves_nor_is_removed(world: World) {
    let owner = world.owner;
    assert_eq!(refusal(world.leave(owner).await), "last_owner");
    assert_eq!(refusal(world.remove(owner, owner).await), "last_owner");
    let second = world.member(Role::Owner).await;
    world.deactivate(owner, second).await.unwrap();
    assert_eq!(refusal(world.leave(owner).await), "last_owner", "who cannot come in is no owner to rely on");
    world.reactivate(owner, second).await.unwrap();
    world.leave(owner).await.unwrap();
    assert_eq!(refusal(world.leave(second).await), "last_owner");
}

async fn nobody_without_own_workspace_removes_an_owner(world: World) {
    let (admin, second) = (world.member(Role::Admin).await, world.member(Role::Owner).await);
    assert_eq!(refusal(world.remove(admin, second).await), "target_above_you");
    world.remove(second, world.owner).await.unwrap();
}

async fn one_without_manage_members_removes_nobody(world: World) {
    let (lead, ann) = (world.member(Role::Manager).await, world.member(Role::Tester).await);
    assert_eq!(refusal(world.remove(lead, ann).await), "lacks manage_members");
    let there = world.another().await;
    assert_eq!(refusal(world.remove(world.owner, there).await), "unknown");
}

async fn anybody_leaves(world: World) {
    for role in [Role::Guest, Role::Tester, Role::Admin] {
        let ann = world.member(role).await;
        world.leave(ann).await.unwrap();
        assert!(!is_member(&world, ann).await);
    }
}

async fn a_limited_key_does_not_leave_for_its_holder(world: World) {
    let ann = world.member(Role::Tester).await;
    let may = world.limited(ann, &[Right::Read]).await;
    let refused = world.write(move |tx, now| app::members::leave(tx, &may, now)).await;
    assert_eq!(refusal(refused), "above_your_rights");
    let (_, by_key) = world.by_key(ann, None, None).await;
    world.leave(by_key).await.unwrap();
}

async fn t11_who_was_removed_comes_back_only_by_a_new_invitation_and_without_anything_he_held(world: World) {
    let address = "ann@x.example";
    let old = world.mailed(world.invite(world.owner, address).await).await;
    let joined = world.accept(&old, newcomer()).await.unwrap();
    let person = world.account(address).await.unwrap().person;
    let ann = world.member_of_any(person).await;
    let projects = Some(vec![on("WEB", Role::Admin)]);
    world.change(world.owner, ann, Change { role: None, projects }).await.unwrap();
    world.remove(world.owner, ann).await.unwrap();
    let (who, _) = world.browser(person).await;
    assert_eq!(refusal(world.accept(&old, as_is(who)).await), "gone accepted");
    let new = world.mailed(world.invite(world.owner, address).await).await;
    let again = world.accept(&new, as_is(who)).await.unwrap();
    assert_ne!(again.member, joined.member);
    let member = world.member_of(world.owner.workspace, address).await.unwrap();
    assert_eq!((member.id(), member.grants().len()), (again.member, 0));
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM member WHERE state = 'removed'").await, 1);
}

async fn t11_keys_of_the_former_membership_stay_dead(world: World) {
    let ann = world.member(Role::Tester).await;
    world.by_key(ann, None, None).await;
    world.remove(world.owner, ann).await.unwrap();
    let (workspace, person) = (ann.workspace, ann.who.person);
    let back = world.write(move |tx, now| Ok(store::members::insert(tx, workspace, person, Role::Tester, None, now)?));
    back.await.unwrap();
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM api_key WHERE revoked_at IS NULL AND name = 'CI'").await, 0);
}

async fn t12_removing_the_inviter_holds_his_invitations_in_the_same_transaction(world: World) {
    let (lead, others) = (world.member(Role::Manager).await, world.invite(world.owner, "bob@x.example").await);
    let id = world.invite(lead, "ann@x.example").await;
    world.remove(world.owner, lead).await.unwrap();
    assert_eq!((world.stored(id).await, world.stored(others).await), (State::OnHold, State::Pending));
    assert_eq!(refusal(world.accept(&world.mailed(id).await, newcomer()).await), "invitation_on_hold");
    world.revoke(world.owner, id).await.unwrap();
}

async fn t12_an_inviter_who_leaves_holds_his_invitations(world: World) {
    let lead = world.member(Role::Manager).await;
    let id = world.invite(lead, "ann@x.example").await;
    world.leave(lead).await.unwrap();
    assert_eq!(world.stored(id).await, State::OnHold);
    let held = &world.log().await[0];
    assert_eq!((held.what.as_str(), held.actor), ("invitation.held", Some(lead.who.person)));
}

async fn who_came_back_does_not_release_what_he_may_not_grant(world: World) {
    let lead = world.member(Role::Manager).await;
    let id = world.invite(lead, "ann@x.example").await;
    world.remove(world.owner, lead).await.unwrap();
    let (workspace, person) = (lead.workspace, lead.who.person);
    let back = world.write(move |tx, now| Ok(store::members::insert(tx, workspace, person, Role::Tester, None, now)?));
    back.await.unwrap();
    assert_eq!(refusal(world.accept(&world.mailed(id).await, newcomer()).await), "invitation_on_hold");
}

async fn removing_is_audited_with_what_was_held(world: World) {
    let ann = world.member(Role::Tester).await;
    let web = on("WEB", Role::Manager);
    world.change(world.owner, ann, Change { role: None, projects: Some(vec![web]) }).await.unwrap();
    world.by_key(ann, None, None).await;
    world.remove(world.owner, ann).await.unwrap();
    let entry = &world.log().await[0];
    assert_eq!((entry.what.as_str(), entry.actor), ("member.removed", Some(world.owner.who.person)));
    assert_eq!((entry.target.as_str(), entry.label.as_str()), (ann.member.to_string().as_str(), "Tester 1"));
    assert!(entry.changes.contains(r#""role":["tester",null]"#), "{}", entry.changes);
    assert!(
        entry.changes.contains("manager\",null]") && entry.changes.contains(r#""keys":[1,0]"#),
        "{}",
        entry.changes
    );
    let bob = world.member(Role::Guest).await;
    world.leave(bob).await.unwrap();
    let entry = &world.log().await[0];
    assert_eq!((entry.what.as_str(), entry.actor), ("member.left", Some(bob.who.person)));
    assert_eq!(entry.changes, r#"{"role":["guest",null]}"#);
}

async fn removing_twice_is_unknown(world: World) {
    let ann = world.member(Role::Tester).await;
    world.remove(world.owner, ann).await.unwrap();
    assert_eq!(refusal(world.remove(world.owner, ann).await), "unknown");
    assert_eq!(refusal(world.leave(ann).await), "unknown");
    assert_eq!(refusal(world.set_role(world.owner, ann, Role::Guest).await), "unknown");
    assert_eq!(refusal(world.reactivate(world.owner, ann).await), "unknown");
}

async fn shutting_out_asks_to_sign_in_anew_in_this_workspace_alone(world: World) {
    let (ann, there) = (world.member(Role::Tester).await, world.another().await);
    let (person, elsewhere) = (ann.who.person, there.workspace);
    let joined = world.write(move |tx, now| Ok(store::members::insert(tx, elsewhere, person, Role::Guest, None, now)?));
    joined.await.unwrap();
    let (_, by_key) = world.by_key(ann, None, None).await;
    world.pass(domain::time::days(1));
    world.shut_out(world.owner, ann).await.unwrap();
    assert!(!is_member(&world, ann).await && is_member(&world, by_key).await);
    assert!(is_member(&world, Actor { workspace: elsewhere, ..ann }).await);
    world.pass(domain::time::days(1));
    let (who, _) = world.browser(person).await;
    assert!(is_member(&world, Actor { who, ..ann }).await);
    assert_eq!(world.log().await[0].what, "member.shut_out");
}

async fn nobody_without_own_workspace_shuts_an_owner_out(world: World) {
    let (admin, second) = (world.member(Role::Admin).await, world.member(Role::Owner).await);
    assert_eq!(refusal(world.shut_out(admin, second).await), "target_above_you");
    world.shut_out(world.owner, second).await.unwrap();
}
