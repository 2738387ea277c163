//! Pages for people who are not inside.

use askama::Template;
use web::views::dashboard::ProjectForm;
use web::views::error::{ErrorPage, Problem};
use web::views::frame::{Bare, Flash, Theme};
use web::views::join::{Join, JoinState, Offer};
use web::views::operator::{Number, Operator, WorkspaceRow};
use web::views::operator_mail::{Area, Around};
use web::views::parts::Field;
use web::views::setup::Setup;
use web::views::sign_in::{SignIn, Workspaces};

use crate::Page;
use crate::sample::{ann, moment, only, person, workspace};

pub fn pages() -> Vec<Page> {
    [join_pages(), entry_pages(), error_pages()].into_iter().flatten().collect()
}

fn entry_pages() -> Vec<Page> {
    let setup = Setup {
        name: Field::new("Ann Keller"),
        email: Field::wrong("ann.keller@", "The part after the @ is missing."),
        workspace: Field::new("Hollin & Ash"),
        project: ProjectForm { name: Field::new("Web shop"), key: Field::new("WEB"), private: false },
        code: Some(Field::default()),
        ..Setup::default()
    };
    let wrong = SignIn {
        email: Field::new("ann.keller@hollinash.example"),
        error: Some("Address and password do not belong together. Check both, and the caps lock key.".into()),
        next: "/w/hollin-ash".into(),
        ..SignIn::default()
    };
    let signed_out = SignIn { bare: Bare { flash: Some(Flash::SignedOut), ..Bare::default() }, ..SignIn::default() };
    let workspaces =
        vec![workspace("Brightloop", "brightloop", "Tester"), workspace("Hollin & Ash", "hollin-ash", "Admin")];
    let chooser = |workspaces| Workspaces { bare: Bare::default(), person: ann(), operator: true, workspaces };
    let number = |name, flag| Number { name, field: Field::new("2000"), flag };
    let server = Operator {
        frame: Around { person: ann(), flash: None, theme: Theme::System, operator: true, here: Area::Limits },
        everybody: false,
        founders_fixed: false,
        numbers: vec![number("member_limit", None), number("per_inviter", Some("--invites-per-day"))],
        rows: vec![
            WorkspaceRow {
                name: "Hollin & Ash".into(),
                slug: "hollin-ash".into(),
                members: 23,
                created: moment("18 Nov"),
                id: "wsp_1".into(),
                ends: None,
            },
            WorkspaceRow {
                name: "Brightloop".into(),
                slug: "brightloop".into(),
                members: 0,
                created: moment("2 Sep"),
                id: "wsp_2".into(),
                ends: Some(moment("in 12 days")),
            },
        ],
        next: Some("x".into()),
        later: false,
        operators: vec!["Ann Keller (ann.keller@hollinash.example)".into()],
    };
    vec![
        ("operator", server.render()),
        ("setup", Setup::default().render()),
        ("setup-wrong", setup.render()),
        ("sign-in", signed_out.render()),
        ("sign-in-wrong", wrong.render()),
        ("workspaces", chooser(workspaces).render()),
        ("workspaces-none", chooser(Vec::new()).render()),
    ]
}

fn error_pages() -> Vec<Page> {
    let problems = [
        (
            "error-403",
            Problem::NoRight {
                right: "Manage workspace".into(),
                place: "Hollin & Ash".into(),
                who: "Daniel Brandt".into(),
            },
        ),
        ("error-403-other-site", Problem::OtherSite),
        ("error-404", Problem::NotFound),
        ("error-410", Problem::Gone),
        ("error-413", Problem::TooLarge { limit: "10 MB".into() }),
        ("error-422", Problem::Invalid { detail: "The form was sent without a role.".into() }),
        (
            "error-429",
            Problem::TooMany {
                detail: "Five wrong codes for this address.".into(),
                again: Some(moment("in 42 minutes")),
            },
        ),
        (
            "error-503",
            Problem::Unavailable { detail: "The database cannot be reached just now. Nothing was changed.".into() },
        ),
        ("error-500", Problem::Internal { request: "0192f0c4-7e1b-7c3a-9d52-51b0a1f2c3d4".into() }),
    ];
    let page = |problem| ErrorPage { bare: Bare::default(), problem, home: "/".into() };
    problems.into_iter().map(|(name, problem)| (name, page(problem).render())).collect()
}

#[expect(clippy::too_many_lines, reason = "a page for each state, and there are many")]
fn join_pages() -> Vec<Page> {
    let address = || "amelie.roth@hollinash.example".to_owned();
    let inviter = || "Ann Keller".to_owned();
    let workspace = || "Hollin & Ash".to_owned();
    let states = [
        (
            "join-new",
            JoinState::NewAccount {
                offer: offer(),
                address: address(),
                name: Field::new("Amélie Roth"),
                password: Field::default(),
            },
        ),
        (
            "join-new-wrong",
            JoinState::NewAccount {
                offer: offer(),
                address: address(),
                name: Field::wrong("", "Type the name your team knows you by."),
                password: Field::wrong(
                    "",
                    "Easy to guess: it contains the company name. Four unrelated words are strong and quick to type.",
                ),
            },
        ),
        ("join-account", JoinState::Account { offer: offer(), address: address(), password: Field::default() }),
        (
            "join-signed-in",
            JoinState::SignedIn { offer: offer(), person: person("Amélie Roth", "amelie.roth@hollinash.example") },
        ),
        (
            "join-somebody-else",
            JoinState::SomebodyElse { masked: "a•••••.r•••@hollinash.example".into(), person: ann() },
        ),
        (
            "join-typing",
            JoinState::Typing {
                address: Field::new("amelie.roth@hollinash.example"),
                code: Field::wrong(
                    "H4QX-7MRA",
                    "This address and code do not belong together. Five wrong tries end a code; a mail sent anew brings another.",
                ),
            },
        ),
        ("join-expired", JoinState::Expired { at: moment("17 November"), inviter: inviter(), token: String::new() }),
        ("join-wanted", JoinState::Wanted { inviter: inviter() }),
        ("join-used", JoinState::Used),
        ("join-declined", JoinState::Declined { inviter: inviter() }),
        ("join-revoked", JoinState::Revoked { inviter: inviter() }),
        ("join-replaced", JoinState::Replaced),
        ("join-unknown", JoinState::Unknown),
        (
            "join-barred",
            JoinState::Barred {
                why: "This workspace has all the members it may have (10).".into(),
                inviter: inviter(),
            },
        ),
        ("join-on-hold", JoinState::OnHold { workspace: workspace(), inviter: inviter() }),
    ];
    states.into_iter().map(|(name, state)| (name, Join { bare: Bare::default(), state }.render())).collect()
}

fn offer() -> Offer {
    Offer {
        invitation: "inv_06d4v9k0000000000000000000".into(),
        workspace: "Hollin & Ash".into(),
        inviter: "Ann Keller".into(),
        can: "You will be able to write cases and execute runs.".into(),
        grants: vec![only("Tester", &["Web shop", "Mobile app"]), only("Read Only", &["Warehouse"])],
        expires: moment("Tuesday 1 December, 10:40 UTC"),
    }
}
