//! What an invited person's mail program sees.

use app::mail::{
    channel::MailFrom,
    letter::{
        Content, Headers, Invitation, Inviter, Letter, LetterError, MessageId, Notice, Person, Project, Reset,
        Verification, WayOn,
    },
};
use jiff::Timestamp;
use mail_parser::{Message, MessageParser};
use url::Url;

const LINK: &str = "https://muster.hollinash.example/join/Q7fK2mXw9TzR4bNcVd3hYs";
const PROJECTS: &[Project<'_>] = &[
    Project { name: "Web shop", role: None },
    Project { name: "Mobile app", role: None },
    Project { name: "Warehouse", role: Some("read only") },
];

pub fn base_url() -> Url {
    "https://muster.hollinash.example".parse().unwrap()
}

pub fn invitation(base_url: &Url) -> Invitation<'_> {
    Invitation {
        to: Person { name: Some("Amelie Roth"), address: "amelie.roth@hollinash.example" },
        inviter: Inviter { name: "Ann Keller", address: Some("ann.keller@hollinash.example") },
        workspace: "Hollin & Ash",
        base_url,
        link: LINK,
        code: Some("H4QX-7MRT"),
        role: "Tester",
        role_can: "write cases, execute runs",
        projects: PROJECTS,
        groups: &["Checkout squad"],
        message: Some(
            "Hi, this is where we test the web shop. Start with run \"Release 4.18 regression\".\n\nQuestions to me.",
        ),
        ends: "Tuesday, 1 December 2026, 10:40 UTC",
    }
}

pub fn write(invitation: &Invitation<'_>) -> Result<Letter, LetterError> {
    let from: MailFrom = "Muster <muster@hollinash.example>".parse().unwrap();
    let id = MessageId::of_invitation("inv_01h4", 1, invitation.base_url).unwrap();
    let date: Timestamp = "2026-11-24T10:40:00Z".parse().unwrap();
    invitation.letter(&from, &id, date)
}

fn read(letter: &Letter) -> Message<'_> {
    MessageParser::default().parse(&letter.bytes).unwrap()
}

fn head(letter: &Letter) -> &str {
    let text = std::str::from_utf8(&letter.bytes).unwrap();
    text.split_once("\r\n\r\n").unwrap().0
}

fn text(letter: &Letter) -> String {
    read(letter).body_text(0).unwrap().into_owned()
}

fn html(letter: &Letter) -> String {
    read(letter).body_html(0).unwrap().into_owned()
}

