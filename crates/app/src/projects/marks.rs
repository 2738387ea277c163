//! A person's favourites among projects, and those he was in last.

use std::sync::Arc;

use db::Tx;
use domain::{
    access::{May, Read, Wanted},
    now::Now,
};
use store::{Again, projects::marks};

use crate::{App, Failure};

/// Makes the proof's project a favourite of the person, or no more. Nobody else sees it, so the log does not tell of it.
pub fn mark(tx: &mut Tx, may: &May<Read>, favourite: bool, now: &Now) -> Result<(), Failure> {
    let still = tx.still(may, now.at)?;
    Ok(marks::mark(tx, &still, favourite)?)
}

/// Notes beside the request that somebody is in the proof's project, at most once a minute.
pub async fn note_opened<R: Wanted>(app: &App, may: &May<R>) -> Result<(), Failure> {
    let Some(project) = may.project() else { return Ok(()) };
    let (asked, person) = (Arc::clone(may.member()), may.person());
    let (opened_at, now) = app.point(move |db, now| Ok((marks::last_opened(db, &asked, project)?, now.at))).await?;
    if opened_at.is_none_or(|opened_at| now.since(opened_at) >= crate::sessions::STALE) {
        crate::sessions::note(app, move |tx, at| marks::opened(tx, person, project, at));
    }
    Ok(())
}
