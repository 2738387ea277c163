//! Service accounts: members without address or sign-in, which act by keys.

use app::{App, Bad, Failure, answers::once, service_accounts};
use axum::{Json, extract::State};
use domain::{
    access::{ManageMembers, Role},
    id::ServiceId,
    time::Time,
    title::PersonName,
};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use store::service_accounts::ServiceAccount;
use utoipa::ToSchema;

use super::{
    keys::{KeyBody, MadeKey, NewKey},
    list::List,
};
use crate::{
    client,
    extract::{Body, Caller, Can, Id, Paging},
    failed::Failed,
    problem::Problem,
};

/// A service account.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ServiceAccountBody {
    #[schema(example = "svc_06d4…")]
    id: String,
    /// Its membership: role, project roles, deactivation and removal go by this, as for any member.
    member: String,
    name: String,
    #[schema(value_type = String, example = "tester")]
    role: Role,
    #[schema(example = "active")]
    status: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
    created_by: String,
    /// So many keys that are not revoked.
    keys: i64,
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Time>,
}

/// A service account to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewServiceAccount {
    #[schema(example = "Nightly build", max_length = 100)]
    name: String,
    /// Within the caller's rights, and never `owner`.
    #[schema(value_type = String, example = "tester")]
    role: Role,
}

impl From<ServiceAccount> for ServiceAccountBody {
    fn from(row: ServiceAccount) -> Self {
        Self {
            id: row.id.to_string(),
            member: row.member.to_string(),
            name: row.name,
            role: row.role,
            status: row.state,
            created_at: row.created_at,
            created_by: row.created_by,
            keys: row.keys,
            last_used_at: row.used_at,
        }
    }
}

/// The service accounts by name.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}/service-accounts", tag = "Service accounts",
    params(("workspace" = String, Path, description = "Id or slug"), ("limit" = Option<i64>, Query), ("cursor" = Option<String>, Query)), responses(
    (status = OK, body = List<ServiceAccountBody>), (status = FORBIDDEN, body = Problem)
))]
pub async fn list(
    Can(may): Can<ManageMembers>,
    paging: Paging,
    State(app): State<App>,
) -> Result<Json<List<ServiceAccountBody>>, Failed> {
    let rows = app.read(move |db, _| Ok(store::service_accounts::list(db, &may)?)).await?;
    let rows = rows.into_iter().map(ServiceAccountBody::from).collect();
    Ok(Json(List::cut(rows, &paging, |row: &ServiceAccountBody| row.id.clone())?))
}

/// Makes one, a member from now on.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/service-accounts", tag = "Service accounts",
    params(("Idempotency-Key" = Option<String>, Header),
        ("workspace" = String, Path, description = "Id or slug")), request_body = NewServiceAccount, responses(
    (status = CREATED, body = ServiceAccountBody), (status = FORBIDDEN, body = Problem),
    (status = CONFLICT, body = Problem, description = "The workspace has all the members it may have"), (status = UNPROCESSABLE_ENTITY, body = Problem)
))]
pub async fn create(
    Can(may): Can<ManageMembers>,
    caller: Caller,
    client::From(from): client::From,
    State(app): State<App>,
    body: Body<NewServiceAccount>,
) -> Result<(StatusCode, Json<ServiceAccountBody>), Failed> {
    let (name, role) = (named(&body.value.name)?, body.value.role);
    let (verbs, asked) = (app.clone(), body.keyed.by(&caller.who));
    let made = app.write(from.client, move |tx, now| {
        once(tx, verbs.vault(), asked.as_ref(), now, |tx| {
            service_accounts::create(tx, &may, &name, role, now).map(ServiceAccountBody::from)
        })
    });
    Ok((StatusCode::CREATED, Json(made.await?)))
}

/// A name that can be one.
pub fn named(text: &str) -> Result<PersonName, Failure> {
    PersonName::parse(text).map_err(|bad| Failure::Invalid(vec![Bad::new("name", bad.code(), bad.to_string())]))
}

/// The keys of one, newest first. Never the key itself.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}/service-accounts/{id}/api-keys", tag = "Service accounts",
    operation_id = "keys",
    params(("workspace" = String, Path, description = "Id or slug"), ("id" = String, Path), ("limit" = Option<i64>, Query), ("cursor" = Option<String>, Query)), responses(
    (status = OK, body = List<KeyBody>), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem)
))]
pub async fn keys(
    Can(may): Can<ManageMembers>,
    paging: Paging,
    State(app): State<App>,
    Id(id): Id<ServiceId>,
) -> Result<Json<List<KeyBody>>, Failed> {
    let rows = app
        .read(move |db, _| {
            store::service_accounts::find(db, &may, id)?.ok_or(Failure::Unknown)?;
            Ok(store::keys::of_service(db, &may, id)?)
        })
        .await?;
    Ok(Json(List::cut(rows.into_iter().map(KeyBody::from).collect(), &paging, KeyBody::id)?))
}

/// Makes a key for one. It takes all that the account may, and survives whoever made it.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/service-accounts/{id}/api-keys", tag = "Service accounts",
    operation_id = "create_key",
    params(("Idempotency-Key" = Option<String>, Header),
        ("workspace" = String, Path, description = "Id or slug"), ("id" = String, Path)), request_body = NewKey, responses(
    (status = CREATED, body = MadeKey), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem),
    (status = UNPROCESSABLE_ENTITY, body = Problem)
))]
pub async fn create_key(
    Can(may): Can<ManageMembers>,
    caller: Caller,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<ServiceId>,
    body: Body<NewKey>,
) -> Result<(StatusCode, Json<MadeKey>), Failed> {
    let (new, asked) = (body.value.parse()?, body.keyed.secretly_by(&caller.who));
    let verbs = app.clone();
    let made = app.write(from.client, move |tx, now| {
        once(tx, verbs.vault(), asked.as_ref(), now, |tx| {
            service_accounts::create_key(tx, &may, id, &new, now).map(MadeKey::from)
        })
    });
    Ok((StatusCode::CREATED, Json(made.await?)))
}