/// The targets of all links in the HTML part.
fn targets(html: &str) -> Vec<&str> {
    html.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

#[test]
fn the_headers_name_a_fixed_sender_the_inviter_for_answers_and_a_machine() {
    let base = base_url();
    insta::assert_snapshot!(head(&write(&invitation(&base)).unwrap()).replace('\r', ""));
}

#[test]
fn the_text_part_says_everything() {
    let base = base_url();
    insta::assert_snapshot!(text(&write(&invitation(&base)).unwrap()));
}

#[test]
fn a_bare_invitation_has_no_empty_paragraphs() {
    let base = base_url();
    let short = Invitation { code: None, projects: &[], groups: &[], message: None, ..invitation(&base) };
    let short = Invitation { inviter: Inviter { address: None, ..short.inviter }, ..short };
    insta::assert_snapshot!(text(&write(&short).unwrap()));
}

#[test]
fn an_address_nobody_proved_stands_neither_in_the_letter_nor_above_it() {
    let base = base_url();
    let good = invitation(&base);
    let letter = write(&Invitation { inviter: Inviter { address: None, ..good.inviter }, ..good }).unwrap();
    assert!(read(&letter).reply_to().is_none());
    for part in [text(&letter), html(&letter)] {
        assert!(part.contains("Ann Keller") && !part.contains("ann.keller") && !part.contains("Answers"), "{part}");
    }
}

#[test]
fn both_parts_carry_the_same_unbroken_link() {
    let base = base_url();
    let letter = write(&invitation(&base)).unwrap();
    assert!(text(&letter).lines().any(|line| line == LINK));
    let html = html(&letter);
    assert_eq!(targets(&html), [LINK, LINK, "https://muster.hollinash.example/join"]);
    assert!(html.contains(&format!(">{LINK}</a>")));
}

#[test]
fn a_link_of_199_characters_survives_and_a_longer_or_foreign_one_is_refused() {
    let base = base_url();
    let prefix = "https://muster.hollinash.example/join/";
    let long = format!("{prefix}{}", "A".repeat(199 - prefix.len()));
    let letter = write(&Invitation { link: &long, ..invitation(&base) }).unwrap();
    assert!(text(&letter).lines().any(|line| line == long));
    assert_eq!(targets(&html(&letter))[0], long);
    for bad in [
        &format!("{long}A"),
        "https://evil.example/join/abc",
        "https://muster.hollinash.example.evil.example/join/a",
        "https://muster.hollinash.example/join/a\" onclick=\"x",
    ] {
        let refused = write(&Invitation { link: bad, ..invitation(&base) });
        assert!(matches!(refused, Err(LetterError::Link)), "{bad}");
    }
}

#[test]
fn both_parts_state_inviter_workspace_role_projects_and_end() {
    let base = base_url();
    let letter = write(&invitation(&base)).unwrap();
    let html = html(&letter).replace("&#38;", "&").replace('\u{200b}', "");
    for said in [
        "Ann Keller",
        "ann.keller@hollinash.example",
        "Hollin & Ash",
        "Tester: write cases, execute runs",
        "Warehouse (read only)",
        "Checkout squad",
        "Tuesday, 1 December 2026, 10:40 UTC",
        "H4QX-7MRT",
        "amelie.roth@hollinash.example",
    ] {
        assert!(text(&letter).contains(said), "text: {said}");
        assert!(html.contains(said), "html: {said}");
    }
}

#[test]
fn a_name_like_a_link_or_like_html_stays_words() {
    let base = base_url();
    let bad = Invitation {
        workspace: "https://evil.example",
        inviter: Inviter { name: "<a href=\"https://evil.example\">www.evil.example</a>", ..invitation(&base).inviter },
        projects: &[Project { name: "evil.example", role: Some("<img src=x>") }],
        groups: &["\"><script>"],
        message: Some("Go to https://evil.example/now\nor <b>mail</b> eve@evil.example"),
        ..invitation(&base)
    };
    let letter = write(&bad).unwrap();
    let (text, html) = (text(&letter), html(&letter));
    for part in [&text, &html] {
        for link in ["evil.example", "https://evil", "www.evil", "eve@evil"] {
            assert!(!part.contains(link), "{link} in {part}");
        }
    }
    for tag in ["<a href=\"https:\u{200b}", "<img", "<script", "<b>"] {
        assert!(!html.contains(tag), "{tag} in {html}");
    }
    assert_eq!(targets(&html), [LINK, LINK, "https://muster.hollinash.example/join"]);
}

#[test]
fn line_ends_in_a_name_are_refused_and_none_reaches_the_headers() {
    let base = base_url();
    let good = invitation(&base);
    let evil = "Ann\r\nBcc: everybody@hollinash.example";
    let cases = [
        Invitation { workspace: evil, ..good },
        Invitation { inviter: Inviter { name: evil, ..good.inviter }, ..good },
        Invitation { to: Person { name: Some("Amelie\0"), ..good.to }, ..good },
        Invitation {
            to: Person { address: "amelie@hollinash.example\r\nBcc: x@hollinash.example", ..good.to },
            ..good
        },
        Invitation { role: "Tester\n", ..good },
        Invitation { groups: &["a\u{7f}b"], ..good },
    ];
    for (number, case) in cases.iter().enumerate() {
        let refused = write(case);
        assert!(
            matches!(refused, Err(LetterError::ControlCharacter(_) | LetterError::Address(_))),
            "case {number}: {refused:?}"
        );
    }
    let message = Invitation { message: Some("Hi\r\n.\r\nBcc: x@hollinash.example\0\u{8}"), ..good };
    let letter = write(&message).unwrap();
    assert!(!head(&letter).contains("Bcc"));
    assert!(!text(&letter).contains(['\0', '\u{8}']));
}

#[test]
fn names_of_any_script_and_length_come_back_from_the_headers() {
    let base = base_url();
    let long = "Ωmega ".repeat(200);
    let strange = Invitation {
        to: Person { name: Some("Łucja \"Lu\", O'Neil <x@y.example>"), ..invitation(&base).to },
        inviter: Inviter { name: &long, ..invitation(&base).inviter },
        workspace: "試験 & Co",
        ..invitation(&base)
    };
    let letter = write(&strange).unwrap();
    assert!(letter.bytes.is_ascii());
    assert!(letter.bytes.split(|byte| *byte == b'\n').all(|line| line.len() < 200), "{}", head(&letter));
    let message = read(&letter);
    let to = message.to().unwrap().first().unwrap();
    assert_eq!(
        (to.name(), to.address()),
        (Some("Łucja \"Lu\", O'Neil <x@y.example>"), Some("amelie.roth@hollinash.example"))
    );
    let answers = message.reply_to().unwrap().first().unwrap();
    assert_eq!(answers.address(), Some("ann.keller@hollinash.example"));
    assert_eq!(answers.name().unwrap().chars().count(), 120);
    assert!(message.subject().unwrap().starts_with("Ωmega Ωmega"));
}

#[test]
fn an_address_outside_ascii_is_for_the_recipient_alone() {
    let base = base_url();
    let good = invitation(&base);
    let inviter = Inviter { name: "Jörg", address: Some("jörg@bücher.example") };
    let quiet = write(&Invitation { inviter, ..good }).unwrap();
    assert!(quiet.bytes.is_ascii());
    assert!(read(&quiet).reply_to().is_none());
    assert!(text(&quiet).contains("jörg@bücher.example"));
    let both =
        write(&Invitation { inviter, to: Person { name: None, address: "dörte@bücher.example" }, ..good }).unwrap();
    assert_eq!(both.envelope.to(), "dörte@xn--bcher-kva.example");
    assert_eq!(read(&both).reply_to().unwrap().first().unwrap().address(), Some("jörg@xn--bcher-kva.example"));
}

#[test]
fn the_letter_is_the_same_every_time_and_its_debug_output_holds_no_secret() {
    let base = base_url();
    let (first, second) = (write(&invitation(&base)).unwrap(), write(&invitation(&base)).unwrap());
    assert_eq!(first, second);
    let shown = format!("{first:?}");
    assert!(!shown.contains("Q7fK2m") && !shown.contains("H4QX"), "{shown}");
}

#[test]
fn nothing_is_loaded_from_anywhere() {
    let base = base_url();
    let html = html(&write(&invitation(&base)).unwrap());
    for remote in ["src=", "url(", "<img", "<link", "@import", "@font-face", "background=\"", "<script"] {
        assert!(!html.contains(remote), "{remote}");
    }
    assert_eq!(html.matches("https://").count(), html.matches("https://muster.hollinash.example/join").count());
}

#[test]
fn another_letter_needs_only_headers_and_two_texts() {
    let from: MailFrom = "muster@hollinash.example".parse().unwrap();
    let id: MessageId = "<test.1@muster.hollinash.example>".parse().unwrap();
    let to = Person { name: None, address: "ann@hollinash.example" };
    let headers =
        Headers { message_id: &id, date: Timestamp::UNIX_EPOCH, from: &from, to, reply_to: None, subject: "It works" };
    let letter = Letter::new(&headers, "It works.\n.\n--=_muster\n".to_owned(), "<p>It works.</p>".to_owned()).unwrap();
    assert_eq!(text(&letter).replace('\r', ""), "It works.\n.\n--=_muster\n");
    assert_eq!(html(&letter).trim_end(), "<p>It works.</p>");
    assert_eq!(read(&letter).message_id(), Some("test.1@muster.hollinash.example"));
}

fn notice(base_url: &Url) -> Notice<'_> {
    Notice {
        to: Person { name: Some("Ann Keller"), address: "ann.keller@hollinash.example" },
        base_url,
        heading: "ruth@hollinash.example declined your invitation".to_owned(),
        lines: vec![
            "You invited them to Hollin & Ash. The link is closed for good; nobody joined with it. To ask again, send a new invitation."
                .to_owned(),
        ],
        way_on: Some(WayOn {
            label: "See the invitations",
            link: "https://muster.hollinash.example/w/hollin-ash/settings/users",
        }),
    }
}

