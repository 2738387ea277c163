//! Text that differs by engine inside one SQL text.

use db::{Engine, Row, sql};

use crate::bed::{Bed, note, on_both_engines};

on_both_engines! {
    a_mark_speaks_to_its_engine
    a_lock_is_taken_where_the_engine_has_locks
    question_marks_in_quotes_are_text
}

async fn a_mark_speaks_to_its_engine(bed: Bed) {
    let text = "SELECT /*pg: 'postgres' || */ /*lite: 'sqlite' || */ ? AS engine";
    let mut row: Row = bed.db.read(move |conn| conn.one(sql!(text, "!"))).await.unwrap();
    let expected = match bed.db.engine() {
        Engine::Sqlite => "sqlite!",
        Engine::Postgres => "postgres!",
    };
    assert_eq!(row.get("engine"), Ok(expected.to_owned()));
}

async fn a_lock_is_taken_where_the_engine_has_locks(bed: Bed) {
    note(&bed.db, 1, "one").await.unwrap();
    let locked = bed.db.write(|tx| tx.one::<()>(sql!("SELECT body FROM note WHERE id = ? /*pg: FOR UPDATE */", 1)));
    assert_eq!(locked.await, Ok(()));
}

async fn question_marks_in_quotes_are_text(bed: Bed) {
    let text = "SELECT 'what?' AS quoted, ? AS \"given?\" -- why?\n";
    let mut row: Row = bed.db.read(move |conn| conn.one(sql!(text, "that"))).await.unwrap();
    assert_eq!(row.get("quoted"), Ok("what?".to_owned()));
    assert_eq!(row.get("given?"), Ok("that".to_owned()));
}
