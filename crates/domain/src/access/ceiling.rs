//! The ceiling: one grants only what one holds. Set inclusion of rights, never a rank.

use super::{
    member::{Member, ProjectFacts},
    right::{Right, Rights},
    role::Role,
};

/// A role to be granted on one project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProjectRole {
    /// Where.
    pub project: ProjectFacts,
    /// What.
    pub role: Role,
}

/// All that an invitation or a change of a member would grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grants {
    /// The role in the workspace.
    pub role: Role,
    /// Roles on projects.
    pub projects: Vec<ProjectRole>,
}

impl Grants {
    /// Whether a role on a project adds nothing: the role in the workspace reaches into it and holds as much.
    pub fn is_idle(&self, grant: &ProjectRole) -> bool {
        let rights = self.role.rights();
        let reaches = !grant.project.private || rights.contains(Right::SeePrivateProjects);
        let by_role = if reaches { rights.in_project() } else { Rights::NONE };
        grant.role.rights().in_project().within(by_role)
    }
}

/// A grant that exceeds what its giver holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Above {
    /// The role in the workspace.
    #[error("the role {} holds rights that you do not", .0.name())]
    Role(Role),
    /// A role on a project.
    #[error("the role {} on a project holds rights that you do not hold there", .0.role.name())]
    Project(ProjectRole),
    /// Owner is a role of the workspace alone.
    #[error("Owner cannot be granted on a project")]
    OwnerOnProject,
}

impl Member {
    /// Whether he may grant all of this. The one function for dialog, API, CSV, edit, resend and acceptance.
    pub fn may_grant(&self, grants: &Grants) -> Result<(), Above> {
        self.may_grant_role(grants.role)?;
        grants.projects.iter().try_for_each(|grant| self.may_grant_on(*grant))
    }

    /// Whether he may grant this role in the workspace.
    pub fn may_grant_role(&self, role: Role) -> Result<(), Above> {
        role.rights().within(self.rights()).then_some(()).ok_or(Above::Role(role))
    }

