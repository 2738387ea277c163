//! Who somebody is, read in one go, and read again in the transaction.

use std::sync::Arc;

use db::sql;
use domain::{
    access::{
        Holder, InviteMembers, ManageMembers, May, Member, Membership, Refused, Right, Rights, Role, SignedIn, Still,
        TokenKind, Via, Wanted, WriteCases,
    },
    invitation::State,
    secret::Token,
    time::days,
    title::KeyName,
};
use store::{
    Again, Lost,
    access::{self, Borne},
    invitations, keys, members, sessions, tokens,
};

use crate::{
    bed::on_both_engines,
    house::{Actor, House, START, moment},
};

on_both_engines! { House:
    a_member_is_read_with_role_and_grants
    a_deactivated_member_is_nobody
    a_stranger_is_no_member
    what_outlasts_its_request_is_read_anew_and_ends_with_the_membership_or_its_session
    sessions_shut_out_do_not_reach_in_and_a_later_one_does
    a_key_opens_its_own_workspace_only
    a_proof_shown_again_fails_when_the_right_is_lost
    a_proof_shown_again_fails_when_the_member_is_shut_out
    a_proof_shown_again_keeps_the_limit_of_its_key
    a_proof_shown_again_fails_when_its_session_has_ended
    a_proof_shown_again_fails_when_its_key_is_revoked_or_over
    a_proof_shown_again_fails_when_its_project_has_become_private
    a_proof_of_somebody_nobody_signed_in_as_is_none
    a_session_lives_until_its_end
    a_key_dies_with_its_end_its_revocation_or_its_holder
    a_project_is_named_by_id_or_by_key_in_any_case
    a_token_leads_to_its_invitation_while_that_is_open
    a_replaced_token_is_spent_and_the_new_one_lives
    a_bearer_knows_which_token_was_shown
}

async fn a_member_is_read_with_role_and_grants(house: House) {
    let ann = house.member("Ann", Role::Guest).await;
    let web = house.project("WEB", true).await;
    house.grant(ann, &web, Role::Manager).await;
    let member = house.read(move |db| access::active_member(db, ann.who.person, ann.workspace)).await.unwrap();
    assert_eq!((member.id(), member.role(), member.via()), (ann.member, Role::Guest, None));
    assert_eq!(
        member.grants().iter().map(|grant| (grant.project, grant.role)).collect::<Vec<_>>(),
        [(web.id, Role::Manager)]
    );
    let locked = house.write(move |tx, _| Ok(access::locked_member(tx, ann.member)?)).await.unwrap();
    assert_eq!((locked.id(), locked.grants()), (member.id(), member.grants()));
}

async fn shut_out(house: &House, whom: Actor) {
    let owner = house.owner;
    house
        .write(move |tx, _| {
            let still: Still<ManageMembers> = owner.still(tx)?;
            assert!(members::set_active(tx, &still, whom.member, false)?);
            Ok(())
        })
        .await;
}

async fn a_deactivated_member_is_nobody(house: House) {
    let ann = house.member("Ann", Role::Admin).await;
    shut_out(&house, ann).await;
    assert!(house.read(move |db| access::member(db, &ann.who, ann.workspace)).await.is_none());
    assert!(house.read(move |db| access::active_member(db, ann.who.person, ann.workspace)).await.is_none());
    assert!(house.write(move |tx, _| Ok(access::locked_member(tx, ann.member)?)).await.is_none());
}

async fn what_outlasts_its_request_is_read_anew_and_ends_with_the_membership_or_its_session(house: House) {
    let ann = house.member("Ann", Role::Admin).await;
    let by_key = house.by_key(ann, None).await;
    let member = |actor: Actor| house.read(move |db| access::member(db, &actor.who, actor.workspace));
    let (by_session, by_key) = (Arc::new(member(ann).await.unwrap()), Arc::new(member(by_key).await.unwrap()));
    let anew = |member: &Arc<Member>| {
        let (member, now) = (Arc::clone(member), house.now());
        house.read(move |db| access::anew(db, &member, now))
    };
    assert_eq!(anew(&by_session).await.unwrap().id(), ann.member);
    assert_eq!(anew(&by_key).await.unwrap().via(), by_key.via());
    house.pass(sessions::LIFETIME);
    assert!(anew(&by_session).await.is_none());
    assert!(anew(&by_key).await.is_some());
    shut_out(&house, ann).await;
    assert!(anew(&by_key).await.is_none());
    let nobody = house.read(move |db| access::active_member(db, house.owner.who.person, ann.workspace)).await;
    assert!(anew(&Arc::new(nobody.unwrap())).await.is_none());
}

