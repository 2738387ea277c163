//! Invitations as rows: what each grants, where it stands, and what the reader may do with it.

use app::Failure;
use db::Conn;
use domain::{
    access::{May, Membership, People, Right},
    invitation::{Delivery as Sent, State as Where},
    now::Now,
    time::days,
};
use store::{
    invitations::{self, Invitation, OnProject, Which},
    paging::Page as Rows,
};

use crate::{
    extract::Paging,
    pages::{
        moment::moment,
        users::{ROWS, Shown, grants},
    },
    views::{
        invitations::{Deed, Delivery, InvitationRow, Invitations, Part, Standing},
        parts::Face,
        paths,
    },
};

/// The list as asked for; `None` for those who may see none.
pub fn list(
    db: &mut Conn,
    may: &May<Membership>,
    slug: &str,
    asked: &Shown,
    now: &Now,
) -> Result<Option<Invitations>, Failure> {
    let page = Rows { limit: ROWS, after: Paging::after(asked.invitations.as_deref())? };
    let shown = Part::of(asked.show.as_deref().unwrap_or_default());
    let search = asked.q.as_deref().unwrap_or_default().replace('\0', "").trim().to_owned();
    let slice = invitations::search(db, may, which(shown), &search, &page, now.at)?;
    let all = may.member().people() == People::WithAddresses;
    if slice.rows.is_empty() && !all && invitations::count(db, may, Which::All, "", now.at)? == 0 {
        return Ok(None);
    }
    let count = invitations::count(db, may, which(shown), &search, now.at)?;
    let wanted = invitations::count_wanted(db, may, now.at)?;
    let next = slice.rows.last().filter(|_| slice.more).map(|row| Paging::cursor(&row.id));
    let rows = of(db, may, slice.rows, now)?;
    Ok(Some(Invitations {
        count: u32::try_from(count).unwrap_or(u32::MAX),
        need_you: u32::try_from(rows.iter().filter(|row| needs_somebody(row)).count()).unwrap_or(0),
        wanted: u32::try_from(wanted).unwrap_or(u32::MAX),
        rows,
        more: next.map(|cursor| format!("{}&invitations={cursor}", narrowed(slug, shown, &search))),
        shown,
        search,
        key: now.token().reveal().to_owned(),
    }))
}

fn which(part: Part) -> Which {
    match part {
        Part::Open => Which::Open,
        Part::OnHold => Which::In(Where::OnHold),
        Part::Accepted => Which::In(Where::Accepted),
        Part::Ended => Which::Ended,
        Part::All => Which::All,
    }
}

/// The page with this part of the list.
pub fn narrowed(slug: &str, shown: Part, search: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("show", shown.slug());
    if !search.is_empty() {
        query.append_pair("q", search);
    }
    format!("{}?{}", paths::users(slug), query.finish())
}

fn needs_somebody(row: &InvitationRow) -> bool {
    matches!(
        row.delivery,
        Delivery::Failed { .. } | Delivery::Bounced { .. } | Delivery::OnHold { .. } | Delivery::Wanted { .. }
    )
}

/// These invitations as the reader sees them.
pub fn of(
    db: &mut Conn,
    may: &May<Membership>,
    invitations: Vec<Invitation>,
    now: &Now,
) -> Result<Vec<InvitationRow>, Failure> {
    let ids: Vec<_> = invitations.iter().map(|row| row.id).collect();
    let roles = invitations::projects(db, &ids)?;
    Ok(invitations.into_iter().map(|one| row(one, &roles, may, now)).collect())
}

fn row(one: Invitation, roles: &[OnProject], may: &May<Membership>, now: &Now) -> InvitationRow {
    let visible = may.member().visible();
    let own: Vec<&OnProject> = roles.iter().filter(|role| role.invitation == one.id).collect();
    let seen = own.iter().filter(|role| visible.contains(role.grant().project));
    let state = one.state_at(now.at);
    InvitationRow {
        id: one.id.to_string(),
        face: Face::of(one.name.as_deref().unwrap_or(&one.address), &one.id.to_string()),
        grants: grants(one.role, seen.map(|role| (role.role, role.key.clone()))),
        standing: standing(state),
        delivery: delivery(&one, state, now),
        expires: moment(one.ends_at, now.at),
        ends_soon: state.is_open() && one.ends_at.since(now.at) < days(1),
        deeds: deeds(&one, state, &own, may),
        name: one.name.unwrap_or_default(),
        address: one.address,
        invited_by: one.inviter,
    }
}

fn standing(state: Where) -> Standing {
    match state {
        Where::Pending => Standing::Pending,
        Where::OnHold => Standing::OnHold,
        Where::Accepted => Standing::Accepted,
        Where::Declined => Standing::Declined,
        Where::Revoked => Standing::Revoked,
        Where::Expired => Standing::Expired,
        Where::Superseded => Standing::Superseded,
    }
}

/// What the verbs would let the reader do: a button stands only where it works.
fn deeds(one: &Invitation, state: Where, roles: &[&OnProject], may: &May<Membership>) -> Vec<Deed> {
    let member = may.member();
    let rights = member.rights();
    if !member.may_act_on(one.role) {
        return Vec::new();
    }
    let covers = rights.contains(Right::InviteMembers)
        && member.may_grant_role(one.role).is_ok()
        && roles.iter().all(|role| member.may_grant_on(role.grant()).is_ok());
    let revokes = state.is_open() && (one.invited_by == member.person() || rights.contains(Right::ManageMembers));
    let resends = state == Where::Pending || state == Where::Expired && one.successor.is_none();
    [
        (Deed::Copy, covers && state.is_open()),
        (Deed::Resend, covers && resends),
        (Deed::Correct, covers && revokes),
        (Deed::Edit, covers && state.is_open()),
        (Deed::Sponsor, covers && state == Where::OnHold),
        (Deed::Revoke, revokes),
    ]
    .into_iter()
    .filter_map(|(deed, may)| may.then_some(deed))
    .collect()
}

fn delivery(row: &Invitation, state: Where, now: &Now) -> Delivery {
    let words = row.delivery_detail.clone().unwrap_or_default();
    let wanted = row.wanted_at.filter(|_| state == Where::Expired && row.successor.is_none());
    if let Some(at) = wanted {
        return Delivery::Wanted { at: moment(at, now.at) };
    }
    match state {
        Where::Pending => {}
        Where::OnHold => return Delivery::OnHold { inviter: row.inviter.clone() },
        _ => return Delivery::Ended { at: moment(row.closed_at.unwrap_or(row.ends_at), now.at) },
    }
    match row.delivery.unwrap_or(Sent::None) {
        Sent::None | Sent::Withdrawn => Delivery::NoMail,
        Sent::Queued => Delivery::Queued,
        Sent::Sending => Delivery::Sending,
        Sent::Sent => Delivery::Sent { at: moment(row.delivery_at.unwrap_or(row.created_at), now.at) },
        Sent::Deferred => Delivery::Deferred { next_try: moment(row.next_try_at.unwrap_or(now.at), now.at), words },
        Sent::Failed => Delivery::Failed { words },
        Sent::Bounced => Delivery::Bounced { words },
        Sent::Suppressed => Delivery::Suppressed { words },
    }
}
