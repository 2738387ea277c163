//! Test cases and their numbers.

mod many;
mod review;
mod versions;

use std::collections::BTreeMap;

use db::{Conn, Error, Statement, Tx};
use domain::{
    access::{May, Right, Role, Still, Visible, WriteCases},
    case::{Content, Estimate, Fields, Template, Touched, review::Review, version::Snapshot},
    id::{CaseId, FolderId, PersonId, ProjectId},
    now::Now,
    step_group::groups_of,
    time::Time,
    title::CaseTitle,
};

use crate::{
    Param, fields, labels,
    projects::readable,
    sql::{marks, within},
    step_groups,
};

pub use many::insert_all;
pub use review::{Waiting, judge, sent_back, to_review};
pub use versions::{
    Told, Version, begin_version, begin_versions, end_version, name_version, newest_version, rewrite_version, version,
    versions,
};

/// A case.
#[derive(Clone, Debug)]
pub struct Case {
    /// Which.
    pub id: CaseId,
    /// Of which project.
    pub project: ProjectId,
    /// The 123 of `WEB-123`.
    pub number: i64,
    /// The folder it lies in.
    pub folder: FolderId,
    /// Whether that is the root, which nobody sees.
    pub at_top: bool,
    /// What it says.
    pub fields: Fields,
    /// Where its review stands.
    pub review: Review,
    /// Who said so.
    pub review_by: Option<PersonId>,
    /// When.
    pub review_at: Option<Time>,
    /// And why.
    pub review_note: Option<String>,
    /// Counts its saves.
    pub revision: i64,
    /// Which save changed which field last.
    pub touched: Touched,
    /// The newest version.
    pub version: i64,
    /// When it was made.
    pub created_at: Time,
    /// By whom.
    pub created_by: PersonId,
    /// When it was saved last.
    pub changed_at: Time,
    /// By whom.
    pub changed_by: PersonId,
    /// In the trash since then.
    pub trashed_at: Option<Time>,
}

record! {
    struct Row {
        id: CaseId,
        project: ProjectId,
        number: i64,
        folder: FolderId,
        at_top: bool,
        title: String,
        template: Template,
        status: i64,
        priority: i64,
        kind: i64,
        automation: i64,
        owner: Option<PersonId>,
        reviewer: Option<PersonId>,
        estimate: Option<i64>,
        review: Review,
        review_by: Option<PersonId>,
        review_at: Option<Time>,
        review_note: Option<String>,
        revision: i64,
        version: i64,
        created_at: Time,
        created_by: PersonId,
        changed_at: Time,
        changed_by: PersonId,
        trashed_at: Option<Time>,
        touched: Touched,
        content: Content,
    }
}

const WHOLE: &str = "SELECT c.id, c.project, c.number, c.folder,
    (SELECT f.parent IS NULL FROM folder f WHERE f.id = c.folder) AS at_top, c.title, c.template, c.status, c.priority,
    c.type AS kind, c.automation, c.owner, c.reviewer, c.estimate, c.review, c.review_by, c.review_at, c.review_note,
    c.revision, c.version, c.created_at, c.created_by, c.changed_at, c.changed_by, c.trashed_at, c.touched, c.content
    FROM test_case c";

fn shape(what: impl std::fmt::Display) -> Error {
    Error::Shape(format!("a stored case: {what}"))
}

impl Row {
    fn whole(self) -> Result<Case, Error> {
        let fields = Fields {
            title: CaseTitle::parse(&self.title).map_err(shape)?,
            template: self.template,
            content: self.content,
            status: self.status,
            priority: self.priority,
            r#type: self.kind,
            automation: self.automation,
            owner: self.owner,
            reviewer: self.reviewer,
            estimate: self.estimate.map(Estimate::of_seconds).transpose().map_err(shape)?,
            labels: Vec::new(),
            values: BTreeMap::new(),
        };
        Ok(Case {
            id: self.id,
            project: self.project,
            number: self.number,
            folder: self.folder,
            at_top: self.at_top,
            fields,
            review: self.review,
            review_by: self.review_by,
            review_at: self.review_at,
            review_note: self.review_note,
            revision: self.revision,
            touched: self.touched,
            version: self.version,
            created_at: self.created_at,
            created_by: self.created_by,
            changed_at: self.changed_at,
            changed_by: self.changed_by,
            trashed_at: self.trashed_at,
        })
    }
}

/// How an address names a case of a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reference {
    /// The 123 of `WEB-123`.
    Number(i64),
    /// Its id.
    Id(CaseId),
}

impl std::str::FromStr for Reference {
    type Err = ();

    /// `123` or `cas_…`.
    fn from_str(text: &str) -> Result<Self, ()> {
        match text.parse() {
            Ok(id) => Ok(Self::Id(id)),
            Err(_) => text.parse().map(Self::Number).map_err(drop),
        }
    }
}

