//! Members of a workspace.

use domain::{
    access::{ManageMembers, Membership, Role, Still, System},
    id::MemberId,
    time::days,
};
use store::{
    members::{self, By, Listed, Order, Which},
    paging::Page,
};

use crate::{
    bed::on_both_engines,
    house::{Actor, House, email, join, person},
};

on_both_engines! { House:
    members_are_listed_by_name_whatever_its_case_and_accents
    pages_do_not_lose_namesakes
    a_deactivated_member_is_still_listed
    a_member_of_another_workspace_is_unknown
    a_guest_without_projects_sees_himself_alone
    a_guest_sees_who_holds_a_role_on_one_of_his_projects
    a_guest_of_an_open_project_sees_who_reads_it_by_a_workspace_role
    a_guest_of_a_private_project_sees_who_reaches_into_it
    a_guest_with_an_empty_role_on_a_project_sees_nobody_there
    what_a_guest_may_not_see_is_neither_found_nor_counted
    a_person_joins_once
    a_membership_comes_from_one_invitation
    addresses_lead_to_current_members
    a_role_is_given_in_the_proofs_workspace_only
    letting_in_and_shutting_out_change_something_once
    active_owners_are_counted
    the_first_owner_is_the_one_of_longest_standing
    last_seen_is_noted_for_active_members
    a_locked_member_is_as_listed
    t11_who_returns_is_a_new_member_and_the_former_row_stays
    names_and_addresses_are_searched_without_case_accents_or_wildcards
    who_sees_no_addresses_does_not_search_them
    filters_hold_together
    roles_come_from_most_rights_to_fewest_and_last_seen_is_an_order
    each_order_turns_round_and_its_pages_join_up
    whoever_is_renamed_is_found_by_the_new_name
    holders_of_each_role_are_counted
    a_member_is_supposed_to_be_otherwise_active_or_not
}

async fn named(house: &House, name: &'static str, address: &'static str) -> MemberId {
    let workspace = house.owner.workspace;
    house
        .write(move |tx, now| {
            let (name, email) = (domain::title::PersonName::parse(name).unwrap(), email(address));
            let new = store::people::NewPerson {
                name: &name,
                email: &email,
                password: None,
                verified: false,
                operator: false,
            };
            let person = store::people::insert(tx, &new, now)?.unwrap();
            Ok(join(tx, now, workspace, person, Role::Tester)?.member)
        })
        .await
}

async fn page(house: &House, reader: Actor, page: Page<members::After>) -> (Vec<Listed>, bool) {
    page_of(house, reader, Which::default(), page).await
}

async fn page_of(house: &House, reader: Actor, which: Which, page: Page<members::After>) -> (Vec<Listed>, bool) {
    let slice = house.read_as(reader, move |db, may| members::list(db, may, &which, &page)).await;
    (slice.rows, slice.more)
}

/// Their names, and that as many are counted.
async fn asked(house: &House, reader: Actor, which: Which) -> Vec<String> {
    let counted = which.clone();
    let rows = page_of(house, reader, which, Page::first(50)).await.0;
    let count = house.read_as(reader, move |db, may| members::count_of(db, may, &counted)).await;
    assert_eq!(count, i64::try_from(rows.len()).unwrap());
    rows.into_iter().map(|row| row.name).collect()
}

async fn names(house: &House, reader: Actor) -> Vec<String> {
    page(house, reader, Page::first(50)).await.0.into_iter().map(|row| row.name).collect()
}

async fn find(house: &House, reader: Actor, id: MemberId) -> Option<Listed> {
    house.read_as(reader, move |db, may| members::find(db, may, id)).await
}

async fn count(house: &House, reader: Actor) -> i64 {
    house.read_as(reader, members::count).await
}

async fn set_active(house: &House, by: Actor, whom: Actor, active: bool) -> bool {
    house
        .write(move |tx, _| {
            let still: Still<ManageMembers> = by.still(tx)?;
            Ok(members::set_active(tx, &still, whom.member, active)?)
        })
        .await
}

async fn members_are_listed_by_name_whatever_its_case_and_accents(house: House) {
    for (name, address) in [("zoe", "z@x.example"), ("Émile", "e@x.example"), ("ada", "a@x.example")] {
        named(&house, name, address).await;
    }
    assert_eq!(names(&house, house.owner).await, ["ada", "Émile", "Olga", "zoe"]);
    let (rows, _) = page(&house, house.owner, Page::first(1)).await;
    let ada = &rows[0];
    assert_eq!((ada.address.as_deref().unwrap(), ada.verified, ada.role), ("a@x.example", false, Role::Tester));
    assert!(ada.is_active());
}

