//! T6, T7, T9: how an invitation ends before anybody joins.

use domain::{access::Role, invitation::State, time::days};
use store::{invitations::Which, paging::Page};

use crate::{
    bed::on_both_engines,
    world::{World, newcomer, refusal},
};

on_both_engines! { World:
    t6_the_inviter_revokes_and_the_queued_mail_is_withdrawn
    t6_one_who_manages_members_revokes_what_others_sent
    t6_another_inviter_does_not_revoke_it
    t6_an_inviter_who_lost_the_right_still_revokes_his_own
    t6_an_invitation_to_owner_is_revoked_by_owners_only
    t6_a_second_revocation_is_an_error
    t6_an_invitation_one_may_not_know_of_is_unknown
    t6_revoking_frees_the_address_at_once
    t7_an_invitation_expires_though_nothing_sweeps
    t7_a_write_that_meets_one_past_its_end_marks_it_though_it_fails
    t7_the_end_counts_from_the_fifth_day_when_no_mail_left
    t9_whoever_bears_the_token_declines_once
    t9_declining_withdraws_what_is_still_queued
    t9_an_ended_invitation_is_not_declined
    t9_declining_tells_the_inviter
    t9_who_is_no_member_any_more_is_told_nothing
    the_bearer_of_an_expired_link_tells_the_inviter_once_a_day
    an_expired_link_is_asked_for_at_the_owners_when_its_inviter_may_not_send_it
    only_an_expired_link_is_asked_for
    t10_an_address_that_becomes_a_member_another_way_supersedes_its_invitations
}

async fn t6_the_inviter_revokes_and_the_queued_mail_is_withdrawn(world: World) {
    let lead = world.member(Role::Manager).await;
    let id = world.invite(lead, "ann@x.example").await;
    let token = world.mailed(id).await;
    world.revoke(lead, id).await.unwrap();
    assert_eq!((world.stored(id).await, world.mails(id).await), (State::Revoked, vec!["withdrawn".to_owned()]));
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM message WHERE secret IS NOT NULL").await, 0);
    assert_eq!(world.events().await.last().unwrap(), "invitation.revoked");
    assert_eq!(refusal(world.accept(&token, newcomer()).await), "gone revoked");
}

async fn t6_one_who_manages_members_revokes_what_others_sent(world: World) {
    let (lead, admin) = (world.member(Role::Manager).await, world.member(Role::Admin).await);
    let id = world.invite(lead, "ann@x.example").await;
    world.revoke(admin, id).await.unwrap();
    assert_eq!(world.stored(id).await, State::Revoked);
}

async fn t6_another_inviter_does_not_revoke_it(world: World) {
    let (lead, other) = (world.member(Role::Manager).await, world.member(Role::Manager).await);
    let id = world.invite(lead, "ann@x.example").await;
    assert_eq!(refusal(world.revoke(other, id).await), "lacks manage_members");
    assert_eq!(world.stored(id).await, State::Pending);
}

async fn t6_an_inviter_who_lost_the_right_still_revokes_his_own(world: World) {
    let lead = world.member(Role::Manager).await;
    let id = world.invite(lead, "ann@x.example").await;
    world.set_role(world.owner, lead, Role::Tester).await.unwrap();
    world.revoke(lead, id).await.unwrap();
    assert_eq!(world.stored(id).await, State::Revoked);
}

async fn t6_an_invitation_to_owner_is_revoked_by_owners_only(world: World) {
    let (second, admin) = (world.member(Role::Owner).await, world.member(Role::Admin).await);
    let id = world.invite_to(second, "ann@x.example", Role::Owner).await;
    assert_eq!(refusal(world.revoke(admin, id).await), "target_above_you");
    world.set_role(world.owner, second, Role::Admin).await.unwrap();
    assert_eq!(refusal(world.revoke(second, id).await), "target_above_you");
    world.revoke(world.owner, id).await.unwrap();
}

async fn t6_a_second_revocation_is_an_error(world: World) {
    let id = world.invite(world.owner, "ann@x.example").await;
    world.revoke(world.owner, id).await.unwrap();
    assert_eq!(refusal(world.revoke(world.owner, id).await), "invitation_not_pending");
    let late = world.invite(world.owner, "ann@x.example").await;
    world.pass(days(12));
    assert_eq!(refusal(world.revoke(world.owner, late).await), "invitation_not_pending");
}

