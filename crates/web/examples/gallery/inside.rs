//! Pages inside the workspace.

use askama::Template;
use web::views::api_key::{ApiKeyRow, ApiKeys, KeyForm, NewApiKey, Others, PresetChoice, RightChoice};
use web::views::dashboard::{Dashboard, ProjectForm};
use web::views::frame::{Flash, Frame, Notice, Place};
use web::views::invitation::{
    Batch, Checked, CopiedLink, Invite, InviteForm, Inviting, Outcome, OutcomeState, Scope, Typing,
};
use web::views::invitations::{
    Acted, ActedOn, Correction, Deed, Delivery, InvitationPage, InvitationRow, Invitations, Kin, Mail, Part, Stage,
    Standing, Step,
};
use web::views::member::{MemberRow, Members};
use web::views::parts::{Face, Field, Grant, ProjectLink};
use web::views::project::{Creating, ProjectRow, Projects};
use web::views::users::Users;
use web::views::workspace::General;

use crate::Page;
use crate::sample::{everywhere, frame, invite_form, moment, only, projects, testers_frame};

pub fn pages() -> Vec<Page> {
    [users_pages(), invite_pages(), dashboard_pages(), settings_pages()].into_iter().flatten().collect()
}

fn users_pages() -> Vec<Page> {
    let full = users();
    let paused = Notice::MailPaused { words: "535 5.7.8 Authentication failed".into(), waiting: 12 };
    let copying = Users {
        frame: Frame { notices: vec![Notice::CopyLinkMode], ..frame(Place::Users) },
        form: Some(InviteForm { mail: false, ..invite_form() }),
        batch: Some(batch(false)),
        ..users()
    };
    let flashed = Users {
        frame: Frame {
            notices: vec![paused],
            flash: Some(Flash::Invited { invited: 2, skipped: 3 }),
            ..frame(Place::Users)
        },
        batch: Some(batch(true)),
        ..users()
    };
    let alone = Users {
        invitations: Some(Invitations::default()),
        members: Members {
            count: 1,
            details: true,
            rows: vec![member("Ann Keller", "Owner", true)],
            ..Members::default()
        },
        ..users()
    };
    let tester = Users {
        frame: testers_frame(Place::Users),
        inviting: Inviting::NoRight { who: "Priya Raman and 2 others".into() },
        form: None,
        invitations: None,
        members: Members { details: false, ..members() },
        ..users()
    };
    let acted = Users { acted: Some(acted()), ..users() };
    vec![
        ("users-acted", acted.render()),
        ("invitation", invitation().render()),
        ("correction", correction().render()),
        ("users", full.render()),
        ("users-copy-link", copying.render()),
        ("users-sent", flashed.render()),
        ("users-alone", alone.render()),
        ("users-tester", tester.render()),
    ]
}

fn users() -> Users {
    Users {
        frame: frame(Place::Users),
        inviting: Inviting::Ready,
        form: Some(invite_form()),
        batch: None,
        acted: None,
        invitations: Some(invitations()),
        members: members(),
    }
}

fn invitations() -> Invitations {
    let words = |text: &str| text.to_owned();
    let rows = vec![
        row(
            "leo.marten@hollinahs.example",
            "Leo Marten",
            vec![only("Tester", &["WEB", "APP"])],
            Delivery::Failed { words: words("550 5.1.2 Domain hollinahs.example not found") },
        ),
        row(
            "ines.duarte@brightloop.example",
            "Inês Duarte",
            vec![only("Tester", &["WEB"])],
            Delivery::OnHold { inviter: words("Jonas Lindqvist") },
        ),
        row(
            "qa-lab@partner-retail.example",
            "",
            vec![only("Tester", &["PAY"]), only("Read Only", &["WMS"])],
            Delivery::Deferred {
                next_try: moment("10:58"),
                words: words("451 4.7.1 Greylisted, try again in 300 seconds"),
            },
        ),
        row("hana.sato@hollinash.example", "Hana Sato", everywhere("Manager"), Delivery::Queued),
        row(
            "mei.chen@hollinash.example",
            "Mei Chen",
            vec![only("Tester", &["WEB", "WMS"])],
            Delivery::Sent { at: moment("Sunday 16:20") },
        ),
        row("viktor.ahl@hollinash.example", "", everywhere("Read Only"), Delivery::Sent { at: moment("18 Nov") }),
        row("o.haddad@hollinash.example", "", everywhere("Tester"), Delivery::NoMail),
    ];
    Invitations {
        count: 9,
        need_you: 2,
        shown: Part::Open,
        search: String::new(),
        rows,
        more: Some("?invitations=cursor".into()),
        key: "key".into(),
    }
}

fn acted() -> Acted {
    let one = |address: &str, why_not: Option<&str>| ActedOn {
        id: "i1".into(),
        address: address.into(),
        why_not: why_not.map(Into::into),
    };
    Acted {
        deed: Deed::Resend,
        results: vec![
            one("mei.chen@hollinash.example", None),
            one("ines.duarte@brightloop.example", Some("It is on hold. Sponsor it first.")),
        ],
    }
}

fn invitation() -> InvitationPage {
    let step = |what, at: &str, words: &str| Step { at: moment(at), what, words: words.into() };
    let refused = "550 5.1.2 Domain hollinahs.example not found";
    let failed = Delivery::Failed { words: refused.into() };
    InvitationPage {
        frame: frame(Place::Users),
        row: row("leo.marten@hollinahs.example", "Leo Marten", vec![only("Tester", &["WEB", "APP"])], failed),
        message: Some("Hi, this is where we test the web shop.\nQuestions to me.".into()),
        created: moment("2 hours ago"),
        predecessor: Some(Kin {
            id: "i0".into(),
            address: "leo.martin@hollinahs.example".into(),
            created: moment("17 Nov"),
        }),
        successor: None,
        mails: vec![
            Mail { number: 2, steps: vec![step(Stage::Queued, "10:40", ""), step(Stage::Failed, "10:41", refused)] },
            Mail {
                number: 1,
                steps: vec![
                    step(Stage::Queued, "9:12", ""),
                    step(Stage::Deferred, "9:12", "451 4.7.1 Greylisted, try again in 300 seconds"),
                    step(Stage::Withdrawn, "10:40", ""),
                ],
            },
        ],
    }
}

