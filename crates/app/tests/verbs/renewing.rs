//! T4, T12, T13: resending, correcting the address, sponsoring.

use app::{Failure, settings::PerDay};
use domain::{
    access::{Role, TokenKind},
    id::InvitationId,
    invitation::State,
    secret::Token,
    time::days,
};

use crate::{
    bed::on_both_engines,
    world::{Actor, World, newcomer, refusal},
};

on_both_engines! { World:
    t4_resending_rotates_the_mailed_token
    t4_resending_leaves_the_copied_link
    t4_resending_withdraws_the_mail_that_has_not_left_and_counts_the_sends
    t4_resending_counts_the_end_anew
    t4_resending_counts_against_the_quotas
    t4_resending_takes_a_ceiling_that_covers_it
    t4_only_owners_resend_an_invitation_to_owner
    t4_without_the_right_nothing_is_resent
    t4_an_invitation_on_hold_is_not_resent
    t4_an_ended_invitation_is_not_resent
    t4_an_invitation_of_another_workspace_is_not_resent
    t4_resending_is_audited
    t13_resending_an_expired_one_makes_a_successor_and_both_name_each_other
    t13_an_expired_one_has_one_successor
    t13_no_successor_for_an_address_that_is_a_member_or_invited_by_now
    t13_correcting_revokes_the_open_one_and_invites_the_right_address_to_the_same
    t13_correcting_takes_the_right_to_revoke_and_the_ceiling
    t13_correcting_is_judged_as_a_first_invitation
    t13_a_correction_that_is_refused_changes_nothing
    t13_an_ended_invitation_is_not_corrected
    t12_a_sponsor_becomes_the_inviter_and_the_link_works_again
    t12_a_sponsor_needs_the_ceiling
    t12_only_an_invitation_on_hold_takes_a_sponsor
    t12_the_end_runs_on_through_sponsoring
}

const ANN: &str = "ann@x.example";

async fn t4_resending_rotates_the_mailed_token(world: World) {
    let id = world.invite(world.owner, ANN).await;
    let first = world.mailed(id).await;
    assert_eq!(world.resend(world.owner, id).await.unwrap(), id);
    let second = world.mailed(id).await;
    assert_eq!(refusal(world.accept(&first, newcomer()).await), "gone");
    world.accept(&second, newcomer()).await.unwrap();
    assert_eq!(world.stored(id).await, State::Accepted);
}

async fn t4_resending_leaves_the_copied_link(world: World) {
    let id = world.invite(world.owner, ANN).await;
    let copied = world.copy(world.owner, id).await.unwrap();
    world.resend(world.owner, id).await.unwrap();
    assert_eq!(kind(&world, &copied).await, Some(TokenKind::Copied));
    world.accept(&copied, newcomer()).await.unwrap();
}

async fn kind(world: &World, token: &Token) -> Option<TokenKind> {
    let token = token.hash();
    let borne = world.read(move |db, now| Ok(store::access::bearer(db, &token, now.at)?)).await;
    match borne {
        Some(store::access::Borne::Live(bearer)) => Some(bearer.kind),
        _ => None,
    }
}

async fn t4_resending_withdraws_the_mail_that_has_not_left_and_counts_the_sends(world: World) {
    let id = world.invite(world.owner, ANN).await;
    for _ in 0..2 {
        world.resend(world.owner, id).await.unwrap();
    }
    assert_eq!(world.mails(id).await, ["withdrawn", "withdrawn", "queued"]);
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM message WHERE secret IS NOT NULL").await, 1);
    assert_eq!(world.count("SELECT MAX(send) AS n FROM message").await, 3);
}

async fn t4_resending_counts_the_end_anew(world: World) {
    let id = world.invite(world.owner, ANN).await;
    world.copy(world.owner, id).await.unwrap();
    assert_eq!(world.invitation(id).await.ends_at, world.now() + days(7));
    world.pass(days(6));
    world.resend(world.owner, id).await.unwrap();
    let renewed = world.invitation(id).await;
    assert_eq!((renewed.ends_at, renewed.first_out_at), (world.now() + days(12), None));
}

async fn t4_resending_counts_against_the_quotas(world: World) {
    let id = world.invite(world.owner, ANN).await;
    *world.limits.lock().unwrap() = Some(PerDay { workspace: 2, inviter: 9, server: 9 });
    world.resend(world.owner, id).await.unwrap();
    let token = world.mailed(id).await;
    assert_eq!(refusal(world.resend(world.owner, id).await), "over workspace, 0 left");
    assert_eq!(world.mails(id).await, ["withdrawn", "queued"], "nothing was written");
    world.accept(&token, newcomer()).await.unwrap();
}

async fn t4_resending_takes_a_ceiling_that_covers_it(world: World) {
    let (lead, admin) = (world.member(Role::Manager).await, world.member(Role::Admin).await);
    let id = world.invite_to(admin, ANN, Role::Admin).await;
    assert_eq!(refusal(world.resend(lead, id).await), "above_your_rights");
    world.resend(world.owner, id).await.unwrap();
}

