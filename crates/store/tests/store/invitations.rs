//! Invitations: one row each, at most one open per workspace and address.

use std::time::Duration;

use domain::{
    access::{Grants, InviteMembers, ProjectRole, Role, Still, TokenKind},
    id::InvitationId,
    invitation::{Delivery, State, ValidDays},
    time::days,
    title::PersonName,
};
use store::{
    access::{self, Borne},
    invitations::{self, Invitation, NewInvitation, Which},
    messages,
    paging::Page,
    tokens,
};

use crate::{
    bed::on_both_engines,
    house::{Actor, House, email, invite, invite_to},
};

on_both_engines! { House:
    an_address_has_one_open_invitation_in_a_workspace
    an_address_can_be_invited_again_once_the_first_invitation_has_ended
    many_invitations_are_written_at_once_but_those_to_addresses_that_have_one
    an_invitation_is_read_as_it_was_written
    what_was_left_out_is_left_out
    invitations_are_listed_newest_first_in_pages
    a_list_shows_one_part_of_the_life_cycle_as_the_clock_tells_it
    an_address_is_found_by_any_part_of_it
    one_without_the_right_sees_his_own_invitations_only
    an_invitation_of_another_workspace_is_unknown
    the_list_shows_what_became_of_the_last_mail
    an_invitation_ends_once
    an_ended_invitation_cannot_be_put_on_hold
    many_are_ended_at_once_and_those_that_ended_before_stay
    an_edited_invitation_grants_what_was_written_last_and_ends_anew
    open_invitations_are_found_by_address_also_past_their_end
    an_inviters_address_nobody_proved_is_kept_to_ourselves
    open_invitations_are_found_by_inviter
    the_days_count_from_the_first_time_the_link_is_out
    project_roles_are_read_for_many_invitations_at_once
    project_roles_one_may_not_see_are_left_out_and_their_inviters_are_found
}

async fn an_address_has_one_open_invitation_in_a_workspace(house: House) {
    let (owner, other) = (house.owner, house.another().await);
    let id = house.invite(owner, "ann@x.example").await;
    let again = |by| house.write(move |tx, now| invite(tx, now, by, "Ann@X.example"));
    assert_eq!(again(owner).await, None);
    assert!(again(other).await.is_some_and(|there| there != id));
}

async fn an_address_can_be_invited_again_once_the_first_invitation_has_ended(house: House) {
    let owner = house.owner;
    let id = house.invite(owner, "ann@x.example").await;
    assert!(house.write(move |tx, _| Ok(invitations::hold(tx, id, true)?)).await);
    assert_eq!(house.write(move |tx, now| invite(tx, now, owner, "ann@x.example")).await, None, "on hold is open");
    close(&house, id, State::Revoked).await;
    assert!(house.write(move |tx, now| invite(tx, now, owner, "ann@x.example")).await.is_some());
}

async fn many_invitations_are_written_at_once_but_those_to_addresses_that_have_one(house: House) {
    let (owner, web) = (house.owner, house.project("WEB", false).await);
    house.invite(owner, "p7@x.example").await;
    let grants = Grants { role: Role::Guest, projects: vec![ProjectRole { project: web.facts(), role: Role::Tester }] };
    let ids = house.write(move |tx, now| {
        let still: Still<InviteMembers> = owner.still(tx)?;
        let emails: Vec<_> = (0..300).map(|n| email(&format!("p{n}@x.example"))).collect();
        let one =
            |email| NewInvitation { email, name: None, grants: &grants, message: None, valid: ValidDays::default() };
        let new: Vec<_> = emails.iter().map(one).collect();
        Ok(invitations::insert_all(tx, &still, &new, now)?)
    });
    let ids = ids.await;
    assert_eq!(ids.iter().position(Option::is_none), Some(7));
    let written: Vec<InvitationId> = ids.iter().flatten().copied().collect();
    assert_eq!(written.len(), 299);
    let granted = house.read(move |db| invitations::projects(db, &written)).await;
    assert_eq!(granted.len(), 299);
    assert_eq!(find(&house, owner, ids[8].unwrap()).await.unwrap().address, "p8@x.example");
}

