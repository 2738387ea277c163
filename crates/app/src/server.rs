//! What operators decide for the server as a whole. What the command line says wins, and is only shown.

use std::str::FromStr;

use db::{Conn, Tx};
use domain::{
    access::{Operator, System},
    event::{Attempt, Event, What},
    now::Now,
};
use store::{Again, events, operators, server};

use crate::{Bad, Failure, settings::PerDay};

/// Who may make workspaces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Founders {
    /// Operators alone.
    #[default]
    Operators,
    /// Everybody with an account.
    Everybody,
}

impl Founders {
    /// The word in API, tables and on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Operators => "operators",
            Self::Everybody => "everybody",
        }
    }
}

/// What is neither `operators` nor `everybody`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("operators or everybody")]
pub struct UnknownFounders;

impl FromStr for Founders {
    type Err = UnknownFounders;
    fn from_str(word: &str) -> Result<Self, UnknownFounders> {
        [Self::Operators, Self::Everybody].into_iter().find(|it| it.word() == word).ok_or(UnknownFounders)
    }
}

/// How many members a workspace may have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MemberLimit(Option<i64>);

impl MemberLimit {
    /// So many; `None` as many as like.
    pub fn new(most: Option<i64>) -> Result<Self, BadLimit> {
        if most.is_none_or(|most| (1..=1_000_000).contains(&most)) { Ok(Self(most)) } else { Err(BadLimit) }
    }

    /// The number, if there is a limit.
    pub const fn most(self) -> Option<i64> {
        self.0
    }

    fn word(self) -> String {
        self.0.map_or_else(|| "none".to_owned(), |most| most.to_string())
    }
}

/// What is no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a number from 1 to 1,000,000, or none")]
pub struct BadLimit;

impl FromStr for MemberLimit {
    type Err = BadLimit;
    fn from_str(word: &str) -> Result<Self, BadLimit> {
        if word == "none" { Ok(Self(None)) } else { Self::new(Some(word.parse().map_err(|_| BadLimit)?)) }
    }
}

/// A value, and whether the command line decides it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Choice<T> {
    /// What is in force.
    pub value: T,
    /// Whether only the command line changes it.
    pub fixed: bool,
}

/// What is in force.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// Who may make workspaces.
    pub founders: Choice<Founders>,
    /// How many members each workspace may have.
    pub member_limit: Choice<MemberLimit>,
    /// Invitations a day to one workspace.
    pub per_workspace: Choice<i64>,
    /// Invitations a day by one inviter in it.
    pub per_inviter: Choice<i64>,
    /// Invitations a day by the whole server.
    pub per_server: Choice<i64>,
}

impl Policy {
    /// The invitations a day allows.
    pub const fn per_day(&self) -> PerDay {
        PerDay { workspace: self.per_workspace.value, inviter: self.per_inviter.value, server: self.per_server.value }
    }
}

const FOUNDERS: &str = "create_workspaces";
const MEMBER_LIMIT: &str = "member_limit";
const PER_WORKSPACE: &str = "invites_per_day.workspace";
const PER_INVITER: &str = "invites_per_day.inviter";
const PER_SERVER: &str = "invites_per_day.server";

/// What the command line says; `None` leaves it to the operators.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// Who may make workspaces.
    pub founders: Option<Founders>,
    /// How many members each workspace may have.
    pub member_limit: Option<MemberLimit>,
    /// Invitations a day to one workspace.
    pub per_workspace: Option<i64>,
    /// Invitations a day by one inviter in it.
    pub per_inviter: Option<i64>,
    /// Invitations a day by the whole server.
    pub per_server: Option<i64>,
}

