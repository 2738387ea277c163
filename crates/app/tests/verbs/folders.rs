//! Folders: their names, moves and deletions, and people who do that at once.

use app::{
    Failure,
    cases::{self, NewCase},
    change_sets,
    folders::{self, Change, Place},
    moves, trash,
};
use domain::{
    access::{DeleteCases, May, Read, Role, Wanted, WriteCases},
    change_set::Phase,
    folder::{DEEPEST, Tree},
    id::{CaseId, FolderId},
    title::{CaseTitle, FolderName},
};
use serde_json::Map;
use store::projects::Project;

use crate::{
    bed::on_both_engines,
    world::{Actor, World, at_once, refusal},
};

on_both_engines! { World:
    a_folder_is_made_where_it_was_asked_for
    two_folders_beside_each_other_cannot_have_one_name
    a_folder_moves_with_all_in_it_but_never_into_itself
    folders_lie_twenty_deep_and_no_deeper
    two_who_move_folders_into_each_other_make_no_circle
    many_moves_at_once_leave_one_tree
    moves_that_race_deletions_lose_no_folder
    cases_written_while_their_folder_is_deleted_are_counted_or_refused
    a_folder_put_again_and_again_between_two_finds_room
    what_one_act_deleted_comes_back_and_nothing_else
    where_the_folder_is_gone_restoring_says_so_and_offers_the_top
    a_restored_folder_whose_name_was_taken_gets_a_number
    cases_are_moved_in_the_order_they_are_named_and_laid_back
    many_cases_put_between_two_find_room
    who_may_write_may_not_delete
}

impl World {
    pub async fn proof<R: Wanted>(&self, actor: Actor, project: &Project) -> May<R> {
        let facts = project.facts();
        let may = self.app.read(move |db, _| {
            let member = store::access::member(db, &actor.who, actor.workspace)?.ok_or(Failure::Unknown)?;
            Ok(std::sync::Arc::new(member).may_in(facts)?)
        });
        may.await.expect("the actor has the right")
    }

    async fn tree(&self, project: &Project) -> Tree {
        let may = self.proof::<Read>(self.owner, project).await;
        self.read(move |db, _| Ok(store::folders::tree(db, &may)?)).await
    }

    /// `Checkout > Payment`, each folder with its depth.
    async fn outline(&self, project: &Project) -> Vec<String> {
        let tree = self.tree(project).await;
        let line = |folder: &domain::folder::Folder| format!("{}{}", ">".repeat(folder.depth - 1), folder.row.name);
        tree.folders().iter().skip(1).map(line).collect()
    }

    async fn folder(&self, project: &Project, parent: Option<FolderId>, called: &'static str) -> FolderId {
        self.try_folder(project, called, Place { parent, before: None }).await.unwrap()
    }

    async fn try_folder(&self, project: &Project, called: &str, place: Place) -> Result<FolderId, Failure> {
        let (may, name) = (self.proof::<WriteCases>(self.owner, project).await, name(called));
        self.write(move |tx, now| folders::create(tx, &may, &name, place, now)).await
    }

    async fn move_folder(&self, project: &Project, id: FolderId, parent: Option<FolderId>) -> Result<(), Failure> {
        self.place_folder(project, id, Place { parent, before: None }).await
    }

    async fn place_folder(&self, project: &Project, id: FolderId, place: Place) -> Result<(), Failure> {
        let (may, change) =
            (self.proof::<WriteCases>(self.owner, project).await, Change { name: None, place: Some(place) });
        self.write(move |tx, now| folders::change(tx, &may, id, &change, now)).await
    }

    async fn delete_folder(&self, project: &Project, id: FolderId) -> Result<trash::Done, Failure> {
        let may = self.proof::<DeleteCases>(self.owner, project).await;
        self.write(move |tx, now| trash::delete_folder(tx, &may, id, now)).await
    }

    pub async fn delete_cases(&self, project: &Project, ids: &[CaseId]) -> trash::Done {
        let (may, ids) = (self.proof::<DeleteCases>(self.owner, project).await, ids.to_vec());
        self.write(move |tx, now| trash::delete_cases(tx, &may, &ids, now)).await.unwrap()
    }

