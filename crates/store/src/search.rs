//! Finding people and projects by the beginnings of their words.

use db::{Conn, Error, Value};
use domain::{
    access::{May, Membership, People, Visible},
    words::Words,
};

use crate::{
    Param,
    members::{By, Listed, known_to, select},
    projects::{self, Project},
    sql::All,
};

/// The members that all words find, of those the reader may know of: first the active ones, then those whose name
/// begins with the first word. By address too, for whoever sees addresses; others would learn them letter by letter.
pub fn people(db: &mut Conn, may: &May<Membership>, words: &Words, limit: i64) -> Result<Vec<Listed>, Error> {
    let Some(first) = words.iter().next() else { return Ok(Vec::new()) };
    let addresses = may.member().people() == People::WithAddresses;
    let wanted = words.iter().fold(known_to(may), |wanted, word| said(wanted, word, addresses));
    let order = r"ORDER BY CASE WHEN m.state = 'active' THEN 0 ELSE 1 END,
        CASE WHEN m.folded LIKE ? ESCAPE '\' THEN 0 ELSE 1 END, m.folded, m.id LIMIT ?";
    db.all(wanted.rows(&select(By::Name), order, vec![begins(first), limit.value()]))
}

/// The projects that all words find in key and name, of those one may read, by name. Without words none.
pub fn projects(db: &mut Conn, visible: &Visible, words: &Words, limit: i64) -> Result<Vec<Project>, Error> {
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let all = projects::visible(db, visible)?.into_iter();
    let found = all.filter(|row| words.find(&format!("{} {}", row.key, row.name)));
    Ok(found.take(usize::try_from(limit).unwrap_or_default()).collect())
}

fn said(wanted: All, word: &str, addresses: bool) -> All {
    let in_name = vec![begins(word), format!("% {}%", escaped(word)).value()];
    let name = r"m.folded LIKE ? ESCAPE '\' OR REPLACE(m.folded, '-', ' ') LIKE ? ESCAPE '\'";
    if !addresses {
        return wanted.and(name, in_name);
    }
    // From the start: all addresses of a company end alike.
    wanted.and(format!(r"{name} OR m.address LIKE ? ESCAPE '\'"), [in_name, vec![begins(word)]].concat())
}

fn begins(word: &str) -> Value {
    format!("{}%", escaped(word)).value()
}

fn escaped(word: &str) -> String {
    word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
