//! Why a verb did not happen, in words a person can act on and a code a machine can match. Nothing was changed then.

use std::time::Duration;

use domain::{
    access::{Above, Refused, Right},
    case,
    id::{PersonId, ProjectId},
    invitation::State,
    time::Time,
};
use store::Lost;

/// What is wrong with one field of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bad {
    /// The field, as the input names it.
    pub field: String,
    /// A stable word.
    pub code: &'static str,
    /// A sentence.
    pub detail: String,
}

impl Bad {
    /// This field, for this reason.
    pub fn new(field: impl Into<String>, code: &'static str, detail: impl Into<String>) -> Self {
        Self { field: field.into(), code, detail: detail.into() }
    }
}

/// Why a verb did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Nobody is signed in, or the pair was wrong.
    #[error("{detail}")]
    SignedOut {
        /// A stable word.
        code: &'static str,
        /// A sentence.
        detail: &'static str,
    },
    /// There is no such thing, or the caller may not know of it.
    #[error("There is nothing here that you may see.")]
    Unknown,
    /// The caller knows it and lacks a right.
    #[error("You lack the right {}.", .right.words())]
    Lacks {
        /// The missing right.
        right: Right,
        /// The project it is missing in; `None` is the workspace.
        project: Option<ProjectId>,
    },
    /// A rule other than a missing right forbids it.
    #[error("{detail}")]
    Forbidden {
        /// A stable word.
        code: &'static str,
        /// A sentence.
        detail: String,
    },
    /// It does not fit how things are.
    #[error("{detail}")]
    Conflict {
        /// A stable word.
        code: &'static str,
        /// A sentence.
        detail: String,
    },
    /// Somebody else has saved another value of the same fields meanwhile. Nothing was saved; both values are told.
    #[error("Somebody else has changed this meanwhile: {}. Nothing of yours was saved; choose which is to stay.", words_of(.conflicts))]
    Edited {
        /// The revision that holds the others' values: saving over it replaces them.
        revision: i64,
        /// Both values of each field.
        conflicts: Vec<case::Conflict>,
        /// Who of those they name is a service account.
        services: Vec<PersonId>,
    },
    /// What was seen before it was acted on has changed meanwhile; says what.
    #[error("{0}")]
    Stale(String),
    /// The token worked once; the invitation's state says why it does not now. `None`: a newer link took its place.
    #[error("This link has been used or is no longer valid.")]
    Gone(Option<State>),
    /// A link to a person worked once, and does not now.
    #[error("{detail}")]
    Spent {
        /// A stable word.
        code: &'static str,
        /// A sentence.
        detail: &'static str,
    },
    /// No open invitation has this address and code; nothing tells which of the two is wrong.
    #[error(
        "This address and code do not belong together. Five wrong tries end a code; a mail sent anew brings another."
    )]
    WrongCode,
    /// The input is wrong.
    #[error("Some of this cannot be right.")]
    Invalid(Vec<Bad>),
    /// A file is larger than the server takes.
    #[error("The file has more than {}, which is the most this server takes. Nothing was kept.", domain::attachment::in_words(*.limit))]
    TooLarge {
        /// The most bytes.
        limit: u64,
    },
    /// More than the day allows.
    #[error("The daily limit of {limit} invitations per {scope} would be exceeded; {left} are left until {}. Nothing was sent.", .resets_at.in_words())]
    OverQuota {
        /// Whose limit: `workspace`, `inviter` or `server`.
        scope: &'static str,
        /// The limit.
        limit: i64,
        /// What is left of it.
        left: i64,
        /// When it begins anew.
        resets_at: Time,
    },
    /// Too often in too short a time.
    #[error("Too many attempts. Wait a moment, then try again.")]
    TooFast(Duration),
    /// The same idempotency key came with another request.
    #[error("This Idempotency-Key was used for another request.")]
    KeyReused,
    /// The database's trouble.
    #[error(transparent)]
    Db(#[from] db::Error),
    /// Ours.
    #[error("{0}")]
    Broken(String),
}

