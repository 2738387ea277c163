//! Signed-in browsers.

use db::{Row, sql};
use domain::time::days;
use store::{access, sessions};

use crate::{
    bed::on_both_engines,
    house::{House, moment, person},
};

on_both_engines! { House:
    a_session_keeps_where_it_was_opened
    a_session_ends_once
    a_session_that_is_used_lives_on
    a_session_that_is_over_is_forgotten
    all_sessions_of_a_person_end_but_the_one_that_asks
    one_sees_and_ends_ones_own_sessions
}

async fn a_session_keeps_where_it_was_opened(house: House) {
    let person = house.write(|tx, now| Ok(person(tx, now, "Ann")?)).await;
    let (id, client) = (uuid::Uuid::from(person), Some("2001:db8::7".parse().unwrap()));
    house
        .write(move |tx, now| Ok(sessions::open(tx, person, Some("Browser"), &moment(now.at, 9).asked_by(client))?))
        .await;
    house.write(move |tx, now| Ok(sessions::open(tx, person, None, now)?)).await;
    let rows = house
        .read(move |db| {
            db.all::<Row>(sql!("SELECT client, agent FROM session WHERE person = ? ORDER BY client IS NULL", id))
        })
        .await;
    let texts = rows.into_iter().map(|mut row| (row.get("client").unwrap(), row.get("agent").unwrap()));
    let opened: Vec<(Option<String>, Option<String>)> = texts.collect();
    assert_eq!(opened, [(Some("2001:db8::7".into()), Some("Browser".into())), (None, None)]);
}

async fn a_session_ends_once(house: House) {
    let person = house.owner.who.person;
    let token = house.write(move |tx, now| Ok(sessions::open(tx, person, None, now)?)).await;
    for ended in [true, false] {
        let hash = token.hash();
        assert_eq!(house.write(move |tx, _| Ok(sessions::close(tx, &hash)?)).await, ended);
    }
}

async fn a_session_that_is_used_lives_on(house: House) {
    let person = house.owner.who.person;
    let hash = house.write(move |tx, now| Ok(sessions::open(tx, person, None, now)?)).await.hash();
    let find = |at| house.read(move |db| access::session(db, &hash, at));
    house.pass(days(10));
    let (who, _) = find(house.now()).await.unwrap();
    house.write(move |tx, now| Ok(sessions::seen(tx, &who, now.at)?)).await;
    house.pass(days(10));
    let (_, seen_at) = find(house.now()).await.unwrap();
    assert_eq!(seen_at, house.now() - days(10));
}

async fn a_session_that_is_over_is_forgotten(house: House) {
    let person = house.owner.who.person;
    let open = || house.write(move |tx, now| Ok(sessions::open(tx, person, None, now)?));
    open().await;
    house.pass(days(1));
    let kept = open().await.hash();
    house.pass(days(13));
    house.write(|tx, now| Ok(sessions::forget(tx, now.at)?)).await;
    assert_eq!(house.read(|db| db.all::<Row>(sql!("SELECT id FROM session"))).await.len(), 1);
    assert!(house.write(move |tx, _| Ok(sessions::close(tx, &kept)?)).await);
}

async fn all_sessions_of_a_person_end_but_the_one_that_asks(house: House) {
    let (olga, otto) = (house.owner.who, house.another().await.who);
    house.write(move |tx, now| Ok(sessions::open(tx, olga.person, None, now)?)).await;
    let close = |but| house.write(move |tx, _| Ok(sessions::close_all(tx, olga.person, but)?));
    assert_eq!(close(olga.session()).await, 1);
    assert_eq!(close(None).await, 1);
    let left = house.read(|db| db.all::<Row>(sql!("SELECT person FROM session"))).await;
    let left: Vec<uuid::Uuid> = left.into_iter().map(|mut row| row.get("person").unwrap()).collect();
    assert_eq!(left, [uuid::Uuid::from(otto.person)]);
}

async fn one_sees_and_ends_ones_own_sessions(house: House) {
    let (olga, otto) = (house.owner.who, house.another().await.who);
    house.pass(days(1));
    let client = Some("192.0.2.7".parse().unwrap());
    house
        .write(move |tx, now| {
            Ok(sessions::open(tx, olga.person, Some("Browser"), &moment(now.at, 9).asked_by(client))?)
        })
        .await;
    let list = |who, at| house.read(move |db| sessions::list(db, &who, at));
    let mine = list(olga, house.now()).await;
    assert_eq!((mine.len(), mine[1].id), (2, olga.session().unwrap()));
    let new = &mine[0];
    assert_eq!((new.client.as_deref(), new.agent.as_deref()), (Some("192.0.2.7"), Some("Browser")));
    assert_eq!((new.created_at, new.seen_at), (house.now(), house.now()));
    assert_eq!(list(olga, house.now() + days(13)).await.len(), 1, "the first is over by then");
    let id = new.id;
    let end = |who| house.write(move |tx, _| Ok(sessions::end(tx, &who, id)?));
    assert_eq!((end(otto).await, end(olga).await, end(olga).await), (false, true, false));
}
