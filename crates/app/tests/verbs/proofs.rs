//! A right lost between the edge and the transaction refuses the write.

use app::{
    invitations::{self, invite::With},
    keys, members, projects, workspaces,
};
use domain::{
    access::{ManageWorkspace, May, Role, Wanted},
    project_key::ProjectKey,
    time::days,
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
    a_revoked_key_commits_nothing
    an_ended_session_commits_nothing
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

/// Renames the workspace by a proof that was made before.
async fn rename(world: &World, may: &May<ManageWorkspace>) -> Result<(), app::Failure> {
    let may = may.clone();
    world.write(move |tx, now| workspaces::rename(tx, &may, &WorkspaceName::parse("Oak").unwrap(), now).map(drop)).await
}

async fn a_revoked_key_commits_nothing(world: World) {
    let (id, by_key) = world.by_key(world.owner, None, None).await;
    let (_, ending) = world.by_key(world.owner, None, Some(world.now() + days(1))).await;
    let (revoked, over) = (world.may(by_key).await, world.may(ending).await);
    rename(&world, &revoked).await.unwrap();
    world.revoke_key(world.owner, id).await.unwrap();
    assert_eq!(refusal(rename(&world, &revoked).await), "signed_out");
    rename(&world, &over).await.unwrap();
    world.pass(days(1));
    assert_eq!(refusal(rename(&world, &over).await), "signed_out");
}

async fn an_ended_session_commits_nothing(world: World) {
    let (who, token) = world.browser(world.owner.who.person).await;
    let may = world.may(Actor { who, ..world.owner }).await;
    rename(&world, &may).await.unwrap();
    world.write(move |tx, now| app::sessions::sign_out(tx, &who, &token, now)).await.unwrap();
    assert_eq!(refusal(rename(&world, &may).await), "signed_out");
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
