//! One text for two engines: marks, and `?` against `$1`.

use std::borrow::Cow;

use crate::{Engine, Error};

/// Unwraps the comment marks meant for this engine: `/*pg: … */` or `/*lite: … */`.
pub(crate) fn unwrap(text: &str, engine: Engine) -> Cow<'_, str> {
    let mark = match engine {
        Engine::Sqlite => "/*lite:",
        Engine::Postgres => "/*pg:",
    };
    if !text.contains(mark) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, marked)) = rest.split_once(mark) {
        let (inside, after) = marked.split_once("*/").unwrap_or((marked, ""));
        plain.push_str(before);
        plain.push_str(inside);
        rest = after;
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// Writes `?` as `$1`, `$2`, … and counts them, leaving quotes and comments alone.
pub(crate) fn number(text: &str) -> (String, usize) {
    let mut numbered = String::with_capacity(text.len() + 8);
    let mut count = 0;
    let mut rest = text;
    while let Some(at) = rest.find(['?', '\'', '"', '-', '/', '$']) {
        let (before, token) = rest.split_at(at);
        numbered.push_str(before);
        let (token, after) = token.split_at(token_length(token));
        if token == "?" {
            count += 1;
            numbered.push('$');
            numbered.push_str(&count.to_string());
        } else {
            numbered.push_str(token);
        }
        rest = after;
    }
    numbered.push_str(rest);
    (numbered, count)
}

/// Length of the quote, comment or single character at the start of the text.
fn token_length(text: &str) -> usize {
    let closed_by =
        |open: usize, close: &str| text[open..].find(close).map_or(text.len(), |at| open + at + close.len());
    match text.as_bytes() {
        [b'\'', ..] => closed_by(1, "'"),
        [b'"', ..] => closed_by(1, "\""),
        [b'-', b'-', ..] => closed_by(2, "\n"),
        [b'/', b'*', ..] => closed_by(2, "*/"),
        [b'$', ..] => dollar_tag(text).map_or(1, |tag| closed_by(tag.len(), tag)),
        _ => 1,
    }
}

/// The opening of a dollar quote: `$$` or `$name$`.
fn dollar_tag(text: &str) -> Option<&str> {
    let end = text[1..].find('$')? + 1;
    let name = &text[1..end];
    name.chars().all(|c| c.is_alphanumeric() || c == '_').then(|| &text[..=end])
}

/// Writes a migration for one engine: comment marks, and type marks such as `{uuid}`.
pub(crate) fn migration(text: &str, engine: Engine) -> Result<String, Error> {
    let text = unwrap(text, engine);
    let mut plain = String::with_capacity(text.len() + text.len() / 8);
    let mut rest = text.as_ref();
    while let Some((before, after)) = rest.split_once('{') {
        plain.push_str(before);
        let name = &after[..after.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(after.len())];
        let marked = &after[name.len()..];
        if name.is_empty() || !marked.starts_with('}') {
            plain.push('{');
            rest = after;
            continue;
        }
        plain.push_str(type_name(name, engine)?);
        rest = &marked[1..];
    }
    plain.push_str(rest);
    Ok(plain)
}

fn type_name(mark: &str, engine: Engine) -> Result<&'static str, Error> {
    let (sqlite, postgres) = match mark {
        "uuid" => ("BLOB", "uuid"),
        "bytes" => ("BLOB", "bytea"),
        "int" | "time" => ("INTEGER", "bigint"),
        "bool" => ("INTEGER", "boolean"),
        "text" => ("TEXT", "text COLLATE \"C\""),
        "serial" => ("INTEGER PRIMARY KEY AUTOINCREMENT", "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY"),
        "strict" => ("STRICT", ""),
        _ => {
            return Err(Error::Shape(format!("unknown type mark {{{mark}}} in a migration")));
        }
    };
    Ok(match engine {
        Engine::Sqlite => sqlite,
        Engine::Postgres => postgres,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_numbered_in_order() {
        assert_eq!(number("SELECT ? + ?, a - b / c"), ("SELECT $1 + $2, a - b / c".into(), 2));
    }

    #[test]
    fn question_marks_in_quotes_and_comments_are_no_parameters() {
        for quoted in ["'what?'", "'it''s ?'", "\"a?\"", "-- ?\n", "/* ? */", "$$ ? $$", "$x$ ? $$ $x$", "'open ?"] {
            assert_eq!(number(quoted), (quoted.into(), 0));
        }
        assert_eq!(number("'?' || ? -- ?\n || ?"), ("'?' || $1 -- ?\n || $2".into(), 2));
    }

    #[test]
    fn a_mark_is_unwrapped_for_its_engine_alone() {
        let text = "SELECT 1 /*pg: FOR UPDATE */ /*lite: LIMIT 1 */";
        assert_eq!(unwrap(text, Engine::Postgres), "SELECT 1  FOR UPDATE  /*lite: LIMIT 1 */");
        assert_eq!(unwrap(text, Engine::Sqlite), "SELECT 1 /*pg: FOR UPDATE */  LIMIT 1 ");
    }

    #[test]
    fn type_marks_become_the_types_of_the_engine() {
        let text = "CREATE TABLE t (id {uuid}, name {text} DEFAULT '{}') {strict}";
        let sqlite = "CREATE TABLE t (id BLOB, name TEXT DEFAULT '{}') STRICT";
        assert_eq!(migration(text, Engine::Sqlite), Ok(sqlite.into()));
        let postgres = "CREATE TABLE t (id uuid, name text COLLATE \"C\" DEFAULT '{}') ";
        assert_eq!(migration(text, Engine::Postgres), Ok(postgres.into()));
    }

    #[test]
    fn an_unknown_type_mark_is_refused_by_name() {
        let unknown = Error::Shape("unknown type mark {money} in a migration".into());
        assert_eq!(migration("CREATE TABLE t (a {money})", Engine::Sqlite), Err(unknown));
    }
}
