//! Which addresses a workspace takes, by their domain.
//!
//! A domain stands for itself and everything below it: whoever holds `hollin.example` also says who may have an address
//! at `lab.hollin.example`. Domains are compared as A-labels. Source: invitations.md, T3.

use std::fmt;

use crate::email::Email;

/// A domain as addresses have it after the @.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailDomain {
    shown: String,
    ascii: String,
}

/// What is no domain an address could have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no domain. Write it as hollin.example.")]
pub struct BadDomain(String);

impl MailDomain {
    /// `hollin.example`; also `@hollin.example` and `*.hollin.example`, which mean the same.
    pub fn parse(text: &str) -> Result<Self, BadDomain> {
        let bare = text.trim();
        let bare = bare.strip_prefix('@').or_else(|| bare.strip_prefix("*.")).unwrap_or(bare);
        // What is a domain is settled by what is an address.
        let probe = Email::parse(&format!("x@{bare}")).map_err(|_| BadDomain(text.trim().to_owned()))?;
        let after = |address: &str| address.rsplit('@').next().unwrap_or_default().to_owned();
        Ok(Self { shown: after(probe.as_str()), ascii: after(probe.normalised()) })
    }

    /// In the script it was typed in, in lower case.
    pub fn as_str(&self) -> &str {
        &self.shown
    }

    /// As A-labels, for comparing.
    pub fn ascii(&self) -> &str {
        &self.ascii
    }

    /// Whether the address lies in this domain or below it.
    pub fn covers(&self, email: &Email) -> bool {
        let domain = email.normalised().rsplit('@').next().unwrap_or_default();
        domain.strip_suffix(&self.ascii).is_some_and(|before| before.is_empty() || before.ends_with('.'))
    }
}

impl fmt::Display for MailDomain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

/// The domains a workspace allows and blocks. Nothing allowed means that all are; what is blocked is blocked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailDomains {
    /// If there are any, addresses lie in one of them.
    pub allowed: Vec<MailDomain>,
    /// No address lies in one of these.
    pub blocked: Vec<MailDomain>,
}

/// Why an address is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Barred {
    /// Its domain is blocked.
    #[error("Addresses at {0} are blocked in this workspace.")]
    Blocked(MailDomain),
    /// Its domain is none of those that are allowed.
    #[error("This workspace takes addresses at {0} only.")]
    NotAllowed(String),
}

impl Barred {
    /// The stable word for machines.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Blocked(_) => "domain_blocked",
            Self::NotAllowed(_) => "domain_not_allowed",
        }
    }
}

/// At most so many allowed and so many blocked domains.
pub const MOST_DOMAINS: usize = 200;

impl MailDomains {
    /// Whether the workspace takes this address.
    pub fn check(&self, email: &Email) -> Result<(), Barred> {
        if let Some(blocked) = self.blocked.iter().find(|domain| domain.covers(email)) {
            return Err(Barred::Blocked(blocked.clone()));
        }
        if self.allowed.is_empty() || self.allowed.iter().any(|domain| domain.covers(email)) {
            return Ok(());
        }
        Err(Barred::NotAllowed(few(&self.allowed)))
    }
}

/// Names the first of them: a sentence is no list.
fn few(domains: &[MailDomain]) -> String {
    let (first, rest) = domains.split_at(domains.len().min(3));
    let first = first.iter().map(MailDomain::as_str).collect::<Vec<_>>().join(", ");
    if rest.is_empty() { first } else { format!("{first} and {} others", rest.len()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn domains(texts: &[&str]) -> Vec<MailDomain> {
        texts.iter().map(|text| MailDomain::parse(text).unwrap()).collect()
    }

    fn email(text: &str) -> Email {
        Email::parse(text).unwrap()
    }

    #[test]
    fn a_domain_covers_itself_and_what_lies_below_and_nothing_else() {
        let [hollin] = domains(&["Hollin.Example"]).try_into().unwrap();
        for inside in ["a@hollin.example", "a@HOLLIN.example", "a@lab.hollin.example", "a@x.lab.hollin.example"] {
            assert!(hollin.covers(&email(inside)), "{inside}");
        }
        for outside in ["a@nothollin.example", "a@hollin.example.org", "hollin.example@ash.example"] {
            assert!(!hollin.covers(&email(outside)), "{outside}");
        }
    }

    #[test]
    fn domains_compare_by_their_a_labels() {
        let [bucher] = domains(&["BÜCHER.example"]).try_into().unwrap();
        assert_eq!((bucher.as_str(), bucher.ascii()), ("bücher.example", "xn--bcher-kva.example"));
        assert!(bucher.covers(&email("a@xn--bcher-kva.example")) && bucher.covers(&email("a@bücher.example")));
    }

    #[test]
    fn people_write_domains_in_several_ways() {
        assert_eq!(
            domains(&["@hollin.example", "*.hollin.example", " hollin.example "]),
            vec![domains(&["hollin.example"])[0].clone(); 3]
        );
        for wrong in ["", "hollin", "a@hollin.example", "hollin .example", "*", "hollin.example, ash.example"] {
            assert!(MailDomain::parse(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn what_is_blocked_is_blocked_even_inside_what_is_allowed() {
        let rules = MailDomains { allowed: domains(&["hollin.example"]), blocked: domains(&["old.hollin.example"]) };
        assert_eq!(rules.check(&email("a@hollin.example")), Ok(()));
        assert_eq!(rules.check(&email("a@old.hollin.example")).unwrap_err().code(), "domain_blocked");
        let elsewhere = rules.check(&email("a@ash.example")).unwrap_err();
        assert_eq!((elsewhere.code(), elsewhere.to_string().contains("hollin.example")), ("domain_not_allowed", true));
        assert_eq!(MailDomains::default().check(&email("a@ash.example")), Ok(()));
    }
}