    #[expect(clippy::option_option, reason = "as the verb has it: the top, a folder, or where it lay")]
    async fn restore(
        &self,
        project: &Project,
        done: &trash::Done,
        into: Option<Option<FolderId>>,
    ) -> Result<trash::Done, Failure> {
        let (may, act) = (self.proof::<DeleteCases>(self.owner, project).await, done.act);
        self.write(move |tx, now| trash::restore(tx, &may, act, into, now)).await
    }

    pub async fn case_in(&self, project: &Project, folder: Option<FolderId>) -> Result<CaseId, Failure> {
        let may = self.proof::<WriteCases>(self.owner, project).await;
        let new = NewCase { folder, title: CaseTitle::parse("Redeem").unwrap(), sets: vec![], values: Map::new() };
        self.write(move |tx, now| Ok(cases::create(tx, &may, &new, now)?.id)).await
    }

    async fn move_cases(
        &self,
        project: &Project,
        ids: &[CaseId],
        into: Option<FolderId>,
        before: Option<CaseId>,
    ) -> Result<moves::Moved, Failure> {
        let (may, ids) = (self.proof::<WriteCases>(self.owner, project).await, ids.to_vec());
        self.write(move |tx, now| moves::move_cases(tx, &may, &ids, into, before, now)).await
    }

    /// The cases of a folder in their order.
    async fn order(&self, project: &Project, folder: FolderId) -> Vec<CaseId> {
        let (may, tree) = (self.proof::<Read>(self.owner, project).await, self.tree(project).await);
        self.read(move |db, _| {
            let wanted = store::case_list::Wanted {
                folders: Some(&tree.subtree(folder)[..1]),
                sort: store::case_list::Sort::Place,
                down: false,
                filter: &store::case_list::Filter::default(),
            };
            let slice = store::case_list::list(db, &may, wanted, &store::paging::Page::first(200))?;
            Ok(slice.rows.into_iter().map(|row| row.id).collect())
        })
        .await
    }

    /// That every folder counts the live cases in it.
    async fn counts_are_true(&self) {
        let wrong = "SELECT COUNT(*) AS n FROM folder f WHERE f.trashed_at IS NULL AND f.cases <>
            (SELECT COUNT(*) FROM test_case c WHERE c.folder = f.id AND c.trashed_at IS NULL)";
        assert_eq!(self.count(wrong).await, 0);
        let lost = "SELECT COUNT(*) AS n FROM test_case c JOIN folder f ON f.id = c.folder
            WHERE c.trashed_at IS NULL AND f.trashed_at IS NOT NULL";
        assert_eq!(self.count(lost).await, 0);
    }
}

fn name(text: &str) -> FolderName {
    FolderName::parse(text).unwrap()
}

async fn a_folder_is_made_where_it_was_asked_for(world: World) {
    let app = world.project("APP", false).await;
    let late = world.folder(&app, None, "Search").await;
    world.try_folder(&app, "Checkout", Place { parent: None, before: Some(late) }).await.unwrap();
    world.folder(&app, Some(late), "Words").await;
    assert_eq!(world.outline(&app).await, ["Checkout", "Search", ">Words"]);
    let gone = Place { parent: None, before: Some(FolderId::from(uuid::Uuid::nil())) };
    assert_eq!(refusal(world.try_folder(&app, "Late", gone).await), "before unknown");
    let nowhere = Place { parent: Some(FolderId::from(uuid::Uuid::nil())), before: None };
    assert_eq!(refusal(world.try_folder(&app, "Late", nowhere).await), "parent unknown");
    assert_eq!(world.log().await[0].what, "folder.created");
}

async fn two_folders_beside_each_other_cannot_have_one_name(world: World) {
    let app = world.project("APP", false).await;
    let one = world.folder(&app, None, "Checkout").await;
    assert_eq!(refusal(world.try_folder(&app, "CHECKOUT", Place::default()).await), "name taken");
    let inside = world.folder(&app, Some(one), "Checkout").await;
    assert_eq!(refusal(world.move_folder(&app, inside, None).await), "name taken");
    let (may, change) = (world.proof(world.owner, &app).await, Change { name: Some(name("Basket")), place: None });
    world.write(move |tx, now| folders::change(tx, &may, inside, &change, now)).await.unwrap();
    world.move_folder(&app, inside, None).await.unwrap();
    assert_eq!(world.outline(&app).await, ["Checkout", "Basket"]);
}

