//! What the letters' templates call with `|`.
#![allow(
    clippy::inline_always,
    clippy::unused_self,
    clippy::unnecessary_wraps,
    reason = "the shape askama gives a filter"
)]

use std::fmt::Display;

use super::{names, plain};

/// A paragraph.
#[askama::filter_fn]
pub(super) fn prose(text: impl Display, _: &dyn askama::Values) -> askama::Result<String> {
    Ok(plain::fill(&text.to_string(), "", ""))
}

/// A line of the table, its label before it.
#[askama::filter_fn]
pub(super) fn row(text: impl Display, _: &dyn askama::Values, label: &str) -> askama::Result<String> {
    Ok(plain::fill(&text.to_string(), &format!("    {label:<11}"), &" ".repeat(15)))
}

/// A quoted line.
#[askama::filter_fn]
pub(super) fn quote(text: impl Display, _: &dyn askama::Values) -> askama::Result<String> {
    Ok(plain::fill(&text.to_string(), "    ", "    "))
}

/// Words that stay on one line.
#[askama::filter_fn]
pub(super) fn whole(text: impl Display, _: &dyn askama::Values) -> askama::Result<String> {
    Ok(text.to_string().replace(' ', &plain::HARD_SPACE.to_string()))
}

/// An address shown, not linked.
#[askama::filter_fn]
pub(super) fn unlinked(text: impl Display, _: &dyn askama::Values) -> askama::Result<String> {
    Ok(names::unlinked(&text.to_string()))
}
