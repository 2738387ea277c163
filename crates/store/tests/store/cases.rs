//! Cases, their numbers, versions and reviews.

use std::collections::BTreeSet;

use domain::{
    access::{Read, ReviewCases, Role, Still, WriteCases},
    case::{
        Estimate, Fields, Markdown, Set,
        review::Review,
        version::{SPAN, Snapshot},
    },
    id::{CaseId, FolderId},
    now::Now,
    title::{CaseTitle, VersionName},
};
use store::{
    Again,
    cases::{self, Case, Reference},
    paging::Page,
    projects::Project,
};

use crate::{
    bed::on_both_engines,
    house::{Actor, House, START},
};

on_both_engines! { House:
    a_case_is_read_as_it_was_written
    numbers_have_no_gaps_and_no_doubles_whoever_races
    many_cases_are_made_at_the_end_of_their_folders_or_none
    a_case_lies_in_a_live_folder_of_its_project
    what_is_saved_is_read_again
    a_case_of_another_workspace_or_project_is_unknown
    versions_are_begun_rewritten_ended_and_named
    what_waits_for_somebody_is_told_to_him_alone
    who_can_answer_for_a_case_is_an_active_member
    who_may_review_is_found_by_role_and_by_grant
    a_version_keeps_the_labels_of_its_case
    a_change_of_a_case_is_told_to_who_reads_its_project
}

fn fields(title: &str) -> Fields {
    let mut fields = Fields::titled(CaseTitle::parse(title).unwrap(), |kind| kind as i64 + 1);
    fields.put(Set::Description(Markdown::parse("Why it *matters*").unwrap()));
    fields.put(Set::Estimate(Some(Estimate::of_seconds(90).unwrap())));
    fields
}

fn still(tx: &mut db::Tx, of: Actor, project: &Project) -> Result<Still<WriteCases>, store::Lost> {
    let may = of.may_in(tx, project)?;
    tx.still(&may, START)
}

fn insert(tx: &mut db::Tx, of: Actor, project: &Project, title: &str, now: &Now) -> Result<CaseId, store::Lost> {
    let still = still(tx, of, project)?;
    let top = cases::top(tx, &still)?;
    let fields = fields(title);
    let id = cases::insert(tx, &still, top, &fields, now)?.expect("the top is always there");
    cases::begin_version(tx, &still, id, 1, &Snapshot::of(fields), None, now.at)?;
    Ok(id)
}

async fn written(house: &House, of: Actor, project: &Project, title: &'static str) -> CaseId {
    let project = project.clone();
    house.write(move |tx, now| insert(tx, of, &project, title, now)).await
}

async fn read(house: &House, of: Actor, project: &Project, which: Reference) -> Option<Case> {
    let project = project.clone();
    house
        .read(move |db| {
            let may = of.may_in::<Read>(db, &project).expect("he reads the project");
            cases::find(db, &may, which)
        })
        .await
}

async fn a_case_is_read_as_it_was_written(house: House) {
    let web = house.project("WEB", false).await;
    let id = written(&house, house.owner, &web, "Redeem").await;
    let case = read(&house, house.owner, &web, Reference::Id(id)).await.unwrap();
    assert_eq!((case.number, case.revision, case.version, case.project), (1, 1, 1, web.id));
    assert_eq!(case.fields, fields("Redeem"));
    assert_eq!((case.created_by, case.changed_at, case.trashed_at), (house.owner.who.person, START, None));
    let same = read(&house, house.owner, &web, "1".parse().unwrap()).await.unwrap();
    assert_eq!(same.id, id);
    assert_eq!(id.to_string().parse(), Ok(Reference::Id(id)));
    assert!("x".parse::<Reference>().is_err());
    assert!(read(&house, house.owner, &web, Reference::Number(2)).await.is_none());
}

