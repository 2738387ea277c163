//! What a reader finds on a page.

use askama::Template;
use web::views::frame::{Bare, Flash, Frame, Notice, Place, Settings, Theme};
use web::views::invitation::{Batch, Checked, InviteForm, Inviting, Outcome, OutcomeState, RoleChoice, Scope, Typing};
use web::views::join::{Join, JoinState};
use web::views::member::Members;
use web::views::parts::{Field, Person};
use web::views::sign_in::SignIn;
use web::views::users::Users;

fn frame() -> Frame {
    Frame {
        workspace: "Hollin & <Ash>".into(),
        slug: "hollin-ash".into(),
        others: Vec::new(),
        person: Person::default(),
        here: Place::Users,
        settings: Settings { users: Some(1), ..Settings::default() },
        projects: Vec::new(),
        notices: Vec::new(),
        flash: None,
        theme: Theme::Dark,
        operator: false,
        is_answer: false,
        project: None,
    }
}

fn users(inviting: Inviting, form: Option<InviteForm>) -> Users {
    Users { frame: frame(), inviting, form, batch: None, acted: None, invitations: None, members: Members::default() }
}

fn form() -> InviteForm {
    InviteForm {
        state: Typing::Kept,
        recipients: Field::new("</textarea><script>alert(1)</script>"),
        checked: None,
        message: Field::default(),
        roles: vec![role("tester", "Tester", None), role("admin", "Admin", Some("holds rights that you do not"))],
        role_error: None,
        scope: Scope::All,
        projects: Vec::new(),
        projects_error: None,
        days: Field::new("10"),
        mail: false,
        send_email: false,
        quota: None,
        may_reactivate: false,
        idempotency_key: "key".into(),
    }
}

fn role(slug: &str, name: &str, why_not: Option<&str>) -> RoleChoice {
    let (slug, name, why_not) = (slug.to_owned(), name.to_owned(), why_not.map(str::to_owned));
    RoleChoice { chosen: slug == "tester", slug, name, can: String::new(), why_not }
}

#[test]
fn who_may_invite_finds_the_button_and_the_dialog() {
    let page = users(Inviting::Ready, Some(form())).render().unwrap();
    assert!(page.contains("href=\"/w/hollin-ash/settings/users/invite\""));
    assert!(page.contains("Invite Users") && page.contains("Invite Team") && page.contains("Send Invite"));
}

#[test]
fn who_may_not_invite_finds_no_button_but_the_missing_right_and_who_has_it() {
    let page = users(Inviting::NoRight { who: "Priya and 2 others".into() }, None).render().unwrap();
    assert!(!page.contains("Invite Users") && !page.contains("Send Invite"));
    assert!(page.contains("You lack the right Invite members") && page.contains("Priya and 2 others can"));
}

#[test]
fn without_a_project_the_page_says_what_comes_first() {
    let page = users(Inviting::NoProject { may_create: true }, None).render().unwrap();
    assert!(page.contains("First a project, then people") && page.contains("/w/hollin-ash/settings/projects"));
}

#[test]
fn what_was_typed_and_names_of_others_are_escaped() {
    let page = users(Inviting::Ready, Some(form())).render().unwrap();
    assert!(!page.contains("<script>alert"));
    assert!(page.contains("Hollin &#38; &#60;Ash&#62;"));
}

#[test]
fn a_role_one_may_not_grant_is_shown_with_the_reason() {
    let page = users(Inviting::Ready, Some(form())).render().unwrap();
    assert!(page.contains("<option value=\"tester\" selected>Tester</option>"));
    assert!(page.contains("<option value=\"admin\" disabled>Admin: holds rights that you do not</option>"));
}

#[test]
fn a_dry_run_is_told_without_scripts() {
    let checked = Checked { invite: 17, skip: 3, merged: 1, outcomes: Vec::new(), idle: vec!["Tester on WEB".into()] };
    let page = users(Inviting::Ready, Some(InviteForm { checked: Some(checked), ..form() })).render().unwrap();
    assert!(page.contains("17 to invite, 3 to skip, 1 repeat merged.") && page.contains("Invite 17, skip 3"));
    assert!(page.contains("Tester on WEB: adds nothing to the role above."));
}

#[test]
fn a_batch_is_told_in_groups_and_a_long_one_is_folded() {
    let outcome = |input: String, state| Outcome {
        input,
        state,
        detail: None,
        invitation: None,
        deactivated: None,
        own: Vec::new(),
    };
    let many = (0..1000).map(|n| outcome(format!("p{n}@x.example"), OutcomeState::Invited)).collect();
    let batch = Batch {
        key: "k 1".into(),
        mailed: false,
        invited: many,
        skipped: vec![outcome("nobody".into(), OutcomeState::Invalid)],
        repeated: vec![outcome("P1@x.example".into(), OutcomeState::Duplicate)],
    };
    let page = Users { batch: Some(batch), ..users(Inviting::Ready, Some(form())) }.render().unwrap();
    assert!(page.contains("1000 invited, 1 skipped") && page.contains("<details><summary>All 1000 addresses"));
    assert!(page.contains("Copy all links") && page.contains("1 repeat, counted once"));
    assert!(page.contains("/w/hollin-ash/settings/users/invite?batch=k+1"), "what is wrong can be corrected");
    assert!(page.contains("p999@x.example") && page.contains("P1@x.example"), "every input is named");
}

#[test]
fn copy_link_mode_is_said_before_anything_is_sent() {
    let mut page = users(Inviting::Ready, Some(form()));
    page.frame.notices.push(Notice::CopyLinkMode);
    let page = page.render().unwrap();
    assert!(page.contains("No mail server is set") && page.contains("This server sends no mail"));
    assert!(!page.contains("name=\"send_email\""));
}

#[test]
fn a_paused_channel_shows_the_servers_own_words() {
    let mut page = users(Inviting::Ready, None);
    page.frame.notices.push(Notice::MailPaused { words: "535 5.7.8 no".into(), waiting: 1 });
    let page = page.render().unwrap();
    assert!(page.contains("535 5.7.8 no") && page.contains("One mail waits"));
}

#[test]
fn the_chosen_theme_stands_on_the_root() {
    let page = users(Inviting::Ready, None).render().unwrap();
    assert!(page.contains("<html lang=\"en\" data-theme=\"dark\""));
}

#[test]
fn a_flash_survives_the_cookie() {
    let flash = Flash::Invited { invited: 17, skipped: 3 };
    let cookie = serde_json::to_string(&flash).unwrap();
    let bare = Bare { flash: Some(serde_json::from_str(&cookie).unwrap()), theme: Theme::System };
    let page = SignIn { bare, ..SignIn::default() }.render().unwrap();
    assert!(page.contains("17 invited, 3 skipped"));
}

#[test]
fn every_end_of_an_invitation_has_exactly_one_way_on() {
    let inviter = || "Ann".to_owned();
    let ends = [
        JoinState::Expired { at: web::views::parts::Moment::default(), inviter: inviter(), token: String::new() },
        JoinState::Wanted { inviter: inviter() },
        JoinState::Used,
        JoinState::Declined { inviter: inviter() },
        JoinState::Revoked { inviter: inviter() },
        JoinState::Replaced,
        JoinState::Unknown,
        JoinState::Barred { why: "This workspace has all the members it may have (10).".into(), inviter: inviter() },
        JoinState::OnHold { workspace: "Hollin".into(), inviter: inviter() },
    ];
    for state in ends {
        let page = Join { bare: Bare::default(), state: state.clone() }.render().unwrap();
        assert_eq!(page.matches("class=\"button").count(), 1, "{state:?}");
    }
}
