//! Labels and the project's own fields, as a case that is saved names them.

use std::collections::HashMap;

use db::Tx;
use domain::{
    access::{Still, WriteCases},
    case::{Field, Fields, Set, label_order},
    field::FieldValue,
    id::{CaseId, FieldId, OptionId},
    now::Now,
    title::folded,
};
use serde_json::{Map, Value};
use store::fields::values;

use crate::{Failure, fields, labels};

/// What a save sets, with what its fields and options are called.
#[derive(Debug, Default)]
pub(crate) struct Own {
    /// All of it: labels under the names they have here, and values of the project's own fields among the rest.
    pub(crate) sets: Vec<Set>,
    names: HashMap<FieldId, String>,
    options: HashMap<OptionId, String>,
}

/// Reads what a save says; all faults of the project's own fields at once. Options the case has, `held`, stay good.
pub(crate) fn given(
    tx: &mut Tx,
    still: &Still<WriteCases>,
    held: &[OptionId],
    sets: &[Set],
    values: &Map<String, Value>,
) -> Result<Own, Failure> {
    let mut own = Own::default();
    for set in sets {
        own.sets.push(match set {
            Set::Labels(names) => Set::Labels(known(tx, still, names)?),
            other => other.clone(),
        });
    }
    if values.is_empty() {
        return Ok(own);
    }
    for given in fields::given(tx, still, values, held)? {
        own.names.insert(given.field.id, given.field.name);
        own.sets.push(Set::Own(given.field.id, given.value));
    }
    let ids: Vec<FieldId> = own.names.keys().copied().collect();
    own.options = store::fields::options(tx, &ids)?.into_iter().map(|option| (option.id, option.name)).collect();
    Ok(own)
}

/// The same of values that were checked before, or that a case had: only their names are looked up.
pub(crate) fn named(tx: &mut Tx, still: &Still<WriteCases>, sets: Vec<Set>) -> Result<Own, Failure> {
    let asked: Vec<FieldId> =
        sets.iter().filter_map(|set| if let Set::Own(id, _) = set { Some(*id) } else { None }).collect();
    let mut own = Own { sets, ..Own::default() };
    if !asked.is_empty() {
        let all = store::fields::in_project(tx, still)?;
        own.names =
            all.into_iter().filter(|field| asked.contains(&field.id)).map(|field| (field.id, field.name)).collect();
        own.options = store::fields::options(tx, &asked)?.into_iter().map(|option| (option.id, option.name)).collect();
    }
    Ok(own)
}

/// What a new case has in the project's own fields that nothing was said about.
pub(super) fn initial(tx: &mut Tx, still: &Still<WriteCases>, own: &Own) -> Result<Vec<Set>, Failure> {
    let said: Vec<FieldId> = own.names.keys().copied().collect();
    let initial = fields::initial(tx, still, &said)?;
    Ok(initial.into_iter().map(|given| Set::Own(given.field.id, given.value)).collect())
}

/// Writes down which labels a locked case has and what it has in the project's own fields, as far as that changed.
pub(super) fn put(
    tx: &mut Tx,
    still: &Still<WriteCases>,
    case: CaseId,
    fields: &mut Fields,
    changed: &[Field],
    now: &Now,
) -> Result<(), Failure> {
    for field in changed {
        match field {
            Field::Labels => {
                let found = labels::called(tx, still, &fields.labels, now)?;
                let ids: Vec<_> = found.iter().map(|label| label.id).collect();
                store::labels::put(tx, still, case, &ids)?;
                fields.labels = label_order(found.into_iter().map(|label| label.name).collect());
            }
            Field::Own(id) => values::put(tx, still, case, *id, fields.values.get(id))?,
            _ => {}
        }
    }
    Ok(())
}

/// The options a case has, which it may keep though they are offered no more.
pub(super) fn held(fields: &Fields) -> Vec<OptionId> {
    let all = fields.values.values().filter_map(|value| match value {
        FieldValue::Options(ids) => Some(ids.iter().copied()),
        _ => None,
    });
    all.flatten().collect()
}

/// Labels under the names that the project has for them, in order.
fn known(tx: &mut Tx, still: &Still<WriteCases>, names: &[String]) -> Result<Vec<String>, Failure> {
    let all: HashMap<String, String> =
        store::labels::list(tx, still)?.into_iter().map(|label| (folded(&label.name), label.name)).collect();
    let name = |name: &String| all.get(&folded(name)).unwrap_or(name).clone();
    Ok(label_order(names.iter().map(name).collect()))
}

impl Own {
    /// What pages call a field.
    pub(crate) fn words(&self, field: Field) -> String {
        let own = match field {
            Field::Own(id) => self.names.get(&id).cloned(),
            _ => None,
        };
        own.unwrap_or_else(|| field.words().to_owned())
    }

    /// What the log calls a field.
    pub(super) fn name(&self, field: Field) -> String {
        match field {
            Field::Own(_) => self.words(field),
            _ => field.slug().into_owned(),
        }
    }

    /// What the log says of a value: people by id, options by name.
    pub(super) fn told(&self, set: &Set) -> Value {
        match set {
            Set::Own(_, value) => {
                let option = |id| self.options.get(&id).cloned();
                value.as_ref().map_or(Value::Null, |value| value.words(option, |id| Some(id.to_string())).into())
            }
            set => serde_json::to_value(set).unwrap_or_default(),
        }
    }
}
