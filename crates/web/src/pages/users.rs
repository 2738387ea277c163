//! Settings > Users: invitations and members.

use super::{
    dashboard::inviting,
    invitation::{chosen, rows},
    invitations::{batch, form, kept},
    members,
    page::Page,
    shell::Visit,
};
use crate::{
    extract::Can,
    failed::Failed,
    views::{frame::Place, invitation::InviteForm, parts::Grant, users::Users},
};
use app::{App, Failure};
use axum::{
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use db::Conn;
use domain::{
    access::{May, Membership, Role},
    now::Now,
};
use serde::Deserialize;

/// Where the lists continue, and the batch to tell of.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Shown {
    /// Invitations go on after this one.
    pub invitations: Option<String>,
    /// Which invitations.
    pub show: Option<String>,
    /// What their addresses hold.
    pub q: Option<String>,
    /// The key under which something was done with many.
    pub acted: Option<String>,
    #[serde(flatten)]
    members: members::Query,
    batch: Option<String>,
}

impl Shown {
    /// Whether rows have to be looked through for what is asked.
    fn searches(&self) -> bool {
        self.q.is_some() || self.show.is_some() || self.members.searches()
    }
}

/// So many on a page.
pub const ROWS: i64 = 50;

/// The page.
pub async fn show(
    Can(may): Can<Membership>,
    visit: Visit,
    State(app): State<App>,
    Query(shown): Query<Shown>,
) -> Result<Response, Failed> {
    let (jar, gather, searches) = (visit.jar.clone(), app.clone(), shown.searches());
    let page = move |db: &mut Conn, now: &Now| gathered(&gather, db, &visit, &may, &shown, None, now);
    // Without a search it is a screenful found by index, and worth no change of threads.
    let view = if searches { app.read(page).await } else { app.point(page).await };
    Ok((jar, Page::of(view?)).into_response())
}

/// The page, with the dialog's form as it was typed if it has to be shown again.
pub fn gathered(
    app: &App,
    db: &mut Conn,
    visit: &Visit,
    may: &May<Membership>,
    shown: &Shown,
    typed: Option<InviteForm>,
    now: &Now,
) -> Result<Users, Failure> {
    let inviting = inviting(db, may)?;
    let form = match typed {
        Some(typed) => Some(typed),
        None if inviting.is_ready() => Some(form(app, db, may, now)?),
        None => None,
    };
    let key = shown.batch.clone().unwrap_or_default();
    let told = kept(app, db, visit, may, &key, now);
    let frame = visit.frame(app, db, may, Place::Users)?;
    Ok(Users {
        acted: chosen::told(app, db, visit, may, shown, now)?,
        invitations: rows::list(db, may, &frame.slug, shown, now)?,
        members: members::members(db, may, &frame, &shown.members, now)?,
        frame,
        inviting,
        form,
        batch: told.map(|told| batch(key, told.results, told.mailed)),
    })
}

/// "Tester" everywhere, or "Tester in WEB, APP": a guest is named by what he holds on projects.
pub fn grants(role: Role, on_projects: impl Iterator<Item = (Role, String)>) -> Vec<Grant> {
    let mut grants: Vec<Grant> = Vec::new();
    for (role, key) in on_projects {
        match grants.iter_mut().find(|grant| grant.role == role.name()) {
            Some(Grant { projects: Some(keys), .. }) => keys.push(key),
            _ => grants.push(Grant { role: role.name().to_owned(), projects: Some(vec![key]) }),
        }
    }
    if role != Role::Guest || grants.is_empty() {
        let everywhere = (role != Role::Guest).then_some(()).map_or(Some(Vec::new()), |()| None);
        grants.insert(0, Grant { role: role.name().to_owned(), projects: everywhere });
    }
    grants
}
