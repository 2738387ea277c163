//! Members, their roles and their projects.

use askama::Template;
use domain::access::{Right, Role};
use web::views::frame::Place;
use web::views::member::{DeedKind, Deeds, Effect, HeldRow, Member, MemberRow, Review, Unable};
use web::views::parts::{Choice, Face, Field};
use web::views::project::{PersonRow, Project, Settings};
use web::views::role::{RightRow, RoleColumn, Roles};

use crate::Page;
use crate::sample::{frame, moment, only, testers_frame};

pub fn pages() -> Vec<Page> {
    let seen = Member {
        frame: testers_frame(Place::Users),
        details: false,
        roles: Vec::new(),
        deeds: Deeds::default(),
        ..member()
    };
    let several = Review { deed: DeedKind::Role, role: Some(Choice::new("tester", "Tester", true)), ..review() };
    let removal = Review { able: vec![effect("Priya Raman")], unable: Vec::new(), stale: Vec::new(), ..review() };
    vec![
        ("member", member().render()),
        ("member-tester", seen.render()),
        ("review-role", several.render()),
        ("review-removal", removal.render()),
        ("roles", roles().render()),
        ("project", project().render()),
    ]
}

fn row() -> MemberRow {
    MemberRow {
        id: "mem_1".into(),
        name: "Priya Raman".into(),
        face: Face::of("Priya Raman", "p"),
        you: false,
        email: "priya.raman@hollinash.example".into(),
        grants: vec![only("Manager", &["WEB"])],
        last_seen: Some(moment("2 hours ago")),
        service: false,
        deactivated: false,
    }
}

fn choices() -> Vec<Choice> {
    let given = Role::ALL.iter().filter(|role| **role != Role::Owner);
    given.map(|role| Choice::new(role.slug(), role.name(), *role == Role::Manager)).collect()
}

fn member() -> Member {
    let held = |key: &str, adds_nothing| HeldRow {
        key: key.into(),
        name: "Web shop".into(),
        private: key == "PAY",
        role: "Admin".into(),
        adds_nothing,
        choices: choices(),
    };
    Member {
        frame: frame(Place::Users),
        row: row(),
        details: true,
        verified: true,
        joined: moment("3 March"),
        role: "Manager".into(),
        can: "Plan and review, manage runs, invite people and create projects.".into(),
        roles: choices(),
        locked: None,
        deeds: Deeds { deactivate: true, reactivate: false, remove: true, shut_out: true },
        held: vec![held("WEB", false), held("PAY", true)],
        more_projects: vec![Choice::new("APP", "APP Mobile app", false)],
        on_projects: choices(),
    }
}

fn effect(name: &str) -> Effect {
    Effect {
        token: "mem_1 manager active".into(),
        name: name.into(),
        face: Face::of(name, name),
        you: false,
        role: "Manager".into(),
        gained: Vec::new(),
        lost: vec![Right::InviteMembers.words(), Right::CreateProjects.words()],
        projects: Vec::new(),
        held: vec![("WEB".into(), "Admin".into())],
        on_hold: vec!["leo.marten@hollinash.example".into(), "mei.chen@hollinash.example".into()],
        released: Vec::new(),
        keys: 2,
    }
}

fn review() -> Review {
    Review {
        frame: frame(Place::Users),
        deed: DeedKind::Remove,
        role: None,
        on: Vec::new(),
        able: vec![effect("Priya Raman"), effect("Tomasz Wójcik")],
        unable: vec![Unable {
            name: "Daniel Brandt".into(),
            why: "cannot be changed by you. Only owners change owners.".into(),
        }],
        stale: vec!["Priya Raman changed meanwhile: the role went from Tester to Manager. Nothing was done.".into()],
        back: "/w/hollin-ash/settings/users".into(),
    }
}

fn roles() -> Roles {
    let row = |right: &Right| RightRow {
        name: right.words(),
        meaning: right.meaning(),
        held: Role::ALL.iter().map(|role| role.rights().contains(*right)).collect(),
    };
    let rows = |there| Right::ALL.iter().filter(|right| right.in_project() == there).map(row).collect();
    let column = |(n, role): (usize, &Role)| RoleColumn {
        slug: role.slug(),
        name: role.name(),
        members: u32::try_from(n * n).unwrap_or(0),
    };
    Roles {
        frame: frame(Place::Roles),
        roles: Role::ALL.iter().enumerate().map(column).collect(),
        in_workspace: rows(false),
        in_projects: rows(true),
    }
}

fn project() -> Project {
    let person = |name: &str, role: &str| PersonRow {
        id: name.to_lowercase(),
        name: name.into(),
        face: Face::of(name, name),
        role: role.into(),
        workspace_role: "Tester".into(),
        deactivated: name == "Kenji Mori",
        choices: choices(),
    };
    Project {
        frame: frame(Place::Projects),
        key: "PAY".into(),
        name: "Payments".into(),
        about: String::new(),
        private: true,
        archived: false,
        favourite: true,
        form: Some(Settings {
            name: Field::new("Payments"),
            description: Field::new("Checkout, refunds and invoices."),
            private: true,
            review: true,
        }),
        confirm: Some(Field::default()),
        people: vec![person("Kenji Mori", "Tester"), person("Priya Raman", "Admin")],
        more: None,
        find: "tom".into(),
        found: vec![person("Tomasz Wójcik", "")],
    }
}