async fn pages_do_not_lose_namesakes(house: House) {
    for address in ["1@x.example", "2@x.example", "3@x.example", "4@x.example"] {
        named(&house, "Ann Lee", address).await;
    }
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let (rows, more) = page(&house, house.owner, Page { limit: 2, after: after.take() }).await;
        after = rows.last().map(|row| (row.key.clone(), row.id));
        seen.extend(rows.into_iter().filter_map(|row| row.address));
        if !more {
            break;
        }
    }
    seen.sort_unstable();
    assert_eq!(seen, ["1@x.example", "2@x.example", "3@x.example", "4@x.example", "olga@people.example"]);
}

async fn a_deactivated_member_is_still_listed(house: House) {
    let (owner, ann) = (house.owner, house.member("Ann", Role::Tester).await);
    set_active(&house, owner, ann, false).await;
    let found = find(&house, owner, ann.member).await.unwrap();
    assert_eq!((found.state.as_str(), found.is_active()), ("deactivated", false));
    assert_eq!((names(&house, owner).await.len(), count(&house, owner).await), (2, 2));
}

async fn a_member_of_another_workspace_is_unknown(house: House) {
    let (here, there) = (house.owner, house.another().await);
    assert!(find(&house, here, there.member).await.is_none());
    assert_eq!((names(&house, here).await, count(&house, here).await), (vec!["Olga".to_owned()], 1));
}

async fn a_guest_without_projects_sees_himself_alone(house: House) {
    house.project("WEB", false).await;
    house.member("Bob", Role::Tester).await;
    let guest = house.member("Gus", Role::Guest).await;
    assert_eq!(names(&house, guest).await, ["Gus"]);
}

async fn a_guest_sees_who_holds_a_role_on_one_of_his_projects(house: House) {
    let (web, app) = (house.project("WEB", true).await, house.project("APP", true).await);
    let [guest, fellow, stranger] = [
        house.member("Gus", Role::Guest).await,
        house.member("Fay", Role::Guest).await,
        house.member("Sam", Role::Guest).await,
    ];
    house.grant(guest, &web, Role::Tester).await;
    house.grant(fellow, &web, Role::ReadOnly).await;
    house.grant(stranger, &app, Role::Manager).await;
    let seen = names(&house, guest).await;
    assert!(seen.contains(&"Fay".to_owned()) && !seen.contains(&"Sam".to_owned()), "{seen:?}");
}

async fn a_guest_of_an_open_project_sees_who_reads_it_by_a_workspace_role(house: House) {
    let web = house.project("WEB", false).await;
    let guest = house.member("Gus", Role::Guest).await;
    house.member("Bob", Role::ReadOnly).await;
    house.member("Sam", Role::Guest).await;
    house.grant(guest, &web, Role::Tester).await;
    assert_eq!(names(&house, guest).await, ["Bob", "Gus", "Olga"]);
}

async fn a_guest_of_a_private_project_sees_who_reaches_into_it(house: House) {
    let web = house.project("WEB", true).await;
    let guest = house.member("Gus", Role::Guest).await;
    let manager = house.member("Max", Role::Manager).await;
    house.member("Adi", Role::Admin).await;
    house.grant(guest, &web, Role::Tester).await;
    assert_eq!(names(&house, guest).await, ["Adi", "Gus", "Olga"]);
    house.grant(manager, &web, Role::Tester).await;
    assert_eq!(names(&house, guest).await, ["Adi", "Gus", "Max", "Olga"]);
}

async fn a_guest_with_an_empty_role_on_a_project_sees_nobody_there(house: House) {
    let web = house.project("WEB", false).await;
    let guest = house.member("Gus", Role::Guest).await;
    house.grant(guest, &web, Role::Guest).await;
    assert_eq!(names(&house, guest).await, ["Gus"]);
}

async fn what_a_guest_may_not_see_is_neither_found_nor_counted(house: House) {
    let web = house.project("WEB", true).await;
    let (guest, bob) = (house.member("Gus", Role::Guest).await, house.member("Bob", Role::Tester).await);
    house.grant(guest, &web, Role::Tester).await;
    assert!(find(&house, guest, bob.member).await.is_none());
    assert!(find(&house, guest, house.owner.member).await.is_some());
    assert_eq!((count(&house, guest).await, count(&house, bob).await), (2, 3));
}

