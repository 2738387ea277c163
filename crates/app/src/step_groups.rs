//! Writing steps once for many cases.

use db::Tx;
use domain::{
    access::{May, Still, WriteCases},
    case::Field,
    event::{Attempt, Event, What},
    id::StepGroupId,
    now::Now,
    step_group::{GroupSteps, linked, unlinked},
    title::StepGroupName,
};
use store::{
    Again,
    cases::{self as stored, Case, Reference},
    events,
    paging::Page,
    step_groups::{self, StepGroup},
};

use crate::{Failure, cases, failure::free_at_once};

/// Cases that one deletion may change: it is one transaction.
pub const MOST_CASES: i64 = 500;

/// Writes a group.
pub fn create(
    tx: &mut Tx,
    may: &May<WriteCases>,
    name: &StepGroupName,
    steps: &GroupSteps,
    now: &Now,
) -> Result<StepGroup, Failure> {
    now.tries(refusal(may, "write"));
    let still = tx.still(may, now.at)?;
    added(tx, &still, name, steps, now)
}

fn added(
    tx: &mut Tx,
    still: &Still<WriteCases>,
    name: &StepGroupName,
    steps: &GroupSteps,
    now: &Now,
) -> Result<StepGroup, Failure> {
    let id = step_groups::insert(tx, still, name, steps, now)?.ok_or_else(taken)?;
    tell(tx, still, &event(still, What::StepGroupCreated, id, name.as_str()), now)?;
    step_groups::find(tx, still, id)?.ok_or(Failure::Unknown)
}

/// What a group is to be.
#[derive(Clone, Debug)]
pub struct Change {
    /// The version that was read; another's save meanwhile refuses this one.
    pub version: i64,
    /// Another name.
    pub name: Option<StepGroupName>,
    /// Other steps: in every case at once. No case gets a new version by it.
    pub steps: Option<GroupSteps>,
}

/// Changes a group.
pub fn change(
    tx: &mut Tx,
    may: &May<WriteCases>,
    id: StepGroupId,
    change: &Change,
    now: &Now,
) -> Result<StepGroup, Failure> {
    now.tries(refusal(may, "change"));
    let still = tx.still(may, now.at)?;
    let before = step_groups::lock(tx, &still, id)?.ok_or(Failure::Unknown)?;
    if before.version != change.version {
        return Err(Failure::conflict("edited_meanwhile", "Somebody saved this group meanwhile. Read it again."));
    }
    let name = change.name.clone().map_or_else(|| StepGroupName::parse(&before.name), Ok);
    let name = name.map_err(|bad| Failure::invalid("name", bad.code(), bad.to_string()))?;
    let steps = change.steps.as_ref().unwrap_or(&before.steps);
    if name.as_str() == before.name && *steps == before.steps {
        return Ok(before);
    }
    if !free_at_once(step_groups::save(tx, &still, &before, &name, steps, now))? {
        return Err(taken());
    }
    let told = event(&still, What::StepGroupChanged, id, name.as_str());
    let told = if name.as_str() == before.name { told } else { told.change("name", before.name, name.as_str()) };
    tell(tx, &still, &told, now)?;
    step_groups::find(tx, &still, id)?.ok_or(Failure::Unknown)
}

/// Takes a group away. Cases it stood in have its steps as their own, in a new version; says how many.
pub fn delete(tx: &mut Tx, may: &May<WriteCases>, id: StepGroupId, now: &Now) -> Result<usize, Failure> {
    now.tries(refusal(may, "delete"));
    let still = tx.still(may, now.at)?;
    let group = step_groups::lock(tx, &still, id)?.ok_or(Failure::Unknown)?;
    let users = step_groups::users(tx, &still, id, &Page::first(MOST_CASES))?;
    if users.more {
        let detail = format!("It stands in more than {MOST_CASES} cases. Take it out of some of them first.");
        return Err(Failure::conflict("too_many_cases", detail));
    }
    for user in &users.rows {
        let case = stored::lock(tx, &still, Reference::Id(user.id))?.ok_or(Failure::Unknown)?;
        let steps = unlinked(&case.fields.content.steps, id, &group.steps);
        with_steps(tx, &still, case, steps, now)?;
    }
    step_groups::delete(tx, &still, id, now)?;
    let told = event(&still, What::StepGroupDeleted, id, &group.name).change("cases", (), users.rows.len());
    tell(tx, &still, &told, now)?;
    Ok(users.rows.len())
}

/// Which steps of a case are to be a group.
#[derive(Clone, Debug)]
pub struct Extract {
    /// The revision of the case that was read.
    pub revision: i64,
    /// The first of them, counted from 0.
    pub first: usize,
    /// How many.
    pub count: usize,
    /// What the group is to be called.
    pub name: StepGroupName,
}

/// Makes a group of some steps of a case, which has the group in their place.
pub fn extract(
    tx: &mut Tx,
    may: &May<WriteCases>,
    which: Reference,
    extract: &Extract,
    now: &Now,
) -> Result<StepGroup, Failure> {
    now.tries(refusal(may, "write"));
    let still = tx.still(may, now.at)?;
    let case = cases::locked(tx, &still, which)?;
    if case.revision != extract.revision {
        return Err(Failure::conflict("edited_meanwhile", "Somebody saved this case meanwhile. Read it again."));
    }
    let range = extract.first..extract.first.saturating_add(extract.count);
    let chosen = case.fields.content.steps.get(range.clone()).unwrap_or_default().to_vec();
    let own = GroupSteps::checked(chosen).map_err(|bad| Failure::invalid("count", bad.code(), format!("{bad}.")))?;
    let group = added(tx, &still, &extract.name, &own, now)?;
    let steps = linked(&case.fields.content.steps, range, group.id);
    with_steps(tx, &still, case, steps, now)?;
    step_groups::find(tx, &still, group.id)?.ok_or(Failure::Unknown)
}

/// Saves a locked case with other steps.
fn with_steps(
    tx: &mut Tx,
    still: &Still<WriteCases>,
    mut case: Case,
    steps: Vec<domain::case::Step>,
    now: &Now,
) -> Result<(), Failure> {
    case.fields.content.steps = domain::case::checked_steps(steps)
        .map_err(|bad| Failure::invalid("steps", bad.code(), format!("{}: {bad}.", case.fields.title)))?;
    cases::keep(tx, still, &mut case, &[Field::Steps], None, now)?;
    let told = cases::event(What::CaseChanged, &case).change("fields", (), Field::Steps.words());
    tell(tx, still, &told, now)
}

fn taken() -> Failure {
    Failure::invalid("name", "taken", "The project has a step group of this name.")
}

fn refusal(may: &May<WriteCases>, deed: &str) -> Attempt {
    let project = may.project().map(|id| id.to_string()).unwrap_or_default();
    Attempt::new(What::StepGroupRefused, "project", project, deed).by(may)
}

fn event(still: &Still<WriteCases>, what: What, id: StepGroupId, name: &str) -> Event {
    let event = Event::new(what, "step_group", id, name);
    match still.project() {
        Some(project) => event.in_project(project),
        None => event,
    }
}

fn tell(tx: &mut Tx, still: &Still<WriteCases>, event: &Event, now: &Now) -> Result<(), Failure> {
    Ok(events::add(tx, Some(still.workspace()), Some(still.person()), event, now)?)
}
