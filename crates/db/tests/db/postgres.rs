//! What is special about a server at the other end of a wire.

use std::{
    sync::{
        Arc, Barrier,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use db::{Db, Error, Row, Settings, Tx, sql};
use testkit::postgres::Postgres;

use crate::{
    bed::{self, Bed, note},
    proxy::Proxy,
};

/// Counts the tries of a unit.
#[derive(Clone, Default)]
struct Tries(Arc<AtomicU32>);

impl Tries {
    fn next(&self) -> u32 {
        self.0.fetch_add(1, Ordering::SeqCst) + 1
    }

    fn made(&self) -> u32 {
        self.0.load(Ordering::SeqCst)
    }
}

/// Fails as a serialization failure does.
fn collide(tx: &mut Tx<'_>) -> Result<u64, Error> {
    tx.run(sql!("DO $$ BEGIN RAISE EXCEPTION 'collision' USING ERRCODE = '40001'; END $$"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collision_is_tried_again_whatever_the_function_makes_of_it() {
    let bed = Bed::postgres().await;
    let tries = Tries::default();
    let counted = tries.clone();
    let written = bed.db.write(move |tx| {
        match counted.next() {
            1 => collide(tx).map(drop)?,
            2 => drop(collide(tx)),
            3 => collide(tx).map(drop).map_err(|_| Error::Shape("something else".into()))?,
            _ => {}
        }
        let _ = tx.run(sql!("INSERT INTO note (id, body) VALUES (1, 'one')"));
        Ok::<_, Error>(())
    });
    assert_eq!(written.await, Ok(()));
    assert_eq!(tries.made(), 4);
    assert_eq!(bed.notes().await, ["one"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_that_always_collides_is_given_up() {
    let bed = Bed::postgres().await;
    assert_eq!(bed.db.write(collide).await, Err(Error::Conflict));
    assert_eq!(note(&bed.db, 1, "one").await, Ok(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_units_that_deadlock_both_end_well() {
    let bed = Bed::postgres().await;
    note(&bed.db, 1, "one").await.unwrap();
    note(&bed.db, 2, "two").await.unwrap();
    let (meet, tries) = (Arc::new(Barrier::new(2)), Tries::default());
    let units = [(1, 2), (2, 1)].map(|(first, second): (i64, i64)| {
        let (db, meet, tries) = (bed.db.clone(), meet.clone(), tries.clone());
        tokio::spawn(async move {
            db.write(move |tx| {
                let touch = |id: i64| sql!("UPDATE note SET body = body || '!' WHERE id = ?", id);
                tx.run(touch(first))?;
                if tries.next() <= 2 {
                    meet.wait();
                }
                tx.run(touch(second))
            })
            .await
        })
    });
    for unit in units {
        assert_eq!(unit.await.unwrap(), Ok(1));
    }
    assert!(tries.made() > 2);
    assert_eq!(bed.notes().await, ["one!!", "two!!"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_lost_inside_a_unit_is_replaced() {
    let bed = Bed::postgres().await;
    let tries = Tries::default();
    let counted = tries.clone();
    let written = bed.db.write(move |tx| {
        tx.run(sql!("INSERT INTO note (id, body) VALUES (1, 'one')"))?;
        if counted.next() == 1 {
            tx.all::<()>(sql!("SELECT pg_terminate_backend(pg_backend_pid())"))?;
        }
        tx.run(sql!("INSERT INTO note (id, body) VALUES (2, 'two')"))
    });
    assert_eq!(written.await, Ok(1));
    assert_eq!(tries.made(), 2);
    assert_eq!(bed.notes().await, ["one", "two"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_survives_the_loss_of_idle_connections() {
    let bed = Bed::postgres().await;
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let database = tokio_postgres::connect(&bed.settings.url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(database.1);
    for _ in 0..20 {
        bed.notes().await;
        database.0.batch_execute(cut).await.unwrap();
    }
    assert!(bed.notes().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_without_an_answer_has_an_unknown_outcome() {
    let server = Postgres::start().unwrap();
    let database = server.empty().await.unwrap();
    let direct = Settings::new(database.url());
    let bed = Bed::make(direct, bed::Place::Database { _database: database }).await;
    let wire = Proxy::cutting_after("COMMIT\0", server.folder());
    let path = |folder: &std::path::Path| folder.display().to_string().replace('/', "%2F");
    let url = bed.settings.url.replace(&path(server.folder()), &path(wire.folder()));
    assert_ne!(url, bed.settings.url);
    let db = Db::open(&Settings::new(url)).await.unwrap();
    let tries = Tries::default();
    let counted = tries.clone();
    let written = db.write(move |tx| {
        counted.next();
        tx.run(sql!("INSERT INTO note (id, body) VALUES (1, 'one')"))
    });
    assert_eq!(written.await, Err(Error::UnknownOutcome));
    assert_eq!(tries.made(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_prepared_for_a_pooler_to_lose() {
    let (settings, place) = bed::postgres().await;
    let bed = Bed::make(Settings { pool_size: 1, ..settings }, place).await;
    note(&bed.db, 1, "one").await.unwrap();
    bed.notes().await;
    let count = sql!("SELECT count(*) AS n FROM pg_prepared_statements");
    let mut row: Row = bed.db.read(move |conn| conn.one(count)).await.unwrap();
    assert_eq!(row.get("n"), Ok(0_i64));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_connection_goes_back_inside_a_transaction() {
    let (settings, place) = bed::postgres().await;
    let bed = Bed::make(Settings { pool_size: 1, ..settings }, place).await;
    let open = "SELECT state FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'";
    let outside = tokio_postgres::connect(&bed.settings.url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(outside.1);
    bed.notes().await;
    bed.db.read(|conn| conn.all::<Row>(sql!("SELECT nonsense"))).await.unwrap_err();
    bed.db.write(|tx| tx.run(sql!("nonsense"))).await.unwrap_err();
    bed.db.write(|_| -> Result<(), Error> { panic!("on purpose") }).await.unwrap_err();
    bed.db.read(|_| -> Result<(), Error> { panic!("on purpose") }).await.unwrap_err();
    // The end of a read is sent without waiting for its answer.
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(outside.0.query(open, &[]).await.unwrap().is_empty());
    assert_eq!(note(&bed.db, 1, "one").await, Ok(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_that_takes_too_long_is_ended() {
    let (settings, place) = bed::postgres().await;
    let bed = Bed::make(Settings { statement_timeout: Duration::from_millis(100), ..settings }, place).await;
    let slow = Error::Unavailable("the statement ran out of time".into());
    let asked = Instant::now();
    assert_eq!(bed.db.read(|conn| conn.all::<()>(sql!("SELECT pg_sleep(20)"))).await, Err(slow.clone()));
    assert_eq!(bed.db.write(|tx| tx.all::<()>(sql!("SELECT pg_sleep(20)"))).await, Err(slow));
    assert!(asked.elapsed() < Duration::from_secs(5));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_that_is_held_too_long_is_not_waited_for() {
    let (settings, place) = bed::postgres().await;
    let bed = Bed::make(Settings { lock_timeout: Duration::from_millis(100), ..settings }, place).await;
    let (holder, held) = tokio_postgres::connect(&bed.settings.url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(held);
    holder.batch_execute("BEGIN; LOCK TABLE note").await.unwrap();
    let locked = Error::Unavailable("a lock was not free in time".into());
    assert_eq!(note(&bed.db, 1, "one").await, Err(locked));
    holder.batch_execute("COMMIT").await.unwrap();
    assert_eq!(note(&bed.db, 1, "one").await, Ok(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_that_dawdles_inside_its_transaction_is_not_committed() {
    let (settings, place) = bed::postgres().await;
    let bed = Bed::make(Settings { idle_timeout: Duration::from_millis(50), ..settings }, place).await;
    let tries = Tries::default();
    let counted = tries.clone();
    let written = bed.db.write(move |tx| {
        tx.run(sql!("INSERT INTO note (id, body) VALUES (1, 'one')"))?;
        if counted.next() == 1 {
            std::thread::sleep(Duration::from_millis(300));
        }
        tx.run(sql!("INSERT INTO note (id, body) VALUES (2, 'two')"))
    });
    assert_eq!(written.await, Ok(1));
    assert_eq!(tries.made(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_not_there_is_told_at_once() {
    let url = format!("{}/nowhere", Postgres::shared().unwrap());
    let asked = Instant::now();
    let error = Db::open(&Settings::new(url)).await.err().unwrap();
    assert!(error.to_string().contains("\"nowhere\" does not exist"), "{error}");
    assert!(asked.elapsed() < Duration::from_secs(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_folder_is_a_host_in_either_spelling() {
    let (settings, _place) = bed::postgres().await;
    let (server, name) = settings.url.rsplit_once('/').unwrap();
    let folder = server.rsplit_once('@').unwrap().1.replace("%2F", "/");
    let db = Db::open(&Settings::new(format!("postgres:///{name}?host={folder}&user=postgres"))).await.unwrap();
    db.ping().await.unwrap();
}