async fn a_stranger_is_no_member(house: House) {
    let (here, there) = (house.owner, house.another().await);
    assert!(house.read(move |db| access::member(db, &there.who, here.workspace)).await.is_none());
}

async fn a_key_opens_its_own_workspace_only(house: House) {
    let (here, there) = (house.owner, house.another().await);
    let own = here.who.person;
    house.write(move |tx, now| Ok(members::insert(tx, there.workspace, own, Role::Tester, None, now)?)).await;
    let limit = Some(Rights::of(&[Right::Read]));
    let by_key = house.by_key(here, limit).await.who;
    let member = house.read(move |db| access::member(db, &by_key, here.workspace)).await.unwrap();
    assert_eq!(member.limit(), limit);
    assert!(house.read(move |db| access::member(db, &by_key, there.workspace)).await.is_none());
}

async fn a_proof_shown_again_fails_when_the_right_is_lost(house: House) {
    let (owner, ann) = (house.owner, house.member("Ann", Role::Manager).await);
    let may = house.write(move |tx, _| ann.may::<InviteMembers>(tx)).await;
    let still = |may: May<InviteMembers>| house.try_write(move |tx, _| tx.still(&may, START).map(drop));
    assert!(still(may.clone()).await.is_ok());
    house
        .write(move |tx, _| {
            let still: Still<ManageMembers> = owner.still(tx)?;
            Ok(members::set_role(tx, &still, ann.member, Role::Tester)?)
        })
        .await;
    let lost = still(may).await.unwrap_err();
    assert!(matches!(lost, Lost::Refused(Refused::Lacks { right: Right::InviteMembers, project: None })), "{lost}");
}

async fn a_proof_shown_again_fails_when_the_member_is_shut_out(house: House) {
    let ann = house.member("Ann", Role::Manager).await;
    let may = house.write(move |tx, _| ann.may::<InviteMembers>(tx)).await;
    shut_out(&house, ann).await;
    let lost = house.try_write(move |tx, _| tx.still(&may, START).map(drop)).await.unwrap_err();
    assert!(matches!(lost, Lost::Refused(Refused::Unknown)), "{lost}");
}

async fn a_proof_shown_again_keeps_the_limit_of_its_key(house: House) {
    let limit = Some(Rights::of(&[Right::InviteMembers]));
    let by_key = house.by_key(house.owner, limit).await;
    let held = house
        .write(move |tx, _| {
            let still: Still<InviteMembers> = by_key.still(tx)?;
            Ok(still.member().rights())
        })
        .await;
    assert_eq!(Some(held), limit);
}

/// Shows a proof to a transaction again, now.
async fn again<R: Wanted + Clone>(house: &House, may: &May<R>) -> Result<(), Lost> {
    let may = may.clone();
    house.try_write(move |tx, now| tx.still(&may, now.at).map(drop)).await
}

async fn a_proof_shown_again_fails_when_its_session_has_ended(house: House) {
    let owner = house.owner;
    let open = || {
        house.write(move |tx, now| {
            let token = sessions::open(tx, owner.who.person, None, now)?;
            let (who, _) = access::session(tx, &token.hash(), now.at)?.unwrap();
            let may: May<InviteMembers> = Actor { who, ..owner }.may(tx)?;
            Ok((token, who, may))
        })
    };
    let ((signed_out, who, may), (_, _, over)) = (open().await, open().await);
    assert!(again(&house, &may).await.is_ok());
    house.write(move |tx, now| tx.still_signed_in(&who, now.at)).await;
    house.write(move |tx, _| Ok(sessions::close(tx, &signed_out.hash())?)).await;
    assert!(matches!(again(&house, &may).await, Err(Lost::SignedOut)));
    assert!(matches!(house.try_write(move |tx, now| tx.still_signed_in(&who, now.at)).await, Err(Lost::SignedOut)));
    assert!(again(&house, &over).await.is_ok());
    house.pass(sessions::LIFETIME);
    assert!(matches!(again(&house, &over).await, Err(Lost::SignedOut)));
}

