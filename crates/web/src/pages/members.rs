//! Members: their list, the page of one, and deeds with what they would change.

mod list;
pub mod one;
pub mod review;

pub use list::{Query, member_row, members};
