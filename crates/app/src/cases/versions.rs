//! Versions of a case: named, and taken up again.

use db::Tx;
use domain::{
    access::{May, Still, WriteCases},
    case::{Field, Fields, Set},
    event::What,
    field::FieldValue,
    now::Now,
    title::VersionName,
};
use serde_json::{Map, Value};
use store::{
    Again,
    cases::{self, Case, Reference},
};

use super::{add_event, event, keep, locked, own, refusal};
use crate::Failure;

/// Puts what a locked case says into its newest version, or begins another one. `restored` always begins one.
pub(super) fn write(
    tx: &mut Tx,
    still: &Still<WriteCases>,
    case: &mut Case,
    restored: Option<i64>,
    now: &Now,
) -> Result<(), Failure> {
    let newest = cases::newest_version(tx, case.id, case.version)?;
    let snapshot = cases::snapshot(tx, case)?;
    if restored.is_none() && newest.takes(still.person(), now.at) {
        return Ok(cases::rewrite_version(tx, case.id, case.version, &snapshot, now.at)?);
    }
    cases::end_version(tx, case.id, case.version, now.at)?;
    case.version += 1;
    Ok(cases::begin_version(tx, still, case.id, case.version, &snapshot, restored, now.at)?)
}

/// Makes a case say again what it said in a version, as a new version. What is no more, such as an owner who left,
/// stays as it is now.
pub fn restore(tx: &mut Tx, may: &May<WriteCases>, which: Reference, version: i64, now: &Now) -> Result<Case, Failure> {
    now.tries(refusal(may, "restore a version of"));
    let still = tx.still(may, now.at)?;
    let mut case = locked(tx, &still, which)?;
    let kept = cases::version(tx, &still, case.id, version)?.ok_or(Failure::Unknown)?;
    let values = store::properties::in_project(tx, &still)?;
    let mut changed = Vec::new();
    for set in wanted(tx, &still, &case, &kept.snapshot.fields)? {
        let lasts = super::check::sets(tx, &still, &values, Some(&case.fields), std::slice::from_ref(&set));
        match lasts {
            Ok(()) if case.fields.get(set.field()) != set => changed.push(set),
            Ok(()) | Err(Failure::Invalid(_)) => {}
            Err(other) => return Err(other),
        }
    }
    if changed.is_empty() {
        return Ok(case);
    }
    let fields: Vec<Field> = changed.iter().map(Set::field).collect();
    for set in changed {
        case.fields.put(set);
    }
    keep(tx, &still, &mut case, &fields, Some(version), now)?;
    let told = event(What::CaseVersionRestored, &case).change("version", (), version);
    add_event(tx, &still, &told, now)?;
    Ok(case)
}

/// What a case is to say to be as it was. Values of fields that are no more, or that could not be given today, are left
/// out; fields that are new since are emptied, unless they must have a value.
fn wanted(tx: &mut Tx, still: &Still<WriteCases>, case: &Case, kept: &Fields) -> Result<Vec<Set>, Failure> {
    let mut sets: Vec<Set> = Field::ALL.iter().map(|field| kept.get(*field)).collect();
    for field in store::fields::in_project(tx, still)? {
        let value = kept.values.get(&field.id).map_or(Value::Null, FieldValue::to_json);
        let one = Map::from_iter([(field.id.to_string(), value)]);
        match own::given(tx, still, &own::held(&case.fields), &[], &one) {
            Ok(own) => sets.extend(own.sets),
            Err(Failure::Invalid(_)) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(sets)
}

/// Gives a version a name, or takes it away. A named version is written no more.
pub fn name(
    tx: &mut Tx,
    may: &May<WriteCases>,
    which: Reference,
    version: i64,
    name: Option<&VersionName>,
    now: &Now,
) -> Result<Case, Failure> {
    now.tries(refusal(may, "name a version of"));
    let still = tx.still(may, now.at)?;
    let case = locked(tx, &still, which)?;
    let before = cases::version(tx, &still, case.id, version)?.ok_or(Failure::Unknown)?.name;
    if before.as_deref() == name.map(VersionName::as_str) {
        return Ok(case);
    }
    cases::name_version(tx, case.id, version, name, now.at)?;
    let told = event(What::CaseVersionNamed, &case).change("version", (), version);
    let told = told.change("name", before, name.map(VersionName::as_str));
    add_event(tx, &still, &told, now)?;
    Ok(case)
}
