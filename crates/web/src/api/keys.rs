//! API keys: the caller's own, and for who manages members those of everyone.

use app::{App, Bad, Failure, answers::once, keys};
use axum::{Json, extract::State};
use domain::{
    access::{ManageMembers, May, Membership, Rights},
    actor::Actor,
    id::KeyId,
    secret::Token,
    time::Time,
    title::KeyName,
};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use store::keys::{HeldKey, Key};
use utoipa::ToSchema;

use super::list::List;
use crate::{
    client,
    extract::{Body, Caller, Can, Id, Paging, Query},
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
    /// In the list of everyone's: whose.
    #[serde(skip_serializing_if = "Option::is_none")]
    holder: Option<HolderBody>,
}

/// Whose key it is: a person, `per_…`, or a service account, `svc_…`.
#[derive(Debug, Serialize, ToSchema)]
pub struct HolderBody {
    id: String,
    name: String,
}

/// Whose keys.
#[derive(Debug, Deserialize)]
pub struct Whose {
    /// `me`, or `everyone` for who manages members.
    holder: Option<String>,
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

impl NewKey {
    /// The key that is wanted, with every name read.
    pub fn parse(self) -> Result<keys::NewKey, Failure> {
        let name = KeyName::parse(&self.name);
        let name = name.map_err(|bad| Failure::Invalid(vec![Bad::new("name", bad.code(), bad.to_string())]))?;
        if self.rights.is_some_and(Rights::is_empty) {
            return Err(Failure::invalid("rights", "required", "Name at least one right, or leave rights out."));
        }
        Ok(keys::NewKey { name, rights: self.rights, ends_at: self.expires_at })
    }
}

/// A key just made.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct MadeKey {
    id: String,
    /// The secret. It is shown this once.
    key: String,
}

impl From<(KeyId, Token)> for MadeKey {
    fn from((id, secret): (KeyId, Token)) -> Self {
        Self { id: id.to_string(), key: secret.reveal().to_owned() }
    }
}

impl KeyBody {
    /// What cursors go by.
    pub fn id(&self) -> String {
        self.id.clone()
    }
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
            holder: None,
        }
    }
}

impl From<HeldKey> for KeyBody {
    fn from(row: HeldKey) -> Self {
        let holder = HolderBody { id: Actor::of(row.holder, row.service).to_string(), name: row.holder_name };
        Self {
            id: row.id.to_string(),
            name: row.name,
            rights: row.rights,
            created_at: row.created_at,
            expires_at: row.ends_at,
            last_used_at: row.used_at,
            holder: Some(holder),
        }
    }
}

/// The caller's own keys in this workspace, newest first; with `holder=everyone` those of every member, for who manages
/// members. Never the key itself.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}/api-keys", tag = "Sessions and keys",
    params(("workspace" = String, Path, description = "Id or slug"), ("holder" = Option<String>, Query, description = "`me`, or `everyone` for who manages members"), ("limit" = Option<i64>, Query), ("cursor" = Option<String>, Query)), responses(
    (status = OK, body = List<KeyBody>), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem)
))]
pub async fn list(
    Can(may): Can<Membership>,
    paging: Paging,
    Query(whose): Query<Whose>,
    State(app): State<App>,
) -> Result<Json<List<KeyBody>>, Failed> {
    match whose.holder.as_deref().unwrap_or("me") {
        "me" => {}
        "everyone" => return everyones(&app, may.member().may()?, &paging).await,
        _ => return Err(Failure::invalid("holder", "unknown_holder", "me or everyone.").into()),
    }
    let rows = app.read(move |db, _| Ok(store::keys::list(db, &may)?)).await?;
    Ok(Json(List::cut(rows.into_iter().map(KeyBody::from).collect(), &paging, KeyBody::id)?))
}

async fn everyones(app: &App, may: May<ManageMembers>, paging: &Paging) -> Result<Json<List<KeyBody>>, Failed> {
    let page = paging.page()?;
    let slice = app.read(move |db, _| Ok(store::keys::everyones(db, &may, &page)?)).await?;
    let next_cursor = slice.rows.last().filter(|_| slice.more).map(|row| Paging::cursor(&row.id));
    Ok(Json(List { items: slice.rows.into_iter().map(KeyBody::from).collect(), next_cursor }))
}

/// Makes a key of the caller's own. It can never do more than its holder; by key, never more than that key.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/api-keys", tag = "Sessions and keys",
    params(("Idempotency-Key" = Option<String>, Header),
        ("workspace" = String, Path, description = "Id or slug")), request_body = NewKey, responses(
    (status = CREATED, body = MadeKey), (status = FORBIDDEN, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem)
))]
pub async fn create(
    Can(may): Can<Membership>,
    caller: Caller,
    client::From(from): client::From,
    State(app): State<App>,
    body: Body<NewKey>,
) -> Result<(StatusCode, Json<MadeKey>), Failed> {
    let (new, asked) = (body.value.parse()?, body.keyed.secretly_by(&caller.who));
    let verbs = app.clone();
    let made = app.write(from.client, move |tx, now| {
        once(tx, verbs.vault(), asked.as_ref(), now, |tx| keys::create(tx, &may, &new, now).map(MadeKey::from))
    });
    Ok((StatusCode::CREATED, Json(made.await?)))
}

/// Takes back a key, the caller's own or with `manage_members` anybody's: it is dead at the next request.
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
