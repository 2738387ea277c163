//! One's own account. What changes it takes a session, and mostly the password once more.

use app::{App, Bad, Failure, account, addresses, members, passwords, profile, sessions};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use domain::{
    access::{Membership, SignedIn},
    id::{AddressId, SessionId},
    title::PersonName,
};
use secrecy::SecretString;
use serde::Deserialize;
use store::people;

use super::{
    agent,
    form::{Form, faults, field},
    moment::moment,
    page::{Page, on},
    sessions::safe,
    shell::{Visit, link},
};
use crate::{
    api::resets::email,
    client, cookies,
    extract::{Can, Id, InPerson},
    failed::Failed,
    views::{
        frame::Flash,
        paths,
        profile::{
            AddressRow, Addresses, Deletion, NewAddress, NewPassword, PendingRow, Profile, SessionRow, Workspaces,
        },
    },
};

/// What was typed and is wrong, for the page that shows it again.
#[derive(Debug, Default)]
struct Wrong {
    name: Option<String>,
    email: Option<String>,
    confirmation: Option<String>,
    bad: Vec<Bad>,
}

/// The page.
pub async fn show(InPerson(who): InPerson, visit: Visit, State(app): State<App>) -> Result<Response, Failed> {
    let jar = visit.jar.clone();
    Ok((jar, Page::of(view(&app, visit, who, Wrong::default()).await?)).into_response())
}

/// The name as typed.
#[derive(Debug, Deserialize)]
pub struct Name {
    name: String,
}

/// Gives oneself another name.
pub async fn rename(
    InPerson(who): InPerson,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(typed): Form<Name>,
) -> Result<Response, Failed> {
    match PersonName::parse(&typed.name) {
        Ok(name) => {
            let flash = Flash::NameChanged { name: name.to_string() };
            app.write(from.client, move |tx, now| profile::rename(tx, &who, &name, now)).await?;
            Ok(on(visit.jar, app.settings(), paths::PROFILE, &flash))
        }
        Err(bad) => {
            let bad = vec![Bad::new("name", bad.code(), bad.to_string())];
            again(&app, visit, who, Wrong { name: Some(typed.name), bad, ..Wrong::default() }).await
        }
    }
}

/// An address to be added, as typed.
#[derive(Debug, Deserialize)]
pub struct Address {
    email: String,
    #[serde(default)]
    current_password: SecretString,
}

/// Asks to add an address.
pub async fn add_address(
    InPerson(who): InPerson,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(typed): Form<Address>,
) -> Result<Response, Failed> {
    let asked = async {
        let email = email(&typed.email)?;
        let known = passwords::ask_again(&app, &who, "current_password", typed.current_password, &from).await?;
        addresses::may_ask(&app, &email, &from)?;
        let (verbs, address) = (app.clone(), email.to_string());
        app.write(from.client, move |tx, now| addresses::add(tx, verbs.post(), &who, &known, &email, now)).await?;
        Ok(Flash::VerificationSent { address })
    };
    match asked.await {
        Ok(flash) => Ok(on(visit.jar, app.settings(), paths::PROFILE, &flash)),
        Err(failure) => {
            let bad = faults(failure)?;
            again(&app, visit, who, Wrong { email: Some(typed.email), bad, ..Wrong::default() }).await
        }
    }
}

/// An address of one's own, and where to go on.
#[derive(Debug, Deserialize)]
pub struct Sent {
    address: String,
    #[serde(default)]
    next: String,
}

/// Mails a link once more: to an address that waits to be added, or to the first one.
pub async fn mail_link(
    InPerson(who): InPerson,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(typed): Form<Sent>,
) -> Result<Response, Failed> {
    let email = email(&typed.address)?;
    addresses::may_ask(&app, &email, &from)?;
    let verbs = app.clone();
    app.write(from.client, move |tx, now| addresses::ask_again(tx, verbs.post(), &who, &email, now)).await?;
    Ok(on(visit.jar, app.settings(), safe(&typed.next), &Flash::VerificationSent { address: typed.address }))
}

