//! What one member does to another, as pages and calls name it.

use db::{Conn, Tx};
use domain::{
    access::{Grant, May, Member, Membership, Standing},
    id::MemberId,
    now::Now,
};
use store::{members, members::Listed, projects, workspaces};

use super::{
    absence::{deactivate, reactivate, shut_out},
    change::{Change, change, regrant},
    departure::remove,
    grants::Wish,
};
use crate::Failure;

/// What one member does to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Gives another role in the workspace.
    Role(domain::access::Role),
    /// Gives or takes back roles on projects; others stay.
    Projects(Vec<Wish>),
    /// Shuts out, with everything kept.
    Deactivate,
    /// Lets in again.
    Reactivate,
    /// Ends the membership.
    Remove,
    /// Ends what the sessions reach here, until the member signs in anew.
    ShutOut,
}

/// How a member stood when somebody looked.
#[derive(Clone, Debug)]
pub enum Seen {
    /// As a page has it.
    Standing(Standing),
    /// As `If-Match` has it.
    Tag(String),
}

/// Does it, if the member still stands as he was seen.
pub fn act(
    tx: &mut Tx,
    may: &May<Membership>,
    id: MemberId,
    deed: &Deed,
    seen: Option<&Seen>,
    now: &Now,
) -> Result<(), Failure> {
    if let Some(seen) = seen {
        unchanged(tx, may, id, seen)?;
    }
    let member = may.member();
    match deed {
        Deed::Role(role) => {
            let role = Change { role: Some(*role), projects: None };
            change(tx, may, id, &role, now).map(drop)
        }
        Deed::Projects(wishes) => regrant(tx, may, id, wishes, now).map(drop),
        Deed::Deactivate => deactivate(tx, &member.may()?, id, now),
        Deed::Reactivate => reactivate(tx, &member.may()?, id, now),
        Deed::Remove => remove(tx, &member.may()?, id, now),
        Deed::ShutOut => shut_out(tx, &member.may()?, id, now),
    }
}

/// Fails and names what is different if the member no longer stands as he was seen. Holds the workspace's row, as every
/// change of a member does, so that it stays true until the transaction ends.
pub fn unchanged(tx: &mut Tx, may: &May<Membership>, id: MemberId, seen: &Seen) -> Result<(), Failure> {
    workspaces::lock(tx, may.workspace())?;
    let target = members::find(tx, may, id)?.ok_or(Failure::Unknown)?;
    let stands = standing(tx, may.member(), &target)?;
    let different = match seen {
        Seen::Standing(then) => stands.since(then).join(", "),
        Seen::Tag(tag) if *tag != stands.tag() => "read it again".to_owned(),
        Seen::Tag(_) => String::new(),
    };
    if different.is_empty() {
        return Ok(());
    }
    Err(Failure::Stale(format!("{} changed meanwhile: {different}. Nothing was done.", target.name)))
}

/// How a member stands, as far as the reader sees it.
pub fn standing(db: &mut Conn, reader: &Member, target: &Listed) -> Result<Standing, Failure> {
    let held = projects::held(db, &reader.visible(), &[target.id])?;
    let grants = held.iter().map(|held| Grant { project: held.project, role: held.role }).collect();
    Ok(Standing::new(target.role, target.is_active(), grants))
}
