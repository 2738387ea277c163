//! Which events somebody asks for, as the URL says it. The page and the API read the same.

use app::Failure;
use db::Conn;
use domain::{access::Member, actor::Actor, event::Kinds, id::ProjectId, time::Time};
use serde::Deserialize;
use store::{access, events::Filter};
use utoipa::IntoParams;

/// The filters of the log. An empty one is none.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// A name such as `invitation.created`, all of a thing such as `invitation`, or `refused`.
    #[serde(default)]
    pub event: Option<String>,
    /// Whoever did it, as in `actor.id`.
    #[serde(default)]
    pub actor: Option<String>,
    /// A project's id or key.
    #[serde(default)]
    pub project: Option<String>,
    /// From this moment on, or from the beginning of this date in UTC.
    #[serde(default)]
    pub from: Option<String>,
    /// Before this moment, or up to the end of this date in UTC.
    #[serde(default)]
    pub to: Option<String>,
}

fn filled(text: Option<&String>) -> Option<&str> {
    text.map(|text| text.trim()).filter(|text| !text.is_empty())
}

impl Asked {
    /// Each filter that narrows the log, by its name.
    pub fn chosen(&self) -> Vec<(&'static str, String)> {
        let all = [
            ("event", &self.event),
            ("actor", &self.actor),
            ("project", &self.project),
            ("from", &self.from),
            ("to", &self.to),
        ];
        all.into_iter().filter_map(|(name, text)| Some((name, filled(text.as_ref())?.to_owned()))).collect()
    }

    /// The filter, with every name looked up; what cannot be read is named.
    pub fn filter(&self, db: &mut Conn, member: &Member) -> Result<Filter, Failure> {
        let kinds = filled(self.event.as_ref()).map(str::parse::<Kinds>).transpose();
        let actor = filled(self.actor.as_ref()).map(str::parse::<Actor>).transpose();
        Ok(Filter {
            kinds: kinds.map_err(|error| Failure::invalid("event", "unknown_event", error.to_string()))?,
            actor: actor
                .map_err(|_| Failure::invalid("actor", "malformed", "Take it from actor.id of an event."))?
                .map(Actor::key),
            project: filled(self.project.as_ref()).map(|text| project(db, member, text)).transpose()?,
            from: filled(self.from.as_ref()).map(|text| moment("from", text, false)).transpose()?,
            to: filled(self.to.as_ref()).map(|text| moment("to", text, true)).transpose()?,
        })
    }
}

fn project(db: &mut Conn, member: &Member, text: &str) -> Result<ProjectId, Failure> {
    let unknown = || Failure::invalid("project", "unknown_project", "There is no such project that you can see.");
    if text.contains('\0') {
        return Err(unknown());
    }
    let found = access::project(db, member, text)?.filter(|project| member.visible().contains(*project));
    Ok(found.ok_or_else(unknown)?.id)
}

fn moment(field: &str, text: &str, ends: bool) -> Result<Time, Failure> {
    let whole_day = |day: Time| if ends { day.next_day() } else { day };
    let moment = Time::of_date(text).map(whole_day).or_else(|_| text.parse());
    moment.map_err(|_| Failure::invalid(field, "malformed", "A date such as 2026-12-01, or a time as in RFC 3339."))
}
