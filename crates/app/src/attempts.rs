//! Refused attempts. The verb's transaction is undone, so what stays of it is written in one of its own.

use std::net::IpAddr;

use db::Tx;
use domain::{event::Attempt, id::InvitationId, now::Now};
use store::{events, invitations};

use crate::{App, Failure, invitations::expire::expire_if_past};

impl App {
    /// Notes an attempt that was refused; other failures are none of the log's business. One that cannot be noted is
    /// still refused, and the server's log says so.
    pub async fn refused(&self, client: Option<IpAddr>, attempt: Attempt, why: &Failure) {
        if !why.is_refusal() {
            return;
        }
        let (what, code, clock) = (attempt.event.what, why.code(), self.clock().clone());
        let attempt = lacking(attempt, why);
        let noted = self.db().write(move |tx| note(tx, attempt.clone(), code, &clock.now().asked_by(client)));
        if let Err(error) = noted.await {
            tracing::error!(%error, %what, code, "a refused attempt could not be noted");
        }
    }
}

/// With the right that was missing, if it was one.
fn lacking(attempt: Attempt, why: &Failure) -> Attempt {
    match why {
        Failure::Lacks { right, .. } => Attempt { event: attempt.event.change("right", (), right.slug()), ..attempt },
        _ => attempt,
    }
}

fn note(tx: &mut Tx, attempt: Attempt, code: &str, now: &Now) -> Result<(), Failure> {
    let attempt = match attempt.event.id.parse() {
        Ok(id) => at_invitation(tx, attempt, id, now)?,
        Err(_) => attempt,
    };
    let event = attempt.event.change("code", (), code);
    Ok(events::add(tx, attempt.workspace, attempt.actor, &event, now)?)
}

/// Fills in what the invitation tells. One past its end is marked expired (T7), which the verb could not make last.
fn at_invitation(tx: &mut Tx, mut attempt: Attempt, id: InvitationId, now: &Now) -> Result<Attempt, Failure> {
    let found = invitations::of_attempt(tx, id)?;
    let Some(invitation) = found.filter(|found| attempt.workspace.is_none_or(|here| here == found.workspace)) else {
        return Ok(attempt);
    };
    expire_if_past(tx, &invitation, now)?;
    attempt.workspace = Some(invitation.workspace);
    attempt.event.label = invitation.address;
    Ok(attempt)
}
