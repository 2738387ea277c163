use super::*;

fn row(text: &str) -> Result<String, String> {
    let piece = read_row(text);
    let name = piece.name.map(|name| format!("{name}: ")).unwrap_or_default();
    piece.email.map(|email| format!("{name}{email}")).map_err(|bad| bad.reason.code().to_owned())
}

#[test]
fn a_row_is_any_one_piece() {
    for (text, expected) in [
        (" ann@x.example\r\n", "ann@x.example"),
        ("ann@x.example,", "ann@x.example"),
        ("ann@x.example;", "ann@x.example"),
        ("<ann@x.example>", "ann@x.example"),
        ("Keller, Ann <ann@x.example>", "Keller, Ann: ann@x.example"),
        ("\"Keller, Ann\" <ann@x.example>.", "Keller, Ann: ann@x.example"),
        ("mailto:ann@x.example?subject=Hi, Ann", "ann@x.example"),
    ] {
        assert_eq!(row(text), Ok(expected.to_owned()), "{text:?}");
    }
}

#[test]
fn a_second_address_makes_a_row_bad() {
    for text in [
        "ann@x.example, ben@x.example",
        "ann@x.example,ben@x.example",
        "ann@x.example ben@x.example",
        "ann@x.example\nben@x.example",
        "ann@x.example <ben@x.example>",
        "Ann <ann@x.example>, Ben <ben@x.example>",
        "<ann@x.example> <ben@x.example>",
        "<ann@x.example> ben@x.example",
    ] {
        assert_eq!(row(text), Err("two_addresses".to_owned()), "{text:?}");
    }
}

#[test]
fn a_row_says_what_is_wrong_with_it() {
    for (text, code) in [
        ("", "empty"),
        (" \t", "empty"),
        ("ann", "no_at"),
        ("ruth@hollin,example", "comma_for_dot"),
        ("ann@x.example.,", "dot_at_edge"),
        ("ann\n@x.example", "line_break"),
    ] {
        assert_eq!(row(text), Err(code.to_owned()), "{text:?}");
    }
}

#[test]
fn a_row_knows_where_it_began() {
    let piece = read_row("\u{FEFF} ann@x.example ");
    assert_eq!((piece.at, piece.input.as_str()), (2, "ann@x.example"));
}
