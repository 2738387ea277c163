//! What is done with many invitations at once: each is a verb of its own, and the list names each.

use app::{
    App, Failure,
    answers::{Asked, once, recall},
    invitations,
};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use db::{Conn, Tx};
use domain::{
    access::{InviteMembers, May, Membership},
    id::{InvitationId, WorkspaceId},
    now::Now,
    time::days,
};
use serde::{Deserialize, Serialize};

use super::{in_words, rows::narrowed};
use crate::{
    api::invitations::with,
    client,
    extract::Can,
    failed::Failed,
    pages::{
        form::Form,
        page::on,
        shell::Visit,
        users::{ROWS, Shown},
    },
    views::{
        frame::Flash,
        invitations::{Acted, ActedOn, Deed, Part},
    },
};

/// The chosen ones, and the list they were chosen in.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Chosen {
    id: Vec<String>,
    key: String,
    show: String,
    q: String,
}

/// What became of them, as it is kept under the form's key for the page after it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Told {
    workspace: WorkspaceId,
    resent: bool,
    results: Vec<One>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct One {
    id: InvitationId,
    address: String,
    why_not: Option<String>,
}

/// Sends them again.
pub async fn resend(
    Can(may): Can<InviteMembers>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(chosen): Form<Chosen>,
) -> Result<Response, Failed> {
    let (belongs, verbs): (May<Membership>, _) = (may.member().may()?, app.clone());
    let verb = move |tx: &mut Tx<'_>, id, now: &Now| invitations::resend(tx, with(&verbs), &may, id, now).map(drop);
    act(&app, visit, belongs, from, chosen, Deed::Resend, verb).await
}

/// Revokes them.
pub async fn revoke(
    Can(may): Can<Membership>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(chosen): Form<Chosen>,
) -> Result<Response, Failed> {
    let belongs = may.clone();
    let verb = move |tx: &mut Tx<'_>, id, now: &Now| invitations::revoke(tx, &may, id, now);
    act(&app, visit, belongs, from, chosen, Deed::Revoke, verb).await
}

async fn act(
    app: &App,
    visit: Visit,
    may: May<Membership>,
    from: app::sessions::Browser,
    chosen: Chosen,
    deed: Deed,
    verb: impl Fn(&mut Tx<'_>, InvitationId, &Now) -> Result<(), Failure> + Clone + Send + 'static,
) -> Result<Response, Failed> {
    let workspace = may.workspace();
    let slug = app.point({
        let may = may.clone();
        move |db, _| Ok(store::workspaces::of(db, may.member())?.slug)
    });
    let home = narrowed(&slug.await?, Part::of(&chosen.show), &chosen.q);
    let ids = chosen.ids();
    if ids.is_empty() {
        return Ok(on(visit.jar, app.settings(), &home, &Flash::NothingChosen));
    }
    let mut results = Vec::new();
    for id in ids {
        let asked = chosen.asked(&visit, &id.to_string());
        results.extend(one(app, &may, from.client, asked, id, verb.clone()).await?);
    }
    let (told, asked) = (Told { workspace, resent: deed == Deed::Resend, results }, chosen.asked(&visit, ""));
    let keeper = app.clone();
    let keep =
        move |tx: &mut Tx<'_>, now: &Now| once(tx, keeper.vault(), asked.as_ref(), now, |_| Ok(told.clone())).map(drop);
    app.write(from.client, keep).await?;
    let key: String = url::form_urlencoded::byte_serialize(chosen.key.as_bytes()).collect();
    Ok((visit.jar, Redirect::to(&format!("{home}&acted={key}"))).into_response())
}

/// Acts on one, in a transaction of its own. `None` for one the caller may not know of.
async fn one(
    app: &App,
    may: &May<Membership>,
    client: Option<std::net::IpAddr>,
    asked: Option<Asked>,
    id: InvitationId,
    verb: impl Fn(&mut Tx<'_>, InvitationId, &Now) -> Result<(), Failure> + Send + 'static,
) -> Result<Option<One>, Failure> {
    let look = may.clone();
    let Some(found) = app.point(move |db, _| Ok(store::invitations::find(db, &look, id)?)).await? else {
        return Ok(None);
    };
    let verbs = app.clone();
    let done = app.write(client, move |tx, now| once(tx, verbs.vault(), asked.as_ref(), now, |tx| verb(tx, id, now)));
    let why_not = match done.await {
        Ok(()) => None,
        Err(Failure::Lacks { .. }) => Some("Somebody else sent it, and you may not manage members.".to_owned()),
        Err(refused) => Some(in_words(refused)?),
    };
    Ok(Some(One { id, address: found.address, why_not }))
}

impl Chosen {
    /// Each once, and no more than a page has.
    fn ids(&self) -> Vec<InvitationId> {
        let mut ids: Vec<InvitationId> = Vec::new();
        for id in self.id.iter().filter_map(|text| text.parse().ok()) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        ids.truncate(usize::try_from(ROWS).unwrap_or(usize::MAX));
        ids
    }

    /// The form's own key makes a second click the same request, for each of them and for all.
    fn asked(&self, visit: &Visit, part: &str) -> Option<Asked> {
        if self.key.is_empty() || self.key.len() > 64 || self.key.contains('\0') {
            return None;
        }
        let key = if part.is_empty() { self.key.clone() } else { format!("{} {part}", self.key) };
        Some(Asked { caller: visit.who.person.to_string(), key, fingerprint: [0; 32], keep: days(1) })
    }
}

/// What was done with many a moment ago, if the page was asked to tell.
pub fn told(
    app: &App,
    db: &mut Conn,
    visit: &Visit,
    may: &May<Membership>,
    shown: &Shown,
    now: &Now,
) -> Result<Option<Acted>, Failure> {
    let Some(key) = shown.acted.as_deref().filter(|key| !key.contains('\0')) else { return Ok(None) };
    let caller = visit.who.person.to_string();
    let told: Option<Told> = recall(db, app.vault(), &caller, key, now).unwrap_or_default();
    let told = told.filter(|told| told.workspace == may.workspace());
    Ok(told.map(|told| Acted {
        deed: if told.resent { Deed::Resend } else { Deed::Revoke },
        results: told.results.into_iter().map(ActedOn::from).collect(),
    }))
}

impl From<One> for ActedOn {
    fn from(one: One) -> Self {
        Self { id: one.id.to_string(), address: one.address, why_not: one.why_not }
    }
}
