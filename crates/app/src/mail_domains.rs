//! Which domains a workspace invites people of.

use db::Tx;
use domain::{
    access::{ManageWorkspace, May},
    event::{Attempt, Event, What},
    mail_domain::{MOST_DOMAINS, MailDomain, MailDomains},
    now::Now,
};
use store::{Again, events, mail_domains, workspaces};

use crate::{Bad, Failure};

/// The domains as they were typed, or what is wrong with them.
pub fn parse<'t>(
    allowed: impl IntoIterator<Item = &'t str>,
    blocked: impl IntoIterator<Item = &'t str>,
) -> Result<MailDomains, Failure> {
    match (list("allowed", allowed), list("blocked", blocked)) {
        (Ok(allowed), Ok(blocked)) => Ok(MailDomains { allowed, blocked }),
        (allowed, blocked) => Err(Failure::Invalid(allowed.err().into_iter().chain(blocked.err()).collect())),
    }
}

fn list<'t>(field: &str, texts: impl IntoIterator<Item = &'t str>) -> Result<Vec<MailDomain>, Bad> {
    let mut domains: Vec<MailDomain> = Vec::new();
    for text in texts.into_iter().map(str::trim).filter(|text| !text.is_empty()) {
        let domain = MailDomain::parse(text).map_err(|bad| Bad::new(field, "malformed", bad.to_string()))?;
        if domains.iter().all(|known| known.ascii() != domain.ascii()) {
            domains.push(domain);
        }
    }
    if domains.len() > MOST_DOMAINS {
        return Err(Bad::new(field, "too_many_domains", format!("At most {MOST_DOMAINS} domains.")));
    }
    Ok(domains)
}

/// Puts these in place of those there were. Open invitations stay; what is not taken any more is refused when it is
/// accepted (I8) or sent again.
pub fn replace(tx: &mut Tx, may: &May<ManageWorkspace>, domains: &MailDomains, now: &Now) -> Result<(), Failure> {
    now.tries(Attempt::new(What::WorkspaceRefused, "workspace", may.workspace(), "change the domains").by(may));
    workspaces::lock(tx, may.workspace())?;
    let still = tx.still(may, now.at)?;
    let before = mail_domains::of(tx, still.workspace())?;
    if before == *domains {
        return Ok(());
    }
    mail_domains::replace(tx, &still, domains)?;
    let workspace = workspaces::named(tx, still.workspace())?;
    let event = Event::new(What::WorkspaceDomainsChanged, "workspace", workspace.id, workspace.name);
    let event = event.change("allowed", words(&before.allowed), words(&domains.allowed));
    let event = event.change("blocked", words(&before.blocked), words(&domains.blocked));
    Ok(events::add(tx, Some(still.workspace()), Some(still.person()), &event, now)?)
}

fn words(domains: &[MailDomain]) -> String {
    domains.iter().map(MailDomain::as_str).collect::<Vec<_>>().join(", ")
}