async fn an_invitation_is_read_as_it_was_written(house: House) {
    let (owner, web) = (house.owner, house.project("WEB", true).await);
    let grants = Grants { role: Role::Guest, projects: vec![ProjectRole { project: web.facts(), role: Role::Tester }] };
    let written = grants.clone();
    let id = house
        .write(move |tx, now| {
            let still: Still<InviteMembers> = owner.still(tx)?;
            let (email, name) = (email("Ann@X.example"), PersonName::parse("Ann Lee").unwrap());
            let valid = ValidDays::new(30).unwrap();
            let message = Some("Welcome");
            let new = NewInvitation { email: &email, name: Some(&name), grants: &written, message, valid };
            Ok(invitations::insert(tx, &still, &new, now)?.unwrap())
        })
        .await;
    let read = find(&house, owner, id).await.unwrap();
    assert_eq!((read.address.as_str(), read.name.as_deref()), ("Ann@x.example", Some("Ann Lee")));
    assert_eq!((read.role, read.message.as_deref(), read.state), (Role::Guest, Some("Welcome"), State::Pending));
    assert_eq!((read.invited_by, read.inviter.as_str()), (owner.who.person, "Olga"));
    assert_eq!((read.inviter_address.as_deref(), read.valid().get()), (Some("olga@people.example"), 30));
    assert_eq!((read.created_at, read.ends_at), (house.now(), house.now() + days(35)));
    let token = house
        .write(move |tx, now| {
            let (still, token) = (owner.still(tx)?, now.token());
            tokens::add(tx, &still, id, TokenKind::Mailed, &token.hash(), now.at)?;
            Ok(token)
        })
        .await;
    let now = house.now();
    let (found, by_token) = house
        .read(move |db| {
            let found = invitations::grants(db, &read)?;
            let Some(Borne::Live(bearer)) = access::bearer(db, &token.hash(), now)? else { panic!("a live token") };
            Ok((found, (invitations::of_bearer(db, &bearer)?, invitations::of_token(db, id)?)))
        })
        .await;
    assert_eq!((found, by_token.0.id, by_token.1.id), (grants, id, id));
}

async fn what_was_left_out_is_left_out(house: House) {
    let id = house.invite(house.owner, "ann@x.example").await;
    let read = find(&house, house.owner, id).await.unwrap();
    assert_eq!((read.name, read.message, read.closed_at), (None, None, None));
    assert_eq!((read.delivery, read.delivery_detail, read.next_try_at, read.delivery_at), (None, None, None, None));
}

async fn invitations_are_listed_newest_first_in_pages(house: House) {
    for address in ["a@x.example", "b@x.example", "c@x.example"] {
        house.invite(house.owner, address).await;
        house.pass(Duration::from_secs(1));
    }
    let (rows, more) = list(&house, house.owner, Which::All, Page::first(2)).await;
    assert_eq!((addresses(&rows), more), (vec!["c@x.example", "b@x.example"], true));
    let after = Page { limit: 2, after: Some(rows[1].id) };
    let (rows, more) = list(&house, house.owner, Which::All, after).await;
    assert_eq!((addresses(&rows), more), (vec!["a@x.example"], false));
}

async fn a_list_shows_one_part_of_the_life_cycle_as_the_clock_tells_it(house: House) {
    let owner = house.owner;
    house.invite(owner, "late@x.example").await;
    house.pass(days(12));
    for (address, end) in [
        ("accepted@x.example", Some(State::Accepted)),
        ("declined@x.example", Some(State::Declined)),
        ("revoked@x.example", Some(State::Revoked)),
        ("superseded@x.example", Some(State::Superseded)),
        ("expired@x.example", Some(State::Expired)),
        ("held@x.example", None),
    ] {
        let id = house.invite(owner, address).await;
        match end {
            Some(state) => close(&house, id, state).await,
            None => assert!(house.write(move |tx, _| Ok(invitations::hold(tx, id, true)?)).await),
        }
    }
    house.invite(owner, "pending@x.example").await;
    for (which, expected) in [
        (Which::Open, vec!["held@x.example", "pending@x.example"]),
        (
            Which::Ended,
            vec![
                "declined@x.example",
                "expired@x.example",
                "late@x.example",
                "revoked@x.example",
                "superseded@x.example",
            ],
        ),
        (Which::In(State::Pending), vec!["pending@x.example"]),
        (Which::In(State::OnHold), vec!["held@x.example"]),
        (Which::In(State::Accepted), vec!["accepted@x.example"]),
        (Which::In(State::Declined), vec!["declined@x.example"]),
        (Which::In(State::Revoked), vec!["revoked@x.example"]),
        (Which::In(State::Superseded), vec!["superseded@x.example"]),
        (Which::In(State::Expired), vec!["expired@x.example", "late@x.example"]),
    ] {
        let (rows, _) = list(&house, owner, which, Page::first(50)).await;
        let mut found = addresses(&rows);
        found.sort_unstable();
        assert_eq!(found, expected, "{which:?}");
    }
    assert_eq!(list(&house, owner, Which::All, Page::first(50)).await.0.len(), 8);
}

