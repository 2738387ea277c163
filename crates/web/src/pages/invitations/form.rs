//! Invite Team as a form nobody has typed in yet.

use app::{App, Failure, invitations::quota};
use db::Conn;
use domain::{
    access::{Above, InviteMembers, May, Member, Membership, ProjectRole, Right, Role},
    invitation::ValidDays,
    now::Now,
};
use store::projects;

use super::super::moment::moment;
use crate::{
    api::invitations::with,
    views::{
        invitation::{InviteForm, ProjectChoice, Quota, RoleChoice, Scope, Typing},
        parts::Field,
    },
};

/// An empty form with what this person may grant here.
pub fn form(app: &App, db: &mut Conn, may: &May<Membership>, now: &Now) -> Result<InviteForm, Failure> {
    let member = may.member();
    let mail = app.mail().is_some();
    let projects = projects::visible(db, &member.visible())?.into_iter();
    Ok(InviteForm {
        state: Typing::None,
        recipients: Field::default(),
        checked: None,
        message: Field::default(),
        roles: offered().map(|role| choice(role, member.may_grant_role(role), role == Role::Tester)).collect(),
        role_error: None,
        scope: Scope::All,
        projects: projects.map(|project| on_project(member, project)).collect(),
        projects_error: None,
        days: Field::new(ValidDays::default().get().to_string()),
        mail,
        send_email: mail,
        quota: quota(app, db, may, now)?,
        may_reactivate: member.rights().contains(Right::ManageMembers),
        idempotency_key: now.token().reveal().to_owned(),
    })
}

/// From few rights to many. Guest is not offered: "only these projects" is what it is for.
fn offered() -> impl Iterator<Item = Role> {
    Role::ALL.iter().rev().copied().filter(|role| *role != Role::Guest)
}

/// A role one may not grant is shown with the reason, so that nobody looks for it in vain.
fn choice(role: Role, granted: Result<(), Above>, chosen: bool) -> RoleChoice {
    RoleChoice {
        slug: role.slug().to_owned(),
        name: role.name().to_owned(),
        can: sentence(role.words()),
        why_not: granted.is_err().then(|| "holds rights that you do not".to_owned()),
        chosen,
    }
}

fn on_project(member: &Member, project: projects::Project) -> ProjectChoice {
    let granted = |role| member.may_grant_on(ProjectRole { project: project.facts(), role });
    let roles = offered().filter(|role| *role != Role::Owner).map(|role| choice(role, granted(role), false));
    ProjectChoice {
        roles: roles.collect(),
        key: project.key,
        name: project.name,
        private: project.private,
        chosen: false,
    }
}

fn quota(app: &App, db: &mut Conn, may: &May<Membership>, now: &Now) -> Result<Option<Quota>, Failure> {
    let Some(per_day) = with(app).per_day else { return Ok(None) };
    let may: May<InviteMembers> = may.member().may()?;
    let left = quota::left(db, &may, per_day, now)?;
    Ok(Some(Quota { left: left.left, resets: moment(left.resets_at, now.at) }))
}

/// Words of the rules as a sentence.
pub fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}
