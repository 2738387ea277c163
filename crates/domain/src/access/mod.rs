//! Who may do what. Rights, roles, members, and the proofs that verbs and queries demand.
//!
//! Invariant: a [`May`] and a [`Still`] are made in this module only, from a [`Member`] read from the database.
//! Nothing subtracts: what a member may do is a union of grants, so every yes and no is explained by naming them.

mod ceiling;
mod member;
mod operator;
mod preset;
mod proof;
mod right;
mod role;
mod standing;
mod supposed;

pub use ceiling::{Above, Grants, ProjectRole};
pub use member::{Grant, Member, People, ProjectFacts, Refused, Visible};
pub use operator::Operator;
pub use preset::Preset;
pub use proof::{
    Bearer, Held, Holder, May, Membership, RestoreProject, Settle, SignedIn, Still, System, TokenKind, Via, Wanted,
};
pub use right::{
    CreateProjects, DeleteCases, ExecuteRuns, Import, InviteMembers, ManageGroups, ManageIntegrations, ManageMail,
    ManageMembers, ManagePlans, ManageProject, ManageReports, ManageRoles, ManageRuns, ManageWorkspace, OwnWorkspace,
    Read, ReadAudit, ReviewCases, Right, Rights, SeePrivateProjects, SharePublicly, UnknownRight, WriteCases,
};
pub use role::{Role, UnknownRole};
pub use standing::{BadStanding, Standing};
pub use supposed::Supposed;
