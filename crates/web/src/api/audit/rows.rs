//! Events as lines of a file.

use super::EventBody;

/// The first line of a table.
pub const HEAD: &str = "id,at,event,actor_id,actor,ip,target_kind,target_id,target,words,changes\r\n";

/// An event as a line of CSV (RFC 4180).
pub fn csv(event: &EventBody) -> String {
    let actor = event.actor.as_ref();
    let cells = [
        event.id.to_string(),
        event.at.to_string(),
        event.event.clone(),
        actor.map(|actor| actor.id.clone()).unwrap_or_default(),
        actor.map(|actor| actor.name.clone()).unwrap_or_default(),
        event.ip.clone().unwrap_or_default(),
        event.target.kind.clone(),
        event.target.id.clone(),
        event.target.label.clone().unwrap_or_default(),
        event.words.clone(),
        serde_json::Value::Object(event.changes.clone()).to_string(),
    ];
    cells.map(|cell| quoted(&cell)).join(",") + "\r\n"
}

/// An event as a line of JSON.
pub fn json(event: &EventBody) -> String {
    serde_json::to_string(event).expect("an event is words and numbers") + "\n"
}

/// A name that begins like a formula must not be run by a spreadsheet: an apostrophe makes it text.
fn quoted(cell: &str) -> String {
    let guard = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    if guard.is_empty() && !cell.contains([',', '"', '\n', '\r']) {
        return cell.to_owned();
    }
    format!("\"{guard}{}\"", cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_quoted_where_it_must_be_and_never_a_formula() {
        assert_eq!(quoted("Ann"), "Ann");
        assert_eq!(quoted("Keller, \"Ann\""), "\"Keller, \"\"Ann\"\"\"");
        assert_eq!(quoted("=HYPERLINK(1)"), "\"'=HYPERLINK(1)\"");
    }
}
