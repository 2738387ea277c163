//! Lists of cases saved under a name: one's own by whoever may read, everybody's by who may write.

use db::Tx;
use domain::{
    access::{May, Read, Still, WriteCases},
    event::{Attempt, Event, What},
    id::ViewId,
    now::Now,
    title::ViewName,
};
use store::{
    Again, events,
    saved_views::{self, SavedView},
};

use crate::Failure;

/// So many views a project shows one person at most, own and shared.
pub const MOST: usize = 200;

/// Saves a list for oneself. One of that name shows this list from now on.
pub fn save(tx: &mut Tx, may: &May<Read>, name: &ViewName, query: &str, now: &Now) -> Result<SavedView, Failure> {
    now.tries(refusal(may, "save a view of"));
    let still = tx.still(may, now.at)?;
    few(tx, &still)?;
    let id = saved_views::keep(tx, &still, name, query, now)?;
    saved(tx, &still, id, now)
}

/// Saves a list for everybody on the project.
pub fn share(
    tx: &mut Tx,
    may: &May<WriteCases>,
    name: &ViewName,
    query: &str,
    now: &Now,
) -> Result<SavedView, Failure> {
    now.tries(refusal(may, "share a view of"));
    let still = tx.still(may, now.at)?;
    few(tx, &still)?;
    let id = saved_views::keep_shared(tx, &still, name, query, now)?;
    saved(tx, &still, id, now)
}

/// Deletes one's own.
pub fn delete(tx: &mut Tx, may: &May<Read>, id: ViewId, now: &Now) -> Result<(), Failure> {
    now.tries(refusal(may, "delete a view of"));
    let still = tx.still(may, now.at)?;
    let view = saved_views::delete(tx, &still, id)?.ok_or(Failure::Unknown)?;
    add_event(tx, &still, What::ViewDeleted, &view, now)
}

/// Deletes everybody's.
pub fn unshare(tx: &mut Tx, may: &May<WriteCases>, id: ViewId, now: &Now) -> Result<(), Failure> {
    now.tries(refusal(may, "delete a view of"));
    let still = tx.still(may, now.at)?;
    let view = saved_views::delete_shared(tx, &still, id)?.ok_or(Failure::Unknown)?;
    add_event(tx, &still, What::ViewDeleted, &view, now)
}

fn refusal<R>(may: &May<R>, deed: &str) -> Attempt {
    Attempt::new(What::CaseRefused, "project", may.project().map(|id| id.to_string()).unwrap_or_default(), deed).by(may)
}

fn few<R>(tx: &mut Tx, still: &Still<R>) -> Result<(), Failure> {
    if saved_views::list(tx, still)?.len() < MOST {
        return Ok(());
    }
    Err(Failure::invalid("name", "too_many", format!("There are {MOST} views already. Delete one first.")))
}

fn saved<R>(tx: &mut Tx, still: &Still<R>, id: ViewId, now: &Now) -> Result<SavedView, Failure> {
    let view = saved_views::list(tx, still)?.into_iter().find(|view| view.id == id).ok_or(Failure::Unknown)?;
    add_event(tx, still, What::ViewSaved, &view, now)?;
    Ok(view)
}

fn add_event<R>(tx: &mut Tx, still: &Still<R>, what: What, view: &SavedView, now: &Now) -> Result<(), Failure> {
    let mut event = Event::new(what, "view", view.id, &view.name).in_project(still.project());
    if view.shared {
        event = event.change("everybody", (), "everybody");
    }
    Ok(events::add(tx, Some(still.workspace()), Some(still.person()), &event, now)?)
}
