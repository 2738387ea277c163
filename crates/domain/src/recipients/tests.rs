use proptest::prelude::*;

use super::*;

/// Row, address or the code of what is wrong, and the other values.
fn read(text: &str) -> Vec<String> {
    let told = |recipient: Recipient| {
        let row = recipient.row.map(|row| format!("{row} ")).unwrap_or_default();
        let address = match &recipient.piece.email {
            Ok(email) => email.to_string(),
            Err(bad) => format!("!{} {}", bad.reason.code(), recipient.piece.input),
        };
        let Values { name, role, projects, expires_in_days, unsupported } = recipient.values;
        let values = [name, role, projects, expires_in_days, unsupported.map(|column| format!("!{}", column.0))];
        let told = std::iter::once(address).chain(values.into_iter().flatten());
        format!("{row}{}", told.collect::<Vec<_>>().join(" | "))
    };
    recipients(text).map(told).collect()
}

#[test]
fn a_table_is_read_by_its_head_whatever_the_order_of_its_columns() {
    let text =
        "Name,E-Mail,Role,Projects,Expires in days\nAnn Keller,ann@x.example,manager,WEB:tester,14\n,bo@x.example\n";
    assert_eq!(read(text), ["2 ann@x.example | Ann Keller | manager | WEB:tester | 14", "3 bo@x.example"]);
}

#[test]
fn the_habits_of_spreadsheets_are_tolerated() {
    let text = "\u{FEFF}sep=;\r\naddress;name;role\r\n\"ann@x.example\";\"Keller; \"\"Ann\"\"\";\r\n;;\r\nbo@x.example;;tester;;;\r\n";
    assert_eq!(read(text), ["2 ann@x.example | Keller; \"Ann\"", "4 bo@x.example | tester"]);
    assert_eq!(read("address\tname\rann@x.example\tAnn\r"), ["2 ann@x.example | Ann"]);
    assert_eq!(read("address , name \n ann@x.example , \"Ann\" \n"), ["2 ann@x.example | Ann"]);
}

#[test]
fn the_template_is_a_head_and_nobody() {
    assert_eq!(read(HEAD), Vec::<String>::new());
}

#[test]
fn a_filled_column_that_is_not_supported_is_told_and_an_empty_one_is_not() {
    let text =
        "address,groups,ends_at,Phone\na@x.example,,,\nb@x.example,QA,,\nc@x.example,,2027-01-01,\nd@x.example,,,1\n";
    assert_eq!(
        read(text),
        ["2 a@x.example", "3 b@x.example | !groups", "4 c@x.example | !ends_at", "5 d@x.example | !Phone"]
    );
    assert_eq!(read("address,name\na@x.example,Ann,more\n"), ["2 a@x.example | Ann | !number 3"]);
    assert_eq!(read("address,email\na@x.example,b@x.example\n"), ["2 a@x.example | !a second address"]);
}

#[test]
fn a_list_may_stand_before_a_table_and_a_table_before_another() {
    let text =
        "zoe@x.example, Yan <yan@x.example>\naddress,role\nann@x.example,tester\nrole,address\nmanager,bo@x.example";
    assert_eq!(read(text), ["zoe@x.example", "yan@x.example", "2 ann@x.example | tester", "2 bo@x.example | manager"]);
}

#[test]
fn without_a_head_a_text_is_a_list() {
    assert_eq!(read("ann@x.example\nbo@x.example\n"), ["ann@x.example", "bo@x.example"]);
    assert_eq!(read("address@x.example, name@x.example"), ["address@x.example", "name@x.example"]);
    assert_eq!(read("sep=;"), ["!no_at sep=",], "nothing follows it");
}

#[test]
fn a_head_of_one_column_has_no_separator() {
    assert_eq!(read("E-mail\nKeller, Ann <ann@x.example>\nbo@x.example"), ["2 ann@x.example", "3 bo@x.example"]);
}

#[test]
fn a_stray_quote_spoils_its_own_row_and_no_other() {
    let text = "address,name\nann@x.example,\"Ann\nbo@x.example,\"Bo\"\n\"cy@x.example,Cy\n";
    assert_eq!(read(text)[..2], ["2 ann@x.example | \"Ann", "3 bo@x.example | Bo"]);
    assert_eq!(read(text).len(), 3);
}

