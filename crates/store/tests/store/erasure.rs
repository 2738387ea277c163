//! The end of an account.

use db::{Row, sql};
use domain::{
    access::{Grants, Role, System},
    event::{Event, What},
};
use store::{access, erasure, events, invitations, members, people};
use uuid::Uuid;

use crate::{
    bed::on_both_engines,
    house::{Actor, House, email, invite_to, moment, signed_in},
};

on_both_engines! { House:
    what_is_personal_is_erased_and_what_others_refer_to_stays
    others_keep_what_is_theirs
}

async fn count(house: &House, text: &'static str) -> i64 {
    house.read(move |db| db.one::<Row>(sql!(text))).await.get("n").unwrap()
}

async fn what_is_personal_is_erased_and_what_others_refer_to_stays(house: House) {
    let owner = house.owner;
    let (ann, invitation, by) = house
        .write(move |tx, now| {
            let grants = Grants { role: Role::Manager, projects: Vec::new() };
            let invitation = invite_to(tx, now, owner, "ann@x.example", &grants)?.unwrap();
            let new = people::NewPerson {
                name: &"Ann Lee".parse().unwrap(),
                email: &email("ann@x.example"),
                password: Some("$argon2id$1"),
                verified: true,
                operator: true,
            };
            let ann = people::insert(tx, &new, now)?.unwrap();
            let member = members::insert(tx, owner.workspace, ann, Role::Manager, Some(invitation), now)?.unwrap();
            let joined = Event::new(What::MemberJoined, "member", member, "ann@x.example");
            events::add(tx, Some(owner.workspace), Some(owner.who.person), &joined, now)?;
            let client = Some("192.0.2.7".parse().unwrap());
            let renamed = Event::new(What::WorkspaceRenamed, "workspace", owner.workspace, "Hollin");
            events::add(tx, Some(owner.workspace), Some(ann), &renamed, &moment(now.at, 9).asked_by(client))?;
            let by = Actor { who: signed_in(tx, now, ann)?, workspace: owner.workspace, member };
            Ok((ann, invitation, by))
        })
        .await;
    house.write(move |tx, now| crate::house::invite(tx, now, by, "bob@x.example")).await.unwrap();
    house.write(move |tx, now| Ok(erasure::erase(tx, ann, now.at)?)).await;

    let account =
        |address: &'static str| house.read(move |db| people::account(db, &System::because("a test"), &email(address)));
    assert!(account("ann@x.example").await.is_none());
    let hers = house.read(move |db| invitations::of_token(db, invitation)).await;
    assert_eq!((hers.address.as_str(), hers.name), ("erased@deleted.invalid", None));
    let sent = house.read_as(owner, |db, may| {
        invitations::list(
            db,
            may,
            invitations::Which::Open,
            &store::paging::Page::first(10),
            domain::time::Time::from_micros(0),
        )
    });
    let sent = sent.await.rows;
    assert_eq!((sent[0].inviter.as_str(), sent[0].inviter_address.as_deref()), (erasure::NOBODY, None));
    let person = Uuid::from(ann);
    for text in [
        "SELECT COUNT(*) AS n FROM session WHERE person = ?",
        "SELECT COUNT(*) AS n FROM person_address WHERE person = ?",
        "SELECT COUNT(*) AS n FROM member WHERE person = ? AND state <> 'left'",
        "SELECT COUNT(*) AS n FROM person WHERE id = ? AND (password IS NOT NULL OR operator OR name = 'Ann Lee')",
        "SELECT COUNT(*) AS n FROM event_personal x JOIN event e ON e.id = x.event WHERE e.actor = ?",
    ] {
        let n: i64 = house.read(move |db| db.one::<Row>(sql!(text, person))).await.get("n").unwrap();
        assert_eq!(n, 0, "{text}");
    }
    assert_eq!(count(&house, "SELECT COUNT(*) AS n FROM event_personal WHERE label = 'ann@x.example'").await, 0);
    assert_eq!(count(&house, "SELECT COUNT(*) AS n FROM event").await, 2, "the events stay");
}

async fn others_keep_what_is_theirs(house: House) {
    let (ann, bob) = (house.member("Ann", Role::Owner).await.who, house.member("Bob", Role::Tester).await.who);
    let alone = |who| house.read(move |db| people::sole_owner_of(db, &who));
    assert_eq!((alone(ann).await, alone(bob).await), (Vec::<String>::new(), Vec::new()));
    let has_other = |person| house.write(move |tx, _| Ok(people::has_other_operator(tx, person)?));
    assert!(!has_other(ann.person).await);
    house.write(move |tx, now| Ok(erasure::erase(tx, ann.person, now.at)?)).await;
    assert_eq!(alone(house.owner.who).await, ["Hollin"]);
    let workspace = house.owner.workspace;
    let still = house.read(move |db| access::member(db, &bob, workspace)).await;
    assert!(still.is_some());
    assert_eq!(house.read(move |db| people::me(db, &bob)).await.name, "Bob");
}
