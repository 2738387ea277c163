//! Review of cases: whoever may says that one is ready, or sends it back with a word why.

use std::{fmt, str::FromStr};

/// Where a case stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Review {
    /// Being written.
    #[default]
    Draft,
    /// Somebody is to look at it.
    InReview,
    /// Somebody looked and found it good.
    Ready,
    /// Somebody looked and sent it back.
    Rework,
}

/// What is done about a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The author asks for a look.
    Submit,
    /// The reviewer finds it good.
    Approve,
    /// The reviewer sends it back.
    SendBack,
    /// The author takes it back before anybody looked.
    Withdraw,
}

impl Review {
    /// All of them, in the order of a case's life.
    pub const ALL: [Self; 4] = [Self::Draft, Self::InReview, Self::Ready, Self::Rework];

    /// The word in tables and API.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::InReview => "in_review",
            Self::Ready => "ready",
            Self::Rework => "rework",
        }
    }

    /// What pages call it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::InReview => "In review",
            Self::Ready => "Ready",
            Self::Rework => "Rework",
        }
    }

    /// Where a step leads; `None` where it cannot be taken.
    pub const fn after(self, step: Step) -> Option<Self> {
        match (self, step) {
            (Self::Draft | Self::Rework, Step::Submit) => Some(Self::InReview),
            (Self::InReview, Step::Approve) => Some(Self::Ready),
            (Self::InReview | Self::Ready, Step::SendBack) => Some(Self::Rework),
            (Self::InReview, Step::Withdraw) => Some(Self::Draft),
            _ => None,
        }
    }

    /// Where it stands after somebody changed what is tested: an approval was of what stood there before.
    #[must_use]
    pub const fn after_edit(self) -> Self {
        match self {
            Self::Ready => Self::Draft,
            other => other,
        }
    }
}

impl fmt::Display for Review {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

/// A word that is no state of a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a case is draft, in_review, ready or rework")]
pub struct UnknownReview;

impl FromStr for Review {
    type Err = UnknownReview;

    fn from_str(text: &str) -> Result<Self, UnknownReview> {
        Self::ALL.into_iter().find(|review| review.slug() == text).ok_or(UnknownReview)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_is_ready_only_after_somebody_was_asked() {
        let to_ready: Vec<Review> =
            Review::ALL.into_iter().filter(|review| review.after(Step::Approve).is_some()).collect();
        assert_eq!(to_ready, [Review::InReview]);
        assert_eq!(Review::Rework.after(Step::Submit), Some(Review::InReview));
        assert_eq!(Review::Ready.after(Step::Submit), None);
    }

    #[test]
    fn an_edit_ends_an_approval_and_nothing_else() {
        for review in Review::ALL {
            let expected = if review == Review::Ready { Review::Draft } else { review };
            assert_eq!(review.after_edit(), expected);
            assert_eq!(review.slug().parse(), Ok(review));
        }
    }
}
