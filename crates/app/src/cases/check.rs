//! Whether values exist: people of the workspace, values of properties.

use db::Conn;
use domain::{
    access::{May, WriteCases},
    case::{Fields, Set},
    id::PersonId,
    property::Kind,
    step_group::groups_of,
};
use store::{cases, properties::PropertyValue, step_groups};

use crate::{Bad, Failure};

/// All that is wrong with values that are to be saved over `before`. What a case has already is good enough.
pub fn sets(
    db: &mut Conn,
    may: &May<WriteCases>,
    values: &[PropertyValue],
    before: Option<&Fields>,
    sets: &[Set],
) -> Result<(), Failure> {
    let mut bad = Vec::new();
    for set in sets {
        let field = set.field();
        if before.is_some_and(|before| before.get(field) == *set) {
            continue;
        }
        let wrong = match (set, field.property()) {
            (Set::Status(key) | Set::Priority(key) | Set::Type(key) | Set::Automation(key), Some(kind)) => {
                !values.iter().any(|value| value.kind == kind && value.key == *key && !value.archived)
            }
            (Set::Owner(Some(person)) | Set::Reviewer(Some(person)), _) => !is_here(db, may, *person)?,
            (Set::Steps(steps), _) => {
                let groups = groups_of(steps);
                step_groups::known(db, may, &groups)?.len() < groups.len()
            }
            _ => false,
        };
        if wrong {
            let what = match set {
                Set::Steps(_) => "group of steps",
                _ if field.property().is_some() => "value",
                _ => "member",
            };
            let detail = format!("{}: there is no such {what} here.", field.words());
            bad.push(Bad::new(field.slug().into_owned(), "unknown", detail));
        }
    }
    if bad.is_empty() { Ok(()) } else { Err(Failure::Invalid(bad)) }
}

fn is_here(db: &mut Conn, may: &May<WriteCases>, person: PersonId) -> Result<bool, Failure> {
    Ok(cases::is_here(db, may, person)?)
}

/// What new cases have: the project's default, else the workspace's, else its first value.
pub fn default(values: &[PropertyValue], kind: Kind) -> i64 {
    let of_kind = || values.iter().filter(|value| value.kind == kind && !value.archived);
    let defaults = || of_kind().filter(|value| value.is_default);
    let found = defaults().find(|value| value.project.is_some()).or_else(|| defaults().next());
    found.or_else(|| of_kind().next()).map_or(1, |value| value.key)
}
