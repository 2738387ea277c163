//! One file that holds everything: what goes in comes out, on either engine, or nothing does.

use std::io::{Cursor, Read, Write};

use app::{
    backup::{self, Bodies, KeyMark, Reader, Summary, Trouble},
    objects::{Local, Objects},
};
use db::{Db, Engine};
use domain::access::Role;
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use store::migrations;

use crate::{
    bed::{Bed, on_both_engines},
    world::{Server, World, at_once},
};

on_both_engines! { World:
    a_backup_holds_every_table_there_is
    what_was_restored_on_the_other_engine_is_what_was_backed_up
    a_copy_to_the_other_engine_is_the_same
    a_copy_into_a_database_in_use_is_refused
    a_damaged_backup_is_refused_and_nothing_of_it_kept
    a_target_in_use_is_refused_and_named
    a_target_in_use_can_be_replaced
    a_backup_of_a_newer_program_is_refused
    a_table_that_is_missing_or_unknown_is_refused
    a_snapshot_is_whole_while_others_write
    the_key_and_the_tokens_are_not_in_a_backup
    the_server_goes_on_after_a_restore
    bodies_of_files_are_backed_up_copied_and_verified
}

/// Something in many tables: members, keys, open and ended invitations, mails with sealed tokens.
async fn lived_in(world: &World) {
    let manager = world.member(Role::Manager).await;
    let project = world.project("APP", true).await;
    world.grant(manager, &project, Role::Admin).await;
    world.by_key(manager, None, None).await;
    let ended = world.invite(world.owner, "ended@hollin.example").await;
    world.revoke(world.owner, ended).await.unwrap();
    let open = world.invite(manager, "Zoë@hollin.example").await;
    world.copy(manager, open).await.unwrap();
    world.another().await;
}

async fn pack(world: &World) -> Vec<u8> {
    pack_db(&world.bed.db, world).await.1
}

async fn pack_db(db: &Db, world: &World) -> (Summary, Vec<u8>) {
    let key = (Some(KeyMark::of(world.app.vault())), None);
    backup::database(db, world.app.objects().clone(), Vec::new(), key, world.app.clock().clone(), |_, _| {})
        .await
        .unwrap()
}

fn open(packed: &[u8]) -> Result<Reader, Trouble> {
    Reader::open(Cursor::new(packed.to_vec()))
}

async fn restore(packed: &[u8], db: &Db, replace: bool) -> Result<Summary, Trouble> {
    backup::restore(db, None, open(packed)?, replace, |_, _| {}).await
}

fn unpack(packed: &[u8]) -> String {
    let mut text = String::new();
    GzDecoder::new(packed).read_to_string(&mut text).unwrap();
    text
}

fn repack(text: &str) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(text.as_bytes()).unwrap();
    packed.finish().unwrap()
}

/// Everything but the first line, which tells when it was made.
fn rows(packed: &[u8]) -> String {
    let text = unpack(packed);
    let (_, rest) = text.split_once('\n').unwrap();
    let (rows, _tail) = rest.trim_end().rsplit_once('\n').unwrap();
    rows.to_owned()
}

fn the_other(engine: Engine) -> Engine {
    if engine == Engine::Sqlite { Engine::Postgres } else { Engine::Sqlite }
}

async fn other_bed(world: &World) -> Bed {
    Bed::on(the_other(world.bed.db.engine())).await
}

async fn people(db: &Db) -> i64 {
    db.read(store::server::holds).await.unwrap().people
}

