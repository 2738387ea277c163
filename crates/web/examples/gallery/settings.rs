//! The dashboard and Settings.

use askama::Template;
use web::views::api_key::{ApiKeyRow, ApiKeys, KeyForm, NewApiKey, Others, PresetChoice, RightChoice};
use web::views::dashboard::{Dashboard, ProjectForm};
use web::views::frame::{Flash, Frame, Place};
use web::views::invitation::Inviting;
use web::views::parts::{Field, ProjectLink};
use web::views::project::{Creating, ProjectRow, Projects, Shelf};
use web::views::workspace::General;

use crate::Page;
use crate::sample::{frame, moment, projects, testers_frame};

pub fn pages() -> Vec<Page> {
    [dashboard_pages(), settings_pages()].into_iter().flatten().collect()
}

fn dashboard_pages() -> Vec<Page> {
    let dashboard = Dashboard {
        frame: frame(Place::Dashboard),
        recent: projects(),
        inviting: Inviting::Ready,
        members: 23,
        open_invitations: Some(9),
        who_creates_projects: String::new(),
        waiting: Vec::new(),
        first_project: ProjectForm::default(),
    };
    let first = Dashboard {
        frame: Frame {
            projects: Vec::new(),
            flash: Some(Flash::Joined { workspace: "Hollin & Ash".into() }),
            ..frame(Place::Dashboard)
        },
        inviting: Inviting::NoProject { may_create: true },
        first_project: ProjectForm {
            private: false,
            name: Field::new("Web shop"),
            key: Field::wrong("WEB SHOP", "Capitals and digits only, at most ten."),
        },
        ..dashboard.clone()
    };
    let tester = Dashboard {
        frame: testers_frame(Place::Dashboard),
        inviting: Inviting::NoRight { who: "Priya Raman and 2 others".into() },
        open_invitations: None,
        ..dashboard.clone()
    };
    let waiting = Dashboard {
        frame: Frame { projects: Vec::new(), ..testers_frame(Place::Dashboard) },
        inviting: Inviting::NoProject { may_create: false },
        who_creates_projects: "Priya Raman and 2 others".into(),
        ..dashboard.clone()
    };
    vec![
        ("dashboard", dashboard.render()),
        ("dashboard-first", first.render()),
        ("dashboard-tester", tester.render()),
        ("dashboard-waiting", waiting.render()),
    ]
}

fn settings_pages() -> Vec<Page> {
    let general = |name| General {
        frame: frame(Place::General),
        name,
        allowed: Field::new("hollin.example"),
        blocked: Field::default(),
        confirm: Some(Field::default()),
    };
    let list = Projects {
        q: String::new(),
        frame: frame(Place::Projects),
        rows: project_rows(),
        which: Shelf::InUse,
        trash: Some(1),
        creating: Creating::Form(ProjectForm {
            private: false,
            name: Field::new("Returns"),
            key: Field::wrong("WEB", "Web shop uses WEB already. Try RET."),
        }),
    };
    let tester = Projects {
        frame: testers_frame(Place::Projects),
        creating: Creating::NoRight { who: "Priya Raman and 2 others".into() },
        ..list.clone()
    };
    let keys = ApiKeys {
        frame: frame(Place::ApiKeys),
        rows: key_rows(),
        form: key_form(),
        made: None,
        others: Some(Others { rows: vec![others_key()], more: None }),
    };
    let made = ApiKeys {
        made: Some(NewApiKey {
            name: "Nightly build".into(),
            secret: "mk_5Jq2bX8nV4cR7tY1wZ9kL3sD6fG0hP".into(),
            holder: "you".into(),
        }),
        ..keys.clone()
    };
    let none = ApiKeys { rows: Vec::new(), ..keys.clone() };
    vec![
        ("general", general(Field::new("Hollin & Ash")).render()),
        ("general-wrong", general(Field::wrong("", "A workspace needs a name.")).render()),
        ("projects", list.render()),
        ("projects-tester", tester.render()),
        ("api-keys", keys.render()),
        ("api-keys-made", made.render()),
        ("api-keys-none", none.render()),
    ]
}

fn project_rows() -> Vec<ProjectRow> {
    let row = |project: ProjectLink| ProjectRow {
        key: project.key,
        name: project.name,
        private: project.private,
        favourite: project.favourite,
        created: moment("3 March"),
        gone: None,
    };
    projects().into_iter().map(row).collect()
}

fn key_rows() -> Vec<ApiKeyRow> {
    let nightly = ApiKeyRow {
        id: "k1".into(),
        name: "Nightly build".into(),
        holder: None,
        rights: vec!["Execute runs".into(), "Manage runs".into()],
        created: moment("3 March"),
        last_used: Some(moment("2 hours ago")),
        expires: Some(moment("in 90 days")),
        over: false,
        may_revoke: true,
    };
    let laptop = ApiKeyRow {
        id: "k2".into(),
        name: "Laptop".into(),
        rights: Vec::new(),
        last_used: None,
        expires: None,
        ..nightly.clone()
    };
    vec![nightly, laptop]
}

fn others_key() -> ApiKeyRow {
    ApiKeyRow { id: "k3".into(), holder: Some("Priya Raman".into()), ..key_rows().remove(0) }
}

fn key_form() -> KeyForm {
    KeyForm {
        name: Field::default(),
        everything: "All that you may do, whatever that comes to be".into(),
        scope: "chosen".into(),
        presets: vec![PresetChoice {
            slug: "ci",
            name: "CI",
            words: "pushes results, makes the runs they belong to and the cases that are missing",
            rights: "execute_runs, manage_runs, write_cases".into(),
        }],
        in_workspace: vec![right("invite_members", "Invite members", "invite people, within what you hold")],
        in_projects: vec![right("read", "Read", "read cases, runs and reports")],
        rights_error: None,
        ends: "90".into(),
        date: Field::default(),
    }
}

fn right(slug: &'static str, name: &'static str, meaning: &'static str) -> RightChoice {
    RightChoice { slug, name, meaning, chosen: slug == "read" }
}
