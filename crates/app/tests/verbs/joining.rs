//! T8, T10 and the rules of identity: who joins, as whom, and what that proves.

use app::invitations::Joiner;
use domain::{
    access::{Membership, Role},
    id::PersonId,
    invitation::State,
    secret::Token,
    time::days,
    title::KeyName,
};
use store::access;

use crate::{
    bed::on_both_engines,
    world::{World, as_is, batch, newcomer, refusal},
};

on_both_engines! { World:
    t8_a_newcomer_makes_an_account_and_joins
    t8_a_newcomer_gives_name_and_password
    t8_an_existing_account_joins_by_its_own_session
    t8_nothing_replaces_the_password_of_a_proved_address
    t8_a_key_is_no_session
    t8_somebody_elses_session_is_the_wrong_account
    t8_a_mailed_token_takes_an_unproved_account_over
    t8_taking_over_needs_a_new_name_and_password
    t8_a_copied_token_makes_an_account_that_nothing_else_trusts
    t8_an_unproved_account_joins_by_a_copied_token_that_workspace_alone
    t8_the_session_is_replaced
    what_became_of_a_mail_never_changes_whether_its_invitation_is_valid
    no_account_exists_before_somebody_accepts
    an_account_on_another_workspace_changes_nothing_in_what_an_inviter_is_told
    an_invitations_id_is_no_secret_and_opens_nothing
    t8_a_refused_acceptance_keeps_the_session
    t8_a_member_does_not_join_again
    t8_a_used_token_is_gone
    t8_a_project_granted_to_the_invitee_counts_from_the_first_moment
    t10_other_open_invitations_of_the_person_here_are_superseded
    t10_one_past_its_end_is_expired_and_not_superseded
    i1_a_membership_names_the_invitation_it_came_from
    i7_a_token_opens_its_own_workspace_only
    acceptance_is_audited
}

pub const ANN: &str = "ann@x.example";

pub async fn mailed(world: &World) -> Token {
    world.mailed(world.invite(world.owner, ANN).await).await
}

async fn copied(world: &World) -> Token {
    let id = world.invite(world.owner, ANN).await;
    world.copy(world.owner, id).await.unwrap()
}

/// An account of this address that a mailed token made in another workspace.
async fn proved(world: &World) -> PersonId {
    let there = world.another().await;
    world.accept(&world.mailed(world.invite(there, ANN).await).await, newcomer()).await.unwrap();
    world.account(ANN).await.unwrap().person
}

/// An account of this address that a copied token made in another workspace, and its session.
pub async fn unproved(world: &World) -> (PersonId, Token) {
    let there = world.another().await;
    let id = world.invite(there, ANN).await;
    let joined = world.accept(&world.copy(there, id).await.unwrap(), newcomer()).await.unwrap();
    (world.account(ANN).await.unwrap().person, joined.session)
}

async fn is_live(world: &World, session: &Token) -> bool {
    let hash = session.hash();
    world.read(move |db, now| Ok(access::session(db, &hash, now.at)?.is_some())).await
}

async fn t8_a_newcomer_makes_an_account_and_joins(world: World) {
    let joined = world.accept(&mailed(&world).await, newcomer()).await.unwrap();
    assert_eq!(joined.workspace.slug, "hollin");
    let account = world.account(ANN).await.unwrap();
    assert_eq!((account.name.as_str(), account.password.as_deref()), ("Ann Lee", Some("$argon2id$new")));
    assert_eq!(account.verified_at, Some(world.now()), "something mailed to it proves an address");
    let member = world.member_of(joined.workspace.id, ANN).await.unwrap();
    assert_eq!((member.id(), member.role()), (joined.member, Role::Tester));
    assert!(is_live(&world, &joined.session).await);
}

async fn t8_a_newcomer_gives_name_and_password(world: World) {
    let token = mailed(&world).await;
    assert_eq!(refusal(world.accept(&token, Joiner::default()).await), "name required, password required");
    world.accept(&token, newcomer()).await.unwrap();
}

async fn t8_an_existing_account_joins_by_its_own_session(world: World) {
    let ann = proved(&world).await;
    let token = mailed(&world).await;
    assert_eq!(refusal(world.accept(&token, Joiner::default()).await), "sign_in_required");
    let (who, _) = world.browser(ann).await;
    world.accept(&token, as_is(who)).await.unwrap();
    assert!(world.member_of(world.owner.workspace, ANN).await.is_some_and(|member| member.person() == ann));
}

