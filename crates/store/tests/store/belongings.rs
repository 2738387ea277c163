//! What belongs to a workspace, found by asking the database.

use std::collections::BTreeSet;

use db::Error;
use domain::{
    access::{ManageWorkspace, OwnWorkspace, Role, Still, System},
    time::days,
};
use store::{Again, belongings, events, invitations, members, migrations, operators, workspaces};

use crate::{
    bed::on_both_engines,
    house::{Actor, House},
};

on_both_engines! { House:
    tables_that_lead_to_a_workspace_belong_to_it_and_parents_come_first
    rows_of_a_workspace_are_seen_and_cleared_and_no_others
    people_named_in_a_workspace_are_told_once
    a_workspace_goes_into_the_trash_and_comes_out_again
    what_has_been_in_the_trash_for_long_is_due_and_buried
}

#[test]
fn columns_are_known_by_their_marks() {
    assert_eq!(migrations::mark("person", "operator"), Some("bool"));
    assert_eq!(migrations::mark("invitation", "ends_at"), Some("time"));
    assert_eq!(migrations::mark("api_key", "hash"), Some("bytes"));
    assert_eq!(migrations::mark("person", "no_such_column"), None);
}

async fn tables_that_lead_to_a_workspace_belong_to_it_and_parents_come_first(house: House) {
    let tables = house.read(belongings::tables).await;
    let names: Vec<&str> = tables.iter().map(|one| one.table.name.as_str()).collect();
    let place = |name: &str| names.iter().position(|other| *other == name).expect(name);
    assert!(place("invitation") < place("member") && place("invitation") < place("invitation_token"), "{names:?}");
    assert!(place("member") < place("project_grant") && place("event") < place("event_personal"), "{names:?}");
    let elsewhere = ["person", "person_address", "session", "server", "workspace", "mail_channel"];
    assert!(elsewhere.iter().all(|name| !names.contains(name)), "{names:?}");
}

async fn rows(house: &House, of: Actor) -> BTreeSet<String> {
    house
        .read(move |db| {
            let mut seen = BTreeSet::new();
            for one in belongings::tables(db)? {
                one.each(db, of.workspace, |row| {
                    seen.insert(format!("{} {row:?}", one.table.name));
                    Ok::<_, Error>(())
                })?;
            }
            Ok(seen)
        })
        .await
}

async fn rows_of_a_workspace_are_seen_and_cleared_and_no_others(house: House) {
    let other = house.another().await;
    for owner in [house.owner, other] {
        house.project_of(owner, "WEB", true).await;
        house.by_key(owner, None).await;
        house.invite(owner, "lea@hollin.example").await;
        house
            .write(move |tx, now| {
                let event =
                    domain::event::Event::new(domain::event::What::WorkspaceRenamed, "workspace", owner.workspace, "x");
                Ok(events::add(tx, Some(owner.workspace), None, &event, now)?)
            })
            .await;
    }
    let (mine, theirs) = (rows(&house, house.owner).await, rows(&house, other).await);
    assert!(mine.len() > 5 && mine.len() == theirs.len() && mine.is_disjoint(&theirs), "{mine:#?} {theirs:#?}");
    let gone = house.owner.workspace;
    let cleared = house.write(move |tx, _| {
        let tables = belongings::tables(tx)?;
        Ok(tables.iter().rev().map(|one| one.clear(tx, gone)).sum::<Result<u64, Error>>()?)
    });
    assert_eq!(usize::try_from(cleared.await).unwrap(), mine.len());
    assert!(rows(&house, house.owner).await.is_empty());
    assert_eq!(rows(&house, other).await, theirs);
}

async fn people_named_in_a_workspace_are_told_once(house: House) {
    house.another().await;
    house.member("Ann", Role::Tester).await;
    house.invite(house.owner, "lea@hollin.example").await;
    let workspace = house.owner.workspace;
    let people = house.read(move |db| belongings::people(db, workspace)).await;
    let names: BTreeSet<_> = people.iter().map(|one| one.name.as_str()).collect();
    assert_eq!((people.len(), names), (2, BTreeSet::from(["Ann", "Olga"])));
}

async fn a_workspace_goes_into_the_trash_and_comes_out_again(house: House) {
    let (owner, ann) = (house.owner, house.member("Ann", Role::Tester).await);
    let (operator, workspace) = (house.another().await, owner.workspace);
    house.invite(owner, "lea@hollin.example").await;
    let shut = house.write(move |tx, now| {
        let still: Still<OwnWorkspace> = owner.still(tx)?;
        assert_eq!(invitations::open_in(tx, &still)?.len(), 1);
        workspaces::trash(tx, &still, now.at)?;
        Ok(members::shut_all_out(tx, &still)?)
    });
    assert_eq!(shut.await, 2);
    let still = house.try_write(move |tx, now| {
        let may = ann.may::<ManageWorkspace>(tx)?;
        tx.still(&may, now.at).map(drop)
    });
    assert!(still.await.is_err());
    let back = house.write(move |tx, _| {
        operators::set(tx, &System::because("a test"), operator.who.person, true)?;
        let operator = operators::find(tx, &operator.who)?.expect("made one above");
        let taken = workspaces::take_out(tx, &operator, workspace)?;
        let again = workspaces::take_out(tx, &operator, workspace)?;
        Ok((taken, again, members::let_all_in(tx, &operator, workspace)?))
    });
    assert_eq!(back.await, (true, false, 2));
}

async fn what_has_been_in_the_trash_for_long_is_due_and_buried(house: House) {
    let (owner, workspace) = (house.owner, house.owner.workspace);
    house
        .write(move |tx, now| {
            let still: Still<OwnWorkspace> = owner.still(tx)?;
            Ok(workspaces::trash(tx, &still, now.at)?)
        })
        .await;
    let system = System::because("a test");
    let due = async || house.write(move |tx, now| Ok(workspaces::due(tx, &system, now.at, days(30))?)).await;
    house.pass(days(29));
    assert!(due().await.is_empty());
    house.pass(days(1));
    assert_eq!(due().await, [workspace]);
    house.write(move |tx, _| Ok(workspaces::bury(tx, &system, workspace)?)).await;
    assert!(due().await.is_empty());
    assert_eq!(house.read(move |db| workspaces::named(db, workspace)).await.name, "");
}
