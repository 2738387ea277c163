//! The form of values for many cases, as typed.

use app::{App, Bad, Failure, change_sets::Edit};
use axum::extract::Query;
use db::Conn;
use domain::{
    access::{May, WriteCases},
    case::Set,
    change_set::{Change, Values},
    id::CaseId,
    property::Kind,
};
use http::Uri;
use store::{cases, properties};
use url::form_urlencoded::Serializer;

use crate::{
    api::{case_list::Asked, cases::body::FieldsSet},
    pages::{
        cases::{
            forms::{OFFERED, choices},
            typed::estimate,
        },
        form::{fault, field},
        repository::counted,
        shell::Visit,
    },
    views::{
        case::PropertyForm,
        change_set::ChangeForm,
        frame::Place,
        parts::{Choice, Field},
        paths,
    },
};

/// Which cases a form is about.
#[derive(Clone, Debug)]
pub enum Cases {
    /// Those selected.
    These(Vec<CaseId>),
    /// All that a list shows.
    Passing(Box<Asked>),
}

/// What the form holds.
#[derive(Clone, Debug)]
pub struct Typed {
    /// Which cases.
    pub cases: Cases,
    /// The list to come back to.
    pub back: String,
    values: Vec<(String, String)>,
}

impl Typed {
    /// An empty form for all cases that a list shows.
    pub fn passing(asked: Asked) -> Self {
        Self { cases: Cases::Passing(Box::new(asked)), back: String::new(), values: Vec::new() }
    }

    /// From a posted form: `case` once for each, or `matching` with the words of a list's address.
    pub fn of(pairs: &[(String, String)]) -> Self {
        let first = |name: &str| pairs.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
        let ids = pairs.iter().filter(|(name, _)| name == "case").filter_map(|(_, id)| id.parse().ok());
        let asked = first("matching").and_then(|query| format!("/?{query}").parse::<Uri>().ok());
        let asked = asked.and_then(|uri| Query::<Asked>::try_from_uri(&uri).ok());
        let cases = asked.map_or_else(|| Cases::These(ids.collect()), |Query(asked)| Cases::Passing(Box::new(asked)));
        Self { cases, back: first("back").unwrap_or_default().to_owned(), values: pairs.to_vec() }
    }

    /// Whether no case was selected.
    pub fn is_empty(&self) -> bool {
        matches!(&self.cases, Cases::These(ids) if ids.is_empty())
    }

    fn get(&self, name: &str) -> &str {
        self.values.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value)
    }

    /// What each case is to say, as the verb takes it. What is empty stays as it is.
    pub fn edit(&self, bad: &mut Vec<Bad>) -> Edit {
        let names = |name: &str| self.get(name).split(',').map(str::trim).filter(|name| !name.is_empty());
        let labels = |name: &str| names(name).map(str::to_owned).collect();
        let (add_labels, remove_labels) = (labels("add_labels"), labels("remove_labels"));
        Edit { change: Change { set: Values::of(self.sets(bad)), add_labels, remove_labels }, ..Edit::default() }
    }

    fn sets(&self, bad: &mut Vec<Bad>) -> Vec<Set> {
        let mut key = |name: &str| match self.get(name) {
            "" => None,
            typed => {
                typed.parse().map_err(|_| bad.push(Bad::new(name, "unknown", "There is no such value here."))).ok()
            }
        };
        let fields = FieldsSet {
            status: key("status"),
            priority: key("priority"),
            r#type: key("type"),
            automation: key("automation"),
            owner: person(self.get("owner")),
            reviewer: person(self.get("reviewer")),
            ..FieldsSet::default()
        };
        let mut sets = fields.read(bad);
        match self.get("estimate").trim() {
            "" => {}
            "none" => sets.push(Set::Estimate(None)),
            typed => match estimate(typed) {
                Ok(estimate) => sets.push(Set::Estimate(estimate)),
                Err(wrong) => bad.push(wrong),
            },
        }
        sets
    }
}

