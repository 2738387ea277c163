//! Steps that are written once and stand in many cases.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::{
    case::{BadSteps, Step, checked_steps},
    id::StepGroupId,
};

/// The steps of a group: at least one, each its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Step>")]
pub struct GroupSteps(Vec<Step>);

/// Why steps cannot be a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadGroup {
    /// There is none that says something.
    #[error("A group has at least one step")]
    Empty,
    /// A group in it would make it hard to see what is tested, and could hold itself.
    #[error("Step {} is a group; a group holds steps of its own alone", at + 1)]
    Nested {
        /// Steps before it.
        at: usize,
    },
    /// As in a case.
    #[error(transparent)]
    Steps(#[from] BadSteps),
}

impl BadGroup {
    /// A stable word for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "blank",
            Self::Nested { .. } => "nested_group",
            Self::Steps(bad) => bad.code(),
        }
    }
}

impl GroupSteps {
    /// These steps, without empty ones at the end.
    pub fn checked(steps: Vec<Step>) -> Result<Self, BadGroup> {
        let steps = checked_steps(steps)?;
        if steps.is_empty() {
            return Err(BadGroup::Empty);
        }
        match steps.iter().position(|step| matches!(step, Step::Group { .. })) {
            Some(at) => Err(BadGroup::Nested { at }),
            None => Ok(Self(steps)),
        }
    }

    /// Each of them.
    pub fn all(&self) -> &[Step] {
        &self.0
    }
}

impl TryFrom<Vec<Step>> for GroupSteps {
    type Error = BadGroup;

    fn try_from(steps: Vec<Step>) -> Result<Self, BadGroup> {
        Self::checked(steps)
    }
}

/// The groups that stand among steps, each once.
pub fn groups_of(steps: &[Step]) -> Vec<StepGroupId> {
    let mut found = Vec::new();
    for step in steps {
        if let Step::Group { group } = step
            && !found.contains(group)
        {
            found.push(*group);
        }
    }
    found
}

/// The steps of a case with those of the group in the place of the group.
pub fn unlinked(steps: &[Step], group: StepGroupId, own: &GroupSteps) -> Vec<Step> {
    let link = Step::Group { group };
    steps.iter().flat_map(|step| if *step == link { own.0.clone() } else { vec![step.clone()] }).collect()
}

/// The steps of a case with a group in the place of some of them.
pub fn linked(steps: &[Step], range: Range<usize>, group: StepGroupId) -> Vec<Step> {
    let mut steps = steps.to_vec();
    steps.splice(range, [Step::Group { group }]);
    steps
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::case::Markdown;

    fn step(action: &str) -> Step {
        Step::Own { action: Markdown::parse(action).unwrap(), expected: Markdown::default() }
    }

    fn link(n: u128) -> Step {
        Step::Group { group: StepGroupId::from(Uuid::from_u128(n)) }
    }

    #[test]
    fn a_group_has_steps_of_its_own_and_at_least_one() {
        assert_eq!(GroupSteps::checked(vec![step("a"), step("")]).unwrap().all(), [step("a")]);
        assert_eq!(GroupSteps::checked(vec![step("")]), Err(BadGroup::Empty));
        assert_eq!(GroupSteps::checked(vec![step("a"), link(1)]), Err(BadGroup::Nested { at: 1 }));
        assert_eq!(GroupSteps::checked(vec![step("a"); 5_001]).unwrap_err().code(), "too_many_steps");
        assert!(serde_json::from_str::<GroupSteps>("[]").is_err());
    }

    #[test]
    fn what_is_linked_and_unlinked_again_is_what_it_was() {
        let steps = [step("a"), step("b"), step("c"), step("d")];
        let group = StepGroupId::from(Uuid::from_u128(1));
        let short = linked(&steps, 1..3, group);
        assert_eq!(short, [step("a"), link(1), step("d")]);
        assert_eq!(groups_of(&[link(1), step("a"), link(2), link(1)]).len(), 2);
        let own = GroupSteps::checked(steps[1..3].to_vec()).unwrap();
        assert_eq!(unlinked(&short, group, &own), steps);
        assert_eq!(unlinked(&[link(2), link(1)], group, &own), [link(2), step("b"), step("c")]);
    }
}
