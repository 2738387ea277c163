use proptest::{collection::vec, prelude::*};

use super::*;

/// Texts made of what lists are made of, so that chance finds the corners.
fn scraps() -> impl Strategy<Value = String> {
    let scrap = prop_oneof![
        Just("ann@x.example"),
        Just("ruth@hollin"),
        Just("Ann"),
        Just("é"),
        Just("mailto:"),
        Just("?subject="),
        Just("%40"),
        Just("%"),
        Just("\u{FEFF}"),
        Just("\u{A0}"),
        Just("\u{200B}"),
        Just("\u{202E}"),
        Just("\r\n"),
        Just("＠"),
        Just("，"),
        Just("“"),
        Just("\\"),
        proptest::sample::select(vec!["@", "<", ">", "\"", "'", ",", ";", " ", "\t", ".", "(", ")", "\0", "a", "A"]),
    ];
    vec(scrap, 0..24).prop_map(|scraps| scraps.concat())
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![4 => scraps(), 1 => any::<String>()]
}

fn addresses() -> impl Strategy<Value = String> {
    let word = "[a-zA-Z0-9!#$%&*+/=?^_`{|}~-]{1,12}|[a-zà-öø-ÿ]{1,8}|[а-яА-Я]{1,8}|[\u{4E00}-\u{4E20}]{1,4}";
    let label = "[a-zA-Z0-9]([a-z0-9]{0,6}[a-z0-9])?|[à-öø-ÿ]{1,8}|[а-я]{1,8}";
    let local = vec(word, 1..3).prop_map(|words| words.join("."));
    let domain = vec(label, 1..3).prop_map(|labels| labels.join("."));
    (local, domain, "[a-z]{2,6}").prop_map(|(local, domain, top)| format!("{local}@{domain}.{top}"))
}

/// A name and what a piece with it reads back.
fn names() -> impl Strategy<Value = (String, String)> {
    prop_oneof![
        Just(("Ann Keller ".to_owned(), "Ann Keller".to_owned())),
        Just(("Rüth".to_owned(), "Rüth".to_owned())),
        "[A-Za-z,;'.()\\\\\" éü]{0,12}[A-Za-z]".prop_map(|name| {
            let quoted = name.replace('\\', "\\\\").replace('"', "\\\"");
            (format!("\"{quoted}\" "), name.trim().to_owned())
        }),
    ]
}

/// One address as people write it, with the name it must give.
fn dressed() -> impl Strategy<Value = (String, String, Option<String>)> {
    let encoded = |address: &str| address.replace('%', "%25").replace('?', "%3F").replace('+', "%2b");
    prop_oneof![
        addresses().prop_map(|a| (a.clone(), a, None)),
        (addresses(), proptest::sample::select(vec![".", ">"])).prop_map(|(a, mark)| (format!("{a}{mark}"), a, None)),
        addresses().prop_map(|a| (format!("<{a}>"), a, None)),
        addresses().prop_map(|a| (format!("\"{a}\""), a, None)),
        addresses().prop_map(|a| (format!("{a} <{a}>"), a, None)),
        addresses().prop_map(move |a| (format!("mailto:{}?subject=a,b", encoded(&a)), a, None)),
        addresses().prop_map(move |a| (format!("<MAILTO:{}>", encoded(&a)), a, None)),
        (names(), addresses()).prop_map(|((typed, name), a)| (format!("{typed}<{a}>"), a, Some(name))),
    ]
}

fn separators() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        ",",
        ", ",
        ";",
        " ; ",
        "\n",
        "\r\n",
        "\t",
        ",,\n",
        ";\u{A0}",
        ", \u{FEFF}",
        "\u{2028}",
        ",\t;",
    ])
}

/// A text without what separates.
fn kept(text: &str) -> String {
    text.chars().filter(|&c| !c.is_whitespace() && !matches!(c, '\u{FEFF}' | ',' | ';')).collect()
}

