//! Settings > Roles and rights: the permission matrix.

use app::App;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use domain::access::{Membership, Right, Role};

use super::{page::Page, shell::Visit};
use crate::{
    extract::Can,
    failed::Failed,
    views::{
        frame::Place,
        role::{RightRow, RoleColumn, Roles},
    },
};

/// The page.
pub async fn show(Can(may): Can<Membership>, visit: Visit, State(app): State<App>) -> Result<Response, Failed> {
    let (jar, gather) = (visit.jar.clone(), app.clone());
    let view = app.read(move |db, _| {
        let counts = store::members::count_by_role(db, &may)?;
        let count = |role: Role| counts.iter().find(|count| count.role == role).map_or(0, |count| count.n);
        let column = |role: &Role| RoleColumn {
            slug: role.slug(),
            name: role.name(),
            members: u32::try_from(count(*role)).unwrap_or(u32::MAX),
        };
        Ok(Roles {
            frame: visit.frame(&gather, db, &may, Place::Roles)?,
            roles: Role::ALL.iter().map(column).collect(),
            in_workspace: rows(false),
            in_projects: rows(true),
        })
    });
    Ok((jar, Page::of(view.await?)).into_response())
}

fn rows(in_project: bool) -> Vec<RightRow> {
    let row = |right: &Right| RightRow {
        name: right.words(),
        meaning: right.meaning(),
        held: Role::ALL.iter().map(|role| role.rights().contains(*right)).collect(),
    };
    Right::ALL.iter().filter(|right| right.in_project() == in_project).map(row).collect()
}
