//! Schema changes, once and in order.

use db::{Db, Error, Migration, Row, Rule, sql};

use crate::bed::{self, Bed, NOTES, note, on_both_engines};

const COLOURS: Migration = Migration {
    number: 2,
    name: "colours",
    sql: "ALTER TABLE note ADD COLUMN colour {text} NOT NULL DEFAULT 'white'; CREATE INDEX note_colour ON note (colour);",
};

on_both_engines! {
    a_migration_runs_once
    a_later_migration_runs_on_the_rows_of_the_earlier
    a_changed_migration_is_refused
    a_missing_migration_is_refused
    a_migration_slipped_in_between_is_refused
    a_newer_database_is_refused
    numbers_that_do_not_rise_are_refused
    a_failing_migration_leaves_the_database_as_it_was
    nodes_that_migrate_at_once_wait_for_each_other
    every_type_mark_makes_a_column
}

async fn a_migration_runs_once(bed: Bed) {
    note(&bed.db, 1, "one").await.unwrap();
    for _ in 0..3 {
        bed.db.migrate(&[NOTES]).await.unwrap();
    }
    assert_eq!(bed.notes().await, ["one"]);
}

async fn a_later_migration_runs_on_the_rows_of_the_earlier(bed: Bed) {
    note(&bed.db, 1, "one").await.unwrap();
    bed.db.migrate(&[NOTES, COLOURS]).await.unwrap();
    let mut row: Row = bed.db.read(|conn| conn.one(sql!("SELECT colour FROM note"))).await.unwrap();
    assert_eq!(row.get("colour"), Ok("white".to_owned()));
}

async fn a_changed_migration_is_refused(bed: Bed) {
    let changed = Migration { sql: "CREATE TABLE note (id {int})", ..NOTES };
    let expected = Error::Changed { number: 1, name: "notes".into() };
    assert_eq!(bed.db.migrate(&[changed]).await, Err(expected));
}

async fn a_missing_migration_is_refused(bed: Bed) {
    let expected = Error::Changed { number: 1, name: "notes".into() };
    assert_eq!(bed.db.migrate(&[COLOURS]).await, Err(expected));
}

async fn a_migration_slipped_in_between_is_refused(bed: Bed) {
    let late = Migration { number: 3, ..COLOURS };
    bed.db.migrate(&[NOTES, late]).await.unwrap();
    let expected = Error::Changed { number: 3, name: "colours".into() };
    let between = Migration { number: 2, name: "between", sql: "SELECT 1" };
    assert_eq!(bed.db.migrate(&[NOTES, between, late]).await, Err(expected));
}

async fn a_newer_database_is_refused(bed: Bed) {
    bed.db.migrate(&[NOTES, COLOURS]).await.unwrap();
    assert_eq!(bed.db.migrate(&[NOTES]).await, Err(Error::Newer { found: 2, known: 1 }));
}

async fn numbers_that_do_not_rise_are_refused(bed: Bed) {
    let twice = Migration { number: 1, ..COLOURS };
    let expected = Error::Shape("migration 1 is out of order".into());
    assert_eq!(bed.db.migrate(&[NOTES, twice]).await, Err(expected));
}

async fn a_failing_migration_leaves_the_database_as_it_was(bed: Bed) {
    let broken = Migration { number: 3, name: "broken", sql: "CREATE TABLE half (id {int}); SELECT nonsense;" };
    assert!(matches!(bed.db.migrate(&[NOTES, COLOURS, broken]).await, Err(Error::Sql { .. })));
    for gone in [sql!("SELECT id FROM half"), sql!("SELECT colour FROM note")] {
        assert!(matches!(bed.db.read(move |conn| conn.all::<Row>(gone)).await, Err(Error::Sql { .. })));
    }
    bed.db.migrate(&[NOTES, COLOURS]).await.unwrap();
}

async fn nodes_that_migrate_at_once_wait_for_each_other(bed: Bed) {
    let mut nodes = Vec::new();
    for _ in 0..4 {
        let node = Db::open(&bed.settings).await.unwrap();
        nodes.push(tokio::spawn(async move { node.migrate(&[NOTES, COLOURS]).await }));
    }
    for node in nodes {
        assert_eq!(node.await.unwrap(), Ok(()));
    }
    let mut row: Row = bed.db.read(|conn| conn.one(sql!("SELECT count(*) AS n FROM schema_migration"))).await.unwrap();
    assert_eq!(row.get("n"), Ok(2_i64));
}

