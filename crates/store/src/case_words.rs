//! Finding cases by what they say. The words are folded in `domain`, so both engines only compare them.

mod query;

use db::{Conn, Error, Tx};
use domain::{
    access::Visible,
    case::{Content, Fields},
    id::{CaseId, ProjectId},
    terms::{Number, Wanted, terms},
};

use crate::{
    Param,
    paging::{Page, Slice},
    projects::readable,
    sql::{All, inserts, marks},
};

use query::Query;

/// What a case is found by.
#[derive(Clone, Debug)]
pub struct CaseWords {
    case: CaseId,
    terms: String,
}

/// Before the words of a title; no word begins so.
const IN_TITLE: char = '=';
/// Before the id of a project.
const IN_PROJECT: char = '_';

impl CaseWords {
    /// The words of a case: title, prose and steps.
    pub fn of(case: CaseId, project: ProjectId, fields: &Fields) -> Self {
        let title = fields.title.as_str();
        let mut all = in_project(project);
        for term in terms([title]) {
            all.push(' ');
            all.push(IN_TITLE);
            all.push_str(&term);
        }
        for term in terms([title].into_iter().chain(fields.content.texts())) {
            all.push(' ');
            all.push_str(&term);
        }
        Self { case, terms: all }
    }
}

fn in_project(project: ProjectId) -> String {
    format!("{IN_PROJECT}{}", uuid::Uuid::from(project).simple())
}

record! {
    struct Kept {
        case_id: CaseId,
        terms: String,
    }
}

/// Cases are found by these words from the commit on. Whatever changes what a case says calls it; that it is in the trash
/// or in a project one may not read is asked when searching.
pub fn keep(tx: &mut Tx, cases: &[CaseWords]) -> Result<(), Error> {
    for cases in cases.chunks(128) {
        let ids: Vec<CaseId> = cases.iter().map(|words| words.case).collect();
        let these = All::of(format!("case_id IN ({})", marks(&ids)), ids.iter().map(Param::value).collect());
        let kept: Vec<Kept> = tx.all(these.rows("SELECT case_id, terms FROM case_words", "", Vec::new()))?;
        let is_kept =
            |words: &CaseWords| kept.iter().any(|kept| kept.case_id == words.case && kept.terms == words.terms);
        let other: Vec<&CaseWords> = cases.iter().filter(|words| !is_kept(words)).collect();
        replace(tx, &other, &kept)?;
    }
    Ok(())
}

fn replace(tx: &mut Tx, cases: &[&CaseWords], kept: &[Kept]) -> Result<(), Error> {
    for words in cases.iter().filter(|words| kept.iter().any(|kept| kept.case_id == words.case)) {
        tx.run(sql!("DELETE FROM case_words WHERE case_id = ?", words.case))?;
    }
    let rows = cases.iter().map(|words| values![words.case, words.terms]).collect();
    inserts("INSERT INTO case_words (case_id, terms)", rows, "").into_iter().try_for_each(|rows| tx.run(rows).map(drop))
}

record! {
    /// A case that was found.
    pub struct Found {
        /// Where it stands among those found alike; falls from row to row.
        pub place: i64,
        /// Which.
        pub id: CaseId,
        /// Its project.
        pub project: ProjectId,
        /// The `WEB` of `WEB-123`.
        pub key: String,
        /// Its 123.
        pub number: i64,
        /// The title.
        pub title: String,
        /// The long part, for excerpts.
        pub content: Content,
    }
}

/// In which order cases are found: those whose title says it all come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct After {
    /// Whether the last one seen was found by its title.
    pub by_title: bool,
    /// Its place.
    pub place: i64,
}

/// Where cases are looked for.
#[derive(Clone, Copy, Debug)]
pub struct Within<'v> {
    /// The projects one may read; others have no cases.
    pub visible: &'v Visible,
    /// One of them alone.
    pub project: Option<ProjectId>,
}

/// The live cases in which all words are: by title first, and of those alike the last written first.
pub fn find(db: &mut Conn, within: Within, wanted: &Wanted, page: &Page<After>) -> Result<Slice<Found>, Error> {
    if wanted.is_empty() || page.limit < 1 {
        return Ok(page.cut(Vec::new()));
    }
    let projects = projects(db, within)?;
    let query = Query::of(db.engine(), &projects, wanted);
    let after = page.after.unwrap_or(After { by_title: true, place: i64::MAX });
    let mut found = Vec::new();
    if !projects.is_empty() && after.by_title {
        found = db.all(rows(within, &query.by_title(), after.place, page.probe()))?;
    }
    let left = page.probe() - i64::try_from(found.len()).unwrap_or(page.probe());
    if !projects.is_empty() && left > 0 {
        let place = if after.by_title { i64::MAX } else { after.place };
        found.extend(db.all::<Found>(rows(within, &query.by_rest(), place, left))?);
    }
    Ok(page.cut(found))
}

fn rows(within: Within, query: &str, before: i64, limit: i64) -> db::Statement {
    let select = "SELECT w.id AS place, c.id, c.project, p.key, c.number, c.title, c.content
        FROM /*lite: case_index i JOIN case_words w ON w.id = i.rowid */ /*pg: case_words w */
        JOIN test_case c ON c.id = w.case_id JOIN project p ON p.id = c.project";
    let matches = "/*lite: i.case_index MATCH ? AND i.rowid < ? */
        /*pg: array_to_tsvector(string_to_array(w.terms, ' ')) @@ CAST(CAST(? AS text) AS tsquery) AND w.id < ? */";
    live(within).and(matches, vec![query.value(), before.value()]).rows(
        select,
        "ORDER BY /*lite: i.rowid */ /*pg: w.id */ DESC LIMIT ?",
        vec![limit.value()],
    )
}

/// Cases `c` of projects `p` that one may read, without the trash.
fn live(within: Within) -> All {
    let readable = readable(within.visible).and("c.trashed_at IS NULL", Vec::new());
    match within.project {
        Some(project) => readable.and("p.id = ?", vec![project.value()]),
        None => readable,
    }
}

record! {
    struct Id {
        id: ProjectId,
    }
}

/// The projects looked through, so that the index need not name cases of others.
fn projects(db: &mut Conn, within: Within) -> Result<Vec<ProjectId>, Error> {
    if let Some(project) = within.project {
        return Ok(vec![project]);
    }
    let rows: Vec<Id> = db.all(readable(within.visible).rows("SELECT p.id FROM project p", "", Vec::new()))?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// The live cases of this number, at most `limit`: one if the project is said, else one of each, by the projects' keys.
pub fn numbered(db: &mut Conn, within: Within, number: &Number, limit: i64) -> Result<Vec<Found>, Error> {
    let select = "SELECT c.number AS place, c.id, c.project, p.key, c.number, c.title, c.content
        FROM project p JOIN test_case c ON c.project = p.id";
    let mut wanted = live(within).and("c.number = ?", vec![number.number.value()]);
    if let Some(key) = &number.key {
        wanted = wanted.and("p.key = ?", vec![key.as_str().value()]);
    }
    db.all(wanted.rows(select, "ORDER BY p.key, c.id LIMIT ?", vec![limit.value()]))
}
