//! Whom a change is told: whoever's pages would show the thing.

use app::{App, Failure};
use domain::{
    access::{Member, People, Right},
    change::Changed,
};

/// Whether the member may hear of this change.
pub async fn sees(app: &App, member: &Member, changed: Changed) -> Result<bool, Failure> {
    Ok(match changed {
        Changed::Workspace(_) => true,
        Changed::MailChannel => {
            member.rights().contains(Right::InviteMembers) || member.rights().contains(Right::ManageMail)
        }
        Changed::Member(_) | Changed::Service(_) => member.people() != People::OfMyProjects,
        Changed::Invitation(_) | Changed::Delivery(_) => {
            member.people() == People::WithAddresses || member.rights().contains(Right::InviteMembers)
        }
        Changed::Case(id) => {
            let member = member.clone();
            app.point(move |db, _| Ok(store::cases::project_of(db, &member.visible(), id)?)).await?.is_some()
        }
        Changed::Project(id) => {
            let visible = member.visible();
            let (member, id) = (member.clone(), id.to_string());
            let facts = app.point(move |db, _| Ok(store::access::project(db, &member, &id)?)).await?;
            facts.is_some_and(|facts| visible.contains(facts))
        }
    })
}