async fn a_proof_shown_again_fails_when_its_key_is_revoked_or_over(house: House) {
    let (owner, end) = (house.owner, house.now() + days(1));
    let make = || {
        house.write(move |tx, now| {
            let still = owner.still(tx)?;
            let (id, key) = keys::insert(tx, &still, &KeyName::parse("CI").unwrap(), None, Some(end), now)?;
            let (who, _) = access::key(tx, &key.hash(), now.at)?.unwrap();
            let may: May<InviteMembers> = Actor { who, ..owner }.may(tx)?;
            Ok((id, may))
        })
    };
    let ((id, revoked), (_, over)) = (make().await, make().await);
    assert!(again(&house, &revoked).await.is_ok());
    house
        .write(move |tx, now| {
            let still = owner.still(tx)?;
            Ok(keys::revoke(tx, &still, id, now.at)?)
        })
        .await;
    assert!(matches!(again(&house, &revoked).await, Err(Lost::SignedOut)));
    assert!(again(&house, &over).await.is_ok());
    house.pass(days(1));
    assert!(matches!(again(&house, &over).await, Err(Lost::SignedOut)));
}

async fn a_proof_shown_again_fails_when_its_project_has_become_private(house: House) {
    let (ann, web) = (house.member("Ann", Role::Tester).await, house.project("WEB", false).await);
    let may = house
        .read(move |db| {
            let member = access::member(db, &ann.who, ann.workspace)?.unwrap();
            Ok(Arc::new(member).may_in::<WriteCases>(web.facts()).unwrap())
        })
        .await;
    assert!(again(&house, &may).await.is_ok());
    house.write(|tx, _| Ok(tx.run(sql!("UPDATE project SET private = TRUE"))?)).await;
    assert!(matches!(again(&house, &may).await, Err(Lost::Refused(Refused::Unknown))));
}

async fn a_proof_of_somebody_nobody_signed_in_as_is_none(house: House) {
    let owner = house.owner;
    let may = house
        .read(move |db| {
            let member = access::active_member(db, owner.who.person, owner.workspace)?.unwrap();
            Ok(Arc::new(member).may::<InviteMembers>().unwrap())
        })
        .await;
    assert!(matches!(again(&house, &may).await, Err(Lost::SignedOut)));
}

async fn a_session_lives_until_its_end(house: House) {
    let owner = house.owner.who.person;
    let token = house.write(move |tx, now| Ok(sessions::open(tx, owner, None, now)?)).await;
    let find = |token: &Token| {
        let (hash, now) = (token.hash(), house.now());
        house.read(move |db| access::session(db, &hash, now))
    };
    let (who, seen_at) = find(&token).await.unwrap();
    assert_eq!((who.person, seen_at), (owner, house.now()));
    assert!(who.session().is_some());
    house.pass(days(13));
    assert!(find(&token).await.is_some());
    house.pass(days(1));
    assert!(find(&token).await.is_none());
    assert!(find(&moment(house.now(), 77).token()).await.is_none());
}

async fn a_key_dies_with_its_end_its_revocation_or_its_holder(house: House) {
    let ann = house.member("Ann", Role::Tester).await;
    let (limit, end) = (Rights::of(&[Right::Read, Right::ExecuteRuns]), house.now() + days(1));
    let make = |ends_at| {
        house.write(move |tx, now| {
            let still = ann.still(tx)?;
            Ok(keys::insert(tx, &still, &KeyName::parse("CI").unwrap(), Some(limit), ends_at, now)?)
        })
    };
    let ((id, ending), (_, lasting), (revoked, gone)) = (make(Some(end)).await, make(None).await, make(None).await);
    house
        .write(move |tx, now| {
            let still = ann.still(tx)?;
            Ok(keys::revoke(tx, &still, revoked, now.at)?)
        })
        .await;
    let find = |token: &Token| {
        let (hash, now) = (token.hash(), house.now());
        house.read(move |db| access::key(db, &hash, now))
    };
    let (who, used_at) = find(&ending).await.unwrap();
    assert_eq!((who.person, used_at), (ann.who.person, None));
    assert_eq!(
        who.via,
        Via::Key { id, workspace: ann.workspace, holder: Holder::Person, limit: Some(limit), ends_at: Some(end) }
    );
    assert!(find(&gone).await.is_none());
    house.pass(days(1));
    assert!(find(&ending).await.is_none() && find(&lasting).await.is_some());
    shut_out(&house, ann).await;
    assert!(find(&lasting).await.is_none());
}

