//! What is looked for, and of which kind.

use app::Failure;
use serde::Deserialize;
use utoipa::IntoParams;

/// What is looked for.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// The beginnings of words, in any order; nothing finds nothing.
    #[param(example = "pr ra")]
    pub q: Option<String>,
    /// `person`, `project`, or both with a comma between; both unless given.
    #[param(example = "person,project")]
    kinds: Option<String>,
    /// At most so many of each kind, 1 to 50; 8 unless given.
    limit: Option<i64>,
}

const USUAL: i64 = 8;
const MOST: i64 = 50;

/// Which kinds are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kinds {
    /// People.
    pub people: bool,
    /// Projects.
    pub projects: bool,
}

impl Asked {
    /// As asked; both unless given.
    pub fn kinds(&self) -> Result<Kinds, Failure> {
        let Some(kinds) = self.kinds.as_deref().filter(|kinds| !kinds.is_empty()) else {
            return Ok(Kinds { people: true, projects: true });
        };
        let mut wanted = Kinds { people: false, projects: false };
        for kind in kinds.split(',').map(str::trim) {
            match kind {
                "person" => wanted.people = true,
                "project" => wanted.projects = true,
                _ => return Err(Failure::invalid("kinds", "unknown_kind", "person, project, or both.")),
            }
        }
        Ok(wanted)
    }

    /// How many of each kind.
    pub fn limit(&self) -> Result<i64, Failure> {
        let limit = self.limit.unwrap_or(USUAL);
        if (1..=MOST).contains(&limit) {
            Ok(limit)
        } else {
            Err(Failure::invalid("limit", "out_of_range", format!("1 to {MOST}.")))
        }
    }
}
