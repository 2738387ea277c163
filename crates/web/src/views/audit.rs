//! Settings > Audit log.

use askama::Template;

use super::frame::{Flash, Frame, Notice, Place};
use super::parts::{Face, Moment};
use super::{filters, paths};

/// The page. Reads `event`, `actor`, `project`, `from`, `to` and `cursor` from the address.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/audit.html")]
pub struct Audit {
    /// Around the page.
    pub frame: Frame,
    /// What narrows the log.
    pub filters: Filters,
    /// The events of this page, by day, newest first.
    pub days: Vec<Day>,
    /// The page of older ones.
    pub older: Option<String>,
    /// Back to the newest, where this page is not theirs.
    pub newest: Option<String>,
}

/// The choices one can narrow the log by, and what was chosen.
#[derive(Clone, Debug, Default)]
pub struct Filters {
    /// Whether anything is chosen.
    pub narrow: bool,
    /// Events, by the thing they happen to.
    pub groups: Vec<Group>,
    /// Whether only refused attempts are wanted.
    pub refused: bool,
    /// Whoever is or was a member.
    pub people: Vec<Choice>,
    /// The projects the reader sees.
    pub projects: Vec<Choice>,
    /// The first day, as typed.
    pub from: String,
    /// The last day, as typed.
    pub to: String,
    /// What is wrong with the choice, if it cannot be read.
    pub error: Option<String>,
    /// Each chosen filter again, for the form that exports the same.
    pub chosen: Vec<(&'static str, String)>,
}

/// All events that happen to one thing.
#[derive(Clone, Debug)]
pub struct Group {
    /// The thing, in the plural.
    pub name: String,
    /// All of them.
    pub all: Choice,
    /// Each of them.
    pub events: Vec<Choice>,
}

/// Something to choose.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub name: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// The events of one day.
#[derive(Clone, Debug)]
pub struct Day {
    /// `Today`, or the date.
    pub name: String,
    /// Its events.
    pub rows: Vec<Row>,
}

/// One event.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its number.
    pub id: i64,
    /// Its name for machines.
    pub event: String,
    /// The hour, in UTC.
    pub time: Moment,
    /// With day and zone.
    pub exact: String,
    /// Whoever did it.
    pub face: Option<Face>,
    /// What happened, piece by piece.
    pub said: Vec<Said>,
    /// Whether a rule forbade it.
    pub refused: bool,
    /// The client's address.
    pub client: String,
    /// Name of whoever did it, and the page of all he did.
    pub actor: Option<(String, String)>,
    /// The thing's id.
    pub target: String,
    /// Old and new values.
    pub changes: Vec<Change>,
}

/// A piece of a sentence.
#[derive(Clone, Debug)]
pub struct Said {
    /// The words.
    pub text: String,
    /// Whether it is a name or value rather than words of ours.
    pub strong: bool,
}

/// A field that changed.
#[derive(Clone, Debug)]
pub struct Change {
    /// Its name.
    pub field: String,
    /// What it was; empty for nothing.
    pub old: String,
    /// What it is; empty for nothing.
    pub new: String,
}