    /// Whether he may grant this role on this project.
    pub fn may_grant_on(&self, grant: ProjectRole) -> Result<(), Above> {
        if grant.role == Role::Owner {
            return Err(Above::OwnerOnProject);
        }
        let granted = grant.role.rights().in_project();
        granted.within(self.rights_in(grant.project)).then_some(()).ok_or(Above::Project(grant))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::{
        access::{CreateProjects, Grant, Holder, InviteMembers, May, Read, Refused, Still, Via, Wanted, WriteCases},
        id::{MemberId, PersonId, WorkspaceId},
    };

    fn project(n: u128, private: bool) -> ProjectFacts {
        ProjectFacts::active(Uuid::from_u128(n).into(), private)
    }

    fn member(role: Role, grants: &[(u128, Role)]) -> Member {
        let grants =
            grants.iter().map(|(n, role)| Grant { project: Uuid::from_u128(*n).into(), role: *role }).collect();
        let (id, workspace, person) = (Uuid::from_u128(1).into(), Uuid::from_u128(2).into(), Uuid::from_u128(3).into());
        read(id, workspace, person, role, grants, None)
    }

    #[expect(clippy::disallowed_methods, reason = "here members are invented")]
    fn read(
        id: MemberId,
        workspace: WorkspaceId,
        person: PersonId,
        role: Role,
        grants: Vec<Grant>,
        via: Option<Via>,
    ) -> Member {
        Member::read(id, workspace, person, role, grants, via)
    }

    /// The same member by a key with this limit.
    fn limited(member: &Member, limit: Option<Rights>) -> Member {
        let via = Via::Key {
            id: Uuid::from_u128(4).into(),
            workspace: member.workspace(),
            holder: Holder::Person,
            limit,
            ends_at: None,
        };
        read(member.id(), member.workspace(), member.person(), member.role(), member.grants().to_vec(), Some(via))
    }

    #[expect(clippy::disallowed_methods, reason = "here the transaction is invented")]
    fn again<R: Wanted>(
        may: &May<R>,
        member: Option<Member>,
        project: Option<ProjectFacts>,
    ) -> Result<Still<R>, Refused> {
        may.recheck(member, project)
    }

    #[test]
    fn a_manager_grants_tester_and_not_admin() {
        let manager = member(Role::Manager, &[]);
        assert_eq!(manager.may_grant_role(Role::Tester), Ok(()));
        assert_eq!(manager.may_grant_role(Role::Manager), Ok(()));
        assert_eq!(manager.may_grant_role(Role::Admin), Err(Above::Role(Role::Admin)));
    }

    #[test]
    fn nobody_grants_owner_on_a_project() {
        let grant = ProjectRole { project: project(9, false), role: Role::Owner };
        assert_eq!(member(Role::Owner, &[]).may_grant_on(grant), Err(Above::OwnerOnProject));
    }

    #[test]
    fn a_manager_grants_admin_where_he_is_admin() {
        let manager = member(Role::Manager, &[(9, Role::Admin)]);
        let on = |n| ProjectRole { project: project(n, false), role: Role::Admin };
        assert_eq!(manager.may_grant_on(on(9)), Ok(()));
        assert_eq!(manager.may_grant_on(on(8)), Err(Above::Project(on(8))));
    }

    #[test]
    fn a_manager_grants_nothing_in_a_private_project_he_is_not_in() {
        let grant = ProjectRole { project: project(9, true), role: Role::ReadOnly };
        assert_eq!(member(Role::Manager, &[]).may_grant_on(grant), Err(Above::Project(grant)));
        assert_eq!(member(Role::Admin, &[]).may_grant_on(grant), Ok(()));
    }

    #[test]
    fn a_guest_reads_only_where_he_holds_a_role() {
        let guest = Arc::new(member(Role::Guest, &[(9, Role::Tester)]));
        assert!(guest.may_in::<WriteCases>(project(9, true)).is_ok());
        assert_eq!(guest.may_in::<Read>(project(8, false)).unwrap_err(), Refused::Unknown);
        assert!(guest.visible().contains(project(9, true)) && !guest.visible().contains(project(8, false)));
    }

    #[test]
    fn a_grant_on_a_project_gives_no_right_in_the_workspace() {
        let guest = Arc::new(member(Role::Guest, &[(9, Role::Admin)]));
        let lacks = |right| Refused::Lacks { right, project: None };
        assert_eq!(guest.may::<InviteMembers>().unwrap_err(), lacks(Right::InviteMembers));
        assert_eq!(guest.may::<CreateProjects>().unwrap_err(), lacks(Right::CreateProjects));
    }

    #[test]
    fn a_limited_key_lowers_rights_and_ceiling_alike() {
        let limit = Some(Rights::of(&[Right::InviteMembers, Right::Read]));
        let owner = Arc::new(limited(&member(Role::Owner, &[]), limit));
        assert!(owner.may::<InviteMembers>().is_ok());
        assert_eq!(owner.may_grant_role(Role::ReadOnly), Ok(()));
        assert_eq!(owner.may_grant_role(Role::Tester), Err(Above::Role(Role::Tester)));
        assert!(!owner.may_act_on(Role::Owner));
    }

    #[test]
    fn a_proof_does_not_survive_the_loss_of_the_role() {
        let manager = Arc::new(member(Role::Manager, &[]));
        let may = manager.may::<InviteMembers>().unwrap();
        assert!(again(&may, Some(member(Role::Manager, &[])), None).is_ok());
        assert!(again(&may, Some(member(Role::Tester, &[])), None).is_err());
        assert_eq!(again(&may, None, None).unwrap_err(), Refused::Unknown);
    }

    #[test]
    fn a_proof_does_not_survive_that_its_project_becomes_private() {
        let tester = Arc::new(member(Role::Tester, &[]));
        let may = tester.may_in::<WriteCases>(project(9, false)).unwrap();
        let now = |project| again(&may, Some(member(Role::Tester, &[])), project);
        assert!(now(Some(project(9, false))).is_ok());
        for lost in [Some(project(9, true)), Some(project(8, false)), None] {
            assert_eq!(now(lost).unwrap_err(), Refused::Unknown);
        }
    }

    #[test]
    fn a_proof_by_one_key_is_none_by_another_way_in() {
        let owner = limited(&member(Role::Owner, &[]), Some(Rights::of(&[Right::InviteMembers])));
        let may = Arc::new(owner).may::<InviteMembers>().unwrap();
        assert_eq!(again(&may, Some(member(Role::Owner, &[])), None).unwrap_err(), Refused::Unknown);
    }

    #[test]
    fn a_role_on_a_project_adds_nothing_where_the_role_in_the_workspace_reaches_and_holds_as_much() {
        let idle = |role, private, on_it| {
            let grant = ProjectRole { project: project(9, private), role: on_it };
            Grants { role, projects: vec![grant] }.is_idle(&grant)
        };
        assert!(idle(Role::Tester, false, Role::Tester) && idle(Role::Tester, false, Role::ReadOnly));
        assert!(!idle(Role::Tester, false, Role::Manager) && !idle(Role::Guest, false, Role::ReadOnly));
        assert!(!idle(Role::Tester, true, Role::Tester), "the workspace role does not reach into a private project");
        assert!(idle(Role::Admin, true, Role::Tester), "one that sees private projects does");
        assert!(idle(Role::Guest, true, Role::Guest), "a guest holds nothing");
    }

    #[test]
    fn a_key_without_the_right_to_see_private_projects_reaches_none() {
        let reads = Some(Rights::of(&[Right::Read, Right::WriteCases]));
        let owner = Arc::new(limited(&member(Role::Owner, &[(8, Role::Tester)]), reads));
        assert_eq!(owner.may_in::<Read>(project(9, true)).unwrap_err(), Refused::Unknown);
        assert!(!owner.visible().contains(project(9, true)));
        assert!(owner.may_in::<WriteCases>(project(8, true)).is_ok(), "a role on it reaches into it");
        assert!(owner.visible().contains(project(8, true)) && owner.visible().contains(project(7, false)));
        let sees = Some(Rights::of(&[Right::Read, Right::SeePrivateProjects]));
        let owner = Arc::new(limited(&member(Role::Owner, &[]), sees));
        assert!(owner.may_in::<Read>(project(9, true)).is_ok() && owner.visible().contains(project(9, true)));
    }

    fn any_role() -> impl Strategy<Value = Role> {
        prop::sample::select(Role::ALL)
    }

    proptest! {
        /// I3 in the small: whatever is granted within the ceiling, its holder can do nothing its giver could not.
        #[test]
        fn a_grant_within_the_ceiling_never_gives_more_than_its_giver_holds(
            giver in any_role(), own in prop::collection::vec((0..3_u128, any_role()), 0..4),
            role in any_role(), given in prop::collection::vec((0..3_u128, any::<bool>(), any_role()), 0..4),
            limit in prop::option::of(any::<u32>()),
        ) {
            let limit = limit.map(|bits| Right::ALL.iter().copied().filter(|right| bits & (1 << *right as u32) != 0).collect());
            let giver = limited(&member(giver, &own), limit);
            let private = |n: u128| n == 2;
            let projects: Vec<_> = given.iter().map(|(n, _, role)| ProjectRole { project: project(*n, private(*n)), role: *role }).collect();
            let grants = Grants { role, projects };
            if giver.may_grant(&grants).is_ok() {
                let holder = member(role, &given.iter().map(|(n, _, role)| (*n, *role)).collect::<Vec<_>>());
                prop_assert!(holder.rights().within(giver.rights()));
                for n in 0..3 {
                    prop_assert!(holder.rights_in(project(n, private(n))).within(giver.rights_in(project(n, private(n)))));
                }
            }
        }
    }
}
