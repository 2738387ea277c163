//! Files on cases: how they come, what is refused, and what stays.

use std::{io::Read as _, time::Duration};

use app::{
    Failure,
    attachments::{self, KEPT, Upload},
    cases::{self, NewCase, Save},
    objects::Key,
};
use domain::{
    access::{Read, Role, WriteCases},
    attachment::FileName,
    case::{Markdown, Set},
    id::AttachmentId,
    time::days,
    title::CaseTitle,
};
use serde_json::Map;
use store::{
    attachments::{Attachment, New},
    cases::Reference,
    paging::Page,
    projects::Project,
};

use crate::{
    bed::on_both_engines,
    world::{Actor, World, refusal},
};

on_both_engines! { World:
    a_file_comes_in_pieces_and_is_read_as_it_came
    what_is_too_large_lies_or_is_empty_leaves_nothing
    an_upload_that_vanishes_leaves_nothing
    a_removed_file_comes_back_for_thirty_days_and_then_its_body_goes
    a_body_goes_with_the_last_file_that_has_it
    a_picture_in_a_text_stays_with_its_case
    a_reader_attaches_nothing_and_a_stranger_sees_nothing
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR and so on";

impl World {
    pub async fn upload(&self, name: &str, pieces: &[&[u8]]) -> Result<New, Failure> {
        let mut upload = Upload::begin(&self.app, self.owner.workspace, FileName::of(name), None)?;
        for piece in pieces {
            upload.push(piece.to_vec()).await?;
        }
        upload.finish().await
    }

    pub async fn attach(&self, by: Actor, project: &Project, on: Option<i64>, new: New) -> Result<Attachment, Failure> {
        let may = self.may_in::<WriteCases>(by, project).await?;
        self.write(move |tx, now| attachments::add(tx, &may, on.map(Reference::Number), &new, now)).await
    }

    async fn write_one(&self, project: &Project) {
        let may = self.may_in(self.owner, project).await.unwrap();
        let new =
            NewCase { folder: None, title: CaseTitle::parse("Redeem").unwrap(), sets: Vec::new(), values: Map::new() };
        self.write(move |tx, now| cases::create(tx, &may, &new, now)).await.unwrap();
    }

    /// Names of the files on the first case.
    async fn hanging(&self, project: &Project) -> Vec<String> {
        let may = self.may_in::<Read>(self.owner, project).await.unwrap();
        let names = self.read(move |db, _| {
            let case = store::cases::find(db, &may, Reference::Number(1))?.unwrap();
            let slice = store::attachments::on_case(db, &may, case.id, &Page::first(50))?;
            Ok(slice.rows.into_iter().map(|row| row.name.to_string()).collect())
        });
        names.await
    }

    async fn put_back(&self, project: &Project, id: AttachmentId, back: bool) -> Result<(), Failure> {
        let may = self.may_in::<WriteCases>(self.owner, project).await.unwrap();
        self.write(move |tx, now| {
            if back {
                attachments::restore(tx, &may, id, now).map(drop)
            } else {
                attachments::remove(tx, &may, id, now)
            }
        })
        .await
    }

    /// The files below the folder of bodies.
    fn bodies(&self) -> usize {
        let (mut folders, mut count) = (vec![self.files.path().to_owned()], 0);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
                if entry.file_type().unwrap().is_dir() {
                    folders.push(entry.path());
                } else {
                    count += 1;
                }
            }
        }
        count
    }

    async fn sweep(&self) -> usize {
        attachments::sweep_older(&self.app, Duration::ZERO).await.unwrap()
    }
}

async fn a_file_comes_in_pieces_and_is_read_as_it_came(world: World) {
    let web = world.project("SHOP", false).await;
    world.write_one(&web).await;
    let new = world.upload("../shot.png", &[&PNG[..5], &PNG[5..]]).await.unwrap();
    let file = world.attach(world.owner, &web, Some(1), new).await.unwrap();
    assert_eq!((file.name.as_str(), file.kind.as_str()), ("shot.png", "image/png"));
    assert_eq!(usize::try_from(file.size).unwrap(), PNG.len());
    assert_eq!(world.hanging(&web).await, ["shot.png"]);
    let mut body = Vec::new();
    let key = attachments::key(world.owner.workspace, &file);
    world.app.objects().open(key).unwrap().read_to_end(&mut body).unwrap();
    assert_eq!(body, PNG);
    let entry = world.log().await.remove(0);
    assert_eq!((entry.what.as_str(), entry.label.as_str()), ("case.file_added", "Redeem"));
    assert!(entry.changes.contains("shot.png"), "{}", entry.changes);
}

async fn what_is_too_large_lies_or_is_empty_leaves_nothing(world: World) {
    let limit = world.app.settings().attachments.limit;
    let said = Upload::begin(&world.app, world.owner.workspace, FileName::of("a"), Some(limit + 1)).err().unwrap();
    assert!(said.to_string().contains("25 MB"), "{said}");
    let half = vec![b'x'; usize::try_from(limit / 2 + 1).unwrap()];
    assert_eq!(refusal(world.upload("a.log", &[&half, &half]).await), "too_large");
    assert_eq!(refusal(world.upload("shot.png", &[b"<html><script>alert(1)</script>"]).await), "file wrong_type");
    assert_eq!(refusal(world.upload("empty.log", &[]).await), "file empty");
    nothing_left(&world).await;
}

