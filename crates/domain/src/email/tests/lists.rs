use super::*;

/// What a list reads as: each good address, or `!code input -> suggestion`; names before a colon.
fn read(text: &str) -> Vec<String> {
    read_list(text).iter().map(told).collect()
}

fn told(piece: &Piece) -> String {
    let name = piece.name.as_ref().map(|name| format!("{name}: ")).unwrap_or_default();
    match &piece.email {
        Ok(email) => format!("{name}{email}"),
        Err(bad) => {
            let meant = bad.suggestion.as_ref().map(|s| format!(" -> {s}")).unwrap_or_default();
            format!("!{} {}{meant}", bad.reason.code(), piece.input)
        }
    }
}

#[track_caller]
fn assert_reads(text: &str, expected: &[&str]) {
    assert_eq!(read(text), expected, "{text:?}");
}

#[test]
fn every_separator_separates() {
    let three = ["a@x.example", "b@x.example", "c@x.example"];
    for text in [
        "a@x.example,b@x.example,c@x.example",
        "a@x.example, b@x.example, c@x.example",
        "a@x.example; b@x.example;c@x.example;",
        "a@x.example\nb@x.example\r\nc@x.example\r\n",
        "a@x.example\tb@x.example\tc@x.example",
        "a@x.example b@x.example  c@x.example",
        "a@x.example\u{A0}b@x.example\u{3000}c@x.example",
        "\u{FEFF}a@x.example\n\u{FEFF}b@x.example\nc@x.example\u{2028}",
        ",;, a@x.example ,\n\n; b@x.example,,;c@x.example ,;\t\n",
        "a@x.example. b@x.example. c@x.example.",
        "a@x.example.,b@x.example>;c@x.example.\n",
        "<a@x.example><b@x.example> <c@x.example>",
        "<a@x.example>, <b@x.example>>,<c@x.example>.",
        "mailto:a@x.example, MAILTO:b@x.example\n<mailto:c@x.example>",
        "mailto:a@x.example?subject=Hi&body=Hello,%20you;there mailto:b@x.example?cc=q, mailto:c%40x.example",
        "\"a@x.example\",\"b@x.example\",'c@x.example'",
        "a@x.example <a@x.example>, 'b@x.example' <b@x.example>; \"c@x.example\" <C@x.example>",
    ] {
        let read: Vec<String> = read(text).iter().map(|said| said.to_lowercase()).collect();
        assert_eq!(read, three, "{text:?}");
    }
}

#[test]
fn nothing_reads_as_nothing() {
    for text in ["", " ", "\u{FEFF}", ",;,\n\t ;", "\u{A0}\r\n"] {
        assert_reads(text, &[]);
    }
}

