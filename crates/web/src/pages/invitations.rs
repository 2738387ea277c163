//! Invite Team, the copied links, taking back.

mod form;
mod outcome;
mod typed;

use app::{
    App, Bad, Failure,
    answers::{once, recall},
    invitations::{self, Batch},
};
use axum::{
    extract::{Query, State},
    response::{IntoResponse, Redirect, Response},
};
use db::Conn;
use domain::{
    access::{InviteMembers, May, Membership},
    id::{InvitationId, WorkspaceId},
    invitation::Outcome as Became,
    now::Now,
    recipients::HEAD,
};
use http::header;
use serde::{Deserialize, Serialize};

pub use self::{
    form::{form, sentence},
    outcome::batch,
    typed::Typed,
};

use self::outcome::{checked, counts, to_mend};
use super::{
    form::Form,
    invitation::whose,
    moment::exact,
    page::{Page, on},
    shell::Visit,
    users::{self, Shown},
};
use crate::{
    api::invitations::{Preview, Results, foreseen, with},
    client,
    extract::{Can, Id},
    failed::Failed,
    views::{
        frame::{Flash, Place},
        invitation::{Checked, CopiedLink, CopiedLinks, Invite, InviteForm, Typing},
        parts::Field,
        paths,
    },
};

/// A batch as it is kept under its form's key, for the page after it to tell of.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Told {
    /// In which workspace.
    pub workspace: WorkspaceId,
    /// Whether mails went out.
    pub mailed: bool,
    /// What became of each address.
    pub results: Results,
}

/// A batch that was told of.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Kept {
    batch: String,
}

/// What was told here under a key: another workspace's batch, or an answer to something else, is none.
pub fn kept(app: &App, db: &mut Conn, visit: &Visit, may: &May<Membership>, key: &str, now: &Now) -> Option<Told> {
    if key.is_empty() || key.contains('\0') {
        return None;
    }
    let told = recall::<Told>(db, app.vault(), &visit.who.person.to_string(), key, now).unwrap_or_default();
    told.filter(|told| told.workspace == may.workspace())
}

/// Invite Team as a page of its own, perhaps with what is to be mended of a batch.
pub async fn show(
    Can(may): Can<InviteMembers>,
    visit: Visit,
    State(app): State<App>,
    Query(mend): Query<Kept>,
) -> Result<Response, Failed> {
    let (jar, gather) = (visit.jar.clone(), app.clone());
    let view = app
        .read(move |db, now| {
            let belongs: May<Membership> = may.member().may()?;
            let form = form(&gather, db, &belongs, now)?;
            let form = match kept(&gather, db, &visit, &belongs, &mend.batch, now) {
                Some(told) => {
                    InviteForm { state: Typing::Kept, recipients: Field::new(to_mend(&told.results)), ..form }
                }
                None => form,
            };
            own_page(&gather, db, &visit, &belongs, form)
        })
        .await?;
    Ok((jar, Page::of(view)).into_response())
}

fn own_page(
    app: &App,
    db: &mut Conn,
    visit: &Visit,
    may: &May<Membership>,
    form: InviteForm,
) -> Result<Invite, Failure> {
    let inviting = super::dashboard::inviting(db, may)?;
    Ok(Invite { frame: visit.frame(app, db, may, Place::Users)?, inviting, form })
}

/// The head of a table of recipients, to be filled by a spreadsheet.
pub async fn template() -> impl IntoResponse {
    let kind = (header::CONTENT_TYPE, "text/csv; charset=utf-8");
    let name = (header::CONTENT_DISPOSITION, "attachment; filename=\"invite-team.csv\"");
    ([kind, name], format!("{HEAD}\r\n"))
}