/// Gives up an address that waits to be proved.
pub async fn cancel_address(
    InPerson(who): InPerson,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(typed): Form<Sent>,
) -> Result<Response, Failed> {
    let email = email(&typed.address)?;
    app.write(from.client, move |tx, now| addresses::cancel(tx, &who, &email, now)).await?;
    Ok(on(visit.jar, app.settings(), paths::PROFILE, &Flash::AddressRemoved { address: typed.address }))
}

/// The password, asked for again.
#[derive(Debug, Deserialize)]
pub struct Again {
    #[serde(default)]
    current_password: SecretString,
}

/// Makes an address the primary one.
pub async fn make_primary(
    InPerson(who): InPerson,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<AddressId>,
    Form(typed): Form<Again>,
) -> Result<Response, Failed> {
    let shown = account::Again { field: "addresses", password: typed.current_password, from };
    match account::make_primary(&app, who, id, shown).await {
        Ok(address) => Ok(on(visit.jar, app.settings(), paths::PROFILE, &Flash::PrimaryChanged { address })),
        Err(failure) => refused(&app, visit, who, failure).await,
    }
}

/// Removes an address.
pub async fn remove_address(
    InPerson(who): InPerson,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<AddressId>,
    Form(typed): Form<Again>,
) -> Result<Response, Failed> {
    let shown = account::Again { field: "addresses", password: typed.current_password, from };
    match account::remove_address(&app, who, id, shown).await {
        Ok(address) => Ok(on(visit.jar, app.settings(), paths::PROFILE, &Flash::AddressRemoved { address })),
        Err(failure) => refused(&app, visit, who, failure).await,
    }
}

/// Another password, as typed.
#[derive(Debug, Deserialize)]
pub struct Passwords {
    #[serde(default)]
    current: SecretString,
    #[serde(default)]
    password: SecretString,
}

/// Changes the password, and signs out the other browsers.
pub async fn change_password(
    InPerson(who): InPerson,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(typed): Form<Passwords>,
) -> Result<Response, Failed> {
    let current = account::Again { field: "current", password: typed.current, from };
    match account::change_password(&app, who, typed.password, current).await {
        Ok(()) => Ok(on(visit.jar, app.settings(), paths::PROFILE, &Flash::PasswordChanged)),
        Err(failure) => {
            let bad = faults(failure)?;
            again(&app, visit, who, Wrong { bad, ..Wrong::default() }).await
        }
    }
}

/// Ends another session.
pub async fn end_session(
    InPerson(who): InPerson,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<SessionId>,
) -> Result<Response, Failed> {
    app.write(from.client, move |tx, now| sessions::end(tx, &who, id, now)).await?;
    Ok(on(visit.jar, app.settings(), paths::PROFILE, &Flash::SessionsEnded { ended: 1 }))
}

/// Ends all other sessions.
pub async fn end_others(
    InPerson(who): InPerson,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
) -> Result<Response, Failed> {
    let ended = app.write(from.client, move |tx, now| sessions::end_others(tx, &who, now)).await?;
    Ok(on(visit.jar, app.settings(), paths::PROFILE, &Flash::SessionsEnded { ended }))
}

/// Leaves a workspace; the last owner stays, and the page says so.
pub async fn leave(
    Can(may): Can<Membership>,
    InPerson(who): InPerson,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
) -> Result<Response, Failed> {
    let left = app.write(from.client, move |tx, now| {
        let name = store::workspaces::named(tx, may.workspace())?.name;
        members::leave(tx, &may, now)?;
        Ok(name)
    });
    match left.await {
        Ok(workspace) => Ok(on(visit.jar, app.settings(), paths::PROFILE, &Flash::Left { workspace })),
        Err(Failure::Conflict { code, detail }) => {
            let bad = vec![Bad::new("workspaces", code, detail)];
            again(&app, visit, who, Wrong { bad, ..Wrong::default() }).await
        }
        Err(other) => Err(other.into()),
    }
}

/// What confirms the end of an account, as typed.
#[derive(Debug, Deserialize)]
pub struct Confirmed {
    #[serde(default)]
    confirmation: String,
    #[serde(default)]
    password_again: SecretString,
}

