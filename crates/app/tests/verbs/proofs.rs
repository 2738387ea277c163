//! A right lost between the edge and the transaction refuses the write.

use app::{
    invitations::{self, invite::With},
    keys, members, projects, workspaces,
};
use domain::{
    access::{May, Role, Wanted},
    project_key::ProjectKey,
    title::{KeyName, ProjectName, WorkspaceName},
};

use crate::{
    bed::on_both_engines,
    world::{Actor, World, batch, refusal},
};

on_both_engines! { World:
    a_demoted_inviter_sends_nothing
    a_demoted_inviter_copies_no_link
    a_demoted_admin_changes_nobody
    a_demoted_manager_creates_no_project
    a_demoted_admin_renames_nothing
    a_deactivated_member_makes_and_revokes_nothing
}

/// What somebody may, and then no longer may.
async fn lost<R: Wanted>(world: &World, actor: Actor) -> May<R> {
    let may = world.may(actor).await;
    world.set_role(world.owner, actor, Role::Tester).await.unwrap();
    may
}

async fn a_demoted_inviter_sends_nothing(world: World) {
    let lead = world.member(Role::Manager).await;
    let (may, app) = (lost(&world, lead).await, world.app.clone());
    let sent = world.write(move |tx, now| {
        let with = With { vault: app.vault(), per_day: None, mail: true };
        invitations::invite(tx, with, &may, &batch(&["ann@x.example"]), now)
    });
    assert_eq!(refusal(sent.await), "lacks invite_members");
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM invitation").await, 0);
}

async fn a_demoted_inviter_copies_no_link(world: World) {
    let (lead, id) = (world.member(Role::Manager).await, world.invite(world.owner, "ann@x.example").await);
    let may = lost(&world, lead).await;
    assert_eq!(
        refusal(world.write(move |tx, now| invitations::copy_link(tx, &may, id, now)).await),
        "lacks invite_members"
    );
}

async fn a_demoted_admin_changes_nobody(world: World) {
    let (admin, ann) = (world.member(Role::Admin).await, world.member(Role::Tester).await);
    let may = lost(&world, admin).await;
    let also = may.clone();
    let deactivated = world.write(move |tx, now| members::deactivate(tx, &may, ann.member, now)).await;
    assert_eq!(refusal(deactivated), "lacks manage_members");
    let change = members::Change { role: Some(Role::Guest), projects: None };
    let changed = world.write(move |tx, now| members::change(tx, &also, ann.member, &change, now)).await;
    assert_eq!(refusal(changed), "lacks manage_members");
}

async fn a_demoted_manager_creates_no_project(world: World) {
    let lead = world.member(Role::Manager).await;
    let may = lost(&world, lead).await;
    let made = world.write(move |tx, now| {
        let (key, name) = (ProjectKey::parse("APP").unwrap(), ProjectName::parse("App").unwrap());
        projects::create(tx, &may, &key, &name, false, now)
    });
    assert_eq!(refusal(made.await), "lacks create_projects");
}

async fn a_demoted_admin_renames_nothing(world: World) {
    let admin = world.member(Role::Admin).await;
    let may = lost(&world, admin).await;
    let renamed = world.write(move |tx, now| workspaces::rename(tx, &may, &WorkspaceName::parse("Oak").unwrap(), now));
    assert_eq!(refusal(renamed.await), "lacks manage_workspace");
}

async fn a_deactivated_member_makes_and_revokes_nothing(world: World) {
    let lead = world.member(Role::Manager).await;
    let id = world.invite(lead, "ann@x.example").await;
    let (may, to_revoke) = (world.may(lead).await, world.may(lead).await);
    world.deactivate(world.owner, lead).await.unwrap();
    let made = world.write(move |tx, now| {
        let new = keys::NewKey { name: KeyName::parse("CI").unwrap(), rights: None, ends_at: None };
        keys::create(tx, &may, &new, now)
    });
    assert_eq!(refusal(made.await), "unknown");
    assert_eq!(refusal(world.write(move |tx, now| invitations::revoke(tx, &to_revoke, id, now)).await), "unknown");
}
