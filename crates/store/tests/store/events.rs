//! The audit log.

use std::time::Duration;

use db::{Row, sql};
use domain::{
    access::{ReadAudit, Right, Rights, Role},
    event::{Event, What},
};
use sha2::{Digest, Sha256};
use store::{
    events::{self, Filter, Logged},
    paging::Page,
};

use crate::{
    bed::on_both_engines,
    house::{Actor, House},
};

on_both_engines! { House:
    events_are_listed_newest_first_and_page_by_moment_and_number
    the_log_narrows_by_kind_actor_project_and_time
    several_kinds_are_merged_in_the_order_of_time
    events_of_a_private_project_are_for_those_who_see_it
    the_log_can_be_filtered_by_whoever_was_here
    the_log_of_one_workspace_tells_nothing_of_another
    an_event_names_who_did_it_and_from_where
    an_event_needs_neither_workspace_nor_actor_nor_client
    many_events_keep_their_order_and_their_own_personal_values
    what_is_noted_is_in_the_log_and_told_to_no_page
    personal_values_can_be_erased_and_leave_their_salted_hash
}

fn renamed(id: &str) -> Event {
    Event::new(What::WorkspaceRenamed, "workspace", id, "Hollin").change("name", "Hollin", id)
}

/// The targets of the events that a reader sees through this filter.
async fn seen(house: &House, reader: Actor, filter: Filter) -> Vec<String> {
    let slice = house.write(move |tx, _| {
        let may = reader.may::<ReadAudit>(tx)?;
        Ok(events::list(tx, &may, &filter, &Page::first(9))?)
    });
    slice.await.rows.into_iter().map(|event| event.target_id).collect()
}

async fn newest(house: &House, reader: Actor) -> Vec<Logged> {
    let slice = house.write(move |tx, _| {
        let may = reader.may(tx)?;
        Ok(events::list(tx, &may, &Filter::default(), &Page::first(9))?)
    });
    slice.await.rows
}

async fn log(house: &House, actor: Option<Actor>, event: Event) {
    let (workspace, actor) = (house.owner.workspace, actor.map(|actor| actor.who.person));
    house.write(move |tx, now| Ok(events::add(tx, Some(workspace), actor, &event, now)?)).await;
}

async fn events_are_listed_newest_first_and_page_by_moment_and_number(house: House) {
    let owner = house.owner;
    for id in ["a", "b"] {
        log(&house, None, renamed(id)).await;
    }
    house.pass(Duration::from_secs(1));
    log(&house, None, renamed("c")).await;
    let page = |after| {
        house.write(move |tx, _| {
            let may = owner.may::<ReadAudit>(tx)?;
            Ok(events::list(tx, &may, &Filter::default(), &Page { limit: 2, after })?)
        })
    };
    let first = page(None).await;
    assert_eq!(first.rows.iter().map(|event| event.target_id.as_str()).collect::<Vec<_>>(), ["c", "b"]);
    assert!(first.more);
    let second = page(Some((first.rows[1].at, first.rows[1].id))).await;
    assert_eq!(second.rows.iter().map(|event| event.target_id.as_str()).collect::<Vec<_>>(), ["a"]);
    assert!(!second.more);
}

async fn the_log_narrows_by_kind_actor_project_and_time(house: House) {
    let (owner, web) = (house.owner, house.project("WEB", false).await);
    log(&house, Some(owner), renamed("early")).await;
    house.pass(Duration::from_mins(1));
    let (from, project) = (house.now(), web.id);
    log(&house, None, renamed("nobody's")).await;
    log(&house, Some(owner), Event::new(What::ProjectCreated, "project", "web", "").in_project(project)).await;
    house.pass(Duration::from_mins(1));
    let to = house.now();
    log(&house, Some(owner), renamed("late")).await;

    let all = Filter::default;
    let kinds = Some("workspace.renamed".parse().unwrap());
    assert_eq!(seen(&house, owner, Filter { kinds: kinds.clone(), ..all() }).await, ["late", "nobody's", "early"]);
    let actor = Some(owner.who.person);
    assert_eq!(seen(&house, owner, Filter { actor, ..all() }).await, ["late", "web", "early"]);
    assert_eq!(seen(&house, owner, Filter { project: Some(project), ..all() }).await, ["web"]);
    assert_eq!(seen(&house, owner, Filter { from: Some(from), to: Some(to), ..all() }).await, ["web", "nobody's"]);
    let both = Filter { kinds, actor, from: Some(from), ..all() };
    assert_eq!(seen(&house, owner, both).await, ["late"]);
}

