//! The domains a workspace allows and blocks.

use app::{App, mail_domains};
use axum::{Json, extract::State};
use domain::{access::ManageWorkspace, mail_domain::MailDomains};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    client,
    extract::{Body, Can},
    failed::Failed,
    problem::Problem,
};

/// Whose addresses are invited. A domain stands for itself and everything below it; what is blocked is blocked.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DomainsBody {
    /// If there are any, only addresses in these are taken. At most 200.
    #[serde(default)]
    #[schema(example = json!(["hollin.example"]))]
    allowed: Vec<String>,
    /// No address in these is taken. At most 200.
    #[serde(default)]
    blocked: Vec<String>,
}

impl From<MailDomains> for DomainsBody {
    fn from(domains: MailDomains) -> Self {
        let texts = |list: Vec<domain::mail_domain::MailDomain>| list.iter().map(ToString::to_string).collect();
        Self { allowed: texts(domains.allowed), blocked: texts(domains.blocked) }
    }
}

/// The domains people are invited of.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}/invitation-domains", tag = "Workspaces and projects",
    params(("workspace" = String, Path, description = "Id or slug")), responses(
    (status = OK, body = DomainsBody), (status = FORBIDDEN, body = Problem)
))]
pub async fn get(Can(may): Can<ManageWorkspace>, State(app): State<App>) -> Result<Json<DomainsBody>, Failed> {
    Ok(Json(app.point(move |db, _| Ok(store::mail_domains::of(db, may.workspace())?)).await?.into()))
}

/// Puts others in their place. Invitations that are open stay, and are refused when they are accepted or sent again.
#[utoipa::path(put, path = "/api/v1/workspaces/{workspace}/invitation-domains", tag = "Workspaces and projects",
    params(("workspace" = String, Path, description = "Id or slug")), request_body = DomainsBody, responses(
    (status = OK, body = DomainsBody), (status = FORBIDDEN, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)
))]
pub async fn put(
    Can(may): Can<ManageWorkspace>,
    client::From(from): client::From,
    State(app): State<App>,
    body: Body<DomainsBody>,
) -> Result<Json<DomainsBody>, Failed> {
    let (allowed, blocked) = (&body.value.allowed, &body.value.blocked);
    let domains = mail_domains::parse(allowed.iter().map(String::as_str), blocked.iter().map(String::as_str))?;
    let shown = domains.clone();
    app.write(from.client, move |tx, now| mail_domains::replace(tx, &may, &domains, now)).await?;
    Ok(Json(shown.into()))
}
