//! Settings > Users: open invitations and members.

use app::{App, Failure, answers};
use axum::{
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use db::Conn;
use domain::{
    access::{May, Membership, People, Right, Role},
    invitation::{Delivery as Sent, State as Where},
    now::Now,
};
use serde::Deserialize;
use store::{
    invitations::{self, Invitation, OnProject, Which},
    members::{self, Listed},
    paging::Page as Rows,
    projects,
};

use super::{
    dashboard::inviting,
    invitations::{Told, batch_of, form},
    moment::moment,
    page::Page,
    shell::Visit,
};
use crate::{
    extract::{Can, Paging},
    failed::Failed,
    views::{
        frame::Place,
        invitation::InviteForm,
        parts::{Face, Grant},
        paths,
        users::{Delivery, InvitationRow, Invitations, MemberRow, Members, Users},
    },
};

/// Where the lists continue, and the batch to tell of.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Shown {
    invitations: Option<String>,
    members: Option<String>,
    batch: Option<String>,
}

const ROWS: i64 = 50;

/// The page.
pub async fn show(
    Can(may): Can<Membership>,
    visit: Visit,
    State(app): State<App>,
    Query(shown): Query<Shown>,
) -> Result<Response, Failed> {
    let (jar, gather) = (visit.jar.clone(), app.clone());
    let view = app.read(move |db, now| gathered(&gather, db, &visit, &may, &shown, None, now)).await?;
    Ok((jar, Page::of(view)).into_response())
}

/// The page, with the dialog's form as it was typed if it has to be shown again.
pub fn gathered(
    app: &App,
    db: &mut Conn,
    visit: &Visit,
    may: &May<Membership>,
    shown: &Shown,
    typed: Option<InviteForm>,
    now: &Now,
) -> Result<Users, Failure> {
    let inviting = inviting(db, may)?;
    let form = match typed {
        Some(typed) => Some(typed),
        None if inviting.is_ready() => Some(form(app, db, may, now)?),
        None => None,
    };
    let batch = match &shown.batch {
        // Only what was told here: another workspace's batch, or an answer to something else, is none.
        Some(key) if !key.contains('\0') => {
            answers::recall::<Told>(db, app.vault(), &visit.who.person.to_string(), key, now).unwrap_or_default()
        }
        _ => None,
    };
    let batch = batch.filter(|told| told.workspace == may.workspace());
    let frame = visit.frame(app, db, may, Place::Users)?;
    Ok(Users {
        invitations: open(db, may, &frame.slug, shown, now)?,
        members: current(db, may, &frame.slug, shown, now)?,
        frame,
        inviting,
        form,
        batch: batch.map(|told| batch_of(told.results, told.mailed)),
    })
}

fn open(
    db: &mut Conn,
    may: &May<Membership>,
    slug: &str,
    shown: &Shown,
    now: &Now,
) -> Result<Option<Invitations>, Failure> {
    let page = Rows { limit: ROWS, after: Paging::after(shown.invitations.as_deref())? };
    let slice = invitations::list(db, may, Which::Open, &page, now.at)?;
    let all = may.member().people() == People::WithAddresses;
    if slice.rows.is_empty() && !all {
        return Ok(None);
    }
    let ids: Vec<_> = slice.rows.iter().map(|row| row.id).collect();
    let visible = may.member().visible();
    let roles: Vec<OnProject> =
        invitations::projects(db, &ids)?.into_iter().filter(|role| visible.contains(role.grant().project)).collect();
    let next = slice.rows.last().filter(|_| slice.more).map(|row| Paging::cursor(&row.id));
    let rows: Vec<InvitationRow> = slice.rows.into_iter().map(|row| invitation_row(row, &roles, may, now)).collect();
    let count = if all { invitations::count_open(db, may, now.at)? } else { i64::try_from(rows.len()).unwrap_or(0) };
    Ok(Some(Invitations {
        count: u32::try_from(count).unwrap_or(u32::MAX),
        need_you: u32::try_from(rows.iter().filter(|row| needs_somebody(&row.delivery)).count()).unwrap_or(0),
        rows,
        more: next.map(|cursor| format!("{}?invitations={cursor}", paths::users(slug))),
    }))
}

