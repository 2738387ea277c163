//! Filters of case lists by fields.

use db::Value;
use domain::{field::FieldValue, id::FieldId};

use super::values::text_key;
use crate::Param;

/// What is wanted of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Some value.
    Filled,
    /// No value.
    Empty,
    /// Any of these; of several options one is enough.
    AnyOf(Vec<FieldValue>),
    /// A text or link that begins so, in any case.
    Begins(String),
    /// A number or day from this one on.
    From(FieldValue),
    /// A number or day up to this one.
    UpTo(FieldValue),
}

/// A condition on the column `case` that names a case, with its parameters. It reads an index of `case_value` alone.
pub fn condition(case: &str, field: FieldId, wanted: &Wanted) -> (String, Vec<Value>) {
    let own = |more: &str| format!("{case} IN (SELECT v.case_id FROM case_value v WHERE v.field = ?{more})");
    let field = field.value();
    match wanted {
        Wanted::Filled => (own(""), vec![field]),
        Wanted::Empty => (format!("NOT {}", own("")), vec![field]),
        Wanted::Begins(text) => {
            let key = text_key(text);
            // No text is greater than one that ends in the last of all characters.
            let end = format!("{key}\u{10FFFF}");
            (own(" AND v.text_key >= ? AND v.text_key <= ?"), vec![field, key.value(), end.value()])
        }
        Wanted::From(value) => compared(own, field, ">=", value),
        Wanted::UpTo(value) => compared(own, field, "<=", value),
        Wanted::AnyOf(values) => {
            let mut params = vec![field];
            let mut any = Vec::new();
            for (column, param) in values.iter().flat_map(same) {
                any.push(format!("v.{column} = ?"));
                params.push(param);
            }
            let any = if any.is_empty() { "FALSE".to_owned() } else { any.join(" OR ") };
            (own(&format!(" AND ({any})")), params)
        }
    }
}

fn compared(own: impl Fn(&str) -> String, field: Value, sign: &str, value: &FieldValue) -> (String, Vec<Value>) {
    match value {
        FieldValue::Number(number) => {
            (own(&format!(" AND v.number {sign} ?")), vec![field, number.millionths().value()])
        }
        FieldValue::Day(day) => (own(&format!(" AND v.day {sign} ?")), vec![field, day.to_string().value()]),
        _ => ("FALSE".to_owned(), Vec::new()),
    }
}

fn same(value: &FieldValue) -> Vec<(&'static str, Value)> {
    match value {
        FieldValue::Text(text) | FieldValue::Url(text) => vec![("text_key", text_key(text).value())],
        FieldValue::Number(number) => vec![("number", number.millionths().value())],
        FieldValue::Checked => vec![("number", 1_i64.value())],
        FieldValue::Day(day) => vec![("day", day.to_string().value())],
        FieldValue::Options(ids) => ids.iter().map(|id| ("option", id.value())).collect(),
        FieldValue::Person(id) => vec![("person", id.value())],
    }
}
