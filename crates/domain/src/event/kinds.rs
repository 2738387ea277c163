//! Which kinds of event a reader of the log asks for: one, all that happens to one thing, or whatever was refused.

use std::{fmt, str::FromStr};

use super::What;

/// A choice of kinds, as `?event=` names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kinds {
    name: String,
    all: Vec<What>,
}

/// A name that is no choice of events.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("There is no event {0:?}. Name one such as invitation.created, all of a thing such as invitation, or refused.")]
pub struct UnknownKinds(String);

/// The choice of everything a rule forbade.
pub const REFUSED: &str = "refused";

impl Kinds {
    /// Each kind of the choice; there is at least one.
    pub fn all(&self) -> &[What] {
        &self.all
    }
}

impl FromStr for Kinds {
    type Err = UnknownKinds;
    fn from_str(text: &str) -> Result<Self, UnknownKinds> {
        let chosen =
            |what: &What| what.slug() == text || what.group() == text || (text == REFUSED && what.is_refusal());
        let all: Vec<What> = What::ALL.iter().copied().filter(chosen).collect();
        if all.is_empty() { Err(UnknownKinds(text.to_owned())) } else { Ok(Self { name: text.to_owned(), all }) }
    }
}

impl fmt::Display for Kinds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// The things events of a workspace happen to, each with its kinds, in the order of the list. What happens to a person
/// alone, such as signing in, stands in no workspace's log.
pub fn groups() -> Vec<(&'static str, Vec<What>)> {
    let mut groups: Vec<(&'static str, Vec<What>)> = Vec::new();
    for what in What::ALL.iter().copied().filter(|what| !OF_PERSONS.contains(&what.group())) {
        match groups.iter_mut().find(|(group, _)| *group == what.group()) {
            Some((_, kinds)) => kinds.push(what),
            None => groups.push((what.group(), vec![what])),
        }
    }
    groups
}

const OF_PERSONS: &[&str] =
    &["session", "person", "address", "password", "operator", "server", "mail_server", "mail_channel"];

/// What people call such a group: `API keys`.
pub fn group_name(group: &str) -> String {
    match group {
        "api_key" => "API keys".to_owned(),
        "audit" => "Audit log".to_owned(),
        "mail" => "Mail".to_owned(),
        "workspace" => "Workspace".to_owned(),
        thing => {
            let words = thing.replace('_', " ");
            let (first, rest) = words.split_at(words.chars().next().map_or(0, char::len_utf8));
            format!("{}{rest}s", first.to_uppercase())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_one_event_or_all_of_a_thing_or_all_refusals() {
        let kinds = |text: &str| text.parse::<Kinds>().unwrap().all;
        assert_eq!(kinds("invitation.created"), [What::InvitationCreated]);
        assert!(kinds("member").contains(&What::MemberJoined) && kinds("member").contains(&What::MemberRefused));
        assert!(kinds("refused").iter().all(|what| what.is_refusal()) && kinds("refused").len() > 3);
        assert!("".parse::<Kinds>().is_err() && "member.".parse::<Kinds>().is_err());
    }

    #[test]
    fn groups_hold_every_event_of_a_workspace_once() {
        let grouped: usize = groups().iter().map(|(_, kinds)| kinds.len()).sum();
        let of_persons = What::ALL.iter().filter(|what| OF_PERSONS.contains(&what.group())).count();
        assert_eq!(grouped + of_persons, What::ALL.len());
        assert_eq!((group_name("api_key"), group_name("invitation")), ("API keys".into(), "Invitations".into()));
    }
}
