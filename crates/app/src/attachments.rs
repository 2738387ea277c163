//! Files on cases: their bodies come first, then the row that names them.

mod sweep;
mod upload;

use db::Tx;
use domain::{
    access::{May, Still, WriteCases},
    event::{Attempt, Event, What},
    id::{AttachmentId, CaseId, WorkspaceId},
    now::Now,
};
use store::{
    Again,
    attachments::{self, Attachment, New},
    cases::{self, Case, Reference},
    events, projects,
};

use crate::{Failure, cases::locked, objects::Key};

pub use sweep::{KEPT, LEFT, sweep, sweep_older};
pub use upload::Upload;

/// Where the body of a file lies.
pub fn key(workspace: WorkspaceId, attachment: &Attachment) -> Key {
    Key { workspace, digest: attachment.digest }
}

/// Names a file whose body has come, and hangs it on a case. Without one it waits for a case that names it in its text.
pub fn add(
    tx: &mut Tx,
    may: &May<WriteCases>,
    which: Option<Reference>,
    new: &New,
    now: &Now,
) -> Result<Attachment, Failure> {
    now.tries(refusal(may, "attach a file to"));
    let still = tx.still(may, now.at)?;
    let case = which.map(|which| locked(tx, &still, which)).transpose()?;
    let id = attachments::insert(tx, &still, new, now)?;
    let name = new.name.as_str();
    if let Some(case) = case {
        attachments::link(tx, &still, case.id, &[id])?;
        tell(tx, &still, What::CaseFileAdded, &case, ("", name), now)?;
    } else {
        let project = still.project().ok_or(Failure::Unknown)?;
        let known = projects::find(tx, &still.member().visible(), project)?.ok_or(Failure::Unknown)?;
        let event = Event::new(What::ProjectFileAdded, "project", project, known.name).in_project(project);
        let event = event.change("file", (), name);
        events::add(tx, Some(still.workspace()), Some(still.person()), &event, now)?;
    }
    attachments::find(tx, &still, id)?.ok_or(Failure::Unknown)
}

/// Takes a file off its cases. It can be put back for as long as [`KEPT`]; texts and versions that show it go on to.
pub fn remove(tx: &mut Tx, may: &May<WriteCases>, id: AttachmentId, now: &Now) -> Result<(), Failure> {
    now.tries(refusal(may, "remove a file from"));
    let still = tx.still(may, now.at)?;
    let (file, on) = hanging(tx, &still, id)?;
    if attachments::set_removed(tx, &still, id, Some(now.at))? {
        for case in &on {
            tell(tx, &still, What::CaseFileRemoved, case, (file.name.as_str(), ""), now)?;
        }
    }
    Ok(())
}

/// Puts a file that was taken off back on its cases.
pub fn restore(tx: &mut Tx, may: &May<WriteCases>, id: AttachmentId, now: &Now) -> Result<Attachment, Failure> {
    now.tries(refusal(may, "attach a file to"));
    let still = tx.still(may, now.at)?;
    let (file, on) = hanging(tx, &still, id)?;
    if attachments::set_removed(tx, &still, id, None)? {
        for case in &on {
            tell(tx, &still, What::CaseFileRestored, case, ("", file.name.as_str()), now)?;
        }
    }
    Ok(Attachment { removed_at: None, ..file })
}

/// Hangs the files that a case names in its texts on it, so that they stay as long as it does.
pub(crate) fn follow(
    tx: &mut Tx,
    still: &Still<WriteCases>,
    id: CaseId,
    texts: &domain::case::Content,
) -> Result<(), Failure> {
    Ok(attachments::link(tx, still, id, &domain::attachment::named(texts.texts()))?)
}

/// A file with the cases it hangs on, of which there is one at least.
fn hanging(tx: &mut Tx, still: &Still<WriteCases>, id: AttachmentId) -> Result<(Attachment, Vec<Case>), Failure> {
    let file = attachments::find(tx, still, id)?.ok_or(Failure::Unknown)?;
    let mut on = Vec::new();
    for case in attachments::cases_of(tx, still, id)? {
        on.extend(cases::find(tx, still, Reference::Id(case))?);
    }
    if on.is_empty() { Err(Failure::Unknown) } else { Ok((file, on)) }
}

fn refusal(may: &May<WriteCases>, deed: &str) -> Attempt {
    let project = may.project().map(|id| id.to_string()).unwrap_or_default();
    Attempt::new(What::CaseRefused, "project", project, deed).by(may)
}

/// Notes what became of a file of a case; an empty name is none.
fn tell(
    tx: &mut Tx,
    still: &Still<WriteCases>,
    what: What,
    case: &Case,
    (old, new): (&str, &str),
    now: &Now,
) -> Result<(), Failure> {
    let name = |name: &str| (!name.is_empty()).then(|| name.to_owned());
    let event = crate::cases::event(what, case).change("file", name(old), name(new));
    Ok(events::add(tx, Some(still.workspace()), Some(still.person()), &event, now)?)
}