async fn an_upload_that_vanishes_leaves_nothing(world: World) {
    let mut upload = Upload::begin(&world.app, world.owner.workspace, FileName::of("a.log"), None).unwrap();
    upload.push(PNG).await.unwrap();
    drop(upload);
    nothing_left(&world).await;
}

/// What was begun is removed on a thread of its own, so it takes a moment.
async fn nothing_left(world: &World) {
    for _ in 0..500 {
        if world.bodies() == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{} files are left", world.bodies());
}

async fn a_removed_file_comes_back_for_thirty_days_and_then_its_body_goes(world: World) {
    let web = world.project("SHOP", false).await;
    world.write_one(&web).await;
    let new = world.upload("shot.png", &[PNG]).await.unwrap();
    let file = world.attach(world.owner, &web, Some(1), new).await.unwrap();
    world.put_back(&web, file.id, false).await.unwrap();
    assert!(world.hanging(&web).await.is_empty());
    assert_eq!(world.sweep().await, 0);
    world.put_back(&web, file.id, true).await.unwrap();
    assert_eq!(world.hanging(&web).await, ["shot.png"]);
    let told = world.events().await;
    assert!(
        told.ends_with(&["case.file_added".into(), "case.file_removed".into(), "case.file_restored".into()]),
        "{told:?}"
    );
    world.put_back(&web, file.id, false).await.unwrap();
    world.pass(KEPT + days(1));
    assert_eq!((world.sweep().await, world.bodies()), (1, 0));
    assert_eq!(refusal(world.put_back(&web, file.id, true).await), "unknown");
}

async fn a_body_goes_with_the_last_file_that_has_it(world: World) {
    let web = world.project("SHOP", false).await;
    world.write_one(&web).await;
    let new = world.upload("a.png", &[PNG]).await.unwrap();
    let other = world.upload("b.png", &[PNG]).await.unwrap();
    let key = Key { workspace: world.owner.workspace, digest: new.digest };
    let first = world.attach(world.owner, &web, Some(1), new).await.unwrap();
    world.attach(world.owner, &web, Some(1), other).await.unwrap();
    assert_eq!(world.bodies(), 1);
    // One that no row ever named: its verb was refused.
    world.upload("c.log", &[b"nobody's"]).await.unwrap();
    assert_eq!((attachments::sweep(&world.app).await.unwrap(), world.bodies()), (0, 2), "it is younger than a day");
    world.put_back(&web, first.id, false).await.unwrap();
    world.pass(KEPT + days(1));
    assert_eq!((world.sweep().await, world.bodies()), (1, 1));
    assert!(world.app.objects().has(key));
}

async fn a_picture_in_a_text_stays_with_its_case(world: World) {
    let web = world.project("SHOP", false).await;
    world.write_one(&web).await;
    let new = world.upload("a.png", &[PNG]).await.unwrap();
    let used = world.attach(world.owner, &web, None, new.clone()).await.unwrap();
    let left = world.attach(world.owner, &web, None, new).await.unwrap();
    let text = Markdown::parse(&format!("See ![the basket]({})", used.id)).unwrap();
    let (may, save) = (
        world.may_in(world.owner, &web).await.unwrap(),
        Save { base: 1, sets: vec![Set::Description(text)], values: Map::new() },
    );
    world.write(move |tx, now| cases::save(tx, &may, Reference::Number(1), &save, now)).await.unwrap();
    assert_eq!(world.hanging(&web).await, ["a.png"]);
    world.pass(days(8));
    world.sweep().await;
    let may = world.may_in::<Read>(world.owner, &web).await.unwrap();
    let there = world.read(move |db, _| {
        let there = |id| Ok::<_, Failure>(store::attachments::find(db, &may, id)?.is_some());
        [used.id, left.id].map(there).into_iter().collect::<Result<Vec<_>, _>>()
    });
    assert_eq!(there.await, [true, false]);
}

async fn a_reader_attaches_nothing_and_a_stranger_sees_nothing(world: World) {
    let (open, secret) = (world.project("SHOP", false).await, world.project("SECRET", true).await);
    world.write_one(&open).await;
    world.write_one(&secret).await;
    let new = world.upload("shot.png", &[PNG]).await.unwrap();
    let file = world.attach(world.owner, &secret, Some(1), new.clone()).await.unwrap();
    let (reader, tester) = (world.member(Role::ReadOnly).await, world.member(Role::Tester).await);
    assert_eq!(refusal(world.attach(reader, &open, Some(1), new.clone()).await), "lacks write_cases");
    assert_eq!(refusal(world.attach(tester, &secret, Some(1), new).await), "unknown");
    let may = world.may_in::<Read>(tester, &open).await.unwrap();
    let seen = world.read(move |db, _| Ok(store::attachments::find(db, &may, file.id)?.is_some()));
    assert!(!seen.await, "a file of a private project is not found through an open one");
}
