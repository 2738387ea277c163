//! Invite Team, the copied link, taking back.

use app::{
    App, Failure,
    answers::{Asked, once},
    invitations::{self, Batch, batch::pasted, wanted::WantedRole},
};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use db::Conn;
use domain::{
    access::{InviteMembers, May, Membership, ProjectRole, Role},
    id::{InvitationId, WorkspaceId},
    invitation::{Outcome as Became, ValidDays},
    now::Now,
    time::days,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::projects;

use super::{
    form::Form,
    invitation::whose,
    moment::exact,
    page::{Page, on},
    shell::Visit,
    users::{self, Shown},
};
use crate::{
    api::invitations::{Results, with},
    client,
    extract::{Can, Id},
    failed::Failed,
    views::{
        frame::{Flash, Place},
        invitation::{
            Batch as BatchView, CopiedLink, Invite, InviteForm, Outcome, OutcomeState, ProjectChoice, RoleChoice, Scope,
        },
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

/// Invite Team as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    recipients: String,
    role: String,
    scope: String,
    project: Vec<String>,
    project_role: Vec<String>,
    expires_in_days: String,
    send_email: bool,
    idempotency_key: String,
    origin: String,
}

/// Invite Team as a page of its own.
pub async fn show(Can(may): Can<InviteMembers>, visit: Visit, State(app): State<App>) -> Result<Response, Failed> {
    let (jar, gather) = (visit.jar.clone(), app.clone());
    let view = app
        .read(move |db, now| {
            let belongs: May<Membership> = may.member().may()?;
            let form = form(&gather, db, &belongs, now)?;
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

/// Sends a batch. 303 to the page that tells what became of each, or 422 with the text kept and each bad piece named.
pub async fn create(
    Can(may): Can<InviteMembers>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failed> {
    let belongs: May<Membership> = may.member().may()?;
    let sent = match typed.parse() {
        Ok(batch) => send(&app, may, batch, typed.asked(&visit), from).await,
        Err(wrong) => Err(wrong),
    };
    match sent {
        Ok(results) if results.any_invited() => told(&app, visit, belongs, &typed, &results).await,
        Ok(results) => again(app, visit, belongs, typed, None, results).await,
        Err(Failure::Invalid(bad)) => {
            let error = bad.iter().map(|bad| bad.detail.as_str()).collect::<Vec<_>>().join(" ");
            again(app, visit, belongs, typed, Some(error), Results { results: Vec::new() }).await
        }
        Err(wrong @ (Failure::Forbidden { .. } | Failure::OverQuota { .. } | Failure::KeyReused)) => {
            again(app, visit, belongs, typed, Some(wrong.to_string()), Results { results: Vec::new() }).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn send(
    app: &App,
    may: May<InviteMembers>,
    batch: Batch,
    asked: Option<Asked>,
    from: app::sessions::Browser,
) -> Result<Results, Failure> {
    let verbs = app.clone();
    let sent = app.write(from.client, move |tx, now| {
        once(tx, verbs.vault(), asked.as_ref(), now, |tx| {
            let results = Results::of(invitations::invite(tx, with(&verbs), &may, &batch, now)?);
            let mailed = batch.send_email && verbs.settings().mail.is_some();
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
    let flash = Flash::Invited { invited, skipped };
    let key: String = url::form_urlencoded::byte_serialize(typed.idempotency_key.as_bytes()).collect();
    let path = if key.is_empty() { paths::users(&slug) } else { format!("{}?batch={key}", paths::users(&slug)) };
    Ok(on(visit.jar, app.settings(), &path, &flash))
}

/// The form again, on the page it stood on.
async fn again(
    app: App,
    visit: Visit,
    may: May<Membership>,
    typed: Typed,
    error: Option<String>,
    results: Results,
) -> Result<Response, Failed> {
    let gather = app.clone();
    let response = app.read(move |db, now| {
        let error = error.or_else(|| Some("None of these addresses could be invited. Each says why.".to_owned()));
        let fresh = form(&gather, db, &may, now)?;
        let form = typed.fill(fresh, error, results);
        if typed.origin == "dialog" {
            let form = InviteForm { open: true, ..form };
            let view = users::gathered(&gather, db, &visit, &may, &Shown::default(), Some(form), now)?;
            return Ok(Page::wrong(view).into_response());
        }
        Ok(Page::wrong(own_page(&gather, db, &visit, &may, form)?).into_response())
    });
    Ok(response.await?)
}

/// An empty form with what this person may grant here.
pub fn form(app: &App, db: &mut Conn, may: &May<Membership>, now: &Now) -> Result<InviteForm, Failure> {
    let member = may.member();
    let mail = app.settings().mail.is_some();
    let grantable = |role: &&Role| **role != Role::Guest && member.may_grant_role(**role).is_ok();
    let role = |role: &Role| RoleChoice {
        slug: role.slug().to_owned(),
        name: role.name().to_owned(),
        can: sentence(role.words()),
        chosen: *role == Role::Tester,
        on_projects: *role != Role::Owner,
    };
    let projects = projects::visible(db, &member.visible())?.into_iter();
    let reads = |project: &projects::Project| {
        member.may_grant_on(ProjectRole { project: project.facts(), role: Role::ReadOnly }).is_ok()
    };
    let choice = |project: projects::Project| ProjectChoice {
        key: project.key,
        name: project.name,
        private: project.private,
        chosen: false,
        role: String::new(),
    };
    Ok(InviteForm {
        open: false,
        recipients: String::new(),
        error: None,
        outcomes: Vec::new(),
        roles: Role::ALL.iter().rev().filter(grantable).map(role).collect(),
        scope: Scope::All,
        projects: projects.filter(reads).map(choice).collect(),
        days: u8::try_from(ValidDays::default().get()).unwrap_or(7),
        mail,
        send_email: mail,
        idempotency_key: now.token().reveal().to_owned(),
    })
}

/// Words of the rules as a sentence.
pub fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}

impl Typed {
    fn parse(&self) -> Result<Batch, Failure> {
        let rows = pasted(&self.recipients);
        if rows.is_empty() {
            return Err(Failure::invalid("recipients", "required", "Enter at least one address."));
        }
        let role = role(&self.role)?;
        let projects = self.project.iter().map(|key| self.on_project(key, role)).collect::<Result<Vec<_>, _>>()?;
        let only = self.scope == "only";
        if only && projects.is_empty() {
            return Err(Failure::invalid("projects", "required", "Choose at least one project, or all open projects."));
        }
        let valid = match self.expires_in_days.trim() {
            "" => ValidDays::default(),
            text => text.parse().ok().and_then(|days| ValidDays::new(days).ok()).ok_or_else(bad_days)?,
        };
        let role = if only { Role::Guest } else { role };
        Ok(Batch { rows, role, projects, message: None, valid, send_email: self.send_email })
    }

    fn on_project(&self, key: &str, usual: Role) -> Result<WantedRole, Failure> {
        let own = self.project_role.iter().find_map(|text| text.strip_prefix(key)?.strip_prefix(':'));
        let role = own.filter(|own| !own.is_empty()).map_or(Ok(usual), role)?;
        Ok(WantedRole { project: key.to_owned(), role })
    }

    /// The form's own key makes a second click the same request.
    fn asked(&self, visit: &Visit) -> Option<Asked> {
        if self.idempotency_key.is_empty() || self.idempotency_key.len() > 64 {
            return None;
        }
        let said = format!("{self:?}");
        let fingerprint = Sha256::digest(said.as_bytes()).into();
        Some(Asked {
            caller: visit.who.person.to_string(),
            key: self.idempotency_key.clone(),
            fingerprint,
            keep: days(1),
        })
    }

    /// What was typed, in a fresh form; it gets a fresh key, because the next try is another request.
    fn fill(&self, form: InviteForm, error: Option<String>, results: Results) -> InviteForm {
        let roles = form.roles.into_iter().map(|role| RoleChoice { chosen: role.slug == self.role, ..role });
        let projects = form.projects.into_iter().map(|project| ProjectChoice {
            chosen: self.project.contains(&project.key),
            role: self
                .project_role
                .iter()
                .find_map(|text| text.strip_prefix(&project.key)?.strip_prefix(':'))
                .unwrap_or_default()
                .to_owned(),
            ..project
        });
        InviteForm {
            recipients: self.recipients.clone(),
            error,
            outcomes: outcomes(results),
            roles: roles.collect(),
            scope: Scope::of(&self.scope),
            projects: projects.collect(),
            days: self.expires_in_days.parse().ok().filter(|days| (1..=90).contains(days)).unwrap_or(form.days),
            send_email: self.send_email,
            ..form
        }
    }
}

fn role(text: &str) -> Result<Role, Failure> {
    text.parse()
        .map_err(|unknown: domain::access::UnknownRole| Failure::invalid("role", "unknown_role", format!("{unknown}.")))
}

fn bad_days() -> Failure {
    Failure::invalid("expires_in_days", "out_of_range", "The link's validity must be 1 to 90 days.")
}

/// What became of each piece, as the page shows it.
pub fn outcomes(results: Results) -> Vec<Outcome> {
    let one = |row: crate::api::invitations::ResultBody| Outcome {
        input: row.input,
        state: match row.outcome {
            Became::Invited => OutcomeState::Invited,
            Became::AlreadyMember => OutcomeState::AlreadyMember,
            Became::AlreadyInvited => OutcomeState::AlreadyInvited,
            Became::Duplicate => OutcomeState::Duplicate,
            Became::Invalid => OutcomeState::Invalid,
            Became::NotAllowed => OutcomeState::NotAllowed,
        },
        detail: match (row.detail, row.suggestion) {
            (Some(detail), Some(meant)) => Some(format!("{}. Did you mean {meant}?", detail.trim_end_matches('.'))),
            (detail, _) => detail,
        },
        invitation: row.invitation,
    };
    results.results.into_iter().map(one).collect()
}

/// The result of a batch.
pub fn batch_of(results: Results, mailed: bool) -> BatchView {
    let (invited, skipped) = counts(&results);
    BatchView { invited, skipped, mailed, outcomes: outcomes(results) }
}

/// How many were invited and how many were not. A repeat is neither: its address was invited all the same.
fn counts(results: &Results) -> (u32, u32) {
    let of = |which: fn(Became) -> bool| results.results.iter().filter(|row| which(row.outcome)).count();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let invited = of(|outcome| outcome == Became::Invited);
    (count(invited), count(of(|outcome| !matches!(outcome, Became::Invited | Became::Duplicate))))
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
