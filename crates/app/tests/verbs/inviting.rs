//! T3: who is invited, who is not and why; and what a day allows.

use app::{
    Failure,
    invitations::{self, Batch, Row, batch},
    settings::PerDay,
    vault::Vault,
};
use domain::{
    access::{InviteMembers, Right, Role},
    invitation::{MOST_ADDRESSES, Outcome, State},
    time::days,
};
use store::invitations::Which;

use crate::{
    bed::on_both_engines,
    world::{World, batch as to, newcomer, on, outcomes, refusal},
};

on_both_engines! { World:
    t3_a_lead_invites_three_people_and_one_is_already_here
    t3_every_row_says_what_became_of_it
    t3_a_deactivated_member_is_not_invited_but_reactivated
    t3_an_open_invitation_stands_in_the_way_in_whatever_case
    t3_an_open_invitation_past_its_end_is_marked_expired_first
    t3_without_the_right_nobody_is_invited
    t3_a_role_above_the_ceiling_refuses_the_batch
    t3_a_row_above_the_ceiling_is_not_allowed_and_the_others_go
    t3_a_project_role_above_the_ceiling_refuses_the_batch
    t3_nobody_is_made_owner_of_a_project
    t3_a_limited_key_lowers_the_ceiling
    t3_a_project_one_cannot_see_answers_like_an_unknown_one
    t3_a_project_is_named_once
    t3_a_workspace_without_a_project_invites_nobody
    t3_too_many_addresses_write_nothing
    t3_a_preview_says_the_same_and_writes_nothing
    t3_a_batch_over_the_quota_writes_nothing_and_uses_nothing
    t3_a_failed_validation_uses_no_quota
    t3_the_quota_begins_anew_the_next_day
    t3_many_open_invitations_past_their_end_are_marked_at_once_each_with_its_event
    t3_the_sixth_mail_of_a_day_to_an_address_waits_for_the_next_day_with_room
    t3_mails_that_never_left_keep_nobody_waiting
    t3_without_a_mail_server_nothing_is_queued
    t11_an_invitation_after_the_end_of_another_is_a_new_row
    an_invitation_is_audited_with_its_grants
}

async fn t3_a_lead_invites_three_people_and_one_is_already_here(world: World) {
    let (lead, colleague) = (world.member(Role::Manager).await, "tester.1@people.example");
    world.member(Role::Tester).await;
    let sent = world.send(lead, to(&["Ann <ann@x.example>", colleague, "bob@x.example"])).await.unwrap();
    assert_eq!(outcomes(&sent), ["invited", "already_member member", "invited"]);
    assert_eq!(
        sent.iter().map(|row| row.input.as_str()).collect::<Vec<_>>(),
        ["Ann <ann@x.example>", colleague, "bob@x.example"]
    );
    let ann = world.invitation(sent[0].invitation.unwrap()).await;
    assert_eq!((ann.name.as_deref(), ann.invited_by, ann.state), (Some("Ann"), lead.who.person, State::Pending));
    assert_eq!(world.mails(ann.id).await, ["queued"]);
}

async fn t3_every_row_says_what_became_of_it(world: World) {
    let sent = world.send(world.owner, to(&["ann@x.example", "ANN@X.example", "nobody", "olga@hollin.example"])).await;
    let sent = sent.unwrap();
    assert_eq!(outcomes(&sent), ["invited", "duplicate duplicate", "invalid no_at", "already_member member"]);
    assert_eq!(sent[2].address, None);
    let again = world.send(world.owner, to(&["ann@x.example"])).await.unwrap();
    assert_eq!(outcomes(&again), ["already_invited already_invited"]);
    assert_eq!(again[0].invitation, sent[0].invitation);
}

async fn t3_a_deactivated_member_is_not_invited_but_reactivated(world: World) {
    let tester = world.member(Role::Tester).await;
    world.deactivate(world.owner, tester).await.unwrap();
    let sent = world.send(world.owner, to(&["Tester.1@people.example"])).await.unwrap();
    assert_eq!(outcomes(&sent), ["already_member deactivated"]);
}

async fn t3_an_open_invitation_stands_in_the_way_in_whatever_case(world: World) {
    let id = world.invite(world.owner, "ann@x.example").await;
    let sent = world.send(world.owner, to(&["ANN@x.EXAMPLE"])).await.unwrap();
    assert_eq!((sent[0].outcome, sent[0].invitation), (Outcome::AlreadyInvited, Some(id)));
}

async fn t3_an_open_invitation_past_its_end_is_marked_expired_first(world: World) {
    let old = world.invite(world.owner, "ann@x.example").await;
    world.pass(days(12));
    let new = world.invite(world.owner, "ann@x.example").await;
    assert_eq!((world.stored(old).await, world.stored(new).await), (State::Expired, State::Pending));
    assert_eq!(world.mails(old).await, ["withdrawn"]);
    assert!(world.events().await.contains(&"invitation.expired".to_owned()));
}

