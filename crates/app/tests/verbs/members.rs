//! Changing members: the ceiling, owners, and I4: a workspace never loses its last owner.

use app::members::Change;
use domain::access::{ManageMembers, Membership, Right, Role};

use crate::{
    bed::on_both_engines,
    world::{World, on, refusal},
};

on_both_engines! { World:
    an_admin_changes_roles_up_to_his_own
    nobody_grants_more_than_he_holds
    nobody_without_own_workspace_acts_on_an_owner
    one_without_manage_members_changes_nobody
    a_member_of_another_workspace_is_unknown
    i4_the_last_owner_is_neither_demoted_nor_shut_out
    i4_a_deactivated_owner_does_not_count
    a_deactivated_member_is_shut_out_of_this_workspace_alone
    deactivating_twice_changes_something_once
    reactivation_gives_back_what_was_held
    the_ceiling_applies_to_reactivation
    the_ceiling_applies_to_the_project_roles_reactivation_would_give_back
    project_roles_are_replaced_as_a_whole
    a_change_of_nothing_writes_nothing
    a_change_is_audited_with_old_and_new
}

async fn an_admin_changes_roles_up_to_his_own(world: World) {
    let (admin, ann) = (world.member(Role::Admin).await, world.member(Role::Tester).await);
    for role in [Role::Admin, Role::Guest, Role::Manager] {
        world.set_role(admin, ann, role).await.unwrap();
        assert_eq!(world.may::<Membership>(ann).await.member().role(), role);
    }
}

async fn nobody_grants_more_than_he_holds(world: World) {
    let (admin, ann) = (world.member(Role::Admin).await, world.member(Role::Tester).await);
    assert_eq!(refusal(world.set_role(admin, ann, Role::Owner).await), "above_your_rights");
    let limited = world.limited::<ManageMembers>(admin, &[Right::ManageMembers, Right::Read]).await;
    let to = |role| {
        let (may, change) = (limited.clone(), Change { role: Some(role), projects: None });
        world.write(move |tx, now| app::members::change(tx, &may, ann.member, &change, now))
    };
    assert_eq!(refusal(to(Role::Manager).await), "above_your_rights");
    assert_eq!(to(Role::ReadOnly).await.unwrap().role, Role::ReadOnly);
    let projects = Change { role: None, projects: Some(vec![on("WEB", Role::Tester)]) };
    let refused = world.write(move |tx, now| app::members::change(tx, &limited, ann.member, &projects, now)).await;
    assert_eq!(refusal(refused), "above_your_rights");
}

async fn nobody_without_own_workspace_acts_on_an_owner(world: World) {
    let (admin, second) = (world.member(Role::Admin).await, world.member(Role::Owner).await);
    assert_eq!(refusal(world.set_role(admin, second, Role::Tester).await), "target_above_you");
    assert_eq!(refusal(world.deactivate(admin, second).await), "target_above_you");
    world.deactivate(world.owner, second).await.unwrap();
    assert_eq!(refusal(world.reactivate(admin, second).await), "target_above_you");
    world.reactivate(world.owner, second).await.unwrap();
    world.set_role(second, world.owner, Role::Tester).await.unwrap();
}

async fn one_without_manage_members_changes_nobody(world: World) {
    let (lead, ann) = (world.member(Role::Manager).await, world.member(Role::Tester).await);
    assert_eq!(refusal(world.set_role(lead, ann, Role::Guest).await), "lacks manage_members");
    assert_eq!(refusal(world.deactivate(lead, ann).await), "lacks manage_members");
    assert_eq!(refusal(world.reactivate(lead, ann).await), "lacks manage_members");
}

async fn a_member_of_another_workspace_is_unknown(world: World) {
    let there = world.another().await;
    assert_eq!(refusal(world.set_role(world.owner, there, Role::Guest).await), "unknown");
    assert_eq!(refusal(world.deactivate(world.owner, there).await), "unknown");
}

async fn i4_the_last_owner_is_neither_demoted_nor_shut_out(world: World) {
    let owner = world.owner;
    assert_eq!(refusal(world.set_role(owner, owner, Role::Admin).await), "last_owner");
    assert_eq!(refusal(world.deactivate(owner, owner).await), "last_owner");
    let second = world.member(Role::Owner).await;
    world.set_role(owner, owner, Role::Admin).await.unwrap();
    assert_eq!(refusal(world.deactivate(second, second).await), "last_owner");
}

async fn i4_a_deactivated_owner_does_not_count(world: World) {
    let second = world.member(Role::Owner).await;
    world.deactivate(world.owner, second).await.unwrap();
    assert_eq!(refusal(world.deactivate(world.owner, world.owner).await), "last_owner");
    world.set_role(world.owner, second, Role::Tester).await.unwrap();
}

