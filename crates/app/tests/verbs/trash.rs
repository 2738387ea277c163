//! A workspace that is deleted, taken out of the trash again, or gone for good; and what one takes along before.

use std::io::Read;

use app::{
    tidy,
    workspaces::{export, trash},
};
use domain::{
    access::{Operator, OwnWorkspace, Role},
    invitation::State,
    time::days,
};
use flate2::read::GzDecoder;
use serde_json::Value;
use store::migrations;

use crate::{
    bed::on_both_engines,
    told::refusal,
    world::{Actor, World},
};

on_both_engines! { World:
    a_deleted_workspace_is_left_by_everybody_at_once
    only_owners_who_type_its_slug_delete_a_workspace
    a_workspace_comes_back_out_of_the_trash_with_its_members_and_keys
    after_thirty_days_nothing_is_left_but_the_log_without_names
    no_service_account_outlives_its_workspace_but_as_somebody_without_a_name
    another_workspace_keeps_every_row
    an_export_holds_everything_and_no_secret
    an_export_leaves_no_table_out
}

async fn delete(world: &World, by: Actor, confirm: &'static str) -> Result<String, app::Failure> {
    let may = world.try_may::<OwnWorkspace>(by).await?;
    world.write(move |tx, now| trash::delete(tx, &may, confirm, now)).await
}

async fn operator(world: &World) -> Operator {
    let who = world.owner.who;
    world.read(move |db, _| Ok(store::operators::find(db, &who)?)).await.expect("the owner set the server up")
}

async fn a_deleted_workspace_is_left_by_everybody_at_once(world: World) {
    let tester = world.member(Role::Tester).await;
    let (_, by_key) = world.by_key(tester, None, None).await;
    let id = world.invite(world.owner, "lea@hollin.example").await;
    let token = world.mailed(id).await;
    assert_eq!(delete(&world, world.owner, "hollin").await.unwrap(), "Hollin");
    for actor in [world.owner, tester, by_key] {
        assert!(world.try_may::<domain::access::Membership>(actor).await.is_err());
    }
    assert_eq!(world.stored(id).await, State::Revoked);
    assert_eq!(world.mails(id).await, ["withdrawn"]);
    let told = world.log().await.remove(0);
    assert_eq!((told.what.as_str(), told.workspace, told.label.as_str()), ("workspace.deleted", None, "Hollin"));
    assert_eq!(refusal(world.accept(&token, crate::given::newcomer()).await), "gone revoked");
}

async fn only_owners_who_type_its_slug_delete_a_workspace(world: World) {
    let admin = world.member(Role::Admin).await;
    assert_eq!(refusal(delete(&world, admin, "hollin").await), "lacks own_workspace");
    for wrong in ["", "Hollin", "hollin-2"] {
        assert_eq!(refusal(delete(&world, world.owner, wrong).await), "confirm mismatch");
    }
    assert!(world.try_may::<OwnWorkspace>(world.owner).await.is_ok());
}

async fn a_workspace_comes_back_out_of_the_trash_with_its_members_and_keys(world: World) {
    let (tester, gone) = (world.member(Role::Tester).await, world.member(Role::Tester).await);
    let may = world.may(world.owner).await;
    world.write(move |tx, now| app::members::deactivate(tx, &may, gone.member, now)).await.unwrap();
    let (_, by_key) = world.by_key(tester, None, None).await;
    delete(&world, world.owner, "hollin").await.unwrap();
    let (operator, id) = (operator(&world).await, world.owner.workspace);
    world.pass(days(29));
    world.write(tidy::tidy).await.unwrap();
    world.write(move |tx, now| trash::restore(tx, &operator, id, now)).await.unwrap();
    for actor in [world.owner, tester, by_key] {
        assert!(world.try_may::<domain::access::Membership>(actor).await.is_ok());
    }
    assert!(world.try_may::<domain::access::Membership>(gone).await.is_err(), "who was shut out stays out");
    let again = world.write(move |tx, now| trash::restore(tx, &operator, id, now)).await;
    assert_eq!(refusal(again), "unknown", "it does not lie there any more");
}

async fn after_thirty_days_nothing_is_left_but_the_log_without_names(world: World) {
    let (tester, project) = (world.member(Role::Tester).await, world.project("APP", true).await);
    world.grant(tester, &project, Role::Manager).await;
    let id = world.invite(world.owner, "lea@hollin.example").await;
    world.copy(world.owner, id).await.unwrap();
    let events = world.count("SELECT COUNT(*) AS n FROM event WHERE workspace IS NOT NULL").await;
    delete(&world, world.owner, "hollin").await.unwrap();
    world.pass(days(30));
    world.write(tidy::tidy).await.unwrap();
    for text in [
        "SELECT COUNT(*) AS n FROM member",
        "SELECT COUNT(*) AS n FROM invitation",
        "SELECT COUNT(*) AS n FROM invitation_token",
        "SELECT COUNT(*) AS n FROM message",
        "SELECT COUNT(*) AS n FROM project",
        "SELECT COUNT(*) AS n FROM api_key",
        "SELECT COUNT(*) AS n FROM event_personal x JOIN event e ON e.id = x.event WHERE e.workspace IS NOT NULL",
        "SELECT COUNT(*) AS n FROM workspace WHERE name <> '' OR slug = 'hollin'",
    ] {
        assert_eq!(world.count(text).await, 0, "{text}");
    }
    assert!(world.count("SELECT COUNT(*) AS n FROM event WHERE workspace IS NOT NULL").await > events);
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM person").await, 2, "accounts are the server's");
    let (operator, id) = (operator(&world).await, world.owner.workspace);
    let late = world.write(move |tx, now| trash::restore(tx, &operator, id, now)).await;
    assert_eq!(refusal(late), "unknown");
    world.write(tidy::tidy).await.unwrap();
}

