//! Files on cases.

use domain::{
    access::{Read, Still, System, WriteCases},
    attachment::{Digest, FileName, Kind},
    id::{AttachmentId, CaseId},
    now::Now,
    time::days,
};
use store::{
    Lost,
    attachments::{self, Attachment, New},
    paging::Page,
    projects::Project,
};

use crate::{
    bed::on_both_engines,
    folders::still,
    house::{Actor, House},
    repository::case_in,
};

on_both_engines! { House:
    a_file_is_found_as_it_came_in_its_project_alone
    files_hang_on_a_case_in_the_order_they_came
    a_removed_file_is_in_no_list_and_is_known_still
    files_that_had_their_time_are_forgotten
    bodies_are_listed_once_and_known_to_be_wanted
}

fn new(name: &str, body: u8) -> New {
    New { digest: [body; 32].into(), name: FileName::of(name), kind: Kind::of(b"%PDF-1.7"), size: i64::from(body) }
}

/// A file, on a case or on none.
async fn file(house: &House, project: &Project, on: Option<CaseId>, new: New) -> AttachmentId {
    let (project, owner) = (project.clone(), house.owner);
    let insert = move |tx: &mut db::Tx, now: &Now| -> Result<AttachmentId, Lost> {
        let still: Still<WriteCases> = still(tx, owner, &project)?;
        let id = attachments::insert(tx, &still, &new, now)?;
        if let Some(case) = on {
            attachments::link(tx, &still, case, &[id, id])?;
            attachments::link(tx, &still, case, &[id])?;
        }
        Ok(id)
    };
    house.write(insert).await
}

async fn found(house: &House, by: Actor, project: &Project, id: AttachmentId) -> Option<Attachment> {
    let project = project.clone();
    let read = house.read(move |db| {
        let may = by.may_in::<Read>(db, &project).unwrap();
        attachments::find(db, &may, id)
    });
    read.await
}

/// Names of the files on a case, a page at a time.
async fn on(house: &House, project: &Project, case: CaseId) -> Vec<String> {
    let (mut names, mut page) = (Vec::new(), Page { limit: 2, after: None });
    loop {
        let (there, by) = (project.clone(), house.owner);
        let slice = house.read(move |db| {
            let may = by.may_in::<Read>(db, &there).unwrap();
            attachments::on_case(db, &may, case, &page)
        });
        let slice = slice.await;
        names.extend(slice.rows.iter().map(|row| row.name.to_string()));
        let Some(last) = slice.rows.last().filter(|_| slice.more) else { return names };
        page = Page { limit: 2, after: Some(last.id) };
    }
}

async fn set_removed(house: &House, project: &Project, id: AttachmentId, removed: bool) -> bool {
    let (project, owner) = (project.clone(), house.owner);
    house
        .write(move |tx, now| {
            let still: Still<WriteCases> = still(tx, owner, &project)?;
            Ok(attachments::set_removed(tx, &still, id, removed.then_some(now.at))?)
        })
        .await
}

async fn a_file_is_found_as_it_came_in_its_project_alone(house: House) {
    let (web, app) = (house.project("WEB", false).await, house.project("APP", false).await);
    let id = file(&house, &web, None, new("log.pdf", 7)).await;
    let kept = found(&house, house.owner, &web, id).await.unwrap();
    assert_eq!((kept.name.as_str(), kept.kind.as_str(), kept.size), ("log.pdf", "application/pdf", 7));
    assert_eq!((kept.digest, kept.created_by, kept.removed_at), ([7; 32].into(), house.owner.who.person, None));
    assert!(found(&house, house.owner, &app, id).await.is_none());
    let case = case_in(&house, &app, None).await;
    let (owner, there) = (house.owner, app.clone());
    house
        .write(move |tx, _| {
            let still: Still<WriteCases> = still(tx, owner, &there)?;
            Ok(attachments::link(tx, &still, case, &[id])?)
        })
        .await;
    assert!(on(&house, &app, case).await.is_empty(), "a file of another project hangs nowhere");
}

