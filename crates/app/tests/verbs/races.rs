//! Whoever comes first wins, and what the tables say agrees with what was answered.

use std::{sync::Arc, time::Duration};

use app::{Failure, invitations, settings::PerDay};
use domain::{
    access::Role,
    id::InvitationId,
    invitation::{Outcome, State},
    now::Now,
    secret::Token,
    time::{Time, days},
};

use crate::{
    bed::on_both_engines,
    world::{Actor, World, as_is, at_once, batch, newcomer, refusal},
};

on_both_engines! { World:
    fifty_newcomers_with_one_token_make_one_member
    fifty_clicks_of_one_account_make_one_member
    accepting_against_revoking_has_one_winner
    accepting_against_declining_has_one_winner
    accepting_against_the_end_has_one_winner
    accepting_against_a_demotion_of_the_inviter_never_grants_too_much
    accepting_against_copying_a_new_link_never_uses_a_dead_one
    declining_against_copying_a_new_link_never_uses_a_dead_one
    accepting_against_resending_never_uses_a_dead_link
    accepting_against_correcting_has_one_winner
    accepting_against_editing_grants_the_old_or_the_new_and_the_tables_agree
    editing_against_a_demotion_of_the_inviter_leaves_none_pending_that_he_could_not_grant
    two_who_edit_each_others_invitations_both_get_through
    two_admins_resending_at_once_leave_one_live_link
    two_admins_resending_an_expired_one_make_one_successor
    two_sponsors_at_once_make_one_inviter
    two_admins_inviting_the_same_address_make_one_row_and_one_mail
    two_workspaces_inviting_one_address_at_once_never_send_a_sixth_mail_a_day
    the_last_place_of_the_day_is_given_once
    links_copied_at_once_leave_one_alive
    two_proofs_of_one_address_at_once_take_it_over_once
    i4_two_owners_demoting_each_other_leave_one
    i4_two_owners_shutting_each_other_out_leave_one
    i4_two_owners_stepping_down_at_once_leave_one
    i4_two_owners_removing_each_other_leave_one
    i4_two_owners_leaving_at_once_leave_one
    i4_fifty_rounds_of_owners_demoting_each_other_always_leave_one
    accepting_against_the_removal_of_the_inviter_never_grants_too_much
}

const ANN: &str = "ann@x.example";
const ROUNDS: usize = 6;

/// Runs two things at the same time.
async fn both<A: Send + 'static, B: Send + 'static>(
    a: impl Future<Output = A> + Send + 'static,
    b: impl Future<Output = B> + Send + 'static,
) -> (A, B) {
    let both = async { tokio::join!(tokio::spawn(a), tokio::spawn(b)) };
    let (a, b) = tokio::time::timeout(Duration::from_mins(1), both).await.expect("nothing waits for ever");
    (a.unwrap(), b.unwrap())
}

fn accept(world: &Arc<World>, token: &Token) -> impl Future<Output = Result<(), Failure>> + Send + 'static {
    let (world, token) = (world.clone(), token.clone());
    async move { world.accept(&token, newcomer()).await.map(drop) }
}

async fn members(world: &World) -> i64 {
    world.count("SELECT COUNT(*) AS n FROM member WHERE invitation IS NOT NULL").await
}