/// A case of the proof's project, in the trash or not; others are unknown.
pub fn find<R>(db: &mut Conn, may: &May<R>, which: Reference) -> Result<Option<Case>, Error> {
    read(db, may, which, "")
}

/// The same, held until the transaction ends: saves of one case queue here.
pub fn lock<R>(tx: &mut Tx, still: &Still<R>, which: Reference) -> Result<Option<Case>, Error> {
    read(tx, still, which, "/*pg: FOR NO KEY UPDATE */")
}

/// Those of these cases that are of the proof's project, in the trash or not, by id and held until the transaction ends.
pub fn lock_all<R>(tx: &mut Tx, still: &Still<R>, ids: &[CaseId]) -> Result<Vec<Case>, Error> {
    let here = "WHERE c.workspace = ? AND c.project = ? AND c.id IN ({}) ORDER BY c.id /*pg: FOR NO KEY UPDATE */";
    let rows: Vec<Row> =
        tx.all(within(&format!("{WHOLE} {here}"), values![still.workspace(), still.project()], ids))?;
    let mut cases = rows.into_iter().map(Row::whole).collect::<Result<Vec<Case>, Error>>()?;
    hang(tx, &mut cases)?;
    Ok(cases)
}

/// Gives cases, which are in order of their ids, the labels and values that lie apart.
fn hang(db: &mut Conn, cases: &mut [Case]) -> Result<(), Error> {
    let ids: Vec<CaseId> = cases.iter().map(|case| case.id).collect();
    let place = |id: CaseId| ids.binary_search(&id).ok();
    for label in labels::of_cases(db, &ids)? {
        if let Some(at) = place(label.case_id) {
            cases[at].fields.labels.push(label.name);
        }
    }
    for (id, field, value) in fields::values::of_cases(db, &ids)? {
        if let Some(at) = place(id) {
            cases[at].fields.values.insert(field, value);
        }
    }
    Ok(())
}

fn read<R>(db: &mut Conn, may: &May<R>, which: Reference, held: &str) -> Result<Option<Case>, Error> {
    let here = "WHERE c.workspace = ? AND c.project = ? AND";
    let row: Option<Row> = match which {
        Reference::Number(number) => {
            let text = format!("{WHOLE} {here} c.number = ? {held}");
            db.first(sql!(text, may.workspace(), may.project(), number))?
        }
        Reference::Id(id) => {
            let text = format!("{WHOLE} {here} c.id = ? {held}");
            db.first(sql!(text, may.workspace(), may.project(), id))?
        }
    };
    let mut case: Vec<Case> = row.map(Row::whole).transpose()?.into_iter().collect();
    hang(db, &mut case)?;
    Ok(case.pop())
}

record! {
    struct InProject {
        project: ProjectId,
    }
}

/// The project of a case that one may read.
pub fn project_of(db: &mut Conn, visible: &Visible, id: CaseId) -> Result<Option<ProjectId>, Error> {
    let select = "SELECT c.project FROM test_case c JOIN project p ON p.id = c.project";
    let row: Option<InProject> =
        db.first(readable(visible).and("c.id = ?", vec![id.value()]).rows(select, "", Vec::new()))?;
    Ok(row.map(|row| row.project))
}

record! {
    struct Counted {
        last: i64,
    }
}

/// Takes the next `count` numbers of the proof's project and says the first. Who takes some holds the counter until the
/// transaction ends, and what is rolled back is given again: no gaps, no doubles.
pub fn take_numbers(tx: &mut Tx, still: &Still<WriteCases>, count: i64) -> Result<i64, Error> {
    let text = "UPDATE case_counter SET last = last + ? WHERE project = ? RETURNING last";
    let counted: Counted = tx.one(sql!(text, count, still.project()))?;
    Ok(counted.last - count + 1)
}

record! {
    struct Id {
        id: FolderId,
    }
}

/// The root of the proof's project, in which cases at the top lie.
pub fn top<R>(db: &mut Conn, may: &May<R>) -> Result<FolderId, Error> {
    let text = "SELECT id FROM folder WHERE workspace = ? AND project = ? AND parent IS NULL";
    db.one(sql!(text, may.workspace(), may.project())).map(|row: Id| row.id)
}

/// Makes a case at the end of a folder; `None` if the project has no such folder. Its first version is to follow.
pub fn insert(
    tx: &mut Tx,
    still: &Still<WriteCases>,
    folder: FolderId,
    fields: &Fields,
    now: &Now,
) -> Result<Option<CaseId>, Error> {
    let made = insert_all(tx, still, std::slice::from_ref(&(folder, fields.clone())), now)?;
    Ok(made.and_then(|made| made.first().copied()))
}

