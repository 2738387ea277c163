//! What is special about one writer that shares its commits.

use std::{
    fs,
    path::PathBuf,
    sync::{Arc, Mutex, mpsc},
    time::{Duration, Instant},
};

use db::{Db, Error, Settings, sql};
use tokio::task::JoinHandle;

use crate::bed::{self, Bed, note, notes};

/// Holds the writer in a unit of its own until it is told to go on.
struct Hold {
    go: mpsc::Sender<()>,
    unit: JoinHandle<Result<(), Error>>,
}

impl Hold {
    fn on(db: &Db) -> Hold {
        let (begun, begins) = mpsc::channel();
        let (go, gate) = mpsc::channel();
        let (db, gate) = (db.clone(), Mutex::new(gate));
        let unit = tokio::spawn(async move {
            db.write(move |_| {
                begun.send(()).unwrap();
                gate.lock().unwrap().recv().unwrap();
                // Longer than a batch takes on more units, so those that wait come into the next one together.
                std::thread::sleep(Duration::from_millis(50));
                Ok(())
            })
            .await
        });
        tokio::task::block_in_place(|| begins.recv()).unwrap();
        Hold { go, unit }
    }

    async fn release(self) {
        self.go.send(()).unwrap();
        self.unit.await.unwrap().unwrap();
    }
}

/// Puts units into the queue and waits until they are there.
async fn queue<F>(units: impl IntoIterator<Item = F>) -> Vec<JoinHandle<F::Output>>
where
    F: Future + Send + 'static,
    F::Output: Send,
{
    let units = units.into_iter().map(tokio::spawn).collect();
    tokio::time::sleep(Duration::from_millis(100)).await;
    units
}

fn path(settings: &Settings) -> PathBuf {
    settings.url.trim_start_matches("sqlite://").into()
}

