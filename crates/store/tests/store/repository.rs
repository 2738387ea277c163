//! Where cases lie, the list of them, and what was done to many at once.

use domain::{
    access::{Read, Still, WriteCases},
    case::{Fields, version::Snapshot},
    change_set::{Outcome, Phase},
    id::{CaseId, FolderId},
    property::Kind,
    rank::Rank,
    title::CaseTitle,
};
use store::{
    case_list::{self, Filter, Listed, Sort, Wanted},
    cases,
    change_sets::{self, Before, ChangeSet, Turn},
    moves::{self, Spot},
    paging::Page,
    projects::Project,
    saved_views,
};

use crate::{
    bed::on_both_engines,
    folders::{made, rank, still, tree},
    house::House,
};

on_both_engines! { House:
    the_list_goes_folder_by_folder_in_pages_without_gaps
    every_order_goes_on_where_a_page_ended
    filters_hold_together_and_are_counted
    cases_are_moved_and_counted_where_they_lie
    a_gap_is_found_before_a_case_and_at_the_end
    what_was_done_to_many_is_known_until_it_is_taken_back
    cases_wait_for_their_turn_and_what_became_of_them_is_told
    a_view_is_its_owners_or_everybodys_and_one_of_a_name_is_kept
}

/// A case titled by its number, in a folder or at the top.
pub async fn case_in(house: &House, project: &Project, folder: Option<FolderId>) -> CaseId {
    let (project, owner) = (project.clone(), house.owner);
    house
        .write(move |tx, now| {
            let still: Still<WriteCases> = still(tx, owner, &project)?;
            let folder = folder.map_or_else(|| cases::top(tx, &still), Ok)?;
            let mut fields = Fields::titled(CaseTitle::parse("Redeem").unwrap(), |_| 1);
            let id = cases::insert(tx, &still, folder, &fields, now)?.unwrap();
            let case = cases::find(tx, &still, cases::Reference::Id(id))?.unwrap();
            fields.title = CaseTitle::parse(&format!("Case {:03}", 100 - case.number)).unwrap();
            fields.priority = 1 + case.number % 4;
            cases::begin_version(tx, &still, id, 1, &Snapshot::of(fields.clone()), None, now.at)?;
            cases::save(tx, &still, &cases::Case { fields, ..case }, true)?;
            Ok(id)
        })
        .await
}

/// Folder and place of a case.
pub async fn place_of(house: &House, project: &Project, id: CaseId) -> (FolderId, Rank) {
    let (project, owner) = (project.clone(), house.owner);
    let held = house.write(move |tx, _| {
        let still: Still<WriteCases> = still(tx, owner, &project)?;
        Ok(moves::held(tx, &still, &[id])?.remove(0))
    });
    let held = held.await;
    (held.folder, held.rank)
}

/// All pages of a list, `limit` rows each.
async fn pages(
    house: &House,
    project: &Project,
    folder: Option<FolderId>,
    (sort, down): (Sort, bool),
    limit: i64,
) -> Vec<Listed> {
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let (project, owner, tree) = (project.clone(), house.owner, tree(house, project).await);
        let slice = house.read(move |db| {
            let may = owner.may_in::<Read>(db, &project).expect("he reads the project");
            let folders = folder.map_or(tree.folders(), |folder| tree.subtree(folder));
            let wanted = Wanted { folders: Some(folders), sort, down, filter: &Filter::default() };
            case_list::list(db, &may, wanted, &Page { limit, after })
        });
        let slice = slice.await;
        assert!(slice.rows.len() <= usize::try_from(limit).unwrap());
        after = slice.rows.last().map(|row| case_list::after(sort, row));
        rows.extend(slice.rows);
        if !slice.more {
            return rows;
        }
    }
}

fn numbers(rows: &[Listed]) -> Vec<i64> {
    rows.iter().map(|row| row.number).collect()
}