async fn many_cases_are_made_at_the_end_of_their_folders_or_none(house: House) {
    let web = house.project("WEB", false).await;
    written(&house, house.owner, &web, "First").await;
    let (owner, there) = (house.owner, web.clone());
    let made = house.write(move |tx, now| {
        let still = still(tx, owner, &there)?;
        let top = cases::top(tx, &still)?;
        let many: Vec<_> = (0..150).map(|n| (top, fields(&format!("Case {n}")))).collect();
        let ids = cases::insert_all(tx, &still, &many, now)?.expect("the top is always there");
        let firsts: Vec<_> = ids.iter().zip(&many).map(|(id, case)| (*id, Snapshot::of(case.1.clone()))).collect();
        cases::begin_versions(tx, &still, &firsts, now.at)?;
        let count = store::folders::tree(tx, &still)?.find(top).map(|folder| folder.row.cases);
        Ok((ids, count))
    });
    let (ids, count) = made.await;
    assert_eq!((ids.len(), count), (150, Some(151)));
    for (id, number) in ids.iter().zip(2..).step_by(49) {
        let case = read(&house, owner, &web, Reference::Id(*id)).await.unwrap();
        assert_eq!((case.number, case.fields), (number, fields(&format!("Case {}", number - 2))));
        let there = web.clone();
        let kept = house.read(move |db| {
            let may = owner.may_in::<Read>(db, &there).unwrap();
            cases::version(db, &may, case.id, 1)
        });
        assert_eq!(kept.await.unwrap().snapshot.fields, fields(&format!("Case {}", number - 2)));
    }
    let nowhere = FolderId::from(uuid::Uuid::nil());
    let none = house.try_write(move |tx, now| {
        let still = still(tx, owner, &web)?;
        let top = cases::top(tx, &still)?;
        Ok(cases::insert_all(tx, &still, &[(top, fields("Here")), (nowhere, fields("Nowhere"))], now)?)
    });
    assert_eq!(none.await.unwrap(), None);
}

async fn numbers_have_no_gaps_and_no_doubles_whoever_races(house: House) {
    const RACERS: i64 = 12;
    let web = house.project("WEB", false).await;
    let owner = house.owner;
    let insert_one = |fails: bool| {
        let web = web.clone();
        house.try_write(move |tx, now| {
            insert(tx, owner, &web, "Raced", now)?;
            // Some change their minds: their numbers are to be given again.
            if fails { Err(store::Lost::SignedOut) } else { Ok(()) }
        })
    };
    let racers = futures(RACERS, |n| insert_one(n % 4 == 3)).await;
    let good = racers.iter().filter(|done| done.is_ok()).count();
    assert_eq!(good, 9);
    let mut numbers = BTreeSet::new();
    for number in 1..=RACERS {
        let case = read(&house, owner, &web, Reference::Number(number)).await;
        numbers.extend(case.map(|case| case.number));
    }
    assert_eq!(numbers, (1..=9).collect());
    let taken = web.clone();
    let first = house.write(move |tx, _| {
        let still = still(tx, owner, &taken)?;
        Ok(cases::take_numbers(tx, &still, 5)?)
    });
    assert_eq!(first.await, 10);
}

async fn futures<T, F: Future<Output = T>>(count: i64, make: impl Fn(i64) -> F) -> Vec<T> {
    let mut running: Vec<_> = (0..count).map(|n| (Box::pin(make(n)), None)).collect();
    std::future::poll_fn(move |context| {
        for (future, done) in &mut running {
            if done.is_none()
                && let std::task::Poll::Ready(answer) = future.as_mut().poll(context)
            {
                *done = Some(answer);
            }
        }
        if running.iter().all(|(_, done)| done.is_some()) {
            std::task::Poll::Ready(running.iter_mut().filter_map(|(_, done)| done.take()).collect())
        } else {
            std::task::Poll::Pending
        }
    })
    .await
}

async fn a_case_lies_in_a_live_folder_of_its_project(house: House) {
    let (web, app) = (house.project("WEB", false).await, house.project("APP", false).await);
    let owner = house.owner;
    let nowhere = house.write(move |tx, now| {
        let (here, there) = (still(tx, owner, &web)?, still(tx, owner, &app)?);
        let foreign = cases::top(tx, &there)?;
        let unknown: FolderId = now.id();
        let mut made = Vec::new();
        for folder in [foreign, unknown] {
            made.push(cases::insert(tx, &here, folder, &fields("Lost"), now)?);
        }
        Ok(made)
    });
    assert_eq!(nowhere.await, [None, None]);
}

async fn what_is_saved_is_read_again(house: House) {
    let web = house.project("WEB", false).await;
    let id = written(&house, house.owner, &web, "Redeem").await;
    let (owner, project) = (house.owner, web.clone());
    let saved = house.write(move |tx, _| {
        let still = still(tx, owner, &project)?;
        let mut case = cases::lock(tx, &still, Reference::Id(id))?.unwrap();
        case.fields = fields("Redeem twice");
        case.fields.put(Set::Text(Markdown::parse("all of it").unwrap()));
        case.fields.put(Set::Owner(Some(owner.who.person)));
        case.revision = 2;
        case.touched.note("title", 2);
        cases::save(tx, &still, &case, true)?;
        Ok(case)
    });
    let (saved, case) = (saved.await, read(&house, house.owner, &web, Reference::Id(id)).await.unwrap());
    assert_eq!((&case.fields, case.revision, &case.touched), (&saved.fields, 2, &saved.touched));
    assert_eq!(case.touched.of("title"), 2);
}

