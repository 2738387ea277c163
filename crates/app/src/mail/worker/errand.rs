//! What a lane takes: a message with all its letter says, read in the transaction that takes it.

use std::time::Duration;

use db::Tx;
use domain::{id::MessageId, invitation::State, now::Now};
use store::{
    channel,
    invitations::{self, Invitation, OnProject},
    messages::{self, Taken},
    workspaces::{self, Workspace},
};

use super::office::system;
use crate::Failure;

/// How long a message stays a lane's without a sign of life.
pub(super) const LEASE: Duration = Duration::from_secs(30);

/// A message in a lane's hands.
#[derive(Clone, Debug)]
pub(super) struct Errand {
    pub(super) message: Taken,
    /// What an invitation's letter tells; others bring their words along.
    pub(super) invited: Option<Box<Invited>>,
    /// Whether what it speaks of still held when the message was taken.
    pub(super) holds: bool,
    /// Whether the channel is paused and this finds out whether mail flows again.
    pub(super) is_probe: bool,
}

/// An invitation with all its letter says.
#[derive(Clone, Debug)]
pub(super) struct Invited {
    pub(super) invitation: Invitation,
    pub(super) projects: Vec<OnProject>,
    pub(super) workspace: Workspace,
}

/// Takes the next due message; while the channel is paused only as its probe, one for all nodes.
pub(super) fn claim(tx: &mut Tx, held: &[MessageId], now: &Now) -> Result<Option<Errand>, Failure> {
    let channel = channel::get(tx)?;
    let is_probe = channel.paused_at.is_some();
    if is_probe && !channel::take_probe(tx, &system(), now.at + LEASE, now.at)? {
        return Ok(None);
    }
    let message = messages::take(tx, &system(), is_probe, held, LEASE, now.at)?;
    if let (None, Some(unused)) = (&message, channel.probe_at) {
        channel::probe_at(tx, &system(), unused)?;
    }
    message.map(|message| read(tx, message, is_probe, now)).transpose()
}

fn read(tx: &mut Tx, message: Taken, is_probe: bool, now: &Now) -> Result<Errand, Failure> {
    let invited = match invitations::of_message(tx, &message)? {
        Some(invitation) => Some(Box::new(Invited {
            projects: invitations::projects(tx, &[invitation.id])?,
            workspace: workspaces::named(tx, invitation.workspace)?,
            invitation,
        })),
        None => None,
    };
    let holds = match &invited {
        Some(invited) => invited.invitation.state_at(now.at) == State::Pending,
        None => message.ends_at.is_none_or(|ends_at| now.at < ends_at),
    };
    Ok(Errand { message, invited, holds, is_probe })
}
