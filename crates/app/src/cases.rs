//! Writing cases: making and saving them, their versions and reviews.

pub(crate) mod check;
pub(crate) mod own;
pub mod review;
pub mod versions;

use db::Tx;
use domain::{
    access::{May, Still, WriteCases},
    case::{Conflict, Field, Fields, Merged, Set, merge},
    event::{Attempt, Event, What},
    id::{CaseId, FolderId, PersonId},
    now::Now,
    step_group::groups_of,
    title::CaseTitle,
};
use serde_json::{Map, Value};
use store::{
    Again,
    case_words::{self, CaseWords},
    cases::{self, Case, Reference},
    events, step_groups,
};

use crate::{Failure, attachments};

/// A case to be made.
#[derive(Clone, Debug)]
pub struct NewCase {
    /// Where it is to lie; `None` is the top of the project.
    pub folder: Option<FolderId>,
    /// What it is called.
    pub title: CaseTitle,
    /// What else it says; the rest has the project's defaults.
    pub sets: Vec<Set>,
    /// What it has in the project's own fields, by id, as the API tells values.
    pub values: Map<String, Value>,
}

/// Makes a case at the end of its folder, with the next number of its project.
pub fn create(tx: &mut Tx, may: &May<WriteCases>, new: &NewCase, now: &Now) -> Result<Case, Failure> {
    now.tries(refusal(may, "write"));
    let still = tx.still(may, now.at)?;
    let case = make(tx, &still, new, now)?;
    add_event(tx, &still, &event(What::CaseCreated, &case), now)?;
    Ok(case)
}

/// Makes a case with its first version; who made it and how is to be told.
pub(crate) fn make(tx: &mut Tx, still: &Still<WriteCases>, new: &NewCase, now: &Now) -> Result<Case, Failure> {
    let values = store::properties::in_project(tx, still)?;
    let mut fields = Fields::titled(new.title.clone(), |kind| check::default(&values, kind));
    let own = own::given(tx, still, &[], &new.sets, &new.values)?;
    check::sets(tx, still, &values, None, &own.sets)?;
    let mut sets = own.sets.clone();
    sets.extend(own::initial(tx, still, &own)?);
    let hung: Vec<Field> = sets.iter().map(Set::field).collect();
    for set in sets {
        fields.put(set);
    }
    let folder = match new.folder {
        Some(folder) => folder,
        None => cases::top(tx, still)?,
    };
    let unknown = || Failure::invalid("folder", "unknown", "There is no such folder in this project.");
    let id = cases::insert(tx, still, folder, &fields, now)?.ok_or_else(unknown)?;
    link(tx, id, &fields)?;
    own::put(tx, still, id, &mut fields, &hung, now)?;
    attachments::follow(tx, still, id, &fields.content)?;
    let case = find(tx, still, Reference::Id(id))?;
    let snapshot = cases::snapshot(tx, &case)?;
    cases::begin_version(tx, still, id, case.version, &snapshot, None, now.at)?;
    Ok(case)
}

/// Values to be saved over a case.
#[derive(Clone, Debug)]
pub struct Save {
    /// The revision that whoever writes has seen.
    pub base: i64,
    /// The fields that are to change; all others stay.
    pub sets: Vec<Set>,
    /// The project's own fields that are to change, by id, as the API tells values.
    pub values: Map<String, Value>,
}

/// Saves fields of a case. Fields that others changed since `base` merge if they are others, or stop the save
/// ([`Failure::Edited`]). Values a field has already change nothing.
pub fn save(tx: &mut Tx, may: &May<WriteCases>, which: Reference, save: &Save, now: &Now) -> Result<Case, Failure> {
    now.tries(refusal(may, "change"));
    let still = tx.still(may, now.at)?;
    let mut case = locked(tx, &still, which)?;
    if !(1..=case.revision).contains(&save.base) {
        let detail = format!("The case is at revision {}. Read it again.", case.revision);
        return Err(Failure::invalid("revision", "unknown", detail));
    }
    let own = own::given(tx, &still, &own::held(&case.fields), &save.sets, &save.values)?;
    let changes = match merge(&case.fields, &case.touched, save.base, own.sets.clone()) {
        Merged::Changes(changes) => changes,
        Merged::Conflicts(conflicts) => return Err(edited(tx, &still, case.revision, conflicts)?),
    };
    if changes.is_empty() {
        return Ok(case);
    }
    let values = store::properties::in_project(tx, &still)?;
    check::sets(tx, &still, &values, Some(&case.fields), &changes)?;
    let told = told(event(What::CaseChanged, &case), &case.fields, &changes, &own);
    let changed: Vec<Field> = changes.iter().map(Set::field).collect();
    for set in changes {
        case.fields.put(set);
    }
    keep(tx, &still, &mut case, &changed, None, now)?;
    add_event(tx, &still, &told, now)?;
    Ok(case)
}