async fn a_folder_moves_with_all_in_it_but_never_into_itself(world: World) {
    let app = world.project("APP", false).await;
    let checkout = world.folder(&app, None, "Checkout").await;
    let payment = world.folder(&app, Some(checkout), "Payment").await;
    let card = world.folder(&app, Some(payment), "Card").await;
    for into in [checkout, payment, card] {
        assert_eq!(refusal(world.move_folder(&app, checkout, Some(into)).await), "parent in_itself");
    }
    world.move_folder(&app, payment, None).await.unwrap();
    assert_eq!(world.outline(&app).await, ["Checkout", "Payment", ">Card"]);
    world.place_folder(&app, payment, Place { parent: None, before: Some(checkout) }).await.unwrap();
    assert_eq!(world.outline(&app).await, ["Payment", ">Card", "Checkout"]);
    let root = world.tree(&app).await.root().unwrap().row.id;
    assert_eq!(refusal(world.move_folder(&app, root, Some(card)).await), "unknown");
}

async fn folders_lie_twenty_deep_and_no_deeper(world: World) {
    let app = world.project("APP", false).await;
    let mut parent = None;
    for _ in 0..DEEPEST {
        parent = Some(world.folder(&app, parent, "Deeper").await);
    }
    let too_deep = world.try_folder(&app, "Deeper", Place { parent, before: None }).await;
    assert_eq!(refusal(too_deep), "parent too_deep");
}

async fn two_who_move_folders_into_each_other_make_no_circle(world: World) {
    let app = world.project("APP", false).await;
    for _ in 0..5 {
        let (one, two) = (world.folder(&app, None, "One").await, world.folder(&app, None, "Two").await);
        let may: May<WriteCases> = world.proof(world.owner, &app).await;
        let tries = [(one, two), (two, one)].map(|(moved, into)| {
            let (app, may) = (world.app.clone(), may.clone());
            async move {
                let change = Change { name: None, place: Some(Place { parent: Some(into), before: None }) };
                app.write(None, move |tx, now| folders::change(tx, &may, moved, &change, now)).await
            }
        });
        let done = at_once(tries).await;
        assert_eq!(done.iter().filter(|done| done.is_ok()).count(), 1, "{done:?}");
        assert_eq!(world.tree(&app).await.folders().len(), 3);
        let top = world.tree(&app).await.folders()[1].row.id;
        world.delete_folder(&app, top).await.unwrap();
    }
}

async fn many_moves_at_once_leave_one_tree(world: World) {
    let app = world.project("APP", false).await;
    let mut ids = Vec::new();
    for called in ["A", "B", "C", "D", "E", "F"] {
        ids.push(world.folder(&app, None, called).await);
    }
    let may: May<WriteCases> = world.proof(world.owner, &app).await;
    let tries = (0..48_usize).map(|n| {
        let (moved, into) = (ids[n * 7 % 6], ids[(n * 5 + n / 6 + 1) % 6]);
        let (app, may) = (world.app.clone(), may.clone());
        async move {
            let change = Change { name: None, place: Some(Place { parent: Some(into), before: None }) };
            app.write(None, move |tx, now| folders::change(tx, &may, moved, &change, now)).await.is_ok()
        }
    });
    let done = at_once(tries).await;
    assert!(done.iter().any(|done| *done));
    assert_eq!(world.tree(&app).await.folders().len(), 7, "none is lost in a circle");
}

async fn moves_that_race_deletions_lose_no_folder(world: World) {
    let app = world.project("APP", false).await;
    for _ in 0..6 {
        let (one, two) = (world.folder(&app, None, "One").await, world.folder(&app, None, "Two").await);
        let (moves, deletes) =
            (world.proof::<WriteCases>(world.owner, &app).await, world.proof::<DeleteCases>(world.owner, &app).await);
        let (first, second) = (world.app.clone(), world.app.clone());
        let moving = async move {
            let change = Change { name: None, place: Some(Place { parent: Some(two), before: None }) };
            first.write(None, move |tx, now| folders::change(tx, &moves, one, &change, now)).await.is_ok()
        };
        let deleting = async move {
            second.write(None, move |tx, now| Ok(trash::delete_folder(tx, &deletes, two, now)?.folders)).await.unwrap()
        };
        let (moved, deleted) = tokio::join!(moving, deleting);
        let left = world.tree(&app).await;
        // Either it went along, or it was told that the other is gone.
        assert_eq!((left.find(one).is_none(), deleted), (moved, 1 + u64::from(moved)));
        if !moved {
            world.delete_folder(&app, one).await.unwrap();
        }
    }
}