async fn an_address_is_found_by_any_part_of_it(house: House) {
    let owner = house.owner;
    for address in ["ann.lee@x.example", "ann_lee@y.example", "bob@x.example"] {
        house.invite(owner, address).await;
    }
    let now = house.now();
    for (text, expected) in [
        ("LEE@", vec!["ann_lee@y.example", "ann.lee@x.example"]),
        ("ann_lee", vec!["ann_lee@y.example"]),
        ("@x.", vec!["bob@x.example", "ann.lee@x.example"]),
        ("%", vec![]),
    ] {
        let (slice, count) = house
            .read_as(owner, move |db, may| {
                let found = invitations::search(db, may, Which::Open, text, &Page::first(9), now)?;
                Ok((found, invitations::count(db, may, Which::Open, text, now)?))
            })
            .await;
        assert_eq!(addresses(&slice.rows), expected, "{text}");
        assert_eq!(usize::try_from(count).unwrap(), expected.len());
    }
}

async fn one_without_the_right_sees_his_own_invitations_only(house: House) {
    let (owner, ann) = (house.owner, house.member("Ann", Role::Manager).await);
    let (hers, his) = (house.invite(ann, "hers@x.example").await, house.invite(owner, "his@x.example").await);
    assert_eq!(list(&house, ann, Which::Open, Page::first(9)).await.0.len(), 2);
    house
        .write(move |tx, _| {
            let still = owner.still(tx)?;
            Ok(store::members::set_role(tx, &still, ann.member, Role::Tester)?)
        })
        .await;
    let (rows, _) = list(&house, ann, Which::Open, Page::first(9)).await;
    assert_eq!(addresses(&rows), ["hers@x.example"]);
    assert!(find(&house, ann, hers).await.is_some() && find(&house, ann, his).await.is_none());
}

async fn an_invitation_of_another_workspace_is_unknown(house: House) {
    let (here, there) = (house.owner, house.another().await);
    let id = house.invite(there, "ann@x.example").await;
    assert!(find(&house, here, id).await.is_none());
    assert!(list(&house, here, Which::All, Page::first(9)).await.0.is_empty());
}

async fn the_list_shows_what_became_of_the_last_mail(house: House) {
    let (owner, id) = (house.owner, house.invite(house.owner, "ann@x.example").await);
    for send in [1, 2] {
        let not_before = house.now() + Duration::from_hours(u64::try_from(send - 1).unwrap());
        house
            .write(move |tx, now| {
                let new = messages::NewMessage {
                    invitation: id,
                    send,
                    address: "ann@x.example",
                    normalised: "ann@x.example",
                    secret: b"sealed",
                    not_before,
                };
                let still = owner.still(tx)?;
                Ok(messages::enqueue(tx, &still, &new, now)?)
            })
            .await;
    }
    let (rows, _) = list(&house, owner, Which::All, Page::first(9)).await;
    let [row] = rows.as_slice() else { panic!("one row, however many mails: {rows:?}") };
    assert_eq!((row.delivery, row.delivery_at), (Some(Delivery::Deferred), Some(house.now())));
    assert_eq!(row.next_try_at, Some(house.now() + Duration::from_hours(1)));
    assert!(row.delivery_detail.is_some());
}

async fn an_invitation_ends_once(house: House) {
    let (owner, id) = (house.owner, house.invite(house.owner, "ann@x.example").await);
    let at = house.now();
    assert_eq!(house.write(move |tx, _| Ok(invitations::lock(tx, id, at)?)).await, State::Pending);
    close(&house, id, State::Accepted).await;
    assert!(!house.write(move |tx, now| Ok(invitations::close(tx, id, State::Revoked, now.at)?)).await);
    let read = find(&house, owner, id).await.unwrap();
    assert_eq!(
        (read.state, read.closed_at, read.state_at(at + days(99))),
        (State::Accepted, Some(at), State::Accepted)
    );
    assert_eq!(house.write(move |tx, _| Ok(invitations::lock(tx, id, at + days(99))?)).await, State::Accepted);
}

