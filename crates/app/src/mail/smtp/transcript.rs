//! The conversation written down, for the operator's test mail.

use std::sync::{Arc, Mutex, PoisonError};

/// Most lines kept; a conversation about one mail has some thirty.
const LINES_LIMIT: usize = 500;

/// Lines `C: …` and `S: …`. Clones share the record, so what was said before a failure can still be read. AUTH
/// payloads and the message itself (it holds the invitation link) are left out.
#[derive(Debug, Clone, Default)]
pub struct Transcript(Arc<Mutex<Vec<String>>>);

impl Transcript {
    /// What was said so far.
    pub fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn note(&self, who: char, text: &str) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() < LINES_LIMIT {
            lines.push(format!("{who}: {}", super::reply::one_line(text)));
        }
    }
}
