//! What a read promises on both engines.

use std::{
    sync::{Mutex, mpsc},
    time::{Duration, Instant},
};

use db::{Db, Error, Record, Row, Settings, sql};

use crate::bed::{Bed, note, on_both_engines, postgres, sqlite};

on_both_engines! {
    a_read_never_writes
    a_read_sees_one_state_of_the_database
    a_point_read_sees_what_was_just_written
    a_panic_in_a_read_is_told_and_the_connection_lives_on
    first_one_and_all_count_rows
    columns_are_taken_by_name
    a_record_is_read_from_its_row
    the_state_of_a_read_ends_with_it
}

async fn a_read_never_writes(bed: Bed) {
    let refused = bed.db.read(|conn| conn.all::<Row>(sql!("INSERT INTO note (id, body) VALUES (1, 'x') RETURNING id")));
    assert!(matches!(refused.await, Err(Error::Sql { .. })));
    let refused = bed.db.point(|conn| conn.all::<Row>(sql!("DELETE FROM note")));
    assert!(matches!(refused.await, Err(Error::Sql { .. })));
    assert!(bed.notes().await.is_empty());
}

async fn a_read_sees_one_state_of_the_database(bed: Bed) {
    let (looked, looks) = mpsc::channel();
    let (go, gate) = mpsc::channel::<()>();
    let count = |conn: &mut db::Conn<'_>| conn.one::<Row>(sql!("SELECT count(*) AS n FROM note"))?.get::<i64>("n");
    let db = bed.db.clone();
    let read = tokio::spawn(async move {
        db.read(move |conn| {
            let before = count(conn)?;
            looked.send(()).unwrap();
            gate.recv().unwrap();
            Ok::<_, Error>((before, count(conn)?))
        })
        .await
    });
    tokio::task::block_in_place(|| looks.recv()).unwrap();
    note(&bed.db, 1, "meanwhile").await.unwrap();
    go.send(()).unwrap();
    assert_eq!(read.await.unwrap(), Ok((0, 0)));
    assert_eq!(bed.db.read(count).await, Ok(1));
}

async fn a_point_read_sees_what_was_just_written(bed: Bed) {
    for id in 0..50 {
        note(&bed.db, id, &format!("note {id}")).await.unwrap();
        let found = bed.db.point(move |conn| conn.first::<()>(sql!("SELECT id FROM note WHERE id = ?", id))).await;
        assert_eq!(found, Ok(Some(())));
    }
}

async fn a_panic_in_a_read_is_told_and_the_connection_lives_on(bed: Bed) {
    for _ in 0..8 {
        let read: Result<(), Error> = bed.db.read(|_| panic!("on purpose")).await;
        assert_eq!(read, Err(Error::Panicked));
        let point: Result<(), Error> = bed.db.point(|_| panic!("on purpose")).await;
        assert_eq!(point, Err(Error::Panicked));
    }
    bed.db.ping().await.unwrap();
}

async fn first_one_and_all_count_rows(bed: Bed) {
    note(&bed.db, 1, "one").await.unwrap();
    note(&bed.db, 2, "two").await.unwrap();
    let counted = bed.db.read(|conn| {
        assert_eq!(conn.all::<()>(sql!("SELECT id FROM note"))?.len(), 2);
        assert_eq!(conn.first::<()>(sql!("SELECT id FROM note WHERE id = 3"))?, None);
        let mut first: Row = conn.first(sql!("SELECT id FROM note ORDER BY id DESC"))?.unwrap();
        assert_eq!(first.get("id"), Ok(2_i64));
        let none = conn.one::<()>(sql!("SELECT id FROM note WHERE id = 3")).unwrap_err();
        assert!(none.to_string().starts_with("one row expected, none found"));
        let two = conn.one::<()>(sql!("SELECT id FROM note")).unwrap_err();
        assert!(two.to_string().starts_with("one row expected, 2 found"));
        conn.one::<()>(sql!("SELECT id FROM note WHERE id = 2"))
    });
    assert_eq!(counted.await, Ok(()));
}

async fn columns_are_taken_by_name(bed: Bed) {
    let mut row: Row = bed.db.read(|conn| conn.one(sql!("SELECT 1 AS a, 'x' AS b, NULL AS c"))).await.unwrap();
    let shape = |text: &str| Error::Shape(text.into());
    assert_eq!(row.get("b"), Ok("x".to_owned()));
    assert_eq!(row.get::<String>("a"), Err(shape("column a: expected text, found an integer")));
    assert_eq!(row.get::<Option<i64>>("c"), Ok(None));
    assert_eq!(row.take("b"), Err(shape("column b was taken before")));
    assert_eq!(row.take("d"), Err(shape("no column d")));
}

struct Note {
    id: i64,
    body: String,
}

impl Record for Note {
    fn from_row(row: &mut Row) -> Result<Note, Error> {
        Ok(Note { id: row.get("id")?, body: row.get("body")? })
    }
}

async fn a_record_is_read_from_its_row(bed: Bed) {
    note(&bed.db, 7, "seven").await.unwrap();
    let Note { id, body } = bed.db.read(|conn| conn.one(sql!("SELECT body, id FROM note"))).await.unwrap();
    assert_eq!((id, body.as_str()), (7, "seven"));
}

async fn the_state_of_a_read_ends_with_it(bed: Bed) {
    // More reads than connections, so each connection reads again after the write.
    for id in 0..8 {
        note(&bed.db, id, &format!("note {id}")).await.unwrap();
        assert_eq!(i64::try_from(bed.notes().await.len()), Ok(id + 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn busy_readers_are_told_within_the_time_to_wait_on_sqlite() {
    let (settings, _place) = sqlite();
    busy_connections_are_told(settings, "all 1 readers were busy for 200ms").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn busy_connections_are_told_within_the_time_to_wait_on_postgres() {
    let (settings, _place) = postgres().await;
    busy_connections_are_told(settings, "all 1 connections were busy for 200ms").await;
}

async fn busy_connections_are_told(settings: Settings, words: &str) {
    let patience = Duration::from_millis(200);
    let db = Db::open(&Settings { readers: 1, pool_size: 1, acquire_timeout: patience, ..settings }).await.unwrap();
    let (begun, begins) = mpsc::channel();
    let (go, gate) = mpsc::channel::<()>();
    let holder = db.clone();
    let gate = Mutex::new(gate);
    let held = tokio::spawn(async move {
        holder
            .read(move |_| {
                begun.send(()).unwrap();
                gate.lock().unwrap().recv().unwrap();
                Ok::<_, Error>(())
            })
            .await
    });
    tokio::task::block_in_place(|| begins.recv()).unwrap();
    let asked = Instant::now();
    assert_eq!(db.ping().await, Err(Error::Unavailable(words.into())));
    assert!(asked.elapsed() < Duration::from_secs(2));
    go.send(()).unwrap();
    held.await.unwrap().unwrap();
    assert_eq!(db.ping().await, Ok(()));
}
