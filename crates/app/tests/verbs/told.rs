//! What verbs answer, as words to compare.

use app::{Failure, invitations::Verdict};

/// What a batch made of its rows: `ann@x.example invited`.
pub fn outcomes(results: &[Verdict]) -> Vec<String> {
    let word = |verdict: &Verdict| {
        verdict.reason.map_or_else(|| verdict.outcome.to_string(), |reason| format!("{} {reason}", verdict.outcome))
    };
    results.iter().map(word).collect()
}

/// Why something was refused, in one word. Trouble of the database is never a refusal.
pub fn refusal<T: std::fmt::Debug>(result: Result<T, Failure>) -> String {
    match result.expect_err("it was to be refused") {
        Failure::SignedOut { code, .. } | Failure::Forbidden { code, .. } | Failure::Conflict { code, .. } => {
            code.into()
        }
        Failure::Spent { code, .. } => code.into(),
        Failure::Unknown => "unknown".into(),
        Failure::Stale(what) => what,
        Failure::Edited { .. } => "edited_meanwhile".into(),
        Failure::Lacks { right, .. } => format!("lacks {right}"),
        Failure::Gone(state) => state.map_or_else(|| "gone".into(), |state| format!("gone {state}")),
        Failure::Invalid(bad) => {
            bad.iter().map(|bad| format!("{} {}", bad.field, bad.code)).collect::<Vec<_>>().join(", ")
        }
        Failure::OverQuota { scope, left, .. } => format!("over {scope}, {left} left"),
        Failure::WrongCode => "wrong code".into(),
        Failure::TooFast(_) => "too fast".into(),
        Failure::KeyReused => "key_reused".into(),
        Failure::TooLarge { .. } => "too_large".into(),
        trouble @ (Failure::Db(_) | Failure::Broken(_)) => panic!("{trouble}"),
    }
}
