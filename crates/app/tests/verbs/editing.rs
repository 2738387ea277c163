//! T5: another role, other projects, another end for an open invitation.

use app::invitations::{Edit, wanted::WantedRole};
use domain::{
    access::{Right, Role},
    id::InvitationId,
    invitation::{State, ValidDays},
    time::days,
};

use crate::{
    bed::on_both_engines,
    world::{World, newcomer, on, refusal},
};

on_both_engines! { World:
    t5_an_edited_invitation_grants_the_new_and_nothing_of_the_old
    t5_what_is_left_out_stays
    t5_the_ceiling_covers_the_old_and_the_new
    t5_a_limited_key_lowers_the_ceiling
    t5_only_owners_edit_an_invitation_to_owner
    t5_without_the_right_nothing_is_edited
    t5_an_ended_invitation_is_not_edited
    t5_an_invitation_of_another_workspace_is_not_edited
    t5_a_project_one_cannot_see_answers_like_an_unknown_one
    t5_domains_blocked_after_sending_bind_when_editing
    t5_the_end_counts_anew_from_now_or_from_when_a_link_goes_out
    t5_links_and_mails_live_on_and_no_mail_goes
    t5_whoever_edits_what_its_inviter_could_not_grant_becomes_its_inviter
    t5_an_invitation_on_hold_that_its_inviter_could_grant_again_is_pending
    t5_editing_is_audited_with_old_and_new
    t5_a_refused_edit_changes_nothing_and_is_noted
}

const ANN: &str = "ann@x.example";

fn to(role: Role) -> Edit {
    Edit { role: Some(role), ..Edit::default() }
}

fn in_projects(projects: &[WantedRole]) -> Edit {
    Edit { projects: Some(projects.to_vec()), ..Edit::default() }
}

fn valid(days: i64) -> Edit {
    Edit { valid: Some(ValidDays::new(days).unwrap()), ..Edit::default() }
}

async fn grants(world: &World, id: InvitationId) -> (Role, Vec<(String, Role)>) {
    let projects = world.read(move |db, _| Ok(store::invitations::projects(db, &[id])?)).await;
    (world.invitation(id).await.role, projects.into_iter().map(|on| (on.key, on.role)).collect())
}

async fn t5_an_edited_invitation_grants_the_new_and_nothing_of_the_old(world: World) {
    world.project("APP", false).await;
    let id = world.invite(world.owner, ANN).await;
    world.edit(world.owner, id, in_projects(&[on("WEB", Role::Manager)])).await.unwrap();
    let edit = Edit { projects: Some(vec![on("APP", Role::Tester)]), ..to(Role::Guest) };
    world.edit(world.owner, id, edit).await.unwrap();
    world.accept(&world.mailed(id).await, newcomer()).await.unwrap();
    let member = world.member_of(world.owner.workspace, ANN).await.unwrap();
    assert_eq!(member.role(), Role::Guest);
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM project_grant g JOIN member m ON m.id = g.member WHERE m.invitation IS NOT NULL").await, 1);
    assert_eq!(grants(&world, id).await, (Role::Guest, vec![("APP".into(), Role::Tester)]));
}

async fn t5_what_is_left_out_stays(world: World) {
    let id = world.invite(world.owner, ANN).await;
    world.edit(world.owner, id, in_projects(&[on("WEB", Role::Manager)])).await.unwrap();
    world.edit(world.owner, id, to(Role::ReadOnly)).await.unwrap();
    world.edit(world.owner, id, valid(30)).await.unwrap();
    assert_eq!(grants(&world, id).await, (Role::ReadOnly, vec![("WEB".into(), Role::Manager)]));
    assert_eq!(world.invitation(id).await.valid_days, 30);
    world.edit(world.owner, id, in_projects(&[])).await.unwrap();
    assert_eq!(grants(&world, id).await, (Role::ReadOnly, vec![]));
}