fn write_notice(notice: &Notice<'_>) -> Result<Letter, LetterError> {
    let from: MailFrom = "Muster <muster@hollinash.example>".parse().unwrap();
    let id = MessageId::of_message("msg_01h4", notice.base_url).unwrap();
    notice.letter(&from, &id, Timestamp::UNIX_EPOCH)
}

#[test]
fn a_notice_says_what_happened_and_one_way_on() {
    let base = base_url();
    let letter = write_notice(&notice(&base)).unwrap();
    insta::assert_snapshot!(text(&letter));
    let html = html(&letter);
    let link = "https://muster.hollinash.example/w/hollin-ash/settings/users";
    assert_eq!(targets(&html), [link, link]);
    assert!(html.contains("Hollin &#38; Ash") && !html.contains("ruth@hollinash"), "{html}");
    assert!(read(&letter).reply_to().is_none());
}

#[test]
fn a_notice_without_a_way_on_has_no_link_and_none_leads_elsewhere() {
    let base = base_url();
    let good = notice(&base);
    let letter = write_notice(&Notice { way_on: None, ..good.clone() }).unwrap();
    assert!(targets(&html(&letter)).is_empty() && !text(&letter).contains("https://"));
    let elsewhere = WayOn { label: "Here", link: "https://evil.example/w/x" };
    assert!(matches!(write_notice(&Notice { way_on: Some(elsewhere), ..good }), Err(LetterError::Link)));
}

