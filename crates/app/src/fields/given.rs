//! Values of fields as a case that is saved, or a filter, gives them.

use std::collections::HashMap;

use db::Conn;
use domain::{
    access::May,
    field::{Choosable, FieldKind, FieldValue},
    id::{FieldId, OptionId, PersonId},
};
use serde_json::{Map, Value};
use store::fields::{self, Field, filter::Wanted};

use super::choosable;
use crate::{Bad, Failure};

/// What a case is to have in a field; `None` is nothing.
#[derive(Clone, Debug)]
pub struct Given {
    /// The field.
    pub field: Field,
    /// The value.
    pub value: Option<FieldValue>,
}

/// What `{field id: value}` says, all faults at once; each fault's field is `fields.fie_…`. A field that was deleted
/// meanwhile, or emptied though it is required, is a fault. Options that are offered no more are none, but for those the
/// case holds. To be given to [`store::fields::values::put`].
pub fn given<R>(
    db: &mut Conn,
    may: &May<R>,
    values: &Map<String, Value>,
    held: &[OptionId],
) -> Result<Vec<Given>, Failure> {
    let all = fields::in_project(db, may)?;
    let options = options_of(db, &all, held)?;
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for (id, json) in values {
        match one(db, may, &all, &options, id, json)? {
            Ok(given) => good.push(given),
            Err(wrong) => bad.push(wrong),
        }
    }
    if bad.is_empty() { Ok(good) } else { Err(Failure::Invalid(bad)) }
}

/// What a new case has in fields that it says nothing about; a required field without a default is a fault.
pub fn initial<R>(db: &mut Conn, may: &May<R>, said: &[FieldId]) -> Result<Vec<Given>, Failure> {
    let all = fields::in_project(db, may)?;
    let options = options_of(db, &all, &[])?;
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for field in all.into_iter().filter(|field| !said.contains(&field.id)) {
        let json = field.initial.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or(Value::Null);
        // A default whose option is offered no more is none.
        let value = field.kind.read(&json, options.get(&field.id).map_or(&[], Vec::as_slice)).unwrap_or_default();
        match value {
            Some(value) => good.push(Given { field, value: Some(value) }),
            None if field.required => bad.push(missing(&field)),
            None => {}
        }
    }
    if bad.is_empty() { Ok(good) } else { Err(Failure::Invalid(bad)) }
}

/// What a filter wants of a field. `op` is `any`, `none`, `is` (several values with commas between), `begins`, `from` or
/// `to`; `me` is a person. A field that was deleted says so (`field_deleted`).
pub fn filter<R>(
    db: &mut Conn,
    may: &May<R>,
    field: &str,
    op: &str,
    value: &str,
) -> Result<(FieldId, Wanted), Failure> {
    let name = format!("fields.{field}");
    let field = match field.parse() {
        Ok(id) => fields::find(db, may, id)?,
        Err(_) => None,
    };
    let unknown =
        || Failure::invalid(&name, "unknown_field", "There is no such field here. Take it out of the filter.");
    let field = field.ok_or_else(unknown)?;
    if field.trashed_at.is_some() {
        let why = format!("The field {} was deleted. Take it out of the filter, or restore the field.", field.name);
        return Err(Failure::invalid(&name, "field_deleted", why));
    }
    let options: Vec<Choosable> = fields::options(db, &[field.id])?
        .into_iter()
        .map(|option| Choosable { id: option.id, name: option.name })
        .collect();
    let me = may.person().to_string();
    let read = |text: &str| {
        let text = if field.kind == FieldKind::Person && text == "me" { &me } else { text };
        let value = field.kind.read(&Value::String(text.to_owned()), &options);
        value.map_err(|bad| Failure::invalid(&name, bad.code(), bad.to_string()))
    };
    let wanted = match op {
        "any" => Wanted::Filled,
        "none" => Wanted::Empty,
        "begins" => Wanted::Begins(value.to_owned()),
        "is" if field.kind.has_options() || value.contains(',') && !value.contains("//") => {
            let all = value.split(',').map(read).collect::<Result<Vec<_>, _>>()?;
            Wanted::AnyOf(all.into_iter().flatten().collect())
        }
        "is" => Wanted::AnyOf(read(value)?.into_iter().collect()),
        "from" | "to" => {
            let bound = read(value)?.ok_or_else(|| Failure::invalid(&name, "empty", "Say a number or a day."))?;
            if op == "from" { Wanted::From(bound) } else { Wanted::UpTo(bound) }
        }
        _ => return Err(Failure::invalid(&name, "unknown", "One of any, none, is, begins, from and to.")),
    };
    Ok((field.id, wanted))
}

type Options = HashMap<FieldId, Vec<Choosable>>;

fn options_of(db: &mut Conn, all: &[Field], held: &[OptionId]) -> Result<Options, Failure> {
    let with: Vec<FieldId> = all.iter().filter(|field| field.kind.has_options()).map(|field| field.id).collect();
    let mut options: HashMap<FieldId, Vec<_>> = HashMap::new();
    for option in fields::options(db, &with)? {
        options.entry(option.field).or_default().push(option);
    }
    Ok(options.into_iter().map(|(field, all)| (field, choosable(all, held))).collect())
}

fn one<R>(
    db: &mut Conn,
    may: &May<R>,
    all: &[Field],
    options: &Options,
    id: &str,
    json: &Value,
) -> Result<Result<Given, Bad>, Failure> {
    let Some(field) = all.iter().find(|field| field.id.to_string() == id) else {
        return Ok(Err(gone(db, may, id)?));
    };
    let name = format!("fields.{id}");
    let options = options.get(&field.id).map_or(&[][..], Vec::as_slice);
    Ok(match field.kind.read(json, options) {
        Err(bad) => Err(Bad::new(name, bad.code(), format!("{}: {bad}", field.name))),
        Ok(None) if field.required => Err(missing(field)),
        Ok(Some(FieldValue::Person(person))) if !here(db, may, person)? => {
            Err(Bad::new(name, "unknown", format!("{}: nobody here has this id.", field.name)))
        }
        Ok(value) => Ok(Given { field: field.clone(), value }),
    })
}

fn gone<R>(db: &mut Conn, may: &May<R>, id: &str) -> Result<Bad, Failure> {
    let known = match id.parse() {
        Ok(id) => fields::find(db, may, id)?,
        Err(_) => None,
    };
    let name = format!("fields.{id}");
    Ok(match known {
        Some(field) => Bad::new(name, "field_deleted", format!("The field {} was deleted meanwhile.", field.name)),
        None => Bad::new(name, "unknown_field", "There is no such field here."),
    })
}

fn missing(field: &Field) -> Bad {
    Bad::new(format!("fields.{}", field.id), "required", format!("{} must be filled in.", field.name))
}

fn here<R>(db: &mut Conn, may: &May<R>, person: PersonId) -> Result<bool, Failure> {
    Ok(store::access::active_member(db, person, may.workspace())?.is_some())
}
