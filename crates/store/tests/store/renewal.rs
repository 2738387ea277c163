//! What keeps an invitation alive: a new end, a new inviter, a successor.

use domain::{
    access::{InviteMembers, Role, Still, TokenKind},
    id::InvitationId,
    invitation::{State, ValidDays},
    time::days,
};
use store::{
    access::{self, Borne},
    invitations::{self, Invitation},
    messages, tokens,
};

use crate::{bed::on_both_engines, house::House};

on_both_engines! { House:
    a_renewed_invitation_counts_its_end_anew
    only_a_pending_invitation_is_renewed
    a_sponsor_takes_an_invitation_off_hold
    two_invitations_name_each_other_once
    an_ended_token_is_spent_and_a_new_one_may_live
    sends_are_counted_from_one
    a_new_link_is_asked_for_once_a_day
    those_who_wait_for_a_new_link_are_counted_until_one_is_sent
    open_invitations_of_a_members_addresses_are_found
}

async fn read(house: &House, id: InvitationId) -> Invitation {
    house.read(move |db| invitations::of_token(db, id)).await
}

async fn renew(house: &House, id: InvitationId) -> bool {
    let by = house.owner;
    house
        .write(move |tx, now| {
            let still: Still<InviteMembers> = by.still(tx)?;
            Ok(invitations::renew(tx, &still, id, ValidDays::default(), now.at)?)
        })
        .await
}

async fn a_renewed_invitation_counts_its_end_anew(house: House) {
    let id = house.invite(house.owner, "ann@x.example").await;
    house.write(move |tx, now| Ok(invitations::out(tx, id, ValidDays::default(), now.at)?)).await;
    house.pass(days(3));
    assert!(renew(&house, id).await);
    let renewed = read(&house, id).await;
    assert_eq!((renewed.first_out_at, renewed.ends_at), (None, house.now() + days(12)));
}

async fn only_a_pending_invitation_is_renewed(house: House) {
    let id = house.invite(house.owner, "ann@x.example").await;
    house.write(move |tx, _| Ok(invitations::hold(tx, id, true)?)).await;
    assert!(!renew(&house, id).await);
    house.write(move |tx, now| Ok(invitations::close(tx, id, State::Revoked, now.at)?)).await;
    assert!(!renew(&house, id).await);
}

async fn a_sponsor_takes_an_invitation_off_hold(house: House) {
    let (owner, ann) = (house.owner, house.member("Ann", Role::Manager).await);
    let id = house.invite(ann, "bob@x.example").await;
    let sponsor = || {
        house.write(move |tx, _| {
            let still = owner.still(tx)?;
            Ok(invitations::sponsor(tx, &still, id)?)
        })
    };
    assert!(!sponsor().await, "a pending one needs none");
    house.write(move |tx, _| Ok(invitations::hold(tx, id, true)?)).await;
    assert!(sponsor().await);
    let sponsored = read(&house, id).await;
    assert_eq!((sponsored.state, sponsored.invited_by), (State::Pending, owner.who.person));
}

async fn two_invitations_name_each_other_once(house: House) {
    let [first, second, third] = [
        house.invite(house.owner, "a@x.example").await,
        house.invite(house.owner, "b@x.example").await,
        house.invite(house.owner, "c@x.example").await,
    ];
    let by = house.owner;
    let follow = |successor| {
        house.write(move |tx, _| {
            let still = by.still(tx)?;
            Ok(invitations::follow(tx, &still, first, successor)?)
        })
    };
    assert!(follow(second).await && !follow(third).await);
    assert_eq!(read(&house, first).await.successor, Some(second));
    assert_eq!((read(&house, second).await.predecessor, read(&house, third).await.predecessor), (Some(first), None));
}

async fn an_ended_token_is_spent_and_a_new_one_may_live(house: House) {
    let (by, id) = (house.owner, house.invite(house.owner, "ann@x.example").await);
    let [old, new] = house
        .write(move |tx, now| {
            let (still, old, new) = (by.still(tx)?, now.token().hash(), now.token().hash());
            tokens::add(tx, &still, id, TokenKind::Mailed, &old, now.at)?;
            tokens::end(tx, &still, id, TokenKind::Mailed, now.at)?;
            tokens::add(tx, &still, id, TokenKind::Mailed, &new, now.at)?;
            Ok([old, new])
        })
        .await;
    let at = house.now();
    let found = house.read(move |db| Ok([access::bearer(db, &old, at)?, access::bearer(db, &new, at)?])).await;
    assert!(matches!(found, [Some(Borne::Spent(_, None)), Some(Borne::Live(_))]), "{found:?}");
}

async fn sends_are_counted_from_one(house: House) {
    let (by, id) = (house.owner, house.invite(house.owner, "ann@x.example").await);
    for expected in [1, 2] {
        let send = house
            .write(move |tx, now| {
                let still = by.still(tx)?;
                let send = messages::next_send(tx, &still, id)?;
                let address = "ann@x.example";
                let new = messages::NewMessage {
                    invitation: id,
                    send,
                    address,
                    normalised: address,
                    secret: b"sealed",
                    not_before: now.at,
                };
                messages::enqueue(tx, &still, &new, now)?;
                Ok(send)
            })
            .await;
        assert_eq!(send, expected);
    }
}

async fn a_new_link_is_asked_for_once_a_day(house: House) {
    let id = house.invite(house.owner, "ann@x.example").await;
    let want = || {
        let since = house.now() - days(1);
        house.write(move |tx, now| Ok(invitations::want(tx, id, since, now.at)?))
    };
    assert!(want().await && !want().await);
    house.pass(days(1));
    assert!(want().await);
    assert_eq!(read(&house, id).await.wanted_at, Some(house.now()));
}

async fn those_who_wait_for_a_new_link_are_counted_until_one_is_sent(house: House) {
    let (by, id) = (house.owner, house.invite(house.owner, "ann@x.example").await);
    let waiting = || {
        let now = house.now();
        house.read(move |db| {
            let may = by.may(db).unwrap();
            invitations::count_wanted(db, &may, now)
        })
    };
    house.write(move |tx, now| Ok(invitations::want(tx, id, now.at, now.at)?)).await;
    assert_eq!(waiting().await, 0, "the link still works");
    house.pass(days(30));
    assert_eq!(waiting().await, 1);
    let next = house.invite(house.owner, "bob@x.example").await;
    house
        .write(move |tx, _| {
            let still = by.still(tx)?;
            Ok(invitations::follow(tx, &still, id, next)?)
        })
        .await;
    assert_eq!(waiting().await, 0);
}

async fn open_invitations_of_a_members_addresses_are_found(house: House) {
    let there = house.another().await;
    let id = house.invite(house.owner, "olga@people.example").await;
    house.invite(there, "olga@people.example").await;
    house.invite(house.owner, "ann@x.example").await;
    let person = house.owner.who.person;
    let found = house.write(move |tx, _| Ok(invitations::open_to_member(tx, person)?)).await;
    assert_eq!(found.iter().map(|one| one.id).collect::<Vec<_>>(), [id]);
}
