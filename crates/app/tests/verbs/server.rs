//! What operators decide, and what workspaces take: domains, members, quotas.

use app::{
    Failure,
    invitations::{self, invite::With},
    mail_domains, operators,
    server::{self, Change, Flags, Founders, MemberLimit},
    service_accounts,
};
use domain::{
    access::{Operator, Role, System},
    mail_domain::MailDomains,
    title::WorkspaceName,
};

use crate::{
    bed::on_both_engines,
    given::{batch, email, newcomer},
    told::{outcomes, refusal},
    world::{Actor, World, at_once},
};

on_both_engines! { World:
    t3_addresses_outside_the_domains_of_the_workspace_are_not_allowed
    i8_domains_blocked_after_sending_bind_at_acceptance
    domains_are_changed_by_whoever_manages_the_workspace_and_told
    t3_more_than_the_members_a_workspace_may_have_are_not_invited
    a_service_account_takes_a_place_like_any_member
    the_last_place_goes_to_one_of_fifty
    i8_an_invitation_to_a_blocked_domain_is_not_sent_again
    a_deactivated_member_comes_back_only_where_there_is_room
    the_command_line_wins_over_what_operators_chose
    quotas_of_the_operators_hold
    everybody_makes_workspaces_where_operators_allow_it
    only_operators_change_settings
    operators_are_made_and_ended_by_the_command_line_and_the_last_one_stays
}

fn system() -> System {
    System::because("a test")
}

/// The owner, who has set the server up.
async fn operator(world: &World, actor: Actor) -> Operator {
    world.read(move |db, _| Ok(store::operators::find(db, &actor.who)?)).await.expect("an operator")
}

async fn change(world: &World, change: Change) -> Result<server::Policy, Failure> {
    let by = operator(world, world.owner).await;
    world.write(move |tx, now| server::change(tx, &by, &change, now)).await
}

async fn limit(world: &World, most: i64) {
    let member_limit = Some(MemberLimit::new(Some(most)).unwrap());
    change(world, Change { member_limit, ..Change::default() }).await.unwrap();
}

fn domains(allowed: &[&str], blocked: &[&str]) -> MailDomains {
    mail_domains::parse(allowed.iter().copied(), blocked.iter().copied()).unwrap()
}

async fn set(world: &World, wanted: MailDomains) {
    let may = world.may(world.owner).await;
    world.write(move |tx, now| mail_domains::replace(tx, &may, &wanted, now)).await.unwrap();
}

async fn t3_addresses_outside_the_domains_of_the_workspace_are_not_allowed(world: World) {
    set(&world, domains(&["hollin.example", "bücher.example"], &["old.hollin.example"])).await;
    let all = [
        "a@HOLLIN.example",
        "b@lab.hollin.example",
        "c@xn--bcher-kva.example",
        "d@ash.example",
        "e@old.hollin.example",
    ];
    let sent = world.send(world.owner, batch(&all)).await.unwrap();
    let refused = ["not_allowed domain_not_allowed", "not_allowed domain_blocked"];
    assert_eq!(outcomes(&sent), ["invited", "invited", "invited", refused[0], refused[1]]);
    assert!(sent[3].detail.as_ref().unwrap().contains("hollin.example"), "{sent:?}");
}

async fn i8_domains_blocked_after_sending_bind_at_acceptance(world: World) {
    let id = world.invite(world.owner, "lea@hollin.example").await;
    let token = world.mailed(id).await;
    set(&world, domains(&[], &["hollin.example"])).await;
    let copied = world.copy(world.owner, id).await.unwrap();
    for token in [&token, &copied] {
        assert_eq!(refusal(world.accept(token, newcomer()).await), "domain_blocked", "a copied link is no way round");
    }
    set(&world, domains(&[], &[])).await;
    world.accept(&token, newcomer()).await.unwrap();
}

