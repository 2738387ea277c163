//! Reading the log: newest first, filtered, a page at a time.

use db::{Conn, Error, Statement, Value};
use domain::{
    access::{May, ReadAudit},
    actor::Actor,
    event::{Kinds, What},
    id::{PersonId, ProjectId},
    time::Time,
};

use crate::{
    Param,
    paging::{Page, Slice},
    sql::{All, marks},
};

/// Which events; what is left out does not narrow.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of these kinds.
    pub kinds: Option<Kinds>,
    /// By this person.
    pub actor: Option<PersonId>,
    /// In this project.
    pub project: Option<ProjectId>,
    /// From this moment on.
    pub from: Option<Time>,
    /// Before this moment.
    pub to: Option<Time>,
}

/// Where a page of the log continues: after the event of this moment, and among those of one moment after this number.
pub type After = (Time, i64);

record! {
    /// An event as the log shows it.
    pub struct Logged {
        /// Its number.
        pub id: i64,
        /// When.
        pub at: Time,
        /// What.
        pub what: String,
        /// Who, if somebody did it.
        pub actor: Option<PersonId>,
        /// What he is called.
        pub actor_name: Option<String>,
        /// Whether that is a service account.
        pub actor_service: bool,
        /// From which address; gone if erased.
        pub client: Option<String>,
        /// The noun of the thing.
        pub target_kind: String,
        /// The thing.
        pub target_id: String,
        /// How it was called; gone if erased.
        pub label: Option<String>,
        /// `{field: [old, new]}` as JSON.
        pub changes: String,
    }
}

/// The workspace's events, newest first. Those in a project the reader cannot see are left out.
pub fn list(db: &mut Conn, may: &May<ReadAudit>, filter: &Filter, page: &Page<After>) -> Result<Slice<Logged>, Error> {
    Ok(page.cut(db.all(statement(may, filter, page))?))
}

/// Each kind is looked up by itself, in the order of the list, and what is found of all of them is merged: no index can
/// give several kinds in one order. That happens in the indexes alone; the events themselves are read for one page.
fn statement(may: &May<ReadAudit>, filter: &Filter, page: &Page<After>) -> Statement {
    let kinds: Vec<Option<What>> = match &filter.kinds {
        None => vec![None],
        Some(kinds) => kinds.all().iter().copied().map(Some).collect(),
    };
    let newest = &format!("{ORDER} LIMIT ?");
    let (mut branches, mut params) = (Vec::with_capacity(kinds.len()), Vec::new());
    for kind in kinds {
        let (text, own) = wanted(may, filter, kind, page.after).text_of(FOUND, newest);
        branches.push(format!("SELECT * FROM ({text}) k"));
        params.extend(own);
        params.push(page.probe().value());
    }
    params.push(page.probe().value());
    let page = format!("SELECT * FROM ({}) e {newest}", branches.join(" UNION ALL "));
    Statement::new(format!("{NAMED} FROM ({page}) k JOIN event e ON e.id = k.id {PERSONAL} {ORDER}"), params)
}

const FOUND: &str = "SELECT e.id, e.at FROM event e";
const ORDER: &str = "ORDER BY e.at DESC, e.id DESC";
const NAMED: &str = "SELECT e.id, e.at, e.what, e.actor, p.name AS actor_name,
    s.person IS NOT NULL AS actor_service, x.client, e.target_kind, e.target_id,
    x.label, e.changes";
const PERSONAL: &str = "LEFT JOIN person p ON p.id = e.actor LEFT JOIN service_account s ON s.person = e.actor
    LEFT JOIN event_personal x ON x.event = e.id";

fn wanted(may: &May<ReadAudit>, filter: &Filter, kind: Option<What>, after: Option<After>) -> All {
    let mut wanted = All::of("e.workspace = ?", vec![may.workspace().value()]);
    let narrow = [
        ("e.what = ?", kind.map(|what| what.slug().value())),
        ("e.actor = ?", filter.actor.map(|actor| actor.value())),
        ("e.project = ?", filter.project.map(|project| project.value())),
        ("e.at >= ?", filter.from.map(|from| from.value())),
        ("e.at < ?", filter.to.map(|to| to.value())),
    ];
    for (text, value) in narrow {
        wanted = value.into_iter().fold(wanted, |wanted, value| wanted.and(text, vec![value]));
    }
    if let Some((at, id)) = after {
        wanted = wanted.and("(e.at, e.id) < (?, ?)", vec![at.value(), id.value()]);
    }
    hidden(may).into_iter().fold(wanted, |wanted, (text, params)| wanted.and(text, params))
}

/// What keeps events of projects out that the reader cannot see, where there are any.
fn hidden(may: &May<ReadAudit>) -> Option<(String, Vec<Value>)> {
    let visible = may.member().visible();
    if visible.open() && visible.private() {
        return None;
    }
    let (mut shown, mut params) = (vec!["e.project IS NULL".to_owned()], Vec::new());
    if visible.open() {
        shown.push("e.project IN (SELECT q.id FROM project q WHERE q.workspace = ? AND NOT q.private)".to_owned());
        params.push(may.workspace().value());
    }
    if !visible.granted().is_empty() {
        shown.push(format!("e.project IN ({})", marks(visible.granted())));
        params.extend(visible.granted().iter().map(Param::value));
    }
    Some((shown.join(" OR "), params))
}

record! {
    /// Somebody the log can be filtered by.
    pub struct Somebody {
        /// Who.
        pub id: PersonId,
        /// What he is called.
        pub name: String,
        /// Whether it is a service account.
        pub service: bool,
    }
}

impl Logged {
    /// Whoever did it.
    pub fn actor(&self) -> Option<Actor> {
        self.actor.map(|key| Actor::of(key, self.actor_service))
    }
}

impl Somebody {
    /// Who.
    pub fn actor(&self) -> Actor {
        Actor::of(self.id, self.service)
    }
}

/// Whoever is or was a member of the workspace, by name, at most `most`.
pub fn whoever_was_here(db: &mut Conn, may: &May<ReadAudit>, most: i64) -> Result<Vec<Somebody>, Error> {
    db.all(sql!(
        "SELECT p.id, p.name, s.person IS NOT NULL AS service FROM person p LEFT JOIN service_account s ON s.person = p.id
         WHERE p.id IN (SELECT m.person FROM member m WHERE m.workspace = ?)
         ORDER BY p.folded, p.id LIMIT ?",
        may.workspace(),
        most
    ))
}

/// One of them.
pub fn somebody(db: &mut Conn, may: &May<ReadAudit>, id: PersonId) -> Result<Option<Somebody>, Error> {
    db.first(sql!(
        "SELECT p.id, p.name, s.person IS NOT NULL AS service FROM person p LEFT JOIN service_account s ON s.person = p.id
         WHERE p.id = ? AND EXISTS (SELECT 1 FROM member m WHERE m.workspace = ? AND m.person = p.id)",
        id,
        may.workspace()
    ))
}