async fn t8_nothing_replaces_the_password_of_a_proved_address(world: World) {
    let ann = proved(&world).await;
    let before = world.account(ANN).await.unwrap();
    let other = || {
        let mut joiner = newcomer();
        joiner.account.as_mut().unwrap().password = "$argon2id$other".into();
        joiner
    };
    let token = mailed(&world).await;
    assert_eq!(refusal(world.accept(&token, other()).await), "sign_in_required");
    let (who, _) = world.browser(ann).await;
    world.accept(&token, Joiner { who: Some(who), ..other() }).await.unwrap();
    assert_eq!(world.account(ANN).await.unwrap().password, before.password);
}

async fn t8_a_key_is_no_session(world: World) {
    let ann = proved(&world).await;
    let token = mailed(&world).await;
    let (_, by_key) = world.by_key(world.member_of_any(ann).await, None, None).await;
    assert_eq!(refusal(world.accept(&token, as_is(by_key.who)).await), "sign_in_required");
}

async fn t8_somebody_elses_session_is_the_wrong_account(world: World) {
    let token = mailed(&world).await;
    let somebody = || Joiner { who: Some(world.owner.who), ..newcomer() };
    assert_eq!(refusal(world.accept(&token, somebody()).await), "wrong_account", "nobody has the address");
    world.revoke(world.owner, world.read(|db, _| open(db)).await).await.unwrap();
    unproved(&world).await;
    let token = mailed(&world).await;
    assert_eq!(refusal(world.accept(&token, somebody()).await), "wrong_account", "an unproved account has it");
    world.accept(&token, newcomer()).await.unwrap();
    assert!(world.account(ANN).await.unwrap().verified_at.is_some());
}

fn open(db: &mut db::Conn) -> Result<domain::id::InvitationId, app::Failure> {
    let mut row: db::Row = db.one(db::sql!("SELECT id FROM invitation WHERE state = 'pending'"))?;
    Ok(row.get::<uuid::Uuid>("id")?.into())
}

async fn t8_a_mailed_token_takes_an_unproved_account_over(world: World) {
    let (ann, session) = unproved(&world).await;
    let there = world.member_of_any(ann).await;
    let may = world.may::<Membership>(there).await;
    let (_, key) = world
        .write(move |tx, now| {
            let new = app::keys::NewKey { name: KeyName::parse("CI").unwrap(), rights: None, ends_at: None };
            app::keys::create(tx, &may, &new, now)
        })
        .await
        .unwrap();
    let mut newcomer = newcomer();
    newcomer.account.as_mut().unwrap().password = "$argon2id$hers".into();
    let joined = world.accept(&mailed(&world).await, newcomer).await.unwrap();

    let account = world.account(ANN).await.unwrap();
    assert_eq!((account.person, account.password.as_deref()), (ann, Some("$argon2id$hers")));
    assert_eq!(account.verified_at, Some(world.now()));
    assert!(!is_live(&world, &session).await && is_live(&world, &joined.session).await);
    assert!(world.read(move |db, now| Ok(access::key(db, &key.hash(), now.at)?)).await.is_none());
    assert!(world.member_of(world.owner.workspace, ANN).await.is_some());
}

async fn t8_taking_over_needs_a_new_name_and_password(world: World) {
    let (ann, _) = unproved(&world).await;
    let token = mailed(&world).await;
    let (who, _) = world.browser(ann).await;
    for joiner in [Joiner::default(), as_is(who)] {
        assert_eq!(refusal(world.accept(&token, joiner).await), "name required, password required");
    }
    assert_eq!(world.account(ANN).await.unwrap().verified_at, None);
}

async fn t8_a_copied_token_makes_an_account_that_nothing_else_trusts(world: World) {
    let joined = world.accept(&copied(&world).await, newcomer()).await.unwrap();
    assert_eq!(world.account(ANN).await.unwrap().verified_at, None);
    assert!(is_live(&world, &joined.session).await);
    assert!(world.member_of(world.owner.workspace, ANN).await.is_some());
    let there = world.another().await;
    let (who, _) = world.browser(world.account(ANN).await.unwrap().person).await;
    let elsewhere = world.mailed(world.invite(there, ANN).await).await;
    assert_eq!(refusal(world.accept(&elsewhere, as_is(who)).await), "name required, password required");
    assert!(!world.events().await.contains(&"address.verified".to_owned()));
}

