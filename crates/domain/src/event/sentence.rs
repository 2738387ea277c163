//! What the log says of an event: the sentence beside its name in the list, with its slots filled.
//!
//! `{who}` is whoever did it, `{target}` the thing, `{role}` the new value of a field and `{role.old}` the former one.
//! What stands in `[…]` is left out when one of its slots has nothing to say.

use serde_json::{Map, Value};

use super::What;
use crate::access::{Right, Role};

/// A piece of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Words of ours.
    Words(&'static str),
    /// Whoever did it.
    Who,
    /// The thing it happened to.
    Target,
    /// A value somebody gave.
    Value(String),
}

/// The pieces of what the log says of this event. `has_target` says whether the thing has a name that is still known.
pub fn sentence(what: What, has_target: bool, changes: &Map<String, Value>) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = what.sentence();
    while let Some((before, after)) = rest.split_once('[') {
        let (optional, after) = after.split_once(']').expect("a test reads every sentence");
        parts.extend(filled(before, has_target, changes).0);
        let (inside, whole) = filled(optional, has_target, changes);
        parts.extend(whole.then_some(inside).into_iter().flatten());
        rest = after;
    }
    parts.extend(filled(rest, has_target, changes).0);
    parts
}

/// The same as one text.
pub fn plain(what: What, who: &str, target: Option<&str>, changes: &Map<String, Value>) -> String {
    let parts = sentence(what, target.is_some(), changes);
    let words = parts.iter().map(|part| match part {
        Part::Words(words) => words,
        Part::Who => who,
        Part::Target => target.unwrap_or(ERASED),
        Part::Value(value) => value.as_str(),
    });
    words.collect()
}

/// In place of a name that is gone.
pub const ERASED: &str = "somebody whose name was erased";

/// The pieces of one stretch, and whether every slot had something to say.
fn filled(text: &'static str, has_target: bool, changes: &Map<String, Value>) -> (Vec<Part>, bool) {
    let (mut parts, mut whole, mut rest) = (Vec::new(), true, text);
    while let Some((before, after)) = rest.split_once('{') {
        let (slot, after) = after.split_once('}').expect("a test reads every sentence");
        let part = match slot {
            "who" => Some(Part::Who),
            "target" => has_target.then_some(Part::Target),
            field => value(field, changes).map(Part::Value),
        };
        whole &= part.is_some();
        parts.extend((!before.is_empty()).then_some(Part::Words(before)));
        parts.push(part.unwrap_or(if slot == "target" { Part::Target } else { Part::Words("nothing") }));
        rest = after;
    }
    parts.extend((!rest.is_empty()).then_some(Part::Words(rest)));
    (parts, whole)
}

fn value(field: &str, changes: &Map<String, Value>) -> Option<String> {
    let (field, at) = field.strip_suffix(".old").map_or((field, 1), |field| (field, 0));
    in_words(field, changes.get(field)?.get(at)?)
}

/// A field's value as people say it; `None` if it has none.
pub fn in_words(field: &str, value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) if text.is_empty() => None,
        Value::String(slug) if field == "role" => {
            Some(slug.parse::<Role>().map_or_else(|_| slug.clone(), |role| role.name().to_owned()))
        }
        Value::String(slug) if field == "right" => {
            Some(slug.parse::<Right>().map_or_else(|_| slug.clone(), |right| right.words().to_owned()))
        }
        Value::String(text) => Some(text.clone()),
        Value::Bool(yes) => Some(if *yes { "yes" } else { "no" }.to_owned()),
        Value::Array(all) => Some(all.iter().filter_map(|one| in_words(field, one)).collect::<Vec<_>>().join(", ")),
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Event;

    fn said(event: &Event, who: &str) -> String {
        plain(event.what, who, Some(&event.label).filter(|label| !label.is_empty()).map(String::as_str), &event.changes)
    }

    #[test]
    fn the_log_speaks_in_sentences() {
        let invited = Event::new(What::InvitationCreated, "invitation", 1, "leo@hollin.example");
        assert_eq!(said(&invited, "Priya"), "Priya invited leo@hollin.example");
        let invited = invited.change("role", (), "read_only");
        assert_eq!(said(&invited, "Priya"), "Priya invited leo@hollin.example as Read Only");
        let renamed = Event::new(What::WorkspaceRenamed, "workspace", 1, "Hollin").change("name", "Hollin", "Ash");
        assert_eq!(said(&renamed, "Ann"), "Ann renamed the workspace from Hollin to Ash");
        let refused = Event::new(What::MemberRefused, "member", 1, "").change("attempt", (), "deactivate");
        assert_eq!(said(&refused, "Ann"), "Ann tried to deactivate and was refused");
        let lacking = refused.change("right", (), "manage_members");
        assert_eq!(said(&lacking, "Ann"), "Ann tried to deactivate and was refused without the right Manage members");
    }

    #[test]
    fn what_was_erased_is_said_to_be() {
        let revoked = Event::new(What::InvitationRevoked, "invitation", 1, "");
        assert_eq!(said(&revoked, "Ann"), "Ann revoked the invitation of somebody whose name was erased");
    }

    #[test]
    fn every_sentence_has_its_brackets_closed_and_is_no_question_of_fields() {
        for what in What::ALL {
            let said = plain(*what, "Ann", None, &Map::new());
            assert!(!said.contains(['[', ']', '{', '}']) && !said.ends_with('.'), "{what}: {said}");
            assert!(said.starts_with(|c: char| c.is_uppercase()), "{what}: {said}");
        }
    }
}
