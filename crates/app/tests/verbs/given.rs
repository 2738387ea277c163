//! What people type and bring, ready for a verb.

use app::{
    invitations::{Batch, Joiner, NewAccount, Row, wanted::WantedRole},
    setup::FirstRun,
};
use domain::{
    access::{Role, SignedIn},
    email::Email,
    invitation::ValidDays,
    project_key::ProjectKey,
    title::{PersonName, ProjectName, WorkspaceName},
};
use secrecy::SecretString;

pub fn email(address: &str) -> Email {
    Email::parse(address).unwrap()
}

pub fn first_run(address: &str, workspace: &str) -> FirstRun {
    FirstRun {
        email: email(address),
        name: PersonName::parse("Olga").unwrap(),
        password: "$argon2id$none".into(),
        workspace: WorkspaceName::parse(workspace).unwrap(),
        project: Some((ProjectKey::parse("WEB").unwrap(), ProjectName::parse("Web shop").unwrap())),
    }
}

/// These addresses to Tester, by mail.
pub fn batch(addresses: &[&str]) -> Batch {
    Batch {
        rows: addresses.iter().map(|address| Row::one(address)).collect(),
        role: Role::Tester,
        projects: Vec::new(),
        message: None,
        valid: ValidDays::default(),
        send_email: true,
    }
}

pub fn on(project: &str, role: Role) -> WantedRole {
    WantedRole { project: project.to_owned(), role }
}

/// Somebody without an account, who has filled in the form.
pub fn newcomer() -> Joiner {
    let account = NewAccount { name: PersonName::parse("Ann Lee").unwrap(), password: "$argon2id$new".into() };
    Joiner { account: Some(account), ..Joiner::default() }
}

/// Somebody who is signed in and has filled in nothing.
pub fn as_is(who: SignedIn) -> Joiner {
    Joiner { who: Some(who), ..Joiner::default() }
}

pub fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}
