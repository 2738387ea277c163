//! T4: a link copied by hand.

use domain::{
    access::{InviteMembers, Right, Role},
    id::InvitationId,
    invitation::State,
    time::days,
};

use crate::{
    bed::on_both_engines,
    world::{World, batch, newcomer, on, refusal},
};

on_both_engines! { World:
    t4_copying_again_ends_the_copied_link_and_leaves_the_mailed_one
    t4_the_days_count_from_the_first_copy
    t4_an_invitation_above_the_ceiling_gives_no_link
    t4_only_owners_copy_the_link_of_an_invitation_to_owner
    t4_without_the_right_there_is_no_link
    t4_an_invitation_on_hold_gives_a_link_that_waits
    t4_an_ended_invitation_gives_no_link
    t4_copying_is_audited
    t4_a_link_of_another_workspace_is_unknown
}

async fn t4_copying_again_ends_the_copied_link_and_leaves_the_mailed_one(world: World) {
    let id = world.invite(world.owner, "ann@x.example").await;
    let (mailed, first) = (world.mailed(id).await, world.copy(world.owner, id).await.unwrap());
    let second = world.copy(world.owner, id).await.unwrap();
    assert_eq!(refusal(world.accept(&first, newcomer()).await), "gone");
    for token in [&mailed, &second] {
        let token = token.clone();
        let offer = world.read(move |db, now| app::invitations::lookup(db, &token, None, now)).await;
        assert_eq!(offer.invitation.id, id);
    }
    world.accept(&mailed, newcomer()).await.unwrap();
    assert_eq!(refusal(world.accept(&second, newcomer()).await), "gone accepted");
}

async fn t4_the_days_count_from_the_first_copy(world: World) {
    let id = world.invite(world.owner, "ann@x.example").await;
    world.pass(days(3));
    world.copy(world.owner, id).await.unwrap();
    let end = world.now() + days(7);
    world.pass(days(1));
    world.copy(world.owner, id).await.unwrap();
    assert_eq!(world.invitation(id).await.ends_at, end);
}

async fn t4_an_invitation_above_the_ceiling_gives_no_link(world: World) {
    let lead = world.member(Role::Manager).await;
    let id = world.invite_to(world.owner, "ann@x.example", Role::Admin).await;
    assert_eq!(refusal(world.copy(lead, id).await), "above_your_rights");
    let batch = app::invitations::Batch { projects: vec![on("WEB", Role::Admin)], ..batch(&["bob@x.example"]) };
    let id = world.send(world.owner, batch).await.unwrap()[0].invitation.unwrap();
    assert_eq!(refusal(world.copy(lead, id).await), "above_your_rights");
    let may = world.limited::<InviteMembers>(world.owner, &[Right::InviteMembers]).await;
    let by_key = world.write(move |tx, now| app::invitations::copy_link(tx, &may, id, now)).await;
    assert_eq!(refusal(by_key), "above_your_rights");
}

async fn t4_only_owners_copy_the_link_of_an_invitation_to_owner(world: World) {
    let (admin, second) = (world.member(Role::Admin).await, world.member(Role::Owner).await);
    let id = world.invite_to(world.owner, "ann@x.example", Role::Owner).await;
    assert_eq!(refusal(world.copy(admin, id).await), "target_above_you");
    world.copy(second, id).await.unwrap();
}

async fn t4_without_the_right_there_is_no_link(world: World) {
    let tester = world.member(Role::Tester).await;
    let id = world.invite(world.owner, "ann@x.example").await;
    assert_eq!(refusal(world.copy(tester, id).await), "lacks invite_members");
}

async fn t4_an_invitation_on_hold_gives_a_link_that_waits(world: World) {
    let lead = world.member(Role::Manager).await;
    let id = world.invite(lead, "ann@x.example").await;
    world.set_role(world.owner, lead, Role::Tester).await.unwrap();
    let token = world.copy(world.owner, id).await.unwrap();
    assert_eq!(world.stored(id).await, State::OnHold);
    assert_eq!(refusal(world.accept(&token, newcomer()).await), "invitation_on_hold");
    world.set_role(world.owner, lead, Role::Manager).await.unwrap();
    world.accept(&token, newcomer()).await.unwrap();
}

async fn t4_an_ended_invitation_gives_no_link(world: World) {
    let revoked = world.invite(world.owner, "ann@x.example").await;
    world.revoke(world.owner, revoked).await.unwrap();
    let expired = world.invite(world.owner, "bob@x.example").await;
    world.pass(days(12));
    for id in [revoked, expired] {
        assert_eq!(refusal(world.copy(world.owner, id).await), "invitation_not_pending");
    }
}

async fn t4_copying_is_audited(world: World) {
    let (lead, id) = (world.member(Role::Manager).await, world.invite(world.owner, "ann@x.example").await);
    world.copy(lead, id).await.unwrap();
    let may = world.may(world.owner).await;
    let log = world
        .read(move |db, _| {
            Ok(store::events::list(db, &may, &store::events::Filter::default(), &store::paging::Page::first(1))?.rows)
        })
        .await;
    assert_eq!((log[0].what.as_str(), log[0].actor), ("invitation.link_copied", Some(lead.who.person)));
    assert_eq!(log[0].target_id.parse::<InvitationId>().unwrap(), id);
}

async fn t4_a_link_of_another_workspace_is_unknown(world: World) {
    let there = world.another().await;
    let id = world.invite(there, "ann@x.example").await;
    assert_eq!(refusal(world.copy(world.owner, id).await), "unknown");
}
