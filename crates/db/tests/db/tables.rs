//! What whole tables promise on both engines.

#![allow(clippy::redundant_closure_for_method_calls, reason = "the bare method is not general enough in its lifetimes")]

use db::{Db, Error, Kind, Migration, Row, Table, Value, sql};
use uuid::Uuid;

use crate::bed::{Bed, on_both_engines};

on_both_engines! {
    tables_are_described_with_their_columns_and_keys
    rows_come_in_the_order_of_the_key_and_go_in_again
    a_load_minds_no_order_of_tables
    a_load_with_a_reference_that_leads_nowhere_is_not_kept
    a_load_that_says_no_keeps_nothing
    counting_goes_on_after_what_was_loaded
    rows_that_do_not_fit_are_refused
    references_hold_after_a_load
    a_reader_may_stop_in_the_middle
    references_are_described_and_rows_chosen_by_a_condition
}

const THINGS: Migration = Migration {
    number: 2,
    name: "things",
    sql: "CREATE TABLE thing (id {uuid} PRIMARY KEY, next {uuid} REFERENCES thing (id), hash {bytes}, open {bool} NOT NULL) {strict};
        CREATE TABLE mark (thing {uuid} NOT NULL REFERENCES thing (id), at {time} NOT NULL, PRIMARY KEY (at, thing)) {strict};
        CREATE TABLE tick (id {serial}, said {text}) {strict};",
};

async fn described(bed: &Bed) -> Vec<Table> {
    bed.db.migrate(&[crate::bed::NOTES, THINGS]).await.unwrap();
    bed.db.read(|conn| conn.tables()).await.unwrap()
}

async fn table(bed: &Bed, name: &str) -> Table {
    described(bed).await.into_iter().find(|table| table.name == name).unwrap()
}

async fn rows(db: &Db, table: &Table) -> Vec<Vec<Value>> {
    let table = table.clone();
    let read = db.read(move |conn| {
        let mut rows = Vec::new();
        conn.each_row(&table, |row| {
            rows.push(row);
            Ok::<_, Error>(())
        })?;
        Ok::<_, Error>(rows)
    });
    read.await.unwrap()
}

async fn fill(db: &Db, table: &Table, rows: Vec<Vec<Value>>) -> Result<(), Error> {
    let table = table.clone();
    db.load(move |tx| tx.fill(&table, rows)).await
}

fn id(n: u8) -> Value {
    Value::Bytes([n; 16].to_vec())
}

async fn tables_are_described_with_their_columns_and_keys(bed: Bed) {
    let tables = described(&bed).await;
    let names: Vec<_> = tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names, ["mark", "note", "thing", "tick"]);
    assert_eq!(tables[0].key, ["at", "thing"]);
    let columns: Vec<_> = tables[2].columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(columns, ["id", "next", "hash", "open"]);
    let kinds: Vec<_> = tables[2].columns.iter().map(|column| column.kind).collect();
    match bed.db.engine() {
        db::Engine::Sqlite => assert_eq!(kinds, [Kind::Bytes, Kind::Bytes, Kind::Bytes, Kind::Int]),
        db::Engine::Postgres => assert_eq!(kinds, [Kind::Uuid, Kind::Uuid, Kind::Bytes, Kind::Bool]),
    }
}

async fn rows_come_in_the_order_of_the_key_and_go_in_again(bed: Bed) {
    let thing = table(&bed, "thing").await;
    let given = vec![
        vec![id(3), Value::Null, Value::Bytes(vec![0, 255]), Value::Int(1)],
        vec![Value::Uuid(Uuid::from_bytes([1; 16])), id(3), Value::Null, Value::Bool(false)],
    ];
    fill(&bed.db, &thing, given).await.unwrap();
    let found = rows(&bed.db, &thing).await;
    assert_eq!(found.len(), 2);
    let first: Uuid = found[0][0].clone().try_into().unwrap();
    assert_eq!((first, found[1][2].clone()), (Uuid::from_bytes([1; 16]), Value::Bytes(vec![0, 255])));
    let open: Vec<bool> = found.iter().map(|row| row[3].clone().try_into().unwrap()).collect();
    assert_eq!(open, [false, true]);
    let again = thing.clone();
    bed.db.load(move |tx| tx.clear(&again)).await.unwrap();
    assert!(rows(&bed.db, &thing).await.is_empty());
    let turned = thing.in_order(&["open", "hash", "next", "id"]).unwrap();
    fill(&bed.db, &turned, found.iter().map(|row| row.iter().rev().cloned().collect()).collect()).await.unwrap();
    assert_eq!(rows(&bed.db, &thing).await, found);
}

async fn a_load_minds_no_order_of_tables(bed: Bed) {
    let (mark, thing) = (table(&bed, "mark").await, table(&bed, "thing").await);
    let many: Vec<_> = (0..2_000).map(|at| vec![id(9), Value::Int(at)]).collect();
    let counted = mark.clone();
    let loaded = bed.db.load(move |tx| {
        tx.fill(&mark, many)?;
        tx.fill(
            &thing,
            vec![vec![id(8), id(9), Value::Null, Value::Int(0)], vec![id(9), id(8), Value::Null, Value::Int(0)]],
        )
    });
    loaded.await.unwrap();
    assert_eq!(bed.db.read(move |conn| conn.count_rows(&counted)).await, Ok(2_000));
}