#[test]
fn names_come_without_their_quotes() {
    assert_reads(
        r#"Ann Keller <ann@x.example>, "Roth, Amelie" <amelie@x.example>; "Benny \"B\" Okafor\\" <ben@x.example>"#,
        &["Ann Keller: ann@x.example", "Roth, Amelie: amelie@x.example", r#"Benny "B" Okafor\: ben@x.example"#],
    );
    assert_reads("“Roth; Amelie” <amelie@x.example>", &["Roth; Amelie: amelie@x.example"]);
    assert_reads("'Ann Keller' <ann@x.example>", &["Ann Keller: ann@x.example"]);
    assert_reads("\"'Ann Keller'\" <ann@x.example>", &["Ann Keller: ann@x.example"]);
    assert_reads("Sean O'Connor <sean@x.example>", &["Sean O'Connor: sean@x.example"]);
    assert_reads("\"Keller, Ann (ann@x.example)\" <ann@x.example>", &["Keller, Ann (ann@x.example): ann@x.example"]);
    assert_reads("\"\" <ann@x.example>", &["ann@x.example"]);
    assert_reads("=?UTF-8?Q?Andr=C3=A9?= <andre@x.example>", &["andre@x.example"]);
    assert_reads("Ann<ann@x.example>Ben<ben@x.example>", &["Ann: ann@x.example", "Ben: ben@x.example"]);
    assert_reads("ann@x.example Ben <ben@x.example>", &["ann@x.example", "Ben: ben@x.example"]);
    assert_reads("Ann <ann@x.example> ben@x.example", &["Ann: ann@x.example", "ben@x.example"]);
    assert_reads("ann@x.example <ben@x.example>", &["ann@x.example", "ben@x.example"]);
    assert_reads("\"Keller, Ann\" QA <ann@x.example>", &["Keller, Ann QA: ann@x.example"]);
    assert_reads("Ann <mailto:ann%2Bqa@x.example>", &["Ann: ann+qa@x.example"]);
}

#[test]
fn a_stray_quote_or_bracket_swallows_nobody() {
    assert_reads("\"Ann <ann@x.example>, ben@x.example", &["Ann: ann@x.example", "ben@x.example"]);
    assert_reads(
        "\"Ann, ann@x.example, \"Cid\" <cid@x.example>",
        &["!no_at \"Ann", "ann@x.example", "Cid: cid@x.example"],
    );
    assert_reads("\"Ann <ann@x.example>, Ben\" <ben@x.example>", &["Ann: ann@x.example", "Ben: ben@x.example"]);
    assert_reads(
        "\"ann@x.example, ben@x.example\"",
        &["!quotes \"ann@x.example -> ann@x.example", "!bad_character ben@x.example\" -> ben@x.example"],
    );
    assert_reads("\"Roth,\nAmelie\" <amelie@x.example>", &["!no_at \"Roth", "Amelie: amelie@x.example"]);
    assert_reads(
        "Ann <ann@x.example, ben@x.example",
        &["!open_bracket Ann <ann@x.example -> ann@x.example", "ben@x.example"],
    );
    assert_reads(
        "<ann@x.example, <ben@x.example>",
        &["!open_bracket <ann@x.example -> ann@x.example", "ben@x.example"],
    );
    assert_reads("<ann@x.example ben@x.example>", &["!space <ann@x.example ben@x.example>"]);
    assert_reads("ann@x.example>, ben@x.example", &["ann@x.example", "ben@x.example"]);
    assert_reads(r#""Ann\" <ann@x.example>, ben@x.example"#, &["Ann\": ann@x.example", "ben@x.example"]);
}

#[test]
fn a_comma_typed_for_a_dot_keeps_the_row_together() {
    for (text, expected) in [
        ("ruth@hollin,example", vec!["!comma_for_dot ruth@hollin,example -> ruth@hollin.example"]),
        ("Ruth <ruth@hollin,example>", vec!["!comma_for_dot Ruth <ruth@hollin,example> -> ruth@hollin.example"]),
        ("ruth@hollin,co,uk", vec!["!comma_for_dot ruth@hollin,co,uk -> ruth@hollin.co.uk"]),
        (
            "ruth@hollin,example,ben@x.example",
            vec!["!comma_for_dot ruth@hollin,example -> ruth@hollin.example", "ben@x.example"],
        ),
        (
            "ruth@hollin,example ben@x.example",
            vec!["!comma_for_dot ruth@hollin,example -> ruth@hollin.example", "ben@x.example"],
        ),
        (
            "ann@x.example,ruth@hollin,example;",
            vec!["ann@x.example", "!comma_for_dot ruth@hollin,example -> ruth@hollin.example"],
        ),
        ("ruth@hollin, example", vec!["!no_dot ruth@hollin", "!no_at example"]),
        ("ruth@hollin,ben@x.example", vec!["!no_dot ruth@hollin", "ben@x.example"]),
        ("ruth@hollin,Ben <ben@x.example>", vec!["!no_dot ruth@hollin", "Ben: ben@x.example"]),
        ("ruth@hollin,\"Roth, Ben\" <ben@x.example>", vec!["!no_dot ruth@hollin", "Roth, Ben: ben@x.example"]),
        ("ruth@hollin,<ben@x.example>", vec!["!no_dot ruth@hollin", "ben@x.example"]),
        ("ruth@hollin.example,ben", vec!["ruth@hollin.example", "!no_at ben"]),
        ("ruth@hollin,", vec!["!no_dot ruth@hollin"]),
        ("ruth@hollin,,example", vec!["!no_dot ruth@hollin", "!no_at example"]),
        ("ruth@hollin;example", vec!["!no_dot ruth@hollin", "!no_at example"]),
    ] {
        assert_reads(text, &expected);
    }
}

#[test]
fn slips_are_kept_as_one_row_with_what_was_meant() {
    for (text, expected) in [
        ("ann@gmail..com", "!two_dots ann@gmail..com -> ann@gmail.com"),
        ("ann @x.example", "!space ann @x.example -> ann@x.example"),
        ("ann @ x.example", "!space ann @ x.example -> ann@x.example"),
        ("ann@x.example..", "!dot_at_edge ann@x.example.. -> ann@x.example"),
        ("Ann ann@x.example", "!space Ann ann@x.example -> ann@x.example"),
        ("- ann@x.example", "!space - ann@x.example -> ann@x.example"),
        ("To: ann@x.example", "!space To: ann@x.example -> ann@x.example"),
        ("write to ann@x.example today", "!space write to ann@x.example today -> ann@x.example"),
        ("ann@x.example (Ann)", "!space ann@x.example (Ann) -> ann@x.example"),
        ("(ann@x.example)", "!bad_character (ann@x.example) -> ann@x.example"),
        ("Ann <ann@x.example> (QA)", "!after_bracket Ann <ann@x.example> (QA) -> ann@x.example"),
        ("ann＠x.example", "!look_alike ann＠x.example -> ann@x.example"),
        ("ann@x.example，ben@x.example", "!look_alike ann@x.example，ben@x.example -> ann@x.example, ben@x.example"),
        ("An\u{200B}n <ann@x.example>", "!zero_width An\u{200B}n <ann@x.example> -> ann@x.example"),
        ("An\u{202E}n <ann@x.example>", "!bidi_control An\u{202E}n <ann@x.example> -> ann@x.example"),
        ("An\0n <ann@x.example>", "!nul An\0n <ann@x.example> -> ann@x.example"),
        ("mailto:ann%zz@x.example", "!bad_percent mailto:ann%zz@x.example -> ann%zz@x.example"),
        ("mailto:ann%FF@x.example", "!bad_percent mailto:ann%FF@x.example -> ann%FF@x.example"),
        ("mailto:ann%0A@x.example", "!line_break mailto:ann%0A@x.example -> ann%0A@x.example"),
    ] {
        assert_reads(text, &[expected]);
    }
}

#[test]
fn people_in_a_sentence_come_apart() {
    assert_reads("ann @x.example ben@x.example", &["!space ann @x.example -> ann@x.example", "ben@x.example"]);
    assert_reads("ann@ x.example ben@x.example", &["!space ann@ x.example -> ann@x.example", "ben@x.example"]);
    assert_reads(
        "Ann ann@x.example Ben ben@x.example",
        &["!space Ann ann@x.example -> ann@x.example", "!space Ben ben@x.example -> ben@x.example"],
    );
}

#[test]
fn a_thread_pasted_from_a_mail_program_reads_whole() {
    let text = "\u{FEFF}\"Roth, Amelie\" <amelie.roth@hollinash.example>; Tomasz W\u{F3}jcik <Tomasz@Hollinash.example>;\r\n\
        \u{A0}mailto:b.okafor@brightloop.example,\r\n\tcarla.nunes@hollinash.example\tCARLA.NUNES@hollinash.example,,\r\n\
        ruth.abelson@hollinash,example\r\n";
    assert_reads(
        text,
        &[
            "Roth, Amelie: amelie.roth@hollinash.example",
            "Tomasz Wójcik: Tomasz@hollinash.example",
            "b.okafor@brightloop.example",
            "carla.nunes@hollinash.example",
            "CARLA.NUNES@hollinash.example",
            "!comma_for_dot ruth.abelson@hollinash,example -> ruth.abelson@hollinash.example",
        ],
    );
}

#[test]
fn a_bad_place_counts_within_the_input_and_the_input_within_the_text() {
    let pieces = read_list("é@x.example, Rüth <ruth@hollin,example>");
    assert_eq!((pieces[0].at, pieces[1].at), (0, 13));
    let bad = pieces[1].email.as_ref().unwrap_err();
    assert_eq!(pieces[1].input.chars().nth(bad.at), Some(','));
}

#[test]
fn a_place_in_a_link_counts_what_was_typed() {
    let piece = &read_list("mailto:%61n%20n@x.example")[0];
    assert_eq!(piece.email.as_ref().unwrap_err().at, 11);
}

#[test]
fn ten_times_the_garbage_is_ten_times_the_work() {
    for unit in [
        "\"",
        "\" ",
        "\"a\" ",
        "\"a@b\" ",
        "\"a, ",
        "<",
        "<a@b",
        "<a@b>",
        ",",
        "a@b,",
        "a@b,c,",
        "@",
        "@,",
        "\\\"",
        " \"\\",
        "\"   ",
        "mailto:a@b?c,d;",
        "a@b,c ",
        "“",
        "a b ",
        "a@b ",
        "<<>>",
        "a@b <a@b>",
        "\u{FEFF}",
        "\n\"",
        "é",
        "a@b,c\"",
    ] {
        let text = unit.repeat(2_000);
        fields::counted::taken();
        let pieces = read_list(&text);
        let looked = fields::counted::taken();
        assert!(looked <= 8 * text.len(), "{unit:?}: {looked} looks at {} bytes", text.len());
        assert!(pieces.iter().map(|piece| piece.input.len()).sum::<usize>() <= text.len());
    }
}
