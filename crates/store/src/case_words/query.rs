//! What is looked for, in the language of each engine's index.

use db::Engine;
use domain::{
    id::ProjectId,
    terms::{Term, Wanted},
};

use super::{IN_TITLE, in_project};

pub(super) struct Query {
    engine: Engine,
    projects: String,
    title: String,
    text: String,
}

impl Query {
    pub(super) fn of(engine: Engine, projects: &[ProjectId], wanted: &Wanted) -> Self {
        let own = |project: &ProjectId| word(engine, &in_project(*project), false);
        let projects = projects.iter().map(own).collect::<Vec<_>>().join(or(engine));
        let all = |mark: &str| {
            let term = |term: &Term| word(engine, &format!("{mark}{}", term.text), term.open);
            wanted.terms().iter().map(term).collect::<Vec<_>>().join(and(engine))
        };
        Self { engine, projects, title: all(&IN_TITLE.to_string()), text: all("") }
    }

    /// Cases whose title has every word.
    pub(super) fn by_title(&self) -> String {
        format!("({}){}({})", self.projects, and(self.engine), self.title)
    }

    /// The others that have every word.
    pub(super) fn by_rest(&self) -> String {
        let but = match self.engine {
            Engine::Sqlite => " NOT ",
            Engine::Postgres => " & !",
        };
        format!("(({}){}({})){but}({})", self.projects, and(self.engine), self.text, self.title)
    }
}

/// A word in quotes. It has none itself: see `domain::terms`.
fn word(engine: Engine, text: &str, open: bool) -> String {
    match (engine, open) {
        (Engine::Sqlite, false) => format!("\"{text}\""),
        (Engine::Sqlite, true) => format!("\"{text}\" *"),
        (Engine::Postgres, false) => format!("'{text}'"),
        (Engine::Postgres, true) => format!("'{text}':*"),
    }
}

fn and(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => " AND ",
        Engine::Postgres => " & ",
    }
}

fn or(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => " OR ",
        Engine::Postgres => " | ",
    }
}