async fn cases_written_while_their_folder_is_deleted_are_counted_or_refused(world: World) {
    let app = world.project("APP", false).await;
    let folder = world.folder(&app, None, "Busy").await;
    let (writes, deletes) =
        (world.proof::<WriteCases>(world.owner, &app).await, world.proof::<DeleteCases>(world.owner, &app).await);
    let tries = (0..12).map(|n| {
        let (app, writes, deletes) = (world.app.clone(), writes.clone(), deletes.clone());
        async move {
            if n == 6 {
                return app.write(None, move |tx, now| trash::delete_folder(tx, &deletes, folder, now).map(drop)).await;
            }
            let new = NewCase {
                folder: Some(folder),
                title: CaseTitle::parse("Raced").unwrap(),
                sets: vec![],
                values: Map::new(),
            };
            app.write(None, move |tx, now| cases::create(tx, &writes, &new, now).map(drop)).await
        }
    });
    at_once(tries).await;
    world.counts_are_true().await;
}

async fn a_folder_put_again_and_again_between_two_finds_room(world: World) {
    let app = world.project("APP", false).await;
    let (a, b) = (world.folder(&app, None, "A").await, world.folder(&app, None, "B").await);
    let last = world.folder(&app, None, "C").await;
    for n in 0..210 {
        let moved = if n % 2 == 0 { a } else { b };
        let before = if n % 2 == 0 { b } else { a };
        world.place_folder(&app, moved, Place { parent: None, before: Some(before) }).await.unwrap();
    }
    assert_eq!(world.outline(&app).await, ["B", "A", "C"]);
    let longest = world.count("SELECT CAST(MAX(LENGTH(rank)) AS bigint) AS n FROM folder").await;
    assert!(longest <= 41, "{longest}");
    assert!(world.tree(&app).await.find(last).is_some());
}

async fn what_one_act_deleted_comes_back_and_nothing_else(world: World) {
    let app = world.project("APP", false).await;
    let checkout = world.folder(&app, None, "Checkout").await;
    let payment = world.folder(&app, Some(checkout), "Payment").await;
    let (one, other) =
        (world.case_in(&app, Some(payment)).await.unwrap(), world.case_in(&app, Some(payment)).await.unwrap());
    let first = world.delete_cases(&app, &[one]).await;
    let second = world.delete_folder(&app, checkout).await.unwrap();
    assert_eq!((second.folders, second.cases, second.name.as_str()), (2, 1, "Checkout"));
    assert!(world.outline(&app).await.is_empty());
    let back = world.restore(&app, &second, None).await.unwrap();
    assert_eq!((back.folders, back.cases), (2, 1));
    assert_eq!(world.outline(&app).await, ["Checkout", ">Payment"]);
    assert_eq!(world.order(&app, payment).await, [other]);
    assert_eq!(refusal(world.restore(&app, &second, None).await), "unknown");
    world.restore(&app, &first, None).await.unwrap();
    assert_eq!(world.order(&app, payment).await, [one, other]);
    world.counts_are_true().await;
}

async fn where_the_folder_is_gone_restoring_says_so_and_offers_the_top(world: World) {
    let app = world.project("APP", false).await;
    let checkout = world.folder(&app, None, "Checkout").await;
    let payment = world.folder(&app, Some(checkout), "Payment").await;
    let case = world.case_in(&app, Some(checkout)).await.unwrap();
    let (cases, folder) = (world.delete_cases(&app, &[case]).await, world.delete_folder(&app, payment).await.unwrap());
    world.delete_folder(&app, checkout).await.unwrap();
    assert_eq!(refusal(world.restore(&app, &cases, None).await), "folder_gone");
    assert_eq!(refusal(world.restore(&app, &folder, None).await), "folder_gone");
    assert_eq!(refusal(world.restore(&app, &folder, Some(Some(checkout))).await), "into unknown");
    world.restore(&app, &folder, Some(None)).await.unwrap();
    world.restore(&app, &cases, Some(Some(payment))).await.unwrap();
    assert_eq!((world.outline(&app).await, world.order(&app, payment).await), (vec!["Payment".to_owned()], vec![case]));
    world.counts_are_true().await;
}