fn correction() -> Correction {
    Correction {
        frame: frame(Place::Users),
        id: "i1".into(),
        former: "leo.marten@hollinahs.example".into(),
        words: Some("550 5.1.2 Domain hollinahs.example not found".into()),
        mails: true,
        address: Field::wrong(
            "leo.marten@hollinash,example",
            "A comma where a dot should be, character 21. Did you mean leo.marten@hollinash.example?",
        ),
    }
}

fn row(address: &str, name: &str, grants: Vec<Grant>, delivery: Delivery) -> InvitationRow {
    InvitationRow {
        id: address.split('@').next().unwrap_or_default().replace('.', "-"),
        address: address.into(),
        name: name.into(),
        face: Face::of(if name.is_empty() { address } else { name }, address),
        grants,
        invited_by: "Ann Keller".into(),
        standing: if matches!(delivery, Delivery::OnHold { .. }) { Standing::OnHold } else { Standing::Pending },
        deeds: match delivery {
            Delivery::OnHold { .. } => vec![Deed::Copy, Deed::Correct, Deed::Sponsor, Deed::Revoke],
            _ => vec![Deed::Copy, Deed::Resend, Deed::Correct, Deed::Revoke],
        },
        delivery,
        expires: moment("in 7 days"),
        ends_soon: address.starts_with("viktor"),
    }
}

fn members() -> Members {
    let mut rows: Vec<MemberRow> = [
        ("Daniel Brandt", "Owner"),
        ("Ann Keller", "Admin"),
        ("Priya Raman", "Manager"),
        ("Tomasz Wójcik", "Tester"),
        ("Seun Adeyemi", "Tester"),
        ("Lea Fournier", "Read Only"),
        ("Kenji Mori", "Tester"),
    ]
    .map(|(name, role)| member(name, role, name == "Ann Keller"))
    .to_vec();
    rows[3].grants = vec![only("Tester", &["WEB", "APP"]), only("Manager", &["WMS"])];
    rows[6].deactivated = true;
    rows[6].last_seen = None;
    Members { count: 23, details: true, rows, more: Some("?members=cursor".into()), ..Members::default() }
}

fn member(name: &str, role: &str, you: bool) -> MemberRow {
    MemberRow {
        id: name.to_lowercase().replace(' ', "-"),
        name: name.into(),
        face: Face::of(name, name),
        you,
        email: format!("{}@hollinash.example", name.to_lowercase().replace(' ', ".")),
        grants: everywhere(role),
        last_seen: Some(moment("14 minutes ago")),
        service: false,
        deactivated: false,
    }
}

fn batch(mailed: bool) -> Batch {
    let mut invited = outcomes(mailed);
    let skipped = invited.split_off(2);
    Batch { key: "k1".into(), mailed, invited, skipped, repeated: Vec::new() }
}

fn outcomes(mailed: bool) -> Vec<Outcome> {
    let link = |id: &str| (!mailed).then(|| id.to_owned());
    let outcome = |input: &str, state, detail: Option<&str>, invitation| Outcome {
        input: input.into(),
        state,
        detail: detail.map(Into::into),
        invitation,
        own: Vec::new(),
    };
    vec![
        outcome("Amélie Roth <amelie.roth@hollinash.example>", OutcomeState::Invited, None, link("i1")),
        outcome("b.okafor@brightloop.example", OutcomeState::Invited, None, link("i2")),
        outcome(
            "ruth.abelson@hollinash,example",
            OutcomeState::Invalid,
            Some("A comma where a dot should be, character 23"),
            None,
        ),
        outcome(
            "mei.chen@hollinash.example",
            OutcomeState::AlreadyInvited,
            Some("Invited by you on Sunday, the link works 5 more days"),
            None,
        ),
        outcome("tomasz.wojcik@hollinash.example", OutcomeState::AlreadyMember, None, None),
    ]
}

fn invite_pages() -> Vec<Page> {
    let invite = |form| Invite { frame: frame(Place::Users), inviting: Inviting::Ready, form };
    let refused = InviteForm {
        state: Typing::Open,
        recipients: Field::wrong(
            "ruth.abelson@hollinash,example\nmei.chen@hollinash.example",
            "None of these addresses could be invited. Each says why.",
        ),
        checked: Some(Checked {
            invite: 0,
            skip: 2,
            merged: 0,
            outcomes: outcomes(true).split_off(2),
            idle: vec!["Read Only on WMS".into()],
        }),
        scope: Scope::Only,
        ..invite_form()
    };
    let copied = CopiedLink {
        frame: frame(Place::Users),
        address: "amelie.roth@hollinash.example".into(),
        url: "https://muster.hollinash.example/join/Q7fK2mXw9TzR4bNcVd3hYs".into(),
        expires: moment("Tuesday 1 December, 10:40 UTC"),
    };
    vec![
        ("invite", invite(invite_form()).render()),
        ("invite-refused", invite(refused.clone()).render()),
        ("users-refused", Users { form: Some(refused), ..users() }.render()),
        ("copied-link", copied.render()),
    ]
}

fn dashboard_pages() -> Vec<Page> {
    let dashboard = Dashboard {
        frame: frame(Place::Dashboard),
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
        created: moment("3 March"),
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
