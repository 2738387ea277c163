//! Values come back as they went in.

use std::fmt::Debug;

use db::{Error, Row, Value, sql};
use proptest::{
    prelude::{Strategy, any},
    test_runner::{Config, TestCaseError, TestRunner},
};
use tokio::runtime::Runtime;
use uuid::Uuid;

use crate::bed::Bed;

#[test]
fn integers_come_back_on_both_engines() {
    come_back("{int}", proptest::option::of(any::<i64>()));
}

#[test]
fn booleans_come_back_on_both_engines() {
    come_back("{bool}", proptest::option::of(any::<bool>()));
}

#[test]
fn text_comes_back_on_both_engines() {
    come_back(
        "{text}",
        proptest::option::of(any::<String>().prop_filter("NUL is refused", |text| !text.contains('\0'))),
    );
}

#[test]
fn bytes_come_back_on_both_engines() {
    come_back("{bytes}", proptest::option::of(any::<Vec<u8>>()));
}

#[test]
fn uuids_come_back_on_both_engines() {
    come_back("{uuid}", proptest::option::of(any::<u128>().prop_map(Uuid::from_u128)));
}

/// Writes a value, finds it by its value, and reads it.
fn come_back<T>(mark: &'static str, values: impl Strategy<Value = Option<T>>)
where
    T: Clone + Debug + PartialEq + Into<Value> + Send + Sync + 'static,
    Option<T>: TryFrom<Value, Error = Error>,
{
    let runtime = Runtime::new().unwrap();
    for bed in [runtime.block_on(Bed::sqlite()), runtime.block_on(Bed::postgres())] {
        let table: &'static str = Box::leak(format!("CREATE TABLE held (value {mark}) {{strict}}").into_boxed_str());
        let migration = db::Migration { number: 2, name: "held", sql: table };
        runtime.block_on(bed.db.migrate(&[crate::bed::NOTES, migration])).unwrap();
        let mut runner = TestRunner::new(Config { cases: 64, failure_persistence: None, ..Config::default() });
        let checked = runner.run(&values, |value| {
            let back = runtime.block_on(write_and_find(&bed, value.clone()));
            if back == Ok(value) { Ok(()) } else { Err(TestCaseError::fail(format!("{back:?} came back"))) }
        });
        checked.unwrap();
    }
}

async fn write_and_find<T>(bed: &Bed, value: Option<T>) -> Result<Option<T>, Error>
where
    T: Clone + Into<Value> + Send + Sync + 'static,
    Option<T>: TryFrom<Value, Error = Error>,
{
    let found = bed.db.write(move |tx| {
        tx.run(sql!("DELETE FROM held"))?;
        tx.run(sql!("INSERT INTO held (value) VALUES (?)", value.clone()))?;
        tx.one::<Row>(match &value {
            Some(value) => sql!("SELECT value FROM held WHERE value = ?", value.clone().into()),
            None => sql!("SELECT value FROM held WHERE value IS NULL"),
        })
    });
    found.await?.get("value")
}

#[tokio::test(flavor = "multi_thread")]
async fn small_integers_and_names_of_postgres_are_read() {
    let bed = Bed::postgres().await;
    let text = "SELECT CAST(1 AS smallint) AS a, CAST(2 AS integer) AS b, CAST('n' AS name) AS c, CAST('v' AS varchar(3)) AS d";
    let mut row: Row = bed.db.read(move |conn| conn.one(sql!(text))).await.unwrap();
    assert_eq!((row.get("a"), row.get("b")), (Ok(1_i64), Ok(2_i64)));
    assert_eq!((row.get("c"), row.get("d")), (Ok("n".to_owned()), Ok("v".to_owned())));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_column_of_another_type_is_named() {
    let cases = [
        (Bed::postgres().await, "SELECT sum(id) AS total FROM note", "column total has the type numeric"),
        (Bed::sqlite().await, "SELECT 0.5 AS half", "column half holds a floating-point number"),
    ];
    for (bed, text, expected) in cases {
        let error = bed.db.read(move |conn| conn.one::<Row>(sql!(text))).await;
        assert_eq!(error.unwrap_err().to_string(), expected);
    }
}

#[test]
fn what_does_not_fit_is_named_by_its_kind_alone() {
    let shape = |text: &str| Error::Shape(text.into());
    assert_eq!(i64::try_from(Value::from("secret")), Err(shape("expected an integer, found text")));
    assert_eq!(bool::try_from(Value::Int(2)), Err(shape("expected a boolean, found an integer")));
    assert_eq!(Uuid::try_from(Value::Bytes(vec![1; 15])), Err(shape("expected a uuid, found bytes")));
    assert_eq!(String::try_from(Value::Null), Err(shape("expected text, found null")));
}