async fn a_restored_folder_whose_name_was_taken_gets_a_number(world: World) {
    let app = world.project("APP", false).await;
    let first = world.folder(&app, None, "Payment").await;
    let gone = world.delete_folder(&app, first).await.unwrap();
    world.folder(&app, None, "payment").await;
    let back = world.restore(&app, &gone, None).await.unwrap();
    assert_eq!(back.name, "Payment 2");
    assert_eq!(world.outline(&app).await, ["payment", "Payment 2"]);
}

async fn cases_are_moved_in_the_order_they_are_named_and_laid_back(world: World) {
    let app = world.project("APP", false).await;
    let (one, two) = (world.folder(&app, None, "One").await, world.folder(&app, None, "Two").await);
    let mut ids = Vec::new();
    for folder in [one, one, one, two, two] {
        ids.push(world.case_in(&app, Some(folder)).await.unwrap());
    }
    let gone = CaseId::from(uuid::Uuid::nil());
    let moved = world.move_cases(&app, &[ids[2], gone, ids[0]], Some(two), Some(ids[4])).await.unwrap();
    assert_eq!((moved.moved, moved.skipped, moved.name.as_str()), (2, 1, "Two"));
    assert_eq!(world.order(&app, two).await, [ids[3], ids[2], ids[0], ids[4]]);
    assert_eq!(world.order(&app, one).await, [ids[1]]);
    world.counts_are_true().await;
    let may: May<WriteCases> = world.proof(world.owner, &app).await;
    let again = may.clone();
    let back = world.write(move |tx, now| change_sets::take_back(tx, &may, moved.set, now)).await.unwrap();
    assert_eq!((back.phase, back.waiting), (Phase::Undone, 0));
    assert_eq!(world.order(&app, one).await, [ids[0], ids[1], ids[2]]);
    assert_eq!(world.order(&app, two).await, [ids[3], ids[4]]);
    world.counts_are_true().await;
    let twice = world.write(move |tx, now| change_sets::take_back(tx, &again, moved.set, now)).await;
    assert_eq!(refusal(twice), "undone_already");
    assert_eq!(refusal(world.move_cases(&app, &[], Some(two), None).await), "cases required");
    assert_eq!(refusal(world.move_cases(&app, &[gone], Some(two), None).await), "unknown");
    assert_eq!(refusal(world.move_cases(&app, &[ids[0]], Some(two), Some(ids[1])).await), "before unknown");
}

async fn many_cases_put_between_two_find_room(world: World) {
    let app = world.project("APP", false).await;
    let folder = world.folder(&app, None, "One").await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(world.case_in(&app, Some(folder)).await.unwrap());
    }
    for n in 0..210 {
        let (moved, before) = if n % 2 == 0 { (ids[0], ids[1]) } else { (ids[1], ids[0]) };
        world.move_cases(&app, &[moved], Some(folder), Some(before)).await.unwrap();
    }
    assert_eq!(world.order(&app, folder).await, [ids[1], ids[0], ids[2]]);
    let longest = world.count("SELECT CAST(MAX(LENGTH(rank)) AS bigint) AS n FROM test_case").await;
    assert!(longest <= 41, "{longest}");
}

async fn who_may_write_may_not_delete(world: World) {
    let (app, tester) = (world.project("APP", false).await, world.member(Role::Tester).await);
    let facts = app.facts();
    let refused = world.app.read(move |db, _| {
        let member = store::access::member(db, &tester.who, tester.workspace)?.ok_or(Failure::Unknown)?;
        Ok(std::sync::Arc::new(member).may_in::<DeleteCases>(facts)?)
    });
    assert_eq!(refusal(refused.await), "lacks delete_cases");
    let may: May<WriteCases> = world.proof(tester, &app).await;
    world.write(move |tx, now| folders::create(tx, &may, &name("Mine"), Place::default(), now)).await.unwrap();
}
