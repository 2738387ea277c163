//! Users: members, invitations, and one invitation.

use askama::Template;
use web::views::frame::{Flash, Frame, Notice, Place};
use web::views::invitation::{InviteForm, Inviting};
use web::views::invitations::{
    Acted, ActedOn, Correction, Deed, Delivery, InvitationPage, InvitationRow, Invitations, Kin, Mail, Part, Stage,
    Standing, Step,
};
use web::views::member::{MemberRow, Members};
use web::views::parts::{Face, Field, Grant};
use web::views::users::Users;

use crate::Page;
use crate::invite::batch;
use crate::sample::{everywhere, frame, invite_form, moment, only, testers_frame};

pub fn pages() -> Vec<Page> {
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

pub fn users() -> Users {
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
        wanted: 0,
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
