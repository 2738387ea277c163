//! Who one is and what one may do.

use app::App;
use axum::{Json, extract::State};
use domain::{
    access::{Rights, Role, SignedIn, Via},
    actor::Actor,
};
use serde::Serialize;
use store::{people, people::Person, workspaces, workspaces::Mine};
use utoipa::ToSchema;

use crate::{extract::Caller, failed::Failed, problem::Problem};

/// The caller.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Me {
    /// Null with a key of a service account.
    person: Option<MyPerson>,
    /// With a key of a service account: which.
    #[serde(skip_serializing_if = "Option::is_none")]
    service_account: Option<MyAccount>,
    memberships: Vec<Membership>,
    /// With a key: which.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    /// With a key: its workspace.
    #[serde(skip_serializing_if = "Option::is_none")]
    workspace: Option<MyWorkspace>,
    /// With a key: its holder's role there.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    role: Option<Role>,
    /// With a key: the holder's rights as far as the key has them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>)]
    rights: Option<Rights>,
}

/// A person, as himself sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MyPerson {
    id: String,
    name: String,
    /// The primary address.
    email: String,
    /// Whether something mailed to that address has proved it.
    email_verified: bool,
}

impl From<Person> for MyPerson {
    fn from(row: Person) -> Self {
        Self { id: row.id.to_string(), name: row.name, email: row.address, email_verified: row.verified }
    }
}

#[derive(Clone, Debug, Serialize, ToSchema)]
struct MyAccount {
    #[schema(example = "svc_06d4…")]
    id: String,
    name: String,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
struct Membership {
    workspace: MyWorkspace,
    #[schema(value_type = String, example = "tester")]
    role: Role,
    #[schema(value_type = Vec<String>)]
    rights: Rights,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
struct MyWorkspace {
    id: String,
    slug: String,
    name: String,
}

/// The caller, with all memberships; by key with that of the key.
#[utoipa::path(get, path = "/api/v1/me", tag = "Sessions and keys", responses(
    (status = OK, body = Me), (status = UNAUTHORIZED, body = Problem)
))]
pub async fn get(caller: Caller, State(app): State<App>) -> Result<Json<Me>, Failed> {
    let who = caller.who;
    let (person, mine) = app.point(move |db, _| Ok((people::me(db, &who)?, workspaces::mine(db, &who)?))).await?;
    Ok(Json(Me::of(&who, person, mine)))
}

impl Me {
    fn of(who: &SignedIn, me: Person, mine: Vec<Mine>) -> Self {
        let via = who.via;
        let limit = match via {
            Via::Key { limit, .. } => limit,
            Via::Session(_) => None,
        };
        let memberships: Vec<Membership> = mine.into_iter().map(|row| Membership::of(row, limit)).collect();
        let of_key = match via {
            Via::Key { id, .. } => memberships.first().map(|own| (id.to_string(), own.clone())),
            Via::Session(_) => None,
        };
        let (key, own) = of_key.unzip();
        let (person, service_account) = match who.actor() {
            Actor::Person(_) => (Some(me.into()), None),
            Actor::Service(id) => (None, Some(MyAccount { id: id.to_string(), name: me.name })),
        };
        Self {
            person,
            service_account,
            memberships,
            key,
            role: own.as_ref().map(|own| own.role),
            rights: own.as_ref().map(|own| own.rights),
            workspace: own.map(|own| own.workspace),
        }
    }
}

impl Membership {
    fn of(row: Mine, limit: Option<Rights>) -> Self {
        let rights = limit.map_or(row.role.rights(), |limit| row.role.rights() & limit);
        Self {
            workspace: MyWorkspace { id: row.id.to_string(), slug: row.slug, name: row.name },
            role: row.role,
            rights,
        }
    }
}