async fn an_ended_invitation_cannot_be_put_on_hold(house: House) {
    let id = house.invite(house.owner, "ann@x.example").await;
    let hold = |on| house.write(move |tx, _| Ok(invitations::hold(tx, id, on)?));
    assert_eq!((hold(true).await, hold(true).await, hold(false).await, hold(false).await), (true, false, true, false));
    close(&house, id, State::Declined).await;
    assert!(!hold(true).await);
}

async fn an_inviters_address_nobody_proved_is_kept_to_ourselves(house: House) {
    let owner = house.owner;
    let id = house.invite(owner, "ann@x.example").await;
    house.write(|tx, _| Ok(tx.run(db::sql!("UPDATE person_address SET verified_at = NULL"))?)).await;
    let read = house.write(move |tx, _| Ok(invitations::of_attempt(tx, id)?)).await.unwrap();
    assert_eq!((read.inviter.as_str(), read.inviter_address), ("Olga", None));
}

async fn open_invitations_are_found_by_address_also_past_their_end(house: House) {
    let owner = house.owner;
    let (late, ended) = (house.invite(owner, "late@x.example").await, house.invite(owner, "ended@x.example").await);
    close(&house, ended, State::Revoked).await;
    let there = house.another().await;
    house.invite(there, "there@x.example").await;
    house.pass(days(99));
    let found = house
        .write(move |tx, _| {
            let asked = ["Late@x.example", "ended@x.example", "there@x.example", "new@x.example"].map(email);
            let may = owner.may(tx)?;
            Ok(invitations::open_for(tx, &may, &asked.iter().collect::<Vec<_>>())?)
        })
        .await;
    assert_eq!(
        found.iter().map(|open| (open.id, open.normalised.as_str())).collect::<Vec<_>>(),
        [(late, "late@x.example")]
    );
    assert!(found[0].ends_at < house.now());
}

async fn many_are_ended_at_once_and_those_that_ended_before_stay(house: House) {
    let owner = house.owner;
    let (a, b) = (house.invite(owner, "a@x.example").await, house.invite(owner, "b@x.example").await);
    close(&house, b, State::Declined).await;
    let end = |ids: Vec<InvitationId>| {
        house.write(move |tx, now| {
            let still: Still<InviteMembers> = owner.still(tx)?;
            assert_eq!(invitations::whole_of(tx, &still, &ids)?.len(), ids.len());
            Ok(invitations::close_all(tx, &ids, State::Expired, now.at)?)
        })
    };
    assert_eq!(end(vec![a, b]).await, [a]);
    assert!(end(vec![a, b]).await.is_empty() && end(Vec::new()).await.is_empty());
}

async fn an_edited_invitation_grants_what_was_written_last_and_ends_anew(house: House) {
    let (owner, ann) = (house.owner, house.member("Ann", Role::Manager).await);
    let (web, app) = (house.project("WEB", false).await, house.project("APP", false).await);
    let id = house.invite(ann, "cy@x.example").await;
    house.write(move |tx, _| Ok(invitations::hold(tx, id, true)?)).await;
    let edit = |on: Vec<ProjectRole>, now| {
        house.write(move |tx, _| {
            let still: Still<InviteMembers> = owner.still(tx)?;
            let grants = Grants { role: Role::Guest, projects: on.clone() };
            let valid = ValidDays::new(9).unwrap();
            let edited = invitations::Edited { grants: &grants, valid, inviter: owner.who.person };
            Ok(invitations::edit(tx, &still, id, &edited, now)?)
        })
    };
    let on = |project: &store::projects::Project| vec![ProjectRole { project: project.facts(), role: Role::Tester }];
    assert!(edit(on(&web), house.now()).await && edit(on(&app), house.now()).await);
    let edited = find(&house, owner, id).await.unwrap();
    assert_eq!((edited.role, edited.state, edited.invited_by), (Role::Guest, State::Pending, owner.who.person));
    assert_eq!((edited.valid_days, edited.ends_at), (9, house.now() + days(14)));
    let granted = house.read(move |db| invitations::projects(db, &[id])).await;
    assert_eq!(granted.iter().map(|on| on.project).collect::<Vec<_>>(), [app.id]);
    house.write(move |tx, now| Ok(invitations::out(tx, id, ValidDays::default(), now.at)?)).await;
    house.pass(days(1));
    assert!(edit(Vec::new(), house.now()).await);
    assert_eq!(find(&house, owner, id).await.unwrap().ends_at, house.now() + days(9), "a link is out already");
    close(&house, id, State::Revoked).await;
    assert!(!edit(on(&web), house.now()).await);
}

