//! Pages for people who are not inside.

use askama::Template;
use web::views::frame::Bare;
use web::views::join::{Join, JoinState, Offer};
use web::views::parts::Field;

use crate::Page;
use crate::sample::{ann, moment, only, person};

pub fn pages() -> Vec<Page> {
    join_pages()
}

fn join_pages() -> Vec<Page> {
    let address = || "amelie.roth@hollinash.example".to_owned();
    let inviter = || "Ann Keller".to_owned();
    let workspace = || "Hollin & Ash".to_owned();
    let states = [
        ("join-new", JoinState::NewAccount { offer: offer(), address: address(), name: Field::new("Amélie Roth"), password: Field::default() }),
        ("join-new-wrong", JoinState::NewAccount { offer: offer(), address: address(), name: Field::wrong("", "Type the name your team knows you by."), password: Field::wrong("", "Easy to guess: it contains the company name. Four unrelated words are strong and quick to type.") }),
        ("join-account", JoinState::Account { offer: offer(), address: address(), password: Field::default() }),
        ("join-signed-in", JoinState::SignedIn { offer: offer(), person: person("Amélie Roth", "amelie.roth@hollinash.example") }),
        ("join-somebody-else", JoinState::SomebodyElse { masked: "a•••••.r•••@hollinash.example".into(), person: ann() }),
        ("join-forgotten", JoinState::Forgotten { address: Field::new("amelie.roth@hollinash.example"), code: Field::wrong("H4QX-7MRX", "This code does not belong to this address. Two tries are left.") }),
        ("join-expired", JoinState::Expired { at: moment("17 November"), inviter: inviter() }),
        ("join-used", JoinState::Used),
        ("join-declined", JoinState::Declined { inviter: inviter() }),
        ("join-just-declined", JoinState::JustDeclined { inviter: inviter() }),
        ("join-revoked", JoinState::Revoked { inviter: inviter() }),
        ("join-replaced", JoinState::Replaced),
        ("join-unknown", JoinState::Unknown),
        ("join-on-hold", JoinState::OnHold { workspace: workspace(), inviter: inviter() }),
        ("join-joined", JoinState::Joined { workspace: workspace(), slug: "hollin-ash".into() }),
    ];
    states.into_iter().map(|(name, state)| (name, Join { bare: Bare::default(), state }.render())).collect()
}

fn offer() -> Offer {
    Offer {
        workspace: "Hollin & Ash".into(),
        inviter: "Ann Keller".into(),
        can: "You will be able to write cases and execute runs.".into(),
        grants: vec![only("Tester", &["Web shop", "Mobile app"]), only("Read Only", &["Warehouse"])],
        expires: moment("Tuesday 1 December, 10:40 UTC"),
    }
}