async fn fifty_newcomers_with_one_token_make_one_member(world: World) {
    let world = Arc::new(world);
    let token = world.mailed(world.invite(world.owner, ANN).await).await;
    let answers = at_once((0..50).map(|_| accept(&world, &token))).await;
    let (joined, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert_eq!((joined.len(), members(&world).await), (1, 1));
    assert!(refused.into_iter().all(|answer| refusal(answer) == "gone accepted"));
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM person WHERE name = 'Ann Lee'").await, 1);
}

async fn fifty_clicks_of_one_account_make_one_member(world: World) {
    let world = Arc::new(world);
    let there = world.another().await;
    world.accept(&world.mailed(world.invite(there, ANN).await).await, newcomer()).await.unwrap();
    let (who, _) = world.browser(world.account(ANN).await.unwrap().person).await;
    let token = world.mailed(world.invite(world.owner, ANN).await).await;
    let clicks = (0..50).map(|_| {
        let (world, token) = (world.clone(), token.clone());
        async move { world.accept(&token, as_is(who)).await.map(drop) }
    });
    let (joined, refused): (Vec<_>, Vec<_>) = at_once(clicks).await.into_iter().partition(Result::is_ok);
    assert_eq!((joined.len(), members(&world).await), (1, 2));
    assert!(refused.into_iter().all(|answer| refusal(answer) == "gone accepted"));
}

async fn accepting_against_revoking_has_one_winner(world: World) {
    let world = Arc::new(world);
    for n in 0..ROUNDS {
        let id = world.invite(world.owner, &format!("a{n}@x.example")).await;
        let token = world.mailed(id).await;
        let revoking = world.clone();
        let (joined, revoked) =
            both(accept(&world, &token), async move { revoking.revoke(revoking.owner, id).await }).await;
        agree(&world, id, &joined).await;
        match joined {
            Ok(()) => assert_eq!(refusal(revoked), "invitation_not_pending"),
            Err(_) => assert_eq!((refusal(joined), revoked.is_ok()), ("gone revoked".into(), true)),
        }
    }
}

/// I1: accepted if and only if there is a membership.
async fn agree(world: &World, id: InvitationId, joined: &Result<(), Failure>) {
    let came = world
        .read(move |db, _| {
            let text = "SELECT id FROM member WHERE invitation = ?";
            Ok(db.all::<db::Row>(db::sql!(text, uuid::Uuid::from(id)))?.len())
        })
        .await;
    assert_eq!((came, world.stored(id).await == State::Accepted), (usize::from(joined.is_ok()), joined.is_ok()));
}

async fn accepting_against_declining_has_one_winner(world: World) {
    let world = Arc::new(world);
    for n in 0..ROUNDS {
        let id = world.invite(world.owner, &format!("a{n}@x.example")).await;
        let token = world.mailed(id).await;
        let (declining, same) = (world.clone(), token.clone());
        let (joined, declined) = both(accept(&world, &token), async move { declining.decline(&same).await }).await;
        agree(&world, id, &joined).await;
        assert_ne!(joined.is_ok(), declined.is_ok());
    }
}

/// The clock of one node is past the end, where somebody invites anew; that of another is not yet.
async fn accepting_against_the_end_has_one_winner(world: World) {
    let world = Arc::new(world);
    for n in 0..ROUNDS {
        let address = format!("a{n}@x.example");
        let id = world.invite(world.owner, &address).await;
        let token = world.mailed(id).await;
        let may = world.may(world.owner).await;
        let (early, late) = (world.now(), world.now() + days(12));
        let accepting = at(&world, early, move |tx, now| invitations::accept(tx, &token, &newcomer(), now).map(drop));
        let app = world.app.clone();
        let inviting = at(&world, late, move |tx, now| {
            let with = invitations::invite::With { vault: app.vault(), per_day: None, mail: true };
            Ok(invitations::invite(tx, with, &may, &batch(&[&address]), now)?.results.remove(0).outcome)
        });
        let (joined, invited) = both(accepting, inviting).await;
        agree(&world, id, &joined).await;
        match joined {
            Ok(()) => assert_eq!(invited.unwrap(), Outcome::AlreadyMember),
            Err(_) => assert_eq!((refusal(joined), invited.unwrap()), ("gone expired".into(), Outcome::Invited)),
        }
    }
}

/// Runs a verb at a moment of its own.
fn at<T: Send + 'static>(
    world: &World,
    at: Time,
    verb: impl Fn(&mut db::Tx, &Now) -> Result<T, Failure> + Send + Sync + 'static,
) -> impl Future<Output = Result<T, Failure>> + Send + 'static {
    let app = world.app.clone();
    async move {
        let clock = app.clock().clone();
        let work = move |tx: &mut db::Tx<'_>| {
            let mut now = clock.now();
            now.at = at;
            verb(tx, &now)
        };
        app.db().write(work).await
    }
}

async fn accepting_against_a_demotion_of_the_inviter_never_grants_too_much(world: World) {
    let world = Arc::new(world);
    for n in 0..ROUNDS {
        let lead = world.member(Role::Manager).await;
        let id = world.invite(lead, &format!("a{n}@x.example")).await;
        let token = world.mailed(id).await;
        let demoting = world.clone();
        let demotion = async move { demoting.set_role(demoting.owner, lead, Role::ReadOnly).await };
        let (joined, demoted) = both(accept(&world, &token), demotion).await;
        demoted.unwrap();
        agree(&world, id, &joined).await;
        if joined.is_err() {
            assert_eq!((refusal(joined), world.stored(id).await), ("invitation_on_hold".into(), State::OnHold));
        }
    }
}

