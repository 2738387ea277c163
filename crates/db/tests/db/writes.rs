//! What a write promises on both engines.

use std::{
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};

use db::{Engine, Error, Row, Rule, sql};

use crate::bed::{Bed, note, on_both_engines};

on_both_engines! {
    a_write_is_kept_and_answers_what_its_function_answers
    an_error_from_the_function_undoes_its_rows
    a_failed_statement_undoes_the_unit_even_when_the_function_goes_on
    a_failed_statement_is_the_answer_of_those_after_it
    a_panic_undoes_its_rows_and_is_told
    units_that_fail_leave_their_neighbours_alone
    a_caller_who_goes_away_does_not_cut_the_transaction
    the_number_of_rows_changed_is_told
    a_broken_unique_rule_is_named
    every_kind_of_rule_is_told_apart
    errors_do_not_show_values
    a_wrong_number_of_parameters_is_refused
    text_with_nul_is_refused
    closing_lets_running_units_end
    a_closed_database_says_so
    ping_answers
}

async fn a_write_is_kept_and_answers_what_its_function_answers(bed: Bed) {
    let answer: Result<&str, Error> = bed
        .db
        .write(|tx| {
            tx.run(sql!("INSERT INTO note (id, body) VALUES (?, ?)", 1, "one"))?;
            Ok("done")
        })
        .await;
    assert_eq!(answer, Ok("done"));
    assert_eq!(bed.notes().await, ["one"]);
}

#[derive(Debug, PartialEq)]
enum Refusal {
    Rule,
    Database(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Refusal {
        Refusal::Database(error)
    }
}

async fn an_error_from_the_function_undoes_its_rows(bed: Bed) {
    let answer: Result<(), Refusal> = bed
        .db
        .write(|tx| {
            tx.run(sql!("INSERT INTO note (id, body) VALUES (1, 'one')"))?;
            Err(Refusal::Rule)
        })
        .await;
    assert_eq!(answer, Err(Refusal::Rule));
    assert!(bed.notes().await.is_empty());
}

async fn a_failed_statement_undoes_the_unit_even_when_the_function_goes_on(bed: Bed) {
    note(&bed.db, 1, "one").await.unwrap();
    let answer: Result<(), Refusal> = bed
        .db
        .write(|tx| {
            tx.run(sql!("INSERT INTO note (id, body) VALUES (2, 'two')"))?;
            let _ = tx.run(sql!("INSERT INTO note (id, body) VALUES (1, 'again')"));
            Ok(())
        })
        .await;
    assert!(matches!(answer, Err(Refusal::Database(Error::Constraint { .. }))), "{answer:?}");
    assert_eq!(bed.notes().await, ["one"]);
}

async fn a_failed_statement_is_the_answer_of_those_after_it(bed: Bed) {
    let answer: Result<(), Error> = bed
        .db
        .write(|tx| {
            let first = tx.run(sql!("INSERT INTO note (id, body) VALUES (1, NULL)")).unwrap_err();
            let second = tx.all::<Row>(sql!("SELECT id FROM note")).unwrap_err();
            assert_eq!(first, second);
            Ok(())
        })
        .await;
    assert!(matches!(answer, Err(Error::Constraint { rule: Rule::NotNull, .. })), "{answer:?}");
}

async fn a_panic_undoes_its_rows_and_is_told(bed: Bed) {
    let answer: Result<(), Error> = bed
        .db
        .write(|tx| {
            tx.run(sql!("INSERT INTO note (id, body) VALUES (1, 'one')"))?;
            panic!("on purpose");
        })
        .await;
    assert_eq!(answer, Err(Error::Panicked));
    assert!(bed.notes().await.is_empty());
    assert_eq!(note(&bed.db, 2, "two").await, Ok(1));
}

async fn units_that_fail_leave_their_neighbours_alone(bed: Bed) {
    let units = (0..60).map(|id: i64| {
        let db = bed.db.clone();
        tokio::spawn(async move {
            db.write(move |tx| {
                tx.run(sql!("INSERT INTO note (id, body) VALUES (?, ?)", id, format!("note {id}")))?;
                match id % 3 {
                    0 => Ok(()),
                    1 => tx.run(sql!("INSERT INTO note (id, body) VALUES (?, NULL)", -id)).map(drop),
                    _ => panic!("on purpose"),
                }
            })
            .await
        })
    });
    for (id, unit) in units.collect::<Vec<_>>().into_iter().enumerate() {
        assert_eq!(unit.await.unwrap().is_ok(), id % 3 == 0, "unit {id}");
    }
    let kept: Vec<String> = (0..60).step_by(3).map(|id| format!("note {id}")).collect();
    assert_eq!(bed.notes().await, kept);
}

async fn a_caller_who_goes_away_does_not_cut_the_transaction(bed: Bed) {
    let (begun, begins) = mpsc::channel();
    let (go, gate) = mpsc::channel();
    let gate = Mutex::new(gate);
    let db = bed.db.clone();
    let caller = tokio::spawn(async move {
        db.write(move |tx| {
            tx.run(sql!("INSERT INTO note (id, body) VALUES (1, 'first half')"))?;
            begun.send(()).unwrap();
            gate.lock().unwrap().recv().unwrap();
            tx.run(sql!("INSERT INTO note (id, body) VALUES (2, 'second half')"))
        })
        .await
    });
    tokio::task::block_in_place(|| begins.recv()).unwrap();
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());
    go.send(()).unwrap();
    bed.db.clone().close().await;
    let db = db::Db::open(&bed.settings).await.unwrap();
    assert_eq!(crate::bed::notes(&db).await, ["first half", "second half"]);
}

