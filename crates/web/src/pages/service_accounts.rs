//! Settings > Service accounts: the list, and each with its keys.

use app::{App, Bad, Failure, service_accounts};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use db::Conn;
use domain::{
    access::{Grants, ManageMembers, May, Membership, Rights, Role},
    id::ServiceId,
    time::Time,
};
use serde::Deserialize;
use store::{projects, service_accounts as rows, service_accounts::ServiceAccount, workspaces};

use super::{
    api_keys::{Holder, Typed, row as key_row},
    form::{Form, faults, field},
    moment::moment,
    page::{Page, on},
    shell::Visit,
};
use crate::{
    api::service_accounts::named,
    client,
    extract::{Can, Id},
    failed::Failed,
    views::{
        api_key::{KeyForm, NewApiKey},
        frame::{Flash, Place},
        parts::Face,
        paths,
        service_account::{AccountRow, RoleOption, ServiceAccountPage, ServiceAccounts},
    },
};

/// The form of a new account as typed.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct NewAccount {
    name: String,
    #[serde(default)]
    role: String,
}

impl NewAccount {
    fn parse(&self) -> Result<(domain::title::PersonName, Role), Failure> {
        let role = self.role.parse().map_err(|_| Failure::invalid("role", "unknown_role", "Choose a role."))?;
        Ok((named(&self.name)?, role))
    }
}

/// The list.
pub async fn list(Can(may): Can<ManageMembers>, visit: Visit, State(app): State<App>) -> Result<Response, Failed> {
    let jar = visit.jar.clone();
    Ok((jar, Page::of(accounts(&app, visit, may, NewAccount::default(), Vec::new()).await?)).into_response())
}

/// Makes one and goes on to its page, where its first key is made.
pub async fn create(
    Can(may): Can<ManageMembers>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(typed): Form<NewAccount>,
) -> Result<Response, Failed> {
    let (belongs, wanted) = (may.clone(), typed.clone());
    let made = app.write(from.client, move |tx, now| {
        let (name, role) = wanted.parse()?;
        let account = service_accounts::create(tx, &may, &name, role, now)?;
        Ok((workspaces::of(tx, may.member())?.slug, account))
    });
    match made.await {
        Ok((slug, account)) => {
            let page = paths::service_account(&slug, &account.id.to_string());
            Ok(on(visit.jar, app.settings(), &page, &Flash::ServiceAccountMade { name: account.name }))
        }
        Err(wrong) => {
            let bad = match wrong {
                full @ Failure::Conflict { .. } => vec![Bad::new("name", full.code(), full.to_string())],
                other => faults(other)?,
            };
            Ok(Page::wrong(accounts(&app, visit, belongs, typed, bad).await?).into_response())
        }
    }
}

async fn accounts(
    app: &App,
    visit: Visit,
    may: May<ManageMembers>,
    typed: NewAccount,
    bad: Vec<Bad>,
) -> Result<ServiceAccounts, Failure> {
    let gather = app.clone();
    app.read(move |db, now| {
        let belongs: May<Membership> = may.member().may()?;
        Ok(ServiceAccounts {
            frame: visit.frame(&gather, db, &belongs, Place::ServiceAccounts)?,
            rows: rows::list(db, &may)?.into_iter().map(|account| account_row(account, now.at)).collect(),
            name: field("name", &typed.name, &bad),
            role_error: bad.iter().find(|bad| bad.field == "role").map(|bad| bad.detail.clone()),
            roles: roles(&may, &typed.role),
        })
    })
    .await
}

fn roles(may: &May<ManageMembers>, typed: &str) -> Vec<RoleOption> {
    let chosen = typed.parse().unwrap_or(Role::Tester);
    let offered = Role::ALL.iter().filter(|role| **role != Role::Owner && may.member().may_grant_role(**role).is_ok());
    let option =
        |role: &Role| RoleOption { slug: role.slug(), name: role.name(), can: role.words(), chosen: *role == chosen };
    offered.map(option).collect()
}

fn account_row(account: ServiceAccount, now: Time) -> AccountRow {
    AccountRow {
        face: Face::of(&account.name, &account.id.to_string()),
        id: account.id.to_string(),
        member: account.member.to_string(),
        name: account.name,
        role: account.role.name(),
        keys: account.keys,
        last_used: account.used_at.map(|at| moment(at, now)),
        created_by: account.created_by,
        created: moment(account.created_at, now),
        deactivated: account.state != "active",
    }
}

/// One with its keys.
pub async fn show(
    Can(may): Can<ManageMembers>,
    visit: Visit,
    State(app): State<App>,
    Id(id): Id<ServiceId>,
) -> Result<Response, Failed> {
    let jar = visit.jar.clone();
    Ok((jar, Page::of(account(&app, visit, may, id, Typed::default(), Vec::new(), None).await?)).into_response())
}

/// Makes a key for one and shows it, this once.
pub async fn create_key(
    Can(may): Can<ManageMembers>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<ServiceId>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failed> {
    let (again, wanted) = (may.clone(), typed.clone());
    let made = app.write(from.client, move |tx, now| {
        let new = wanted.parse(now.at)?;
        let (_, secret) = service_accounts::create_key(tx, &may, id, &new, now)?;
        Ok((new.name.to_string(), secret))
    });
    match made.await {
        Ok(made) => {
            let page = account(&app, visit, again, id, Typed::default(), Vec::new(), Some(made)).await?;
            Ok(Page::of(page).into_response())
        }
        Err(wrong) => {
            let bad = faults(wrong)?;
            Ok(Page::wrong(account(&app, visit, again, id, typed, bad, None).await?).into_response())
        }
    }
}

async fn account(
    app: &App,
    visit: Visit,
    may: May<ManageMembers>,
    id: ServiceId,
    typed: Typed,
    bad: Vec<Bad>,
    made: Option<(String, domain::secret::Token)>,
) -> Result<ServiceAccountPage, Failure> {
    let gather = app.clone();
    app.read(move |db, now| {
        let belongs: May<Membership> = may.member().may()?;
        let frame = visit.frame(&gather, db, &belongs, Place::ServiceAccounts)?;
        let found = rows::find(db, &may, id)?.ok_or(Failure::Unknown)?;
        let keys = store::keys::of_service(db, &may, id)?;
        let holder = found.name.clone();
        Ok(ServiceAccountPage {
            form: form(db, &may, &found, &typed, &bad)?,
            rows: keys.into_iter().map(|key| key_row(key, now.at)).collect(),
            made: made.map(|(name, secret)| NewApiKey { name, secret: secret.reveal().to_owned(), holder }),
            account: account_row(found, now.at),
            frame,
        })
    })
    .await
}

/// The form of a new key, for whoever could grant all that it lets do.
fn form(
    db: &mut Conn,
    may: &May<ManageMembers>,
    account: &ServiceAccount,
    typed: &Typed,
    bad: &[Bad],
) -> Result<Option<KeyForm>, Failure> {
    let grants = Grants { role: account.role, projects: projects::of_member(db, may, account.member)? };
    if may.member().may_grant(&grants).is_err() {
        return Ok(None);
    }
    let on_projects = grants.projects.iter().map(|grant| grant.role.rights().in_project());
    let holder = Holder {
        everything: "All that it may do, whatever that comes to be",
        holds: on_projects.fold(account.role.rights(), |all: Rights, rights| all | rights),
    };
    Ok(Some(typed.form(holder, bad)))
}
