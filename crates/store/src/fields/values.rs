//! What cases have in fields.

use db::{Conn, Error, Tx, Value};
use domain::{
    access::{Still, WriteCases},
    field::{FieldKind, FieldValue, Number},
    id::{CaseId, FieldId, OptionId, PersonId},
    title::folded,
};

use crate::{
    Param,
    sql::{inserts, within},
};

/// So many folded characters of a text are indexed: sorting and filters by a beginning need no more.
const INDEXED: usize = 200;

/// As an index keeps a text.
pub(super) fn text_key(text: &str) -> String {
    folded(text).chars().take(INDEXED).collect()
}

record! {
    struct Row {
        case_id: CaseId,
        field: FieldId,
        kind: FieldKind,
        text: Option<String>,
        number: Option<i64>,
        day: Option<String>,
        option: Option<OptionId>,
        person: Option<PersonId>,
    }
}

/// What these cases have in fields that are not in the trash, by case and field. Whoever asks has the cases by a proof.
pub fn of_cases(db: &mut Conn, cases: &[CaseId]) -> Result<Vec<(CaseId, FieldId, FieldValue)>, Error> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let text = "SELECT v.case_id, v.field, f.kind, v.text, v.number, v.day, v.option, v.person
        FROM case_value v JOIN custom_field f ON f.id = v.field AND f.trashed_at IS NULL
        WHERE v.case_id IN ({}) ORDER BY v.case_id, v.field, v.place";
    let mut found: Vec<(CaseId, FieldId, FieldValue)> = Vec::new();
    for row in db.all::<Row>(within(text, Vec::new(), cases))? {
        let (case, field) = (row.case_id, row.field);
        match (found.last_mut(), read(row)?) {
            (Some((same_case, same_field, FieldValue::Options(all))), FieldValue::Options(more))
                if *same_case == case && *same_field == field =>
            {
                all.extend(more);
            }
            (_, value) => found.push((case, field, value)),
        }
    }
    Ok(found)
}

fn read(row: Row) -> Result<FieldValue, Error> {
    let shape = || Error::Shape(format!("case_value: no {} in the row", row.kind));
    match row.kind {
        FieldKind::Text => row.text.map(FieldValue::Text),
        FieldKind::Url => row.text.map(FieldValue::Url),
        FieldKind::Number => row.number.map(|number| FieldValue::Number(Number::of_millionths(number))),
        FieldKind::Checkbox => row.number.map(|_| FieldValue::Checked),
        FieldKind::Date => row.day.and_then(|day| day.parse().ok()).map(FieldValue::Day),
        FieldKind::Select | FieldKind::MultiSelect => row.option.map(|option| FieldValue::Options(vec![option])),
        FieldKind::Person => row.person.map(FieldValue::Person),
    }
    .ok_or_else(shape)
}

/// Gives a case of the proof's project this value in a field, or none.
pub fn put(
    tx: &mut Tx,
    still: &Still<WriteCases>,
    case: CaseId,
    field: FieldId,
    value: Option<&FieldValue>,
) -> Result<(), Error> {
    tx.run(sql!(
        "DELETE FROM case_value WHERE field = ? AND case_id IN (SELECT id FROM test_case WHERE project = ? AND id = ?)",
        field,
        still.project(),
        case
    ))?;
    let rows = value.map(|value| rows(case, field, value)).unwrap_or_default();
    let head = "INSERT INTO case_value (case_id, field, place, text, text_key, number, day, option, person)";
    inserts(head, rows, "").into_iter().try_for_each(|statement| tx.run(statement).map(drop))
}

/// The rows that keep a value, for one case; bulk writers gather those of many.
pub fn rows(case: CaseId, field: FieldId, value: &FieldValue) -> Vec<Vec<Value>> {
    let (mut text, mut key, mut number, mut day, mut person) = (None, None, None, None, None);
    match value {
        FieldValue::Text(kept) | FieldValue::Url(kept) => (text, key) = (Some(kept.clone()), Some(text_key(kept))),
        FieldValue::Number(kept) => number = Some(kept.millionths()),
        FieldValue::Checked => number = Some(1),
        FieldValue::Day(kept) => day = Some(kept.to_string()),
        FieldValue::Person(kept) => person = Some(*kept),
        FieldValue::Options(all) => {
            let row = |(place, option): (i64, &OptionId)| {
                let none = || Value::Null;
                vec![case.value(), field.value(), place.value(), none(), none(), none(), none(), option.value(), none()]
            };
            return (0_i64..).zip(all).map(row).collect();
        }
    }
    vec![values![case, field, 0_i64, text, key, number, day, None::<OptionId>, person]]
}
