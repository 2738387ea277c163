//! How a member stands: what somebody saw before he acts, to be told apart from how it is then.

use std::{fmt, str::FromStr};

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};

use super::{member::Grant, role::Role};

/// Role, state and roles on projects of a member, as far as the reader sees them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The role in the workspace.
    pub role: Role,
    /// Whether the member may come in.
    pub active: bool,
    grants: Vec<Grant>,
}

/// A text that is no standing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not how a member stands")]
pub struct BadStanding;

impl Standing {
    /// The same standing whatever order the grants come in.
    pub fn new(role: Role, active: bool, mut grants: Vec<Grant>) -> Self {
        grants.sort_unstable_by_key(|grant| grant.project);
        Self { role, active, grants }
    }

    /// A short name of it, for `ETag` and `If-Match`.
    pub fn tag(&self) -> String {
        BASE64URL_NOPAD.encode(&Sha256::digest(self.to_string())[..12])
    }

    /// What is different from an earlier one, each as the end of "meanwhile …".
    pub fn since(&self, then: &Self) -> Vec<String> {
        let role = (self.role != then.role)
            .then(|| format!("the role went from {} to {}", then.role.name(), self.role.name()));
        let active = (self.active != then.active)
            .then(|| if self.active { "the member was reactivated" } else { "the member was deactivated" }.to_owned());
        let grants = (self.grants != then.grants).then(|| "roles on projects changed".to_owned());
        role.into_iter().chain(active).chain(grants).collect()
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.role, if self.active { "active" } else { "deactivated" })?;
        self.grants.iter().try_for_each(|grant| write!(f, " {}={}", grant.project, grant.role))
    }
}

impl FromStr for Standing {
    type Err = BadStanding;
    fn from_str(text: &str) -> Result<Self, BadStanding> {
        let mut words = text.split(' ');
        let role = words.next().and_then(|role| role.parse().ok()).ok_or(BadStanding)?;
        let active = match words.next() {
            Some("active") => true,
            Some("deactivated") => false,
            _ => return Err(BadStanding),
        };
        Ok(Self::new(role, active, words.map(grant).collect::<Option<_>>().ok_or(BadStanding)?))
    }
}

fn grant(word: &str) -> Option<Grant> {
    let (project, role) = word.split_once('=')?;
    Some(Grant { project: project.parse().ok()?, role: role.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn standing(role: Role, active: bool, grants: &[(u128, Role)]) -> Standing {
        let grant = |(n, role): &(u128, Role)| Grant { project: Uuid::from_u128(*n).into(), role: *role };
        Standing::new(role, active, grants.iter().map(grant).collect())
    }

    #[test]
    fn a_standing_survives_the_way_out_and_back() {
        let seen = standing(Role::Guest, true, &[(8, Role::Admin), (7, Role::Tester)]);
        assert_eq!(seen.to_string().parse(), Ok(seen.clone()));
        assert_eq!(seen.tag(), standing(Role::Guest, true, &[(7, Role::Tester), (8, Role::Admin)]).tag());
        for garbage in ["", "tester", "wizard active", "tester asleep", "tester active x", "tester active prj_1=tester"]
        {
            assert_eq!(garbage.parse::<Standing>(), Err(BadStanding), "{garbage}");
        }
    }

    #[test]
    fn what_happened_in_between_is_named() {
        let seen = standing(Role::Tester, true, &[]);
        assert!(seen.since(&seen.clone()).is_empty());
        let now = standing(Role::Manager, false, &[(7, Role::Tester)]);
        assert_eq!(
            now.since(&seen),
            ["the role went from Tester to Manager", "the member was deactivated", "roles on projects changed"]
        );
        assert_ne!(now.tag(), seen.tag());
    }
}
