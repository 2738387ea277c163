//! The list of members: searched, filtered, in one of three orders, in pages whose cost does not grow with the workspace.

use db::{Conn, Error, Value};
use domain::{
    access::{May, Membership, People, ProjectFacts, Right, Role},
    id::{MemberId, PersonId, ProjectId},
    time::Time,
};

use crate::{
    Param,
    paging::{Page, Slice},
    sql::{All, containing, marks},
};

record! {
    /// A current member, active or deactivated.
    pub struct Listed {
        /// The membership.
        pub id: MemberId,
        /// Whose.
        pub person: PersonId,
        /// What the person is called.
        pub name: String,
        /// The primary address; a service account has none.
        pub address: Option<String>,
        /// Whether it is a service account.
        pub service: bool,
        /// Whether something mailed to the address proved it.
        pub verified: bool,
        /// The role in the workspace.
        pub role: Role,
        /// `active` or `deactivated`.
        pub state: String,
        /// Since when.
        pub joined_at: Time,
        /// When last seen in this workspace.
        pub seen_at: Option<Time>,
        /// What the list is sorted by.
        pub key: String,
    }
}

impl Listed {
    /// Whether the member may come in.
    pub fn is_active(&self) -> bool {
        self.state == "active"
    }
}

/// What members are sorted by; namesakes by when they joined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// Their names.
    #[default]
    Name,
    /// Their roles, from most to fewest rights, then their names.
    Role,
    /// When they were last seen.
    Seen,
}

impl By {
    /// The very text of the index, or no engine uses it.
    const fn key(self) -> &'static str {
        match self {
            Self::Name => "m.folded",
            Self::Role => {
                "CASE m.role WHEN 'owner' THEN '0' WHEN 'admin' THEN '1' WHEN 'manager' THEN '2' \
                 WHEN 'tester' THEN '3' WHEN 'read_only' THEN '4' ELSE '5' END || m.folded"
            }
            Self::Seen => "COALESCE(m.seen_at, 0)",
        }
    }

    /// A key as a cursor has it. One that somebody made up begins anywhere.
    fn parameter(self, key: &str) -> Value {
        match self {
            Self::Seen => key.parse::<i64>().unwrap_or_default().value(),
            Self::Name | Self::Role => key.value(),
        }
    }
}

/// An order and its direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// What it goes by.
    pub by: By,
    /// From the end.
    pub reversed: bool,
}

/// Which members, all conditions together. Words are looked for in names, and in addresses if the reader sees those.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Which {
    /// A part of the folded name or of the normalised address.
    pub words: Option<String>,
    /// With this role in the workspace.
    pub role: Option<Role>,
    /// Active, or deactivated.
    pub active: Option<bool>,
    /// With a role on this project, which the reader may see.
    pub project: Option<ProjectId>,
    /// Not seen since they joined.
    pub unseen: bool,
    /// In this order.
    pub order: Order,
}

/// Where a page of members continues: after this key, and among equals after this id.
pub type After = (String, MemberId);

const FROM: &str = "FROM member m JOIN person p ON p.id = m.person LEFT JOIN service_account s ON s.person = m.person
    LEFT JOIN person_address a ON a.person = p.id AND a.is_primary";

pub(crate) fn select(by: By) -> String {
    format!(
        "SELECT m.id, m.person, p.name, a.address, s.person IS NOT NULL AS service, a.verified_at IS NOT NULL AS verified, m.role, m.state,
         m.joined_at, m.seen_at, CAST({} AS TEXT) AS key {FROM}",
        by.key()
    )
}

/// The current members, as asked. What of each the reader may see is for the caller to cut (`Member::people`).
pub fn list(db: &mut Conn, may: &May<Membership>, which: &Which, page: &Page<After>) -> Result<Slice<Listed>, Error> {
    let Order { by, reversed } = which.order;
    let (key, beyond, way) = (by.key(), if reversed { '<' } else { '>' }, if reversed { "DESC" } else { "ASC" });
    let mut wanted = asked(may, which);
    if let Some((after, id)) = &page.after {
        let after = by.parameter(after);
        // The first half is for the index, the second for namesakes.
        let text = format!("{key} {beyond}= ? AND ({key} {beyond} ? OR m.id {beyond} ?)");
        wanted = wanted.and(text, vec![after.clone(), after, id.value()]);
    }
    let rest = format!("ORDER BY {key} {way}, m.id {way} LIMIT ?");
    Ok(page.cut(db.all(wanted.rows(&select(by), &rest, vec![page.probe().value()]))?))
}

/// How many members are asked for.
pub fn count_of(db: &mut Conn, may: &May<Membership>, which: &Which) -> Result<i64, Error> {
    count_in(db, asked(may, which))
}

