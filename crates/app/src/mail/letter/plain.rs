//! Prose for the text part: lines of at most 76 columns, words and links never broken.

/// Quoted-printable breaks lines at 76 (RFC 2045 6.7), so shorter ones need no soft breaks.
const COLUMNS: usize = 76;

/// Joins words that belong on one line; [`fill`] writes it as a space.
pub(super) const HARD_SPACE: char = '\u{a0}';

/// Fills `text` into lines; the first begins with `first`, the others with `indent`.
pub(super) fn fill(text: &str, first: &str, indent: &str) -> String {
    let mut out = first.to_owned();
    let mut column = width(first);
    let mut line_is_empty = true;
    for word in text.split_ascii_whitespace() {
        if !line_is_empty && column + 1 + width(word) > COLUMNS {
            out.push('\n');
            out.push_str(indent);
            column = width(indent);
        } else if !line_is_empty {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += width(word);
        line_is_empty = false;
    }
    out.trim_end().replace(HARD_SPACE, " ")
}

/// Columns a text takes; zero-width spaces take none.
fn width(text: &str) -> usize {
    text.chars().filter(|c| *c != '\u{200b}').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_at_most_76_columns_and_words_stay_whole() {
        let filled = fill(&"seventy six ".repeat(20), "", "");
        assert!(filled.lines().all(|line| width(line) <= COLUMNS));
        assert_eq!(filled.split_whitespace().count(), 40);
        let long = "x".repeat(90);
        assert_eq!(fill(&format!("a {long} b"), "  ", "    "), format!("  a\n    {long}\n    b"));
        assert_eq!(fill(&format!("{} a\u{a0}b", "x".repeat(74)), "", ""), format!("{}\na b", "x".repeat(74)));
        assert_eq!(fill("", "  ", "  "), "");
    }
}