/// Counts the transactions in the write-ahead log: in their last frame the size of the database is not 0.
fn commits(settings: &Settings) -> usize {
    let mut log = path(settings).into_os_string();
    log.push("-wal");
    let log = fs::read(log).unwrap();
    let page = u32::from_be_bytes(log[8..12].try_into().unwrap()) as usize;
    log[32..].chunks_exact(24 + page).filter(|frame| frame[4..8] != [0; 4]).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_who_wait_share_one_commit() {
    let bed = Bed::sqlite().await;
    let before = commits(&bed.settings);
    let hold = Hold::on(&bed.db);
    let units = (0..50).map(|id| {
        let db = bed.db.clone();
        async move { note(&db, id, &format!("note {id}")).await }
    });
    let units = queue(units).await;
    hold.release().await;
    for unit in units {
        assert_eq!(unit.await.unwrap(), Ok(1));
    }
    // One commit, or a few where the machine was busy with other things meanwhile.
    let shared = commits(&bed.settings) - before;
    assert!((1..10).contains(&shared), "{shared} commits for 50 units");
    assert_eq!(bed.notes().await.len(), 50);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_in_a_batch_hits_its_own_unit_alone() {
    let bed = Bed::sqlite().await;
    let before = commits(&bed.settings);
    let hold = Hold::on(&bed.db);
    let units = (0..9).map(|id: i64| {
        let db = bed.db.clone();
        async move {
            db.write(move |tx| {
                tx.run(sql!("INSERT INTO note (id, body) VALUES (?, ?)", id, format!("note {id}")))?;
                assert!(id != 4, "on purpose");
                Ok(())
            })
            .await
        }
    });
    let units = queue(units).await;
    hold.release().await;
    for (id, unit) in units.into_iter().enumerate() {
        let expected = if id == 4 { Err(Error::Panicked) } else { Ok(()) };
        assert_eq!(unit.await.unwrap(), expected, "unit {id}");
    }
    assert!(commits(&bed.settings) - before < 8, "no unit shared its commit");
    assert_eq!(bed.notes().await.len(), 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_fails_the_batch_and_the_next_one_starts_anew() {
    let bed = Bed::sqlite().await;
    let limited = bed.db.write(|tx| tx.one::<()>(sql!("PRAGMA max_page_count = 60")));
    limited.await.unwrap();
    let hold = Hold::on(&bed.db);
    let units = (0..5).map(|id: i64| {
        let db = bed.db.clone();
        let body = "x".repeat(if id == 2 { 1_000_000 } else { 10 }) + id.to_string().as_str();
        async move { note(&db, id, &body).await }
    });
    let units = queue(units).await;
    hold.release().await;
    let mut answers = Vec::new();
    for unit in units {
        answers.push(unit.await.unwrap());
    }
    // Those that came before the culprit or made it in after share its fate or not, but none is told a lie.
    assert_eq!(answers[2], Err(Error::Full));
    let kept = answers.iter().filter(|answer| answer.is_ok()).count();
    assert!(answers.iter().all(|answer| matches!(answer, Ok(1) | Err(Error::Full))), "{answers:?}");
    assert_eq!(bed.notes().await.len(), kept);
    assert_eq!(note(&bed.db, 9, "after").await, Ok(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn units_before_a_full_disk_are_not_told_that_they_were_kept() {
    let bed = Bed::sqlite().await;
    bed.db.write(|tx| tx.one::<()>(sql!("PRAGMA max_page_count = 60"))).await.unwrap();
    let hold = Hold::on(&bed.db);
    let small = queue([{
        let db = bed.db.clone();
        async move { note(&db, 1, "small").await }
    }])
    .await;
    let big = queue([{
        let db = bed.db.clone();
        async move { note(&db, 2, &"x".repeat(1_000_000)).await }
    }])
    .await;
    hold.release().await;
    for unit in small.into_iter().chain(big) {
        assert_eq!(unit.await.unwrap(), Err(Error::Full));
    }
    assert!(bed.notes().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_comes_after_the_commit() {
    let bed = Bed::sqlite().await;
    let other = rusqlite::Connection::open(path(&bed.settings)).unwrap();
    for id in 0..20_i64 {
        note(&bed.db, id, &format!("note {id}")).await.unwrap();
        let count: i64 = other.query_row("SELECT count(*) FROM note", [], |row| row.get(0)).unwrap();
        assert_eq!(count, id + 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_is_told_within_the_time_to_wait() {
    let (settings, place) = bed::sqlite();
    let settings = Settings { queue_length: 1, acquire_timeout: Duration::from_millis(200), ..settings };
    let bed = Bed::make(settings, place).await;
    let hold = Hold::on(&bed.db);
    let db = bed.db.clone();
    let waiting = queue([async move { note(&db, 1, "waits").await }]).await;
    let asked = Instant::now();
    let words = "the writer's queue was full for 200ms";
    assert_eq!(note(&bed.db, 2, "too many").await, Err(Error::Unavailable(words.into())));
    assert!(asked.elapsed() < Duration::from_secs(2));
    hold.release().await;
    for unit in waiting {
        assert_eq!(unit.await.unwrap(), Ok(1));
    }
    assert_eq!(bed.notes().await, ["waits"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_process_that_writes_is_waited_for_and_then_told() {
    let (settings, place) = bed::sqlite();
    let bed = Bed::make(Settings { lock_timeout: Duration::from_millis(200), ..settings }, place).await;
    let other = rusqlite::Connection::open(path(&bed.settings)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let busy = Error::Unavailable("another process holds the database".into());
    assert_eq!(note(&bed.db, 1, "one").await, Err(busy));
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(note(&bed.db, 1, "one").await, Ok(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_soon_see_what_another_process_has_written() {
    let bed = Bed::sqlite().await;
    assert!(bed.notes().await.is_empty());
    let other = rusqlite::Connection::open(path(&bed.settings)).unwrap();
    other.execute_batch("INSERT INTO note (id, body) VALUES (1, 'from elsewhere')").unwrap();
    let written = Instant::now();
    while bed.notes().await.is_empty() {
        assert!(written.elapsed() < Duration::from_secs(5));
    }
    assert_eq!(bed.notes().await, ["from elsewhere"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_begins_anew_however_much_is_read_between_writes() {
    let bed = Bed::sqlite().await;
    let megabyte = "x".repeat(1_000_000);
    for id in 0..40 {
        note(&bed.db, id, &format!("{id} {megabyte}")).await.unwrap();
        let found = bed.db.point(move |conn| conn.first::<()>(sql!("SELECT id FROM note WHERE id = ?", id))).await;
        assert_eq!(found, Ok(Some(())));
    }
    let log = fs::metadata(format!("{}-wal", path(&bed.settings).display())).unwrap().len();
    assert!(log < 20_000_000, "the log has {log} bytes after 40 MB of writes");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_that_takes_too_long_is_ended() {
    let (settings, place) = bed::sqlite();
    let settings = Settings { statement_timeout: Duration::from_millis(100), ..settings };
    let bed = Bed::make(settings, place).await;
    let endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)";
    let slow = Error::Unavailable("the statement ran out of time".into());
    let asked = Instant::now();
    let text = format!("{endless} SELECT max(i) AS i FROM n");
    assert_eq!(bed.db.read(move |conn| conn.all::<()>(sql!(text))).await, Err(slow.clone()));
    let text = format!("{endless} INSERT INTO note (id, body) SELECT max(i), 'x' FROM n");
    assert_eq!(bed.db.write(move |tx| tx.run(sql!(text.clone()))).await, Err(slow));
    assert!(asked.elapsed() < Duration::from_secs(5));
    // The clock stands still between statements.
    let slept = bed.db.write(|tx| {
        std::thread::sleep(Duration::from_millis(150));
        tx.run(sql!("INSERT INTO note (id, body) VALUES (1, 'one')"))
    });
    assert_eq!(slept.await, Ok(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_go_on_while_the_writer_is_busy() {
    let bed = Bed::sqlite().await;
    note(&bed.db, 1, "one").await.unwrap();
    let hold = Hold::on(&bed.db);
    assert_eq!(bed.notes().await, ["one"]);
    bed.db.ping().await.unwrap();
    hold.release().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_is_opened_as_promised() {
    let bed = Bed::sqlite().await;
    let pragmas: Result<Vec<i64>, Error> = bed
        .db
        .write(|tx| {
            let mut synchronous: db::Row = tx.one(sql!("PRAGMA synchronous"))?;
            let mut foreign_keys: db::Row = tx.one(sql!("PRAGMA foreign_keys"))?;
            Ok(vec![synchronous.get("synchronous")?, foreign_keys.get("foreign_keys")?])
        })
        .await;
    let (full, on) = (2, 1);
    assert_eq!(pragmas, Ok(vec![full, on]));
    let mut mode: db::Row = bed.db.read(|conn| conn.one(sql!("PRAGMA journal_mode"))).await.unwrap();
    assert_eq!(mode.get("journal_mode"), Ok("wal".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_writes_the_log_back_into_the_file() {
    let bed = Bed::sqlite().await;
    note(&bed.db, 1, "one").await.unwrap();
    bed.db.clone().close().await;
    let folder = path(&bed.settings).parent().unwrap().to_owned();
    let files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(files, ["notes.db"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn dropping_the_last_handle_keeps_what_was_asked_for() {
    let bed = Bed::sqlite().await;
    let db = Db::open(&bed.settings).await.unwrap();
    let many = Arc::new(db);
    let units: Vec<_> = (0..20)
        .map(|id| {
            let db = many.clone();
            tokio::spawn(async move { note(&db, id, &format!("note {id}")).await })
        })
        .collect();
    drop(many);
    for unit in units {
        unit.await.unwrap().unwrap();
    }
    assert_eq!(notes(&bed.db).await.len(), 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_not_there_is_named() {
    let error = Db::open(&Settings::new("sqlite:///no/such/folder/notes.db")).await.err().unwrap();
    assert!(error.to_string().contains("/no/such/folder/notes.db"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_of_another_kind_is_refused() {
    for url in ["", "mysql://host/db", "sqlite:", "sqlite::memory:"] {
        assert!(matches!(Db::open(&Settings::new(url)).await, Err(Error::Unavailable(_))), "{url}");
    }
}
