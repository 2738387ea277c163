//! T12: an invitation waits while its inviter could not grant all of it; I3: never more than he could.

use app::{invitations::Batch, members::Change};
use domain::{access::Role, id::InvitationId, invitation::State, time::days};

use crate::{
    bed::on_both_engines,
    world::{Actor, World, batch, newcomer, on, refusal},
};

on_both_engines! { World:
    t12_demoting_the_inviter_holds_what_he_could_not_grant_and_promoting_releases_it
    t12_a_demotion_that_still_covers_it_holds_nothing
    t12_deactivating_the_inviter_holds_and_reactivating_releases
    t12_losing_a_role_on_a_project_holds_what_granted_it
    t12_only_his_own_invitations_are_held
    t12_an_invitation_on_hold_is_not_accepted_but_its_link_still_explains
    t12_an_invitation_on_hold_can_be_declined_and_revoked
    t12_the_end_of_an_invitation_on_hold_runs_on
    t12_an_invitation_past_its_end_is_marked_expired_and_not_held
    t12_acceptance_checks_again_what_no_hold_has_seen
    i3_what_is_granted_is_what_was_invited_to
}

async fn t12_demoting_the_inviter_holds_what_he_could_not_grant_and_promoting_releases_it(world: World) {
    let lead = world.member(Role::Admin).await;
    let (to_admin, to_tester) =
        (world.invite_to(lead, "ann@x.example", Role::Admin).await, world.invite(lead, "bob@x.example").await);
    world.set_role(world.owner, lead, Role::Manager).await.unwrap();
    assert_eq!(states(&world, [to_admin, to_tester]).await, [State::OnHold, State::Pending]);
    world.set_role(world.owner, lead, Role::ReadOnly).await.unwrap();
    assert_eq!(states(&world, [to_admin, to_tester]).await, [State::OnHold, State::OnHold]);
    world.set_role(world.owner, lead, Role::Admin).await.unwrap();
    assert_eq!(states(&world, [to_admin, to_tester]).await, [State::Pending, State::Pending]);
    let events = world.events().await;
    let told = |what: &str| events.iter().filter(|event| *event == what).count();
    assert_eq!((told("invitation.held"), told("invitation.released")), (2, 2));
}

async fn states<const N: usize>(world: &World, ids: [InvitationId; N]) -> Vec<State> {
    let mut states = Vec::new();
    for id in ids {
        states.push(world.stored(id).await);
    }
    states
}

async fn t12_a_demotion_that_still_covers_it_holds_nothing(world: World) {
    let lead = world.member(Role::Admin).await;
    let id = world.invite(lead, "ann@x.example").await;
    world.set_role(world.owner, lead, Role::Manager).await.unwrap();
    assert_eq!(world.stored(id).await, State::Pending);
    world.accept(&world.mailed(id).await, newcomer()).await.unwrap();
}

async fn t12_deactivating_the_inviter_holds_and_reactivating_releases(world: World) {
    let (lead, id) = held(&world).await;
    assert_eq!(world.stored(id).await, State::OnHold);
    world.reactivate(world.owner, lead).await.unwrap();
    assert_eq!(world.stored(id).await, State::Pending);
    world.accept(&world.mailed(id).await, newcomer()).await.unwrap();
}

/// An invitation whose inviter was shut out.
async fn held(world: &World) -> (Actor, InvitationId) {
    let lead = world.member(Role::Manager).await;
    let id = world.invite(lead, "ann@x.example").await;
    world.deactivate(world.owner, lead).await.unwrap();
    (lead, id)
}

async fn t12_losing_a_role_on_a_project_holds_what_granted_it(world: World) {
    let lead = world.member(Role::Manager).await;
    let app = world.project("APP", true).await;
    world.grant(lead, &app, Role::Admin).await;
    let to_app = Batch { role: Role::Guest, projects: vec![on("APP", Role::Admin)], ..batch(&["ann@x.example"]) };
    let id = world.send(lead, to_app).await.unwrap()[0].invitation.unwrap();
    let regrant = |projects| world.change(world.owner, lead, Change { role: None, projects: Some(projects) });
    regrant(vec![on("APP", Role::Tester)]).await.unwrap();
    assert_eq!(world.stored(id).await, State::OnHold);
    regrant(vec![on("APP", Role::Admin)]).await.unwrap();
    assert_eq!(world.stored(id).await, State::Pending);
    regrant(Vec::new()).await.unwrap();
    assert_eq!(refusal(world.accept(&world.mailed(id).await, newcomer()).await), "invitation_on_hold");
}

