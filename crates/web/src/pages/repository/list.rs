//! The list of cases on the page.

use app::Failure;
use db::Conn;
use domain::{
    access::May,
    case::review::Review,
    folder::{Folder, Tree},
    now::Now,
    property::Kind,
};
use store::{
    case_list::{self, Listed, Sort},
    paging::Page as Rows,
    properties::{self, PropertyValue},
};

use super::{
    Here,
    filters::{self, Ground},
    tree::counted,
};
use crate::{
    api::case_list::Asked,
    extract::Paging,
    pages::moment::moment,
    views::{
        parts::{Face, Field},
        paths,
        repository::{Adding, CaseRow, Cases, Filters, Head, Heads},
    },
};

const ROWS: i64 = 50;

/// Totals are exact up to here.
const COUNTED: i64 = 1000;

pub(super) struct List {
    pub(super) cases: Cases,
    pub(super) count: String,
}

pub(super) fn gathered<R>(
    db: &mut Conn,
    may: &May<R>,
    here: &Here,
    tree: &Tree,
    reviews: bool,
    cursor: &str,
    now: &Now,
) -> Result<List, Failure> {
    let sort = here.asked.sort()?;
    let (asked, filter, gone) = here.asked.lasting(db, may)?;
    let notes = gone.iter().map(|gone| filters::note(here, gone)).collect();
    let asked = &asked;
    let here = &Here { asked, ..*here };
    let wanted = asked.wanted(tree, &filter)?;
    let after = Paging::after(Some(cursor).filter(|cursor| !cursor.is_empty()))?;
    let is_first = after.is_none();
    let slice = case_list::list(db, may, wanted, &Rows { limit: ROWS, after })?;
    let values = properties::in_project(db, may)?;
    let ground = Ground::of(db, may, reviews)?;
    let last = slice.rows.last().filter(|_| slice.more).map(|row| Paging::cursor(&case_list::after(sort, row)));
    let folder = asked.folder(tree)?;
    let flat = asked.is_flat() || asked.folder == "top";
    let total = match (filter.is_empty(), flat) {
        (true, true) => folder.row.cases,
        (true, false) => folder.total,
        (false, _) => case_list::count(db, may, wanted, COUNTED)?,
    };
    let many = flat || folder.below == 0;
    let row = |row: Listed| {
        let row = shown(row, here, &values, (!many).then_some(tree), now);
        if reviews { row } else { CaseRow { review: String::new(), ..row } }
    };
    let cases = Cases {
        filters: Filters {
            notes,
            ..filters::gathered(here, &ground, &values, &filter, folder.below > 0 && asked.folder != "top")
        },
        heads: heads(here, sort),
        rows: slice.rows.into_iter().map(row).collect(),
        more: last.map(|cursor| here.with(asked, &[("cursor", &cursor)])),
        first: (!is_first).then(|| here.address(asked)),
        adding: None,
        by_hand: sort == Sort::Place && many && filter.is_empty(),
        edit_all: here.edit_all(asked),
        api_move: format!("{}/cases/move", paths::project_call(here.slug, here.key)),
    };
    Ok(List { cases, count: words(total, !filter.is_empty()) })
}

fn words(total: i64, filtered: bool) -> String {
    match total {
        1 => "1 case".to_owned(),
        total if filtered && total > COUNTED => "1,000+ cases".to_owned(),
        total => format!("{} cases", counted(total)),
    }
}

/// The form for the next case, at the foot of the list.
pub(super) fn adding(folder: &Folder, title: Field) -> Adding {
    let folder = if folder.depth == 0 { String::new() } else { folder.row.id.to_string() };
    Adding { folder, title }
}

fn heads(here: &Here, sort: Sort) -> Heads {
    let down = here.asked.down();
    let address = |word: String| here.address(&Asked { sort: word, ..here.asked.clone() });
    let head = |own: Sort, first_down: bool| {
        let is_own = sort == own;
        let next_down = if is_own { !down } else { first_down };
        let sorted = match (is_own, down) {
            (false, _) => "",
            (true, false) => "ascending",
            (true, true) => "descending",
        };
        Head { href: address(format!("{}{}", if next_down { "-" } else { "" }, own.slug())), sorted }
    };
    Heads {
        number: head(Sort::Number, false),
        title: head(Sort::Title, false),
        changed: head(Sort::Changed, true),
        place: (sort != Sort::Place).then(|| address(String::new())),
    }
}

fn shown(row: Listed, here: &Here, values: &[PropertyValue], tree: Option<&Tree>, now: &Now) -> CaseRow {
    let named = |kind: Kind, key: i64| values.iter().find(|value| value.kind == kind && value.key == key);
    let name = |kind: Kind, key: i64| named(kind, key).map_or_else(|| "?".to_owned(), |value| value.name.clone());
    let level = values.iter().filter(|value| value.kind == Kind::Priority).position(|value| value.key == row.priority);
    let face = |(name, id): (String, domain::id::PersonId)| {
        let face = Face::of(&name, &id.to_string());
        (name, face)
    };
    CaseRow {
        key: format!("{}-{}", here.key, row.number),
        href: format!("{}/cases/{}", paths::repository(here.slug, here.key), row.number),
        folder: tree.map(|tree| app::folders::path_of(tree, Some(row.folder))).unwrap_or_default(),
        priority: name(Kind::Priority, row.priority),
        level: level.map_or(1, |level| level + 1).min(4),
        status: name(Kind::Status, row.status),
        usual: named(Kind::Status, row.status).is_some_and(|value| value.is_default),
        automation: name(Kind::Automation, row.automation),
        review: if row.review == Review::Draft { String::new() } else { row.review.words().to_owned() },
        owner: row.owner_name.zip(row.owner).map(face),
        changed: moment(row.changed_at, now.at),
        id: row.id.to_string(),
        title: row.title,
    }
}
