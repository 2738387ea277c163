//! The first run, and making workspaces.

use std::sync::Arc;

use app::{setup, workspaces};
use domain::{
    access::{ManageWorkspace, Right, Role, SignedIn, Via},
    slug::Slug,
    title::WorkspaceName,
};
use store::{access, people};

use crate::{
    bed::on_both_engines,
    world::{Server, World, at_once, first_run, refusal, system},
};

mod first {
    use super::*;

    on_both_engines! { Server:
        the_first_run_makes_an_owner_who_is_operator_with_workspace_project_and_key
        the_first_run_makes_no_project_nobody_asked_for
        a_second_run_is_refused
        of_two_first_runs_at_once_one_wins
    }

    async fn the_first_run_makes_an_owner_who_is_operator_with_workspace_project_and_key(server: Server) {
        let first = first_run("Olga@hollin.example", "Hollin & Ash");
        let made =
            server.app.write(None, move |tx, now| setup::first_run(tx, &system(), &first, None, now)).await.unwrap();
        assert_eq!((made.workspace.slug.as_str(), made.project.unwrap().key.as_str()), ("hollin-ash", "WEB"));
        let workspace = made.workspace.id;
        let (me, account, member) = server
            .app
            .read(move |db, now| {
                let (who, _) = access::session(db, &made.session.hash(), now.at)?.unwrap();
                let (by_key, _) = access::key(db, &made.api_key.hash(), now.at)?.unwrap();
                assert_eq!((by_key.person, by_key.unlimited()), (who.person, true));
                let account = people::account(db, &system(), &crate::world::email("olga@hollin.example"))?.unwrap();
                Ok((people::me(db, &who)?, account, access::member(db, &who, workspace)?.unwrap()))
            })
            .await
            .unwrap();
        assert!(me.operator && account.verified_at.is_some());
        assert_eq!(member.role(), Role::Owner);
        assert_eq!(member.grants().iter().map(|grant| grant.role).collect::<Vec<_>>(), [Role::Admin]);
    }

    async fn the_first_run_makes_no_project_nobody_asked_for(server: Server) {
        let first = setup::FirstRun { project: None, ..first_run("olga@hollin.example", "Hollin") };
        let made = server.app.write(None, move |tx, now| setup::first_run(tx, &system(), &first, None, now)).await;
        assert!(made.unwrap().project.is_none());
    }

    async fn a_second_run_is_refused(server: Server) {
        let run = |address: &'static str| {
            let first = first_run(address, "Hollin");
            server.app.write(None, move |tx, now| setup::first_run(tx, &system(), &first, None, now))
        };
        run("olga@hollin.example").await.unwrap();
        assert_eq!(refusal(run("otto@ash.example").await), "already_set_up");
    }

    async fn of_two_first_runs_at_once_one_wins(server: Server) {
        let app = Arc::new(server.app.clone());
        let runs = (0..8).map(|n| {
            let (app, first) = (app.clone(), first_run(&format!("olga{n}@hollin.example"), "Hollin"));
            async move { app.write(None, move |tx, now| setup::first_run(tx, &system(), &first, None, now)).await }
        });
        let (won, lost): (Vec<_>, Vec<_>) = at_once(runs).await.into_iter().partition(Result::is_ok);
        assert_eq!((won.len(), lost.len()), (1, 7));
        assert!(lost.into_iter().all(|run| refusal(run) == "already_set_up"));
    }
}

on_both_engines! { World:
    operators_make_workspaces_and_own_them
    others_do_not
    a_limited_key_of_an_operator_does_not
    namesakes_get_slugs_of_their_own
    a_workspace_is_renamed_by_who_manages_it
    a_project_key_is_taken_once
}

fn named(name: &str) -> WorkspaceName {
    WorkspaceName::parse(name).unwrap()
}

async fn create(world: &World, who: SignedIn, name: &'static str) -> Result<workspaces::Founded, app::Failure> {
    world.write(move |tx, now| workspaces::create(tx, &who, &named(name), now)).await
}

async fn operators_make_workspaces_and_own_them(world: World) {
    let made = create(&world, world.owner.who, "Ash").await.unwrap();
    let (who, workspace) = (world.owner.who, made.workspace.id);
    let member = world.read(move |db, _| Ok(access::member(db, &who, workspace)?)).await.unwrap();
    assert_eq!(member.role(), Role::Owner);
    let key = app::sessions::by_key(&world.app, made.api_key).await.unwrap().unwrap();
    assert!(matches!(key.via, Via::Key { workspace: own, limit: None, .. } if own == workspace));
}

async fn others_do_not(world: World) {
    let admin = world.member(Role::Admin).await;
    assert_eq!(refusal(create(&world, admin.who, "Ash").await), "operators_only");
}

async fn a_limited_key_of_an_operator_does_not(world: World) {
    let (_, limited) = world.by_key(world.owner, Some(&[Right::OwnWorkspace]), None).await;
    assert_eq!(refusal(create(&world, limited.who, "Ash").await), "operators_only");
    let (id, whole) = world.by_key(world.owner, None, None).await;
    create(&world, whole.who, "Ash").await.unwrap();
    world.revoke_key(world.owner, id).await.unwrap();
    assert_eq!(refusal(create(&world, whole.who, "Elm").await), "signed_out", "nor does one that was just revoked");
}

async fn namesakes_get_slugs_of_their_own(world: World) {
    let mut slugs = Vec::new();
    for _ in 0..2 {
        slugs.push(create(&world, world.owner.who, "Hollin").await.unwrap().workspace.slug);
    }
    assert_eq!(slugs, ["hollin-2", "hollin-3"]);
    assert!(slugs.iter().all(|slug| Slug::parse(slug).is_ok()));
}

async fn a_workspace_is_renamed_by_who_manages_it(world: World) {
    let lead = world.member(Role::Manager).await;
    assert_eq!(refusal(world.try_may::<ManageWorkspace>(lead).await), "lacks manage_workspace");
    let may = world.may(world.owner).await;
    let renamed = world.write(move |tx, now| workspaces::rename(tx, &may, &named("Oak"), now)).await.unwrap();
    assert_eq!((renamed.name.as_str(), renamed.slug.as_str()), ("Oak", "hollin"));
    assert_eq!(world.events().await.last().unwrap(), "workspace.renamed");
}

async fn a_project_key_is_taken_once(world: World) {
    let may = world.may(world.owner).await;
    let again = world.write(move |tx, now| {
        let key = domain::project_key::ProjectKey::parse("web").unwrap();
        let name = domain::title::ProjectName::parse("Another").unwrap();
        app::projects::create(tx, &may, &key, &name, false, now)
    });
    assert_eq!(refusal(again.await), "key taken");
}
