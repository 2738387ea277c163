//! Pages about one's own account.

use askama::Template;
use web::views::frame::{Bare, Flash, Notice, Own, Theme};
use web::views::parts::Field;
use web::views::profile::{
    AddressRow, Addresses, Deletion, NewAddress, NewPassword, PendingRow, Profile, SessionRow, Workspaces,
};
use web::views::reset::{Forgot, ForgotPassword, Reset, ResetState};
use web::views::verify::{Verify, VerifyState};

use crate::Page;
use crate::sample::{ann, moment, workspace};

pub fn pages() -> Vec<Page> {
    [profile_pages(), reset_pages(), verify_pages()].into_iter().flatten().collect()
}

fn profile_pages() -> Vec<Page> {
    let wrong = Profile {
        own: Own {
            notices: vec![Notice::Unverified { address: "ann.keller@hollinash.example".into(), back: "/".into() }],
            flash: Some(Flash::PasswordChanged),
            ..own()
        },
        name: Field::wrong("", "Enter a name."),
        password: NewPassword {
            current: Field::wrong("", "Not your password."),
            password: Field::wrong("", "Easy to guess. Four unrelated words are strong and quick to type."),
        },
        addresses: Addresses {
            trouble: Some("Not your password.".into()),
            rows: vec![address("ann.keller@hollinash.example", true, false)],
            pending: Vec::new(),
            add: None,
        },
        deletion: Deletion { blocked_by: vec!["Hollin & Ash".into()], ..deletion() },
        ..profile()
    };
    vec![("profile", profile().render()), ("profile-wrong", wrong.render())]
}

fn own() -> Own {
    Own { person: ann(), notices: Vec::new(), flash: None, theme: Theme::System, operator: false }
}

fn profile() -> Profile {
    let pending = PendingRow {
        address: "ann@a-rather-long-name-of-a-domain.example".into(),
        asked: moment("2 hours ago"),
        ends: moment("in 22 hours"),
    };
    Profile {
        own: own(),
        name: Field::new("Ann Keller"),
        addresses: Addresses {
            rows: vec![
                address("ann.keller@hollinash.example", true, true),
                address("ann@private.example", false, true),
            ],
            pending: vec![pending],
            trouble: None,
            add: Some(NewAddress::default()),
        },
        password: NewPassword::default(),
        sessions: vec![
            session("Firefox on Linux", "192.0.2.17", true),
            session("Safari on iPhone", "2001:db8:85a3:8d3:1319:8a2e:370:7348", false),
            session("Chrome on Windows", "198.51.100.4", false),
        ],
        workspaces: Workspaces {
            rows: vec![
                workspace("Brightloop", "brightloop", "Tester"),
                workspace("Hollin & Ash", "hollin-ash", "Owner"),
            ],
            trouble: None,
        },
        deletion: deletion(),
    }
}

fn deletion() -> Deletion {
    Deletion { blocked_by: Vec::new(), trouble: None, confirmation: Field::default(), password: Field::default() }
}

fn address(address: &str, primary: bool, verified: bool) -> AddressRow {
    let id = format!("adr_{}", address.split('@').next().unwrap_or_default().replace('.', ""));
    AddressRow { id, address: address.into(), primary, verified }
}

fn session(browser: &str, client: &str, here: bool) -> SessionRow {
    SessionRow {
        id: format!("ses_{}", client.replace([':', '.'], "")),
        browser: browser.into(),
        client: client.into(),
        opened: moment("18 Nov"),
        seen: moment("3 hours ago"),
        here,
    }
}

fn reset_pages() -> Vec<Page> {
    let forgot = |state| ForgotPassword { bare: Bare::default(), state }.render();
    let reset = |state| Reset { bare: Bare::default(), state }.render();
    let form = ResetState::Form {
        address: "ann.keller@hollinash.example".into(),
        ends: moment("Tuesday, 24 November 2026, 11:40 UTC"),
        password: Field::default(),
    };
    vec![
        ("forgot-password", forgot(Forgot::Ask(Field::default()))),
        ("forgot-password-sent", forgot(Forgot::Sent)),
        ("forgot-password-no-mail", forgot(Forgot::NoMail)),
        ("reset", reset(form)),
        ("reset-forgotten", reset(ResetState::Forgotten)),
        ("reset-expired", reset(ResetState::Expired)),
        ("reset-used", reset(ResetState::Used)),
        ("reset-unknown", reset(ResetState::Unknown)),
    ]
}

fn verify_pages() -> Vec<Page> {
    let verify = |state| Verify { bare: Bare::default(), state }.render();
    let address = || "ann@private.example".to_owned();
    vec![
        ("verify", verify(VerifyState::Ready { address: address(), person: ann() })),
        ("verify-signed-out", verify(VerifyState::SignedOut { address: address() })),
        ("verify-somebody-else", verify(VerifyState::SomebodyElse { person: ann() })),
        ("verify-taken", verify(VerifyState::Taken)),
        ("verify-forgotten", verify(VerifyState::Forgotten)),
        ("verify-expired", verify(VerifyState::Expired)),
        ("verify-used", verify(VerifyState::Used)),
        ("verify-unknown", verify(VerifyState::Unknown)),
    ]
}