async fn files_hang_on_a_case_in_the_order_they_came(house: House) {
    let web = house.project("WEB", false).await;
    let case = case_in(&house, &web, None).await;
    let mut ids = Vec::new();
    for n in 1..=5 {
        ids.push(file(&house, &web, Some(case), new(&format!("{n}.log"), n)).await);
        house.pass(std::time::Duration::from_secs(1));
    }
    assert_eq!(on(&house, &web, case).await, ["1.log", "2.log", "3.log", "4.log", "5.log"]);
    let (there, by, id) = (web.clone(), house.owner, ids[2]);
    let cases = house.read(move |db| {
        let may = by.may_in::<Read>(db, &there).unwrap();
        attachments::cases_of(db, &may, id)
    });
    assert_eq!(cases.await, [case]);
}

async fn a_removed_file_is_in_no_list_and_is_known_still(house: House) {
    let web = house.project("WEB", false).await;
    let case = case_in(&house, &web, None).await;
    let id = file(&house, &web, Some(case), new("log.pdf", 1)).await;
    assert!(set_removed(&house, &web, id, true).await && !set_removed(&house, &web, id, true).await);
    assert!(on(&house, &web, case).await.is_empty());
    assert_eq!(found(&house, house.owner, &web, id).await.unwrap().removed_at, Some(house.now()));
    assert!(set_removed(&house, &web, id, false).await && !set_removed(&house, &web, id, false).await);
    assert_eq!(on(&house, &web, case).await, ["log.pdf"]);
}

async fn files_that_had_their_time_are_forgotten(house: House) {
    let web = house.project("WEB", false).await;
    let case = case_in(&house, &web, None).await;
    let kept = file(&house, &web, Some(case), new("kept.pdf", 1)).await;
    let removed = file(&house, &web, Some(case), new("removed.pdf", 2)).await;
    let left = file(&house, &web, None, new("left.png", 3)).await;
    set_removed(&house, &web, removed, true).await;
    let forget = || {
        let now = house.now();
        house.write(move |tx, _| Ok(attachments::forget(tx, now - days(30), now - days(7))?))
    };
    assert_eq!(forget().await, 0);
    house.pass(days(8));
    assert_eq!(forget().await, 1);
    assert!(found(&house, house.owner, &web, left).await.is_none());
    house.pass(days(23));
    assert_eq!(forget().await, 1);
    assert!(found(&house, house.owner, &web, removed).await.is_none());
    assert!(found(&house, house.owner, &web, kept).await.is_some());
}

async fn bodies_are_listed_once_and_known_to_be_wanted(house: House) {
    let web = house.project("WEB", false).await;
    for (name, body) in [("a", 1), ("b", 1), ("c", 2), ("d", 3)] {
        file(&house, &web, None, new(name, body)).await;
    }
    let (workspace, there) = (house.owner.workspace, house.another().await.workspace);
    let digest = |n: u8| Digest::from([n; 32]);
    let wanted = |of| {
        let asked = [digest(1), digest(3), digest(9)];
        house.read(move |db| attachments::wanted(db, &System::because("test"), of, &asked))
    };
    assert_eq!(wanted(workspace).await.into_iter().collect::<Vec<_>>(), [digest(1), digest(3)]);
    assert!(wanted(there).await.is_empty());
    let listed = |of, after| house.read(move |db| attachments::bodies(db, of, after, 2));
    let digests = |kept: Vec<attachments::Kept>| kept.into_iter().map(|one| one.digest).collect::<Vec<_>>();
    assert_eq!(digests(listed(None, None).await), [digest(1), digest(2)]);
    assert_eq!(digests(listed(Some(workspace), Some((workspace, digest(2)))).await), [digest(3)]);
    assert!(listed(Some(there), None).await.is_empty());
}