/// How many current members the reader may know of.
pub fn count(db: &mut Conn, may: &May<Membership>) -> Result<i64, Error> {
    count_in(db, known_to(may))
}

record! {
    /// How many members hold a role in the workspace.
    pub struct ByRole {
        /// The role.
        pub role: Role,
        /// How many, of those the reader may know of.
        pub n: i64,
    }
}

/// How many current members hold each role that anybody holds.
pub fn count_by_role(db: &mut Conn, may: &May<Membership>) -> Result<Vec<ByRole>, Error> {
    // Every name is one: said so that the index by name is taken, which holds the roles, too.
    let named = known_to(may).and("m.folded >= ''", Vec::new());
    db.all(named.rows("SELECT m.role, COUNT(*) AS n FROM member m", "GROUP BY m.role", Vec::new()))
}

fn count_in(db: &mut Conn, wanted: All) -> Result<i64, Error> {
    let count: Count = db.one(wanted.rows("SELECT COUNT(*) AS n FROM member m", "", Vec::new()))?;
    Ok(count.n)
}

record! {
    struct Count {
        n: i64,
    }
}

fn asked(may: &May<Membership>, which: &Which) -> All {
    let mut wanted = known_to(may);
    if let Some(words) = &which.words {
        let (text, params) = said(may, words);
        wanted = wanted.and(text, params);
    }
    if let Some(role) = which.role {
        wanted = wanted.and("m.role = ?", vec![role.value()]);
    }
    if let Some(active) = which.active {
        wanted = wanted.and("m.state = ?", vec![if active { "active" } else { "deactivated" }.value()]);
    }
    if let Some(project) = which.project {
        let text = "m.id IN (SELECT g.member FROM project_grant g WHERE g.project = ?)";
        wanted = wanted.and(text, vec![project.value()]);
    }
    if which.unseen {
        wanted = wanted.and("COALESCE(m.seen_at, 0) <= m.joined_at", Vec::new());
    }
    wanted
}

/// Searching addresses one may not see would tell them letter by letter.
fn said(may: &May<Membership>, words: &str) -> (&'static str, Vec<Value>) {
    let pattern = containing(words);
    match may.member().people() {
        People::WithAddresses => {
            (r"m.folded LIKE ? ESCAPE '\' OR m.address LIKE ? ESCAPE '\'", vec![pattern.clone(), pattern])
        }
        People::Names | People::OfMyProjects => (r"m.folded LIKE ? ESCAPE '\'", vec![pattern]),
    }
}

/// The current members of the proof's workspace that the reader may know of. Guests know the people of their projects.
pub(crate) fn known_to(may: &May<Membership>) -> All {
    let current = All::of("m.workspace = ? AND m.state IN ('active', 'deactivated')", vec![may.workspace().value()]);
    match may.member().people() {
        People::WithAddresses | People::Names => current,
        People::OfMyProjects => {
            let (text, params) = of_projects(may);
            current.and(text, params)
        }
    }
}

/// The guest himself and whoever reads one of his projects, by a role on it or by one in the workspace.
fn of_projects(may: &May<Membership>) -> (String, Vec<Value>) {
    let visible = may.member().visible();
    let granted = may.member().grants().iter().map(|grant| grant.project);
    let mine: Vec<_> = granted.filter(|id| visible.contains(ProjectFacts::active(*id, true))).collect();
    if mine.is_empty() {
        return ("m.id = ?".to_owned(), vec![may.member_id().value()]);
    }
    let (reading, everywhere) = (roles_with(Right::Read), roles_with(Right::SeePrivateProjects));
    let text = format!(
        "m.id = ? OR m.id IN (SELECT g.member FROM project_grant g WHERE g.project IN ({mine}) AND g.role IN ({reading}))
         OR m.role IN ({everywhere})
         OR m.role IN ({reading}) AND EXISTS (SELECT 1 FROM project q WHERE q.id IN ({mine}) AND NOT q.private)",
        mine = marks(&mine),
        reading = marks(&reading),
        everywhere = marks(&everywhere)
    );
    let own = std::iter::once(may.member_id().value());
    let (mine, reading) = (mine.iter().map(Param::value), reading.iter().map(Param::value));
    let everywhere = everywhere.iter().map(Param::value);
    let params = own.chain(mine.clone()).chain(reading.clone()).chain(everywhere).chain(reading).chain(mine);
    (text, params.collect())
}

fn roles_with(right: Right) -> Vec<Role> {
    Role::ALL.iter().copied().filter(|role| role.rights().contains(right)).collect()
}