/// Sends a batch. 303 to the page that tells what became of each, or 422 with the text kept and each bad piece named.
/// With `check` it only says what would become of each.
pub async fn create(
    Can(may): Can<InviteMembers>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failed> {
    let belongs: May<Membership> = may.member().may()?;
    let done = match typed.batch() {
        Ok(batch) if typed.check => match foreseen(&app, may, batch).await {
            Ok(preview) => return again(app, visit, belongs, typed, Again::Checked(checked(preview))).await,
            Err(wrong) => Err(wrong),
        },
        Ok(batch) => send(&app, may, batch, typed.asked(&visit), from).await,
        Err(wrong) => Err(wrong),
    };
    match done {
        Ok(results) if results.any_invited() => told(&app, visit, belongs, &typed, &results).await,
        Ok(results) => again(app, visit, belongs, typed, Again::none(results)).await,
        Err(Failure::Invalid(bad)) => again(app, visit, belongs, typed, Again::Wrong(bad)).await,
        Err(wrong) if concerns_the_batch(&wrong) => {
            let bad = Bad::new("recipients", wrong.code(), wrong.to_string());
            again(app, visit, belongs, typed, Again::Wrong(vec![bad])).await
        }
        Err(other) => Err(other.into()),
    }
}

/// Refusals for which the form comes back with what was typed; others have a page of their own.
fn concerns_the_batch(wrong: &Failure) -> bool {
    use Failure::{Conflict, Forbidden, KeyReused, OverQuota};
    matches!(wrong, Forbidden { .. } | Conflict { .. } | OverQuota { .. } | KeyReused)
}

async fn send(
    app: &App,
    may: May<InviteMembers>,
    batch: Batch,
    asked: Option<app::answers::Asked>,
    from: app::sessions::Browser,
) -> Result<Results, Failure> {
    let verbs = app.clone();
    let sent = app.write(from.client, move |tx, now| {
        once(tx, verbs.vault(), asked.as_ref(), now, |tx| {
            let results = Results::of(invitations::invite(tx, with(&verbs), &may, &batch, now)?);
            let mailed = batch.send_email && verbs.mail().is_some();
            Ok(Told { workspace: may.workspace(), mailed, results })
        })
    });
    Ok(sent.await?.results)
}

async fn told(
    app: &App,
    visit: Visit,
    may: May<Membership>,
    typed: &Typed,
    results: &Results,
) -> Result<Response, Failed> {
    let (invited, skipped) = counts(results);
    let slug = app.point(move |db, _| Ok(store::workspaces::of(db, may.member())?)).await?.slug;
    let key = &typed.idempotency_key;
    let path = if key.is_empty() { paths::users(&slug) } else { paths::batch(&slug, key) };
    Ok(on(visit.jar, app.settings(), &path, &Flash::Invited { invited, skipped }))
}

/// Why the form comes back.
enum Again {
    /// It was only to be checked.
    Checked(Checked),
    /// Nobody could be invited.
    Nobody(Checked),
    /// Something is wrong with the batch as a whole.
    Wrong(Vec<Bad>),
}

impl Again {
    fn none(results: Results) -> Self {
        Self::Nobody(checked(Preview { results: results.results, idle: Vec::new(), quota: None }))
    }

    fn fill(self, typed: &Typed, fresh: InviteForm) -> InviteForm {
        match self {
            Self::Checked(checked) => typed.fill(fresh, &[], Some(checked)),
            Self::Nobody(checked) => {
                let detail = "None of these addresses could be invited. Each says why.";
                typed.fill(fresh, &[Bad::new("recipients", "none_invited", detail)], Some(checked))
            }
            Self::Wrong(bad) => typed.fill(fresh, &bad, None),
        }
    }
}

/// The form again, on the page it stood on.
async fn again(app: App, visit: Visit, may: May<Membership>, typed: Typed, why: Again) -> Result<Response, Failed> {
    let gather = app.clone();
    let response = app.read(move |db, now| {
        let well = matches!(why, Again::Checked(_));
        let form = why.fill(&typed, form(&gather, db, &may, now)?);
        if form.state == Typing::Open {
            let view = users::gathered(&gather, db, &visit, &may, &Shown::default(), Some(form), now)?;
            return Ok(if well { Page::of(view) } else { Page::wrong(view) }.into_response());
        }
        let view = own_page(&gather, db, &visit, &may, form)?;
        Ok(if well { Page::of(view) } else { Page::wrong(view) }.into_response())
    });
    Ok(response.await?)
}

/// Makes the links of all that a batch invited and shows them in this one answer (I5). A batch that is kept no longer
/// leads back to the list.
pub async fn links(
    Can(may): Can<InviteMembers>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(of): Form<Kept>,
) -> Result<Response, Failed> {
    let belongs: May<Membership> = may.member().may()?;
    let (gather, looking, member) = (app.clone(), visit.clone(), belongs.clone());
    let found = app.read(move |db, now| {
        let slug = store::workspaces::of(db, member.member())?.slug;
        Ok((slug, kept(&gather, db, &looking, &member, &of.batch, now)))
    });
    let (slug, told) = found.await?;
    let Some(told) = told else { return Ok(Redirect::to(&paths::users(&slug)).into_response()) };
    let invited = told.results.results.iter().filter(|row| row.outcome == Became::Invited);
    let ids: Vec<InvitationId> = invited.filter_map(|row| row.invitation.as_ref()?.parse().ok()).collect();
    let copied = app.write(from.client, move |tx, now| invitations::copy_links(tx, &may, &ids, now)).await?;
    let gather = app.clone();
    let view = app.read(move |db, _| {
        let frame = visit.frame(&gather, db, &belongs, Place::Users)?;
        let link = |(invitation, token): (store::invitations::Invitation, domain::secret::Token)| {
            (invitation.address, gather.settings().link(&format!("/join/{}", token.reveal())))
        };
        Ok(CopiedLinks { frame, links: copied.into_iter().map(link).collect() })
    });
    Ok(Page::of(view.await?).into_response())
}

/// Makes a link to copy and shows it in this one answer (I5). One that came too late goes back to the list.
pub async fn link(
    Can(may): Can<InviteMembers>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<InvitationId>,
) -> Result<Response, Failed> {
    let belongs: May<Membership> = may.member().may()?;
    let copied = app.write(from.client, move |tx, now| invitations::copy_link(tx, &may, id, now)).await;
    let (invitation, token) = match copied {
        Err(Failure::Conflict { .. }) => return ended(&app, visit, belongs, id).await,
        other => other?,
    };
    let (gather, url) = (app.clone(), app.settings().link(&format!("/join/{}", token.reveal())));
    let view = app.read(move |db, _| {
        let frame = visit.frame(&gather, db, &belongs, Place::Users)?;
        Ok(CopiedLink { frame, address: invitation.address, url, expires: exact(invitation.ends_at) })
    });
    Ok(Page::of(view.await?).into_response())
}

/// Takes an invitation back.
pub async fn revoke(
    Can(may): Can<Membership>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<InvitationId>,
) -> Result<Response, Failed> {
    let belongs = may.clone();
    match app.write(from.client, move |tx, now| invitations::revoke(tx, &may, id, now)).await {
        Err(Failure::Conflict { .. }) => ended(&app, visit, belongs, id).await,
        Err(other) => Err(other.into()),
        Ok(()) => {
            let (slug, address) = whose(&app, belongs, id).await?;
            Ok(on(visit.jar, app.settings(), &paths::users(&slug), &Flash::InvitationRevoked { address }))
        }
    }
}

async fn ended(app: &App, visit: Visit, may: May<Membership>, id: InvitationId) -> Result<Response, Failed> {
    let (slug, address) = whose(app, may, id).await?;
    Ok(on(visit.jar, app.settings(), &paths::users(&slug), &Flash::InvitationEnded { address }))
}
