//! Which cases an address asks for: folder, order, filters. Page and API read the same words.

use std::collections::BTreeMap;

use app::{Bad, Failure};
use db::Conn;
use domain::{
    access::May,
    folder::{Folder, Tree},
    id::{FieldId, FolderId, LabelId},
    property::Kind,
    title::folded,
};
use serde::Deserialize;
use store::{
    case_list::{Filter, Sort, Wanted},
    fields::filter::Wanted as Of,
};
use utoipa::{IntoParams, ToSchema};

/// Which cases. Left out, all of the project as people laid them.
#[derive(Clone, Debug, Default, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct Asked {
    /// Id of a folder, or `top` for cases without one. Left out, the whole project.
    pub folder: String,
    /// `no` leaves out what lies in the folders below.
    pub below: String,
    /// `place`, `number`, `title` or `changed`; with a minus before it from the last to the first.
    pub sort: String,
    /// Keys of statuses, with commas.
    pub status: String,
    /// Keys of priorities, with commas.
    pub priority: String,
    /// Keys of types, with commas.
    pub r#type: String,
    /// Keys of automation values, with commas.
    pub automation: String,
    /// Id of a person, `me` or `nobody`.
    pub owner: String,
    /// Id of a label.
    pub label: String,
    /// `draft`, `in_review`, `ready` or `rework`.
    pub review: String,
    /// Words of the title.
    pub q: String,
    /// The project's own fields: `fields.fie_…`, with `.begins`, `.from` or `.to` behind it.
    #[serde(flatten)]
    #[param(ignore)]
    pub own: BTreeMap<String, String>,
}

/// What names of the project's own fields begin with.
const OWN: &str = "fields.";

/// A filter that cannot hold any more, or never could.
#[derive(Clone, Debug)]
pub struct Gone {
    /// The field, as addresses name it.
    pub field: String,
    /// Why, in a sentence.
    pub why: String,
}