const RESET: &str = "https://muster.hollinash.example/reset/Q7fK2mXw9TzR4bNcVd3hYs";

fn write_reset(link: &str) -> Result<Letter, LetterError> {
    let (base_url, from): (_, MailFrom) = (base_url(), "Muster <muster@hollinash.example>".parse().unwrap());
    let to = Person { name: Some("Ann Keller"), address: "ann.keller@hollinash.example" };
    let id = MessageId::of_message("msg_01h4", &base_url).unwrap();
    let letter = Reset { to, base_url: &base_url, link, ends: "Tuesday, 24 November 2026, 11:40 UTC" };
    letter.letter(&from, &id, Timestamp::UNIX_EPOCH)
}

#[test]
fn a_letter_to_set_a_new_password_says_how_long_and_what_if_not() {
    let letter = write_reset(RESET).unwrap();
    insta::assert_snapshot!(text(&letter));
    assert_eq!(targets(&html(&letter)), [RESET, RESET]);
    assert!(html(&letter).contains("Tuesday, 24 November 2026, 11:40 UTC"));
    assert!(matches!(write_reset(LINK), Err(LetterError::Link)), "no link into another folder");
}

#[test]
fn a_letter_to_prove_an_address_names_who_uses_it() {
    let (base_url, from): (_, MailFrom) = (base_url(), "Muster <muster@hollinash.example>".parse().unwrap());
    let link = "https://muster.hollinash.example/verify/Q7fK2mXw9TzR4bNcVd3hYs";
    let to = Person { name: None, address: "ann@private.example" };
    let id = MessageId::of_message("msg_01h4", &base_url).unwrap();
    let ends = "Wednesday, 25 November 2026, 10:40 UTC";
    let letter = Verification { to, account: "evil.example", base_url: &base_url, link, ends };
    let letter = letter.letter(&from, &id, Timestamp::UNIX_EPOCH).unwrap();
    insta::assert_snapshot!(text(&letter));
    assert_eq!(targets(&html(&letter)), [link, link]);
    assert!(!html(&letter).contains("evil.example"), "a name becomes no link");
}