/// Checkout (2, 3, 4) with Payment (5), Empty, Search (6, 7), and 1 without a folder.
async fn shop(house: &House) -> (Project, FolderId) {
    let web = house.project("WEB", false).await;
    let search = made(house, &web, None, ("Search", "a2")).await;
    let checkout = made(house, &web, None, ("Checkout", "a0")).await;
    made(house, &web, None, ("Empty", "a1")).await;
    let payment = made(house, &web, Some(checkout), ("Payment", "a0")).await;
    for folder in [None, Some(checkout), Some(checkout), Some(checkout), Some(payment), Some(search), Some(search)] {
        case_in(house, &web, folder).await;
    }
    (web, checkout)
}

async fn the_list_goes_folder_by_folder_in_pages_without_gaps(house: House) {
    let (web, checkout) = shop(&house).await;
    for limit in [1, 2, 3, 4, 50] {
        let rows = pages(&house, &web, None, (Sort::Place, false), limit).await;
        assert_eq!(numbers(&rows), [1, 2, 3, 4, 5, 6, 7], "{limit}");
        let rows = pages(&house, &web, Some(checkout), (Sort::Place, false), limit).await;
        assert_eq!(numbers(&rows), [2, 3, 4, 5], "{limit}");
    }
}

async fn every_order_goes_on_where_a_page_ended(house: House) {
    let (web, checkout) = shop(&house).await;
    assert_eq!(Sort::ALL.map(Sort::slug), ["place", "number", "title", "changed"]);
    for sort in [Sort::Number, Sort::Title, Sort::Changed] {
        for down in [false, true] {
            let whole = pages(&house, &web, None, (sort, down), 50).await;
            let cut = pages(&house, &web, None, (sort, down), 2).await;
            assert_eq!((numbers(&cut), whole.len()), (numbers(&whole), 7), "{sort:?}");
            let below = pages(&house, &web, Some(checkout), (sort, down), 3).await;
            let mut found = numbers(&below);
            found.sort_unstable();
            assert_eq!(found, [2, 3, 4, 5]);
        }
    }
    assert_eq!(numbers(&pages(&house, &web, None, (Sort::Title, false), 3).await), [7, 6, 5, 4, 3, 2, 1]);
    assert_eq!(numbers(&pages(&house, &web, None, (Sort::Number, true), 3).await), [7, 6, 5, 4, 3, 2, 1]);
}

async fn filters_hold_together_and_are_counted(house: House) {
    let ((web, _), owner) = (shop(&house).await, house.owner);
    let priority = |keys: Vec<i64>| Filter { properties: vec![(Kind::Priority, keys)], ..Filter::default() };
    let titled = Filter { words: "case 09".into(), ..priority(vec![2, 3]) };
    let nobody = Filter { owner: Some(None), ..Filter::default() };
    let mine = Filter { owner: Some(Some(owner.who.person)), ..Filter::default() };
    let draft = Filter { review: Some("draft".parse().unwrap()), ..Filter::default() };
    assert!(Filter::default().is_empty() && !nobody.is_empty());
    for (filter, expected) in [
        (priority(vec![2]), vec![1, 5]),
        (titled, vec![1, 2, 5, 6]),
        (nobody, (1..=7).collect()),
        (mine, vec![]),
        (draft, (1..=7).collect()),
    ] {
        let web = web.clone();
        let (found, count) = house
            .read(move |db| {
                let may = owner.may_in::<Read>(db, &web).expect("he reads the project");
                let wanted = Wanted { folders: None, sort: Sort::Place, down: false, filter: &filter };
                let found = case_list::list(db, &may, wanted, &Page::first(50))?.rows;
                Ok((found, case_list::count(db, &may, wanted, 3)?))
            })
            .await;
        assert_eq!(numbers(&found), expected);
        assert_eq!(count, i64::try_from(expected.len().min(4)).unwrap());
    }
}