async fn t5_the_ceiling_covers_the_old_and_the_new(world: World) {
    let (lead, admin) = (world.member(Role::Manager).await, world.member(Role::Admin).await);
    let own = world.invite(lead, ANN).await;
    assert_eq!(refusal(world.edit(lead, own, to(Role::Admin)).await), "above_your_rights");
    assert_eq!(refusal(world.edit(lead, own, in_projects(&[on("WEB", Role::Admin)])).await), "above_your_rights");
    let above = world.invite_to(admin, "bob@x.example", Role::Admin).await;
    assert_eq!(refusal(world.edit(lead, above, to(Role::Tester)).await), "above_your_rights");
    assert_eq!(refusal(world.edit(lead, above, valid(90)).await), "above_your_rights");
    let there = world.invite(admin, "cy@x.example").await;
    world.edit(admin, there, in_projects(&[on("WEB", Role::Admin)])).await.unwrap();
    assert_eq!(refusal(world.edit(lead, there, in_projects(&[])).await), "above_your_rights");
    assert_eq!(refusal(world.edit(admin, there, in_projects(&[on("WEB", Role::Owner)])).await), "above_your_rights");
}

async fn t5_a_limited_key_lowers_the_ceiling(world: World) {
    let id = world.invite(world.owner, ANN).await;
    let may = world.limited(world.owner, &[Right::InviteMembers]).await;
    assert_eq!(refusal(world.edit_as(may, id, valid(9)).await), "above_your_rights");
}

async fn t5_only_owners_edit_an_invitation_to_owner(world: World) {
    let admin = world.member(Role::Admin).await;
    let id = world.invite_to(world.owner, ANN, Role::Owner).await;
    assert_eq!(refusal(world.edit(admin, id, to(Role::Tester)).await), "target_above_you");
    let other = world.invite(admin, "bob@x.example").await;
    assert_eq!(refusal(world.edit(admin, other, to(Role::Owner)).await), "above_your_rights");
    world.edit(world.owner, id, to(Role::Tester)).await.unwrap();
}

async fn t5_without_the_right_nothing_is_edited(world: World) {
    let (tester, lead) = (world.member(Role::Tester).await, world.member(Role::Manager).await);
    let id = world.invite(lead, ANN).await;
    assert_eq!(refusal(world.edit(tester, id, to(Role::ReadOnly)).await), "lacks invite_members");
    let may = world.may(lead).await;
    world.set_role(world.owner, lead, Role::Tester).await.unwrap();
    assert_eq!(refusal(world.edit_as(may, id, to(Role::ReadOnly)).await), "lacks invite_members");
}

async fn t5_an_ended_invitation_is_not_edited(world: World) {
    let revoked = world.invite(world.owner, ANN).await;
    world.revoke(world.owner, revoked).await.unwrap();
    let accepted = world.invite(world.owner, ANN).await;
    world.accept(&world.mailed(accepted).await, newcomer()).await.unwrap();
    let expired = world.invite(world.owner, "bob@x.example").await;
    world.pass(days(12));
    for id in [revoked, accepted, expired] {
        assert_eq!(refusal(world.edit(world.owner, id, to(Role::Admin)).await), "invitation_not_pending");
        assert_eq!(world.invitation(id).await.role, Role::Tester);
    }
}

async fn t5_an_invitation_of_another_workspace_is_not_edited(world: World) {
    let there = world.another().await;
    let id = world.invite(there, ANN).await;
    assert_eq!(refusal(world.edit(world.owner, id, to(Role::Admin)).await), "unknown");
}

async fn t5_a_project_one_cannot_see_answers_like_an_unknown_one(world: World) {
    world.project("SECRET", true).await;
    let lead = world.member(Role::Manager).await;
    let id = world.invite(lead, ANN).await;
    for key in ["SECRET", "NONE"] {
        let refused = refusal(world.edit(lead, id, in_projects(&[on(key, Role::Tester)])).await);
        assert_eq!(refused, "projects unknown_project");
    }
}

async fn t5_domains_blocked_after_sending_bind_when_editing(world: World) {
    let id = world.invite(world.owner, ANN).await;
    world.block("x.example").await;
    assert_eq!(refusal(world.edit(world.owner, id, to(Role::ReadOnly)).await), "domain_blocked");
}

