//! The filters above the list, and those in force.

use app::Failure;
use db::Conn;
use domain::{access::May, case::review::Review, field::FieldKind, id::FieldId, property::Kind};
use store::{
    case_list::Filter,
    fields::{Choice as Offered, Field},
    labels::Label,
    properties::PropertyValue,
};

use super::Here;
use crate::{
    api::case_list::{Asked, Gone},
    views::{
        parts::Choice,
        repository::{Chip, Filters, Link, OwnFilter, PropertyFilter},
    },
};

/// Labels and fields of the project.
pub(super) struct Ground {
    labels: Vec<Label>,
    fields: Vec<Field>,
    options: Vec<Offered>,
    reviews: bool,
}

impl Ground {
    pub(super) fn of<R>(db: &mut Conn, may: &May<R>, reviews: bool) -> Result<Self, Failure> {
        let fields = store::fields::in_project(db, may)?;
        let ids: Vec<FieldId> = fields.iter().filter(|field| field.kind.has_options()).map(|field| field.id).collect();
        let options = store::fields::options(db, &ids)?;
        Ok(Self { labels: store::labels::list(db, may)?, fields, options, reviews })
    }

    fn label(&self, id: &str) -> Option<&Label> {
        self.labels.iter().find(|label| label.id.to_string() == id)
    }
}

/// A filter that is left out, and why.
pub(super) fn note(here: &Here, gone: &Gone) -> Chip {
    Chip { label: gone.why.clone(), value: String::new(), off: here.address(&here.asked.without(&gone.field)) }
}

pub(super) fn gathered(
    here: &Here,
    ground: &Ground,
    values: &[PropertyValue],
    filter: &Filter,
    has_below: bool,
) -> Filters {
    let asked = here.asked;
    let chosen = |kind: Kind, key: i64| filter.properties.iter().any(|(own, keys)| *own == kind && keys.contains(&key));
    let property = |kind: Kind| PropertyFilter {
        name: kind.slug(),
        label: kind.words(),
        choices: of_kind(values, kind)
            .map(|value| Choice::new(value.key.to_string(), value.name.clone(), chosen(kind, value.key)))
            .collect(),
    };
    let bare = bare(asked);
    Filters {
        q: asked.q.clone(),
        properties: Kind::ALL.into_iter().map(property).collect(),
        owner: owners(&asked.owner),
        labels: ground
            .labels
            .iter()
            .map(|label| Choice::new(label.id.to_string(), label.name.clone(), filter.label == Some(label.id)))
            .collect(),
        own: ground.fields.iter().flat_map(|field| own(ground, field, asked)).collect(),
        own_open: !filter.own.is_empty(),
        notes: Vec::new(),
        review: Review::ALL
            .into_iter()
            .filter(|_| ground.reviews)
            .map(|it| Choice::new(it.slug(), it.words(), filter.review == Some(it)))
            .collect(),
        chips: chips(here, ground, values, filter),
        kept: here.fields(&bare).into_iter().collect(),
        clear: here.address(&bare),
        below: has_below.then(|| below(here)),
    }
}

/// The same without filters.
fn bare(asked: &Asked) -> Asked {
    let Asked { folder, below, sort, .. } = asked.clone();
    Asked { folder, below, sort, ..Asked::default() }
}

fn below(here: &Here) -> Link {
    let (name, below) = if here.asked.is_flat() { ("With folders below", "") } else { ("Only this folder", "no") };
    let asked = Asked { below: below.to_owned(), ..here.asked.clone() };
    Link { name: name.to_owned(), href: here.address(&asked) }
}

fn of_kind(values: &[PropertyValue], kind: Kind) -> impl Iterator<Item = &PropertyValue> {
    values.iter().filter(move |value| value.kind == kind)
}

fn owners(chosen: &str) -> Vec<Choice> {
    let mut choices: Vec<Choice> =
        [("me", "Me"), ("nobody", "Nobody")].map(|(value, label)| Choice::new(value, label, chosen == value)).to_vec();
    if !choices.iter().any(|choice| choice.chosen) && !chosen.is_empty() {
        choices.push(Choice::new(chosen, "Somebody", true));
    }
    choices
}