async fn t8_an_unproved_account_joins_by_a_copied_token_that_workspace_alone(world: World) {
    let (ann, session) = unproved(&world).await;
    let token = copied(&world).await;
    assert_eq!(refusal(world.accept(&token, newcomer()).await), "sign_in_required");
    let (who, _) = world.browser(ann).await;
    world.accept(&token, as_is(who)).await.unwrap();
    assert!(world.member_of(world.owner.workspace, ANN).await.is_some());
    assert_eq!(world.account(ANN).await.unwrap().verified_at, None, "a copied token proves nothing");
    assert!(is_live(&world, &session).await, "nothing was taken over");
}

async fn t8_the_session_is_replaced(world: World) {
    let ann = proved(&world).await;
    let (who, former) = world.browser(ann).await;
    let token = mailed(&world).await;
    let signed_in = Joiner { who: Some(who), session: Some(former.clone()), ..Joiner::default() };
    let joined = world.accept(&token, signed_in).await.unwrap();
    assert!(!is_live(&world, &former).await && is_live(&world, &joined.session).await);
}

async fn t8_a_refused_acceptance_keeps_the_session(world: World) {
    let (who, session) = world.browser(world.owner.who.person).await;
    let joiner = Joiner { who: Some(who), session: Some(session.clone()), ..newcomer() };
    assert_eq!(refusal(world.accept(&mailed(&world).await, joiner).await), "wrong_account");
    assert!(is_live(&world, &session).await);
}

/// He came in another way after he was invited, and was shut out since.
async fn t8_a_member_does_not_join_again(world: World) {
    let ann = proved(&world).await;
    let id = world.invite(world.owner, ANN).await;
    let (token, workspace) = (world.mailed(id).await, world.owner.workspace);
    let member = world
        .write(move |tx, now| Ok(store::members::insert(tx, workspace, ann, Role::Guest, None, now)?))
        .await
        .unwrap()
        .unwrap();
    let (who, _) = world.browser(ann).await;
    assert_eq!(refusal(world.accept(&token, as_is(who)).await), "already_member");
    world.deactivate(world.owner, crate::world::Actor { who, workspace, member }).await.unwrap();
    assert_eq!(refusal(world.accept(&token, as_is(who)).await), "already_member");
    assert_eq!(world.stored(id).await, State::Pending);
}

async fn t8_a_used_token_is_gone(world: World) {
    let id = world.invite(world.owner, ANN).await;
    let tokens = [world.mailed(id).await, world.copy(world.owner, id).await.unwrap()];
    world.accept(&tokens[0], newcomer()).await.unwrap();
    for token in &tokens {
        assert_eq!(refusal(world.accept(token, newcomer()).await), "gone accepted");
    }
    assert_eq!(refusal(world.accept(&world.app.clock().now().token(), newcomer()).await), "unknown");
}

async fn t8_a_project_granted_to_the_invitee_counts_from_the_first_moment(world: World) {
    let batch = app::invitations::Batch {
        role: Role::Guest,
        projects: vec![crate::world::on("WEB", Role::ReadOnly)],
        ..batch(&[ANN])
    };
    let id = world.send(world.owner, batch).await.unwrap()[0].invitation.unwrap();
    let joined = world.accept(&world.mailed(id).await, newcomer()).await.unwrap();
    let member = world.member_of(joined.workspace.id, ANN).await.unwrap();
    let seen = world.read(move |db, _| Ok(store::projects::visible(db, &member.visible())?)).await;
    assert_eq!(seen.iter().map(|project| project.key.as_str()).collect::<Vec<_>>(), ["WEB"]);
}

/// A second, proved address of an account.
async fn second_address(world: &World, person: PersonId) {
    world
        .write(move |tx, now| {
            let id: domain::id::AddressId = now.id();
            tx.run(db::sql!(
                "INSERT INTO person_address (id, person, address, normalised, is_primary, verified_at)
                 VALUES (?, ?, 'lee@x.example', 'lee@x.example', FALSE, ?)",
                uuid::Uuid::from(id),
                uuid::Uuid::from(person),
                now.at.micros()
            ))?;
            Ok(())
        })
        .await
        .unwrap();
}

async fn t10_other_open_invitations_of_the_person_here_are_superseded(world: World) {
    let there = world.another().await;
    world.accept(&world.mailed(world.invite(there, ANN).await).await, newcomer()).await.unwrap();
    let ann = world.account(ANN).await.unwrap().person;
    second_address(&world, ann).await;
    let third = world.member(Role::Manager).await;
    let [mine, same, foreign] = [
        world.invite(world.owner, ANN).await,
        world.invite(third, "lee@x.example").await,
        world.invite(world.owner, "bob@x.example").await,
    ];
    let (who, _) = world.browser(ann).await;
    world.accept(&world.mailed(mine).await, as_is(who)).await.unwrap();
    assert_eq!((world.stored(same).await, world.mails(same).await), (State::Superseded, vec!["withdrawn".to_owned()]));
    assert_eq!(world.stored(foreign).await, State::Pending);
    assert!(world.events().await.contains(&"invitation.superseded".to_owned()));
}