async fn t5_the_end_counts_anew_from_now_or_from_when_a_link_goes_out(world: World) {
    let id = world.invite(world.owner, ANN).await;
    world.pass(days(2));
    world.edit(world.owner, id, valid(10)).await.unwrap();
    assert_eq!(world.invitation(id).await.ends_at, world.now() + days(15), "nothing has gone out: five days to begin");
    world.copy(world.owner, id).await.unwrap();
    assert_eq!(world.invitation(id).await.ends_at, world.now() + days(10));
    world.pass(days(6));
    world.edit(world.owner, id, to(Role::ReadOnly)).await.unwrap();
    assert_eq!(world.invitation(id).await.ends_at, world.now() + days(10));
}

async fn t5_links_and_mails_live_on_and_no_mail_goes(world: World) {
    let id = world.invite(world.owner, ANN).await;
    let (mailed, copied) = (world.mailed(id).await, world.copy(world.owner, id).await.unwrap());
    world.edit(world.owner, id, to(Role::ReadOnly)).await.unwrap();
    assert_eq!(world.mails(id).await, ["queued"]);
    for token in [&mailed, &copied] {
        let token = token.clone();
        let offer = world.read(move |db, now| app::invitations::lookup(db, &token, None, now)).await;
        assert_eq!(offer.invitation.role, Role::ReadOnly);
    }
    world.accept(&mailed, newcomer()).await.unwrap();
}

async fn t5_whoever_edits_what_its_inviter_could_not_grant_becomes_its_inviter(world: World) {
    let (lead, admin) = (world.member(Role::Manager).await, world.member(Role::Admin).await);
    let id = world.invite(lead, ANN).await;
    world.edit(admin, id, to(Role::Manager)).await.unwrap();
    assert_eq!(world.invitation(id).await.invited_by, lead.who.person, "the lead could grant this too");
    world.edit(admin, id, to(Role::Admin)).await.unwrap();
    let edited = world.invitation(id).await;
    assert_eq!((edited.state, edited.invited_by), (State::Pending, admin.who.person));
    world.accept(&world.mailed(id).await, newcomer()).await.unwrap();
}

async fn t5_an_invitation_on_hold_that_its_inviter_could_grant_again_is_pending(world: World) {
    let admin = world.member(Role::Admin).await;
    let id = world.invite_to(admin, ANN, Role::Admin).await;
    world.set_role(world.owner, admin, Role::Manager).await.unwrap();
    assert_eq!(world.stored(id).await, State::OnHold);
    world.edit(world.owner, id, to(Role::Tester)).await.unwrap();
    let edited = world.invitation(id).await;
    assert_eq!((edited.state, edited.invited_by), (State::Pending, admin.who.person));
    world.accept(&world.mailed(id).await, newcomer()).await.unwrap();
}

async fn t5_editing_is_audited_with_old_and_new(world: World) {
    let (admin, id) = (world.member(Role::Admin).await, world.invite(world.owner, ANN).await);
    let edit = Edit { projects: Some(vec![on("WEB", Role::Manager)]), ..to(Role::ReadOnly) };
    world.edit(admin, id, edit).await.unwrap();
    let log = world.log().await;
    assert_eq!((log[0].what.as_str(), log[0].actor), ("invitation.changed", Some(admin.who.person)));
    assert_eq!((log[0].target.as_str(), log[0].label.as_str()), (id.to_string().as_str(), ANN));
    let changes = &log[0].changes;
    assert!(changes.contains(r#""role":["tester","read_only"]"#) && changes.contains(r#""days":[7,7]"#), "{changes}");
    assert!(changes.contains(r#""projects":["","prj_"#) && !changes.contains("inviter"), "{changes}");
}

async fn t5_a_refused_edit_changes_nothing_and_is_noted(world: World) {
    let lead = world.member(Role::Manager).await;
    let id = world.invite(lead, ANN).await;
    let before = world.invitation(id).await.ends_at;
    world.pass(days(1));
    let edit = Edit { valid: Some(ValidDays::new(90).unwrap()), ..to(Role::Admin) };
    assert_eq!(refusal(world.edit(lead, id, edit).await), "above_your_rights");
    let kept = world.invitation(id).await;
    assert_eq!((kept.role, kept.ends_at), (Role::Tester, before));
    let log = world.log().await;
    assert_eq!((log[0].what.as_str(), log[0].actor), ("invitation.refused", Some(lead.who.person)));
    assert!(log[0].changes.contains("edit"), "{}", log[0].changes);
}