async fn several_kinds_are_merged_in_the_order_of_time(house: House) {
    let owner = house.owner;
    for (what, id) in [(What::MemberJoined, "1"), (What::WorkspaceRenamed, "2"), (What::MemberChanged, "3")] {
        log(&house, None, Event::new(what, "member", id, "")).await;
        house.pass(Duration::from_secs(1));
    }
    log(&house, None, Event::new(What::MemberJoined, "member", "4", "")).await;
    let kinds = Some("member".parse().unwrap());
    assert_eq!(seen(&house, owner, Filter { kinds, ..Filter::default() }).await, ["4", "3", "1"]);
}

async fn events_of_a_private_project_are_for_those_who_see_it(house: House) {
    let (open, secret) = (house.project("WEB", false).await.id, house.project("LAB", true).await.id);
    for (id, project) in [("open", open), ("secret", secret)] {
        log(&house, None, Event::new(What::ProjectCreated, "project", id, "").in_project(project)).await;
    }
    log(&house, None, renamed("whole")).await;
    assert_eq!(seen(&house, house.owner, Filter::default()).await, ["whole", "secret", "open"]);
    let narrow = Some(Rights::of(&[Right::ReadAudit, Right::Read]));
    let reads_open = house.by_key(house.owner, narrow).await;
    assert_eq!(seen(&house, reads_open, Filter::default()).await, ["whole", "open"]);
    let reads_none = house.by_key(house.owner, Some(Rights::of(&[Right::ReadAudit]))).await;
    let shown = seen(&house, reads_none, Filter::default()).await;
    assert!(!shown.contains(&"secret".to_owned()), "{shown:?}");
}

async fn the_log_can_be_filtered_by_whoever_was_here(house: House) {
    let (owner, other) = (house.owner, house.another().await);
    let tess = house.member("tess", Role::Tester).await;
    let (all, one, foreign) = house
        .write(move |tx, _| {
            let may = owner.may(tx)?;
            let all = events::whoever_was_here(tx, &may, 9)?;
            let one = events::somebody(tx, &may, tess.who.person)?;
            Ok((all, one, events::somebody(tx, &may, other.who.person)?))
        })
        .await;
    assert_eq!(all.iter().map(|somebody| somebody.name.as_str()).collect::<Vec<_>>(), ["Olga", "tess"]);
    assert_eq!(one.unwrap().name, "tess");
    assert!(foreign.is_none());
}

async fn the_log_of_one_workspace_tells_nothing_of_another(house: House) {
    let (here, there) = (house.owner, house.another().await);
    house.write(move |tx, now| Ok(events::add(tx, Some(there.workspace), None, &renamed("a"), now)?)).await;
    house.write(move |tx, now| Ok(events::add(tx, None, None, &renamed("b"), now)?)).await;
    assert!(newest(&house, here).await.is_empty());
}