async fn a_case_of_another_workspace_or_project_is_unknown(house: House) {
    let (web, app) = (house.project("WEB", false).await, house.project("APP", false).await);
    let other = house.another().await;
    let theirs = house.project_of(other, "WEB", false).await;
    let id = written(&house, house.owner, &web, "Ours").await;
    assert!(read(&house, house.owner, &app, Reference::Id(id)).await.is_none());
    assert!(read(&house, other, &theirs, Reference::Id(id)).await.is_none());
    assert!(read(&house, other, &theirs, Reference::Number(1)).await.is_none());
    let versions = house.read(move |db| {
        let may = other.may_in::<Read>(db, &theirs).unwrap();
        let all = cases::versions(db, &may, id, &Page::first(10))?;
        Ok((all.rows.len(), cases::version(db, &may, id, 1)?.is_some()))
    });
    assert_eq!(versions.await, (0, false));
}

async fn versions_are_begun_rewritten_ended_and_named(house: House) {
    let web = house.project("WEB", false).await;
    let id = written(&house, house.owner, &web, "Redeem").await;
    house.pass(SPAN / 2);
    let (owner, project) = (house.owner, web.clone());
    house
        .write(move |tx, now| {
            let still = still(tx, owner, &project)?;
            let first = cases::newest_version(tx, id, 1)?;
            assert!(first.takes(owner.who.person, now.at) && first.begun_at == START);
            cases::rewrite_version(tx, id, 1, &Snapshot::of(fields("Redeem it")), now.at)?;
            cases::end_version(tx, id, 1, now.at)?;
            // What has ended is written by nobody.
            cases::rewrite_version(tx, id, 1, &Snapshot::of(fields("Too late")), now.at)?;
            assert!(cases::newest_version(tx, id, 1)?.ended);
            cases::begin_version(tx, &still, id, 2, &Snapshot::of(fields("Redeem")), Some(1), now.at)?;
            let name = VersionName::parse("As in 4.18").unwrap();
            assert!(cases::name_version(tx, id, 2, Some(&name), now.at)?);
            assert!(cases::newest_version(tx, id, 2)?.ended);
            assert!(!cases::name_version(tx, id, 3, Some(&name), now.at)?);
            Ok(())
        })
        .await;
    let owner = house.owner;
    let (page, rest, first) = house
        .read(move |db| {
            let may = owner.may_in::<Read>(db, &web).unwrap();
            let page = cases::versions(db, &may, id, &Page::first(1))?;
            let rest = cases::versions(db, &may, id, &Page { limit: 1, after: Some(2) })?;
            Ok((page, rest, cases::version(db, &may, id, 1)?.unwrap()))
        })
        .await;
    assert!(page.more && !rest.more);
    let newest = &page.rows[0];
    assert_eq!((newest.version, newest.restored, newest.author_name.as_str()), (2, Some(1), "Olga"));
    assert_eq!((newest.name.as_deref(), rest.rows[0].name.as_deref()), (Some("As in 4.18"), None));
    assert_eq!((first.snapshot, first.author), (Snapshot::of(fields("Redeem it")), owner.who.person));
}

async fn what_waits_for_somebody_is_told_to_him_alone(house: House) {
    let (ann, ben) = (house.member("Ann", Role::Manager).await, house.member("Ben", Role::Guest).await);
    let (web, hidden) = (house.project("WEB", false).await, house.project("HID", true).await);
    let (open, closed) =
        (written(&house, house.owner, &web, "Seen").await, written(&house, house.owner, &hidden, "Hidden").await);
    let (owner, projects) = (house.owner, [(web, open), (hidden, closed)]);
    for (project, id) in projects.clone() {
        house
            .write(move |tx, now| {
                let still = still(tx, owner, &project)?;
                let mut case = cases::lock(tx, &still, Reference::Id(id))?.unwrap();
                case.fields.put(Set::Owner(Some(owner.who.person)));
                case.fields.put(Set::Reviewer(Some(ann.who.person)));
                cases::save(tx, &still, &case, false)?;
                Ok(cases::judge(tx, &still, id, Review::InReview, None, now.at)?)
            })
            .await;
    }
    let waits = async |of: Actor| {
        house
            .read(move |db| {
                let member = store::access::member(db, &of.who, of.workspace)?.unwrap();
                let titles = |rows: Vec<cases::Waiting>| rows.into_iter().map(|row| row.title).collect::<Vec<_>>();
                Ok((titles(cases::to_review(db, &member, 10)?), titles(cases::sent_back(db, &member, 10)?)))
            })
            .await
    };
    assert_eq!(waits(ann).await, (vec!["Seen".to_owned()], vec![]));
    assert_eq!((waits(ben).await, waits(owner).await), ((vec![], vec![]), (vec![], vec![])));
    let [(project, id), _] = projects;
    house
        .write(move |tx, now| {
            let may = ann.may_in::<ReviewCases>(tx, &project)?;
            let still = tx.still(&may, START)?;
            Ok(cases::judge(tx, &still, id, Review::Rework, Some("What is shown?"), now.at)?)
        })
        .await;
    assert_eq!((waits(ann).await, waits(owner).await), ((vec![], vec![]), (vec![], vec!["Seen".to_owned()])));
}

