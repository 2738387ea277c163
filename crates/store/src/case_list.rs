//! The list of cases, in pages at constant cost. Four orders: as people laid them (folder by folder), by number, by
//! title, by the last change. Each goes along an index that ends in what the page continues after.

use std::collections::HashMap;

use db::{Conn, Error};
use domain::{
    access::May,
    case::review::Review,
    folder::Folder,
    id::{CaseId, FieldId, FolderId, LabelId, PersonId},
    property::Kind,
    rank::Rank,
    time::Time,
};

use crate::{
    Param, fields,
    paging::{Page, Slice},
    sql::{All, containing, marks},
};

record! {
    /// A case as a list shows it.
    pub struct Listed {
        /// Which.
        pub id: CaseId,
        /// The 123 of `WEB-123`.
        pub number: i64,
        /// What it is called.
        pub title: String,
        /// The title as it is sorted.
        pub title_key: String,
        /// Where it lies.
        pub folder: FolderId,
        /// At which place there.
        pub rank: Rank,
        /// Key of its status.
        pub status: i64,
        /// Key of its priority.
        pub priority: i64,
        /// Key of its type.
        pub kind: i64,
        /// Key of how it is run.
        pub automation: i64,
        /// Who answers for it.
        pub owner: Option<PersonId>,
        /// What the owner is called.
        pub owner_name: Option<String>,
        /// Where its review stands.
        pub review: Review,
        /// When it was saved last.
        pub changed_at: Time,
    }
}

/// What a page continues after: the folder where the order is that of the tree, the text or number of the sort, the case.
pub type After = (Option<FolderId>, String, i64, CaseId);

/// An order of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// As people laid them: folder by folder, within each by place.
    #[default]
    Place,
    /// By number.
    Number,
    /// By title.
    Title,
    /// By the last change.
    Changed,
}

impl Sort {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Place, Self::Number, Self::Title, Self::Changed];

    /// The word in addresses.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Place => "place",
            Self::Number => "number",
            Self::Title => "title",
            Self::Changed => "changed",
        }
    }

    const fn column(self) -> &'static str {
        match self {
            Self::Place => "c.rank",
            Self::Number => "c.number",
            Self::Title => "c.title_key",
            Self::Changed => "c.changed_at",
        }
    }
}

/// Which cases. Values of one property are alternatives, properties hold together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Keys of values, by property.
    pub properties: Vec<(Kind, Vec<i64>)>,
    /// Who answers for it; `Some(None)` is nobody.
    pub owner: Option<Option<PersonId>>,
    /// With this label.
    pub label: Option<LabelId>,
    /// What the project's own fields hold.
    pub own: Vec<(FieldId, fields::filter::Wanted)>,
    /// Where its review stands.
    pub review: Option<Review>,
    /// With these folded words in its title.
    pub words: String,
}

impl Filter {
    /// Whether every case passes.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn narrow(&self, mut wanted: All) -> All {
        for (kind, keys) in self.properties.iter().filter(|(_, keys)| !keys.is_empty()) {
            let text = format!("c.{} IN ({})", kind.slug(), marks(keys));
            wanted = wanted.and(text, keys.iter().map(Param::value).collect());
        }
        wanted = match self.owner {
            Some(Some(owner)) => wanted.and("c.owner = ?", values![owner]),
            Some(None) => wanted.and("c.owner IS NULL", Vec::new()),
            None => wanted,
        };
        if let Some(label) = self.label {
            wanted = wanted.and("c.id IN (SELECT case_id FROM case_label WHERE label = ?)", values![label]);
        }
        for (field, value) in &self.own {
            let (text, params) = fields::filter::condition("c.id", *field, value);
            wanted = wanted.and(text, params);
        }
        if let Some(review) = self.review {
            wanted = wanted.and("c.review = ?", values![review]);
        }
        for word in self.words.split_whitespace() {
            wanted = wanted.and(r"c.title_key LIKE ? ESCAPE '\'", vec![containing(word)]);
        }
        wanted
    }
}

/// How a list is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The folders whose cases are listed, in the order of the tree; `None` is the whole project.
    pub folders: Option<&'a [Folder]>,
    /// The order.
    pub sort: Sort,
    /// From the last to the first.
    pub down: bool,
    /// Which of them.
    pub filter: &'a Filter,
}

const SELECT: &str =
    "SELECT c.id, c.number, c.title, c.title_key, c.folder, c.rank, c.status, c.priority, c.type AS kind,
    c.automation, c.owner, o.name AS owner_name, c.review, c.changed_at
    FROM test_case c LEFT JOIN person o ON o.id = c.owner";

fn live<R>(may: &May<R>) -> All {
    All::of("c.workspace = ? AND c.project = ? AND c.trashed_at IS NULL", values![may.workspace(), may.project()])
}

fn within(wanted: All, folders: &[FolderId]) -> All {
    wanted.and(format!("c.folder IN ({})", marks(folders)), folders.iter().map(Param::value).collect())
}

/// Below so many cases a part of the tree is read whole and sorted; above, the index of the order is followed and what
/// lies elsewhere passed over, which is at most one in so many.
const FEW: i64 = 2000;