async fn an_event_names_who_did_it_and_from_where(house: House) {
    let owner = house.owner;
    let asked_by = Some("192.0.2.7".parse().unwrap());
    house
        .write(move |tx, now| {
            let now = crate::house::moment(now.at, 5).asked_by(asked_by);
            Ok(events::add(tx, Some(owner.workspace), Some(owner.who.person), &renamed("a"), &now)?)
        })
        .await;
    let logged = newest(&house, owner).await.remove(0);
    assert_eq!((logged.actor, logged.actor_name.as_deref()), (Some(owner.who.person), Some("Olga")));
    assert_eq!((logged.client.as_deref(), logged.label.as_deref()), (Some("192.0.2.7"), Some("Hollin")));
    assert_eq!((logged.what.as_str(), logged.target_kind.as_str()), ("workspace.renamed", "workspace"));
    assert_eq!((logged.at, logged.changes.as_str()), (house.now(), r#"{"name":["Hollin","a"]}"#));
}

async fn an_event_needs_neither_workspace_nor_actor_nor_client(house: House) {
    house.write(|tx, now| Ok(events::add(tx, None, None, &renamed("a"), now)?)).await;
    let rows = house.read(|db| db.all::<Row>(sql!("SELECT workspace, actor FROM event"))).await;
    let [mut row] = <[Row; 1]>::try_from(rows).unwrap();
    assert_eq!((row.take("workspace").unwrap(), row.take("actor").unwrap()), (db::Value::Null, db::Value::Null));
}

async fn many_events_keep_their_order_and_their_own_personal_values(house: House) {
    let owner = house.owner;
    house
        .write(move |tx, now| {
            let event = |n| Event::new(What::WorkspaceRenamed, "workspace", n, format!("Name {n}"));
            let events: Vec<Event> = (0..200).map(event).collect();
            Ok(events::add_all(tx, Some(owner.workspace), None, &events, now)?)
        })
        .await;
    let text = "SELECT e.target_id, x.label FROM event e JOIN event_personal x ON x.event = e.id ORDER BY e.id";
    let rows = house.read(move |db| db.all::<Row>(sql!(text))).await;
    let told = rows.into_iter().map(|mut row| (row.get("target_id").unwrap(), row.get("label").unwrap()));
    let wanted = (0..200).map(|n| (n.to_string(), format!("Name {n}")));
    assert_eq!(told.collect::<Vec<(String, String)>>(), wanted.collect::<Vec<_>>());
}

async fn what_is_noted_is_in_the_log_and_told_to_no_page(house: House) {
    let mut heard = house.db().subscribe();
    let (owner, workspace) = (house.owner, house.owner.workspace);
    house
        .write(move |tx, now| {
            let event = Event::new(What::WorkspaceRenamed, "workspace", workspace, "Noted");
            events::note_all(tx, Some(workspace), None, std::slice::from_ref(&event), now)?;
            Ok(events::add(tx, Some(workspace), None, &Event { label: "Told".into(), ..event }, now)?)
        })
        .await;
    let labels: Vec<_> = newest(&house, owner).await.into_iter().take(2).map(|logged| logged.label).collect();
    assert_eq!(labels, [Some("Told".into()), Some("Noted".into())]);
    heard.recv().await.unwrap();
    assert!(heard.try_recv().is_err(), "one of the two is told");
}

async fn personal_values_can_be_erased_and_leave_their_salted_hash(house: House) {
    let owner = house.owner;
    house.write(move |tx, now| Ok(events::add(tx, Some(owner.workspace), None, &renamed("a"), now)?)).await;
    let mut row: Row = house
        .read(|db| db.one(sql!("SELECT e.personal, x.salt FROM event e JOIN event_personal x ON x.event = e.id")))
        .await;
    let (kept, salt): (Vec<u8>, Vec<u8>) = (row.get("personal").unwrap(), row.get("salt").unwrap());
    let hash = Sha256::new().chain_update(salt).chain_update([0]).chain_update("Hollin").finalize();
    assert_eq!(kept, hash.to_vec());

    house.write(|tx, _| Ok(tx.run(sql!("DELETE FROM event_personal"))?)).await;
    let logged = newest(&house, owner).await.remove(0);
    assert_eq!((logged.client, logged.label, logged.target_id.as_str()), (None, None, "a"));
}
