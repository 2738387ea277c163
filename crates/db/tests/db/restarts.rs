//! A server that goes away and comes back while people work.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use db::{Db, Error, Row, Settings, sql};
use testkit::postgres::Postgres;

use crate::bed::{NOTES, note, quick};

#[tokio::test(flavor = "multi_thread")]
async fn acknowledged_writes_outlive_a_fast_stop() {
    survive(Postgres::stop).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn acknowledged_writes_outlive_a_crash() {
    survive(Postgres::kill).await;
}

/// Eight writers and a reader go on while the server ends twice.
async fn survive(end: fn(&Postgres) -> anyhow::Result<()>) {
    let server = Arc::new(Postgres::start().unwrap());
    let database = server.empty().await.unwrap();
    let db = Db::open(&quick(Settings::new(database.url()))).await.unwrap();
    db.migrate(&[NOTES]).await.unwrap();
    let (ids, over) = (Arc::new(AtomicI64::new(0)), Arc::new(AtomicBool::new(false)));
    let writers: Vec<_> = (0..8).map(|_| tokio::spawn(keep_writing(db.clone(), ids.clone(), over.clone()))).collect();
    for _ in 0..2 {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let server = server.clone();
        let restarted = tokio::task::spawn_blocking(move || end(&server).and_then(|()| server.resume()));
        restarted.await.unwrap().unwrap();
        recovered(&db).await;
    }
    over.store(true, Ordering::SeqCst);
    let mut acknowledged = Vec::new();
    for writer in writers {
        acknowledged.extend(writer.await.unwrap());
    }
    let kept = written(&db).await;
    assert!(acknowledged.len() > 20, "only {} writes went through", acknowledged.len());
    let lost: Vec<_> = acknowledged.iter().filter(|id| kept.binary_search(id).is_err()).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
}

/// Writes until it is over; answers the ids of the writes that were acknowledged.
async fn keep_writing(db: Db, ids: Arc<AtomicI64>, over: Arc<AtomicBool>) -> Vec<i64> {
    let mut acknowledged = Vec::new();
    while !over.load(Ordering::SeqCst) {
        let id = ids.fetch_add(1, Ordering::SeqCst);
        match note(&db, id, &format!("note {id}")).await {
            Ok(_) => acknowledged.push(id),
            Err(Error::UnknownOutcome | Error::Unavailable(_)) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    acknowledged
}

/// The service comes back by itself.
async fn recovered(db: &Db) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while let Err(error) = db.ping().await {
        assert!(Instant::now() < deadline, "it did not come back: {error}");
    }
}

async fn written(db: &Db) -> Vec<i64> {
    let mut rows: Vec<Row> = db.read(|conn| conn.all(sql!("SELECT id FROM note ORDER BY id"))).await.unwrap();
    rows.iter_mut().map(|row| row.get("id").unwrap()).collect()
}