async fn a_load_with_a_reference_that_leads_nowhere_is_not_kept(bed: Bed) {
    let mark = table(&bed, "mark").await;
    let refused = fill(&bed.db, &mark, vec![vec![id(9), Value::Int(1)]]).await;
    assert!(matches!(refused, Err(Error::Constraint { rule: db::Rule::ForeignKey, .. })), "{refused:?}");
    assert!(rows(&bed.db, &mark).await.is_empty());
}

async fn a_load_that_says_no_keeps_nothing(bed: Bed) {
    let note = table(&bed, "note").await;
    let filled = note.clone();
    let refused = bed.db.load(move |tx| {
        tx.fill(&filled, vec![vec![Value::Int(1), Value::Text("lost".into())]])?;
        Err::<(), _>(Error::Shape("no".into()))
    });
    assert_eq!(refused.await, Err(Error::Shape("no".into())));
    assert!(rows(&bed.db, &note).await.is_empty());
}

async fn counting_goes_on_after_what_was_loaded(bed: Bed) {
    let tick = table(&bed, "tick").await;
    fill(&bed.db, &tick, vec![vec![Value::Int(41), Value::Null]]).await.unwrap();
    let next =
        bed.db.write(|tx| tx.one::<Row>(sql!("INSERT INTO tick (said) VALUES ('x') RETURNING id"))?.get::<i64>("id"));
    assert_eq!(next.await, Ok(42));
}

async fn rows_that_do_not_fit_are_refused(bed: Bed) {
    let thing = table(&bed, "thing").await;
    for row in [
        vec![id(1)],
        vec![Value::Int(1), Value::Null, Value::Null, Value::Int(0)],
        vec![id(1), id(1), id(1), Value::Text("no".into())],
    ] {
        let refused = fill(&bed.db, &thing, vec![row]).await;
        assert!(matches!(refused, Err(Error::Shape(_))), "{refused:?}");
    }
    assert!(thing.in_order(&["id", "next", "hash"]).is_err());
    assert!(thing.in_order(&["id", "next", "hash", "id"]).is_err(), "each of them once");
}

async fn references_hold_after_a_load(bed: Bed) {
    let thing = table(&bed, "thing").await;
    fill(&bed.db, &thing, Vec::new()).await.unwrap();
    let lost = Uuid::from_bytes([4; 16]);
    let refused = bed.db.write(move |tx| tx.run(sql!("INSERT INTO mark (thing, at) VALUES (?, 1)", lost))).await;
    assert!(matches!(refused, Err(Error::Constraint { rule: db::Rule::ForeignKey, .. })), "{refused:?}");
}

async fn a_reader_may_stop_in_the_middle(bed: Bed) {
    let note = table(&bed, "note").await;
    let many = (0..3_000).map(|n| vec![Value::Int(n), Value::Text(format!("note {n}"))]).collect();
    fill(&bed.db, &note, many).await.unwrap();
    let stopped = bed.db.read(move |conn| {
        let mut seen = 0;
        let stopped = conn.each_row(&note, |_| {
            seen += 1;
            if seen == 7 { Err(Error::Shape("enough".into())) } else { Ok(()) }
        });
        assert_eq!(stopped, Err(Error::Shape("enough".into())));
        // The connection goes on.
        Ok::<_, Error>((seen, conn.count_rows(&note)?))
    });
    assert_eq!(stopped.await, Ok((7, 3_000)));
}

async fn references_are_described_and_rows_chosen_by_a_condition(bed: Bed) {
    let note = table(&bed, "note").await;
    let found = bed.db.read(|conn| conn.references()).await.unwrap();
    let words = |one: &db::Reference| format!("{}.{} {}.{}", one.table, one.column, one.parent, one.parent_column);
    assert_eq!(found.iter().map(words).collect::<Vec<_>>(), ["mark.thing thing.id", "thing.next thing.id"]);
    let rows = (1..=3).map(|n| vec![Value::Int(n), Value::Text(format!("note {n}"))]).collect();
    fill(&bed.db, &note, rows).await.unwrap();
    let cut = note.clone();
    let gone = bed.db.write(move |tx| tx.clear_where(&cut, "id < ?", vec![Value::Int(2)])).await;
    assert_eq!(gone, Ok(1));
    let seen = bed.db.read(move |conn| {
        let mut seen = Vec::new();
        conn.each_row_where(&note, "id > ?", vec![Value::Int(2)], |row| {
            seen.push(row);
            Ok::<_, Error>(())
        })?;
        Ok::<_, Error>(seen)
    });
    assert_eq!(seen.await, Ok(vec![vec![Value::Int(3), Value::Text("note 3".into())]]));
}