async fn t4_only_owners_resend_an_invitation_to_owner(world: World) {
    let admin = world.member(Role::Admin).await;
    let id = world.invite_to(world.owner, ANN, Role::Owner).await;
    assert_eq!(refusal(world.resend(admin, id).await), "target_above_you");
    world.resend(world.owner, id).await.unwrap();
}

async fn t4_without_the_right_nothing_is_resent(world: World) {
    let tester = world.member(Role::Tester).await;
    let id = world.invite(world.owner, ANN).await;
    assert_eq!(refusal(world.resend(tester, id).await), "lacks invite_members");
}

/// An invitation by somebody who may not invite any more.
async fn held(world: &World) -> (Actor, InvitationId) {
    let lead = world.member(Role::Manager).await;
    let id = world.invite(lead, ANN).await;
    world.set_role(world.owner, lead, Role::Tester).await.unwrap();
    (lead, id)
}

async fn t4_an_invitation_on_hold_is_not_resent(world: World) {
    let (_, id) = held(&world).await;
    assert_eq!(refusal(world.resend(world.owner, id).await), "invitation_on_hold");
    assert_eq!(world.mails(id).await, ["queued"]);
}

async fn t4_an_ended_invitation_is_not_resent(world: World) {
    let revoked = world.invite(world.owner, ANN).await;
    world.revoke(world.owner, revoked).await.unwrap();
    let accepted = world.invite(world.owner, ANN).await;
    world.accept(&world.mailed(accepted).await, newcomer()).await.unwrap();
    for id in [revoked, accepted] {
        assert_eq!(refusal(world.resend(world.owner, id).await), "invitation_not_pending");
    }
}

async fn t4_an_invitation_of_another_workspace_is_not_resent(world: World) {
    let there = world.another().await;
    let id = world.invite(there, ANN).await;
    assert_eq!(refusal(world.resend(world.owner, id).await), "unknown");
    assert_eq!(refusal(world.correct(world.owner, id, "bob@x.example").await), "unknown");
    assert_eq!(refusal(world.sponsor(world.owner, id).await), "unknown");
}

async fn t4_resending_is_audited(world: World) {
    let (admin, id) = (world.member(Role::Admin).await, world.invite(world.owner, ANN).await);
    world.pass(days(1));
    world.resend(admin, id).await.unwrap();
    let log = world.log().await;
    assert_eq!((log[0].what.as_str(), log[0].actor), ("invitation.resent", Some(admin.who.person)));
    assert!(log[0].changes.contains("2026-12-13") && log[0].changes.contains("2026-12-14"), "{}", log[0].changes);
}

async fn t13_resending_an_expired_one_makes_a_successor_and_both_name_each_other(world: World) {
    let id = world.invite(world.owner, ANN).await;
    let old = world.mailed(id).await;
    world.pass(days(12));
    let successor = world.resend(world.owner, id).await.unwrap();
    assert_ne!(successor, id);
    let (former, new) = (world.invitation(id).await, world.invitation(successor).await);
    assert_eq!((former.state, former.successor), (State::Expired, Some(successor)));
    assert_eq!((new.state, new.predecessor), (State::Pending, Some(id)));
    assert_eq!((new.role, new.address.as_str(), new.ends_at), (Role::Tester, ANN, world.now() + days(12)));
    assert_eq!((world.mails(id).await, world.mails(successor).await), (words("withdrawn"), words("queued")));
    assert_eq!(refusal(world.accept(&old, newcomer()).await), "gone expired");
    world.accept(&world.mailed(successor).await, newcomer()).await.unwrap();
}

fn words(one: &str) -> Vec<String> {
    vec![one.to_owned()]
}

async fn t13_an_expired_one_has_one_successor(world: World) {
    let id = world.invite(world.owner, ANN).await;
    world.pass(days(12));
    let successor = world.resend(world.owner, id).await.unwrap();
    world.revoke(world.owner, successor).await.unwrap();
    assert_eq!(refusal(world.resend(world.owner, id).await), "invitation_not_pending");
}

async fn t13_no_successor_for_an_address_that_is_a_member_or_invited_by_now(world: World) {
    let id = world.invite(world.owner, ANN).await;
    world.pass(days(12));
    let anew = world.invite(world.owner, ANN).await;
    assert_eq!(refusal(world.resend(world.owner, id).await), "already_invited");
    world.accept(&world.mailed(anew).await, newcomer()).await.unwrap();
    assert_eq!(refusal(world.resend(world.owner, id).await), "already_member");
}

async fn t13_correcting_revokes_the_open_one_and_invites_the_right_address_to_the_same(world: World) {
    let admin = world.member(Role::Admin).await;
    let id = world.invite_to(world.owner, "lea@x.exmaple", Role::Manager).await;
    let old = world.mailed(id).await;
    let successor = world.correct(admin, id, "Lea@X.example").await.unwrap();
    let (former, new) = (world.invitation(id).await, world.invitation(successor).await);
    assert_eq!((former.state, former.successor), (State::Revoked, Some(successor)));
    assert_eq!((new.address.as_str(), new.role, new.predecessor), ("Lea@x.example", Role::Manager, Some(id)));
    assert_eq!((new.invited_by, new.valid_days), (admin.who.person, 7));
    assert_eq!((world.mails(id).await, world.mails(successor).await), (words("withdrawn"), words("queued")));
    assert!(world.events().await.ends_with(&["invitation.revoked".to_owned(), "invitation.created".to_owned()]));
    assert_eq!(refusal(world.accept(&old, newcomer()).await), "gone revoked");
}

