//! The audit log.

use db::{Row, sql};
use domain::{
    access::ReadAudit,
    event::{Event, What},
};
use sha2::{Digest, Sha256};
use store::events;

use crate::{bed::on_both_engines, house::House};

on_both_engines! { House:
    events_are_listed_newest_first_and_page_by_number
    the_log_of_one_workspace_tells_nothing_of_another
    an_event_names_who_did_it_and_from_where
    an_event_needs_neither_workspace_nor_actor_nor_client
    personal_values_can_be_erased_and_leave_their_salted_hash
}

fn renamed(id: &str) -> Event {
    Event::new(What::WorkspaceRenamed, "workspace", id, "Hollin").change("name", "Hollin", id)
}

async fn events_are_listed_newest_first_and_page_by_number(house: House) {
    let owner = house.owner;
    house
        .write(move |tx, now| {
            for id in ["a", "b", "c"] {
                events::add(tx, Some(owner.workspace), None, &renamed(id), now)?;
            }
            Ok(())
        })
        .await;
    let page = |before| {
        house.write(move |tx, _| {
            let may = owner.may::<ReadAudit>(tx)?;
            Ok(events::list(tx, &may, before, 2)?)
        })
    };
    let first = page(i64::MAX).await;
    assert_eq!(first.iter().map(|event| event.target_id.as_str()).collect::<Vec<_>>(), ["c", "b"]);
    let second = page(first[1].id).await;
    assert_eq!(second.iter().map(|event| event.target_id.as_str()).collect::<Vec<_>>(), ["a"]);
}

async fn the_log_of_one_workspace_tells_nothing_of_another(house: House) {
    let (here, there) = (house.owner, house.another().await);
    house.write(move |tx, now| Ok(events::add(tx, Some(there.workspace), None, &renamed("a"), now)?)).await;
    house.write(move |tx, now| Ok(events::add(tx, None, None, &renamed("b"), now)?)).await;
    assert!(
        house
            .write(move |tx, _| {
                let may = here.may(tx)?;
                Ok(events::list(tx, &may, i64::MAX, 9)?)
            })
            .await
            .is_empty()
    );
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
    let logged = house
        .write(move |tx, _| {
            let may = owner.may(tx)?;
            Ok(events::list(tx, &may, i64::MAX, 9)?)
        })
        .await
        .remove(0);
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
    let logged = house
        .write(move |tx, _| {
            let may = owner.may(tx)?;
            Ok(events::list(tx, &may, i64::MAX, 9)?)
        })
        .await
        .remove(0);
    assert_eq!((logged.client, logged.label, logged.target_id.as_str()), (None, None, "a"));
}
