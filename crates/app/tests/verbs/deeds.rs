//! Deeds: what they would change is told before, and a stale sight changes nothing.

use app::members::{Change, Deed, Effects, Seen};
use domain::{
    access::{Membership, Right, Rights, Role, Standing},
    invitation::State,
};

use crate::{
    bed::on_both_engines,
    world::{Actor, World, on, refusal},
};

on_both_engines! { World:
    a_demotion_is_told_with_rights_lost_and_invitations_that_go_on_hold
    what_is_told_is_what_happens
    a_promotion_is_told_with_rights_gained_and_invitations_that_come_back
    a_removal_is_told_with_keys_and_project_roles_that_end
    a_deed_that_would_be_refused_says_why_beforehand
    a_deed_that_changes_nothing_says_so
    only_who_manages_members_is_told_of_deeds
    a_stale_sight_changes_nothing_and_names_what_happened_in_between
    a_sight_that_is_still_true_does_not_hinder
    project_roles_take_manage_members_or_manage_project_there
    project_roles_one_does_not_see_stay_as_they_are
    a_guest_who_manages_a_project_changes_its_people_alone
    the_ceiling_holds_for_the_old_and_the_new_role_on_a_project
}

async fn effects(world: &World, by: Actor, whom: Actor, deed: Deed) -> Effects {
    let may = world.may(by).await;
    world.read(move |db, now| app::members::effects(db, &may, whom.member, &deed, now)).await
}

async fn act(world: &World, by: Actor, whom: Actor, deed: Deed, seen: Option<Seen>) -> Result<(), app::Failure> {
    let may = world.may(by).await;
    world.write(move |tx, now| app::members::act(tx, &may, whom.member, &deed, seen.as_ref(), now)).await
}

async fn seen(world: &World, by: Actor, whom: Actor) -> Standing {
    let may = world.may::<Membership>(by).await;
    world
        .read(move |db, _| {
            let target = store::members::find(db, &may, whom.member)?.unwrap();
            app::members::standing(db, may.member(), &target)
        })
        .await
}

async fn a_demotion_is_told_with_rights_lost_and_invitations_that_go_on_hold(world: World) {
    let lead = world.member(Role::Manager).await;
    world.invite(lead, "ann@x.example").await;
    let told = effects(&world, world.owner, lead, Deed::Role(Role::Tester)).await;
    assert!(told.refusal.is_none() && !told.idle && told.gained.is_empty());
    assert_eq!(told.lost, Role::Manager.rights().without(Role::Tester.rights()));
    assert_eq!(told.on_hold, ["ann@x.example"]);
}

/// Whatever the deed, the invitations named beforehand are those on hold afterwards.
async fn what_is_told_is_what_happens(world: World) {
    let web = || vec![("WEB".to_owned(), Some(Role::Guest))];
    for (n, deed) in [
        Deed::Role(Role::Tester),
        Deed::Role(Role::Admin),
        Deed::Projects(web()),
        Deed::Deactivate,
        Deed::Remove,
        Deed::ShutOut,
    ]
    .into_iter()
    .enumerate()
    {
        let lead = world.member(Role::Manager).await;
        let id = world.invite(lead, &format!("a{n}@x.example")).await;
        let told = effects(&world, world.owner, lead, deed.clone()).await;
        act(&world, world.owner, lead, deed.clone(), None).await.unwrap();
        assert_eq!(!told.on_hold.is_empty(), world.stored(id).await == State::OnHold, "{deed:?}");
    }
}

async fn a_promotion_is_told_with_rights_gained_and_invitations_that_come_back(world: World) {
    let lead = world.member(Role::Manager).await;
    world.invite(lead, "ann@x.example").await;
    world.set_role(world.owner, lead, Role::Tester).await.unwrap();
    let told = effects(&world, world.owner, lead, Deed::Role(Role::Admin)).await;
    assert!(told.gained.contains(Right::ManageMembers) && told.lost.is_empty());
    assert_eq!((told.released, told.on_hold.len()), (vec!["ann@x.example".to_owned()], 0));
}

async fn a_removal_is_told_with_keys_and_project_roles_that_end(world: World) {
    let ann = world.member(Role::Tester).await;
    world.by_key(ann, None, None).await;
    let projects = Some(vec![on("WEB", Role::Manager)]);
    world.change(world.owner, ann, Change { role: None, projects }).await.unwrap();
    let told = effects(&world, world.owner, ann, Deed::Remove).await;
    assert_eq!((told.keys, told.lost, told.gained), (1, Role::Tester.rights(), Rights::NONE));
    assert_eq!((told.held[0].key.as_str(), told.held[0].role), ("WEB", Role::Manager));
}

async fn a_deed_that_would_be_refused_says_why_beforehand(world: World) {
    let (admin, ann) = (world.member(Role::Admin).await, world.member(Role::Tester).await);
    let why = async |by, whom, deed| {
        let told = effects(&world, by, whom, deed).await;
        refusal(Err::<(), _>(told.refusal.unwrap()))
    };
    assert_eq!(why(admin, ann, Deed::Role(Role::Owner)).await, "above_your_rights");
    assert_eq!(why(admin, world.owner, Deed::Remove).await, "target_above_you");
    assert_eq!(why(world.owner, world.owner, Deed::Role(Role::Tester)).await, "last_owner");
    assert_eq!(why(world.owner, world.owner, Deed::Deactivate).await, "last_owner");
}