async fn accepting_against_the_removal_of_the_inviter_never_grants_too_much(world: World) {
    let world = Arc::new(world);
    for n in 0..ROUNDS {
        let lead = world.member(Role::Manager).await;
        let id = world.invite(lead, &format!("a{n}@x.example")).await;
        let token = world.mailed(id).await;
        let removing = world.clone();
        let removal = async move { removing.remove(removing.owner, lead).await };
        let (joined, removed) = both(accept(&world, &token), removal).await;
        removed.unwrap();
        agree(&world, id, &joined).await;
        if joined.is_err() {
            assert_eq!((refusal(joined), world.stored(id).await), ("invitation_on_hold".into(), State::OnHold));
        }
    }
}

async fn accepting_against_copying_a_new_link_never_uses_a_dead_one(world: World) {
    let world = Arc::new(world);
    for n in 0..ROUNDS {
        let id = world.invite(world.owner, &format!("a{n}@x.example")).await;
        let first = world.copy(world.owner, id).await.unwrap();
        let copying = world.clone();
        let (joined, copied) = both(accept(&world, &first), async move { copying.copy(copying.owner, id).await }).await;
        agree(&world, id, &joined).await;
        match joined {
            Ok(()) => assert_eq!(refusal(copied), "invitation_not_pending"),
            Err(_) => assert_eq!((refusal(joined), copied.is_ok()), ("gone".into(), true)),
        }
    }
}

async fn declining_against_copying_a_new_link_never_uses_a_dead_one(world: World) {
    let world = Arc::new(world);
    for n in 0..ROUNDS {
        let id = world.invite(world.owner, &format!("a{n}@x.example")).await;
        let first = world.copy(world.owner, id).await.unwrap();
        let (declining, copying) = (world.clone(), world.clone());
        let decline = async move { declining.decline(&first).await };
        let (declined, copied) = both(decline, async move { copying.copy(copying.owner, id).await }).await;
        match declined {
            Ok(()) => assert_eq!(refusal(copied), "invitation_not_pending"),
            Err(_) => assert_eq!((refusal(declined), copied.is_ok()), ("gone".into(), true)),
        }
    }
}

async fn accepting_against_resending_never_uses_a_dead_link(world: World) {
    let world = Arc::new(world);
    for n in 0..ROUNDS {
        let id = world.invite(world.owner, &format!("a{n}@x.example")).await;
        let first = world.mailed(id).await;
        let sending = world.clone();
        let (joined, sent) =
            both(accept(&world, &first), async move { sending.resend(sending.owner, id).await.map(drop) }).await;
        agree(&world, id, &joined).await;
        match joined {
            Ok(()) => assert_eq!(refusal(sent), "invitation_not_pending"),
            Err(_) => assert_eq!((refusal(joined), sent.is_ok()), ("gone".into(), true)),
        }
    }
}

async fn accepting_against_correcting_has_one_winner(world: World) {
    let world = Arc::new(world);
    for n in 0..ROUNDS {
        let id = world.invite(world.owner, &format!("a{n}@x.example")).await;
        let (token, correcting) = (world.mailed(id).await, world.clone());
        let correct = async move { correcting.correct(correcting.owner, id, &format!("b{n}@x.example")).await };
        let (joined, corrected) = both(accept(&world, &token), correct).await;
        agree(&world, id, &joined).await;
        if joined.is_ok() {
            assert_eq!(refusal(corrected), "invitation_not_pending");
        } else {
            assert_eq!(refusal(joined), "gone revoked");
            assert_eq!(world.invitation(id).await.successor, Some(corrected.unwrap()));
        }
    }
}

async fn accepting_against_editing_grants_the_old_or_the_new_and_the_tables_agree(world: World) {
    let world = Arc::new(world);
    for n in 0..ROUNDS {
        let address = format!("a{n}@x.example");
        let id = world.invite(world.owner, &address).await;
        let (token, editing) = (world.mailed(id).await, world.clone());
        let edit = invitations::Edit { role: Some(Role::ReadOnly), ..Default::default() };
        let (joined, edited) =
            both(accept(&world, &token), async move { editing.edit(editing.owner, id, edit).await }).await;
        joined.unwrap();
        let role = world.member_of(world.owner.workspace, &address).await.unwrap().role();
        assert_eq!(role, if edited.is_ok() { Role::ReadOnly } else { Role::Tester });
        assert_eq!(world.invitation(id).await.role, role);
        if edited.is_err() {
            assert_eq!(refusal(edited), "invitation_not_pending");
        }
    }
}

