//! Settings > General.

use app::{
    App, Bad, Failure, mail_domains,
    workspaces::{self, trash},
};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use domain::{
    access::{ManageWorkspace, May, Membership, OwnWorkspace, Right},
    mail_domain::MailDomain,
    title::WorkspaceName,
};
use serde::Deserialize;

use super::{
    form::{Form, faults, field},
    page::{Page, on},
    shell::Visit,
};
use crate::{
    client,
    extract::Can,
    failed::Failed,
    views::{
        frame::{Flash, Place},
        parts::Field,
        paths,
        workspace::General,
    },
};

/// The form as typed.
#[derive(Clone, Debug, Deserialize)]
pub struct Typed {
    name: String,
}

/// The domains as typed: one a line, or with commas between them.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct TypedDomains {
    #[serde(default)]
    allowed: String,
    #[serde(default)]
    blocked: String,
}

/// What was typed, to be shown again with what is wrong with it.
#[derive(Clone, Debug, Default)]
struct Again {
    name: Option<Field>,
    domains: Option<(Field, Field)>,
    confirm: Option<Field>,
}

/// What was typed to delete the workspace.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Confirmed {
    #[serde(default)]
    confirm: String,
}

/// The forms.
pub async fn show(Can(may): Can<ManageWorkspace>, visit: Visit, State(app): State<App>) -> Result<Response, Failed> {
    let belongs = may.member().may()?;
    let (jar, view) = (visit.jar.clone(), view(&app, visit, belongs, Again::default()).await?);
    Ok((jar, Page::of(view)).into_response())
}

/// Renames the workspace.
pub async fn update(
    Can(may): Can<ManageWorkspace>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failed> {
    let belongs = may.member().may()?;
    let name = WorkspaceName::parse(&typed.name);
    let renamed = match name.map_err(|bad| Failure::Invalid(vec![Bad::new("name", bad.code(), bad.to_string())])) {
        Ok(name) => app.write(from.client, move |tx, now| workspaces::rename(tx, &may, &name, now)).await,
        Err(wrong) => Err(wrong),
    };
    match renamed {
        Ok(workspace) => {
            let flash = Flash::WorkspaceRenamed { name: workspace.name };
            Ok(on(visit.jar, app.settings(), &paths::general(&workspace.slug), &flash))
        }
        Err(wrong) => {
            let name = Some(field("name", &typed.name, &faults(wrong)?));
            Ok(Page::wrong(view(&app, visit, belongs, Again { name, ..Again::default() }).await?).into_response())
        }
    }
}

/// Says whose addresses are invited.
pub async fn domains(
    Can(may): Can<ManageWorkspace>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(typed): Form<TypedDomains>,
) -> Result<Response, Failed> {
    let belongs: May<Membership> = may.member().may()?;
    let replaced = match mail_domains::parse(pieces(&typed.allowed), pieces(&typed.blocked)) {
        Ok(domains) => app.write(from.client, move |tx, now| mail_domains::replace(tx, &may, &domains, now)).await,
        Err(wrong) => Err(wrong),
    };
    match replaced {
        Ok(()) => {
            let slug = app.point(move |db, _| Ok(store::workspaces::of(db, belongs.member())?)).await?.slug;
            Ok(on(visit.jar, app.settings(), &paths::general(&slug), &Flash::SettingsSaved))
        }
        Err(wrong) => {
            let bad = faults(wrong)?;
            let domains = (field("allowed", &typed.allowed, &bad), field("blocked", &typed.blocked, &bad));
            let again = Again { domains: Some(domains), ..Again::default() };
            Ok(Page::wrong(view(&app, visit, belongs, again).await?).into_response())
        }
    }
}

/// Puts the workspace into the trash.
pub async fn delete(
    Can(may): Can<OwnWorkspace>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(typed): Form<Confirmed>,
) -> Result<Response, Failed> {
    let belongs: May<Membership> = may.member().may()?;
    let confirm = typed.confirm.clone();
    match app.write(from.client, move |tx, now| trash::delete(tx, &may, &confirm, now)).await {
        Ok(name) => Ok(on(visit.jar, app.settings(), paths::HOME, &Flash::WorkspaceDeleted { name })),
        Err(wrong) => {
            let confirm = Some(field("confirm", &typed.confirm, &faults(wrong)?));
            let again = Again { confirm, ..Again::default() };
            Ok(Page::wrong(view(&app, visit, belongs, again).await?).into_response())
        }
    }
}

fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'))
}

fn lines(domains: &[MailDomain]) -> Field {
    Field::new(domains.iter().map(MailDomain::as_str).collect::<Vec<_>>().join("\n"))
}

async fn view(app: &App, visit: Visit, may: May<Membership>, again: Again) -> Result<General, Failure> {
    let gather = app.clone();
    app.read(move |db, _| {
        let frame = visit.frame(&gather, db, &may, Place::General)?;
        let name = again.name.unwrap_or_else(|| Field::new(frame.workspace.clone()));
        let (allowed, blocked) = if let Some(typed) = again.domains {
            typed
        } else {
            let domains = store::mail_domains::of(db, may.workspace())?;
            (lines(&domains.allowed), lines(&domains.blocked))
        };
        let owns = may.member().rights().contains(Right::OwnWorkspace);
        let confirm = owns.then(|| again.confirm.unwrap_or_default());
        Ok(General { frame, name, allowed, blocked, confirm })
    })
    .await
}
