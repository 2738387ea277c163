use super::*;

#[test]
fn the_part_before_the_at_stays_as_typed_and_the_domain_gets_small() {
    let ann = email("Ann.Keller+QA@Hollinash.EXAMPLE");
    assert_eq!(ann.as_str(), "Ann.Keller+QA@hollinash.example");
    assert_eq!(ann.smtp(), ann.as_str());
    assert_eq!(ann.normalised(), "ann.keller+qa@hollinash.example");
    assert_eq!((ann.local(), ann.domain()), ("Ann.Keller+QA", "hollinash.example"));
}

#[test]
fn letter_case_alone_makes_no_other_address() {
    assert_eq!(email("ANN@X.EXAMPLE"), email("ann@x.example"));
    assert_eq!(email("JOSÉ@x.example"), email("jose\u{301}@x.example"));
    assert_eq!(email("ΟΔΟΣ@x.example"), email("οδος@x.example"));
    assert_eq!(email("ann@BÜCHER.example"), email("ann@xn--bcher-kva.example"));
}

#[test]
fn dots_tags_and_dotless_i_do() {
    for (one, other) in [
        ("a.nn@x.example", "ann@x.example"),
        ("ann+a@x.example", "ann@x.example"),
        ("mıke@x.example", "mike@x.example"),
    ] {
        assert_ne!(email(one), email(other));
    }
}

#[test]
fn an_international_domain_is_shown_as_typed_and_sent_to_in_ascii() {
    let ann = email("Ann@Bu\u{308}cher.example");
    assert_eq!(ann.as_str(), "Ann@bücher.example");
    assert_eq!(ann.smtp(), "Ann@xn--bcher-kva.example");
    assert_eq!(ann.domain(), "xn--bcher-kva.example");
    assert!(!ann.needs_smtputf8());
    assert_eq!(email("ann@XN--BCHER-KVA.example").as_str(), "ann@xn--bcher-kva.example");
}

#[test]
fn addresses_of_other_scripts_are_addresses() {
    for text in [
        "иван@почта.рф",
        "用户@例子.世界",
        "दक्ष@उदाहरण.भारत",
        "josé@x.example",
        "δοκιμή@παράδειγμα.ελ",
        "ivan+тест@x.example",
    ] {
        let email = email(text);
        assert_eq!(email.as_str(), text);
        assert!(email.smtp().is_char_boundary(email.local().len()) && email.domain().is_ascii());
        assert!(email.needs_smtputf8());
    }
}

#[test]
fn unusual_good_addresses() {
    for text in [
        "a@b.co",
        "!#$%&'*+-/=?^_`{|}~@x.example",
        "o'connor@x.example",
        "1@x.example",
        "ann@1x.example",
        "ann@a--b.example",
        "ann@x.y.z.example",
        "_@x.example",
        "-ann-@x.example",
    ] {
        assert_eq!(email(text).as_str(), text);
    }
}

