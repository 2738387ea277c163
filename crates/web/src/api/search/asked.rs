//! What is looked for, and of which kind.

use app::Failure;
use serde::Deserialize;
use store::case_words::After;
use utoipa::IntoParams;

use crate::extract::Paging;

/// What is looked for.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// The beginnings of words, in any order; nothing finds nothing.
    #[param(example = "pr ra")]
    pub q: Option<String>,
    /// `person`, `project`, `case`, or several with commas between; people and projects unless given.
    #[param(example = "person,project,case")]
    kinds: Option<String>,
    /// At most so many of each kind, 1 to 50; 8 unless given.
    limit: Option<i64>,
    /// Cases of this project alone, by id or key.
    #[param(example = "WEB")]
    pub project: Option<String>,
    /// Where the next page of cases begins, where they alone are wanted.
    pub cursor: Option<String>,
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
    /// Cases.
    pub cases: bool,
}

impl Asked {
    /// As asked; people and projects unless given.
    pub fn kinds(&self) -> Result<Kinds, Failure> {
        let Some(kinds) = self.kinds.as_deref().filter(|kinds| !kinds.is_empty()) else {
            return Ok(Kinds { people: true, projects: true, cases: false });
        };
        let mut wanted = Kinds { people: false, projects: false, cases: false };
        for kind in kinds.split(',').map(str::trim) {
            match kind {
                "person" => wanted.people = true,
                "project" => wanted.projects = true,
                "case" => wanted.cases = true,
                _ => return Err(Failure::invalid("kinds", "unknown_kind", "person, project, case, or several.")),
            }
        }
        Ok(wanted)
    }

    /// After which case the list goes on.
    pub fn after(&self, kinds: Kinds) -> Result<Option<After>, Failure> {
        if self.cursor.is_some() && (kinds.people || kinds.projects) {
            return Err(Failure::invalid("cursor", "malformed", "Only a list of cases alone has pages."));
        }
        let after: Option<(bool, i64)> = Paging::after(self.cursor.as_deref())?;
        Ok(after.map(|(by_title, place)| After { by_title, place }))
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