impl Asked {
    /// Every field with its value, as an address holds them.
    pub fn fields(&self) -> Vec<(String, String)> {
        let all = [
            ("folder", &self.folder),
            ("below", &self.below),
            ("sort", &self.sort),
            ("status", &self.status),
            ("priority", &self.priority),
            ("type", &self.r#type),
            ("automation", &self.automation),
            ("owner", &self.owner),
            ("label", &self.label),
            ("review", &self.review),
            ("q", &self.q),
        ];
        let own = self.own_fields().map(|(name, value)| (name.to_owned(), value.to_owned()));
        all.into_iter().map(|(name, value)| (name.to_owned(), value.clone())).chain(own).collect()
    }

    /// What is asked of the project's own fields.
    fn own_fields(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.own.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        all.filter(|(name, value)| name.starts_with(OWN) && !value.is_empty())
    }

    /// The same without one filter.
    pub fn without(&self, field: &str) -> Self {
        let mut asked = self.clone();
        match field {
            "status" => asked.status.clear(),
            "priority" => asked.priority.clear(),
            "type" => asked.r#type.clear(),
            "automation" => asked.automation.clear(),
            "owner" => asked.owner.clear(),
            "label" => asked.label.clear(),
            "review" => asked.review.clear(),
            own if own.starts_with(OWN) => drop(asked.own.remove(own)),
            _ => asked.q.clear(),
        }
        asked
    }

    /// The order, `place` unless said otherwise.
    pub fn sort(&self) -> Result<Sort, Failure> {
        let word = self.sort.trim_start_matches('-');
        let bad =
            || Failure::invalid("sort", "unknown", "place, number, title or changed, with a minus to turn it round.");
        if word.is_empty() {
            return Ok(Sort::default());
        }
        Sort::ALL.into_iter().find(|sort| sort.slug() == word).ok_or_else(bad)
    }

    /// Whether the last comes first.
    pub fn down(&self) -> bool {
        self.sort.starts_with('-') && self.sort != "-place"
    }

    /// Whether what lies in the folders below is left out.
    pub fn is_flat(&self) -> bool {
        self.below == "no"
    }

    /// The folder in a tree; the root is the whole project. `top` is the root without those below.
    pub fn folder<'a>(&self, tree: &'a Tree) -> Result<&'a Folder, Failure> {
        let found = match self.folder.as_str() {
            "" | "top" => tree.root(),
            id => id.parse::<FolderId>().ok().and_then(|id| tree.find(id)),
        };
        found.ok_or(Failure::Unknown)
    }

    /// All of it, for the store.
    pub fn wanted<'a>(&self, tree: &'a Tree, filter: &'a Filter) -> Result<Wanted<'a>, Failure> {
        let folder = self.folder(tree)?;
        let all = tree.subtree(folder.row.id);
        let sort = self.sort()?;
        let folders = match (self.folder.as_str(), self.is_flat()) {
            ("top", _) | (_, true) => Some(&all[..1]),
            // The whole project needs no list of its folders, but for their order.
            ("", false) => (sort == Sort::Place && filter.is_empty()).then_some(all),
            (_, false) => Some(all),
        };
        Ok(Wanted { folders, sort, down: self.down(), filter })
    }

    /// The filters; what is no such thing is refused by its name.
    pub fn filter<R>(&self, db: &mut Conn, may: &May<R>) -> Result<Filter, Failure> {
        let of = |kind: Kind| match kind {
            Kind::Status => &self.status,
            Kind::Priority => &self.priority,
            Kind::Type => &self.r#type,
            Kind::Automation => &self.automation,
        };
        let properties: Result<Vec<_>, Failure> = Kind::ALL
            .into_iter()
            .filter(|kind| !of(*kind).is_empty())
            .map(|kind| Ok((kind, keys(kind, of(kind))?)))
            .collect();
        let owner = match self.owner.as_str() {
            "" => None,
            "me" => Some(Some(may.person())),
            "nobody" => Some(None),
            id => Some(Some(id.parse().map_err(|_| unknown("owner"))?)),
        };
        let label = Some(self.label.as_str()).filter(|label| !label.is_empty());
        let label = label.map(|label| label.parse::<LabelId>().map_err(|_| unknown("label"))).transpose()?;
        if let Some(label) = label
            && store::labels::find(db, may, label)?.is_none()
        {
            let why = "This label was deleted or merged into another. Take it out of the filter.";
            return Err(Failure::invalid("label", "label_deleted", why));
        }
        let own = self.own_fields().map(|(name, value)| own(db, may, name, value)).collect::<Result<_, Failure>>()?;
        let review = Some(self.review.as_str()).filter(|review| !review.is_empty());
        let review = review.map(|review| review.parse().map_err(|_| unknown("review"))).transpose()?;
        let words = folded(&self.q.chars().filter(|c| !c.is_control()).take(200).collect::<String>());
        Ok(Filter { properties: properties?, owner, label, own, review, words })
    }

    /// The filters that hold, with those left out that cannot: of a label or field that was deleted meanwhile, or of a
    /// value that is none.
    pub fn lasting<R>(&self, db: &mut Conn, may: &May<R>) -> Result<(Self, Filter, Vec<Gone>), Failure> {
        let (mut asked, mut gone) = (self.clone(), Vec::new());
        loop {
            match asked.filter(db, may) {
                Ok(filter) => return Ok((asked, filter, gone)),
                Err(Failure::Invalid(bad)) if bad.iter().all(|bad| asked.holds(&bad.field)) && !bad.is_empty() => {
                    for bad in bad {
                        asked = asked.without(&bad.field);
                        gone.push(Gone { field: bad.field, why: bad.detail });
                    }
                }
                Err(other) => return Err(other),
            }
        }
    }

    fn holds(&self, field: &str) -> bool {
        (field == "label" && !self.label.is_empty()) || self.own.contains_key(field)
    }
}

/// A filter over one of the project's own fields; what is wrong is told of the name in the address.
fn own<R>(db: &mut Conn, may: &May<R>, name: &str, value: &str) -> Result<(FieldId, Of), Failure> {
    let field = &name[OWN.len()..];
    let (field, op) = match field.split_once('.') {
        Some((field, op @ ("begins" | "from" | "to"))) => (field, op),
        _ if matches!(value, "any" | "none") => (field, value),
        _ => (field, "is"),
    };
    let read = app::fields::filter(db, may, field, op, value);
    read.map_err(|failure| match failure {
        Failure::Invalid(bad) => {
            Failure::Invalid(bad.into_iter().map(|bad| Bad { field: name.to_owned(), ..bad }).collect())
        }
        other => other,
    })
}

fn keys(kind: Kind, text: &str) -> Result<Vec<i64>, Failure> {
    let few = text.split(',').take(50);
    few.map(|key| key.trim().parse()).collect::<Result<_, _>>().map_err(|_| unknown(kind.slug()))
}

fn unknown(field: &str) -> Failure {
    Failure::invalid(field, "unknown", "There is no such value.")
}