async fn t3_without_the_right_nobody_is_invited(world: World) {
    for role in [Role::Tester, Role::ReadOnly, Role::Guest] {
        let actor = world.member(role).await;
        assert_eq!(refusal(world.send(actor, to(&["ann@x.example"])).await), "lacks invite_members");
    }
}

async fn t3_a_role_above_the_ceiling_refuses_the_batch(world: World) {
    let lead = world.member(Role::Manager).await;
    for role in [Role::Owner, Role::Admin] {
        let refused = world.send(lead, Batch { role, ..to(&["ann@x.example"]) }).await;
        assert_eq!(refusal(refused), "above_your_rights");
    }
    let admin = world.member(Role::Admin).await;
    let refused = world.send(admin, Batch { role: Role::Owner, ..to(&["ann@x.example"]) }).await;
    assert_eq!(refusal(refused), "above_your_rights");
    world.invite_to(world.owner, "ann@x.example", Role::Owner).await;
}

async fn t3_a_row_above_the_ceiling_is_not_allowed_and_the_others_go(world: World) {
    let lead = world.member(Role::Manager).await;
    let mut batch = to(&["ann@x.example", "bob@x.example", "cy@x.example"]);
    batch.rows[1].role = Some(Role::Admin);
    batch.rows[2].projects = Some(vec![on("NONE", Role::Tester)]);
    let sent = world.send(lead, batch).await.unwrap();
    assert_eq!(outcomes(&sent), ["invited", "not_allowed above_your_rights", "invalid unknown_project"]);
}

async fn t3_a_project_role_above_the_ceiling_refuses_the_batch(world: World) {
    let lead = world.member(Role::Manager).await;
    let mine = world.project("MINE", true).await;
    let guest =
        |project, role| Batch { role: Role::Guest, projects: vec![on(project, role)], ..to(&["ann@x.example"]) };
    assert_eq!(refusal(world.send(lead, guest("WEB", Role::Admin)).await), "above_your_rights");
    world.grant(lead, &mine, Role::Tester).await;
    assert_eq!(refusal(world.send(lead, guest("MINE", Role::Manager)).await), "above_your_rights");
    let sent = world.send(lead, guest("mine", Role::Tester)).await.unwrap();
    assert_eq!(outcomes(&sent), ["invited"]);
}

async fn t3_nobody_is_made_owner_of_a_project(world: World) {
    let batch = Batch { projects: vec![on("WEB", Role::Owner)], ..to(&["ann@x.example"]) };
    assert_eq!(refusal(world.send(world.owner, batch).await), "above_your_rights");
}

async fn t3_a_limited_key_lowers_the_ceiling(world: World) {
    let rights = [Right::InviteMembers, Right::Read];
    let may = || world.limited::<InviteMembers>(world.owner, &rights);
    assert_eq!(refusal(world.send_as(may().await, to(&["ann@x.example"])).await), "above_your_rights");
    let read_only = Batch { role: Role::ReadOnly, ..to(&["ann@x.example"]) };
    assert_eq!(outcomes(&world.send_as(may().await, read_only).await.unwrap()), ["invited"]);
}

async fn t3_a_project_one_cannot_see_answers_like_an_unknown_one(world: World) {
    let (lead, there) = (world.member(Role::Manager).await, world.another().await);
    world.project("SECRET", true).await;
    let theirs: Vec<db::Row> =
        world.read(|db, _| Ok(db.all(db::sql!("SELECT id FROM project WHERE key = 'APP'"))?)).await;
    let theirs: uuid::Uuid = theirs.into_iter().next().unwrap().get("id").unwrap();
    let theirs = domain::id::ProjectId::from(theirs).to_string();
    for name in ["SECRET", "APP", "NONE", &theirs] {
        let batch = Batch { projects: vec![on(name, Role::Tester)], ..to(&["ann@x.example"]) };
        assert_eq!(refusal(world.send(lead, batch).await), "projects unknown_project");
    }
    assert!(world.try_may::<InviteMembers>(crate::world::Actor { workspace: there.workspace, ..lead }).await.is_err());
}

async fn t3_a_project_is_named_once(world: World) {
    let projects = vec![on("WEB", Role::Tester), on("web", Role::Manager)];
    let batch = Batch { projects, ..to(&["ann@x.example"]) };
    assert_eq!(refusal(world.send(world.owner, batch).await), "projects twice");
}

