//! The sample workspace: Hollin & Ash, as Ann Keller sees it.

use web::views::frame::{Frame, Place, Settings, Theme};
use web::views::invitation::{InviteForm, ProjectChoice, Quota, RoleChoice, Scope, Typing};
use web::views::parts::{Face, Field, Grant, Moment, Person, ProjectLink, WorkspaceLink};

pub fn moment(text: &str) -> Moment {
    Moment { rfc3339: "2026-11-24T10:40:00Z".into(), text: text.into() }
}

pub fn person(name: &str, email: &str) -> Person {
    Person { name: name.into(), email: email.into(), face: Face::of(name, name) }
}

pub fn ann() -> Person {
    person("Ann Keller", "ann.keller@hollinash.example")
}

pub fn workspace(name: &str, slug: &str, role: &str) -> WorkspaceLink {
    WorkspaceLink { name: name.into(), slug: slug.into(), role: role.into() }
}

pub fn projects() -> Vec<ProjectLink> {
    [("APP", "Mobile app", false), ("PAY", "Payments", true), ("WMS", "Warehouse", false), ("WEB", "Web shop", false)]
        .map(|(key, name, private)| ProjectLink {
            key: key.into(),
            name: name.into(),
            private,
            favourite: key == "WEB",
        })
        .to_vec()
}

pub fn frame(here: Place) -> Frame {
    Frame {
        workspace: "Hollin & Ash".into(),
        slug: "hollin-ash".into(),
        others: vec![workspace("Brightloop", "brightloop", "Tester")],
        person: ann(),
        here,
        settings: Settings {
            users: Some(23),
            service_accounts: true,
            general: true,
            projects: true,
            mail: true,
            api_keys: true,
            audit: true,
            server: true,
        },
        projects: projects(),
        notices: Vec::new(),
        flash: None,
        theme: Theme::System,
        operator: false,
        is_answer: false,
        project: None,
    }
}

/// As a tester without rights over others sees it.
pub fn testers_frame(here: Place) -> Frame {
    Frame {
        settings: Settings {
            users: Some(23),
            service_accounts: false,
            general: false,
            projects: true,
            mail: false,
            api_keys: true,
            audit: false,
            server: false,
        },
        person: person("Tomasz Wójcik", "tomasz.wojcik@hollinash.example"),
        others: Vec::new(),
        ..frame(here)
    }
}

pub fn everywhere(role: &str) -> Vec<Grant> {
    vec![Grant { role: role.into(), projects: None }]
}

pub fn only(role: &str, keys: &[&str]) -> Grant {
    Grant { role: role.into(), projects: Some(keys.iter().map(|&key| key.into()).collect()) }
}

pub fn invite_form() -> InviteForm {
    InviteForm {
        state: Typing::None,
        recipients: Field::default(),
        checked: None,
        message: Field::default(),
        roles: roles(),
        role_error: None,
        scope: Scope::All,
        projects: choices(),
        projects_error: None,
        days: Field::new("7"),
        mail: true,
        send_email: true,
        quota: Some(Quota { left: 1983, resets: moment("in 13 hours") }),
        may_reactivate: true,
        idempotency_key: "0192f0c4".into(),
    }
}

fn roles() -> Vec<RoleChoice> {
    [
        ("read_only", "Read Only", "Sees everything, changes nothing."),
        ("tester", "Tester", "Writes cases and executes runs. Cannot delete cases, invite people or change settings."),
        ("manager", "Manager", "Invites people, creates projects, manages runs, plans and reviews."),
        ("admin", "Admin", "Everything but owning the workspace: people, roles, projects, integrations."),
        ("owner", "Owner", "Everything."),
    ]
    .map(|(slug, name, can)| RoleChoice {
        slug: slug.into(),
        name: name.into(),
        can: can.into(),
        why_not: (slug == "owner").then(|| "holds rights that you do not".into()),
        chosen: slug == "tester",
    })
    .to_vec()
}

fn roles_on(chosen: &str) -> Vec<RoleChoice> {
    let on_projects = roles().into_iter().filter(|role| role.slug != "owner");
    on_projects.map(|role| RoleChoice { chosen: role.slug == chosen, ..role }).collect()
}

fn choices() -> Vec<ProjectChoice> {
    let chosen = ["WEB", "APP", "WMS"];
    projects()
        .into_iter()
        .map(|project| ProjectChoice {
            chosen: chosen.contains(&project.key.as_str()),
            roles: roles_on(if project.key == "WMS" { "read_only" } else { "" }),
            key: project.key,
            name: project.name,
            private: project.private,
        })
        .collect()
}
