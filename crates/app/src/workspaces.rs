//! Making and naming workspaces.

pub mod export;
pub mod trash;

use db::Tx;
use domain::{
    access::{ManageWorkspace, May, Role, SignedIn},
    event::{Attempt, Event, What},
    id::PersonId,
    now::Now,
    secret::Token,
    slug::Slug,
    title::{KeyName, WorkspaceName},
};
use store::{Again, events, keys, members, people, workspaces, workspaces::Workspace};

use crate::{
    Failure,
    server::{self, Founders},
};

/// A workspace just made, with its owner's key.
#[derive(Debug)]
pub struct Founded {
    /// The workspace.
    pub workspace: Workspace,
    /// The key of its first owner.
    pub api_key: Token,
}

/// Makes a workspace whose owner is the caller. Operators only, unless they let everybody; by session or a key without a `rights` limit.
pub fn create(tx: &mut Tx, who: &SignedIn, name: &WorkspaceName, now: &Now) -> Result<Founded, Failure> {
    now.tries(Attempt::new(What::WorkspaceRefused, "person", who.person, "create").by_person(Some(who.person)));
    tx.still_signed_in(who, now.at)?;
    let everybody = server::policy(tx)?.founders.value == Founders::Everybody;
    if !(everybody || people::me(tx, who)?.operator) || !who.unlimited() {
        return Err(Failure::forbidden("operators_only", "Only operators of this server make workspaces."));
    }
    found(tx, who.person, name, now)
}

/// Makes a workspace and its first owner's membership and key.
pub(crate) fn found(tx: &mut Tx, founder: PersonId, name: &WorkspaceName, now: &Now) -> Result<Founded, Failure> {
    let workspace = insert(tx, founder, name, now)?;
    let member = members::insert(tx, workspace.id, founder, Role::Owner, None, now)?;
    let member = member.ok_or_else(|| Failure::Broken("a new workspace has a member".into()))?;
    let key_name = KeyName::parse("First key").map_err(|error| Failure::Broken(error.to_string()))?;
    let (key, api_key) = keys::insert_first(tx, workspace.id, founder, &key_name, now)?;
    let event = Event::new(What::WorkspaceCreated, "workspace", workspace.id, &workspace.name);
    let joined = Event::new(What::MemberJoined, "member", member, "").change("role", (), Role::Owner.slug());
    let made = Event::new(What::KeyCreated, "api_key", key, key_name.as_str());
    for event in [event, joined, made] {
        events::add(tx, Some(workspace.id), Some(founder), &event, now)?;
    }
    Ok(Founded { workspace, api_key })
}

/// Under the first slug that is free: `web`, `web-2`, `web-3`.
fn insert(tx: &mut Tx, founder: PersonId, name: &WorkspaceName, now: &Now) -> Result<Workspace, Failure> {
    let wanted = Slug::suggest(name);
    for n in 1..=MOST_NAMESAKES {
        let slug = if n == 1 { wanted.clone() } else { wanted.with_number(n) };
        if let Some(id) = workspaces::insert(tx, founder, name, &slug, now)? {
            return Ok(Workspace { id, slug: slug.as_str().to_owned(), name: name.as_str().to_owned() });
        }
    }
    Err(Failure::conflict("slug_taken", "Too many workspaces have this name. Choose another."))
}

const MOST_NAMESAKES: u32 = 1_000;

/// Gives a workspace another name.
pub fn rename(tx: &mut Tx, may: &May<ManageWorkspace>, name: &WorkspaceName, now: &Now) -> Result<Workspace, Failure> {
    now.tries(Attempt::new(What::WorkspaceRefused, "workspace", may.workspace(), "rename").by(may));
    let still = tx.still(may, now.at)?;
    let before = workspaces::named(tx, still.workspace())?;
    workspaces::rename(tx, &still, name)?;
    let event = Event::new(What::WorkspaceRenamed, "workspace", before.id, &before.name);
    let event = event.change("name", before.name.as_str(), name.as_str());
    events::add(tx, Some(before.id), Some(still.person()), &event, now)?;
    Ok(Workspace { name: name.as_str().to_owned(), ..before })
}
