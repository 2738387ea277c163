//! Whoever acts: a person, or a service account of one workspace.
//!
//! A service account stands in the same table as persons, without address and password, so that whatever was written or
//! done names either by one key. Inside, that key is a [`PersonId`]; this is its outer form.

use std::{fmt, str::FromStr};

use serde::{Serialize, Serializer};
use uuid::Uuid;

use crate::id::{BadId, PersonId, ServiceId};

/// Whoever acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Actor {
    /// A person: `per_…`.
    Person(PersonId),
    /// A service account: `svc_…`.
    Service(ServiceId),
}

impl Actor {
    /// Whoever has this key in the table.
    pub fn of(key: PersonId, service: bool) -> Self {
        if service { Self::Service(ServiceId::of(key)) } else { Self::Person(key) }
    }

    /// The key in the table.
    pub fn key(self) -> PersonId {
        match self {
            Self::Person(id) => id,
            Self::Service(id) => id.key(),
        }
    }

    /// Whether it is a service account.
    pub const fn is_service(self) -> bool {
        matches!(self, Self::Service(_))
    }
}

impl ServiceId {
    /// The service account that stands under this key among persons.
    pub fn of(key: PersonId) -> Self {
        Uuid::from(key).into()
    }

    /// The key it stands under among persons.
    pub fn key(self) -> PersonId {
        Uuid::from(self).into()
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(id) => id.fmt(f),
            Self::Service(id) => id.fmt(f),
        }
    }
}

impl FromStr for Actor {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        text.parse().map(Self::Person).or_else(|_| text.parse().map(Self::Service)).map_err(|_| BadId("per"))
    }
}

impl Serialize for Actor {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_actor_is_told_apart_by_its_outer_form_and_has_one_key() {
        let key = PersonId::from(Uuid::from_u128(7));
        let (person, service) = (Actor::of(key, false), Actor::of(key, true));
        assert!(person.to_string().starts_with("per_") && service.to_string().starts_with("svc_"));
        for actor in [person, service] {
            assert_eq!((actor.to_string().parse(), actor.key()), (Ok(actor), key));
        }
        assert!("inv_06d4".parse::<Actor>().is_err());
    }
}
