//! domain
pub mod email;
pub mod project_key;
pub mod slug;
pub mod title;
