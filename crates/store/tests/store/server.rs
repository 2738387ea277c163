//! The server as a whole.

use domain::{
    access::{Operator, Role, System},
    time::days,
};
use store::{invitations, members, operators, paging::Page, server};

use crate::{
    bed::on_both_engines,
    house::{Actor, House},
};

on_both_engines! { House:
    what_a_database_holds_is_counted
    what_the_command_line_says_stands_beside_what_operators_chose
    workspaces_are_listed_from_outside_oldest_first
    members_and_those_to_come_are_counted_for_a_limit
}

async fn operator(house: &House, actor: Actor) -> Operator {
    house
        .write(move |tx, _| {
            operators::set(tx, &System::because("a test"), actor.who.person, true)?;
            Ok(operators::find(tx, &actor.who)?.expect("made one above"))
        })
        .await
}

async fn what_a_database_holds_is_counted(house: House) {
    let holds = house.read(server::holds).await;
    assert_eq!(holds.to_string(), "people: 1, workspaces: 1, projects: 0, invitations: 0");
    assert!(!holds.is_nothing());
    house.member("Ann", Role::Tester).await;
    assert_eq!(house.read(server::holds).await.people, 2);
}

async fn what_the_command_line_says_stands_beside_what_operators_chose(house: House) {
    let by = operator(&house, house.owner).await;
    let system = System::because("a test");
    house.write(move |tx, _| Ok(server::choose(tx, &by, "member_limit", "50")?)).await;
    house.write(move |tx, _| Ok(server::fix(tx, &system, "member_limit", Some("20"))?)).await;
    house.write(move |tx, _| Ok(server::choose(tx, &by, "member_limit", "60")?)).await;
    let words = |setting: &server::Setting| (setting.name.clone(), setting.value.clone(), setting.fixed.clone());
    let settings: Vec<_> = house.read(server::settings).await.iter().map(words).collect();
    assert_eq!(settings, [("member_limit".to_owned(), Some("60".to_owned()), Some("20".to_owned()))]);
    house.write(move |tx, _| Ok(server::fix(tx, &system, "member_limit", None)?)).await;
    assert_eq!(house.read(server::settings).await[0].fixed, None);
}

async fn workspaces_are_listed_from_outside_oldest_first(house: House) {
    let by = operator(&house, house.owner).await;
    house.member("Ann", Role::Tester).await;
    let other = house.another().await;
    house.write(|tx, _| Ok(server::lock(tx)?)).await;
    let first = house.read(move |db| server::workspaces(db, &by, &Page::first(1))).await;
    assert_eq!((first.rows[0].id, first.rows[0].members, first.more), (house.owner.workspace, 2, true));
    let page = Page { limit: 5, after: Some(first.rows[0].id) };
    let rest = house.read(move |db| server::workspaces(db, &by, &page)).await;
    assert_eq!((rest.rows.len(), rest.rows[0].id, rest.more), (1, other.workspace, false));
}

async fn members_and_those_to_come_are_counted_for_a_limit(house: House) {
    let workspace = house.owner.workspace;
    house.member("Ann", Role::Tester).await;
    house.invite(house.owner, "lea@hollin.example").await;
    assert_eq!(house.read(move |db| members::count_active(db, workspace)).await, 2);
    let to_come = async || house.write(move |tx, now| Ok(invitations::count_to_come(tx, workspace, now.at)?)).await;
    assert_eq!(to_come().await, 1);
    house.pass(days(90));
    assert_eq!(to_come().await, 0, "its end has passed");
}
