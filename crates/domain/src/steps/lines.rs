//! Steps as lines of text, numbered or not.

use super::{BadSteps, MOST, Pasted, part, under};

/// Where any line has a number or a bullet, the others go on with the step above; else each line is a step.
pub(super) fn read(text: &str) -> Result<Vec<Pasted>, BadSteps> {
    let numbered = text.lines().any(|line| after_number(line).is_some());
    let mut steps: Vec<Pasted> = Vec::new();
    let mut expects = false;
    for (row, line) in text.lines().enumerate().map(|(at, line)| (at + 1, line.trim())) {
        let step = after_number(line);
        if line.is_empty() {
            continue;
        }
        if let (None, Some(expected), Some(last)) = (step, after_expected(line), steps.last_mut()) {
            under(&mut last.expected, expected);
            expects = true;
        } else if let Some(last) = steps.last_mut().filter(|_| numbered && step.is_none()) {
            under(if expects { &mut last.expected } else { &mut last.action }, line);
        } else {
            expects = false;
            if steps.len() == MOST {
                return Err(BadSteps::TooMany { row });
            }
            let (action, expected) = in_one_line(step.unwrap_or(line));
            steps.push(Pasted { action: action.to_owned(), expected: expected.to_owned() });
        }
        if let Some(last) = steps.last() {
            part(&last.action, row, 1)?;
            part(&last.expected, row, 2)?;
        }
    }
    Ok(steps)
}

/// What follows `1.`, `2)`, `(3)`, `Step 4:`, `-`, `*` or `•`.
fn after_number(line: &str) -> Option<&str> {
    let line = line.trim_start();
    if let Some(rest) = line.strip_prefix(['-', '*', '•', '–', '‣', '◦', '·']) {
        return rest.strip_prefix([' ', '\t', '\u{A0}']).map(str::trim_start).filter(|rest| !rest.is_empty());
    }
    let word = line.get(..5).filter(|word| word.trim_end().eq_ignore_ascii_case("step"));
    let bare = word.map_or(line, |word| &line[word.len()..]).trim_start();
    let bare = bare.strip_prefix('(').unwrap_or(bare);
    let rest = bare.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = bare.len() - rest.len();
    let ended = rest.strip_prefix(['.', ')', ':', '.']).or_else(|| word.and(rest.strip_prefix(['-', '–', ' '])));
    let text = ended.filter(|_| (1..=4).contains(&digits))?;
    // `1.5 V` and `10:30` begin no step.
    let text = text.strip_prefix([' ', '\t', '\u{A0}'])?.trim_start();
    (!text.is_empty()).then_some(text)
}

/// What follows `Expected result:`, `Expected:`, `Result:`, `=>`, `->` or `→`.
fn after_expected(line: &str) -> Option<&str> {
    let line = line.trim_start();
    for arrow in ["=>", "->", "→", "⇒"] {
        if let Some(rest) = line.strip_prefix(arrow) {
            return Some(rest.trim_start());
        }
    }
    let (head, rest) = line.split_once(':')?;
    let head = head.trim_matches(['*', '_', ' ']).to_lowercase();
    let names = ["expected", "expected result", "expected results", "expected outcome", "expectation", "result", "er"];
    names.contains(&head.as_str()).then(|| rest.trim_start_matches(['*', '_', ' ']))
}

/// `Open the basket -> It is empty`.
fn in_one_line(line: &str) -> (&str, &str) {
    for arrow in [" => ", " -> ", " → ", " ⇒ "] {
        if let Some((action, expected)) = line.split_once(arrow) {
            return (action.trim(), expected.trim());
        }
    }
    (line, "")
}
