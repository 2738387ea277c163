//! The filters above the list, and those in force.

use domain::{case::review::Review, property::Kind};
use store::{case_list::Filter, properties::PropertyValue};

use super::Here;
use crate::{
    api::case_list::Asked,
    views::{
        parts::Choice,
        repository::{Chip, Filters, Link, PropertyFilter},
    },
};

pub(super) fn gathered(here: &Here, values: &[PropertyValue], filter: &Filter, has_below: bool) -> Filters {
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
        review: Review::ALL
            .into_iter()
            .map(|it| Choice::new(it.slug(), it.words(), filter.review == Some(it)))
            .collect(),
        chips: chips(here, values, filter),
        kept: here.fields(&bare).into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
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

fn chips(here: &Here, values: &[PropertyValue], filter: &Filter) -> Vec<Chip> {
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
            _ => filter.review.filter(|_| field == "review").map_or("one", Review::words).to_owned(),
        };
        chips.push(chip(label, word, asked.without(field)));
    }
    if !filter.words.is_empty() {
        chips.push(chip("Title", asked.q.clone(), asked.without("q")));
    }
    chips
}