async fn t10_one_past_its_end_is_expired_and_not_superseded(world: World) {
    let ann = proved(&world).await;
    second_address(&world, ann).await;
    let old = world.invite(world.owner, "lee@x.example").await;
    world.pass(days(12));
    let token = mailed(&world).await;
    let (who, _) = world.browser(ann).await;
    world.accept(&token, as_is(who)).await.unwrap();
    assert_eq!(world.stored(old).await, State::Expired);
}

async fn i1_a_membership_names_the_invitation_it_came_from(world: World) {
    let id = world.invite(world.owner, ANN).await;
    let joined = world.accept(&world.mailed(id).await, newcomer()).await.unwrap();
    let rows: Vec<db::Row> = world
        .read(move |db, _| Ok(db.all(db::sql!("SELECT id FROM member WHERE invitation = ?", uuid::Uuid::from(id)))?))
        .await;
    let [mut row] = <[db::Row; 1]>::try_from(rows).expect("exactly one");
    assert_eq!(domain::id::MemberId::from(row.get::<uuid::Uuid>("id").unwrap()), joined.member);
    assert_eq!(world.stored(id).await, State::Accepted);
}

async fn i7_a_token_opens_its_own_workspace_only(world: World) {
    let there = world.another().await;
    let here = world.invite(world.owner, ANN).await;
    world.invite(there, ANN).await;
    let joined = world.accept(&world.mailed(here).await, newcomer()).await.unwrap();
    assert_eq!(joined.workspace.id, world.owner.workspace);
    assert!(world.member_of(there.workspace, ANN).await.is_none());
}

async fn acceptance_is_audited(world: World) {
    world.accept(&mailed(&world).await, newcomer()).await.unwrap();
    let events = world.events().await;
    let told = ["person.created", "invitation.accepted", "member.joined", "address.verified"];
    assert_eq!(events[events.len() - 4..], told);
}

async fn what_became_of_a_mail_never_changes_whether_its_invitation_is_valid(world: World) {
    for (n, state) in ["failed", "bounced", "suppressed", "withdrawn", "sending"].into_iter().enumerate() {
        let id = world.invite(world.owner, &format!("a{n}@x.example")).await;
        let token = world.mailed(id).await;
        let text = format!("UPDATE message SET state = '{state}'");
        world.write(move |tx, _| Ok(tx.run(db::Statement::new(text.clone(), Vec::new())).map(drop)?)).await.unwrap();
        assert_eq!(world.stored(id).await, State::Pending);
        world.accept(&token, newcomer()).await.unwrap();
    }
}

async fn no_account_exists_before_somebody_accepts(world: World) {
    let persons = "SELECT COUNT(*) AS n FROM person";
    let before = world.count(persons).await;
    let id = world.invite(world.owner, ANN).await;
    world.resend(world.owner, id).await.unwrap();
    world.copy(world.owner, id).await.unwrap();
    assert_eq!((world.count(persons).await, world.account(ANN).await.is_none()), (before, true));
}

async fn an_account_on_another_workspace_changes_nothing_in_what_an_inviter_is_told(world: World) {
    let there = world.another().await;
    world.accept(&world.mailed(world.invite(there, ANN).await).await, newcomer()).await.unwrap();
    let sent = world.send(world.owner, batch(&[ANN, "new@x.example"])).await.unwrap();
    let told = |row: &app::invitations::Verdict| (row.outcome, row.reason, row.detail.clone(), row.suggestion.clone());
    assert_eq!(told(&sent[0]), told(&sent[1]));
    assert_eq!(world.mails(sent[0].invitation.unwrap()).await, world.mails(sent[1].invitation.unwrap()).await);
}

async fn an_invitations_id_is_no_secret_and_opens_nothing(world: World) {
    let id = world.invite(world.owner, ANN).await.to_string();
    for text in [id.clone(), id.trim_start_matches("inv_").to_owned()] {
        if let Ok(token) = text.parse::<Token>() {
            assert_eq!(refusal(world.accept(&token, newcomer()).await), "unknown");
        }
    }
    assert!(id.trim_start_matches("inv_").parse::<Token>().is_ok(), "it could be taken for one");
}