impl Flags {
    fn words(&self) -> [(&'static str, Option<String>); 5] {
        let number = |n: Option<i64>| n.map(|n| n.to_string());
        [
            (FOUNDERS, self.founders.map(|founders| founders.word().to_owned())),
            (MEMBER_LIMIT, self.member_limit.map(MemberLimit::word)),
            (PER_WORKSPACE, number(self.per_workspace)),
            (PER_INVITER, number(self.per_inviter)),
            (PER_SERVER, number(self.per_server)),
        ]
    }
}

/// Notes what the command line says, in the database: so that every verb, every node and every command obeys the same.
/// Several nodes are to be started alike; the last one counts.
pub fn fix(tx: &mut Tx, system: &System, flags: &Flags) -> Result<(), Failure> {
    for (name, fixed) in flags.words() {
        server::fix(tx, system, name, fixed.as_deref())?;
    }
    Ok(())
}

/// What is in force now.
pub fn policy(db: &mut Conn) -> Result<Policy, Failure> {
    policy_beside(db, &PerDay::default())
}

/// The same where these quotas hold unless somebody chose others.
pub(crate) fn policy_beside(db: &mut Conn, per_day: &PerDay) -> Result<Policy, Failure> {
    let settings = server::settings(db)?;
    Ok(Policy {
        founders: choice(&settings, FOUNDERS, Founders::default())?,
        member_limit: choice(&settings, MEMBER_LIMIT, MemberLimit::default())?,
        per_workspace: choice(&settings, PER_WORKSPACE, per_day.workspace)?,
        per_inviter: choice(&settings, PER_INVITER, per_day.inviter)?,
        per_server: choice(&settings, PER_SERVER, per_day.server)?,
    })
}

fn choice<T: FromStr>(settings: &[server::Setting], name: &str, unless: T) -> Result<Choice<T>, Failure> {
    let Some(setting) = settings.iter().find(|setting| setting.name == name) else {
        return Ok(Choice { value: unless, fixed: false });
    };
    let value = match setting.fixed.as_ref().or(setting.value.as_ref()) {
        None => unless,
        Some(word) => word.parse().map_err(|_| Failure::Broken(format!("the setting {name} is {word:?}")))?,
    };
    Ok(Choice { value, fixed: setting.fixed.is_some() })
}

/// What is to change; `None` leaves it.
pub type Change = Flags;

/// Most invitations a day that make sense to write down.
const MOST_A_DAY: i64 = 10_000_000;

/// Chooses anew. What the command line decides is not changed here.
pub fn change(tx: &mut Tx, operator: &Operator, change: &Change, now: &Now) -> Result<Policy, Failure> {
    let person = operator.who().person;
    now.tries(Attempt::new(What::ServerRefused, "server", "", "change the settings").by_person(Some(person)));
    tx.still_signed_in(&operator.who(), now.at)?;
    if !operators::still(tx, operator)? {
        return Err(Failure::forbidden("operators_only", "Only operators of this server change its settings."));
    }
    check(change)?;
    let before = server::settings(tx)?;
    let mut event = Event::new(What::ServerChanged, "server", "", "");
    for (name, word) in change.words() {
        let Some(word) = word else { continue };
        let known = before.iter().find(|setting| setting.name == name);
        if known.is_some_and(|setting| setting.fixed.is_some()) {
            let detail = format!("The command line of the server decides {name}. Change it there.");
            return Err(Failure::conflict("fixed_by_command_line", detail));
        }
        let old = known.and_then(|setting| setting.value.clone());
        if old.as_ref() != Some(&word) {
            server::choose(tx, operator, name, &word)?;
            event = event.change(name, old, word);
        }
    }
    if !event.changes.is_empty() {
        events::add(tx, None, Some(person), &event, now)?;
    }
    policy(tx)
}

fn check(change: &Change) -> Result<(), Failure> {
    let quotas = [
        ("per_workspace", change.per_workspace),
        ("per_inviter", change.per_inviter),
        ("per_server", change.per_server),
    ];
    let wrong = quotas.into_iter().filter(|(_, n)| n.is_some_and(|n| !(0..=MOST_A_DAY).contains(&n)));
    let bad: Vec<Bad> =
        wrong.map(|(name, _)| Bad::new(name, "out_of_range", "A number from 0 to 10,000,000.")).collect();
    if bad.is_empty() { Ok(()) } else { Err(Failure::Invalid(bad)) }
}