async fn a_person_joins_once(house: House) {
    let (owner, ann) = (house.owner, house.member("Ann", Role::Tester).await);
    let again = || {
        let (workspace, person) = (owner.workspace, ann.who.person);
        house.write(move |tx, now| Ok(members::insert(tx, workspace, person, Role::Admin, None, now)?))
    };
    assert_eq!(again().await, None);
    set_active(&house, owner, ann, false).await;
    assert_eq!(again().await, None, "a deactivated member is a member");
}

async fn a_membership_comes_from_one_invitation(house: House) {
    let (owner, id) = (house.owner, house.invite(house.owner, "ann@x.example").await);
    let join = |name: &'static str| {
        house.try_write(move |tx, now| {
            let person = person(tx, now, name)?;
            Ok(members::insert(tx, owner.workspace, person, Role::Tester, Some(id), now)?)
        })
    };
    assert!(join("Ann").await.unwrap().is_some());
    let broken = join("Bob").await.unwrap_err();
    assert!(matches!(broken, store::Lost::Db(db::Error::Constraint { rule: db::Rule::Unique, .. })), "{broken}");
}

async fn addresses_lead_to_current_members(house: House) {
    let (owner, ann) = (house.owner, house.member("Ann", Role::Tester).await);
    let bob = house.member("Bob", Role::Tester).await;
    house.another().await;
    set_active(&house, owner, bob, false).await;
    let found = house
        .write(move |tx, _| {
            let asked = ["ANN@people.example", "bob@people.example", "otto@people.example", "new@x.example"].map(email);
            let may = owner.may::<Membership>(tx)?;
            Ok(members::behind(tx, &may, &asked.iter().collect::<Vec<_>>())?)
        })
        .await;
    let mut found: Vec<_> = found.into_iter().map(|row| (row.normalised, row.id, row.state)).collect();
    found.sort_unstable();
    let [ann, bob] = [("ann", ann, "active"), ("bob", bob, "deactivated")]
        .map(|(name, actor, state)| (format!("{name}@people.example"), actor.member, state.to_owned()));
    assert_eq!(found, [ann, bob]);
}

async fn a_role_is_given_in_the_proofs_workspace_only(house: House) {
    let (ann, there) = (house.member("Ann", Role::Tester).await, house.another().await);
    for (by, expected) in [(there, Role::Tester), (house.owner, Role::Manager)] {
        house
            .write(move |tx, _| {
                let still = by.still(tx)?;
                Ok(members::set_role(tx, &still, ann.member, Role::Manager)?)
            })
            .await;
        assert_eq!(find(&house, house.owner, ann.member).await.unwrap().role, expected);
    }
}

async fn letting_in_and_shutting_out_change_something_once(house: House) {
    let (owner, ann, there) = (house.owner, house.member("Ann", Role::Tester).await, house.another().await);
    assert!(!set_active(&house, there, ann, false).await);
    for active in [false, true] {
        assert!(set_active(&house, owner, ann, active).await);
        assert!(!set_active(&house, owner, ann, active).await);
    }
}

async fn active_owners_are_counted(house: House) {
    let (owner, second) = (house.owner, house.member("Ann", Role::Owner).await);
    house.another().await;
    let owners = || {
        house.write(move |tx, _| {
            let still: Still<ManageMembers> = owner.still(tx)?;
            Ok(members::owners(tx, &still)?)
        })
    };
    assert_eq!(owners().await, 2);
    set_active(&house, owner, second, false).await;
    assert_eq!(owners().await, 1);
}

async fn the_first_owner_is_the_one_of_longest_standing(house: House) {
    let workspace = house.owner.workspace;
    let first = || house.read(move |db| members::first_owner(db, &System::because("test"), workspace));
    house.pass(days(1));
    let ann = house.member("Ann", Role::Owner).await;
    assert_eq!(first().await, Some(house.owner.who.person));
    set_active(&house, ann, house.owner, false).await;
    assert_eq!(first().await, Some(ann.who.person));
}