/// The inputs for one of the project's own fields.
fn own(ground: &Ground, field: &Field, asked: &Asked) -> Vec<OwnFilter> {
    let name = format!("fields.{}", field.id);
    let typed = |op: &str| asked.own.get(&format!("{name}{op}")).cloned().unwrap_or_default();
    let input = |op: &str, label: String, kind| OwnFilter {
        value: typed(op),
        name: format!("{name}{op}"),
        choices: Vec::new(),
        label,
        kind,
    };
    let chosen = typed("");
    // A chosen one has to say of which field it speaks.
    let choices = |all: &[(&str, &str)]| -> Vec<Choice> {
        let words = |words: &str| format!("{}: {words}", field.name);
        all.iter().map(|(value, said)| Choice::new(*value, words(said), chosen == *value)).collect()
    };
    let filled = [("any", "has a value"), ("none", "has none")];
    let select = |choices| OwnFilter { choices, ..input("", field.name.clone(), "select") };
    match field.kind {
        FieldKind::Text | FieldKind::Url => vec![input(".begins", format!("{} begins with", field.name), "text")],
        FieldKind::Number | FieldKind::Date => {
            let kind = if field.kind == FieldKind::Date { "date" } else { "number" };
            let bound = |op, word| input(op, format!("{} {word}", field.name), kind);
            vec![bound(".from", "from"), bound(".to", "to")]
        }
        FieldKind::Checkbox => vec![select(choices(&[("any", "yes"), ("none", "no")]))],
        FieldKind::Person => {
            vec![select([choices(&[("me", "me")]), choices(&filled)].concat())]
        }
        FieldKind::Select | FieldKind::MultiSelect => {
            let of_field = ground.options.iter().filter(|option| option.field == field.id);
            let option = |option: &Offered| {
                let id = option.id.to_string();
                let is_chosen = chosen == id;
                Choice::new(id, option.name.clone(), is_chosen)
            };
            vec![select([of_field.map(option).collect(), choices(&filled)].concat())]
        }
    }
}

/// One of the project's own fields and what is wanted of it, in words.
fn own_chip(ground: &Ground, name: &str, value: &str) -> Option<(String, String)> {
    let rest = name.strip_prefix("fields.").filter(|_| !value.is_empty())?;
    let (id, op) = rest.split_once('.').unwrap_or((rest, ""));
    let field = ground.fields.iter().find(|field| field.id.to_string() == id)?;
    let option = |id: &str| {
        let found = ground.options.iter().find(|option| option.id.to_string() == id);
        found.map_or_else(|| id.to_owned(), |option| option.name.clone())
    };
    let words = match (op, value) {
        ("", "any") if field.kind == FieldKind::Checkbox => "yes".to_owned(),
        ("", "none") if field.kind == FieldKind::Checkbox => "no".to_owned(),
        ("", "any") => "has a value".to_owned(),
        ("", "none") => "has none".to_owned(),
        ("", value) if field.kind == FieldKind::Person && value != "me" => "one".to_owned(),
        ("", value) => value.split(',').map(|one| option(one.trim())).collect::<Vec<_>>().join(" or "),
        ("begins", value) => format!("begins with {value}"),
        (op, value) => format!("{op} {value}"),
    };
    Some((field.name.clone(), words))
}

fn chips(here: &Here, ground: &Ground, values: &[PropertyValue], filter: &Filter) -> Vec<Chip> {
    let asked = here.asked;
    let chip =
        |label: &str, value: String, off: Asked| Chip { label: label.to_owned(), value, off: here.address(&off) };
    let mut chips: Vec<Chip> = Vec::new();
    for (kind, keys) in &filter.properties {
        let names = of_kind(values, *kind).filter(|value| keys.contains(&value.key)).map(|value| value.name.as_str());
        let names = names.collect::<Vec<_>>().join(" or ");
        let names = if names.is_empty() { "a value that is gone".to_owned() } else { names };
        chips.push(chip(kind.words(), names, asked.without(kind.slug())));
    }
    let others =
        [("owner", "Owner", &asked.owner), ("review", "Review", &asked.review), ("label", "Label", &asked.label)];
    for (field, label, value) in others {
        let word = match value.as_str() {
            "" => continue,
            "me" => "me".to_owned(),
            "nobody" => "nobody".to_owned(),
            id if field == "label" => ground.label(id).map_or_else(|| "one".to_owned(), |label| label.name.clone()),
            _ => filter.review.filter(|_| field == "review").map_or("one", Review::words).to_owned(),
        };
        chips.push(chip(label, word, asked.without(field)));
    }
    for (name, value) in &asked.own {
        if let Some((label, words)) = own_chip(ground, name, value) {
            chips.push(chip(&label, words, asked.without(name)));
        }
    }
    if !filter.words.is_empty() {
        chips.push(chip("Title", asked.q.clone(), asked.without("q")));
    }
    chips
}
