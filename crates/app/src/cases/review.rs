//! Review of a case: asked for, answered, taken back. Each ends the version it is about.

use db::Tx;
use domain::{
    access::{May, ReviewCases, Right, Still, Wanted, WriteCases},
    case::{
        Field, Set,
        review::{Review, Step},
    },
    event::{Event, What},
    id::PersonId,
    now::Now,
};
use store::{
    Again, access,
    cases::{self, Case, Reference},
};

use super::{add_event, event, keep, locked, refusal};
use crate::Failure;

/// Asks somebody to look at a case: the person named, or its reviewer. Who asks answers for it, if nobody does.
pub fn submit(
    tx: &mut Tx,
    may: &May<WriteCases>,
    which: Reference,
    reviewer: Option<PersonId>,
    now: &Now,
) -> Result<Case, Failure> {
    now.tries(refusal(may, "submit"));
    let still = tx.still(may, now.at)?;
    switched_on(tx, &still)?;
    let case = locked(tx, &still, which)?;
    let nobody = || Failure::invalid("reviewer", "required", "Choose who is to review it.");
    let reviewer = reviewer.or(case.fields.reviewer).ok_or_else(nobody)?;
    if !reviews(tx, &still, reviewer)? {
        let detail = "This person may not review cases here. Choose somebody with the right Review cases.";
        return Err(Failure::invalid("reviewer", "not_allowed", detail));
    }
    let mut case = case;
    let people = [Set::Reviewer(Some(reviewer)), Set::Owner(case.fields.owner.or(Some(still.person())))];
    let asked = event(What::CaseSubmitted, &case).change("reviewer", case.fields.reviewer.map(said), said(reviewer));
    let changed: Vec<Set> = people.into_iter().filter(|set| case.fields.get(set.field()) != *set).collect();
    if !changed.is_empty() {
        let fields: Vec<Field> = changed.iter().map(Set::field).collect();
        for set in changed {
            case.fields.put(set);
        }
        keep(tx, &still, &mut case, &fields, None, now)?;
    }
    step(tx, &still, case, Step::Submit, None, asked, now)
}

/// Takes back that somebody is to look.
pub fn withdraw(tx: &mut Tx, may: &May<WriteCases>, which: Reference, now: &Now) -> Result<Case, Failure> {
    now.tries(refusal(may, "withdraw"));
    let still = tx.still(may, now.at)?;
    let case = locked(tx, &still, which)?;
    let told = event(What::CaseWithdrawn, &case);
    step(tx, &still, case, Step::Withdraw, None, told, now)
}

/// What a reviewer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is good as it is.
    Ready,
    /// It is to be written again, for this reason.
    Rework(String),
}

/// Answers for a case as it stood at `revision`: one that was changed since is to be read again first.
pub fn answer(
    tx: &mut Tx,
    may: &May<ReviewCases>,
    which: Reference,
    revision: i64,
    answer: &Answer,
    now: &Now,
) -> Result<Case, Failure> {
    now.tries(refusal(may, "review"));
    let still = tx.still(may, now.at)?;
    switched_on(tx, &still)?;
    let case = locked(tx, &still, which)?;
    if case.revision != revision {
        return Err(Failure::Stale("The case was changed since you read it. Look at it again.".to_owned()));
    }
    let (taken, note, told) = match answer {
        Answer::Ready => (Step::Approve, None, event(What::CaseApproved, &case)),
        Answer::Rework(note) => {
            (Step::SendBack, Some(noted(note)?), event(What::CaseSentBack, &case).change("note", (), note.trim()))
        }
    };
    step(tx, &still, case, taken, note, told, now)
}

/// The most characters of a reason.
pub const LONGEST_NOTE: usize = 2_000;

fn noted(note: &str) -> Result<&str, Failure> {
    let note = note.trim();
    let bad = |code, detail: String| Err(Failure::invalid("note", code, detail));
    match note.chars().count() {
        0 => bad("required", "Say what is to be written again.".to_owned()),
        length if length > LONGEST_NOTE => bad("too_long", format!("{length} characters, at most {LONGEST_NOTE} fit")),
        _ if note.contains('\0') => bad("bad_character", "The text holds the character NUL.".to_owned()),
        _ => Ok(note),
    }
}

fn step<R>(
    tx: &mut Tx,
    still: &Still<R>,
    mut case: Case,
    step: Step,
    note: Option<&str>,
    told: Event,
    now: &Now,
) -> Result<Case, Failure> {
    let review = case.review.after(step).ok_or_else(|| out_of_order(case.review, step))?;
    cases::judge(tx, still, case.id, review, note, now.at)?;
    cases::end_version(tx, case.id, case.version, now.at)?;
    let told = told.change("review", case.review.slug(), review.slug());
    add_event(tx, still, &told, now)?;
    (case.review, case.review_by, case.review_at) = (review, Some(still.person()), Some(now.at));
    case.review_note = note.map(str::to_owned);
    Ok(case)
}

fn out_of_order(review: Review, step: Step) -> Failure {
    let detail = match step {
        Step::Submit => format!("The case is {} already.", review.words().to_lowercase()),
        Step::Approve | Step::SendBack | Step::Withdraw => {
            format!("Nobody asked for a review: the case is {}.", review.words().to_lowercase())
        }
    };
    Failure::conflict("review_out_of_order", detail)
}

/// That the proof's project has reviews. What is in review when they are switched off can be withdrawn.
fn switched_on<R: Wanted>(tx: &mut Tx, still: &Still<R>) -> Result<(), Failure> {
    let id = still.project().ok_or(Failure::Unknown)?;
    let project = store::projects::find(tx, &still.member().visible(), id)?.ok_or(Failure::Unknown)?;
    if project.review {
        return Ok(());
    }
    Err(Failure::conflict("review_off", "Cases of this project are not reviewed. Its settings switch reviews on."))
}

/// Whether somebody may review in the proof's project.
fn reviews<R>(tx: &mut Tx, still: &Still<R>, person: PersonId) -> Result<bool, Failure> {
    let Some(member) = access::active_member(tx, person, still.workspace())? else { return Ok(false) };
    let id = still.project().ok_or(Failure::Unknown)?;
    let facts = access::project(tx, &member, &id.to_string())?;
    Ok(facts.is_some_and(|facts| member.rights_in(facts).contains(Right::ReviewCases)))
}

fn said(person: PersonId) -> String {
    person.to_string()
}