async fn last_seen_is_noted_for_active_members(house: House) {
    let (owner, ann) = (house.owner, house.member("Ann", Role::Tester).await);
    let joined = house.now();
    let seen = || house.write(move |tx, now| Ok(members::seen(tx, ann.workspace, ann.who.person, now.at)?));
    house.pass(days(1));
    seen().await;
    assert_eq!(find(&house, owner, ann.member).await.unwrap().seen_at, Some(joined + days(1)));
    assert_eq!(house.read(move |db| members::last_seen(db, ann.member)).await, Some(joined + days(1)));
    set_active(&house, owner, ann, false).await;
    house.pass(days(1));
    seen().await;
    assert_eq!(find(&house, owner, ann.member).await.unwrap().seen_at, Some(joined + days(1)));
}

async fn a_locked_member_is_as_listed(house: House) {
    let (owner, ann, there) = (house.owner, house.member("Ann", Role::Tester).await, house.another().await);
    let lock = |by: Actor| {
        house.write(move |tx, _| {
            let still: Still<ManageMembers> = by.still(tx)?;
            Ok(members::lock(tx, &still, ann.member)?)
        })
    };
    assert_eq!(lock(owner).await.unwrap().name, "Ann");
    assert!(lock(there).await.is_none());
}

async fn t11_who_returns_is_a_new_member_and_the_former_row_stays(house: House) {
    let (owner, there) = (house.owner, house.another().await);
    let (ann, bob) = (house.member("Ann", Role::Tester).await, house.member("Bob", Role::Tester).await);
    for by in [there, owner] {
        house
            .write(move |tx, now| {
                let still: Still<ManageMembers> = by.still(tx)?;
                Ok(members::remove(tx, &still, ann.member, now.at)?)
            })
            .await;
        assert_eq!(find(&house, owner, ann.member).await.is_some(), by.member == there.member);
    }
    house
        .write(move |tx, now| {
            let still: Still<Membership> = bob.still(tx)?;
            Ok(members::leave(tx, &still, now.at)?)
        })
        .await;
    assert_eq!(names(&house, owner).await, ["Olga"]);
    let (workspace, person) = (owner.workspace, ann.who.person);
    let again = house.write(move |tx, now| Ok(members::insert(tx, workspace, person, Role::Guest, None, now)?)).await;
    assert_ne!(again.unwrap(), ann.member);
    let former = "SELECT state FROM member WHERE left_at IS NOT NULL ORDER BY state";
    let rows = house.read(move |db| db.all::<db::Row>(db::sql!(former))).await;
    let states: Vec<String> = rows.into_iter().map(|mut row| row.get("state").unwrap()).collect();
    assert_eq!(states, ["left", "removed"]);
}

fn words(text: &str) -> Which {
    Which { words: Some(domain::title::folded(text)), ..Which::default() }
}

async fn names_and_addresses_are_searched_without_case_accents_or_wildcards(house: House) {
    for (name, address) in
        [("Émile Zola", "e.z@x.example"), ("100% Ann", "ann_1@x.example"), ("Bob", "ann21@y.example")]
    {
        named(&house, name, address).await;
    }
    let found = async |text: &str| asked(&house, house.owner, words(text)).await;
    assert_eq!(found("emile").await, ["Émile Zola"]);
    assert_eq!(found("LE Z").await, ["Émile Zola"]);
    assert_eq!(found("X.EXAMPLE").await, ["100% Ann", "Émile Zola"]);
    assert_eq!(found("0%").await, ["100% Ann"]);
    assert_eq!(found("ann_1").await, ["100% Ann"], "an underscore is itself");
    assert_eq!(found("\\").await, Vec::<String>::new());
}

async fn who_sees_no_addresses_does_not_search_them(house: House) {
    let tester = house.member("Tim", Role::Tester).await;
    assert_eq!(asked(&house, tester, words("people.example")).await, Vec::<String>::new());
    assert_eq!(asked(&house, tester, words("olg")).await, ["Olga"]);
}