async fn a_deed_that_changes_nothing_says_so(world: World) {
    let ann = world.member(Role::Tester).await;
    for deed in [Deed::Role(Role::Tester), Deed::Reactivate, Deed::Projects(Vec::new())] {
        assert!(effects(&world, world.owner, ann, deed).await.idle);
    }
    world.deactivate(world.owner, ann).await.unwrap();
    assert!(effects(&world, world.owner, ann, Deed::Deactivate).await.idle);
    assert!(!effects(&world, world.owner, ann, Deed::Reactivate).await.idle);
}

async fn only_who_manages_members_is_told_of_deeds(world: World) {
    let (lead, ann) = (world.member(Role::Manager).await, world.member(Role::Tester).await);
    let may = world.may(lead).await;
    let told = world.app.read(move |db, now| app::members::effects(db, &may, ann.member, &Deed::Remove, now)).await;
    assert_eq!(refusal(told), "lacks manage_members");
}

async fn a_stale_sight_changes_nothing_and_names_what_happened_in_between(world: World) {
    let ann = world.member(Role::Tester).await;
    let sight = seen(&world, world.owner, ann).await;
    world.set_role(world.owner, ann, Role::Manager).await.unwrap();
    world.deactivate(world.owner, ann).await.unwrap();
    let late = act(&world, world.owner, ann, Deed::Role(Role::Guest), Some(Seen::Standing(sight.clone()))).await;
    let named = "Tester 1 changed meanwhile: the role went from Tester to Manager, the member was deactivated.";
    assert_eq!(refusal(late), format!("{named} Nothing was done."));
    let late = act(&world, world.owner, ann, Deed::Remove, Some(Seen::Tag(sight.tag()))).await;
    assert_eq!(refusal(late), "Tester 1 changed meanwhile: read it again. Nothing was done.");
    assert_eq!(seen(&world, world.owner, ann).await.role, Role::Manager);
}

async fn a_sight_that_is_still_true_does_not_hinder(world: World) {
    let ann = world.member(Role::Tester).await;
    let sight = seen(&world, world.owner, ann).await;
    act(&world, world.owner, ann, Deed::Role(Role::Guest), Some(Seen::Tag(sight.tag()))).await.unwrap();
    act(&world, world.owner, ann, Deed::Role(Role::Tester), None).await.unwrap();
    act(&world, world.owner, ann, Deed::Deactivate, Some(Seen::Standing(sight))).await.unwrap();
}

async fn project_roles_take_manage_members_or_manage_project_there(world: World) {
    let (lead, ann) = (world.member(Role::Manager).await, world.member(Role::Guest).await);
    let app = world.project("APP", false).await;
    world.grant(lead, &app, Role::Admin).await;
    let give = |project, role| world.change(lead, ann, Change { role: None, projects: Some(vec![on(project, role)]) });
    give("APP", Role::Tester).await.unwrap();
    assert_eq!(refusal(give("WEB", Role::Tester).await), "lacks manage_project");
    assert_eq!(refusal(world.set_role(lead, ann, Role::Tester).await), "lacks manage_members");
    let nothing = world.change(world.member(Role::Tester).await, ann, Change::default()).await;
    assert_eq!(refusal(nothing), "lacks manage_members");
}

async fn project_roles_one_does_not_see_stay_as_they_are(world: World) {
    let (lead, ann) = (world.member(Role::Manager).await, world.member(Role::Guest).await);
    let (app, secret) = (world.project("APP", false).await, world.project("SECRET", true).await);
    world.grant(lead, &app, Role::Admin).await;
    world.grant(ann, &secret, Role::Tester).await;
    let projects = Some(vec![on("APP", Role::ReadOnly)]);
    world.change(lead, ann, Change { role: None, projects }).await.unwrap();
    assert_eq!(world.may::<Membership>(ann).await.member().grants().len(), 2);
    world.change(lead, ann, Change { role: None, projects: Some(Vec::new()) }).await.unwrap();
    assert_eq!(world.may::<Membership>(ann).await.member().grants()[0].project, secret.id);
}

async fn a_guest_who_manages_a_project_changes_its_people_alone(world: World) {
    let (guest, fellow) = (world.member(Role::Guest).await, world.member(Role::Guest).await);
    let stranger = world.member(Role::Guest).await;
    let secret = world.project("SECRET", true).await;
    world.grant(guest, &secret, Role::Admin).await;
    world.grant(fellow, &secret, Role::Tester).await;
    let wish = |role| Deed::Projects(vec![("SECRET".to_owned(), role)]);
    act(&world, guest, fellow, wish(Some(Role::Manager)), None).await.unwrap();
    assert_eq!(refusal(act(&world, guest, stranger, wish(Some(Role::Tester)), None).await), "unknown");
    act(&world, guest, fellow, wish(None), None).await.unwrap();
    assert!(world.may::<Membership>(fellow).await.member().grants().is_empty());
}

async fn the_ceiling_holds_for_the_old_and_the_new_role_on_a_project(world: World) {
    let ann = world.member(Role::Guest).await;
    let projects = |role| Change { role: None, projects: Some(vec![on("WEB", role)]) };
    world.change(world.owner, ann, projects(Role::Admin)).await.unwrap();
    let may = world.limited::<Membership>(world.owner, &[Right::ManageMembers, Right::Read]).await;
    let lowered =
        world.write(move |tx, now| app::members::change(tx, &may, ann.member, &projects(Role::ReadOnly), now));
    assert_eq!(refusal(lowered.await), "above_your_rights");
}
