use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{MOST_BYTES, Mark, Wanted, excerpt, marked, terms};

fn of(text: &str) -> BTreeSet<String> {
    terms([text])
}

fn found(text: &str, typed: &str) -> bool {
    Wanted::read(typed).find(&of(text))
}

fn shown(pieces: &[Mark]) -> String {
    pieces.iter().map(|mark| if mark.hit { format!("[{}]", mark.text) } else { mark.text.to_owned() }).collect()
}

#[test]
fn every_word_must_be_there_and_the_last_may_be_unfinished() {
    let text = "Redeem a gift card and pay the rest by card: GC-25-TEST";
    for typed in ["gift", "gi", "card gif", "GIFT Card", "gc-25", "gc-25-te", "rest pay", "", "  "] {
        assert!(found(text, typed), "{typed}");
    }
    for typed in ["gi card", "ift", "gift coupon", "gi ", "cardx"] {
        assert!(!found(text, typed), "{typed}");
    }
}

#[test]
fn case_accents_and_width_make_no_difference() {
    for (text, typed) in [
        ("Überweisung ausführen", "uberweisung AUSFU"),
        ("Straße", "strasse"),
        ("naïve café", "naive cafe "),
        ("ＷＥＢ", "web"),
        ("ΟΔΟΣ", "οδος"),
        ("Ёлка", "елка"),
    ] {
        assert!(found(text, typed), "{text} {typed}");
    }
}

#[test]
fn scripts_without_spaces_are_found_by_any_stretch() {
    let text = "打开购物车并付款, ガス料金を払う, 사용자가 로그인한다";
    for typed in ["购物", "购物车", "车", "款", "付款 打开", "ガス", "料金", "사용자", "로그인"] {
        assert!(found(text, typed), "{typed}");
    }
    for typed in ["物购", "カス", "用户", "用"] {
        assert!(!found(text, typed), "{typed}");
    }
    assert!(found("iPhone手机壳", "iphone 手机"));
}

#[test]
fn signs_are_between_words_and_mean_nothing() {
    for typed in ["\"gift\"", "gift*", "gift & card", "(gift | card)", "gift:card", "-gift", "gift'); DROP"] {
        let all = Wanted::read(typed);
        assert!(all.terms().iter().all(|term| term.text.chars().all(char::is_alphanumeric)), "{typed}");
    }
    assert!(found("gift card", "\"gift\" & (card)"));
    assert!(Wanted::read("* ' \" ()").is_empty());
}

#[test]
fn a_text_of_too_many_words_keeps_the_first_and_a_long_word_its_beginning() {
    let many: String = (0..200_000).map(|n| format!("w{n}")).collect::<Vec<_>>().join(" ");
    let kept = of(&many);
    assert!(kept.iter().map(String::len).sum::<usize>() <= MOST_BYTES);
    assert!(kept.contains("w0") && kept.contains("w30000"));
    let long = "x".repeat(10_000);
    assert_eq!(of(&long).first().map(String::len), Some(40));
    assert!(found(&long, &long));
    assert_eq!(Wanted::read(&"a ".repeat(1_000)).terms().len(), 12);
}

#[test]
fn what_was_found_is_marked_as_it_was_written() {
    for (text, typed, marks) in [
        ("Redeem a Gift card", "gift ca", "Redeem a [Gift] [card]"),
        ("Überweisung", "uber", "[Überweisung]"),
        ("打开购物车", "购物车", "打开[购物车]"),
        ("打开购物车", "车", "打开购物[车]"),
        ("GC-25-TEST", "gc-25", "[GC]-[25]-TEST"),
        ("nothing", "gift", "nothing"),
        ("nothing", "", "nothing"),
        ("e\u{301}te", "ete", "[e\u{301}te]"),
    ] {
        assert_eq!(shown(&marked(text, &Wanted::read(typed))), marks);
    }
}

#[test]
fn an_excerpt_lies_around_the_first_hit_and_cuts_no_word() {
    let text = format!("{} needle {}", "hay ".repeat(100), "straw ".repeat(100));
    let found = excerpt(&text, &Wanted::read("needle"), 80).unwrap();
    let shown = shown(&found);
    assert!(shown.starts_with("hay ") && shown.contains("[needle]") && shown.ends_with("straw"), "{shown}");
    assert!(shown.len() < 130);
    assert_eq!(excerpt(&text, &Wanted::read("gold"), 80), None);
}

proptest! {
    #[test]
    fn every_word_of_a_text_finds_it(text in any::<String>(), at in any::<prop::sample::Index>()) {
        let kept = of(&text);
        if let Some(typed) = text.split_whitespace().nth(at.index(5)) {
            prop_assert!(Wanted::read(&typed.chars().take(100).collect::<String>()).find(&kept), "{:?}", typed);
        }
    }

    #[test]
    fn marks_lose_nothing(text in any::<String>(), typed in "[a-z测试 ]{0,6}", length in 0..50_usize) {
        let wanted = Wanted::read(&typed);
        prop_assert_eq!(marked(&text, &wanted).iter().map(|mark| mark.text).collect::<String>(), text.clone());
        excerpt(&text, &wanted, length);
    }

    #[test]
    fn terms_are_letters_digits_and_marks(text in any::<String>()) {
        for term in of(&text) {
            let odd = |c: char| c.is_ascii() && !c.is_ascii_alphanumeric() || c.is_whitespace() || c.is_ascii_uppercase();
            prop_assert!(!term.is_empty() && !term.contains(odd), "{:?}", term);
        }
    }
}
