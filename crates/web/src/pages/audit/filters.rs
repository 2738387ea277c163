//! What the log can be narrowed by, and the addresses that keep the choice.

use app::Failure;
use db::Conn;
use domain::{
    access::{May, ReadAudit},
    actor::Actor,
    event::{self, What},
};
use store::{
    events::{self, Somebody},
    projects,
};

use crate::{
    api::audit::Asked,
    views::{
        audit::{Choice, Filters, Group},
        paths,
    },
};

/// So many people are offered by name; any other is found by a click on one of his events.
const MOST_PEOPLE: i64 = 300;

/// The choices, with those of the address chosen.
pub fn of(db: &mut Conn, may: &May<ReadAudit>, asked: &Asked) -> Result<Filters, Failure> {
    let chosen = asked.chosen();
    let value = |name: &str| chosen.iter().find(|(field, _)| *field == name).map(|(_, value)| value.clone());
    let event = value("event").unwrap_or_default();
    Ok(Filters {
        narrow: !chosen.is_empty(),
        groups: event::groups().into_iter().map(|(thing, kinds)| group(thing, &kinds, &event)).collect(),
        refused: event == event::REFUSED,
        people: people(db, may, value("actor"))?,
        projects: offered_projects(db, may, value("project").as_deref())?,
        from: value("from").unwrap_or_default(),
        to: value("to").unwrap_or_default(),
        error: None,
        chosen,
    })
}

fn group(thing: &str, kinds: &[What], chosen: &str) -> Group {
    let name = event::group_name(thing);
    let event =
        |what: &What| Choice { value: what.slug().to_owned(), name: what.deed(), chosen: what.slug() == chosen };
    Group {
        all: Choice { value: thing.to_owned(), name: name.clone(), chosen: thing == chosen },
        events: kinds.iter().map(event).collect(),
        name,
    }
}

fn people(db: &mut Conn, may: &May<ReadAudit>, chosen: Option<String>) -> Result<Vec<Choice>, Failure> {
    let chosen = chosen.and_then(|id| id.parse::<Actor>().ok());
    let mut people = events::whoever_was_here(db, may, MOST_PEOPLE)?;
    if let Some(id) = chosen.filter(|id| people.iter().all(|somebody| somebody.actor() != *id)) {
        people.extend(events::somebody(db, may, id.key())?);
    }
    let choice = |somebody: Somebody| Choice {
        value: somebody.actor().to_string(),
        chosen: chosen == Some(somebody.actor()),
        name: somebody.name,
    };
    Ok(people.into_iter().map(choice).collect())
}

fn offered_projects(db: &mut Conn, may: &May<ReadAudit>, chosen: Option<&str>) -> Result<Vec<Choice>, Failure> {
    let all = projects::visible(db, &may.member().visible())?;
    let choice = |project: projects::Project| Choice {
        chosen: chosen.is_some_and(|text| text.eq_ignore_ascii_case(&project.key) || text == project.id.to_string()),
        name: format!("{} · {}", project.key, project.name),
        value: project.key,
    };
    Ok(all.into_iter().map(choice).collect())
}

/// The page's address with this choice and more.
pub fn address(slug: &str, filters: &Filters) -> impl Fn(&[(&str, &str)]) -> String + use<> {
    let (path, chosen) = (paths::audit(slug), filters.chosen.clone());
    move |more| {
        let all = chosen.iter().map(|(name, value)| (*name, value.as_str())).chain(more.iter().copied());
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(all).finish();
        if query.is_empty() { path.clone() } else { format!("{path}?{query}") }
    }
}