async fn domains_are_changed_by_whoever_manages_the_workspace_and_told(world: World) {
    let manager = world.member(Role::Manager).await;
    assert!(world.try_may::<domain::access::ManageWorkspace>(manager).await.is_err());
    set(&world, domains(&["hollin.example"], &[])).await;
    let told = world.log().await.remove(0);
    assert_eq!((told.what.as_str(), told.workspace), ("workspace.domains_changed", Some(world.owner.workspace)));
    assert!(told.changes.contains(r#""allowed":["","hollin.example"]"#), "{}", told.changes);
    let before = world.events().await.len();
    set(&world, domains(&["hollin.example"], &[])).await;
    assert_eq!(world.events().await.len(), before, "nothing changed");
    let wrong = mail_domains::parse(["hollin"], ["a@b.example"]);
    assert!(matches!(wrong, Err(Failure::Invalid(bad)) if bad.len() == 2));
}

async fn t3_more_than_the_members_a_workspace_may_have_are_not_invited(world: World) {
    limit(&world, 3).await;
    let refused = world.send(world.owner, batch(&["a@ash.example", "b@ash.example", "c@ash.example"])).await;
    assert_eq!(refusal(refused), "member_limit");
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM invitation").await, 0, "nothing was written");
    let sent = world.send(world.owner, batch(&["a@ash.example", "b@ash.example"])).await.unwrap();
    assert_eq!(outcomes(&sent), ["invited", "invited"]);
    assert_eq!(refusal(world.send(world.owner, batch(&["c@ash.example"])).await), "member_limit");
    world.revoke(world.owner, sent[0].invitation.unwrap()).await.unwrap();
    world.send(world.owner, batch(&["c@ash.example"])).await.unwrap();
}

async fn a_service_account_takes_a_place_like_any_member(world: World) {
    let make = async |name: &'static str| {
        let may = world.may(world.owner).await;
        world.write(move |tx, now| service_accounts::create(tx, &may, &name.parse().unwrap(), Role::Tester, now)).await
    };
    limit(&world, 2).await;
    make("CI").await.unwrap();
    assert_eq!(refusal(make("Bot").await), "member_limit");
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM member").await, 2, "nothing was written");
}

async fn the_last_place_goes_to_one_of_fifty(world: World) {
    let mut tokens = Vec::new();
    for n in 0..50 {
        let id = world.invite(world.owner, &format!("person{n}@ash.example")).await;
        tokens.push(world.mailed(id).await);
    }
    limit(&world, 2).await;
    let world = std::sync::Arc::new(world);
    let joining = tokens.into_iter().map(|token| {
        let world = world.clone();
        async move { world.accept(&token, newcomer()).await.map(drop) }
    });
    let ended = at_once(joining).await;
    assert_eq!(ended.iter().filter(|end| end.is_ok()).count(), 1);
    let full = |end: &Result<(), Failure>| matches!(end, Err(Failure::Conflict { code: "member_limit", .. }));
    assert_eq!(ended.iter().filter(|end| full(end)).count(), 49);
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM member WHERE state = 'active'").await, 2);
}

async fn the_command_line_wins_over_what_operators_chose(world: World) {
    limit(&world, 50).await;
    let flags = Flags { member_limit: Some(MemberLimit::new(Some(9)).unwrap()), ..Flags::default() };
    world.write(move |tx, _| server::fix(tx, &system(), &flags)).await.unwrap();
    let policy = world.read(|db, _| server::policy(db)).await;
    assert_eq!((policy.member_limit.value.most(), policy.member_limit.fixed), (Some(9), true));
    let change_it = Change { member_limit: Some(MemberLimit::default()), ..Change::default() };
    assert_eq!(refusal(change(&world, change_it).await), "fixed_by_command_line");
    world.write(move |tx, _| server::fix(tx, &system(), &Flags::default())).await.unwrap();
    let policy = world.read(|db, _| server::policy(db)).await;
    assert_eq!((policy.member_limit.value.most(), policy.member_limit.fixed), (Some(50), false));
}

async fn quotas_of_the_operators_hold(world: World) {
    change(&world, Change { per_inviter: Some(1), ..Change::default() }).await.unwrap();
    assert_eq!(
        refusal(world.send(world.owner, batch(&["a@ash.example", "b@ash.example"])).await),
        "over inviter, 1 left"
    );
    world.invite(world.owner, "a@ash.example").await;
    let wrong = change(&world, Change { per_server: Some(-1), ..Change::default() }).await;
    assert_eq!(refusal(wrong), "per_server out_of_range");
}

async fn everybody_makes_workspaces_where_operators_allow_it(world: World) {
    let tester = world.member(Role::Tester).await;
    let make = async || {
        let name = WorkspaceName::parse("A new one").unwrap();
        world.write(move |tx, now| app::workspaces::create(tx, &tester.who, &name, now)).await
    };
    assert_eq!(refusal(make().await.map(drop)), "operators_only");
    change(&world, Change { founders: Some(Founders::Everybody), ..Change::default() }).await.unwrap();
    make().await.unwrap();
}

async fn only_operators_change_settings(world: World) {
    let (tester, by) = (world.member(Role::Tester).await, operator(&world, world.owner).await);
    assert!(world.read(move |db, _| Ok(store::operators::find(db, &tester.who)?)).await.is_none());
    let person = world.owner.who.person;
    world.write(move |tx, _| Ok(store::operators::set(tx, &system(), person, false)?)).await.unwrap();
    let late = world.write(move |tx, now| server::change(tx, &by, &Change::default(), now)).await;
    assert_eq!(refusal(late), "operators_only", "he was one when the request came in");
}

async fn operators_are_made_and_ended_by_the_command_line_and_the_last_one_stays(world: World) {
    let tester = email("tester.1@people.example");
    let owner = email("olga@hollin.example");
    world.member(Role::Tester).await;
    let last = owner.clone();
    let refused = world.write(move |tx, now| operators::remove(tx, &system(), &last, now)).await;
    assert_eq!(refusal(refused), "last_operator");
    let unknown = world.write(move |tx, now| operators::add(tx, &system(), &email("no@ash.example"), now)).await;
    assert_eq!(refusal(unknown), "no_account");
    let added = tester.clone();
    assert!(world.write(move |tx, now| operators::add(tx, &system(), &added, now)).await.unwrap());
    assert!(world.write(move |tx, now| operators::remove(tx, &system(), &owner, now)).await.unwrap());
    let names: Vec<_> =
        world.read(|db, _| operators::list(db, &system())).await.into_iter().map(|one| one.name).collect();
    assert_eq!(names, ["Tester 1"]);
    let told: Vec<_> = world.log().await.into_iter().take(2).map(|entry| entry.what).collect();
    assert_eq!(told, ["operator.removed", "operator.added"]);
}

async fn i8_an_invitation_to_a_blocked_domain_is_not_sent_again(world: World) {
    let id = world.invite(world.owner, "lea@hollin.example").await;
    set(&world, domains(&[], &["hollin.example"])).await;
    let (may, app) = (world.may(world.owner).await, world.app.clone());
    let resent = world.write(move |tx, now| {
        let with = With { vault: app.vault(), per_day: None, mail: true };
        invitations::resend(tx, with, &may, id, now)
    });
    assert_eq!(refusal(resent.await), "domain_blocked");
}

async fn a_deactivated_member_comes_back_only_where_there_is_room(world: World) {
    let (gone, may) = (world.member(Role::Tester).await, world.may(world.owner).await);
    world.write(move |tx, now| app::members::deactivate(tx, &may, gone.member, now)).await.unwrap();
    limit(&world, 1).await;
    let may = world.may(world.owner).await;
    let back = world.write(move |tx, now| app::members::reactivate(tx, &may, gone.member, now));
    assert_eq!(refusal(back.await), "member_limit");
    limit(&world, 2).await;
    let may = world.may(world.owner).await;
    world.write(move |tx, now| app::members::reactivate(tx, &may, gone.member, now)).await.unwrap();
}