#[test]
fn a_row_without_an_address_is_told_with_its_number() {
    assert_eq!(read("address,name\n,Ann\nnobody,Bo\n"), ["2 !empty  | Ann", "3 !no_at nobody | Bo"]);
}

#[test]
fn two_texts_become_one_with_lists_before_tables() {
    let (list, table) = ("zoe@x.example,\n", "address,role\nann@x.example,tester\n");
    for joined in [join(list, table), join(table, list)] {
        assert_eq!(read(&joined), ["zoe@x.example", "2 ann@x.example | tester"]);
    }
    assert_eq!(join("", " \n"), "");
    assert_eq!(join("a@x.example", "b@x.example"), "a@x.example\nb@x.example");
}

#[test]
fn roles_on_projects_are_pairs_of_key_and_role() {
    let pair = |project: &str, role: &str| (project.to_owned(), role.to_owned());
    let both = Ok(vec![pair("WEB", "tester"), pair("APP", "manager")]);
    for text in
        ["WEB:tester APP:manager", "WEB:tester,APP:manager", "WEB: tester; APP :manager", "WEB:tester|APP:manager"]
    {
        assert_eq!(on_projects(text), both, "{text:?}");
    }
    assert_eq!(on_projects("WEB"), Err(BadProjects("WEB".into())));
    assert_eq!(on_projects("WEB:"), Err(BadProjects("WEB:".into())));
}

#[test]
fn a_file_is_text_whatever_program_saved_it() {
    let text = "address;name\nrüth@x.example;Rüth €";
    let utf16 = |mark: [u8; 2], unit: fn(u16) -> [u8; 2]| {
        [mark.to_vec(), text.encode_utf16().flat_map(unit).collect()].concat()
    };
    assert_eq!(decode(text.as_bytes()), text);
    assert_eq!(decode(&[b"\xEF\xBB\xBF", text.as_bytes()].concat()), text);
    assert_eq!(decode(&utf16([0xFF, 0xFE], u16::to_le_bytes)), text);
    assert_eq!(decode(&utf16([0xFE, 0xFF], u16::to_be_bytes)), text);
    assert_eq!(decode(b"R\xFCth \x80 \x93Ann\x94"), "Rüth € “Ann”");
}

/// Cells as a spreadsheet writes them: in quotes where it must.
fn written(cell: &str, mark: char) -> String {
    if cell.contains([mark, '"']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

proptest! {
    #[test]
    fn any_text_reads_without_a_panic_and_never_grows(text in "(?s).{0,400}") {
        let inputs: usize = recipients(&text).map(|recipient| recipient.piece.input.len()).sum();
        prop_assert!(inputs <= text.len());
    }

    #[test]
    fn text_behind_a_head_reads_without_a_panic_and_gives_every_line_that_is_not_blank(
        text in "[a@;,\"\t \n]{0,200}"
    ) {
        let table = format!("address;name\n{text}");
        let blank = |line: &&str| cells::cells(line, Some(';')).iter().all(|cell| cell.is_empty());
        let lines = text.split('\n').filter(|line| !blank(line)).count();
        prop_assert_eq!(recipients(&table).count(), lines);
    }

    #[test]
    fn what_a_spreadsheet_writes_reads_back(
        names in prop::collection::vec("[a-zé,;\"' ]{0,12}", 1..20), mark in prop::sample::select(vec![',', ';', '\t'])
    ) {
        let rows = names.iter().enumerate().map(|(n, name)| format!("p{n}@x.example{mark}{}", written(name, mark)));
        let text = format!("address{mark}name\r\n{}", rows.collect::<Vec<_>>().join("\r\n"));
        let read: Vec<Recipient> = recipients(&text).collect();
        prop_assert_eq!(read.len(), names.len());
        for (n, (recipient, name)) in read.iter().zip(&names).enumerate() {
            prop_assert_eq!(recipient.row, Some(n + 2));
            prop_assert_eq!(recipient.piece.email.as_ref().unwrap().as_str(), format!("p{n}@x.example"));
            prop_assert_eq!(recipient.values.name.as_deref().unwrap_or_default(), name.trim());
        }
    }
}