async fn cases_are_moved_and_counted_where_they_lie(house: House) {
    let (web, owner) = (house.project("WEB", false).await, house.owner);
    let one = made(&house, &web, None, ("One", "a0")).await;
    let two = made(&house, &web, None, ("Two", "a1")).await;
    let case = case_in(&house, &web, Some(one)).await;
    case_in(&house, &web, Some(one)).await;
    let of = web.clone();
    house
        .write(move |tx, _| {
            let still: Still<WriteCases> = still(tx, owner, &of)?;
            let from = moves::held(tx, &still, &[case, case])?;
            assert_eq!(from.len(), 1);
            Ok(moves::place(tx, &still, &from, &[Spot { id: case, folder: two, rank: rank("b00") }])?)
        })
        .await;
    assert_eq!(place_of(&house, &web, case).await, (two, rank("b00")));
    let tree = tree(&house, &web).await;
    assert_eq!((tree.find(one).unwrap().row.cases, tree.find(two).unwrap().row.cases), (1, 1));
}

async fn a_gap_is_found_before_a_case_and_at_the_end(house: House) {
    let (web, owner) = (house.project("WEB", false).await, house.owner);
    let folder = made(&house, &web, None, ("One", "a0")).await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(case_in(&house, &web, Some(folder)).await);
    }
    let [first, second, third] = ids[..] else { panic!("three were made") };
    let found = house.write(move |tx, _| {
        let still: Still<WriteCases> = still(tx, owner, &web)?;
        moves::spread(tx, &still, folder)?;
        let around = |tx: &mut db::Tx, before, moved: &[CaseId]| moves::around(tx, &still, folder, before, moved);
        Ok([
            around(tx, Some(first), &[])?,
            around(tx, Some(third), &[second])?,
            around(tx, None, &[])?,
            around(tx, None, &[third])?,
            around(tx, Some(third), &[third])?,
        ])
    });
    let (a0, a1, a2) = (Some(rank("a0")), Some(rank("a1")), Some(rank("a2")));
    let expected = [Some((None, a0.clone())), Some((a0, a2.clone())), Some((a2, None)), Some((a1, None)), None];
    assert_eq!(found.await, expected);
}

