//! Cases among what was found.

use app::Failure;
use db::Conn;
use domain::{
    access::{May, Membership},
    terms::Number,
};
use store::{case_words::After, paging::Page};
use url::form_urlencoded::Serializer;

use super::{Asked, MOST};
use crate::{
    api::search::{CaseHit, MarkBody, found_cases},
    extract::Paging,
    views::{
        paths,
        search::{CaseFound, Cases, Piece},
    },
};

/// Rows of a page with nothing but cases.
const ROWS: i64 = 25;

/// A few beside what else was found, or a page of nothing else.
pub(super) fn found(db: &mut Conn, may: &May<Membership>, slug: &str, asked: &Asked) -> Result<Cases, Failure> {
    let alone = asked.only.as_deref() == Some("cases");
    let after: Option<(bool, i64)> = Paging::after(asked.cursor.as_deref().filter(|_| alone))?;
    let limit = if alone { ROWS } else { MOST };
    let page = Page { limit, after: after.map(|(by_title, place)| After { by_title, place }) };
    let project = asked.project.as_deref().filter(|_| alone);
    let list = found_cases(db, may, project, &asked.q, &page)?;
    // From the start where a few were shown beside other things; else from where this page ends.
    let more = list.next_cursor.map(|cursor| address(slug, asked, Some(cursor.as_str()).filter(|_| alone)));
    let by_number = Number::read(&asked.q).is_some();
    let rows = list.items.into_iter().map(row).collect();
    Ok(Cases { alone, by_number, project: project.unwrap_or_default().to_owned(), rows, more })
}

fn address(slug: &str, asked: &Asked, cursor: Option<&str>) -> String {
    let mut query = Serializer::new(String::new());
    query.append_pair("only", "cases").append_pair("q", &asked.q);
    for (name, value) in [("project", asked.project.as_deref()), ("cursor", cursor)] {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    }
    format!("{}?{}", paths::search(slug), query.finish())
}

fn row(hit: CaseHit) -> CaseFound {
    let pieces =
        |marks: Vec<MarkBody>| marks.into_iter().map(|mark| Piece { text: mark.text, hit: mark.hit }).collect();
    CaseFound { key: hit.project, number: hit.number, title: pieces(hit.title), excerpt: pieces(hit.excerpt) }
}