async fn the_number_of_rows_changed_is_told(bed: Bed) {
    let counts: Result<Vec<u64>, Error> = bed
        .db
        .write(|tx| {
            Ok(vec![
                tx.run(sql!("INSERT INTO note (id, body) VALUES (1, 'a'), (2, 'b')"))?,
                tx.run(sql!("UPDATE note SET body = 'c' WHERE id = 3"))?,
                tx.run(sql!("INSERT INTO note (id, body) VALUES (4, 'd') RETURNING id"))?,
                tx.run(sql!("CREATE TABLE other (id integer)"))?,
                tx.run(sql!("INSERT INTO note (id, body) VALUES (1, 'e') ON CONFLICT (id) DO NOTHING"))?,
                tx.run(sql!("DELETE FROM note"))?,
            ])
        })
        .await;
    assert_eq!(counts, Ok(vec![2, 0, 1, 0, 0, 3]));
}

async fn a_broken_unique_rule_is_named(bed: Bed) {
    note(&bed.db, 1, "one").await.unwrap();
    let name = match bed.db.engine() {
        Engine::Sqlite => "note.body",
        Engine::Postgres => "note_body_key",
    };
    let expected = Error::Constraint { rule: Rule::Unique, name: name.into() };
    assert_eq!(note(&bed.db, 2, "one").await, Err(expected));
}

async fn every_kind_of_rule_is_told_apart(bed: Bed) {
    let made = bed.db.write(|tx| {
        tx.run(sql!("CREATE TABLE parent (id bigint PRIMARY KEY)"))?;
        tx.run(sql!(
            "CREATE TABLE child (parent bigint NOT NULL REFERENCES parent, age bigint CONSTRAINT grown CHECK (age > 17))"
        ))
    });
    made.await.unwrap();
    let broken = async |text: &'static str| match bed.db.write(move |tx| tx.run(sql!(text))).await {
        Err(Error::Constraint { rule, name }) => (rule, name),
        other => panic!("{other:?}"),
    };
    assert_eq!(broken("INSERT INTO child (parent, age) VALUES (7, 20)").await.0, Rule::ForeignKey);
    assert_eq!(broken("INSERT INTO child (parent, age) VALUES (7, 3)").await, (Rule::Check, "grown".into()));
    assert_eq!(broken("INSERT INTO child (age) VALUES (20)").await, (Rule::NotNull, "child.parent".into()));
}

async fn errors_do_not_show_values(bed: Bed) {
    note(&bed.db, 1, "sesame").await.unwrap();
    let texts = [
        "INSERT INTO note (id, body) VALUES (2, ?)",
        "INSERT INTO note (id, body) VALUES (CAST(? AS bigint) + 'x', NULL)",
        "INSERT INTO nowhere (body) VALUES (?)",
        "SELECT id FROM note WHERE body = ? AND",
    ];
    for text in texts {
        let error = bed.db.write(move |tx| tx.run(sql!(text, "sesame"))).await.unwrap_err();
        assert!(!format!("{error:?} {error}").contains("sesame"), "{error:?}");
    }
    let statement = sql!("SELECT ?", "sesame");
    assert_eq!(format!("{statement:?}"), r#"Statement("SELECT ?", 1 parameters)"#);
}

async fn a_wrong_number_of_parameters_is_refused(bed: Bed) {
    for statement in [sql!("SELECT id FROM note WHERE id = ?"), sql!("SELECT id FROM note", 1)] {
        let error = bed.db.read(move |conn| conn.all::<Row>(statement)).await.unwrap_err();
        assert!(matches!(&error, Error::Shape(text) if text.contains("parameters")), "{error}");
    }
}

async fn text_with_nul_is_refused(bed: Bed) {
    let error = note(&bed.db, 1, "a\0b").await.unwrap_err();
    assert!(matches!(&error, Error::Shape(text) if text.starts_with("text with NUL in parameter 2")), "{error}");
}

async fn closing_lets_running_units_end(bed: Bed) {
    let (begun, begins) = mpsc::channel();
    let db = bed.db.clone();
    let unit = tokio::spawn(async move {
        db.write(move |tx| {
            begun.send(()).unwrap();
            std::thread::sleep(Duration::from_millis(100));
            tx.run(sql!("INSERT INTO note (id, body) VALUES (1, 'late')"))
        })
        .await
    });
    tokio::task::block_in_place(|| begins.recv()).unwrap();
    bed.db.clone().close().await;
    assert_eq!(unit.await.unwrap(), Ok(1));
}

async fn a_closed_database_says_so(bed: Bed) {
    bed.db.clone().close().await;
    let closed = Error::Unavailable("it has been closed".into());
    assert_eq!(note(&bed.db, 1, "one").await, Err(closed.clone()));
    assert_eq!(bed.db.ping().await, Err(closed));
    bed.db.clone().close().await;
}

async fn ping_answers(bed: Bed) {
    let many = Arc::new(bed);
    for _ in 0..20 {
        many.db.ping().await.unwrap();
    }
}
