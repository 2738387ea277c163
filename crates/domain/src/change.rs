//! What open pages are told of: that a thing has changed, by its id and nothing more.

use std::{fmt, str::FromStr};

use crate::{
    event::Event,
    id::{CaseId, InvitationId, MemberId, ProjectId, ServiceId, WorkspaceId},
};

/// There is one, and its topic is its id.
const CHANNEL: &str = "mail_channel";

/// In place of a workspace: all of them.
const EVERYWHERE: &str = "-";

/// A thing that has changed. Whoever hears of it reads it anew, with a proof of his own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// A test case.
    Case(CaseId),
    /// What became of an invitation's mail.
    Delivery(InvitationId),
    /// An invitation.
    Invitation(InvitationId),
    /// Whether mail flows from this server, and why not.
    MailChannel,
    /// A member.
    Member(MemberId),
    /// A project.
    Project(ProjectId),
    /// A service account.
    Service(ServiceId),
    /// The workspace itself: its name, its rules, a pause of its mail.
    Workspace(WorkspaceId),
}

impl Changed {
    /// What an event of the log changes, if pages show it. One who was refused has changed nothing.
    pub fn by(event: &Event) -> Option<Self> {
        if event.what.slug().ends_with(".refused") {
            return None;
        }
        Self::read(event.kind, &event.id)
    }

    /// The topic: `case`, `delivery`, `invitation`, `mail_channel`, `member`, `project`, `service_account` or `workspace`.
    pub fn topic(self) -> &'static str {
        match self {
            Self::Case(_) => "case",
            Self::Delivery(_) => "delivery",
            Self::Invitation(_) => "invitation",
            Self::MailChannel => CHANNEL,
            Self::Member(_) => "member",
            Self::Project(_) => "project",
            Self::Service(_) => "service_account",
            Self::Workspace(_) => "workspace",
        }
    }

    /// The thing's id in its outer form.
    pub fn id(self) -> String {
        match self {
            Self::Case(id) => id.to_string(),
            Self::Delivery(id) | Self::Invitation(id) => id.to_string(),
            Self::MailChannel => CHANNEL.to_owned(),
            Self::Member(id) => id.to_string(),
            Self::Project(id) => id.to_string(),
            Self::Service(id) => id.to_string(),
            Self::Workspace(id) => id.to_string(),
        }
    }

    fn read(topic: &str, id: &str) -> Option<Self> {
        match topic {
            "case" => id.parse().ok().map(Self::Case),
            "delivery" => id.parse().ok().map(Self::Delivery),
            "invitation" => id.parse().ok().map(Self::Invitation),
            CHANNEL => Some(Self::MailChannel),
            "member" => id.parse().ok().map(Self::Member),
            "project" => id.parse().ok().map(Self::Project),
            "service_account" => id.parse().ok().map(Self::Service),
            "workspace" => id.parse().ok().map(Self::Workspace),
            _ => None,
        }
    }
}

/// Something of a workspace, or of the whole server, has changed. Travels between nodes as a line of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where; `None` is everywhere.
    pub workspace: Option<WorkspaceId>,
    /// What.
    pub changed: Changed,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.workspace.map_or_else(|| EVERYWHERE.to_owned(), |workspace| workspace.to_string());
        write!(f, "{place} {} {}", self.changed.topic(), self.changed.id())
    }
}

/// A line that tells of no change, perhaps of a newer version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this tells of no change")]
pub struct NoChange;

impl FromStr for Change {
    type Err = NoChange;

    fn from_str(line: &str) -> Result<Self, NoChange> {
        let mut words = line.splitn(3, ' ');
        let mut word = || words.next().ok_or(NoChange);
        let workspace = match word()? {
            EVERYWHERE => None,
            place => Some(place.parse().map_err(|_| NoChange)?),
        };
        let changed = Changed::read(word()?, word()?).ok_or(NoChange)?;
        Ok(Self { workspace, changed })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::What;

    const WORKSPACE: &str = "wsp_06g3jx5s5xz7k9q1v0t2m4n6p8";

    fn invitation() -> InvitationId {
        InvitationId::from(uuid::Uuid::from_u128(7))
    }

    #[test]
    fn a_change_is_read_as_it_was_told() {
        let workspace = WorkspaceId::from(uuid::Uuid::from_u128(1));
        let others = [Changed::Workspace(workspace), Changed::Service(uuid::Uuid::from_u128(2).into())];
        for changed in [Changed::Delivery(invitation()), Changed::Invitation(invitation())].into_iter().chain(others) {
            let change = Change { workspace: Some(workspace), changed };
            assert_eq!(change.to_string().parse(), Ok(change));
        }
        let everywhere = Change { workspace: None, changed: Changed::MailChannel };
        assert_eq!(everywhere.to_string().parse(), Ok(everywhere));
    }

    #[test]
    fn other_words_tell_of_no_change() {
        for line in ["", "x", WORKSPACE, "wsp_1 member mem_1", "a b c d"] {
            assert_eq!(line.parse::<Change>(), Err(NoChange), "{line}");
        }
    }

    #[test]
    fn an_event_tells_what_it_changed_and_a_refused_attempt_nothing() {
        let sent = Event::new(What::InvitationCreated, "invitation", invitation(), "lea@hollin.example");
        assert_eq!(Changed::by(&sent), Some(Changed::Invitation(invitation())));
        let refused = Event::new(What::InvitationRefused, "invitation", invitation(), "");
        assert_eq!(Changed::by(&refused), None);
        assert_eq!(Changed::by(&Event::new(What::KeyCreated, "api_key", "key_1", "")), None);
    }
}