async fn t13_correcting_takes_the_right_to_revoke_and_the_ceiling(world: World) {
    let (lead, admin) = (world.member(Role::Manager).await, world.member(Role::Admin).await);
    let others = world.invite(world.owner, ANN).await;
    assert_eq!(refusal(world.correct(lead, others, "bob@x.example").await), "lacks manage_members");
    let own = world.invite(lead, "cy@x.example").await;
    world.correct(lead, own, "dee@x.example").await.unwrap();
    let to_owner = world.invite_to(world.owner, "eve@x.example", Role::Owner).await;
    assert_eq!(refusal(world.correct(admin, to_owner, "eva@x.example").await), "target_above_you");
}

async fn t13_correcting_is_judged_as_a_first_invitation(world: World) {
    let id = world.invite(world.owner, "anna@x.example").await;
    world.invite(world.owner, ANN).await;
    assert_eq!(refusal(world.correct(world.owner, id, ANN).await), "already_invited");
    assert_eq!(refusal(world.correct(world.owner, id, "olga@hollin.example").await), "already_member");
    assert_eq!(refusal(world.correct(world.owner, id, "Anna@X.example").await), "address same_address");
}

async fn t13_a_correction_that_is_refused_changes_nothing(world: World) {
    let id = world.invite(world.owner, ANN).await;
    let token = world.mailed(id).await;
    *world.limits.lock().unwrap() = Some(PerDay { workspace: 1, inviter: 9, server: 9 });
    let refused: Result<_, Failure> = world.correct(world.owner, id, "bob@x.example").await;
    assert_eq!(refusal(refused), "over workspace, 0 left");
    assert_eq!((world.stored(id).await, world.mails(id).await), (State::Pending, words("queued")));
    world.accept(&token, newcomer()).await.unwrap();
}

async fn t13_an_ended_invitation_is_not_corrected(world: World) {
    let id = world.invite(world.owner, ANN).await;
    world.pass(days(12));
    assert_eq!(refusal(world.correct(world.owner, id, "bob@x.example").await), "invitation_not_pending");
    assert_eq!(world.stored(id).await, State::Expired);
}

async fn t12_a_sponsor_becomes_the_inviter_and_the_link_works_again(world: World) {
    let (lead, id) = held(&world).await;
    let (admin, token) = (world.member(Role::Admin).await, world.mailed(id).await);
    assert_eq!(refusal(world.accept(&token, newcomer()).await), "invitation_on_hold");
    world.sponsor(admin, id).await.unwrap();
    let sponsored = world.invitation(id).await;
    assert_eq!((sponsored.state, sponsored.invited_by), (State::Pending, admin.who.person));
    let log = world.log().await;
    assert_eq!(log[0].what, "invitation.sponsored");
    assert!(log[0].changes.contains(&lead.who.person.to_string()), "{}", log[0].changes);
    world.set_role(world.owner, lead, Role::Manager).await.unwrap();
    world.set_role(world.owner, lead, Role::Tester).await.unwrap();
    assert_eq!(world.stored(id).await, State::Pending, "the former inviter is out of it");
    world.accept(&token, newcomer()).await.unwrap();
}

async fn t12_a_sponsor_needs_the_ceiling(world: World) {
    let (lead, other) = (world.member(Role::Admin).await, world.member(Role::Manager).await);
    let id = world.invite_to(lead, ANN, Role::Admin).await;
    world.set_role(world.owner, lead, Role::Tester).await.unwrap();
    assert_eq!(refusal(world.sponsor(other, id).await), "above_your_rights");
    assert_eq!(refusal(world.sponsor(lead, id).await), "lacks invite_members");
    assert_eq!(world.stored(id).await, State::OnHold);
}

async fn t12_only_an_invitation_on_hold_takes_a_sponsor(world: World) {
    let id = world.invite(world.owner, ANN).await;
    assert_eq!(refusal(world.sponsor(world.owner, id).await), "invitation_not_pending");
    world.revoke(world.owner, id).await.unwrap();
    assert_eq!(refusal(world.sponsor(world.owner, id).await), "invitation_not_pending");
}

async fn t12_the_end_runs_on_through_sponsoring(world: World) {
    let (_, id) = held(&world).await;
    let end = world.invitation(id).await.ends_at;
    world.pass(days(2));
    world.sponsor(world.owner, id).await.unwrap();
    assert_eq!(world.invitation(id).await.ends_at, end);
    world.pass(days(10));
    assert_eq!(refusal(world.sponsor(world.owner, id).await), "invitation_not_pending");
}