proptest! {
    #[test]
    fn an_address_reads_back_as_itself(text in addresses()) {
        let email = Email::parse(&text).map_err(|bad| TestCaseError::fail(format!("{text}: {bad}")))?;
        let again = Email::parse(email.as_str()).expect("what was shown is good");
        prop_assert_eq!(again.as_str(), email.as_str());
        prop_assert_eq!(again.normalised(), email.normalised());
    }

    #[test]
    fn the_normalised_and_the_smtp_form_are_the_same_address(text in addresses()) {
        let email = email(&text);
        for form in [email.normalised(), &email.smtp()] {
            let again = Email::parse(form).expect("another form of a good address");
            prop_assert_eq!(again.normalised(), email.normalised());
            prop_assert_eq!(&again, &email);
        }
    }

    #[test]
    fn case_never_matters(text in addresses()) {
        let upper: String = text.chars().flat_map(char::to_uppercase).collect();
        prop_assume!(!text.contains('ß'));
        prop_assert_eq!(email(&upper), email(&text));
    }

    #[test]
    fn whatever_is_good_is_clean(text in texts()) {
        if let Ok(email) = Email::parse(&text) {
            prop_assert!(email.as_str().chars().all(|c| !c.is_whitespace() && crate::title::Unseen::of(c).is_none()));
            prop_assert!(email.smtp().len() <= 254 && email.domain().is_ascii() && email.domain().contains('.'));
            prop_assert_eq!(Email::parse(email.as_str()).map(|again| again.shown), Ok(email.shown));
        }
    }

    #[test]
    fn a_list_of_good_people_reads_back_exactly(people in vec((dressed(), separators()), 0..12), lead in "[ ,;\n\t\u{FEFF}]{0,3}") {
        let typed = people.iter().flat_map(|((typed, ..), separator)| [typed.as_str(), *separator]);
        let text = std::iter::once(lead.as_str()).chain(typed).collect::<String>();
        let read = read_list(&text);
        let got: Vec<_> = read.iter().map(|p| (p.email.as_ref().map(Email::as_str), p.name.as_ref().map(|n| n.as_str().to_owned()))).collect();
        let emails: Vec<Email> = people.iter().map(|((_, address, _), _)| email(address)).collect();
        let want: Vec<_> = people.iter().zip(&emails).map(|(((.., name), _), email)| (Ok(email.as_str()), name.clone())).collect();
        prop_assert_eq!(got, want, "{:?}", text);
    }

    #[test]
    fn bare_addresses_part_at_any_white_space(people in vec(addresses(), 1..8), space in "[ \u{A0}\u{3000}\t\n]{1,3}") {
        let read = read_list(&people.join(&space));
        let got: Vec<_> = read.into_iter().map(|piece| piece.email).collect();
        let want: Vec<_> = people.iter().map(|address| Ok(email(address))).collect();
        prop_assert_eq!(got, want);
    }

    #[test]
    fn every_piece_stands_where_it_says(text in texts()) {
        let mut end = 0;
        for piece in read_list(&text) {
            let length = piece.input.chars().count();
            let there: String = text.chars().skip(piece.at).take(length).collect();
            prop_assert_eq!(&there, &piece.input);
            prop_assert!(piece.at >= end && length > 0);
            end = piece.at + length;
        }
    }

    #[test]
    fn nothing_but_separators_is_lost(text in texts()) {
        let inputs: String = read_list(&text).into_iter().map(|piece| piece.input).collect();
        prop_assert_eq!(kept(&inputs), kept(&text));
    }

    #[test]
    fn a_bad_place_lies_in_its_input(text in texts()) {
        for piece in read_list(&text).into_iter().chain([read_row(&text)]) {
            if let Err(bad) = piece.email {
                prop_assert!(bad.at <= piece.input.chars().count(), "{:?} in {:?}", bad, piece.input);
            }
        }
    }

    #[test]
    fn a_suggestion_is_good_and_another_text(text in texts()) {
        for piece in read_list(&text) {
            let Some(meant) = piece.email.err().and_then(|bad| bad.suggestion) else { continue };
            prop_assert_ne!(&meant, &piece.input);
            prop_assert!(read_list(&meant).iter().all(|piece| piece.email.is_ok()), "{:?} for {:?}", meant, piece.input);
        }
    }

    #[test]
    fn a_piece_read_alone_reads_the_same(text in texts()) {
        for piece in read_list(&text) {
            let alone = read_row(&piece.input);
            prop_assert_eq!((alone.name, alone.email), (piece.name, piece.email));
        }
    }

    #[test]
    fn an_address_survives_its_json_form(text in addresses()) {
        use serde::{Deserialize, de::{IntoDeserializer, value::{Error, StrDeserializer}}};
        let email = email(&text);
        let json: StrDeserializer<'_, Error> = email.as_str().into_deserializer();
        prop_assert_eq!(Email::deserialize(json), Ok(email));
    }

    #[test]
    fn a_mask_hides_all_but_first_letters(text in addresses()) {
        let email = email(&text);
        let masked = email.masked();
        let (words, domain) = masked.split_once('@').expect("a mask keeps the @");
        prop_assert!(email.as_str().ends_with(domain));
        prop_assert!(words.split('.').all(|word| word.chars().skip(1).all(|c| c == '•')));
        prop_assert_eq!(words.chars().count(), email.local().chars().count());
    }
}