async fn who_can_answer_for_a_case_is_an_active_member(house: House) {
    let (ann, stranger) = (house.member("Ann", Role::Tester).await, house.another().await);
    let web = house.project("WEB", false).await;
    let owner = house.owner;
    let found = house.read(move |db| {
        let may = owner.may_in::<Read>(db, &web).unwrap();
        let here = [ann.who.person, stranger.who.person].map(|who| cases::is_here(db, &may, who));
        let names = |rows: Vec<cases::Candidate>| rows.into_iter().map(|row| row.name).collect::<Vec<_>>();
        let few = names(cases::candidates(db, &may, &[owner.who.person], 1)?);
        let named = names(cases::named(db, &may, &[stranger.who.person, ann.who.person])?);
        Ok((here.map(Result::unwrap), few, named))
    });
    let expected = ([true, false], vec!["Ann".to_owned(), "Olga".to_owned()], vec!["Ann".to_owned()]);
    assert_eq!(found.await, expected);
}

async fn a_version_keeps_the_labels_of_its_case(house: House) {
    let web = house.project("WEB", false).await;
    let id = written(&house, house.owner, &web, "Redeem").await;
    let project = web.clone();
    house
        .write(move |tx, now| {
            for (name, key) in [("Smoke", "smoke"), ("money", "money")] {
                let label = uuid::Uuid::from(now.id::<domain::id::LabelId>());
                let text = "INSERT INTO label (id, project, name, name_key, colour) VALUES (?, ?, ?, ?, 0)";
                let params = vec![label.into(), uuid::Uuid::from(project.id).into(), name.into(), key.into()];
                tx.run(db::Statement::new(text, params))?;
                let text = "INSERT INTO case_label (case_id, label) VALUES (?, ?)";
                tx.run(db::Statement::new(text, vec![uuid::Uuid::from(id).into(), label.into()]))?;
            }
            Ok(())
        })
        .await;
    let case = read(&house, house.owner, &web, Reference::Id(id)).await.unwrap();
    let kept = house.read(move |db| cases::snapshot(db, &case)).await;
    let mut wanted = fields("Redeem");
    wanted.labels = vec!["money".to_owned(), "Smoke".to_owned()];
    assert_eq!(kept.fields, wanted);
}

async fn a_change_of_a_case_is_told_to_who_reads_its_project(house: House) {
    let (tester, hidden) = (house.member("Ann", Role::Tester).await, house.project("HID", true).await);
    let id = written(&house, house.owner, &hidden, "Hidden").await;
    for (reader, told) in [(house.owner, Some(hidden.id)), (tester, None)] {
        let project = house
            .read(move |db| {
                let visible = reader.visible(db)?;
                cases::project_of(db, &visible, id)
            })
            .await;
        assert_eq!(project, told);
    }
}

async fn who_may_review_is_found_by_role_and_by_grant(house: House) {
    let (guest, manager) = (house.member("Gil", Role::Guest).await, house.member("Max", Role::Manager).await);
    house.member("Tess", Role::Tester).await;
    let (web, hidden) = (house.project("WEB", false).await, house.project("HID", true).await);
    house.grant(guest, &hidden, Role::Manager).await;
    let owner = house.owner;
    for (project, names) in [(web, vec!["Max", "Olga"]), (hidden.clone(), vec!["Gil", "Olga"])] {
        let found = house.read(move |db| {
            let may = owner.may_in::<Read>(db, &project).unwrap();
            cases::reviewers(db, &may, project.private, 10)
        });
        assert_eq!(found.await.into_iter().map(|one| one.name).collect::<Vec<_>>(), names);
    }
    house.grant(manager, &hidden, Role::Tester).await;
    let first = house.read(move |db| {
        let may = owner.may_in::<Read>(db, &hidden).unwrap();
        cases::reviewers(db, &may, true, 1)
    });
    assert_eq!(first.await.len(), 1);
}
