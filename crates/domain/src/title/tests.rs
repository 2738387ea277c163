use proptest::prelude::*;

use super::*;

fn code(text: &str) -> &'static str {
    PersonName::parse(text).expect_err(text).code()
}

#[test]
fn a_name_is_trimmed_and_composed() {
    let name = PersonName::parse("\u{FEFF} Ine\u{302}s Duarte\u{A0}\r\n").unwrap();
    assert_eq!(name.as_str(), "Inês Duarte");
}

#[test]
fn names_of_every_script_and_emoji_are_welcome() {
    for text in [
        "王小明",
        "می\u{200C}خواهم",
        "क्\u{200D}ष",
        "O'Connor",
        "👩\u{200D}💻 QA",
        "❤\u{FE0F}\u{200D}🔥",
        "1\u{FE0F}\u{20E3}",
    ] {
        assert_eq!(PersonName::parse(text).unwrap().as_str(), text);
    }
}

#[test]
fn what_cannot_be_seen_is_refused_by_name() {
    assert_eq!(code("Ann\0"), "nul");
    assert_eq!(code("Ann\r\nBcc: eve@x.example"), "line_break");
    assert_eq!(code("Ann\tKeller"), "control_character");
    assert_eq!(code("Ann\u{202E}nnA"), "bidi_control");
    assert_eq!(code("Ann\u{200B}Keller"), "zero_width");
    assert_eq!(code("Ann\u{200D}Keller"), "zero_width");
    assert_eq!(code("\u{200D}"), "zero_width");
}

#[test]
fn a_name_must_show_something() {
    for text in ["", "  ", "\u{3000}", "\u{301}", "\u{2800}"] {
        assert_eq!(code(text), "empty", "{text:?}");
    }
}

#[test]
fn length_counts_characters_not_bytes() {
    assert!(WorkspaceName::parse(&"é".repeat(80)).is_ok());
    let bad = WorkspaceName::parse(&"é".repeat(81)).unwrap_err();
    assert_eq!(bad, BadTitle::TooLong { length: 81, most: 80 });
    assert_eq!(bad.to_string(), "81 characters, at most 80 fit");
}

#[test]
fn the_sentence_says_which_character() {
    assert_eq!(PersonName::parse(" Ann\nK").unwrap_err().to_string(), "A line break, character 4");
}

proptest! {
    #[test]
    fn a_name_reads_back_as_itself(text in any::<String>()) {
        if let Ok(name) = PersonName::parse(&text) {
            prop_assert_eq!(PersonName::parse(name.as_str()), Ok(name));
        }
    }

    #[test]
    fn folding_twice_changes_nothing(text in any::<String>()) {
        let once = folded(&text);
        prop_assert_eq!(folded(&once), once);
    }
}
