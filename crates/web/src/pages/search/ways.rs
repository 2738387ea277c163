//! Pages one may open and things one may do, and the words that find each.

use domain::{
    access::{Right, Rights},
    words::Words,
};

use crate::views::search::Way;

/// The ways that these words find, all of them if there are none, in the order of the list.
pub fn of(rights: Rights, has_project: bool, operates: bool, words: &Words) -> Vec<Way> {
    let open = |way: &Way| match way {
        Way::Invite => has_project && rights.contains(Right::InviteMembers),
        Way::NewProject => rights.contains(Right::CreateProjects),
        Way::Audit => rights.contains(Right::ReadAudit),
        Way::General => rights.contains(Right::ManageWorkspace),
        Way::ServiceAccounts => rights.contains(Right::ManageMembers),
        Way::Mail => rights.contains(Right::ManageMail),
        Way::Operator => operates,
        _ => true,
    };
    Way::ALL.iter().copied().filter(open).filter(|way| words.find(said(*way))).collect()
}

/// The words of the label, and others people use for the same.
fn said(way: Way) -> &'static str {
    match way {
        Way::Invite => "invite users team people members add mail",
        Way::NewProject => "new project create add",
        Way::NewApiKey => "new api key token create add",
        Way::Dashboard => "dashboard home start overview",
        Way::Users => "users people members invitations settings team",
        Way::Roles => "roles rights permissions matrix settings",
        Way::ServiceAccounts => "service accounts robots machines settings",
        Way::General => "general settings workspace name rename",
        Way::Projects => "projects settings",
        Way::Mail => "mail outbox queue delivery e-mail settings",
        Way::ApiKeys => "api keys tokens settings",
        Way::Audit => "audit log events history settings",
        Way::ApiDocs => "api documentation reference openapi help",
        Way::Profile => "profile account me password addresses sessions",
        Way::Operator => "operator server smtp quotas limits",
        Way::Workspaces => "workspaces switch change all",
        Way::Keys => "keyboard shortcuts keys help",
        Way::Light => "theme light colours colors day",
        Way::Dark => "theme dark colours colors night",
        Way::System => "theme system colours colors automatic",
        Way::SignOut => "sign out log out logout leave",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::access::Role;

    #[test]
    fn a_way_is_found_by_its_words_and_by_what_others_call_it() {
        let found = |typed: &str| of(Role::Owner.rights(), true, true, &Words::read(typed));
        assert_eq!(found("inv"), [Way::Invite, Way::Users]);
        assert_eq!(found("log out"), [Way::SignOut]);
        assert_eq!(found("dark th"), [Way::Dark]);
        assert_eq!(found("smtp"), [Way::Operator]);
        assert_eq!(found(""), Way::ALL);
    }

    #[test]
    fn nobody_is_offered_what_he_may_not_do() {
        let found = of(Role::Tester.rights(), true, false, &Words::default());
        let closed = [Way::Invite, Way::NewProject, Way::General, Way::ServiceAccounts, Way::Mail, Way::Operator];
        assert!(!closed.iter().any(|way| found.contains(way)));
        assert!(!of(Role::Owner.rights(), false, false, &Words::default()).contains(&Way::Invite));
    }
}
