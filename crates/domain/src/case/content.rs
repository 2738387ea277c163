//! The long part of a case: prose, and by template one text or a list of steps.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::Markdown;
use crate::id::StepGroupId;

/// How a case is laid out. Changing it keeps what the other layout held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Template {
    /// Steps, each with what is expected.
    #[default]
    Steps,
    /// One text.
    Document,
}

impl Template {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Steps, Self::Document];

    /// The word in tables, API and forms.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Steps => "steps",
            Self::Document => "document",
        }
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

/// A word that is no template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a template is steps or document")]
pub struct UnknownTemplate;

impl FromStr for Template {
    type Err = UnknownTemplate;

    fn from_str(text: &str) -> Result<Self, UnknownTemplate> {
        Self::ALL.into_iter().find(|template| template.slug() == text).ok_or(UnknownTemplate)
    }
}

/// One line of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Step {
    /// A group of steps that is written elsewhere.
    Group {
        /// Which.
        group: StepGroupId,
    },
    /// A step of its own.
    Own {
        /// What to do.
        action: Markdown,
        /// What is to be seen then.
        #[serde(default)]
        expected: Markdown,
    },
}

impl Step {
    /// The most steps of a case.
    pub const MOST: usize = 5_000;

    /// The most bytes in all steps of a case.
    pub const MOST_BYTES: usize = 4 << 20;

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Own { action, expected } if action.is_empty() && expected.is_empty())
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Own { action, expected } => action.as_str().len() + expected.as_str().len(),
            Self::Group { .. } => 0,
        }
    }
}

/// Why a list of steps cannot be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSteps {
    /// More than a case takes.
    #[error("{count} steps, a case takes {} at most", Step::MOST)]
    TooMany {
        /// How many there are.
        count: usize,
    },
    /// Longer than a case takes.
    #[error("The steps have {bytes} bytes together, at most {} fit", Step::MOST_BYTES)]
    TooLong {
        /// How many there are.
        bytes: usize,
    },
}

impl BadSteps {
    /// A stable word for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooMany { .. } => "too_many_steps",
            Self::TooLong { .. } => "too_long",
        }
    }
}

/// The steps without empty ones at the end, which editors leave behind.
pub fn checked_steps(mut steps: Vec<Step>) -> Result<Vec<Step>, BadSteps> {
    while steps.last().is_some_and(Step::is_empty) {
        steps.pop();
    }
    if steps.len() > Step::MOST {
        return Err(BadSteps::TooMany { count: steps.len() });
    }
    match steps.iter().map(Step::bytes).sum() {
        bytes if bytes > Step::MOST_BYTES => Err(BadSteps::TooLong { bytes }),
        _ => Ok(steps),
    }
}

/// What a case says at length. What its template does not show is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Content {
    /// What the case is about.
    #[serde(skip_serializing_if = "Markdown::is_empty")]
    pub description: Markdown,
    /// What must hold before it begins.
    #[serde(skip_serializing_if = "Markdown::is_empty")]
    pub preconditions: Markdown,
    /// The text of a document.
    #[serde(skip_serializing_if = "Markdown::is_empty")]
    pub text: Markdown,
    /// The steps.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
}

impl Content {
    /// Every text in it, in the order a reader meets them; step groups are written elsewhere.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let steps = self.steps.iter().flat_map(|step| match step {
            Step::Own { action, expected } => [action.as_str(), expected.as_str()],
            Step::Group { .. } => [""; 2],
        });
        let prose = [self.description.as_str(), self.preconditions.as_str(), self.text.as_str()];
        prose.into_iter().chain(steps).filter(|text| !text.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(action: &str) -> Step {
        Step::Own { action: Markdown::parse(action).unwrap(), expected: Markdown::default() }
    }

    #[test]
    fn empty_steps_at_the_end_are_dropped_and_others_kept() {
        let steps = checked_steps(vec![step("a"), step(""), step("b"), step(""), step("")]).unwrap();
        assert_eq!(steps, [step("a"), step(""), step("b")]);
    }

    #[test]
    fn five_thousand_steps_fit_and_no_more() {
        assert_eq!(checked_steps(vec![step("a"); 5_000]).unwrap().len(), 5_000);
        assert_eq!(checked_steps(vec![step("a"); 5_001]), Err(BadSteps::TooMany { count: 5_001 }));
        let long = vec![step(&"x".repeat(1 << 20)); 5];
        assert_eq!(checked_steps(long).unwrap_err().code(), "too_long");
    }

    #[test]
    fn a_step_is_read_as_it_was_written() {
        let group = StepGroupId::from(uuid::Uuid::from_u128(7));
        for (step, json) in [
            (step("Open"), r#"{"action":"Open","expected":""}"#.to_owned()),
            (Step::Group { group }, format!(r#"{{"group":"{group}"}}"#)),
        ] {
            assert_eq!(serde_json::to_string(&step).unwrap(), json);
            assert_eq!(serde_json::from_str::<Step>(&json).unwrap(), step);
        }
        assert_eq!(serde_json::from_str::<Step>(r#"{"action":"Open"}"#).unwrap(), step("Open"));
    }

    #[test]
    fn a_template_is_read_by_its_word() {
        for template in Template::ALL {
            assert_eq!(template.slug().parse(), Ok(template));
        }
        assert_eq!("table".parse::<Template>(), Err(UnknownTemplate));
    }
}