async fn t6_an_invitation_one_may_not_know_of_is_unknown(world: World) {
    let (tester, there) = (world.member(Role::Tester).await, world.another().await);
    let id = world.invite(world.owner, "ann@x.example").await;
    for stranger in [tester, there] {
        assert_eq!(refusal(world.revoke(stranger, id).await), "unknown");
    }
}

async fn t6_revoking_frees_the_address_at_once(world: World) {
    let id = world.invite(world.owner, "ann@x.example").await;
    world.revoke(world.owner, id).await.unwrap();
    world.invite(world.owner, "ann@x.example").await;
}

async fn t7_an_invitation_expires_though_nothing_sweeps(world: World) {
    let id = world.invite(world.owner, "ann@x.example").await;
    let token = world.copy(world.owner, id).await.unwrap();
    world.pass(days(7));
    let may = world.may(world.owner).await;
    let page = Page::first(9);
    let listed = world
        .read(move |db, now| Ok(store::invitations::list(db, &may, Which::In(State::Expired), &page, now.at)?))
        .await;
    assert_eq!(listed.rows[0].state_at(world.now()), State::Expired);
    assert_eq!(world.stored(id).await, State::Pending, "nothing has written it");
    assert_eq!(refusal(world.accept(&token, newcomer()).await), "gone expired");
    assert_eq!(refusal(world.decline(&token).await), "gone expired");
}

async fn t7_a_write_that_meets_one_past_its_end_marks_it_though_it_fails(world: World) {
    for deed in ["accept", "decline", "revoke", "copy"] {
        let id = world.invite(world.owner, "ann@x.example").await;
        let token = world.mailed(id).await;
        world.pass(days(12));
        let refused = match deed {
            "accept" => refusal(world.accept(&token, newcomer()).await),
            "decline" => refusal(world.decline(&token).await),
            "revoke" => refusal(world.revoke(world.owner, id).await),
            _ => refusal(world.copy(world.owner, id).await),
        };
        assert!(["gone expired", "invitation_not_pending"].contains(&refused.as_str()), "{refused}");
        assert_eq!((world.stored(id).await, world.mails(id).await), (State::Expired, vec!["withdrawn".to_owned()]));
        assert_eq!(world.events().await[..].last_chunk().unwrap(), &["invitation.expired", "invitation.refused"]);
    }
}

async fn t7_the_end_counts_from_the_fifth_day_when_no_mail_left(world: World) {
    let id = world.invite(world.owner, "ann@x.example").await;
    let token = world.mailed(id).await;
    world.pass(days(11));
    let live = token.clone();
    world.read(move |db, now| app::invitations::lookup(db, &live, None, now)).await;
    world.pass(days(1));
    assert_eq!(refusal(world.accept(&token, newcomer()).await), "gone expired");
}

async fn t9_whoever_bears_the_token_declines_once(world: World) {
    let id = world.invite(world.owner, "ann@x.example").await;
    let token = world.copy(world.owner, id).await.unwrap();
    world.decline(&token).await.unwrap();
    assert_eq!(world.stored(id).await, State::Declined);
    assert_eq!(world.events().await.last().unwrap(), "invitation.declined");
    assert_eq!(refusal(world.decline(&token).await), "gone declined");
    assert_eq!(refusal(world.accept(&token, newcomer()).await), "gone declined");
}

async fn t9_declining_withdraws_what_is_still_queued(world: World) {
    let id = world.invite(world.owner, "ann@x.example").await;
    let token = world.copy(world.owner, id).await.unwrap();
    world.decline(&token).await.unwrap();
    assert_eq!(world.mails(id).await, ["withdrawn"]);
}

async fn t9_an_ended_invitation_is_not_declined(world: World) {
    let id = world.invite(world.owner, "ann@x.example").await;
    let token = world.mailed(id).await;
    world.revoke(world.owner, id).await.unwrap();
    assert_eq!(refusal(world.decline(&token).await), "gone revoked");
    let unknown = world.app.clock().now().token();
    assert_eq!(refusal(world.decline(&unknown).await), "unknown");
}