/// Gives up the account.
pub async fn delete(
    InPerson(who): InPerson,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(typed): Form<Confirmed>,
) -> Result<Response, Failed> {
    let shown = account::Again { field: "password_again", password: typed.password_again, from };
    match account::give_up(&app, who, ("confirmation", &typed.confirmation), shown).await {
        Ok(()) => {
            let jar = cookies::Name::Session.clear(visit.jar, app.settings());
            Ok(on(jar, app.settings(), paths::SIGN_IN, &Flash::AccountDeleted))
        }
        Err(failure) => {
            let bad = match failure {
                Failure::Conflict { code, detail } => vec![Bad::new("deletion", code, detail)],
                other => faults(other)?,
            };
            again(&app, visit, who, Wrong { confirmation: Some(typed.confirmation), bad, ..Wrong::default() }).await
        }
    }
}

/// The page again: an address was not changed, and why.
async fn refused(app: &App, visit: Visit, who: SignedIn, failure: Failure) -> Result<Response, Failed> {
    let bad = match failure {
        Failure::Conflict { code, detail } => vec![Bad::new("addresses", code, detail)],
        other => faults(other)?,
    };
    again(app, visit, who, Wrong { bad, ..Wrong::default() }).await
}

async fn again(app: &App, visit: Visit, who: SignedIn, wrong: Wrong) -> Result<Response, Failed> {
    Ok(Page::wrong(view(app, visit, who, wrong).await?).into_response())
}

async fn view(app: &App, visit: Visit, who: SignedIn, wrong: Wrong) -> Result<Profile, Failure> {
    let gather = app.clone();
    app.read(move |db, now| {
        let me = people::me(db, &who)?;
        let (mine, pending) = (people::addresses(db, &who)?, store::links::pending(db, &who, now.at)?);
        let open = store::sessions::list(db, &who, now.at)?;
        let (bad, mail) = (&wrong.bad, gather.mail().is_some());
        let pending = pending.into_iter().map(|row| PendingRow {
            address: row.address,
            asked: moment(row.asked_at, now.at),
            ends: moment(row.ends_at, now.at),
        });
        Ok(Profile {
            name: field("name", wrong.name.as_deref().unwrap_or(&me.name), bad),
            addresses: Addresses {
                rows: mine.into_iter().map(address).collect(),
                pending: pending.collect(),
                trouble: fault("addresses", bad),
                add: mail.then(|| NewAddress {
                    email: field("email", wrong.email.as_deref().unwrap_or_default(), bad),
                    password: field("current_password", "", bad),
                }),
            },
            password: NewPassword { current: field("current", "", bad), password: field("password", "", bad) },
            workspaces: Workspaces {
                rows: store::workspaces::mine(db, &who)?.into_iter().map(link).collect(),
                trouble: fault("workspaces", bad),
            },
            deletion: Deletion {
                blocked_by: people::sole_owner_of(db, &who)?,
                trouble: fault("deletion", bad),
                confirmation: field("confirmation", wrong.confirmation.as_deref().unwrap_or_default(), bad),
                password: field("password_again", "", bad),
            },
            sessions: open.into_iter().map(|row| session(row, &who, now.at)).collect(),
            own: visit.own(&gather, &me),
        })
    })
    .await
}

fn fault(field: &str, bad: &[Bad]) -> Option<String> {
    bad.iter().find(|bad| bad.field == field).map(|bad| bad.detail.clone())
}

fn address(row: people::Address) -> AddressRow {
    AddressRow {
        id: row.id.to_string(),
        address: row.address,
        primary: row.is_primary,
        verified: row.verified_at.is_some(),
    }
}

fn session(row: store::sessions::Session, who: &SignedIn, now: domain::time::Time) -> SessionRow {
    SessionRow {
        id: row.id.to_string(),
        browser: agent::in_words(row.agent.as_deref()),
        client: row.client.unwrap_or_default(),
        opened: moment(row.created_at, now),
        seen: moment(row.seen_at, now),
        here: who.session() == Some(row.id),
    }
}
