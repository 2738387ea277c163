//! Settings > General.

use app::{App, Bad, Failure, workspaces};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use domain::{
    access::{ManageWorkspace, May, Membership},
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

/// The form.
pub async fn show(Can(may): Can<ManageWorkspace>, visit: Visit, State(app): State<App>) -> Result<Response, Failed> {
    let belongs = may.member().may()?;
    let (jar, view) = (visit.jar.clone(), view(&app, visit, belongs, None).await?);
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
            let name = field("name", &typed.name, &faults(wrong)?);
            Ok(Page::wrong(view(&app, visit, belongs, Some(name)).await?).into_response())
        }
    }
}

async fn view(app: &App, visit: Visit, may: May<Membership>, typed: Option<Field>) -> Result<General, Failure> {
    let gather = app.clone();
    app.read(move |db, _| {
        let frame = visit.frame(&gather, db, &may, Place::General)?;
        let name = typed.unwrap_or_else(|| Field::new(frame.workspace.clone()));
        Ok(General { frame, name })
    })
    .await
}