fn needs_somebody(delivery: &Delivery) -> bool {
    matches!(delivery, Delivery::Failed { .. } | Delivery::Bounced { .. } | Delivery::OnHold { .. })
}

fn invitation_row(row: Invitation, roles: &[OnProject], may: &May<Membership>, now: &Now) -> InvitationRow {
    let member = may.member();
    let own = row.invited_by == member.person();
    let reaches = member.may_act_on(row.role);
    let on_projects = roles.iter().filter(|role| role.invitation == row.id);
    InvitationRow {
        id: row.id.to_string(),
        face: Face::of(row.name.as_deref().unwrap_or(&row.address), &row.id.to_string()),
        grants: grants(row.role, on_projects.map(|role| (role.role, role.key.clone()))),
        delivery: delivery(&row, now),
        expires: moment(row.ends_at, now.at),
        ends_soon: row.ends_at.since(now.at) < domain::time::days(1),
        may_copy: reaches
            && member.rights().contains(Right::InviteMembers)
            && row.state == Where::Pending
            && member.may_grant_role(row.role).is_ok(),
        may_revoke: reaches && (own || member.rights().contains(Right::ManageMembers)),
        name: row.name.unwrap_or_default(),
        address: row.address,
        invited_by: row.inviter,
    }
}

fn delivery(row: &Invitation, now: &Now) -> Delivery {
    let words = row.delivery_detail.clone().unwrap_or_default();
    if row.state == Where::OnHold {
        return Delivery::OnHold { inviter: row.inviter.clone() };
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

/// "Tester" everywhere, or "Tester in WEB, APP": a guest is named by what he holds on projects.
pub fn grants(role: Role, on_projects: impl Iterator<Item = (Role, String)>) -> Vec<Grant> {
    let mut grants: Vec<Grant> = Vec::new();
    for (role, key) in on_projects {
        match grants.iter_mut().find(|grant| grant.role == role.name()) {
            Some(Grant { projects: Some(keys), .. }) => keys.push(key),
            _ => grants.push(Grant { role: role.name().to_owned(), projects: Some(vec![key]) }),
        }
    }
    if role != Role::Guest || grants.is_empty() {
        let everywhere = (role != Role::Guest).then_some(()).map_or(Some(Vec::new()), |()| None);
        grants.insert(0, Grant { role: role.name().to_owned(), projects: everywhere });
    }
    grants
}

fn current(db: &mut Conn, may: &May<Membership>, slug: &str, shown: &Shown, now: &Now) -> Result<Members, Failure> {
    let page = Rows { limit: ROWS, after: Paging::after(shown.members.as_deref())? };
    let slice = members::list(db, may, &members::Which::default(), &page)?;
    let ids: Vec<_> = slice.rows.iter().map(|row| row.id).collect();
    let held = projects::held(db, &may.member().visible(), &ids)?;
    let details = may.member().people() == People::WithAddresses;
    let last = slice.rows.last().map(|row| (row.key.clone(), row.id));
    let next = last.filter(|_| slice.more).map(|key| Paging::cursor(&key));
    let row = |row: Listed| MemberRow {
        face: Face::of(&row.name, &row.person.to_string()),
        you: row.person == may.person(),
        grants: grants(
            row.role,
            held.iter().filter(|held| held.member == row.id).map(|held| (held.role, held.key.clone())),
        ),
        last_seen: row.seen_at.filter(|_| details).map(|at| moment(at, now.at)),
        deactivated: !row.is_active(),
        email: if details { row.address } else { String::new() },
        name: row.name,
    };
    Ok(Members {
        count: u32::try_from(members::count(db, may)?).unwrap_or(u32::MAX),
        details,
        rows: slice.rows.into_iter().map(row).collect(),
        more: next.map(|cursor| format!("{}?members={cursor}", paths::users(slug))),
    })
}