impl Failure {
    /// One wrong field.
    pub fn invalid(field: &str, code: &'static str, detail: impl Into<String>) -> Self {
        Self::Invalid(vec![Bad::new(field, code, detail)])
    }

    /// The stable word for machines and for the audit log.
    pub fn code(&self) -> &'static str {
        match self {
            Self::SignedOut { code, .. }
            | Self::Forbidden { code, .. }
            | Self::Conflict { code, .. }
            | Self::Spent { code, .. } => code,
            Self::Unknown => "not_found",
            Self::Lacks { .. } => "right_missing",
            Self::Stale(_) => "changed_meanwhile",
            Self::Edited { .. } => "edited_meanwhile",
            Self::Gone(Some(state)) => match state {
                State::Accepted => "invitation_used",
                State::Declined => "invitation_declined",
                State::Revoked => "invitation_revoked",
                State::Expired => "invitation_expired",
                _ => "invitation_gone",
            },
            Self::Gone(None) => "invitation_link_replaced",
            // A batch that is too long is a case of its own in the contract.
            Self::Invalid(bad) if bad.iter().any(|bad| bad.code == "too_many") => "too_many",
            Self::WrongCode => "wrong_code",
            Self::Invalid(_) => "invalid",
            Self::TooLarge { .. } => "file_too_large",
            Self::KeyReused => "key_reused",
            Self::OverQuota { .. } => "over_quota",
            Self::TooFast(_) => "too_fast",
            Self::Db(_) | Self::Broken(_) => "broken",
        }
    }

    /// Whether a rule refused it, so that the audit log is to tell of the attempt. Typing errors and guesses at
    /// things one may not know of do not count, nor does our own trouble.
    pub fn is_refusal(&self) -> bool {
        use Failure::{Conflict, Forbidden, Gone, Lacks, OverQuota, SignedOut, Spent};
        matches!(
            self,
            SignedOut { .. }
                | Forbidden { .. }
                | Conflict { .. }
                | Lacks { .. }
                | Gone(_)
                | Spent { .. }
                | OverQuota { .. }
        )
    }

    /// It does not fit how things are.
    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::Conflict { code, detail: detail.into() }
    }

    /// A rule forbids it.
    pub fn forbidden(code: &'static str, detail: impl Into<String>) -> Self {
        Self::Forbidden { code, detail: detail.into() }
    }
}

fn words_of(conflicts: &[case::Conflict]) -> String {
    conflicts.iter().map(|conflict| conflict.field().words()).collect::<Vec<_>>().join(", ")
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Unknown => Self::Unknown,
            Refused::Lacks { right, project } => Self::Lacks { right, project },
            Refused::Archived => Self::conflict(
                "project_archived",
                "This project is archived: it is read, and nothing in it changes. Who manages it can reopen it.",
            ),
        }
    }
}

/// The session or key ended while the request was under way.
const SIGNED_OUT: Failure = Failure::SignedOut {
    code: "signed_out",
    detail: "The session or API key has ended. Sign in again, or send another key.",
};

impl From<Lost> for Failure {
    fn from(lost: Lost) -> Self {
        match lost {
            Lost::Refused(refused) => refused.into(),
            Lost::SignedOut => SIGNED_OUT,
            Lost::Db(error) => error.into(),
        }
    }
}

impl From<Above> for Failure {
    fn from(above: Above) -> Self {
        Self::Forbidden { code: "above_your_rights", detail: format!("{above}.") }
    }
}

/// Whether a name was free when it was given. Who takes one at the same moment as another breaks the index that both
/// passed; the transaction is lost then, which a refusal loses anyway.
pub(crate) fn free_at_once(given: Result<bool, db::Error>) -> Result<bool, db::Error> {
    match given {
        Err(db::Error::Constraint { rule: db::Rule::Unique, .. }) => Ok(false),
        given => given,
    }
}
