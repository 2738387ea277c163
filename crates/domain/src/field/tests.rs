use uuid::Uuid;

use super::*;

fn option(n: u128, name: &str) -> Choosable {
    Choosable { id: Uuid::from_u128(n).into(), name: name.to_owned() }
}

fn read(kind: FieldKind, json: &Value) -> Result<Option<Value>, &'static str> {
    let options = [option(1, "Chrome"), option(2, "Firefox")];
    match kind.read(json, &options) {
        Ok(value) => Ok(value.map(|value| value.to_json())),
        Err(bad) => Err(bad.code()),
    }
}

#[test]
fn every_kind_reads_its_values_and_gives_them_back() {
    for kind in FieldKind::ALL {
        assert_eq!(kind.slug().parse(), Ok(*kind));
        assert_eq!(read(*kind, &Value::Null), Ok(None));
        assert_eq!(read(*kind, &json!("  ")), Ok(None), "{kind}");
    }
    assert_eq!(read(FieldKind::Text, &json!(" a\r\nb ")), Ok(Some(json!("a\nb"))));
    assert_eq!(read(FieldKind::Date, &json!("2026-12-24")), Ok(Some(json!("2026-12-24"))));
    assert_eq!(read(FieldKind::Checkbox, &json!("on")), Ok(Some(json!(true))));
    assert_eq!(read(FieldKind::Checkbox, &json!(false)), Ok(None));
    let person = json!(PersonId::from(Uuid::from_u128(7)));
    assert_eq!(read(FieldKind::Person, &person), Ok(Some(person)));
}

#[test]
fn numbers_are_exact_and_have_bounds() {
    for (typed, kept) in
        [("12.5", "12.5"), ("-0,25", "-0.25"), ("007", "7"), ("1.500000", "1.5"), ("999999999", "999999999")]
    {
        assert_eq!(Number::read(typed).map(|number| number.to_string()).as_deref(), Some(kept), "{typed}");
    }
    for bad in ["", "1e3", "1 000", "1000000000", "0.1234567", "--1", "NaN", "1.2.3", "."] {
        assert_eq!(Number::read(bad), None, "{bad}");
    }
    assert_eq!(read(FieldKind::Number, &json!(12.5)), Ok(Some(json!(12.5))));
    assert_eq!(read(FieldKind::Number, &json!(true)), Err("malformed"));
}

#[test]
fn options_are_named_by_id_or_name_in_any_case_and_count_once() {
    let (chrome, firefox) = (option(1, "").id, option(2, "").id);
    assert_eq!(read(FieldKind::Select, &json!("chrome")), Ok(Some(json!([chrome]))));
    assert_eq!(
        read(FieldKind::MultiSelect, &json!(["FIREFOX", firefox, "Chrome"])),
        Ok(Some(json!([firefox, chrome])))
    );
    assert_eq!(read(FieldKind::Select, &json!(["Chrome", "Firefox"])), Err("malformed"));
    assert_eq!(read(FieldKind::MultiSelect, &json!(["Opera"])), Err("unknown_option"));
    assert_eq!(read(FieldKind::MultiSelect, &json!([])), Ok(None));
}

#[test]
fn a_link_opens_and_never_runs() {
    for good in ["https://a.example/x?y=1#z", "HTTP://a.example", "https://[::1]/"] {
        assert_eq!(read(FieldKind::Url, &json!(good)), Ok(Some(json!(good))));
    }
    for bad in [
        "javascript:alert(1)",
        "data:text/html,x",
        "//a.example",
        "https://",
        "https:///x",
        "https://a.example/<b>",
        "a.example",
    ] {
        assert_eq!(read(FieldKind::Url, &json!(bad)), Err("malformed"), "{bad}");
    }
}

#[test]
fn texts_end_at_their_limit_and_have_no_hidden_characters() {
    assert!(read(FieldKind::Text, &json!("x".repeat(LONGEST))).is_ok());
    assert_eq!(read(FieldKind::Text, &json!("x".repeat(LONGEST + 1))), Err("too_long"));
    assert_eq!(read(FieldKind::Text, &json!("a\u{0}b")), Err("nul"));
    assert_eq!(read(FieldKind::Text, &json!("a\u{202e}b")), Err("bidi_control"));
}
