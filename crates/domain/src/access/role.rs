//! A role is a named set of rights.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::right::{Right, Rights};

/// A name that is no role here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no role {0:?}")]
pub struct UnknownRole(pub String);

/// The built-in roles, from most to fewest rights.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Everything, also granting and changing owners.
    Owner,
    /// Everything but what only owners may.
    Admin,
    /// Plans, reviews, invites; creates projects.
    Manager,
    /// Writes cases and executes runs.
    Tester,
    /// Looks.
    ReadOnly,
    /// Nothing of its own; holds roles on single projects.
    Guest,
}

const READ_ONLY: &[Right] = &[Right::Read];
const TESTER: &[Right] = &[Right::Read, Right::WriteCases, Right::ExecuteRuns, Right::ManageReports];
const MANAGER: &[Right] = &[
    Right::InviteMembers,
    Right::ManageGroups,
    Right::CreateProjects,
    Right::Read,
    Right::WriteCases,
    Right::DeleteCases,
    Right::ReviewCases,
    Right::ManageRuns,
    Right::ExecuteRuns,
    Right::ManagePlans,
    Right::ManageReports,
    Right::SharePublicly,
    Right::Import,
];

impl Role {
    /// Every built-in role, from most to fewest rights.
    pub const ALL: &[Self] = &[Self::Owner, Self::Admin, Self::Manager, Self::Tester, Self::ReadOnly, Self::Guest];

    /// What it allows, in the workspace and in its projects.
    pub fn rights(self) -> Rights {
        match self {
            Self::Owner => Rights::all(),
            Self::Admin => Rights::all().iter().filter(|right| *right != Right::OwnWorkspace).collect(),
            Self::Manager => Rights::of(MANAGER),
            Self::Tester => Rights::of(TESTER),
            Self::ReadOnly => Rights::of(READ_ONLY),
            Self::Guest => Rights::NONE,
        }
    }

    /// Whether a role on a project gives its holder anything there that this role in the workspace does not.
    pub fn is_widened_by(self, on_project: Self, private: bool) -> bool {
        let reaches = !private || self.rights().contains(Right::SeePrivateProjects);
        let has = if reaches { self.rights().in_project() } else { Rights::NONE };
        !on_project.rights().in_project().within(has)
    }

    /// The name in API, URLs and tables.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Manager => "manager",
            Self::Tester => "tester",
            Self::ReadOnly => "read_only",
            Self::Guest => "guest",
        }
    }

    /// The name on pages and in mails.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Owner => "Owner",
            Self::Admin => "Admin",
            Self::Manager => "Manager",
            Self::Tester => "Tester",
            Self::ReadOnly => "Read Only",
            Self::Guest => "Guest",
        }
    }

    /// What its holder will be able to do, after "you will be able to".
    pub const fn words(self) -> &'static str {
        match self {
            Self::Owner => "do everything, also grant and change owners",
            Self::Admin => "manage members, projects and the workspace",
            Self::Manager => "plan and review, manage runs, invite people and create projects",
            Self::Tester => "write cases and execute runs",
            Self::ReadOnly => "read cases, runs and reports",
            Self::Guest => "see the projects you are given a role on",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

impl FromStr for Role {
    type Err = UnknownRole;
    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Self::ALL.iter().copied().find(|role| role.slug() == text).ok_or_else(|| UnknownRole(text.to_owned()))
    }
}

impl Serialize for Role {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.slug())
    }
}

impl<'de> Deserialize<'de> for Role {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_holds_what_the_matrix_says() {
        let only_owner = Rights::of(&[Right::OwnWorkspace]);
        assert_eq!(Role::Owner.rights(), Role::Admin.rights() | only_owner);
        assert!(!Role::Admin.rights().contains(Right::OwnWorkspace));
        let not_manager = [
            Right::ManageWorkspace,
            Right::ManageMembers,
            Right::ManageRoles,
            Right::ReadAudit,
            Right::ManageIntegrations,
            Right::ManageMail,
            Right::SeePrivateProjects,
            Right::ManageProject,
            Right::OwnWorkspace,
        ];
        assert_eq!(Role::Manager.rights() | Rights::of(&not_manager), Rights::all());
        assert!(not_manager.iter().all(|right| !Role::Manager.rights().contains(*right)));
        assert_eq!(Role::Tester.rights().to_words(), "read write_cases execute_runs manage_reports");
        assert_eq!(Role::ReadOnly.rights().to_words(), "read");
        assert!(Role::Guest.rights().is_empty());
    }

    #[test]
    fn a_role_on_a_project_counts_where_it_adds_something() {
        assert!(!Role::Owner.is_widened_by(Role::Admin, true));
        assert!(Role::Manager.is_widened_by(Role::Admin, false));
        assert!(!Role::Tester.is_widened_by(Role::Tester, false));
        assert!(Role::Tester.is_widened_by(Role::Tester, true), "a private project is closed to the role");
        assert!(Role::Guest.is_widened_by(Role::ReadOnly, false) && !Role::Guest.is_widened_by(Role::Guest, false));
    }

    #[test]
    fn each_role_holds_all_of_the_next() {
        for pair in Role::ALL.windows(2) {
            assert!(pair[1].rights().within(pair[0].rights()), "{} within {}", pair[1], pair[0]);
        }
    }
}