async fn editing_against_a_demotion_of_the_inviter_leaves_none_pending_that_he_could_not_grant(world: World) {
    let (admin, world) = (world.member(Role::Admin).await, Arc::new(world));
    for n in 0..ROUNDS {
        let inviter = world.member(Role::Admin).await;
        let id = world.invite(inviter, &format!("a{n}@x.example")).await;
        let (editing, demoting) = (world.clone(), world.clone());
        let edit = invitations::Edit { role: Some(Role::Admin), ..Default::default() };
        let (edited, demoted) = both(async move { editing.edit(admin, id, edit).await }, async move {
            demoting.set_role(demoting.owner, inviter, Role::Manager).await
        })
        .await;
        edited.unwrap();
        demoted.unwrap();
        let stands = world.invitation(id).await;
        let held = stands.invited_by == inviter.who.person;
        assert_eq!(stands.state, if held { State::OnHold } else { State::Pending });
    }
}

async fn two_who_edit_each_others_invitations_both_get_through(world: World) {
    let (a, b, world) = (world.member(Role::Admin).await, world.member(Role::Admin).await, Arc::new(world));
    for n in 0..ROUNDS {
        let (by_a, by_b) =
            (world.invite(a, &format!("a{n}@x.example")).await, world.invite(b, &format!("b{n}@x.example")).await);
        let edited = at_once([(a, by_b), (b, by_a)].map(|(by, id)| {
            let world = world.clone();
            let edit = invitations::Edit { role: Some(Role::ReadOnly), ..Default::default() };
            async move { world.edit(by, id, edit).await }
        }));
        assert!(edited.await.into_iter().all(|edited| edited.is_ok()));
    }
}

async fn two_admins_resending_at_once_leave_one_live_link(world: World) {
    let world = Arc::new(world);
    let admins = [world.member(Role::Admin).await, world.member(Role::Admin).await];
    for n in 0..ROUNDS {
        let id = world.invite(world.owner, &format!("a{n}@x.example")).await;
        let sent = at_once(admins.map(|admin| {
            let world = world.clone();
            async move { world.resend(admin, id).await }
        }));
        assert!(sent.await.into_iter().all(|sent| sent.is_ok()));
        assert_eq!(world.mails(id).await, ["withdrawn", "withdrawn", "queued"]);
        accept(&world, &world.mailed(id).await).await.unwrap();
    }
    let live = "SELECT COUNT(*) AS n FROM invitation_token WHERE kind = 'mailed' AND ended_at IS NULL";
    assert_eq!(world.count(live).await, i64::try_from(ROUNDS).unwrap());
}

async fn two_admins_resending_an_expired_one_make_one_successor(world: World) {
    let world = Arc::new(world);
    let admins = [world.member(Role::Admin).await, world.member(Role::Admin).await];
    for n in 0..ROUNDS {
        let id = world.invite(world.owner, &format!("a{n}@x.example")).await;
        world.pass(days(12));
        let sent = at_once(admins.map(|admin| {
            let world = world.clone();
            async move { world.resend(admin, id).await }
        }));
        let (made, refused): (Vec<_>, Vec<_>) = sent.await.into_iter().partition(Result::is_ok);
        assert_eq!((made.len(), refused.len()), (1, 1));
        assert!(refused.into_iter().all(|refused| refusal(refused) == "invitation_not_pending"));
        assert_eq!(world.invitation(id).await.successor, Some(made.into_iter().next().unwrap().unwrap()));
    }
}

async fn two_sponsors_at_once_make_one_inviter(world: World) {
    let world = Arc::new(world);
    let admins = [world.member(Role::Admin).await, world.member(Role::Admin).await];
    for n in 0..ROUNDS {
        let lead = world.member(Role::Manager).await;
        let id = world.invite(lead, &format!("a{n}@x.example")).await;
        world.set_role(world.owner, lead, Role::Tester).await.unwrap();
        let sponsored = at_once(admins.map(|admin| {
            let world = world.clone();
            async move { world.sponsor(admin, id).await }
        }));
        let (took, refused): (Vec<_>, Vec<_>) = sponsored.await.into_iter().partition(Result::is_ok);
        assert_eq!(took.len(), 1);
        assert!(refused.into_iter().all(|refused| refusal(refused) == "invitation_not_pending"));
        assert_eq!(world.stored(id).await, State::Pending);
    }
}