async fn filters_hold_together(house: House) {
    let (owner, web) = (house.owner, house.project("WEB", false).await);
    let (ann, bob) = (house.member("Ann", Role::Tester).await, house.member("Bob", Role::Tester).await);
    let tim = house.member("Tim", Role::Manager).await;
    for on_web in [ann, tim] {
        house.grant(on_web, &web, Role::Manager).await;
    }
    set_active(&house, owner, bob, false).await;
    house.pass(days(1));
    house.write(move |tx, now| Ok(members::seen(tx, ann.workspace, ann.who.person, now.at)?)).await;
    let found = async |which: Which| asked(&house, owner, which).await;
    let testers = Which { role: Some(Role::Tester), ..Which::default() };
    assert_eq!(found(testers.clone()).await, ["Ann", "Bob"]);
    assert_eq!(found(Which { active: Some(false), ..testers.clone() }).await, ["Bob"]);
    assert_eq!(found(Which { active: Some(true), ..testers.clone() }).await, ["Ann"]);
    assert_eq!(found(Which { project: Some(web.id), ..Which::default() }).await, ["Ann", "Tim"]);
    assert_eq!(found(Which { project: Some(web.id), ..testers }).await, ["Ann"]);
    assert_eq!(found(Which { unseen: true, ..Which::default() }).await, ["Bob", "Olga", "Tim"]);
}

async fn roles_come_from_most_rights_to_fewest_and_last_seen_is_an_order(house: House) {
    for (name, role) in [
        ("Gus", Role::Guest),
        ("Rob", Role::ReadOnly),
        ("Tim", Role::Tester),
        ("Max", Role::Manager),
        ("Ada", Role::Admin),
    ] {
        house.pass(days(1));
        house.member(name, role).await;
    }
    let by = async |by| {
        let order = Order { by, reversed: false };
        asked(&house, house.owner, Which { order, ..Which::default() }).await
    };
    assert_eq!(by(By::Role).await, ["Olga", "Ada", "Max", "Tim", "Rob", "Gus"]);
    assert_eq!(by(By::Seen).await, ["Olga", "Gus", "Rob", "Tim", "Max", "Ada"]);
}

async fn each_order_turns_round_and_its_pages_join_up(house: House) {
    for (name, address) in
        [("Ann", "1@x.example"), ("Ann", "2@x.example"), ("Bob", "3@x.example"), ("Bob", "4@x.example")]
    {
        named(&house, name, address).await;
    }
    for by in [By::Name, By::Role, By::Seen] {
        let forth = every_page(&house, Order { by, reversed: false }).await;
        let mut back = every_page(&house, Order { by, reversed: true }).await;
        back.reverse();
        assert_eq!((forth.len(), forth), (5, back), "{by:?}");
    }
}

async fn every_page(house: &House, order: Order) -> Vec<MemberId> {
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let which = Which { order, ..Which::default() };
        let (rows, more) = page_of(house, house.owner, which, Page { limit: 2, after: after.take() }).await;
        after = rows.last().map(|row| (row.key.clone(), row.id));
        seen.extend(rows.into_iter().map(|row| row.id));
        if !more {
            return seen;
        }
    }
}

async fn whoever_is_renamed_is_found_by_the_new_name(house: House) {
    let person = house.member("Ann", Role::Tester).await.who.person;
    house
        .write(move |tx, _| {
            let name = domain::title::PersonName::parse("Zoë").unwrap();
            Ok(store::people::rename(tx, person, &name)?)
        })
        .await;
    assert_eq!(asked(&house, house.owner, words("zoe")).await, ["Zoë"]);
    let text = "UPDATE person_address SET normalised = 'z@new.example' WHERE person = ?";
    house
        .write(move |tx, _| {
            tx.run(db::sql!(text, uuid::Uuid::from(person)))?;
            Ok(members::refold(tx, person)?)
        })
        .await;
    assert_eq!(asked(&house, house.owner, words("z@new")).await, ["Zoë"]);
}

async fn holders_of_each_role_are_counted(house: House) {
    house.member("Ann", Role::Tester).await;
    house.member("Bob", Role::Tester).await;
    house.another().await;
    let counts = house.read_as(house.owner, members::count_by_role).await;
    let mut counts: Vec<_> = counts.into_iter().map(|count| (count.role, count.n)).collect();
    counts.sort_unstable();
    assert_eq!(counts, [(Role::Owner, 1), (Role::Tester, 2)]);
}

async fn a_member_is_supposed_to_be_otherwise_active_or_not(house: House) {
    let (owner, ann, there) = (house.owner, house.member("Ann", Role::Manager).await, house.another().await);
    set_active(&house, owner, ann, false).await;
    let supposed = |by: Actor| house.read_as(by, move |db, may| store::access::supposed(db, may, ann.member));
    let is = supposed(owner).await.unwrap();
    assert_eq!(is.rights(), Role::Manager.rights());
    assert_eq!(is.with(Role::Guest, Vec::new()).rights(), Role::Guest.rights());
    assert!(supposed(there).await.is_none());
}
