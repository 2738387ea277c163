//! Service accounts: members that act by keys alone. Their keys survive the people who made them.

use db::Tx;
use domain::{
    access::{Grants, ManageMembers, May, Role},
    event::{Attempt, Event, What},
    id::{KeyId, ServiceId},
    now::Now,
    secret::Token,
    title::PersonName,
};
use store::{
    Again, events, keys as rows, members, projects,
    service_accounts::{self, ServiceAccount},
};

use crate::{
    Failure,
    invitations::policy,
    keys::{NewKey, bounded, made},
};

/// What is said to whoever wants a service account to own a workspace.
pub const NEVER_OWNER: &str = "A service account is never an owner.";

/// Makes one with a role under the ceiling, never Owner. It is a member and counts as one where their number is limited.
pub fn create(
    tx: &mut Tx,
    may: &May<ManageMembers>,
    name: &PersonName,
    role: Role,
    now: &Now,
) -> Result<ServiceAccount, Failure> {
    now.tries(Attempt::new(What::ServiceRefused, "workspace", may.workspace(), "make").by(may));
    policy::queue(tx, may.workspace())?;
    let still = tx.still(may, now.at)?;
    if role == Role::Owner {
        return Err(Failure::invalid("role", "never_owner", NEVER_OWNER));
    }
    still.member().may_grant_role(role)?;
    policy::room(tx, still.workspace())?;
    let (id, _) = service_accounts::insert(tx, &still, name, role, now)?;
    let event = Event::new(What::ServiceCreated, "service_account", id, name.as_str()).change("role", (), role.slug());
    events::add(tx, Some(still.workspace()), Some(still.person()), &event, now)?;
    service_accounts::find(tx, &still, id)?.ok_or_else(|| Failure::Broken("a new service account is there".into()))
}

/// Makes a key for one and gives its secret, once. Whoever has the key can do what the account may, so the ceiling
/// applies to all of that.
pub fn create_key(
    tx: &mut Tx,
    may: &May<ManageMembers>,
    id: ServiceId,
    new: &NewKey,
    now: &Now,
) -> Result<(KeyId, Token), Failure> {
    now.tries(Attempt::new(What::ServiceRefused, "service_account", id, "make a key for").by(may));
    let still = tx.still(may, now.at)?;
    let account = service_accounts::find(tx, &still, id)?.ok_or(Failure::Unknown)?;
    let member = members::lock(tx, &still, account.member)?.ok_or(Failure::Unknown)?;
    let grants = Grants { role: member.role, projects: projects::of_member(tx, &still, member.id)? };
    still.member().may_grant(&grants)?;
    let (rights, ends_at) = bounded(&still, new, now)?;
    let (key, secret) = rows::insert_for(tx, &still, id, &new.name, rights, ends_at, now)?;
    let event = made(key, &format!("{} of {}", new.name, account.name), rights, ends_at);
    events::add(tx, Some(still.workspace()), Some(still.person()), &event, now)?;
    Ok((key, secret))
}