async fn t3_a_workspace_without_a_project_invites_nobody(world: World) {
    world
        .write(|tx, _| {
            for text in
                ["DELETE FROM project_grant", "DELETE FROM case_counter", "DELETE FROM folder", "DELETE FROM project"]
            {
                tx.run(db::Statement::new(text, Vec::new()))?;
            }
            Ok(())
        })
        .await
        .unwrap();
    assert_eq!(refusal(world.send(world.owner, to(&["ann@x.example"])).await), "project_required");
}

async fn t3_too_many_addresses_write_nothing(world: World) {
    let addresses: Vec<String> = (0..=MOST_ADDRESSES).map(|n| format!("a{n}@x.example")).collect();
    let batch = to(&addresses.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(refusal(world.send(world.owner, batch).await), "recipients too_many");
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM invitation").await, 0);
    let batch = to(&addresses[1..].iter().map(String::as_str).collect::<Vec<_>>());
    let sent = world.send(world.owner, batch).await.unwrap();
    assert!(sent.iter().all(|row| row.outcome == Outcome::Invited));
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM message").await, 1_000);
}

async fn t3_a_preview_says_the_same_and_writes_nothing(world: World) {
    let rows = ["ann@x.example", "olga@hollin.example", "nobody"];
    let may = world.may(world.owner).await;
    let shown = world.read(move |db, now| invitations::preview(db, &may, &to(&rows), now)).await;
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM invitation").await, 0);
    let sent = world.send(world.owner, to(&rows)).await.unwrap();
    assert_eq!((outcomes(&shown.results), shown.invited()), (outcomes(&sent), 1));
}

fn limits(world: &World, workspace: i64, inviter: i64, server: i64) {
    *world.limits.lock().unwrap() = Some(PerDay { workspace, inviter, server });
}

async fn t3_a_batch_over_the_quota_writes_nothing_and_uses_nothing(world: World) {
    for (workspace, inviter, server, told) in
        [(2, 9, 9, "over workspace, 2 left"), (9, 2, 9, "over inviter, 2 left"), (9, 9, 2, "over server, 2 left")]
    {
        limits(&world, workspace, inviter, server);
        let refused = world.send(world.owner, to(&["a@x.example", "b@x.example", "c@x.example"])).await;
        assert_eq!(refusal(refused), told);
    }
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM invitation").await, 0);
    limits(&world, 2, 2, 2);
    assert_eq!(world.send(world.owner, to(&["a@x.example", "b@x.example"])).await.unwrap().len(), 2);
    let Err(Failure::OverQuota { limit, left, resets_at, .. }) = world.send(world.owner, to(&["c@x.example"])).await
    else {
        panic!("nothing is left")
    };
    assert_eq!((limit, left, resets_at), (2, 0, world.now().next_day()));
}

async fn t3_a_failed_validation_uses_no_quota(world: World) {
    limits(&world, 9, 2, 9);
    world.invite(world.owner, "ann@x.example").await;
    let rows = ["ann@x.example", "nobody", "olga@hollin.example", "b@x.example", "B@x.example"];
    let sent = world.send(world.owner, to(&rows)).await.unwrap();
    assert_eq!(sent.iter().filter(|row| row.outcome == Outcome::Invited).count(), 1);
}

async fn t3_the_quota_begins_anew_the_next_day(world: World) {
    limits(&world, 9, 1, 9);
    world.invite(world.owner, "ann@x.example").await;
    assert_eq!(refusal(world.send(world.owner, to(&["b@x.example"])).await), "over inviter, 0 left");
    world.pass(world.now().next_day().since(world.now()));
    world.invite(world.owner, "b@x.example").await;
}

async fn t3_many_open_invitations_past_their_end_are_marked_at_once_each_with_its_event(world: World) {
    let addresses: Vec<String> = (0..40).map(|n| format!("p{n}@x.example")).collect();
    let addresses: Vec<&str> = addresses.iter().map(String::as_str).collect();
    world.send(world.owner, to(&addresses)).await.unwrap();
    world.pass(days(12));
    let sent = world.send(world.owner, to(&addresses)).await.unwrap();
    assert!(sent.iter().all(|row| row.outcome == Outcome::Invited), "{sent:?}");
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM invitation WHERE state = 'expired'").await, 40);
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM message WHERE state = 'withdrawn' AND secret IS NULL").await, 40);
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM message_step WHERE state = 'withdrawn' AND n = 2").await, 40);
    let told = "SELECT COUNT(DISTINCT target_id) AS n FROM event WHERE what = 'invitation.expired'";
    assert_eq!(world.count(told).await, 40);
}

async fn t3_the_sixth_mail_of_a_day_to_an_address_waits_for_the_next_day_with_room(world: World) {
    let mut planned = Vec::new();
    for n in 0..12 {
        let id = world.invite(world.owner, "ann@x.example").await;
        assert_eq!(world.mails(id).await, [if n < 5 { "queued" } else { "deferred" }]);
        let invitation = world.invitation(id).await;
        assert_eq!(invitation.delivery_detail.as_deref(), (n >= 5).then_some("waits its turn"));
        planned.push(invitation.next_try_at.unwrap());
        end_as_sent(&world, id).await;
    }
    let (today, tomorrow) = (world.now().day(), world.now().next_day());
    let on = |day| planned.iter().filter(|at| at.day() == day).count();
    assert_eq!([on(today), on(tomorrow), on(tomorrow.next_day())], [5, 5, 2]);
    assert!(planned[..5].iter().all(|at| *at == world.now()));
    let waits: std::collections::HashSet<_> = planned[5..].iter().map(|at| at.micros()).collect();
    assert_eq!(waits.len(), 7, "no burst at midnight");
}

/// Ends an invitation past the verbs, its mail untouched, so that the address is free for the next one.
async fn end_as_sent(world: &World, id: domain::id::InvitationId) {
    let end = move |tx: &mut db::Tx, now: &domain::now::Now| {
        store::invitations::close(tx, id, State::Revoked, now.at)?;
        Ok(())
    };
    world.write(end).await.unwrap();
}

async fn t3_mails_that_never_left_keep_nobody_waiting(world: World) {
    for _ in 0..7 {
        let id = world.invite(world.owner, "ann@x.example").await;
        assert_eq!(world.mails(id).await, ["queued"]);
        world.revoke(world.owner, id).await.unwrap();
    }
}

async fn t3_without_a_mail_server_nothing_is_queued(world: World) {
    let (may, vault) = (world.may(world.owner).await, Vault::new([7; 32]));
    let sent = world.write(move |tx, now| {
        let with = invitations::invite::With { vault: &vault, per_day: None, mail: false };
        invitations::invite(tx, with, &may, &to(&["ann@x.example"]), now)
    });
    let id = sent.await.unwrap().results[0].invitation.unwrap();
    assert!(world.mails(id).await.is_empty());
    assert_eq!(world.invitation(id).await.delivery, None);
}

async fn t11_an_invitation_after_the_end_of_another_is_a_new_row(world: World) {
    let old = world.invite_to(world.owner, "ann@x.example", Role::Admin).await;
    let token = world.mailed(old).await;
    world.revoke(world.owner, old).await.unwrap();
    let new = world.invite(world.owner, "ann@x.example").await;
    assert_ne!(old, new);
    assert_eq!(refusal(world.accept(&token, newcomer()).await), "gone revoked", "an old token never revives");
    let joined = world.accept(&world.mailed(new).await, newcomer()).await.unwrap();
    let member = world.member_of(joined.workspace.id, "ann@x.example").await.unwrap();
    assert_eq!((member.id(), member.role()), (joined.member, Role::Tester));
}

async fn an_invitation_is_audited_with_its_grants(world: World) {
    let batch = Batch { role: Role::Guest, projects: vec![on("WEB", Role::Tester)], ..to(&["ann@x.example"]) };
    world.send(world.owner, batch).await.unwrap();
    let may = world.may(world.owner).await;
    let log = world
        .read(move |db, _| {
            Ok(store::events::list(db, &may, &store::events::Filter::default(), &store::paging::Page::first(1))?.rows)
        })
        .await;
    let event = &log[0];
    assert_eq!((event.what.as_str(), event.label.as_deref()), ("invitation.created", Some("ann@x.example")));
    for value in [r#""role":[null,"guest"]"#, " tester\"]", r#""days":[null,7]"#, r#""mailed":[null,true]"#] {
        assert!(event.changes.contains(value), "{}", event.changes);
    }
    let may = world.may(world.owner).await;
    let page = store::paging::Page::first(9);
    let open = world.read(move |db, now| Ok(store::invitations::list(db, &may, Which::Open, &page, now.at)?)).await;
    assert_eq!(open.rows.len(), 1);
}

#[test]
fn a_personal_message_is_trimmed_and_kept_short() {
    let read = |text: &str| Batch::message(Some(text));
    assert_eq!(read(" Welcome\r\nto us ").unwrap().as_deref(), Some("Welcome\nto us"));
    assert_eq!(read("  \n ").unwrap(), None);
    assert_eq!(read(&"é".repeat(1_000)).unwrap().map(|text| text.chars().count()), Some(1_000));
    assert_eq!(read(&"é".repeat(1_001)).unwrap_err().code, "too_long");
    assert_eq!(read("a\u{0}b").unwrap_err().code, "control_character");
}

#[test]
fn a_pasted_text_becomes_rows_and_a_string_of_a_list_is_one() {
    assert_eq!(batch::pasted("a@x.example, b@x.example").len(), 2);
    assert!(Row::one("a@x.example, b@x.example").email.is_err());
}
