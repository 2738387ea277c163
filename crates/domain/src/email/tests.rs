mod address;
mod lists;
mod properties;
mod rows;

use super::*;

/// The reason and the suggestion of a bad text.
fn trouble(bad: &BadEmail) -> (&'static str, usize, Option<&str>) {
    (bad.reason.code(), bad.at, bad.suggestion.as_deref())
}

fn email(text: &str) -> Email {
    Email::parse(text).unwrap_or_else(|bad| panic!("{text}: {bad}"))
}
