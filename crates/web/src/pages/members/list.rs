//! The members on Settings > Users.

use app::Failure;
use db::Conn;
use domain::{
    access::{May, Membership, People, Right, Role},
    now::Now,
};
use serde::Deserialize;
use store::{
    members::{self, By, Listed, Order, Which},
    paging::{Page, Slice},
    projects,
    projects::Held,
};

use super::super::{moment::moment, users::grants};
use crate::{
    api::members::Asked,
    extract::Paging,
    views::{
        frame::Frame,
        member::{Asked as Shown, Column, MemberRow, Members},
        parts::{Choice, Face, Grant, ProjectLink},
        paths,
    },
};

/// What the address of the page asks of the list.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Query {
    /// As `q` of the call: on this page that is the invitations'.
    find: Option<String>,
    #[serde(flatten)]
    asked: Asked,
    members: Option<String>,
}

impl Query {
    /// Whether members have to be looked through for those asked for.
    pub fn searches(&self) -> bool {
        self.asked().is_filter()
    }

    fn asked(&self) -> Asked {
        Asked { q: self.find.clone(), ..self.asked.clone() }
    }
}

const ROWS: i64 = 50;

/// The members asked for, one page of them.
pub fn members(
    db: &mut Conn,
    may: &May<Membership>,
    frame: &Frame,
    query: &Query,
    now: &Now,
) -> Result<Members, Failure> {
    let page = Page { limit: ROWS, after: Paging::after(query.members.as_deref())? };
    let asked = query.asked();
    let which = asked.which(db, may)?;
    let slice = members::list(db, may, &which, &page)?;
    let ids: Vec<_> = slice.rows.iter().map(|row| row.id).collect();
    let held = projects::held(db, &may.member().visible(), &ids)?;
    let details = may.member().people() == People::WithAddresses;
    let last = slice.rows.last().map(|row| (row.key.clone(), row.id));
    let next = last.filter(|_| slice.more).map(|key| Paging::cursor(&key));
    let (slug, filtered) = (frame.slug.as_str(), asked.is_filter());
    Ok(Members {
        count: frame.settings.users.unwrap_or_default(),
        found: if filtered { Some(found(db, may, &which, query, &slice)?) } else { None },
        details,
        asked: shown(frame, &asked, which.order),
        rows: slice.rows.into_iter().map(|row| member_row(row, &held, may, now)).collect(),
        more: next.map(|cursor| asked.address(slug, &[("members", &cursor)])),
        first: query.members.as_ref().map(|_| asked.address(slug, &[])),
        roles: if may.member().rights().contains(Right::ManageMembers) {
            grantable(may, Role::Tester)
        } else {
            Vec::new()
        },
    })
}

/// How many fit. A first page that is also the last has counted them.
fn found(
    db: &mut Conn,
    may: &May<Membership>,
    which: &Which,
    query: &Query,
    slice: &Slice<Listed>,
) -> Result<u32, Failure> {
    if query.members.is_none() && !slice.more {
        return Ok(u32::try_from(slice.rows.len()).unwrap_or(u32::MAX));
    }
    Ok(number(members::count_of(db, may, which)?))
}

fn number(count: i64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The roles the reader may give, from most to fewest rights.
pub fn grantable(may: &May<Membership>, chosen: Role) -> Vec<Choice> {
    let given = Role::ALL.iter().filter(|role| may.member().may_grant_role(**role).is_ok());
    given.map(|role| Choice::new(role.slug(), role.name(), *role == chosen)).collect()
}

/// One member as the reader sees him.
pub fn member_row(row: Listed, held: &[Held], may: &May<Membership>, now: &Now) -> MemberRow {
    let details = may.member().people() == People::WithAddresses;
    MemberRow {
        face: Face::of(&row.name, &row.person.to_string()),
        you: row.person == may.person(),
        grants: told(&row, held),
        last_seen: row.seen_at.filter(|_| details).map(|at| moment(at, now.at)),
        deactivated: !row.is_active(),
        email: row.address.filter(|_| details).unwrap_or_default(),
        service: row.service,
        id: row.id.to_string(),
        name: row.name,
    }
}

/// The role, and those on projects that add something to it: the founder of a project is Admin there on paper, and an
/// owner would be anyway.
fn told(row: &Listed, held: &[Held]) -> Vec<Grant> {
    let own = held.iter().filter(|held| held.member == row.id);
    let adds = own.filter(|held| row.role.is_widened_by(held.role, held.private));
    grants(row.role, adds.map(|held| (held.role, held.key.clone())))
}

fn shown(frame: &Frame, asked: &Asked, order: Order) -> Shown {
    let is = |one: &Option<String>, value: &str| one.as_deref() == Some(value);
    let role = |role: &Role| Choice::new(role.slug(), role.name(), is(&asked.role, role.slug()));
    let state = |(slug, name): (&str, &str)| Choice::new(slug, name, is(&asked.status, slug));
    let project = |one: &ProjectLink| {
        let chosen = asked.project.as_ref().is_some_and(|key| key.eq_ignore_ascii_case(&one.key));
        Choice::new(one.key.clone(), format!("{} {}", one.key, one.name), chosen)
    };
    let column = |by, name: &str| column(&frame.slug, asked, order, by, name);
    Shown {
        any: asked.is_filter(),
        q: asked.q.clone().unwrap_or_default(),
        roles: Role::ALL.iter().map(role).collect(),
        states: [("active", "Active"), ("deactivated", "Deactivated")].map(state).to_vec(),
        projects: frame.projects.iter().map(project).collect(),
        unseen: is(&asked.seen, "never"),
        sort: asked.sort.clone().unwrap_or_default(),
        by_name: column(By::Name, "name"),
        by_role: column(By::Role, "role"),
        by_seen: column(By::Seen, "seen"),
    }
}

/// A click sorts by the column, a second one turns it round; who was seen last comes first.
fn column(slug: &str, asked: &Asked, order: Order, by: By, name: &str) -> Column {
    let sorted = (order.by == by).then_some(if order.reversed { "descending" } else { "ascending" });
    let reversed = if order.by == by { !order.reversed } else { by == By::Seen };
    let sort = format!("{}{name}", if reversed { "-" } else { "" });
    Column { address: Asked { sort: Some(sort), ..asked.clone() }.address(slug, &[]), sorted }
}

impl Asked {
    /// Whether some members are left out.
    fn is_filter(&self) -> bool {
        self.pairs().any(|(name, _)| name != "sort")
    }

    fn pairs(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [
            ("find", &self.q),
            ("role", &self.role),
            ("status", &self.status),
            ("project", &self.project),
            ("seen", &self.seen),
            ("sort", &self.sort),
        ];
        all.into_iter().filter_map(|(name, value)| Some((name, value.as_deref().filter(|value| !value.is_empty())?)))
    }

    /// The page with all this asked, and more.
    fn address(&self, slug: &str, more: &[(&str, &str)]) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.pairs()).extend_pairs(more);
        match query.finish() {
            none if none.is_empty() => format!("{}#members", paths::users(slug)),
            query => format!("{}?{query}#members", paths::users(slug)),
        }
    }
}
