//! Acts of deletion, and taking them back.

use domain::{
    access::{DeleteCases, Still},
    id::{CaseId, FolderId, TrashId},
};
use store::{
    folders,
    paging::Page,
    projects::Project,
    trash::{self, Act, Taken},
};

use crate::{
    bed::on_both_engines,
    folders::{made, name, still, tree},
    house::House,
    repository::{case_in, place_of},
};

on_both_engines! { House:
    a_folder_goes_with_all_below_it_and_comes_back_exactly
    cases_go_and_come_back_counted
    cases_without_a_folder_are_laid_into_another
    acts_are_listed_newest_first_in_pages
}

async fn act<T: Send + 'static>(
    house: &House,
    project: &Project,
    work: impl Fn(&mut db::Tx, &Still<DeleteCases>, &domain::now::Now) -> Result<T, db::Error> + Send + 'static,
) -> T {
    let (project, owner) = (project.clone(), house.owner);
    house
        .write(move |tx, now| {
            let still: Still<DeleteCases> = still(tx, owner, &project)?;
            folders::lock(tx, &still)?;
            Ok(work(tx, &still, now)?)
        })
        .await
}

async fn counts(house: &House, project: &Project) -> Vec<(String, i64)> {
    let tree = tree(house, project).await;
    tree.folders().iter().skip(1).map(|folder| (folder.row.name.clone(), folder.row.cases)).collect()
}

fn counted(of: &[(&str, i64)]) -> Vec<(String, i64)> {
    of.iter().map(|(name, cases)| ((*name).to_owned(), *cases)).collect()
}

async fn take_folder(house: &House, project: &Project, folder: FolderId) -> (TrashId, (u64, u64)) {
    act(house, project, move |tx, still, now| {
        let id: TrashId = now.id();
        let (folders, cases) = trash::take_folder(tx, still, folder, id, now)?;
        trash::insert(tx, still, id, Taken { folder: Some(folder), name: "Payment", folders, cases }, now)?;
        Ok((id, (folders, cases)))
    })
    .await
}

async fn take_cases(house: &House, project: &Project, cases: Vec<CaseId>) -> (TrashId, u64) {
    act(house, project, move |tx, still, now| {
        let id: TrashId = now.id();
        let taken = trash::take_cases(tx, still, &cases, id, now)?;
        trash::insert(tx, still, id, Taken { folder: None, name: "Redeem", folders: 0, cases: taken }, now)?;
        Ok((id, taken))
    })
    .await
}

async fn a_folder_goes_with_all_below_it_and_comes_back_exactly(house: House) {
    let web = house.project("WEB", false).await;
    let checkout = made(&house, &web, None, ("Checkout", "a0")).await;
    let payment = made(&house, &web, Some(checkout), ("Payment", "a0")).await;
    let card = made(&house, &web, Some(payment), ("Card", "a0")).await;
    case_in(&house, &web, Some(payment)).await;
    let gone_before = case_in(&house, &web, Some(card)).await;
    case_in(&house, &web, Some(card)).await;
    take_cases(&house, &web, vec![gone_before]).await;
    let (id, taken) = take_folder(&house, &web, payment).await;
    assert_eq!(taken, (2, 2));
    assert_eq!(counts(&house, &web).await, counted(&[("Checkout", 0)]));
    let lay: Act = act(&house, &web, move |tx, still, _| Ok(trash::lock(tx, still, id)?.unwrap())).await;
    assert_eq!((lay.folder, lay.parent, lay.folders, lay.cases), (Some(payment), Some(checkout), 2, 2));
    assert_eq!((lay.name.as_str(), lay.by_name.as_str()), ("Payment", "Olga"));
    act(&house, &web, move |tx, still, _| {
        trash::rename_folder(tx, still, payment, &name("Paying"))?;
        trash::give_folder_back(tx, still, id)?;
        trash::remove(tx, still, id)
    })
    .await;
    assert_eq!(counts(&house, &web).await, counted(&[("Checkout", 0), ("Paying", 1), ("Card", 1)]));
    assert!(act(&house, &web, move |tx, still, _| trash::lock(tx, still, id)).await.is_none());
}

async fn cases_go_and_come_back_counted(house: House) {
    let web = house.project("WEB", false).await;
    let checkout = made(&house, &web, None, ("Checkout", "a0")).await;
    let one = case_in(&house, &web, Some(checkout)).await;
    let other = case_in(&house, &web, Some(checkout)).await;
    case_in(&house, &web, Some(checkout)).await;
    let (id, taken) = take_cases(&house, &web, vec![one, other, one]).await;
    assert_eq!((taken, counts(&house, &web).await), (2, counted(&[("Checkout", 1)])));
    let (_, again) = take_cases(&house, &web, vec![one]).await;
    assert_eq!((again, counts(&house, &web).await), (0, counted(&[("Checkout", 1)])));
    act(&house, &web, move |tx, still, _| {
        assert_eq!(trash::homeless(tx, still, id)?, 0);
        trash::give_cases_back(tx, still, id)
    })
    .await;
    assert_eq!(counts(&house, &web).await, counted(&[("Checkout", 3)]));
}

async fn cases_without_a_folder_are_laid_into_another(house: House) {
    let web = house.project("WEB", false).await;
    let gone = made(&house, &web, None, ("Gone", "a0")).await;
    let there = made(&house, &web, None, ("There", "a1")).await;
    let case = case_in(&house, &web, Some(gone)).await;
    let (id, _) = take_cases(&house, &web, vec![case]).await;
    take_folder(&house, &web, gone).await;
    let laid = act(&house, &web, move |tx, still, _| {
        assert_eq!(trash::homeless(tx, still, id)?, 1);
        let laid = trash::lay_cases(tx, still, id, there)?;
        trash::give_cases_back(tx, still, id)?;
        Ok(laid)
    });
    assert_eq!(laid.await, 1);
    assert_eq!(place_of(&house, &web, case).await.0, there);
    assert_eq!(counts(&house, &web).await, counted(&[("There", 1)]));
}

async fn acts_are_listed_newest_first_in_pages(house: House) {
    let (web, owner) = (house.project("WEB", false).await, house.owner);
    let mut acts = Vec::new();
    for _ in 0..3 {
        let case = case_in(&house, &web, None).await;
        acts.push(take_cases(&house, &web, vec![case]).await.0);
        house.pass(std::time::Duration::from_secs(1));
    }
    acts.reverse();
    let page = move |after| {
        let web = web.clone();
        move |db: &mut db::Conn| {
            let may = owner.may_in::<DeleteCases>(db, &web).expect("he deletes");
            trash::list(db, &may, &Page { limit: 2, after })
        }
    };
    let first = house.read(page(None)).await;
    assert_eq!((first.rows.iter().map(|act| act.id).collect::<Vec<_>>(), first.more), (acts[..2].to_vec(), true));
    let last = first.rows.last().map(|act| (act.at, act.id));
    let second = house.read(page(last)).await;
    assert_eq!((second.rows.iter().map(|act| act.id).collect::<Vec<_>>(), second.more), (acts[2..].to_vec(), false));
}