async fn no_service_account_outlives_its_workspace_but_as_somebody_without_a_name(world: World) {
    let may = world.may(world.owner).await;
    let made = world.write(move |tx, now| {
        let robots = ["CI robot", "Idle robot"].map(|name| {
            let name = domain::title::PersonName::parse(name).unwrap();
            app::service_accounts::create(tx, &may, &name, Role::Tester, now).unwrap()
        });
        // It did something, so the log names it.
        let event = domain::event::Event::new(domain::event::What::MemberLeft, "member", robots[0].member, "CI robot");
        store::events::add(tx, Some(may.workspace()), Some(robots[0].id.key()), &event, now)?;
        Ok(())
    });
    made.await.unwrap();
    let persons = world.count("SELECT COUNT(*) AS n FROM person").await;
    delete(&world, world.owner, "hollin").await.unwrap();
    world.pass(days(30));
    world.write(tidy::tidy).await.unwrap();
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM person").await, persons - 1);
    assert_eq!(
        world.count("SELECT COUNT(*) AS n FROM person WHERE name LIKE '%robot%' OR folded LIKE '%robot%'").await,
        0
    );
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM person WHERE name = 'Deleted person'").await, 1);
}

async fn another_workspace_keeps_every_row(world: World) {
    let other = world.another().await;
    world.invite(world.owner, "lea@hollin.example").await;
    let before = documents(&world, other).await;
    delete(&world, world.owner, "hollin").await.unwrap();
    world.pass(days(31));
    world.write(tidy::tidy).await.unwrap();
    let after = documents(&world, other).await;
    assert_eq!(
        (&before["member"], &before["event"], &before["project"]),
        (&after["member"], &after["event"], &after["project"])
    );
}

async fn documents(world: &World, by: Actor) -> Value {
    let may = world.may::<OwnWorkspace>(by).await;
    let packed = world.read(move |db, now| export::document(db, &may, now)).await;
    let mut text = String::new();
    GzDecoder::new(packed.as_slice()).read_to_string(&mut text).unwrap();
    serde_json::from_str(&text).unwrap()
}

async fn an_export_holds_everything_and_no_secret(world: World) {
    let other = world.another().await;
    let id = world.invite(world.owner, "lea@hollin.example").await;
    let (mailed, copied) = (world.mailed(id).await, world.copy(world.owner, id).await.unwrap());
    let may = world.may::<OwnWorkspace>(world.owner).await;
    world.write(move |tx, now| export::note(tx, &may, now)).await.unwrap();
    let document = documents(&world, world.owner).await;
    assert_eq!(document["workspace"]["slug"], "hollin");
    assert_eq!(document["people"][0]["address"], "olga@hollin.example");
    assert_eq!(document["invitation"][0]["address"], "lea@hollin.example");
    assert_eq!(document["project"][0]["private"], false);
    assert_eq!(document["invitation"][0]["created_at"], "2026-12-01T10:40:00Z");
    assert_eq!(document["message_step"][0]["state"], "queued");
    let text = document.to_string();
    let told = |word: &str| document["event"].as_array().unwrap().iter().any(|event| event["what"] == word);
    assert!(told("workspace.exported") && told("invitation.created"), "{text}");
    for secret in [mailed.reveal(), copied.reveal(), "argon2id", "\"hash\"", "\"secret\"", "Otto"] {
        assert!(!text.contains(secret), "{secret}");
    }
    assert_ne!(documents(&world, other).await["workspace"], document["workspace"]);
}

/// Of the tables that are not of one workspace it is known why.
async fn an_export_leaves_no_table_out(world: World) {
    let elsewhere = [
        "answer",
        "mail_channel",
        "mail_server",
        "person",
        "person_address",
        "quota",
        "server",
        "server_setting",
        "session",
        "workspace",
    ];
    let created = migrations::ALL.iter().flat_map(|step| step.sql.lines());
    let created = created.filter_map(|line| line.trim_start().strip_prefix("CREATE TABLE "));
    let tables = created.filter_map(|rest| rest.split_whitespace().next());
    let document = documents(&world, world.owner).await;
    let left_out: Vec<&str> = tables
        .filter(|table| document.get(*table).is_none() && !elsewhere.contains(table) && !table.starts_with("person_"))
        .collect();
    assert!(left_out.is_empty(), "they lead to no workspace: {left_out:?}");
}
