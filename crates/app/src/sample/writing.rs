//! What the cases of a sample say.

use domain::{
    case::{Estimate, Fields, Markdown, Step, Template},
    id::PersonId,
    property::Kind,
    title::CaseTitle,
};
use store::properties::PropertyValue;

use super::{
    dice::Dice,
    outline::{Shelf, part},
    words::{CHECKS, MINUTES, Part, ROLES, TWISTS, Twist},
};
use crate::{Failure, cases::check};

/// Writes cases one after another, the same for the same seed.
pub struct Writer {
    dice: Dice,
    values: Vec<PropertyValue>,
    people: Vec<PersonId>,
}

impl Writer {
    /// With the values of the project's properties, for these people.
    pub fn new(dice: Dice, values: Vec<PropertyValue>, people: Vec<PersonId>) -> Self {
        Self { dice, values, people }
    }

    /// The next case, in this folder.
    pub fn case(&mut self, shelf: &Shelf) -> Result<Fields, Failure> {
        let part = part(shelf, &mut self.dice);
        let twist = if self.dice.percent(30) { &TWISTS[0] } else { self.dice.one(TWISTS) };
        let deed = self.dice.one(part.deeds);
        let title = format!("{} {}", deed.0, twist.words);
        let title = CaseTitle::parse(title.trim_end()).map_err(|bad| Failure::Broken(bad.to_string()))?;
        let mut fields = Fields::titled(title, |kind| check::default(&self.values, kind));
        self.properties(&mut fields);
        self.people(&mut fields, shelf);
        let role = *self.dice.one(ROLES);
        if self.dice.percent(60) {
            fields.content.preconditions = text(&format!("- An account of {role}\n- The demo catalogue"))?;
        }
        if self.dice.percent(40) {
            let about = format!("{}. {} is the part of the shop it belongs to.", deed.1, part.name);
            fields.content.description = text(&about)?;
        }
        if self.dice.percent(10) {
            fields.template = Template::Document;
            fields.content.text = text(&charter(part, deed, twist, role))?;
        } else {
            fields.content.steps = self.steps(part, deed, twist, role)?;
        }
        Ok(fields)
    }

    fn properties(&mut self, fields: &mut Fields) {
        fields.status = self.value(Kind::Status, &[88, 8, 4]).unwrap_or(fields.status);
        fields.priority = self.value(Kind::Priority, &[22, 48, 22, 8]).unwrap_or(fields.priority);
        fields.r#type = self.value(Kind::Type, &[46, 8, 18, 8, 6, 3, 3, 2, 3, 2, 1]).unwrap_or(fields.r#type);
        fields.automation = self.value(Kind::Automation, &[62, 18, 20]).unwrap_or(fields.automation);
        if self.dice.percent(70) {
            fields.estimate = Estimate::of_seconds(60 * self.dice.one(MINUTES)).ok();
        }
    }

    /// One of the values in use, in their order each as likely as it is heavy; those beyond the weights are rare.
    fn value(&mut self, kind: Kind, weights: &[usize]) -> Option<i64> {
        let values = self.values.iter().filter(|value| value.kind == kind && !value.archived);
        let keys: Vec<i64> = values.map(|value| value.key).collect();
        let weights: Vec<usize> = (0..keys.len()).map(|at| weights.get(at).copied().unwrap_or(1)).collect();
        keys.get(self.dice.weighed(&weights)).copied()
    }

    /// Each area has a few people who answer for it; every seventh case has nobody.
    fn people(&mut self, fields: &mut Fields, shelf: &Shelf) {
        if self.people.is_empty() || self.dice.percent(14) {
            return;
        }
        let of = |dice: &mut Dice, people: &[PersonId]| people[(shelf.of.0 * 2 + dice.below(3)) % people.len()];
        fields.owner = Some(of(&mut self.dice, &self.people));
        if self.dice.percent(30) {
            fields.reviewer = Some(*self.dice.one(&self.people));
        }
    }

    fn steps(&mut self, part: &Part, deed: &Deed, twist: &Twist, role: &str) -> Result<Vec<Step>, Failure> {
        let mut steps = Vec::new();
        if self.dice.percent(70) {
            steps.push(step(&format!("Sign in as {role}."), "The start page opens.")?);
        }
        if !twist.step.is_empty() {
            steps.push(step(twist.step, twist.seen)?);
        }
        steps.push(step(&format!("Open {}.", part.page), "It shows without an error.")?);
        steps.push(step(&format!("{}.", deed.0), &format!("{}.", deed.1))?);
        for _ in 0..self.dice.below(4) {
            let (action, expected) = self.dice.one(CHECKS);
            steps.push(step(action, expected)?);
        }
        Ok(steps)
    }
}

type Deed = (&'static str, &'static str);

fn charter(part: &Part, deed: &Deed, twist: &Twist, role: &str) -> String {
    let twist = if twist.step.is_empty() { "Vary the order of the steps." } else { twist.step };
    format!(
        "## Charter\n\nExplore **{}** as {role}, for thirty minutes.\n\n## Ideas\n\n1. {twist}\n2. {}.\n3. Leave and come \
         back.\n\n## What must hold\n\n> {}.\n",
        part.name, deed.0, deed.1
    )
}

fn step(action: &str, expected: &str) -> Result<Step, Failure> {
    Ok(Step::Own { action: text(action)?, expected: text(expected)? })
}

fn text(text: &str) -> Result<Markdown, Failure> {
    Markdown::parse(text).map_err(|bad| Failure::Broken(bad.to_string()))
}