async fn open_invitations_are_found_by_inviter(house: House) {
    let (owner, ann) = (house.owner, house.member("Ann", Role::Manager).await);
    let by_ann = house.invite(ann, "cy@x.example").await;
    house.invite(owner, "otto@people.example").await;
    let ended = house.invite(ann, "ended@x.example").await;
    close(&house, ended, State::Declined).await;
    let workspace = owner.workspace;
    let by = house.write(move |tx, _| Ok(invitations::open_by(tx, workspace, ann.who.person)?)).await;
    assert_eq!(ids(&by), [by_ann]);
}

async fn the_days_count_from_the_first_time_the_link_is_out(house: House) {
    let (owner, id) = (house.owner, house.invite(house.owner, "ann@x.example").await);
    house.pass(days(2));
    let first = house.now();
    for _ in 0..2 {
        house.write(move |tx, now| Ok(invitations::out(tx, id, ValidDays::default(), now.at)?)).await;
        house.pass(days(1));
    }
    assert_eq!(find(&house, owner, id).await.unwrap().ends_at, first + days(7));
}

async fn project_roles_are_read_for_many_invitations_at_once(house: House) {
    let owner = house.owner;
    let (web, app) = (house.project("WEB", false).await, house.project("APP", true).await);
    let grants = Grants {
        role: Role::Guest,
        projects: [&web, &app].map(|project| ProjectRole { project: project.facts(), role: Role::Manager }).to_vec(),
    };
    let asked = house
        .write(move |tx, now| {
            let both = invite_to(tx, now, owner, "both@x.example", &grants)?.unwrap();
            Ok([both, invite(tx, now, owner, "none@x.example")?.unwrap()])
        })
        .await;
    let (rows, none) =
        house.read(move |db| Ok((invitations::projects(db, &asked)?, invitations::projects(db, &[])?))).await;
    let shown: Vec<_> = rows.iter().map(|row| (row.invitation, row.key.as_str(), row.name.as_str())).collect();
    assert_eq!(shown, [(asked[0], "APP", "APP"), (asked[0], "WEB", "WEB")]);
    assert_eq!(rows[0].grant(), ProjectRole { project: app.facts(), role: Role::Manager });
    assert!(none.is_empty());
}

async fn project_roles_one_may_not_see_are_left_out_and_their_inviters_are_found(house: House) {
    let (owner, ann) = (house.owner, house.member("Ann", Role::Manager).await);
    let (web, app) = (house.project("WEB", false).await, house.project("APP", true).await);
    let grants = Grants {
        role: Role::Guest,
        projects: [&web, &app].map(|project| ProjectRole { project: project.facts(), role: Role::Tester }).to_vec(),
    };
    let id = house.write(move |tx, now| Ok(invite_to(tx, now, owner, "both@x.example", &grants)?.unwrap())).await;
    let seen = |reader: Actor| {
        house.read(move |db| {
            let visible = reader.visible(db)?;
            assert!(invitations::projects_seen(db, &visible, &[])?.is_empty());
            let rows = invitations::projects_seen(db, &visible, &[id])?;
            Ok(rows.into_iter().map(|row| row.key).collect::<Vec<_>>())
        })
    };
    assert_eq!((seen(owner).await, seen(ann).await), (vec!["APP".into(), "WEB".into()], vec!["WEB".to_owned()]));
    let project = app.id;
    let inviters = || house.write(move |tx, _| Ok(invitations::inviters_on(tx, project)?));
    assert_eq!(inviters().await, [owner.who.person]);
    close(&house, id, State::Revoked).await;
    assert!(inviters().await.is_empty());
}

async fn close(house: &House, id: InvitationId, to: State) {
    assert!(house.write(move |tx, now| Ok(invitations::close(tx, id, to, now.at)?)).await);
}

async fn find(house: &House, reader: Actor, id: InvitationId) -> Option<Invitation> {
    house.read_as(reader, move |db, may| invitations::find(db, may, id)).await
}

async fn list(house: &House, reader: Actor, which: Which, page: Page<InvitationId>) -> (Vec<Invitation>, bool) {
    let now = house.now();
    let slice = house.read_as(reader, move |db, may| invitations::list(db, may, which, &page, now)).await;
    (slice.rows, slice.more)
}

fn addresses(rows: &[Invitation]) -> Vec<&str> {
    rows.iter().map(|row| row.address.as_str()).collect()
}

fn ids(rows: &[Invitation]) -> Vec<InvitationId> {
    rows.iter().map(|row| row.id).collect()
}
