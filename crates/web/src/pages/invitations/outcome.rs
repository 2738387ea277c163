//! What becomes of each row, as pages show it.

use domain::{access::Role, invitation::Outcome as Became};

use crate::{
    api::invitations::{Preview, ResultBody, Results, WantedRoleBody},
    views::invitation::{Batch, Checked, Outcome, OutcomeState},
};

/// A dry run: how many, and the rows somebody ought to look at.
pub fn checked(preview: Preview) -> Checked {
    let count = |which: fn(Became) -> bool| preview.results.iter().filter(|row| which(row.outcome)).count();
    let (invite, merged) = (count(|it| it == Became::Invited), count(|it| it == Became::Duplicate));
    let skip = preview.results.len() - invite - merged;
    let idle = preview.idle.iter().map(on_project).collect();
    // A good address with a suggestion is perhaps misspelt.
    let look = |row: &ResultBody| match row.outcome {
        Became::Invited => row.suggestion.is_some(),
        Became::Duplicate => false,
        _ => true,
    };
    Checked { invite, skip, merged, outcomes: preview.results.into_iter().filter(look).map(outcome).collect(), idle }
}

/// The result of a batch, grouped.
pub fn batch(key: String, results: Results, mailed: bool) -> Batch {
    let mut batch = Batch { key, mailed, invited: Vec::new(), skipped: Vec::new(), repeated: Vec::new() };
    for row in results.results {
        let group = match row.outcome {
            Became::Invited => &mut batch.invited,
            Became::Duplicate => &mut batch.repeated,
            _ => &mut batch.skipped,
        };
        group.push(outcome(row));
    }
    batch
}

/// How many were invited and how many were not. A repeat is neither: its address was invited all the same.
pub fn counts(results: &Results) -> (u32, u32) {
    let of = |which: fn(Became) -> bool| results.results.iter().filter(|row| which(row.outcome)).count();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let invited = of(|outcome| outcome == Became::Invited);
    (count(invited), count(of(|outcome| !matches!(outcome, Became::Invited | Became::Duplicate))))
}

/// What could be mended and sent again, as it was typed.
pub fn to_mend(results: &Results) -> String {
    let bad = results.results.iter().filter(|row| matches!(row.outcome, Became::Invalid | Became::NotAllowed));
    bad.map(|row| row.input.as_str()).collect::<Vec<_>>().join("\n")
}

fn outcome(row: ResultBody) -> Outcome {
    Outcome {
        own: own(&row),
        deactivated: row.member.filter(|_| row.reason.as_deref() == Some("deactivated")),
        input: if row.input.is_empty() { "No address".to_owned() } else { row.input },
        state: match row.outcome {
            Became::Invited => OutcomeState::Invited,
            Became::AlreadyMember => OutcomeState::AlreadyMember,
            Became::AlreadyInvited => OutcomeState::AlreadyInvited,
            Became::Duplicate => OutcomeState::Duplicate,
            Became::Invalid => OutcomeState::Invalid,
            Became::NotAllowed => OutcomeState::NotAllowed,
        },
        detail: match (row.detail, row.suggestion) {
            (Some(detail), Some(meant)) => Some(format!("{}. Did you mean {meant}?", detail.trim_end_matches('.'))),
            (detail, _) => detail,
        },
        invitation: row.invitation,
    }
}

/// What a row gives this one other than the rest.
fn own(row: &ResultBody) -> Vec<String> {
    let projects = row.projects.iter().flatten().map(on_project);
    let role = row.role.map(|role| role.name().to_owned()).filter(|_| row.role != Some(Role::Guest));
    let days = row.expires_in_days.map(|days| if days == 1 { "1 day".to_owned() } else { format!("{days} days") });
    // A name that stands in the list with its address is seen there.
    let name = row.name.clone().filter(|name| !row.input.contains(name.as_str()));
    name.into_iter().chain(role).chain(projects).chain(days).collect()
}

fn on_project(wanted: &WantedRoleBody) -> String {
    format!("{} on {}", wanted.role.name(), wanted.project)
}