async fn what_was_done_to_many_is_known_until_it_is_taken_back(house: House) {
    let (web, owner) = (house.project("WEB", false).await, house.owner);
    let other = house.member("Max", domain::access::Role::Manager).await;
    let case = case_in(&house, &web, None).await;
    let of = web.clone();
    let id = house.write(move |tx, now| {
        let still: Still<WriteCases> = still(tx, owner, &of)?;
        let before = Before { case_id: case, before: r#"{"rank":"a0"}"#.into() };
        Ok(change_sets::insert(tx, &still, "move", &[before], now)?)
    });
    let id = id.await;
    let found = house.write(move |tx, now| {
        let others: Still<WriteCases> = still(tx, other, &web)?;
        assert!(change_sets::lock(tx, &others, id)?.is_none(), "each takes back his own");
        let still: Still<WriteCases> = still(tx, owner, &web)?;
        let set = change_sets::lock(tx, &still, id)?.unwrap();
        assert_eq!((set.kind.as_str(), set.phase, set.total, set.waiting), ("move", Phase::Done, 1, 0));
        let cases = change_sets::changed(tx, id, 10)?;
        change_sets::note(tx, id, &[Turn { case, outcome: Outcome::Back, before: None }])?;
        assert!(change_sets::changed(tx, id, 10)?.is_empty(), "it had its turn");
        change_sets::stand(tx, &ChangeSet { phase: Phase::Undone, ..set }, now)?;
        let set = change_sets::find(tx, &still, id)?.unwrap();
        assert_eq!((set.phase, set.moved_at), (Phase::Undone, now.at));
        Ok(cases)
    });
    let found: Vec<(CaseId, String)> = found.await.into_iter().map(|one| (one.case_id, one.before)).collect();
    assert_eq!(found, [(case, r#"{"rank":"a0"}"#.to_owned())]);
}

async fn a_view_is_its_owners_or_everybodys_and_one_of_a_name_is_kept(house: House) {
    let (web, owner) = (house.project("WEB", false).await, house.owner);
    let other = house.member("Max", domain::access::Role::Manager).await;
    house
        .write(move |tx, now| {
            let still: Still<WriteCases> = still(tx, owner, &web)?;
            let others: Still<WriteCases> = crate::folders::still(tx, other, &web)?;
            let name = |text: &str| domain::title::ViewName::parse(text).unwrap();
            let own = saved_views::keep(tx, &still, &name("Mine"), "q=pay", now)?;
            assert_eq!(saved_views::keep(tx, &still, &name("MINE"), "q=card", now)?, own, "one of a name");
            saved_views::keep(tx, &others, &name("mine"), "", now)?;
            let all = saved_views::keep_shared(tx, &others, &name("mine"), "priority=4", now)?;
            let seen: Vec<_> =
                saved_views::list(tx, &still)?.into_iter().map(|view| (view.name, view.query, view.shared)).collect();
            let expected = [("MINE", "q=card", false), ("mine", "priority=4", true)];
            assert_eq!(seen, expected.map(|(name, query, shared)| (name.to_owned(), query.to_owned(), shared)));
            assert!(saved_views::delete(tx, &others, own)?.is_none(), "not another's");
            assert!(saved_views::delete(tx, &still, all)?.is_none(), "nor everybody's as one's own");
            assert!(saved_views::delete_shared(tx, &still, own)?.is_none());
            assert!(
                saved_views::delete(tx, &still, own)?.is_some()
                    && saved_views::delete_shared(tx, &still, all)?.is_some()
            );
            assert!(saved_views::list(tx, &still)?.is_empty());
            Ok(())
        })
        .await;
}

async fn cases_wait_for_their_turn_and_what_became_of_them_is_told(house: House) {
    let (web, app, owner) = (house.project("WEB", false).await, house.project("APP", false).await, house.owner);
    let (first, second) = (case_in(&house, &web, None).await, case_in(&house, &web, None).await);
    let (third, elsewhere) = (case_in(&house, &web, None).await, case_in(&house, &app, None).await);
    let told = house.write(move |tx, now| {
        let still: Still<WriteCases> = still(tx, owner, &web)?;
        let id = change_sets::begin(tx, &still, "edit", r#"{"priority":4}"#, now)?;
        assert_eq!(
            change_sets::add(tx, &still, id, &[first, second, first, elsewhere])?,
            2,
            "each once, of this project"
        );
        let filter = Filter { properties: vec![(Kind::Priority, vec![4])], ..Filter::default() };
        let wanted = Wanted { folders: None, sort: Sort::Place, down: false, filter: &filter };
        assert_eq!(change_sets::add_passing(tx, &still, id, wanted)?, 1, "the third is of that priority");
        let waiting = change_sets::waiting(tx, id, 2)?;
        assert_eq!(waiting.len(), 2);
        change_sets::note(tx, id, &[Turn { case: first, outcome: Outcome::Gone, before: None }])?;
        assert!(!change_sets::waiting(tx, id, 10)?.contains(&first));
        assert_eq!((change_sets::refuse(tx, id)?, change_sets::size(tx, id)?), (2, 3));
        assert_eq!(change_sets::counts(tx, id)?.into_iter().collect::<Vec<_>>(), [("gone", 1), ("refused", 2)]);
        let over = change_sets::passed_over(tx, &still, id, 2)?;
        let cases = cases::lock_all(tx, &still, &[third, elsewhere])?;
        assert_eq!(cases.iter().map(|case| case.id).collect::<Vec<_>>(), [third]);
        Ok(over.into_iter().map(|one| (one.number, one.outcome)).collect::<Vec<_>>())
    });
    assert_eq!(told.await, [(1, Outcome::Gone), (2, Outcome::Refused)]);
}
