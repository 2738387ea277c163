//! Which members are asked for: the same words in the call and in the address of the page.

use app::Failure;
use db::Conn;
use domain::{
    access::{May, Membership, People, Right, Role},
    title::folded,
};
use serde::Deserialize;
use store::{
    access,
    members::{By, Order, Which},
};
use utoipa::IntoParams;

/// Search, filters and order of a list of members; empty is as good as left out.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// A part of the name or, for those who see addresses, of the address.
    pub q: Option<String>,
    /// The role in the workspace.
    #[param(example = "tester")]
    pub role: Option<String>,
    /// `active` or `deactivated`.
    pub status: Option<String>,
    /// Key or id of a project on which a role is held.
    #[param(example = "WEB")]
    pub project: Option<String>,
    /// `never`: not since joining. For those who see when members were last seen.
    pub seen: Option<String>,
    /// `name`, `role` or `seen`; a minus before it turns the order round.
    #[param(example = "-seen")]
    pub sort: Option<String>,
}

impl Asked {
    /// As the store takes it.
    pub fn which(&self, db: &mut Conn, may: &May<Membership>) -> Result<Which, Failure> {
        let which = Which {
            words: words(filled(self.q.as_ref()))?,
            role: filled(self.role.as_ref()).map(role).transpose()?,
            active: filled(self.status.as_ref()).map(is_active).transpose()?,
            project: None,
            unseen: filled(self.seen.as_ref()).map(is_never).transpose()?.is_some(),
            order: order(filled(self.sort.as_ref()).unwrap_or("name"))?,
        };
        if (which.unseen || which.order.by == By::Seen) && may.member().people() != People::WithAddresses {
            return Err(Failure::Lacks { right: Right::InviteMembers, project: None });
        }
        let project = filled(self.project.as_ref()).map(|reference| project(db, may, reference)).transpose()?;
        Ok(Which { project, ..which })
    }
}

fn filled(text: Option<&String>) -> Option<&str> {
    text.map(|text| text.trim()).filter(|text| !text.is_empty())
}

fn words(text: Option<&str>) -> Result<Option<String>, Failure> {
    match text {
        Some(text) if text.contains('\0') => Err(Failure::invalid("q", "nul", "A NUL character is in no name.")),
        text => Ok(text.map(folded).filter(|words| !words.is_empty())),
    }
}

fn role(slug: &str) -> Result<Role, Failure> {
    slug.parse()
        .map_err(|unknown: domain::access::UnknownRole| Failure::invalid("role", "unknown_role", format!("{unknown}.")))
}

fn is_active(status: &str) -> Result<bool, Failure> {
    match status {
        "active" => Ok(true),
        "deactivated" => Ok(false),
        _ => Err(Failure::invalid("status", "unknown_status", "active or deactivated.")),
    }
}

fn is_never(seen: &str) -> Result<(), Failure> {
    (seen == "never").then_some(()).ok_or_else(|| Failure::invalid("seen", "malformed", "Only never is known."))
}

fn order(sort: &str) -> Result<Order, Failure> {
    let by = match sort.trim_start_matches('-') {
        "name" => By::Name,
        "role" => By::Role,
        "seen" => By::Seen,
        _ => {
            return Err(Failure::invalid(
                "sort",
                "unknown_order",
                "name, role or seen, with a minus to turn it round.",
            ));
        }
    };
    Ok(Order { by, reversed: sort.starts_with('-') })
}

/// One that the reader cannot see answers like an unknown one.
fn project(db: &mut Conn, may: &May<Membership>, reference: &str) -> Result<domain::id::ProjectId, Failure> {
    let unknown = || Failure::invalid("project", "unknown_project", "There is no such project that you can see.");
    if reference.contains('\0') {
        return Err(unknown());
    }
    let found = access::project(db, may.member(), reference)?;
    Ok(found.filter(|project| may.member().visible().contains(*project)).ok_or_else(unknown)?.id)
}
