//! A backup taken beside a running server, restored elsewhere: people sign in and mail that waited goes.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Output, time::Duration};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use testkit::smtp::{Peer, Reply, Script, Stage};

use crate::{
    kit::{PASSWORD, Place, Server, Team, muster},
    on_both_engines,
};

const CASES: &str = "/api/v1/workspaces/hollin-ash/projects/WEB/cases";
const INVITATIONS: &str = "/api/v1/workspaces/hollin-ash/invitations";

on_both_engines! {
    a_backup_under_load_restores_on_the_other_engine_and_waiting_mail_goes(place) {
        let closed = Peer::start(Script::accepting().at(Stage::Greeting, Reply::refuse(421, "4.3.2 closed"))).await;
        let target = the_other(&place).await?;
        let mut team = Team::on(Server::mailing(place, &closed.url())?)?;
        team.ann.post(CASES, json!({"title": "Redeem"})).await?.is(201);
        let writing = tokio::spawn({
            let ann = team.ann.clone();
            async move {
                for n in 0..40 {
                    ann.post(INVITATIONS, json!({"recipients": [format!("person-{n}@hollin.example")], "role": "tester"})).await?.is(201);
                    ann.post(&format!("{CASES}/1/attachments?name={n}.json"), json!({"n": n})).await?.is(201);
                }
                anyhow::Ok(())
            }
        });
        let folder = tempfile::tempdir()?;
        let mut n = 0;
        while !writing.is_finished() {
            backs_up(team.server.place(), &folder.path().join(format!("{n}.backup")))?;
            n += 1;
        }
        writing.await??;
        let last = folder.path().join("last.backup");
        let said = backs_up(team.server.place(), &last)?;
        ensure!(said.contains("without the key") && said.contains(" and 40 files"), "{said}");
        ensure!(fs::metadata(&last)?.permissions().mode() & 0o777 == 0o600);
        team.server.stop()?;

        let refused = restore(&target, &last, &[])?;
        ensure!(!refused.status.success() && words(&refused).contains("secret.key"), "{}", words(&refused));
        fs::create_dir_all(target.data())?;
        fs::copy(team.server.place().data().join("secret.key"), target.data().join("secret.key"))?;
        for file in [folder.path().join("0.backup"), last.clone()] {
            let restored = restore(&target, &file, &["--replace"])?;
            ensure!(restored.status.success() && words(&restored).contains("Restored"), "{}", words(&restored));
        }
        let open = Peer::start(Script::accepting()).await;
        let server = Server::mailing(target, &open.url())?;
        let signed_in = json!({"email": "ann@hollin.example", "password": PASSWORD});
        server.nobody()?.post("/api/v1/sessions", signed_in).await?.is(201);
        let ann = team.ann_at(&server)?;
        ensure!(ann.get("/api/v1/me").await?.is(200).json()["role"] == "owner");
        let files = ann.get(&format!("{CASES}/1/attachments")).await?.is(200).json();
        for n in [0, 39] {
            let id = files["items"][n]["id"].as_str().context("a file")?;
            let content = format!("/api/v1/workspaces/hollin-ash/projects/WEB/attachments/{id}/content");
            ensure!(ann.get(&content).await?.is(200).json() == json!({"n": n}));
        }
        for n in 0..40 {
            arrives(&open, &format!("person-{n}@hollin.example")).await?;
        }
        let mail = open.mails().pop().context("no mail")?;
        let link = server.link_in(&mail.data)?;
        let token = link.rsplit('/').next().unwrap_or_default();
        let lea = json!({"token": token, "name": "Lea Fournier", "password": PASSWORD});
        server.nobody()?.post("/api/v1/invitations/acceptance", lea).await?.is(201);
        Ok(())
    }

    a_copy_of_the_database_is_a_server(place) {
        let target = the_other(&place).await?;
        let mut team = Team::on(Server::start(place, &[])?)?;
        let (from, to) = (team.server.place().url(), target.url());
        let copied = muster(&["copy-database".into(), "--from".into(), from.clone(), "--to".into(), to.clone()])?;
        ensure!(copied.status.success() && words(&copied).contains("Copied"), "{}", words(&copied));
        let again = muster(&["copy-database".into(), "--from".into(), from, "--to".into(), to])?;
        ensure!(!again.status.success() && words(&again).contains("people: 1, workspaces: 1"), "{}", words(&again));
        team.server.stop()?;
        let server = Server::start(target, &[])?;
        team.ann_at(&server)?.get("/api/v1/me").await?.is(200);
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_with_its_key_needs_the_passphrase_alone() -> Result<()> {
    let team = Team::copying_links()?;
    let folder = tempfile::tempdir()?;
    let (file, passphrase) = (folder.path().join("all.backup"), folder.path().join("passphrase"));
    fs::write(&passphrase, "seven quiet red bicycles\n")?;
    let with_key = ["--with-key", "--passphrase-file", path(&passphrase)?];
    let made = backup(team.server.place(), &file, &with_key)?;
    ensure!(made.status.success() && words(&made).contains("with the key, locked"), "{}", words(&made));
    let twice = backup(team.server.place(), &file, &[])?;
    ensure!(!twice.status.success() && words(&twice).contains("is there already"), "{}", words(&twice));

    let target = Place::sqlite()?;
    let without = restore(&target, &file, &[])?;
    ensure!(!without.status.success() && words(&without).contains("--passphrase-file"), "{}", words(&without));
    fs::write(folder.path().join("wrong"), "eight quiet red bicycles\n")?;
    let wrong = restore(&target, &file, &["--passphrase-file", path(&folder.path().join("wrong"))?])?;
    ensure!(!wrong.status.success() && words(&wrong).contains("does not open"), "{}", words(&wrong));
    ensure!(!target.data().join("muster.db").exists(), "nothing was written");
    let restored = restore(&target, &file, &["--passphrase-file", path(&passphrase)?])?;
    ensure!(restored.status.success(), "{}", words(&restored));
    let key = |place: &Place| fs::read_to_string(place.data().join("secret.key"));
    ensure!(key(&target)? == key(team.server.place())?);
    ensure!(fs::metadata(target.data().join("secret.key"))?.permissions().mode() & 0o777 == 0o600);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rehearsal_writes_nothing_and_a_damaged_file_is_named() -> Result<()> {
    let team = Team::copying_links()?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("all.backup");
    backs_up(team.server.place(), &file)?;
    let target = Place::sqlite()?;
    let checked = restore(&target, &file, &["--check"])?;
    ensure!(checked.status.success() && words(&checked).contains("is whole"), "{}", words(&checked));
    let mut bytes = fs::read(&file)?;
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&file, bytes)?;
    for more in [&["--check"][..], &["--new-key"]] {
        let refused = restore(&target, &file, more)?;
        ensure!(!refused.status.success() && words(&refused).contains("damaged"), "{}", words(&refused));
    }
    ensure!(!target.data().exists());
    let nothing = backup(&target, &folder.path().join("none.backup"), &[])?;
    ensure!(!nothing.status.success() && words(&nothing).contains("there is no database"), "{}", words(&nothing));
    ensure!(!folder.path().join("none.backup").exists() && fs::read_dir(folder.path())?.count() == 1);
    Ok(())
}

async fn the_other(place: &Place) -> Result<Place> {
    if place.is_sqlite() { Place::postgres().await } else { Place::sqlite() }
}

fn path(path: &Path) -> Result<&str> {
    path.to_str().context("a path that is no text")
}

fn backup(place: &Place, file: &Path, more: &[&str]) -> Result<Output> {
    run("backup", place, file, more)
}

fn restore(place: &Place, file: &Path, more: &[&str]) -> Result<Output> {
    run("restore", place, file, more)
}

fn run(command: &str, place: &Place, file: &Path, more: &[&str]) -> Result<Output> {
    let mut all = vec![command.to_owned(), path(file)?.to_owned()];
    all.extend(place.arguments());
    all.extend(more.iter().map(|&word| word.to_owned()));
    muster(&all)
}

/// Takes a backup, which is to succeed; gives what was said.
fn backs_up(place: &Place, file: &Path) -> Result<String> {
    let made = backup(place, file, &[])?;
    ensure!(made.status.success() && words(&made).contains("Backed up"), "{}", words(&made));
    Ok(words(&made))
}

fn words(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

async fn arrives(peer: &Peer, address: &str) -> Result<Value> {
    for _ in 0..600 {
        if peer.mails().iter().any(|mail| mail.to[0] == address) {
            return Ok(json!(address));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    anyhow::bail!("no mail for {address}")
}