/// Left as it is, nobody, or somebody.
#[expect(clippy::option_option, reason = "as the API has it: left out, nobody, somebody")]
fn person(typed: &str) -> Option<Option<String>> {
    match typed {
        "" => None,
        "nobody" => Some(None),
        id => Some(Some(id.to_owned())),
    }
}

/// The form as a page.
pub fn gathered(
    app: &App,
    db: &mut Conn,
    visit: &Visit,
    may: &May<WriteCases>,
    typed: &Typed,
    bad: &[Bad],
) -> Result<ChangeForm, Failure> {
    let project = may.project().ok_or(Failure::Unknown)?;
    let project = store::projects::find(db, &may.member().visible(), project)?.ok_or(Failure::Unknown)?;
    let frame = visit.frame(app, db, &may.member().may()?, Place::Cases)?;
    let values = properties::in_project(db, may)?;
    let property = |kind: Kind| PropertyForm {
        field: kind.slug(),
        words: kind.words(),
        choices: values
            .iter()
            .filter(|value| value.kind == kind && !value.archived)
            .map(|value| {
                let key = value.key.to_string();
                let chosen = typed.get(kind.slug()) == key;
                Choice::new(key, value.name.clone(), chosen)
            })
            .collect(),
        error: fault(kind.slug(), bad),
    };
    let nobody = |name: &str| Choice::new("nobody", "Nobody", typed.get(name) == "nobody");
    let people = |name: &str, found| std::iter::once(nobody(name)).chain(choices(found, typed.get(name))).collect();
    let (what, which, list) = which(db, may, typed)?;
    let home = paths::repository(&frame.slug, &project.key);
    let back = if typed.back.starts_with(&home) { typed.back.clone() } else { format!("{home}{list}") };
    Ok(ChangeForm {
        what,
        which,
        back,
        properties: Kind::ALL.into_iter().map(property).collect(),
        owners: people("owner", &cases::candidates(db, may, &[], OFFERED)?),
        reviewers: people("reviewer", &cases::reviewers(db, may, project.private, OFFERED)?),
        estimate: field("estimate", typed.get("estimate"), bad),
        add_labels: labels("add_labels", typed, bad),
        remove_labels: Field::new(typed.get("remove_labels")),
        labels: store::labels::list(db, may)?.into_iter().map(|label| label.name).collect(),
        error: bad
            .iter()
            .find(|bad| ["set", "cases", "owner", "reviewer"].contains(&bad.field.as_str()))
            .map(|bad| bad.detail.clone()),
        key: project.key,
        project: project.name,
        frame,
    })
}

/// Labels as typed; a fault of theirs is called `labels`.
fn labels(name: &str, typed: &Typed, bad: &[Bad]) -> Field {
    Field { error: fault("labels", bad), ..Field::new(typed.get(name)) }
}

/// What the cases are called, how the form names them again, and the address of their list.
type Named = (String, Vec<(String, String)>, String);

fn which(db: &mut Conn, may: &May<WriteCases>, typed: &Typed) -> Result<Named, Failure> {
    let words = |count: i64| format!("{} {}", counted(count), if count == 1 { "case" } else { "cases" });
    match &typed.cases {
        Cases::These(ids) => {
            let fields = ids.iter().map(|id| ("case".to_owned(), id.to_string())).collect();
            Ok((words(i64::try_from(ids.len()).unwrap_or(i64::MAX)), fields, String::new()))
        }
        Cases::Passing(asked) => {
            let (tree, filter) = (store::folders::tree(db, may)?, asked.filter(db, may)?);
            let wanted = asked.wanted(&tree, &filter)?;
            let count = store::case_list::count(db, may, wanted, app::change_sets::MOST)?;
            let set = asked.fields().into_iter().filter(|(_, value)| !value.is_empty());
            let query = Serializer::new(String::new()).extend_pairs(set).finish();
            let list = if query.is_empty() { String::new() } else { format!("?{query}") };
            Ok((words(count), vec![("matching".to_owned(), query)], list))
        }
    }
}
