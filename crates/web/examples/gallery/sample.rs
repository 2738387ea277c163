//! The sample workspace: Hollin & Ash, as Ann Keller sees it.

use web::views::frame::{Frame, Place, Settings, Theme};
use web::views::invitation::{InviteForm, ProjectChoice, RoleChoice, Scope};
use web::views::parts::{Face, Grant, Moment, Person, ProjectLink, WorkspaceLink};

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
        .map(|(key, name, private)| ProjectLink { key: key.into(), name: name.into(), private })
        .to_vec()
}

pub fn frame(here: Place) -> Frame {
    Frame {
        workspace: "Hollin & Ash".into(),
        slug: "hollin-ash".into(),
        others: vec![workspace("Brightloop", "brightloop", "Tester")],
        person: ann(),
        here,
        settings: Settings { users: Some(23), general: true, projects: true, api_keys: true, audit: true },
        projects: projects(),
        notices: Vec::new(),
        flash: None,
        theme: Theme::System,
    }
}

/// As a tester without rights over others sees it.
pub fn testers_frame(here: Place) -> Frame {
    Frame {
        settings: Settings { users: Some(23), general: false, projects: true, api_keys: true, audit: false },
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
        open: false,
        recipients: String::new(),
        error: None,
        outcomes: Vec::new(),
        roles: roles(),
        scope: Scope::All,
        projects: choices(),
        days: 7,
        mail: true,
        send_email: true,
        idempotency_key: "0192f0c4".into(),
    }
}

fn roles() -> Vec<RoleChoice> {
    [
        ("admin", "Admin", "Everything but owning the workspace: people, roles, projects, integrations.", true),
        ("manager", "Manager", "Invites people, creates projects, manages runs, plans and reviews.", true),
        (
            "tester",
            "Tester",
            "Writes cases and executes runs. Cannot delete cases, invite people or change settings.",
            true,
        ),
        ("read_only", "Read Only", "Sees everything, changes nothing.", true),
        ("guest", "Guest", "Sees only the projects chosen below.", false),
    ]
    .map(|(slug, name, can, on_projects)| RoleChoice {
        slug: slug.into(),
        name: name.into(),
        can: can.into(),
        chosen: slug == "tester",
        on_projects,
    })
    .to_vec()
}

fn choices() -> Vec<ProjectChoice> {
    let chosen = ["WEB", "APP", "WMS"];
    projects()
        .into_iter()
        .map(|project| ProjectChoice {
            chosen: chosen.contains(&project.key.as_str()),
            role: if project.key == "WMS" { "read_only".into() } else { String::new() },
            key: project.key,
            name: project.name,
            private: project.private,
        })
        .collect()
}
