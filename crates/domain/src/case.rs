//! A test case: what it says, how saves of several people merge, and when a new version begins.

mod content;
mod estimate;
mod fields;
mod markdown;
mod merge;
pub mod review;
pub mod version;

pub use content::{BadSteps, Content, Step, Template, UnknownTemplate, checked_steps};
pub use estimate::{BadEstimate, Estimate};
pub use fields::{Field, Fields, Set, UnknownField, label_order};
pub use markdown::{BadMarkdown, Markdown};
pub use merge::{Conflict, Merged, Touched, merge};
