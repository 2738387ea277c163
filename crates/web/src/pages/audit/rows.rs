//! Events as lines of the page.

use std::collections::HashMap;

use app::Failure;
use db::Conn;
use domain::{
    access::{May, ReadAudit, Role},
    event::{ERASED, Part, What, in_words, sentence},
    now::Now,
};
use serde_json::{Map, Value};
use store::{events::Logged, projects};

use crate::{
    api::audit::{SOMEBODY, changes, label},
    pages::moment::{day, hour},
    views::{
        audit::{Change, Day, Row, Said},
        parts::Face,
        paths,
    },
};

/// Keys of the projects the reader sees, by their ids: events name projects by id, which tells nobody anything.
type Keys = HashMap<String, String>;

/// The events by day, in the order they came.
pub fn days(
    db: &mut Conn,
    may: &May<ReadAudit>,
    slug: &str,
    events: Vec<Logged>,
    now: &Now,
) -> Result<Vec<Day>, Failure> {
    let visible = projects::visible(db, &may.member().visible())?;
    let keys: Keys = visible.into_iter().map(|project| (project.id.to_string(), project.key)).collect();
    let mut days: Vec<Day> = Vec::new();
    for event in events {
        let name = day(event.at, now.at);
        let row = row(event, slug, &keys);
        match days.last_mut().filter(|day| day.name == name) {
            Some(day) => day.rows.push(row),
            None => days.push(Day { name, rows: vec![row] }),
        }
    }
    Ok(days)
}

fn row(event: Logged, slug: &str, keys: &Keys) -> Row {
    let changes = named(changes(&event), keys);
    let what = event.what.parse::<What>().ok();
    let all = |id: String| format!("{}?actor={id}", paths::audit(slug));
    let name = event.actor_name.clone().unwrap_or_default();
    Row {
        id: event.id,
        time: hour(event.at),
        exact: event.at.in_words(),
        face: event.actor().map(|id| Face::of(&name, &id.to_string())),
        said: said(what, &event, &changes),
        refused: what.is_some_and(What::is_refusal),
        client: event.client.clone().unwrap_or_default(),
        actor: event.actor().map(|id| (name, all(id.to_string()))),
        changes: changes.iter().map(change).collect(),
        target: event.target_id,
        event: event.what,
    }
}

fn said(what: Option<What>, event: &Logged, changes: &Map<String, Value>) -> Vec<Said> {
    let words = |text: &str| Said { text: text.to_owned(), strong: false };
    let strong = |text: &str| Said { text: text.to_owned(), strong: true };
    let Some(what) = what else { return vec![words(&event.what)] };
    let said = |part: Part| match part {
        Part::Words(text) => words(text),
        Part::Who => strong(event.actor_name.as_deref().unwrap_or(SOMEBODY)),
        Part::Target => strong(label(event).unwrap_or(ERASED)),
        Part::Value(value) => strong(&value),
    };
    sentence(what, label(event).is_some(), changes).into_iter().map(said).collect()
}

fn change((field, values): (&String, &Value)) -> Change {
    let side = |at: usize| values.get(at).and_then(|value| in_words(field, value)).unwrap_or_default();
    Change { old: side(0), new: side(1), field: field_name(field) }
}

/// `expires_at` as `Expires at`.
fn field_name(field: &str) -> String {
    let words = field.replace('_', " ");
    let (first, rest) = words.split_at(words.chars().next().map_or(0, char::len_utf8));
    first.to_uppercase() + rest
}

/// `prj_… tester` as `Tester on WEB`; a project the reader does not see stays nameless.
fn named(mut changes: Map<String, Value>, keys: &Keys) -> Map<String, Value> {
    if let Some(Value::Array(sides)) = changes.get_mut("projects") {
        for side in sides {
            let roles = side.as_str().map(|text| text.split(", ").map(|one| on_project(one, keys)).collect::<Vec<_>>());
            *side = roles.map_or(Value::Null, |roles| roles.join(", ").into());
        }
    }
    changes
}

fn on_project(grant: &str, keys: &Keys) -> String {
    let Some((project, role)) = grant.split_once(' ') else { return grant.to_owned() };
    let role = role.parse::<Role>().map_or(role, |role| role.name());
    format!("{role} on {}", keys.get(project).map_or("a private project", String::as_str))
}
