//! What a deed would change, told before it happens. It is judged by the functions that carry it out.

use db::Conn;
use domain::{
    access::{Grants, ManageMembers, May, Member, Membership, ProjectRole, Rights, Role, Standing, Supposed},
    id::MemberId,
    now::Now,
};
use store::{access, keys, members, members::Listed, projects, projects::Held};

use super::{
    above,
    change::may_be,
    deed::{Deed, standing},
    grants,
    grants::{Regrant, permitted},
    keep_an_owner,
};
use crate::{Failure, invitations::hold};

/// What a deed would change for one member.
#[derive(Debug)]
pub struct Effects {
    /// The member as he is.
    pub member: Listed,
    /// What has to be shown again when it is done.
    pub standing: Standing,
    /// Why it would be refused.
    pub refusal: Option<Failure>,
    /// It would change nothing.
    pub idle: bool,
    /// Rights in the workspace and its open projects that he would gain.
    pub gained: Rights,
    /// Those he would lose.
    pub lost: Rights,
    /// Roles on projects that would change.
    pub regrants: Vec<Regrant>,
    /// Roles on projects that he holds now, as far as the reader sees them.
    pub held: Vec<Held>,
    /// Addresses of open invitations he sent that would go on hold.
    pub on_hold: Vec<String>,
    /// Of those on hold that would come back.
    pub released: Vec<String>,
    /// How many live keys of the workspace he has.
    pub keys: i64,
}

/// Judges a deed and does nothing. Fails where the reader may not know the member or lacks the right altogether.
pub fn effects(db: &mut Conn, may: &May<Membership>, id: MemberId, deed: &Deed, now: &Now) -> Result<Effects, Failure> {
    let by = may.member();
    if !matches!(deed, Deed::Projects(_)) {
        by.may::<ManageMembers>()?;
    }
    let member = members::find(db, may, id)?.ok_or(Failure::Unknown)?;
    let regrants = match deed {
        Deed::Projects(wishes) => grants::wished(db, by, id, wishes)?,
        _ => Vec::new(),
    };
    let is = access::supposed(db, may, id)?.ok_or(Failure::Unknown)?;
    let (before, after) = (member.is_active().then(|| is.clone()), supposed(&is, &member, deed, &regrants));
    let rights = |one: Option<&Supposed>| one.map_or(Rights::NONE, Supposed::rights);
    let (had, has) = (rights(before.as_ref()), rights(after.as_ref()));
    let (on_hold, released) = hold::outlook(db, may, member.person, after.as_ref(), now)?;
    Ok(Effects {
        standing: standing(db, by, &member)?,
        refusal: refusal(db, may, &member, deed, &regrants)?,
        idle: is_idle(&member, deed, &regrants),
        gained: has.without(had),
        lost: had.without(has),
        held: projects::held(db, &by.visible(), &[id])?,
        keys: keys::alive(db, may, member.person, now.at)?,
        regrants,
        on_hold,
        released,
        member,
    })
}

/// The member as he would be, if he could still come in.
fn supposed(is: &Supposed, member: &Listed, deed: &Deed, regrants: &[Regrant]) -> Option<Supposed> {
    match deed {
        Deed::Deactivate | Deed::Remove => None,
        Deed::Reactivate => Some(is.clone()),
        _ if !member.is_active() => None,
        Deed::Role(role) => Some(is.with(*role, is.grants().to_vec())),
        Deed::Projects(_) => Some(is.with(member.role, grants::after(is.grants(), regrants))),
        Deed::ShutOut => Some(is.clone()),
    }
}

fn is_idle(member: &Listed, deed: &Deed, regrants: &[Regrant]) -> bool {
    match deed {
        Deed::Role(role) => *role == member.role,
        Deed::Projects(_) => regrants.is_empty(),
        Deed::Deactivate | Deed::ShutOut => !member.is_active(),
        Deed::Reactivate => member.is_active(),
        Deed::Remove => false,
    }
}

fn refusal(
    db: &mut Conn,
    may: &May<Membership>,
    member: &Listed,
    deed: &Deed,
    regrants: &[Regrant],
) -> Result<Option<Failure>, Failure> {
    match judged(db, may, member, deed, regrants) {
        Ok(()) => Ok(None),
        Err(trouble @ (Failure::Db(_) | Failure::Broken(_))) => Err(trouble),
        Err(refusal) => Ok(Some(refusal)),
    }
}

fn judged(
    db: &mut Conn,
    may: &May<Membership>,
    member: &Listed,
    deed: &Deed,
    regrants: &[Regrant],
) -> Result<(), Failure> {
    let by: &Member = may.member();
    above(by, member)?;
    match deed {
        Deed::Role(role) if *role != member.role => {
            may_be(member, *role)?;
            by.may_grant_role(*role)?;
            keep_an_owner(db, may, member)
        }
        Deed::Projects(_) => regrants.iter().try_for_each(|regrant| permitted(by, regrant)),
        Deed::Deactivate | Deed::Remove => keep_an_owner(db, may, member),
        Deed::Reactivate if !member.is_active() => Ok(by.may_grant(&all_of(db, may, member.id, member.role)?)?),
        Deed::Role(_) | Deed::Reactivate | Deed::ShutOut => Ok(()),
    }
}

fn all_of(db: &mut Conn, may: &May<Membership>, id: MemberId, role: Role) -> Result<Grants, Failure> {
    let projects: Vec<ProjectRole> = projects::of_member(db, may, id)?;
    Ok(Grants { role, projects })
}
