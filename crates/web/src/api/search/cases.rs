//! Cases that were found.

use app::Failure;
use db::Conn;
use domain::{
    access::{May, Membership, ProjectFacts},
    id::ProjectId,
    terms::{Mark, Number, Wanted, excerpt, marked},
};
use serde::Serialize;
use store::{
    case_words::{self, After, Found, Within},
    paging::Page,
};
use utoipa::ToSchema;

use crate::{api::list::List, extract::Paging};

/// A case that was found.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CaseHit {
    /// Which.
    pub id: String,
    /// Its project's key.
    #[schema(example = "WEB")]
    pub project: String,
    /// The 123 of `WEB-123`.
    pub number: i64,
    /// The title, in pieces.
    pub title: Vec<MarkBody>,
    /// Where the words stand in its text, in pieces; empty where they stand in the title alone.
    pub excerpt: Vec<MarkBody>,
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MarkBody {
    /// The piece.
    pub text: String,
    /// Whether it is what was looked for.
    pub hit: bool,
}

impl From<Mark<'_>> for MarkBody {
    fn from(mark: Mark) -> Self {
        Self { text: mark.text.to_owned(), hit: mark.hit }
    }
}

/// So much of a text is shown, in bytes.
const EXCERPT: usize = 140;

/// The cases found by number and by words, of those the member may read; in one project if it is named.
pub fn found(
    db: &mut Conn,
    may: &May<Membership>,
    project: Option<&str>,
    typed: &str,
    page: &Page<After>,
) -> Result<List<CaseHit>, Failure> {
    let visible = may.member().visible();
    let project = project.filter(|project| !project.is_empty()).map(|named| in_project(db, may, named)).transpose()?;
    let within = Within { visible: &visible, project };
    let wanted = Wanted::read(typed);
    let mut items = Vec::new();
    if let Some(number) = Number::read(typed).filter(|_| page.after.is_none()) {
        items = case_words::numbered(db, within, &number, page.limit)?;
    }
    let left = page.limit - i64::try_from(items.len()).unwrap_or(page.limit);
    let slice = case_words::find(db, within, &wanted, &Page { limit: left, after: page.after })?;
    let next = slice.rows.last().filter(|_| slice.more).map(|last| (has_all(&last.title, &wanted), last.place));
    let numbered: Vec<_> = items.iter().map(|found| found.id).collect();
    items.extend(slice.rows.into_iter().filter(|row| !numbered.contains(&row.id)));
    let items = items.into_iter().map(|row| hit(row, &wanted)).collect();
    Ok(List { items, next_cursor: next.map(|key| Paging::cursor(&key)) })
}

/// Whether it was found by its title, as the index found it.
fn has_all(title: &str, wanted: &Wanted) -> bool {
    wanted.find(&domain::terms::terms([title]))
}

fn in_project(db: &mut Conn, may: &May<Membership>, named: &str) -> Result<ProjectId, Failure> {
    let found: Option<ProjectFacts> = Some(named)
        .filter(|named| !named.contains('\0'))
        .map(|named| store::access::project(db, may.member(), named))
        .transpose()?
        .flatten();
    let readable = found.filter(|facts| may.member().visible().contains(*facts));
    readable
        .map(|facts| facts.id)
        .ok_or_else(|| Failure::invalid("project", "unknown", "You see no project of this id or key."))
}

fn hit(row: Found, wanted: &Wanted) -> CaseHit {
    let pieces = |marks: Vec<Mark>| marks.into_iter().map(MarkBody::from).collect::<Vec<_>>();
    let within = row.content.texts().find_map(|text| excerpt(text, wanted, EXCERPT));
    CaseHit {
        id: row.id.to_string(),
        project: row.key,
        number: row.number,
        title: pieces(marked(&row.title, wanted)),
        excerpt: pieces(within.unwrap_or_default()),
    }
}