async fn t9_declining_tells_the_inviter(world: World) {
    let lead = world.member(Role::Manager).await;
    let id = world.invite(lead, "ann@x.example").await;
    world.decline(&world.mailed(id).await).await.unwrap();
    assert_eq!(world.told().await, ["manager.1@people.example"]);
}

async fn t9_who_is_no_member_any_more_is_told_nothing(world: World) {
    let lead = world.member(Role::Manager).await;
    let token = world.mailed(world.invite(lead, "ann@x.example").await).await;
    world.deactivate(world.owner, lead).await.unwrap();
    world.decline(&token).await.unwrap();
    assert!(world.told().await.is_empty());
}

async fn the_bearer_of_an_expired_link_tells_the_inviter_once_a_day(world: World) {
    let lead = world.member(Role::Manager).await;
    let id = world.invite(lead, "ann@x.example").await;
    let token = world.mailed(id).await;
    world.pass(days(12));
    for _ in 0..3 {
        world.want_anew(&token).await.unwrap();
    }
    assert_eq!(world.told().await, ["manager.1@people.example"]);
    assert_eq!(world.invitation(id).await.wanted_at, Some(world.now()));
    assert_eq!(world.events().await.iter().filter(|what| *what == "invitation.wanted").count(), 1);
    world.pass(days(1));
    world.want_anew(&token).await.unwrap();
    assert_eq!(world.told().await.len(), 2);
    assert_eq!(world.mails(id).await, ["queued"], "nothing goes to the invitee");
}

async fn an_expired_link_is_asked_for_at_the_owners_when_its_inviter_may_not_send_it(world: World) {
    let lead = world.member(Role::Manager).await;
    let token = world.mailed(world.invite(lead, "ann@x.example").await).await;
    world.member(Role::Owner).await;
    world.set_role(world.owner, lead, Role::Tester).await.unwrap();
    world.pass(days(12));
    world.want_anew(&token).await.unwrap();
    let mut told = world.told().await;
    told.sort();
    assert_eq!(told, ["olga@hollin.example", "owner.1@people.example"]);
}

async fn only_an_expired_link_is_asked_for(world: World) {
    let (open, revoked) =
        (world.invite(world.owner, "ann@x.example").await, world.invite(world.owner, "bob@x.example").await);
    let [live, dead] = [world.mailed(open).await, world.mailed(revoked).await];
    world.revoke(world.owner, revoked).await.unwrap();
    assert_eq!(refusal(world.want_anew(&live).await), "invitation_open");
    assert_eq!(refusal(world.want_anew(&dead).await), "gone revoked");
    assert_eq!(refusal(world.want_anew(&world.app.clock().now().token()).await), "unknown");
    world.pass(days(12));
    world.resend(world.owner, open).await.unwrap();
    assert_eq!(refusal(world.want_anew(&live).await), "gone", "there is a newer one");
}

/// As when an account gains an address that was invited on its own.
async fn t10_an_address_that_becomes_a_member_another_way_supersedes_its_invitations(world: World) {
    let (tester, there) = (world.member(Role::Tester).await, world.another().await);
    let (here, elsewhere) =
        (world.invite(world.owner, "ann@x.example").await, world.invite(there, "ann@x.example").await);
    let person = tester.who.person;
    let gained = world.write(move |tx, now| {
        let id: domain::id::AddressId = now.id();
        let text = "INSERT INTO person_address (id, person, address, normalised, is_primary, verified_at)
            VALUES (?, ?, 'ann@x.example', 'ann@x.example', FALSE, ?)";
        let (id, owner): (uuid::Uuid, uuid::Uuid) = (id.into(), person.into());
        tx.run(db::sql!(text, id, owner, now.at.micros()))?;
        app::invitations::supersede(tx, person, now)
    });
    gained.await.unwrap();
    assert_eq!((world.stored(here).await, world.mails(here).await), (State::Superseded, vec!["withdrawn".to_owned()]));
    assert_eq!(world.stored(elsewhere).await, State::Pending);
    assert_eq!(world.events().await.last().unwrap(), "invitation.superseded");
}