async fn t12_only_his_own_invitations_are_held(world: World) {
    let others = world.invite(world.owner, "bob@x.example").await;
    held(&world).await;
    assert_eq!(world.stored(others).await, State::Pending);
}

async fn t12_an_invitation_on_hold_is_not_accepted_but_its_link_still_explains(world: World) {
    let (_, id) = held(&world).await;
    let token = world.mailed(id).await;
    assert_eq!(refusal(world.accept(&token, newcomer()).await), "invitation_on_hold");
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM person WHERE name = 'Ann Lee'").await, 0);
    let offer = world.read(move |db, now| app::invitations::lookup(db, &token, None, now)).await;
    assert_eq!((offer.state, offer.workspace.name.as_str()), (State::OnHold, "Hollin"));
}

async fn t12_an_invitation_on_hold_can_be_declined_and_revoked(world: World) {
    let (_, id) = held(&world).await;
    world.decline(&world.mailed(id).await).await.unwrap();
    assert_eq!(world.stored(id).await, State::Declined);
    let lead = world.member(Role::Manager).await;
    let id = world.invite(lead, "ann@x.example").await;
    world.set_role(world.owner, lead, Role::Guest).await.unwrap();
    world.revoke(world.owner, id).await.unwrap();
}

async fn t12_the_end_of_an_invitation_on_hold_runs_on(world: World) {
    let (lead, id) = held(&world).await;
    let token = world.mailed(id).await;
    world.pass(days(12));
    assert_eq!(refusal(world.accept(&token, newcomer()).await), "gone expired");
    world.reactivate(world.owner, lead).await.unwrap();
    assert_eq!(world.stored(id).await, State::Expired, "it does not come back");
}

async fn t12_an_invitation_past_its_end_is_marked_expired_and_not_held(world: World) {
    let lead = world.member(Role::Manager).await;
    let id = world.invite(lead, "ann@x.example").await;
    world.pass(days(12));
    world.deactivate(world.owner, lead).await.unwrap();
    assert_eq!((world.stored(id).await, world.mails(id).await), (State::Expired, vec!["withdrawn".to_owned()]));
    assert!(!world.events().await.contains(&"invitation.held".to_owned()));
}

/// A row that was changed past the verbs, as a project made private would: acceptance looks at the rights themselves.
async fn t12_acceptance_checks_again_what_no_hold_has_seen(world: World) {
    let lead = world.member(Role::Manager).await;
    let id = world.invite(lead, "ann@x.example").await;
    let member = lead.member;
    world
        .write(move |tx, _| {
            tx.run(db::sql!("UPDATE member SET role = 'tester' WHERE id = ?", uuid::Uuid::from(member)))?;
            Ok(())
        })
        .await
        .unwrap();
    assert_eq!(world.stored(id).await, State::Pending);
    assert_eq!(refusal(world.accept(&world.mailed(id).await, newcomer()).await), "invitation_on_hold");
}

async fn i3_what_is_granted_is_what_was_invited_to(world: World) {
    let app = world.project("APP", true).await;
    let projects = vec![on("APP", Role::Manager)];
    let to_app = Batch { role: Role::Guest, projects, ..batch(&["ann@x.example"]) };
    let id = world.send(world.owner, to_app).await.unwrap()[0].invitation.unwrap();
    let joined = world.accept(&world.mailed(id).await, newcomer()).await.unwrap();
    let member = world.member_of(joined.workspace.id, "ann@x.example").await.unwrap();
    assert_eq!(member.role(), Role::Guest);
    assert_eq!(
        member.grants().iter().map(|grant| (grant.project, grant.role)).collect::<Vec<_>>(),
        [(app.id, Role::Manager)]
    );
}