async fn a_backup_holds_every_table_there_is(world: World) {
    let text = unpack(&pack(&world).await);
    let created = migrations::ALL.iter().flat_map(|step| step.sql.lines());
    let created = created.filter_map(|line| line.trim_start().strip_prefix("CREATE TABLE "));
    let mut tables: Vec<&str> = created.filter_map(|rest| rest.split_whitespace().next()).collect();
    tables.sort_unstable();
    assert!(tables.len() > 15, "the migrations are read wrongly: {tables:?}");
    let begins = text.lines().filter_map(|line| line.strip_prefix(r#"{"table":""#));
    let held: Vec<&str> = begins.filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(held, tables);
}

async fn what_was_restored_on_the_other_engine_is_what_was_backed_up(world: World) {
    lived_in(&world).await;
    let packed = pack(&world).await;
    let verified = backup::verify(open(&packed).unwrap()).unwrap();
    let bed = other_bed(&world).await;
    let restored = restore(&packed, &bed.db, false).await.unwrap();
    assert_eq!(restored, verified);
    assert!(restored.rows > 30, "{restored:?}");
    let (again, repacked) = pack_db(&bed.db, &world).await;
    assert_eq!(rows(&repacked), rows(&packed));
    assert_eq!((again.tables, again.rows), (restored.tables, restored.rows));
}

async fn a_copy_to_the_other_engine_is_the_same(world: World) {
    lived_in(&world).await;
    let bed = other_bed(&world).await;
    let copied = backup::copy(&world.bed.db, &bed.db, None, false, world.app.clock().clone(), |_, _| {}).await.unwrap();
    assert!(copied.rows > 30, "{copied:?}");
    assert_eq!(rows(&pack_db(&bed.db, &world).await.1), rows(&pack(&world).await));
}

async fn a_copy_into_a_database_in_use_is_refused(world: World) {
    let target = World::on(the_other(world.bed.db.engine())).await;
    let before = rows(&pack(&target).await);
    let clock = world.app.clock().clone();
    let refused = backup::copy(&world.bed.db, &target.bed.db, None, false, clock, |_, _| {}).await;
    assert!(matches!(refused, Err(Trouble::NotEmpty(_))), "{refused:?}");
    assert_eq!(rows(&pack(&target).await), before);
}

async fn a_damaged_backup_is_refused_and_nothing_of_it_kept(world: World) {
    lived_in(&world).await;
    let packed = pack(&world).await;
    let text = unpack(&packed);
    let olga = text.find("Olga").unwrap();
    let changed = format!("{}Olaf{}", &text[..olga], &text[olga + 4..]);
    let (cut, _) = text.trim_end().rsplit_once('\n').unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let row = lines.iter().position(|line| line.starts_with('[')).unwrap();
    let without_a_row = [&lines[..row], &lines[row + 1..]].concat().join("\n") + "\n";
    let bed = other_bed(&world).await;
    for text in [changed.as_str(), &without_a_row, &format!("{cut}\n"), &format!("{text}{{}}\n"), text.trim_end()] {
        let damaged = repack(text);
        let verified = backup::verify(open(&damaged).unwrap());
        assert!(matches!(verified, Err(Trouble::Damaged(_))), "{verified:?}");
        let restored = restore(&damaged, &bed.db, false).await;
        assert!(matches!(restored, Err(Trouble::Damaged(_))), "{restored:?}");
        assert_eq!(people(&bed.db).await, 0);
    }
    for end in [20, packed.len() / 2, packed.len() - 1] {
        let refused = open(&packed[..end]).and_then(backup::verify);
        assert!(refused.is_err(), "cut at {end}");
    }
    assert!(matches!(open(b"a picture of a cat"), Err(Trouble::NoBackup)));
}

async fn a_target_in_use_is_refused_and_named(world: World) {
    lived_in(&world).await;
    let packed = pack(&world).await;
    let refused = restore(&packed, &world.bed.db, false).await.unwrap_err();
    let words = refused.to_string();
    assert!(matches!(refused, Trouble::NotEmpty(_)), "{words}");
    assert!(words.contains("people: 3, workspaces: 2, projects: 3, invitations: 2"), "{words}");
    assert_eq!(rows(&pack(&world).await), rows(&packed));
}

async fn a_target_in_use_can_be_replaced(world: World) {
    let packed = pack(&world).await;
    lived_in(&world).await;
    restore(&packed, &world.bed.db, true).await.unwrap();
    assert_eq!(rows(&pack(&world).await), rows(&packed));
}

async fn a_backup_of_a_newer_program_is_refused(world: World) {
    let text = unpack(&pack(&world).await);
    let format = repack(&text.replacen(r#""muster_backup":1"#, r#""muster_backup":2"#, 1));
    assert!(matches!(open(&format).map(drop), Err(Trouble::NewerFormat { found: 2, known: 1 })));
    let last = migrations::ALL.last().unwrap().number;
    let newer = repack(&text.replacen(&format!(r#""number":{last},"#), r#""number":100,"#, 1));
    let refused = open(&newer).map(drop);
    assert!(matches!(refused, Err(Trouble::NewerDatabase { .. })), "{refused:?}");
    let other = repack(&text.replacen(r#""sha256":""#, r#""sha256":"00"#, 1));
    assert!(matches!(open(&other).map(drop), Err(Trouble::OtherDatabase(1))));
}

async fn a_table_that_is_missing_or_unknown_is_refused(world: World) {
    let bed = other_bed(&world).await;
    let text = unpack(&pack(&world).await);
    let renamed = text
        .replace(r#"{"table":"quota""#, r#"{"table":"quote""#)
        .replace(r#""end_of":"quota""#, r#""end_of":"quote""#);
    let refused = restore(&repack(&renamed), &bed.db, false).await;
    assert!(matches!(&refused, Err(Trouble::Damaged(why)) if why.contains("quote")), "{refused:?}");
}

/// Each invitation has its mail and its event in the snapshot, or neither: references are checked by the restore.
async fn a_snapshot_is_whole_while_others_write(world: World) {
    let owner = world.owner;
    let world = std::sync::Arc::new(world);
    let inviters = world.clone();
    let inviting = (0..10).map(move |n| {
        let world = inviters.clone();
        async move {
            for m in 0..10 {
                world.invite(owner, &format!("person-{n}-{m}@hollin.example")).await;
            }
        }
    });
    let writing = tokio::spawn(at_once(inviting));
    let mut seen = Vec::new();
    while !writing.is_finished() {
        let packed = pack(&world).await;
        let bed = Bed::on(Engine::Sqlite).await;
        restore(&packed, &bed.db, false).await.unwrap();
        let text = unpack(&packed);
        let invited = text.matches("invitation.created").count();
        assert_eq!(text.matches("\"queued\"").count(), 2 * invited, "a message and its first step for each");
        seen.push(invited);
    }
    writing.await.unwrap();
    assert!(seen.is_sorted(), "{seen:?}");
}

async fn the_key_and_the_tokens_are_not_in_a_backup(world: World) {
    let id = world.invite(world.owner, "zoe@hollin.example").await;
    let (mailed, copied) = (world.mailed(id).await, world.copy(world.owner, id).await.unwrap());
    let text = unpack(&pack(&world).await);
    let bytes = mailed.reveal().bytes().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    for secret in [&"07".repeat(32), mailed.reveal(), copied.reveal(), &bytes] {
        assert!(!text.contains(secret));
    }
}

async fn the_server_goes_on_after_a_restore(world: World) {
    lived_in(&world).await;
    let events = world.events().await.len();
    let server = Server::on(the_other(world.bed.db.engine())).await;
    restore(&pack(&world).await, &server.bed.db, false).await.unwrap();
    let may = world.may(world.owner).await;
    let renamed = server.app.write(None, move |tx, now| {
        let name = domain::title::WorkspaceName::parse("Hollin again").unwrap();
        app::workspaces::rename(tx, &may, &name, now)
    });
    assert_eq!(renamed.await.unwrap().name, "Hollin again", "the session is known there, and events go on counting");
    let count = server.bed.db.read(|conn| {
        let event = conn.tables()?.into_iter().find(|table| table.name == "event").expect("a table of events");
        conn.count_rows(&event)
    });
    assert_eq!(count.await.unwrap(), i64::try_from(events).unwrap() + 1);
}

async fn bodies_of_files_are_backed_up_copied_and_verified(world: World) {
    let web = world.project("SHOP", false).await;
    let large = vec![b'x'; 200_000];
    let bodies = [b"one".as_slice(), b"two", &large, b"lost"];
    let mut keys = Vec::new();
    for body in bodies {
        let new = world.upload("a.log", &[body]).await.unwrap();
        let file = world.attach(world.owner, &web, None, new).await.unwrap();
        keys.push(app::attachments::key(world.owner.workspace, &file));
    }
    assert!(world.app.objects().remove(keys[3], std::time::Duration::ZERO).unwrap());
    let (summary, packed) = pack_db(&world.bed.db, &world).await;
    assert_eq!((summary.bodies, summary.missing), (3, 1));
    assert_eq!(backup::verify(open(&packed).unwrap()).unwrap().bodies, 3);
    let (bed, folder) = (other_bed(&world).await, tempfile::tempdir().unwrap());
    let there: std::sync::Arc<dyn Objects> = std::sync::Arc::new(Local::new(folder.path()));
    let into = || Bodies { objects: there.clone(), clock: world.app.clock().clone() };
    backup::restore(&bed.db, Some(into()), open(&packed).unwrap(), false, |_, _| {}).await.unwrap();
    for (key, body) in keys.iter().zip(&bodies[..3]) {
        let mut kept = Vec::new();
        there.open(*key).unwrap().read_to_end(&mut kept).unwrap();
        assert_eq!(kept, *body);
    }
    let (elsewhere, second) = (tempfile::tempdir().unwrap(), Bed::on(world.bed.db.engine()).await);
    let copy: std::sync::Arc<dyn Objects> = std::sync::Arc::new(Local::new(elsewhere.path()));
    let (stores, clock) = ((there.clone(), copy.clone()), world.app.clock().clone());
    let copied = backup::copy(&bed.db, &second.db, Some(stores), false, clock, |_, _| {}).await.unwrap();
    assert_eq!((copied.bodies, copy.has(keys[2]), copy.has(keys[3])), (3, true, false));
    let damaged = repack(&unpack(&packed).replacen("\"b25l\"", "\"b25m\"", 1));
    let refused = backup::verify(open(&damaged).unwrap()).unwrap_err();
    assert!(refused.to_string().contains("content of a file"), "{refused}");
}