#[test]
fn a_bad_address_says_why_where_and_what_was_meant() {
    for (text, code, at, suggestion) in [
        ("", "empty", 0, None),
        ("ann", "no_at", 0, None),
        ("ann.x.example", "no_at", 0, None),
        ("ann at x.example", "space", 3, Some("ann@x.example")),
        ("ann(at)x(dot)example", "no_at", 0, Some("ann@x.example")),
        ("ann [at] x [dot] example", "space", 3, Some("ann@x.example")),
        ("@x.example", "nothing_before_at", 0, None),
        ("ann@", "nothing_after_at", 4, None),
        ("ann@@x.example", "second_at", 4, Some("ann@x.example")),
        ("ann@x@y.example", "second_at", 5, None),
        ("ann@hollin", "no_dot", 4, None),
        ("ruth.abelson@hollinash,example", "comma_for_dot", 22, Some("ruth.abelson@hollinash.example")),
        ("ann@,x.example", "bad_character", 4, Some("ann@x.example")),
        ("ann@gmail..com", "two_dots", 10, Some("ann@gmail.com")),
        ("an..n@x.example", "two_dots", 3, Some("an.n@x.example")),
        ("ann@x.example.", "dot_at_edge", 13, Some("ann@x.example")),
        ("ann@.x.example", "dot_at_edge", 4, Some("ann@x.example")),
        (".ann@x.example", "dot_at_edge", 0, Some("ann@x.example")),
        ("ann.@x.example", "dot_at_edge", 3, Some("ann@x.example")),
        ("ann @x.example", "space", 3, Some("ann@x.example")),
        ("ann@ x.example", "space", 4, Some("ann@x.example")),
        ("ann@x.example ", "space", 13, Some("ann@x.example")),
        ("ann@x_y.example", "bad_character", 5, None),
        ("ann@-x.example", "hyphen_at_edge", 4, None),
        ("ann@x-.example", "hyphen_at_edge", 5, None),
        ("ann@10.0.0.1", "number_at_end", 4, None),
        ("ann@[10.0.0.1]", "number_in_brackets", 4, None),
        ("\"ann\"@x.example", "quotes", 0, None),
        ("ann(work)@x.example", "bad_character", 3, None),
        ("ann＠x.example", "look_alike", 3, Some("ann@x.example")),
        ("ann@x．example", "look_alike", 5, Some("ann@x.example")),
        ("ann@x。example", "look_alike", 5, Some("ann@x.example")),
        ("ａｎｎ@x.example", "look_alike", 0, Some("ann@x.example")),
        ("an\u{212A}@x.example", "look_alike", 2, Some("anK@x.example")),
        ("ann@ｘ.example", "look_alike", 4, Some("ann@x.example")),
        ("аnn@x.example", "mixed_alphabets", 1, None),
        ("ann@hоllin.example", "mixed_alphabets", 5, None),
        ("ann@xn--a.example", "not_a_domain", 4, None),
        ("a\u{301}nn\u{1F600}@x.example", "bad_character", 4, None),
        ("\u{301}nn@x.example", "bad_character", 0, None),
        ("an\0n@x.example", "nul", 2, Some("ann@x.example")),
        ("ann@x.example\r\nBcc: eve@x.example", "line_break", 13, None),
        ("an\tn@x.example", "control_character", 2, Some("n@x.example")),
        ("an\u{200B}n@x.example", "zero_width", 2, Some("ann@x.example")),
        ("an\u{AD}n@x.example", "zero_width", 2, Some("ann@x.example")),
        ("ann@x\u{200D}.example", "zero_width", 5, Some("ann@x.example")),
        ("\u{202E}ann@x.example", "bidi_control", 0, Some("ann@x.example")),
    ] {
        assert_eq!(trouble(&Email::parse(text).unwrap_err()), (code, at, suggestion), "{text:?}");
    }
}

#[test]
fn lengths_end_where_the_standards_say() {
    let label = |n| "a".repeat(n);
    let code = |text: &str| Email::parse(text).err().map(|bad| bad.reason.code());
    assert_eq!(code(&format!("{}@x.example", label(64))), None);
    assert_eq!(code(&format!("{}@x.example", label(65))), Some("long_before_at"));
    assert_eq!(code(&format!("{}@x.example", "é".repeat(33))), Some("long_before_at"));
    assert_eq!(code(&format!("a@{}.example", label(63))), None);
    assert_eq!(code(&format!("a@{}.example", label(64))), Some("long_label"));
    let domain = |n| format!("{0}.{0}.{0}.{1}", label(61), label(n));
    assert_eq!(code(&format!("a@{}", domain(63))), None);
    assert_eq!(code(&format!("aa@{}.bb", domain(62))), None);
    assert_eq!(code(&format!("aaa@{}.bb", domain(62))), Some("too_long"));
    assert_eq!(code(&format!("a@{}.b", domain(63))), None);
    assert_eq!(code(&format!("a@{}.{}", domain(50), label(50))), Some("not_a_domain"));
}

#[test]
fn an_international_label_is_measured_in_ascii() {
    assert_eq!(Email::parse(&format!("a@{}.example", "ü".repeat(70))).unwrap_err().reason, BadEmailReason::NotADomain);
}

#[test]
fn a_mask_keeps_first_letters_and_the_domain() {
    for (text, masked) in [
        ("amelie.roth@hollinash.example", "a•••••.r•••@hollinash.example"),
        ("b.okafor@hollinash.example", "•.o•••••@hollinash.example"),
        ("a@hollinash.example", "•@hollinash.example"),
        ("émile@hollinash.example", "é••••@hollinash.example"),
    ] {
        assert_eq!(email(text).masked(), masked);
    }
}

#[test]
fn a_sentence_names_the_character_people_count_to() {
    let said = |text: &str| Email::parse(text).unwrap_err().to_string();
    assert_eq!(said("ruth.abelson@hollinash,example"), "A comma where a dot should be, character 23");
    assert_eq!(said("ann"), "No @ in it");
    assert_eq!(said("ann\u{202E}@x.example"), "A hidden mark that turns the direction of reading, character 4");
}
