//! The server's own page, for its operators.

use app::{
    App, Bad, Failure, operators,
    server::{self, Change, Choice, Founders, MemberLimit, Policy},
    workspaces::trash,
};
use axum::{
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use axum_extra::extract::CookieJar;
use domain::{
    access::{self, System},
    id::WorkspaceId,
};
use serde::Deserialize;
use store::paging::Page as Rows;

use super::{
    form::Form,
    moment::moment,
    page::{Page, on},
    shell::Visit,
};
use crate::{
    client,
    extract::{Id, Operating, Paging},
    failed::Failed,
    views::{
        frame::Flash,
        operator::{Number, Operator, WorkspaceRow},
        operator_mail::Area,
        parts::Field,
        paths,
    },
};

/// The form as typed; what the command line decides is not sent, or sent back unchanged.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Typed {
    create_workspaces: Option<String>,
    #[serde(default)]
    member_limit: String,
    #[serde(default)]
    per_workspace: String,
    #[serde(default)]
    per_inviter: String,
    #[serde(default)]
    per_server: String,
}

/// Which page of the workspaces.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Where {
    cursor: Option<String>,
}

/// The settings and the workspaces.
pub async fn show(
    Operating(operator): Operating,
    visit: Visit,
    State(app): State<App>,
    Query(place): Query<Where>,
) -> Result<Response, Failed> {
    let jar = visit.jar.clone();
    Ok((jar, Page::of(view(&app, visit, operator, place, None).await?)).into_response())
}

/// Changes the settings.
pub async fn update(
    Operating(operator): Operating,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failed> {
    let policy = app.read(|db, _| server::policy(db)).await?;
    let changed = match typed.parse(&policy) {
        Ok(change) => app.write(from.client, move |tx, now| server::change(tx, &operator, &change, now)).await,
        Err(bad) => Err(Failure::Invalid(bad)),
    };
    match changed {
        Ok(_) => Ok(on(visit.jar, app.settings(), paths::OPERATOR, &Flash::SettingsSaved)),
        Err(Failure::Invalid(bad)) => {
            let view = view(&app, visit, operator, Where::default(), Some((typed, bad))).await?;
            Ok(Page::wrong(view).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

impl Typed {
    /// What it asks for; what the command line decides is left out.
    fn parse(&self, policy: &Policy) -> Result<Change, Vec<Bad>> {
        let mut bad = Vec::new();
        let mut number = |name: &str, text: &str, choice: Choice<i64>| {
            let number = text.trim().parse::<i64>();
            if number.is_err() && !choice.fixed {
                bad.push(Bad::new(name, "malformed", "A number from 0 to 10,000,000."));
            }
            number.ok().filter(|_| !choice.fixed)
        };
        let per_workspace = number("per_workspace", &self.per_workspace, policy.per_workspace);
        let per_inviter = number("per_inviter", &self.per_inviter, policy.per_inviter);
        let per_server = number("per_server", &self.per_server, policy.per_server);
        let limit = Some(self.member_limit.trim()).filter(|text| !text.is_empty()).unwrap_or("none").parse();
        if !policy.member_limit.fixed && limit.is_err() {
            bad.push(Bad::new(
                "member_limit",
                "out_of_range",
                "A number from 1 to 1,000,000, or nothing for no limit.",
            ));
        }
        let member_limit = limit.ok().filter(|_: &MemberLimit| !policy.member_limit.fixed);
        let founders = self.create_workspaces.as_deref().and_then(|word| word.parse().ok());
        let founders = founders.filter(|_: &Founders| !policy.founders.fixed);
        let change = Change { founders, member_limit, per_workspace, per_inviter, per_server };
        if bad.is_empty() { Ok(change) } else { Err(bad) }
    }

    fn of(policy: &Policy) -> Self {
        Self {
            create_workspaces: Some(policy.founders.value.word().to_owned()),
            member_limit: policy.member_limit.value.most().map(|most| most.to_string()).unwrap_or_default(),
            per_workspace: policy.per_workspace.value.to_string(),
            per_inviter: policy.per_inviter.value.to_string(),
            per_server: policy.per_server.value.to_string(),
        }
    }

    fn numbers(&self, policy: &Policy, bad: &[Bad]) -> Vec<Number> {
        let quota = Some("--invites-per-day");
        [
            ("member_limit", &self.member_limit, policy.member_limit.fixed, Some("--member-limit")),
            ("per_workspace", &self.per_workspace, policy.per_workspace.fixed, quota),
            ("per_inviter", &self.per_inviter, policy.per_inviter.fixed, quota),
            ("per_server", &self.per_server, policy.per_server.fixed, quota),
        ]
        .into_iter()
        .map(|(name, text, fixed, flag)| {
            let error = bad.iter().find(|bad| bad.field == name).map(|bad| bad.detail.clone());
            Number { name, field: Field { value: text.clone(), error }, flag: flag.filter(|_| fixed) }
        })
        .collect()
    }
}

/// Workspaces on one page of the list.
const ROWS: i64 = 50;

async fn view(
    app: &App,
    visit: Visit,
    operator: access::Operator,
    place: Where,
    typed: Option<(Typed, Vec<Bad>)>,
) -> Result<Operator, Failed> {
    let after = Paging::after(place.cursor.as_deref())?;
    let page = Rows { limit: ROWS, after };
    let view = app.read(move |db, now| {
        let policy = server::policy(db)?;
        let (typed, bad) = typed.unwrap_or_else(|| (Typed::of(&policy), Vec::new()));
        let me = store::people::me(db, &operator.who())?;
        let slice = store::server::workspaces(db, &operator, &page)?;
        let row = |row: &store::server::Listed| WorkspaceRow {
            name: row.name.clone(),
            slug: row.slug.clone(),
            members: row.members,
            created: moment(row.created_at, now.at),
            id: row.id.to_string(),
            ends: row.trashed_at.map(|at| moment(at + trash::KEPT, now.at)),
        };
        let all = operators::list(db, &System::because("an operator looks at who else is one"))?;
        Ok(Operator {
            frame: visit.operates(me, Area::Limits),
            everybody: typed.create_workspaces.as_deref() == Some(Founders::Everybody.word()),
            founders_fixed: policy.founders.fixed,
            numbers: typed.numbers(&policy, &bad),
            next: slice.rows.last().filter(|_| slice.more).map(|row| Paging::cursor(&row.id)),
            later: page.after.is_some(),
            rows: slice.rows.iter().map(row).collect(),
            operators: all.into_iter().map(|person| format!("{} ({})", person.name, person.address)).collect(),
        })
    });
    Ok(view.await?)
}

/// Takes a workspace out of the trash.
pub async fn restore(
    Operating(operator): Operating,
    client::From(from): client::From,
    State(app): State<App>,
    jar: CookieJar,
    Id(id): Id<WorkspaceId>,
) -> Result<Response, Failed> {
    app.write(from.client, move |tx, now| trash::restore(tx, &operator, id, now)).await?;
    Ok(on(jar, app.settings(), paths::OPERATOR, &Flash::WorkspaceRestored))
}