async fn two_admins_inviting_the_same_address_make_one_row_and_one_mail(world: World) {
    let world = Arc::new(world);
    let admins = [world.member(Role::Admin).await, world.member(Role::Admin).await];
    for n in 0..ROUNDS {
        let sent = at_once(admins.map(|admin| {
            let world = world.clone();
            async move { world.send(admin, batch(&[&format!("a{n}@x.example")])).await.unwrap().remove(0).outcome }
        }));
        let sent = sent.await;
        assert!(sent.contains(&Outcome::Invited) && sent.contains(&Outcome::AlreadyInvited), "{sent:?}");
    }
    let rounds = i64::try_from(ROUNDS).unwrap();
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM invitation").await, rounds);
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM message").await, rounds);
    assert_eq!(
        world.count("SELECT used AS n FROM quota WHERE scope = 'server'").await,
        rounds,
        "the slower used nothing"
    );
}

async fn two_workspaces_inviting_one_address_at_once_never_send_a_sixth_mail_a_day(world: World) {
    let (there, world) = (world.another().await, Arc::new(world));
    for n in 0..ROUNDS {
        let address = format!("a{n}@x.example");
        for _ in 0..4 {
            let id = world.invite(world.owner, &address).await;
            world.write(move |tx, now| Ok(store::invitations::close(tx, id, State::Revoked, now.at)?)).await.unwrap();
        }
        let sent = at_once([world.owner, there].map(|by| {
            let (world, address) = (world.clone(), address.clone());
            async move { world.invite(by, &address).await }
        }));
        let mut waits = Vec::new();
        for id in sent.await {
            waits.extend(world.mails(id).await);
        }
        waits.sort_unstable();
        assert_eq!(waits, ["deferred", "queued"]);
    }
}

async fn the_last_place_of_the_day_is_given_once(world: World) {
    *world.limits.lock().unwrap() = Some(PerDay { workspace: 3, inviter: 9, server: 9 });
    let world = Arc::new(world);
    let admins = [world.member(Role::Admin).await, world.member(Role::Admin).await];
    let batches = (0..12).map(|n| {
        let (world, admin) = (world.clone(), admins[n % 2]);
        async move { world.send(admin, batch(&[&format!("a{n}@x.example")])).await.map(drop) }
    });
    let (sent, refused): (Vec<_>, Vec<_>) = at_once(batches).await.into_iter().partition(Result::is_ok);
    assert_eq!((sent.len(), world.count("SELECT COUNT(*) AS n FROM invitation").await), (3, 3));
    assert!(refused.into_iter().all(|answer| refusal(answer) == "over workspace, 0 left"));
}

async fn links_copied_at_once_leave_one_alive(world: World) {
    let world = Arc::new(world);
    let id = world.invite(world.owner, ANN).await;
    let copies = (0..8).map(|_| {
        let world = world.clone();
        async move { world.copy(world.owner, id).await.unwrap() }
    });
    let mut live = 0;
    for token in at_once(copies).await {
        let found = world.read(move |db, now| Ok(store::access::bearer(db, &token.hash(), now.at)?)).await;
        live += usize::from(matches!(found, Some(store::access::Borne::Live(_))));
    }
    assert_eq!(live, 1);
}

/// Two mailed tokens, of two workspaces, for an account that a copied link made.
async fn two_proofs_of_one_address_at_once_take_it_over_once(world: World) {
    let world = Arc::new(world);
    let (there, id) = (world.another().await, world.invite(world.owner, ANN).await);
    world.accept(&world.copy(world.owner, id).await.unwrap(), newcomer()).await.unwrap();
    let third = founder(&world, there).await;
    let tokens =
        [world.mailed(world.invite(there, ANN).await).await, world.mailed(world.invite(third, ANN).await).await];
    let (joined, refused): (Vec<_>, Vec<_>) =
        at_once(tokens.each_ref().map(|token| accept(&world, token))).await.into_iter().partition(Result::is_ok);
    assert_eq!(joined.len(), 1);
    assert!(refused.into_iter().all(|answer| refusal(answer) == "sign_in_required"));
}