/// Writes down what a locked case says now, but for labels and the project's own fields: fields, review, revision, version, and who saved it when.
pub fn save(tx: &mut Tx, still: &Still<WriteCases>, case: &Case, content_too: bool) -> Result<(), Error> {
    let fields = &case.fields;
    tx.run(sql!(
        "UPDATE test_case SET title = ?, title_key = ?, template = ?, status = ?, priority = ?, type = ?, automation = ?,
            owner = ?, reviewer = ?, estimate = ?, review = ?, revision = ?, touched = ?, version = ?, changed_at = ?,
            changed_by = ? WHERE workspace = ? AND id = ?",
        fields.title.as_str(),
        fields.title.folded(),
        fields.template,
        fields.status,
        fields.priority,
        fields.r#type,
        fields.automation,
        fields.owner,
        fields.reviewer,
        fields.estimate.map(Estimate::seconds),
        case.review,
        case.revision,
        case.touched,
        case.version,
        case.changed_at,
        case.changed_by,
        still.workspace(),
        case.id
    ))?;
    if content_too {
        let text = "UPDATE test_case SET content = ? WHERE workspace = ? AND id = ?";
        tx.run(sql!(text, fields.content, still.workspace(), case.id))?;
    }
    Ok(())
}

/// All that a version of a case keeps.
pub fn snapshot(db: &mut Conn, case: &Case) -> Result<Snapshot, Error> {
    let groups = step_groups::versions(db, &groups_of(&case.fields.content.steps))?;
    let groups = groups.into_iter().map(|(id, version)| (id.to_string(), version)).collect();
    Ok(Snapshot { groups, ..Snapshot::of(case.fields.clone()) })
}

record! {
    /// Somebody who can answer for a case.
    pub struct Candidate {
        /// Who.
        pub id: PersonId,
        /// What he is called.
        pub name: String,
        /// Whether it is a service account.
        pub service: bool,
    }
}

/// The active members of the proof's workspace by name, at most so many, and whoever of `besides` is not among them.
pub fn candidates<R>(db: &mut Conn, may: &May<R>, besides: &[PersonId], limit: i64) -> Result<Vec<Candidate>, Error> {
    let select = "SELECT p.id, p.name, s.person IS NOT NULL AS service FROM member m JOIN person p ON p.id = m.person
        LEFT JOIN service_account s ON s.person = p.id";
    let text = format!("{select} WHERE m.workspace = ? AND m.state = 'active' ORDER BY m.folded, m.id LIMIT ?");
    let mut found: Vec<Candidate> = db.all(sql!(text, may.workspace(), limit))?;
    let missing: Vec<PersonId> = besides.iter().copied().filter(|id| found.iter().all(|one| one.id != *id)).collect();
    found.extend(named(db, may, &missing)?);
    Ok(found)
}

/// The active members who may review in the proof's project, by name, at most so many.
pub fn reviewers<R>(db: &mut Conn, may: &May<R>, private: bool, limit: i64) -> Result<Vec<Candidate>, Error> {
    let reviewing = |role: &Role| role.rights().contains(Right::ReviewCases);
    let there: Vec<Role> = Role::ALL.iter().copied().filter(reviewing).collect();
    let reaches = |role: &Role| !private || role.rights().contains(Right::SeePrivateProjects);
    let here: Vec<Role> = there.iter().copied().filter(reaches).collect();
    let text = format!(
        "SELECT p.id, p.name, s.person IS NOT NULL AS service FROM member m JOIN person p ON p.id = m.person
         LEFT JOIN service_account s ON s.person = p.id WHERE m.workspace = ? AND m.state = 'active'
         AND (m.role IN ({}) OR EXISTS (SELECT 1 FROM project_grant g
            WHERE g.member = m.id AND g.project = ? AND g.role IN ({}))) ORDER BY m.folded, m.id LIMIT ?",
        marks(&here),
        marks(&there)
    );
    let mut params = values![may.workspace()];
    params.extend(here.iter().map(Param::value));
    params.push(may.project().value());
    params.extend(there.iter().map(Param::value));
    params.push(limit.value());
    db.all(Statement::new(text, params))
}

/// What these people are called, as far as they are or were members of the proof's workspace.
pub fn named<R>(db: &mut Conn, may: &May<R>, people: &[PersonId]) -> Result<Vec<Candidate>, Error> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let text = "SELECT p.id, p.name, s.person IS NOT NULL AS service FROM person p
        LEFT JOIN service_account s ON s.person = p.id
        WHERE EXISTS (SELECT 1 FROM member m WHERE m.workspace = ? AND m.person = p.id) AND p.id IN ({})
        ORDER BY p.folded, p.id";
    db.all(within(text, values![may.workspace()], people))
}

/// Whether somebody is an active member of the proof's workspace, so that a case can be his.
pub fn is_here<R>(db: &mut Conn, may: &May<R>, person: PersonId) -> Result<bool, Error> {
    let text = "SELECT id FROM member WHERE workspace = ? AND person = ? AND state = 'active'";
    let row: Option<db::Row> = db.first(sql!(text, may.workspace(), person))?;
    Ok(row.is_some())
}
