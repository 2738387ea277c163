use proptest::prelude::*;

use super::{BadSteps, LONGEST, MOST, Pasted, pasted};

fn read(text: &str) -> Vec<(String, String)> {
    pasted(text).unwrap().into_iter().map(|step| (step.action, step.expected)).collect()
}

fn same(found: &[(String, String)], wanted: &[(&str, &str)]) {
    let found: Vec<(&str, &str)> =
        found.iter().map(|(action, expected)| (action.as_str(), expected.as_str())).collect();
    assert_eq!(found, wanted);
}

const TWO: [(&str, &str); 2] = [("Open the basket", "It is empty"), ("Add a jacket", "It lies in the basket")];

#[test]
fn rows_of_a_spreadsheet_are_steps_in_whatever_columns_they_come() {
    for text in [
        "Open the basket\tIt is empty\nAdd a jacket\tIt lies in the basket\n",
        "Open the basket\tIt is empty\r\nAdd a jacket\tIt lies in the basket",
        "1\tOpen the basket\tIt is empty\n2\tAdd a jacket\tIt lies in the basket\n",
        "Step 1\tOpen the basket\tIt is empty\nStep 2\tAdd a jacket\tIt lies in the basket\n",
        "Action\tExpected result\nOpen the basket\tIt is empty\nAdd a jacket\tIt lies in the basket",
        "Expected Result\tStep\nIt is empty\tOpen the basket\nIt lies in the basket\tAdd a jacket",
        "#\tTest step\tOwner\tExpected\n1\tOpen the basket\tAnn\tIt is empty\n2\tAdd a jacket\tBo\tIt lies in the basket",
        "Step\tAction\tExpected\n1\tOpen the basket\tIt is empty\n2\tAdd a jacket\tIt lies in the basket",
        "\n\t\n\"Open the basket\"\tIt is empty\t\n\t\t\nAdd a jacket\t\"It lies in the basket\"\n\n",
        "action,expected\nOpen the basket,It is empty\n\"Add a jacket\",\"It lies in the basket\"",
        "Action;Expected\nOpen the basket;It is empty\nAdd a jacket;It lies in the basket",
        "\"Open the basket\",\"It is empty\"\n\"Add a jacket\",\"It lies in the basket\"\n",
        "\u{FEFF}Open the basket\tIt is empty\nAdd a jacket\t\u{A0}It lies in the basket",
    ] {
        same(&read(text), &TWO);
    }
}

#[test]
fn a_cell_in_quotes_keeps_its_lines_quotes_and_tabs() {
    let text = "\"Open\nthe basket\"\t\"Says \"\"empty\"\", or\t0\"\nNext\t\n";
    same(&read(text), &[("Open\nthe basket", "Says \"empty\", or\t0"), ("Next", "")]);
}

#[test]
fn a_stray_quote_is_a_character_and_swallows_nothing() {
    same(
        &read("\"Save\" is pressed\tSaved\n\"Open\tOpened\nClose\t5\" wide"),
        &[("\"Save\" is pressed", "Saved"), ("\"Open", "Opened"), ("Close", "5\" wide")],
    );
}

#[test]
fn test_data_goes_under_the_action_and_a_result_alone_to_the_step_above() {
    same(&read("Sign in\tann / secret\tHome\nLeave\t\tGone"), &[("Sign in\nann / secret", "Home"), ("Leave", "Gone")]);
    same(&read("Sign in\tHome\n\tA greeting\nLeave\tGone"), &[("Sign in", "Home\nA greeting"), ("Leave", "Gone")]);
}

#[test]
fn numbered_lines_go_on_until_the_next_number() {
    for text in [
        "1. Open the basket\nExpected: It is empty\n2. Add a jacket\nExpected result: It lies in the basket",
        "1) Open the basket\n-> It is empty\n\n2) Add a jacket\n=> It lies in the basket",
        "- Open the basket -> It is empty\n- Add a jacket → It lies in the basket",
        "Step 1: Open the basket\n  **Expected:** It is empty\nStep 2: Add\n  a jacket\n  Expected: It lies in the basket",
    ] {
        let found: Vec<_> =
            read(text).into_iter().map(|(action, expected)| (action.replace('\n', " "), expected)).collect();
        same(&found, &TWO);
    }
    same(&read("1. Wait 10:30 s\n1.5 V, 2 A\n2. Go"), &[("Wait 10:30 s\n1.5 V, 2 A", ""), ("Go", "")]);
}

#[test]
fn lines_without_numbers_are_steps_each() {
    same(
        &read("Open, then look\nAdd \"a jacket\"; wait\n\n  Leave  "),
        &[("Open, then look", ""), ("Add \"a jacket\"; wait", ""), ("Leave", "")],
    );
    same(&read("one step"), &[("one step", "")]);
}

#[test]
fn what_cannot_be_taken_says_where() {
    assert_eq!(pasted(" \n\t\n"), Err(BadSteps::Nothing));
    assert_eq!(pasted("a\tb\n1\t2\t3\t4\t5"), Err(BadSteps::TooManyColumns { row: 2, found: 5 }));
    let long = "x".repeat(LONGEST + 1);
    assert_eq!(pasted(&format!("a\tb\nc\t{long}")), Err(BadSteps::TooLong { row: 2, column: 2 }));
    assert_eq!(pasted(&format!("a\n{long}")), Err(BadSteps::TooLong { row: 2, column: 1 }));
    assert_eq!(pasted(&"a\tb\n".repeat(MOST)).map(|steps| steps.len()), Ok(MOST));
    assert_eq!(pasted(&"a\tb\n".repeat(MOST + 1)), Err(BadSteps::TooMany { row: MOST + 1 }));
    assert_eq!(pasted(&"a\n".repeat(6_000)), Err(BadSteps::TooMany { row: MOST + 1 }));
}

#[test]
fn a_long_text_of_quotes_is_read_in_time() {
    for piece in ["\"", "\"\t", "\"a\"b\t", "\"\"\t\"", "\n\"", "1. ", "\t"] {
        let _ = pasted(&format!("\t{}", piece.repeat(100_000 / piece.len())));
        let _ = pasted(&piece.repeat(100_000 / piece.len()));
    }
}

fn cell(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

proptest! {
    #[test]
    fn what_a_spreadsheet_writes_is_read_back(steps in prop::collection::vec(("[a-z\"][a-z \"\t\n,;0-9]{0,20}[a-z]", "([a-z\"][a-z \"\t\n,;]{0,20}[a-z])?"), 1..20)) {
        let rows: Vec<_> = steps.iter().map(|(action, expected)| format!("{}\t{}", cell(action), cell(expected))).collect();
        let text = format!("Action\tExpected\n{}", rows.join("\n"));
        let wanted: Vec<Pasted> = steps.into_iter().map(|(action, expected)| Pasted { action, expected }).collect();
        prop_assert_eq!(pasted(&text), Ok(wanted));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "([a-z\"\t\n,;1.>-]| |Action|Expected:){0,80}") {
        if let Ok(steps) = pasted(&text) {
            prop_assert!(!steps.is_empty() && steps.len() <= MOST);
            let trimmed = |text: &String| text.trim() == text;
            prop_assert!(steps.iter().all(|step| trimmed(&step.action) && trimmed(&step.expected)));
        }
    }
}