/// The same operator as owner of one more workspace with a project.
async fn founder(world: &World, operator: Actor) -> Actor {
    let founded = world.write(move |tx, now| {
        let name = domain::title::WorkspaceName::parse("Elm").unwrap();
        let workspace = app::workspaces::create(tx, &operator.who, &name, now)?.workspace.id;
        let member = store::access::member(tx, &operator.who, workspace)?.unwrap();
        let may = Arc::new(member.clone()).may()?;
        let key = domain::project_key::ProjectKey::parse("ELM").unwrap();
        app::projects::create(tx, &may, &key, &domain::title::ProjectName::parse("Elm").unwrap(), false, now)?;
        Ok(Actor { workspace, member: member.id(), ..operator })
    });
    founded.await.unwrap()
}

/// What two owners do to each other at once; one of them has to remain.
async fn one_remains<F>(world: World, act: impl Fn(Arc<World>, Actor, Actor) -> F)
where
    F: Future<Output = Result<(), Failure>> + Send + 'static,
{
    let world = Arc::new(world);
    for _ in 0..ROUNDS {
        let second = world.member(Role::Owner).await;
        let owners = "SELECT COUNT(*) AS n FROM member WHERE state = 'active' AND role = 'owner'";
        let mut pair = Vec::new();
        for actor in [world.owner, second] {
            if world.try_may::<domain::access::OwnWorkspace>(actor).await.is_ok() {
                pair.push(actor);
            }
        }
        let [a, b] = pair[..] else { return };
        let (first, other) = both(act(world.clone(), a, b), act(world.clone(), b, a)).await;
        assert_eq!(world.count(owners).await, 1);
        assert_ne!(first.is_ok(), other.is_ok());
        let refused = refusal(if first.is_ok() { other } else { first });
        assert!(
            ["last_owner", "unknown", "lacks manage_members", "target_above_you"].contains(&refused.as_str()),
            "{refused}"
        );
    }
}

async fn i4_two_owners_demoting_each_other_leave_one(world: World) {
    one_remains(world, |world, by, whom| async move { world.set_role(by, whom, Role::Tester).await }).await;
}

async fn i4_two_owners_shutting_each_other_out_leave_one(world: World) {
    one_remains(world, |world, by, whom| async move { world.deactivate(by, whom).await }).await;
}

async fn i4_two_owners_stepping_down_at_once_leave_one(world: World) {
    one_remains(world, |world, by, _| async move { world.set_role(by, by, Role::Admin).await }).await;
}

async fn i4_two_owners_removing_each_other_leave_one(world: World) {
    one_remains(world, |world, by, whom| async move { world.remove(by, whom).await }).await;
}

async fn i4_two_owners_leaving_at_once_leave_one(world: World) {
    one_remains(world, |world, by, _| async move { world.leave(by).await }).await;
}

async fn i4_fifty_rounds_of_owners_demoting_each_other_always_leave_one(world: World) {
    demote_each_other(world, 50).await;
}

/// The same pair again and again: whoever was demoted is made an owner again by the one who remained.
async fn demote_each_other(world: World, rounds: usize) {
    let (a, b, world) = (world.owner, world.member(Role::Owner).await, Arc::new(world));
    for _ in 0..rounds {
        let (one, other) = (world.clone(), world.clone());
        let first = async move { one.set_role(a, b, Role::Tester).await };
        let second = async move { other.set_role(b, a, Role::Tester).await };
        let (first, second) = both(first, second).await;
        assert_ne!(first.is_ok(), second.is_ok());
        let (remained, demoted) = if first.is_ok() { (a, b) } else { (b, a) };
        assert_eq!(refusal(first.and(second)), "lacks manage_members");
        world.set_role(remained, demoted, Role::Owner).await.unwrap();
    }
}

mod a_thousand_rounds_of_owners_demoting_each_other_always_leave_one {
    use super::{World, demote_each_other};

    fn on(engine: db::Engine) {
        crate::bed::run(Box::pin(async move { demote_each_other(World::on(engine).await, 1000).await }));
    }

    #[test]
    #[ignore = "long: two thousand transactions that race"]
    fn sqlite() {
        on(db::Engine::Sqlite);
    }

    #[test]
    #[ignore = "long: two thousand transactions that race"]
    fn postgres() {
        on(db::Engine::Postgres);
    }
}
