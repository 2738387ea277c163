//! API keys of the caller's own.

use app::{App, Bad, Failure, answers::once, keys};
use axum::{Json, extract::State};
use domain::{
    access::{Membership, Rights},
    id::KeyId,
    time::Time,
    title::KeyName,
};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use store::keys::Key;
use utoipa::ToSchema;

use super::list::List;
use crate::{
    client,
    extract::{Body, Caller, Can, Id, Paging},
    failed::Failed,
    problem::Problem,
};

/// A key as its holder sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyBody {
    id: String,
    name: String,
    /// The rights it is limited to; null is all its holder has.
    #[schema(value_type = Option<Vec<String>>)]
    rights: Option<Rights>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Time>,
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Time>,
}

/// A key to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewKey {
    #[schema(example = "CI of the web shop", max_length = 80)]
    name: String,
    /// Limits it to these rights.
    #[schema(value_type = Option<Vec<String>>)]
    rights: Option<Rights>,
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Time>,
}

/// A key just made.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct MadeKey {
    id: String,
    /// The secret. It is shown this once.
    key: String,
}

impl From<Key> for KeyBody {
    fn from(row: Key) -> Self {
        Self {
            id: row.id.to_string(),
            name: row.name,
            rights: row.rights,
            created_at: row.created_at,
            expires_at: row.ends_at,
            last_used_at: row.used_at,
        }
    }
}

/// The caller's own keys in this workspace, newest first.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}/api-keys", tag = "Sessions and keys",
    params(("workspace" = String, Path, description = "Id or slug"), ("limit" = Option<i64>, Query), ("cursor" = Option<String>, Query)), responses(
    (status = OK, body = List<KeyBody>), (status = NOT_FOUND, body = Problem)
))]
pub async fn list(
    Can(may): Can<Membership>,
    paging: Paging,
    State(app): State<App>,
) -> Result<Json<List<KeyBody>>, Failed> {
    let rows = app.read(move |db, _| Ok(store::keys::list(db, &may)?)).await?;
    Ok(Json(List::cut(rows.into_iter().map(KeyBody::from).collect(), &paging, |row: &KeyBody| row.id.clone())?))
}

/// Makes a key of the caller's own. It can never do more than its holder; by key, never more than that key.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/api-keys", tag = "Sessions and keys",
    params(("workspace" = String, Path, description = "Id or slug")), request_body = NewKey, responses(
    (status = CREATED, body = MadeKey), (status = FORBIDDEN, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)
))]
pub async fn create(
    Can(may): Can<Membership>,
    caller: Caller,
    client::From(from): client::From,
    State(app): State<App>,
    body: Body<NewKey>,
) -> Result<(StatusCode, Json<MadeKey>), Failed> {
    let name = KeyName::parse(&body.value.name);
    let name = name.map_err(|bad| Failure::Invalid(vec![Bad::new("name", bad.code(), bad.to_string())]))?;
    if body.value.rights.is_some_and(Rights::is_empty) {
        return Err(Failure::invalid("rights", "required", "Name at least one right, or leave rights out.").into());
    }
    let new = keys::NewKey { name, rights: body.value.rights, ends_at: body.value.expires_at };
    let (verbs, asked) = (app.clone(), body.keyed.secretly_by(&caller.who));
    let made = app.write(from.client, move |tx, now| {
        once(tx, verbs.vault(), asked.as_ref(), now, |tx| {
            let (id, secret) = keys::create(tx, &may, &new, now)?;
            Ok(MadeKey { id: id.to_string(), key: secret.reveal().to_owned() })
        })
    });
    Ok((StatusCode::CREATED, Json(made.await?)))
}

/// Takes back a key of the caller's own: it is dead at the next request.
#[utoipa::path(delete, path = "/api/v1/workspaces/{workspace}/api-keys/{id}", tag = "Sessions and keys",
    params(("workspace" = String, Path, description = "Id or slug"), ("id" = String, Path)), responses(
    (status = NO_CONTENT), (status = NOT_FOUND, body = Problem)
))]
pub async fn delete(
    Can(may): Can<Membership>,
    client::From(from): client::From,
    State(app): State<App>,
    Id(id): Id<KeyId>,
) -> Result<StatusCode, Failed> {
    app.write(from.client, move |tx, now| keys::revoke(tx, &may, id, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}