/// One page of the proof's project.
pub fn list<R>(db: &mut Conn, may: &May<R>, wanted: Wanted, page: &Page<After>) -> Result<Slice<Listed>, Error> {
    match (wanted.sort, wanted.folders) {
        (Sort::Place, Some(folders)) if wanted.filter.is_empty() => in_tree_order(db, may, folders, page),
        (Sort::Place, Some([one])) => {
            in_order(db, may, Wanted { folders: Some(std::slice::from_ref(one)), ..wanted }, page)
        }
        (Sort::Place, _) => in_order(db, may, Wanted { sort: Sort::Number, ..wanted }, page),
        _ => in_order(db, may, wanted, page),
    }
}

fn in_order<R>(db: &mut Conn, may: &May<R>, wanted: Wanted, page: &Page<After>) -> Result<Slice<Listed>, Error> {
    let mut rows = wanted.filter.narrow(live(may));
    if let Some(folders) = wanted.folders {
        let few = folders.iter().map(|folder| folder.row.cases).sum::<i64>() <= FEW;
        let ids: Vec<FolderId> = folders.iter().map(|folder| folder.row.id).collect();
        rows = if few || ids.len() == 1 {
            within(rows, &ids)
        } else {
            // The plus keeps SQLite from gathering all of them by the folder's index, only to sort them.
            let text = format!("/*lite: + */ c.folder IN ({})", marks(&ids));
            rows.and(text, ids.iter().map(Param::value).collect())
        };
    }
    let (column, sign, word) =
        (wanted.sort.column(), if wanted.down { "<" } else { ">" }, if wanted.down { "DESC" } else { "ASC" });
    if let Some((_, text, number, id)) = &page.after {
        let value = match wanted.sort {
            Sort::Place | Sort::Title => text.value(),
            Sort::Number | Sort::Changed => number.value(),
        };
        rows = rows.and(format!("({column}, c.id) {sign} (?, ?)"), vec![value, id.value()]);
    }
    let order = format!("ORDER BY {column} {word}, c.id {word} LIMIT ?");
    Ok(page.cut(db.all(rows.rows(SELECT, &order, values![page.probe()]))?))
}

/// Folder by folder. The counts of the tree tell which folders a page needs, so none is asked in vain.
fn in_tree_order<R>(
    db: &mut Conn,
    may: &May<R>,
    folders: &[Folder],
    page: &Page<After>,
) -> Result<Slice<Listed>, Error> {
    let mut rows: Vec<Listed> = Vec::new();
    let mut rest = folders;
    if let Some((Some(folder), rank, _, id)) = &page.after
        && let Some(at) = folders.iter().position(|other| other.row.id == *folder)
    {
        let after = within(live(may), &[*folder]).and("(c.rank, c.id) > (?, ?)", values![rank, id]);
        rows = db.all(after.rows(SELECT, "ORDER BY c.rank, c.id LIMIT ?", values![page.probe()]))?;
        rest = &folders[at + 1..];
    }
    let left = |rows: &[Listed]| page.probe() - i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let (whole, last) = needed(rest, left(&rows));
    if !whole.is_empty() {
        let places: HashMap<FolderId, usize> = whole.iter().enumerate().map(|(at, id)| (*id, at)).collect();
        let all = within(live(may), &whole).rows(SELECT, "ORDER BY c.rank, c.id", Vec::new());
        let mut found: Vec<Listed> = db.all(all)?;
        found.sort_by_key(|row| places.get(&row.folder).copied());
        rows.extend(found);
    }
    if let Some(last) = last
        && left(&rows) > 0
    {
        let some = within(live(may), &[last]);
        rows.extend(db.all::<Listed>(some.rows(SELECT, "ORDER BY c.rank, c.id LIMIT ?", values![left(&rows)]))?);
    }
    Ok(page.cut(rows))
}

/// The folders that are shown whole before so many rows are reached, and the one that reaches it.
fn needed(folders: &[Folder], mut rows: i64) -> (Vec<FolderId>, Option<FolderId>) {
    let mut whole = Vec::new();
    for folder in folders.iter().filter(|folder| folder.row.cases > 0) {
        if rows <= folder.row.cases {
            return (whole, (rows > 0).then_some(folder.row.id));
        }
        rows -= folder.row.cases;
        whole.push(folder.row.id);
    }
    (whole, None)
}

/// What the next page continues after.
pub fn after(sort: Sort, row: &Listed) -> After {
    match sort {
        Sort::Place => (Some(row.folder), row.rank.as_str().to_owned(), row.number, row.id),
        Sort::Number => (None, String::new(), row.number, row.id),
        Sort::Title => (None, row.title_key.clone(), 0, row.id),
        Sort::Changed => (None, String::new(), row.changed_at.micros(), row.id),
    }
}

record! {
    struct Count {
        n: i64,
    }
}

/// All that pass.
pub(crate) fn passing<R>(may: &May<R>, wanted: Wanted) -> All {
    let rows = wanted.filter.narrow(live(may));
    match wanted.folders {
        Some(folders) => within(rows, &folders.iter().map(|folder| folder.row.id).collect::<Vec<FolderId>>()),
        None => rows,
    }
}

/// How many cases pass, counted no further than `most`.
pub fn count<R>(db: &mut Conn, may: &May<R>, wanted: Wanted, most: i64) -> Result<i64, Error> {
    let rows = passing(may, wanted);
    let (text, mut params) = rows.text_of("SELECT c.id FROM test_case c", "LIMIT ?");
    params.push((most + 1).value());
    let count: Count = db.one(db::Statement::new(format!("SELECT COUNT(*) AS n FROM ({text}) counted"), params))?;
    Ok(count.n)
}
