//! Folders: their tree, names and places.

use domain::{
    access::{Read, Still, WriteCases},
    folder::Tree,
    id::FolderId,
    now::Now,
    rank::Rank,
    title::FolderName,
};
use store::{Again, folders, projects::Project};

use crate::{
    bed::on_both_engines,
    house::{Actor, House, START},
};

on_both_engines! { House:
    folders_are_read_as_a_tree_with_counts
    a_name_is_taken_once_among_those_in_one_folder
    a_folder_is_renamed_and_laid_elsewhere
    folders_of_another_project_are_not_held
    the_root_stays_where_it_is
}

/// The proof of a writer, read anew by the transaction.
pub fn still<R: domain::access::Wanted>(
    tx: &mut db::Tx,
    of: Actor,
    project: &Project,
) -> Result<Still<R>, store::Lost> {
    let may = of.may_in(tx, project)?;
    tx.still(&may, START)
}

pub fn name(text: &str) -> FolderName {
    FolderName::parse(text).unwrap()
}

pub fn rank(text: &str) -> Rank {
    text.parse().unwrap()
}

/// Makes a folder at this place; `None` is at the top.
pub fn make(
    tx: &mut db::Tx,
    of: Actor,
    project: &Project,
    parent: Option<FolderId>,
    (called, place): (&str, &str),
    now: &Now,
) -> Result<Option<FolderId>, store::Lost> {
    let still: Still<WriteCases> = still(tx, of, project)?;
    let root = folders::lock(tx, &still)?;
    Ok(folders::insert(tx, &still, parent.unwrap_or(root), &name(called), &rank(place), now)?)
}

pub async fn made(
    house: &House,
    project: &Project,
    parent: Option<FolderId>,
    what: (&'static str, &'static str),
) -> FolderId {
    let (project, owner) = (project.clone(), house.owner);
    house.write(move |tx, now| Ok(make(tx, owner, &project, parent, what, now)?.unwrap())).await
}

pub async fn tree(house: &House, project: &Project) -> Tree {
    let (project, owner) = (project.clone(), house.owner);
    house
        .read(move |db| {
            let may = owner.may_in::<Read>(db, &project).expect("he reads the project");
            folders::tree(db, &may)
        })
        .await
}

fn names(tree: &Tree) -> Vec<String> {
    tree.folders().iter().map(|folder| format!("{} {}", folder.depth, folder.row.name)).collect()
}

async fn folders_are_read_as_a_tree_with_counts(house: House) {
    let (web, app) = (house.project("WEB", false).await, house.project("APP", false).await);
    let late = made(&house, &web, None, ("Search", "a2")).await;
    let checkout = made(&house, &web, None, ("Checkout", "a1")).await;
    let payment = made(&house, &web, Some(checkout), ("Payment", "a0")).await;
    made(&house, &app, None, ("Elsewhere", "a0")).await;
    house
        .write(move |tx, _| {
            for (id, cases) in [(late, 3), (checkout, 5), (payment, 7)] {
                tx.run(db::sql!("UPDATE folder SET cases = ? WHERE id = ?", cases, uuid::Uuid::from(id)))?;
            }
            Ok(())
        })
        .await;
    let tree = tree(&house, &web).await;
    assert_eq!(names(&tree), ["0 ", "1 Checkout", "2 Payment", "1 Search"]);
    assert_eq!(tree.folders().iter().map(|folder| folder.total).collect::<Vec<_>>(), [15, 12, 7, 3]);
}

async fn a_name_is_taken_once_among_those_in_one_folder(house: House) {
    let (web, owner) = (house.project("WEB", false).await, house.owner);
    let checkout = made(&house, &web, None, ("Checkout", "a0")).await;
    let inside = made(&house, &web, Some(checkout), ("Checkout", "a0")).await;
    let (of, again) = (
        web.clone(),
        house.write({
            let web = web.clone();
            move |tx, now| make(tx, owner, &web, None, ("CHECKOUT", "a1"), now)
        }),
    );
    assert_eq!(again.await, None);
    let taken = house.write(move |tx, _| {
        let still: Still<WriteCases> = still(tx, owner, &of)?;
        let root = folders::lock(tx, &still)?;
        let has = |tx: &mut db::Tx, parent, text, but| folders::has_name(tx, &still, parent, &name(text), but);
        Ok([
            has(tx, root, "checkout", None)?,
            has(tx, root, "checkout", Some(checkout))?,
            has(tx, root, "Payment", None)?,
            has(tx, checkout, "Checkout", Some(checkout))?,
            has(tx, inside, "Checkout", None)?,
        ])
    });
    assert_eq!(taken.await, [true, false, false, true, false]);
}

async fn a_folder_is_renamed_and_laid_elsewhere(house: House) {
    let (web, owner) = (house.project("WEB", false).await, house.owner);
    let one = made(&house, &web, None, ("One", "a0")).await;
    let two = made(&house, &web, None, ("Two", "a1")).await;
    let of = web.clone();
    let inside = house.write(move |tx, _| {
        let still: Still<WriteCases> = still(tx, owner, &of)?;
        folders::lock(tx, &still)?;
        folders::rename(tx, &still, two, &name("Second"))?;
        folders::place(tx, &still, two, one, &rank("a5"))?;
        Ok(folders::in_folder(tx, &still, one)?)
    });
    let inside = inside.await;
    assert_eq!(inside.iter().map(|placed| (placed.id, placed.rank.clone())).collect::<Vec<_>>(), [(two, rank("a5"))]);
    assert_eq!(names(&tree(&house, &web).await), ["0 ", "1 One", "2 Second"]);
}

async fn folders_of_another_project_are_not_held(house: House) {
    let (web, app, owner) = (house.project("WEB", false).await, house.project("APP", false).await, house.owner);
    let here = made(&house, &web, None, ("Here", "a0")).await;
    let there = made(&house, &app, None, ("There", "a0")).await;
    let held = house.write(move |tx, _| {
        let still: Still<WriteCases> = still(tx, owner, &web)?;
        assert_eq!(folders::held(tx, &still, &[])?, []);
        Ok(folders::held(tx, &still, &[there, here])?)
    });
    assert_eq!(held.await, [here]);
}

async fn the_root_stays_where_it_is(house: House) {
    let (web, owner) = (house.project("WEB", false).await, house.owner);
    let one = made(&house, &web, None, ("One", "a0")).await;
    let of = web.clone();
    house
        .write(move |tx, _| {
            let still: Still<WriteCases> = still(tx, owner, &of)?;
            let root = folders::lock(tx, &still)?;
            Ok(folders::place(tx, &still, root, one, &rank("a0"))?)
        })
        .await;
    assert_eq!(names(&tree(&house, &web).await), ["0 ", "1 One"]);
}