/// Writes a locked case down after some of its fields changed: as a new revision, in the version it belongs to. What takes
/// up a version again is a version of its own.
pub(crate) fn keep(
    tx: &mut Tx,
    still: &Still<WriteCases>,
    case: &mut Case,
    changed: &[Field],
    restored: Option<i64>,
    now: &Now,
) -> Result<(), Failure> {
    case.revision += 1;
    for field in changed {
        case.touched.note(&field.slug(), case.revision);
    }
    if changed.iter().any(|field| field.is_substance()) {
        case.review = case.review.after_edit();
    }
    (case.changed_at, case.changed_by) = (now.at, still.person());
    own::put(tx, still, case.id, &mut case.fields, changed, now)?;
    versions::write(tx, still, case, restored, now)?;
    if changed.contains(&Field::Steps) {
        link(tx, case.id, &case.fields)?;
    }
    if changed.iter().any(|field| field.is_long()) {
        attachments::follow(tx, still, case.id, &case.fields.content)?;
    }
    if changed.iter().any(|field| field.is_substance()) {
        case_words::keep(tx, &[CaseWords::of(case.id, case.project, &case.fields)])?;
    }
    Ok(cases::save(tx, still, case, changed.iter().any(|field| field.is_long()))?)
}

/// Keeps the groups' lists of where they stand.
fn link(tx: &mut Tx, id: CaseId, fields: &Fields) -> Result<(), Failure> {
    if step_groups::link(tx, id, &groups_of(&fields.content.steps))? {
        return Ok(());
    }
    Err(Failure::invalid("steps", "unknown", "A group of steps was deleted meanwhile."))
}

/// A live case, held until the transaction ends.
pub(crate) fn locked<R>(tx: &mut Tx, still: &Still<R>, which: Reference) -> Result<Case, Failure> {
    let case = cases::lock(tx, still, which)?.ok_or(Failure::Unknown)?;
    if case.trashed_at.is_some() {
        return Err(Failure::conflict("in_trash", "This case lies in the trash. Restore it first."));
    }
    Ok(case)
}

fn find<R>(tx: &mut Tx, still: &Still<R>, which: Reference) -> Result<Case, Failure> {
    cases::find(tx, still, which)?.ok_or(Failure::Unknown)
}

fn refusal<R>(may: &May<R>, deed: &str) -> Attempt {
    let project = may.project().map(|id| id.to_string()).unwrap_or_default();
    Attempt::new(What::CaseRefused, "project", project, deed).by(may)
}

pub(crate) fn event(what: What, case: &Case) -> Event {
    Event::new(what, "case", case.id, case.fields.title.as_str()).in_project(case.project)
}

fn add_event<R>(tx: &mut Tx, still: &Still<R>, event: &Event, now: &Now) -> Result<(), Failure> {
    Ok(events::add(tx, Some(still.workspace()), Some(still.person()), event, now)?)
}

/// Two values of one field, with who among those they name is a service account.
fn edited(tx: &mut Tx, still: &Still<WriteCases>, revision: i64, conflicts: Vec<Conflict>) -> Result<Failure, Failure> {
    let both = conflicts.iter().flat_map(|conflict| [&conflict.theirs, &conflict.yours]);
    let people: Vec<PersonId> = both.filter_map(Set::person).collect();
    let named = cases::named(tx, still, &people)?;
    let services = named.into_iter().filter(|one| one.service).map(|one| one.id).collect();
    Ok(Failure::Edited { revision, conflicts, services })
}

/// The event with old and new values of what is short, and the names of all fields.
pub(crate) fn told(mut event: Event, before: &Fields, changes: &[Set], own: &own::Own) -> Event {
    let value = |set: &Set| own.told(set);
    for set in changes.iter().filter(|set| !set.field().is_long()) {
        event = event.change(&own.name(set.field()), value(&before.get(set.field())), value(set));
    }
    let names: Vec<String> = changes.iter().map(|set| own.words(set.field())).collect();
    event.change("fields", (), names.join(", "))
}