async fn every_type_mark_makes_a_column(bed: Bed) {
    let all = Migration {
        number: 2,
        name: "all",
        sql: "CREATE TABLE every (a {serial}, b {uuid}, c {bytes}, d {int}, e {time}, f {bool}, g {text}) {strict}",
    };
    bed.db.migrate(&[NOTES, all]).await.unwrap();
    let written = bed.db.write(|tx| {
        tx.run(sql!(
            "INSERT INTO every (b, c, d, e, f, g) VALUES (?, ?, ?, ?, ?, ?)",
            uuid::Uuid::nil(),
            [1_u8, 2],
            3,
            4,
            true,
            "g"
        ))?;
        tx.one::<Row>(sql!("SELECT a, b, c, d, e, f, g FROM every"))
    });
    let mut row = written.await.unwrap();
    assert_eq!((row.get("a"), row.get("b")), (Ok(1_i64), Ok(uuid::Uuid::nil())));
    assert_eq!((row.get("c"), row.get("d"), row.get("e")), (Ok(vec![1_u8, 2]), Ok(3_i64), Ok(4_i64)));
    assert_eq!((row.get("f"), row.get("g")), (Ok(true), Ok("g".to_owned())));
}

#[tokio::test(flavor = "multi_thread")]
async fn text_sorts_by_byte_on_both_engines() {
    for bed in [Bed::sqlite().await, Bed::postgres().await] {
        for (id, body) in ["b", "É", "a", "B", "_"].into_iter().enumerate() {
            note(&bed.db, i64::try_from(id).unwrap(), body).await.unwrap();
        }
        let mut rows: Vec<Row> =
            bed.db.read(|conn| conn.all(sql!("SELECT body FROM note ORDER BY body"))).await.unwrap();
        let sorted: Vec<String> = rows.iter_mut().map(|row| row.get("body").unwrap()).collect();
        assert_eq!(sorted, ["B", "_", "a", "b", "É"]);
    }
}

const ANSWERS: Migration = Migration {
    number: 2,
    name: "answers",
    sql: "CREATE TABLE answer (note {int} NOT NULL REFERENCES note ON DELETE CASCADE) {strict};",
};

#[tokio::test(flavor = "multi_thread")]
async fn a_table_is_rebuilt_under_its_references_on_sqlite() {
    let bed = Bed::sqlite().await;
    bed.db.migrate(&[NOTES, ANSWERS]).await.unwrap();
    note(&bed.db, 1, "one").await.unwrap();
    bed.db.write(|tx| tx.run(sql!("INSERT INTO answer (note) VALUES (1)"))).await.unwrap();
    let rebuilt = Migration {
        number: 3,
        name: "rebuild",
        sql: "CREATE TABLE fresh (id {int} PRIMARY KEY, body {text}) {strict};
              INSERT INTO fresh SELECT id, body FROM note;
              DROP TABLE note;
              ALTER TABLE fresh RENAME TO note;",
    };
    bed.db.migrate(&[NOTES, ANSWERS, rebuilt]).await.unwrap();
    assert_eq!(bed.db.read(|conn| conn.one::<()>(sql!("SELECT note FROM answer"))).await, Ok(()));
    let dangling = bed.db.write(|tx| tx.run(sql!("INSERT INTO answer (note) VALUES (2)"))).await;
    assert!(matches!(dangling, Err(Error::Constraint { rule: Rule::ForeignKey, .. })), "{dangling:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reference_to_nowhere_fails_the_migration_on_sqlite() {
    let bed = Bed::sqlite().await;
    let dangling = Migration { number: 3, name: "dangling", sql: "INSERT INTO answer (note) VALUES (7);" };
    let expected = Error::Constraint { rule: Rule::ForeignKey, name: "answer to note".into() };
    assert_eq!(bed.db.migrate(&[NOTES, ANSWERS, dangling]).await, Err(expected));
    bed.db.migrate(&[NOTES, ANSWERS]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_still_empty_is_migrated_by_two_nodes() {
    let (settings, _place) = bed::postgres().await;
    let (one, two) = (Db::open(&settings).await.unwrap(), Db::open(&settings).await.unwrap());
    let (first, second) = tokio::join!(one.migrate(&[NOTES]), two.migrate(&[NOTES]));
    assert_eq!((first, second), (Ok(()), Ok(())));
}