async fn a_deactivated_member_is_shut_out_of_this_workspace_alone(world: World) {
    let (ann, there) = (world.member(Role::Tester).await, world.another().await);
    let (person, elsewhere) = (ann.who.person, there.workspace);
    world
        .write(move |tx, now| Ok(store::members::insert(tx, elsewhere, person, Role::Guest, None, now)?))
        .await
        .unwrap();
    world.deactivate(world.owner, ann).await.unwrap();
    assert_eq!(refusal(world.try_may::<Membership>(ann).await), "unknown");
    let mine = world.read(move |db, _| Ok(store::workspaces::mine(db, &ann.who)?)).await;
    assert_eq!(mine.iter().map(|row| row.id).collect::<Vec<_>>(), [elsewhere]);
}

async fn deactivating_twice_changes_something_once(world: World) {
    let ann = world.member(Role::Tester).await;
    for _ in 0..2 {
        world.deactivate(world.owner, ann).await.unwrap();
    }
    for _ in 0..2 {
        world.reactivate(world.owner, ann).await.unwrap();
    }
    let events = world.events().await;
    assert_eq!(events[events.len() - 2..], ["member.deactivated", "member.reactivated"]);
}

async fn reactivation_gives_back_what_was_held(world: World) {
    let ann = world.member(Role::Guest).await;
    let secret = world.project("SECRET", true).await;
    world.grant(ann, &secret, Role::Tester).await;
    world.deactivate(world.owner, ann).await.unwrap();
    world.reactivate(world.owner, ann).await.unwrap();
    let member = world.may::<Membership>(ann).await.member().clone();
    assert_eq!((member.role(), member.grants().len()), (Role::Guest, 1));
}

async fn the_ceiling_applies_to_reactivation(world: World) {
    let ann = world.member(Role::Manager).await;
    world.deactivate(world.owner, ann).await.unwrap();
    let may = world.limited(world.owner, &[Right::ManageMembers, Right::Read]).await;
    let refused = world.write(move |tx, now| app::members::reactivate(tx, &may, ann.member, now)).await;
    assert_eq!(refusal(refused), "above_your_rights");
}

async fn the_ceiling_applies_to_the_project_roles_reactivation_would_give_back(world: World) {
    let ann = world.member(Role::Guest).await;
    let secret = world.project("SECRET", true).await;
    world.grant(ann, &secret, Role::Manager).await;
    world.deactivate(world.owner, ann).await.unwrap();
    let may = world.limited(world.owner, &[Right::ManageMembers, Right::Read]).await;
    let refused = world.write(move |tx, now| app::members::reactivate(tx, &may, ann.member, now)).await;
    assert_eq!(refusal(refused), "above_your_rights");
}

async fn project_roles_are_replaced_as_a_whole(world: World) {
    let ann = world.member(Role::Guest).await;
    let (app, secret) = (world.project("APP", false).await, world.project("SECRET", true).await);
    let regrant = |projects| world.change(world.owner, ann, Change { role: None, projects: Some(projects) });
    regrant(vec![on("WEB", Role::Tester), on("APP", Role::Manager)]).await.unwrap();
    regrant(vec![on("SECRET", Role::Tester), on("APP", Role::ReadOnly)]).await.unwrap();
    let grants = world.may::<Membership>(ann).await.member().grants().to_vec();
    let mut held: Vec<_> = grants.iter().map(|grant| (grant.project, grant.role)).collect();
    held.sort_unstable();
    let mut expected = [(app.id, Role::ReadOnly), (secret.id, Role::Tester)];
    expected.sort_unstable();
    assert_eq!(held, expected);
    assert_eq!(refusal(regrant(vec![on("NONE", Role::Tester)]).await), "projects unknown_project");
    assert_eq!(refusal(regrant(vec![on("WEB", Role::Owner)]).await), "above_your_rights");
}

async fn a_change_of_nothing_writes_nothing(world: World) {
    let ann = world.member(Role::Tester).await;
    let events = world.events().await;
    world.set_role(world.owner, ann, Role::Tester).await.unwrap();
    world.change(world.owner, ann, Change::default()).await.unwrap();
    assert_eq!(world.events().await, events);
}

async fn a_change_is_audited_with_old_and_new(world: World) {
    let ann = world.member(Role::Tester).await;
    world.set_role(world.owner, ann, Role::Manager).await.unwrap();
    let may = world.may(world.owner).await;
    let log = world
        .read(move |db, _| {
            Ok(store::events::list(db, &may, &store::events::Filter::default(), &store::paging::Page::first(1))?.rows)
        })
        .await;
    assert_eq!((log[0].what.as_str(), log[0].changes.as_str()), ("member.changed", r#"{"role":["tester","manager"]}"#));
    assert_eq!(
        (log[0].actor, log[0].target_id.as_str()),
        (Some(world.owner.who.person), ann.member.to_string().as_str())
    );
}