async fn a_project_is_named_by_id_or_by_key_in_any_case(house: House) {
    let (owner, web) = (house.owner, house.project("WEB", true).await);
    let foreign = house.another().await;
    let theirs = house.project_of(foreign, "APP", false).await;
    let find = |name: String| {
        house.read(move |db| {
            let member = access::active_member(db, owner.who.person, owner.workspace)?.unwrap();
            access::project(db, &member, &name)
        })
    };
    for name in ["WEB".to_owned(), "web".to_owned(), web.id.to_string()] {
        assert_eq!(find(name).await, Some(web.facts()));
    }
    for name in ["APP".to_owned(), theirs.id.to_string(), String::new()] {
        assert_eq!(find(name).await, None);
    }
}

async fn a_token_leads_to_its_invitation_while_that_is_open(house: House) {
    let (owner, id) = (house.owner, house.invite(house.owner, "ann@x.example").await);
    let token = add(&house, owner, id, TokenKind::Mailed).await;
    let Some(Borne::Live(bearer)) = borne(&house, &token).await else { panic!("a live token") };
    assert_eq!((bearer.invitation, bearer.kind), (id, TokenKind::Mailed));
    let unknown = moment(house.now(), 99).token();
    assert!(borne(&house, &unknown).await.is_none());

    house.pass(days(12));
    assert!(matches!(borne(&house, &token).await, Some(Borne::Spent(spent, Some(State::Expired))) if spent == id));
    house.write(move |tx, now| Ok(invitations::close(tx, id, State::Revoked, now.at)?)).await;
    assert!(matches!(borne(&house, &token).await, Some(Borne::Spent(_, Some(State::Revoked)))));
}

async fn a_replaced_token_is_spent_and_the_new_one_lives(house: House) {
    let (owner, id) = (house.owner, house.invite(house.owner, "ann@x.example").await);
    let (mailed, old) =
        (add(&house, owner, id, TokenKind::Mailed).await, add(&house, owner, id, TokenKind::Copied).await);
    let new = house
        .write(move |tx, now| {
            let (still, token) = (owner.still(tx)?, now.token());
            tokens::replace(tx, &still, id, TokenKind::Copied, &token.hash(), now.at)?;
            Ok(token)
        })
        .await;
    assert!(matches!(borne(&house, &old).await, Some(Borne::Spent(spent, None)) if spent == id));
    for token in [&mailed, &new] {
        assert!(matches!(borne(&house, token).await, Some(Borne::Live(_))));
    }
}

async fn a_bearer_knows_which_token_was_shown(house: House) {
    let (owner, id) = (house.owner, house.invite(house.owner, "ann@x.example").await);
    for kind in [TokenKind::Mailed, TokenKind::Copied, TokenKind::Code] {
        let token = add(&house, owner, id, kind).await;
        let Some(Borne::Live(bearer)) = borne(&house, &token).await else { panic!("a live token") };
        assert_eq!(bearer.kind, kind);
    }
}

async fn add(house: &House, by: Actor, id: domain::id::InvitationId, kind: TokenKind) -> Token {
    house
        .write(move |tx, now| {
            let (still, token) = (by.still(tx)?, now.token());
            tokens::add(tx, &still, id, kind, &token.hash(), now.at)?;
            Ok(token)
        })
        .await
}

async fn borne(house: &House, token: &Token) -> Option<Borne> {
    let (hash, now) = (token.hash(), house.now());
    house.read(move |db| access::bearer(db, &hash, now)).await
}

async fn sessions_shut_out_do_not_reach_in_and_a_later_one_does(house: House) {
    let (owner, ann) = (house.owner, house.member("Ann", Role::Tester).await);
    let (by_key, may) = (house.by_key(ann, None).await, house.write(move |tx, _| ann.may::<Membership>(tx)).await);
    house.pass(days(1));
    house
        .write(move |tx, now| {
            let still: Still<ManageMembers> = owner.still(tx)?;
            Ok(members::shut_out(tx, &still, ann.member, now.at)?)
        })
        .await;
    let reaches = |who: SignedIn| {
        house.read(move |db| {
            Ok((access::member(db, &who, ann.workspace)?.is_some(), access::shut_out(db, &who, ann.workspace)?))
        })
    };
    assert_eq!(reaches(ann.who).await, (false, true));
    assert_eq!(reaches(by_key.who).await, (true, false), "keys are not sessions");
    assert_eq!(reaches(owner.who).await, (true, false));
    let lost = house.try_write(move |tx, _| tx.still(&may, START).map(drop)).await.unwrap_err();
    assert!(matches!(lost, Lost::Refused(Refused::Unknown)), "{lost}");
    house.pass(days(1));
    let anew = house.write(move |tx, now| Ok(crate::house::signed_in(tx, now, ann.who.person)?)).await;
    assert_eq!(reaches(anew).await, (true, false));
}
