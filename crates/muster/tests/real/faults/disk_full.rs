//! A disk that has no room left.

use std::{
    collections::BTreeSet,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tempfile::TempDir;

use crate::kit::{Answer, Place, Server, Team};

const INVITATIONS: &str = "/api/v1/workspaces/hollin-ash/invitations";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_full_disk_writes_are_refused_reads_go_on_and_nothing_is_lost() -> Result<()> {
    let Some(disk) = Disk::small()? else {
        eprintln!("skipped: only root may mount a small disk");
        return Ok(());
    };
    let mut team = Team::on(Server::start(Place::sqlite_in(disk.path())?, &[])?)?;
    let mut kept = BTreeSet::new();
    keep(&mut kept, 0, invite(&team, 0).await?.is(201));

    let ballast = disk.fill()?;
    let mut refused = None;
    for round in 1..200 {
        let answer = invite(&team, round).await?;
        if answer.status != 201 {
            refused = Some(answer);
            break;
        }
        keep(&mut kept, round, answer);
    }
    let refused = refused.context("the disk never was full")?;
    ensure!(refused.status == 503 && refused.header("retry-after") == "1", "{refused:?}");
    ensure!(refused.header("content-type") == "application/problem+json", "{refused:?}");
    team.server.nobody()?.get("/healthz").await?.is(200);
    ensure!(listed(&team).await? == kept, "what is read on a full disk is not what was acknowledged");

    fs::remove_file(ballast)?;
    keep(&mut kept, 1000, invite(&team, 1000).await?.is(201));
    ensure!(listed(&team).await? == kept);
    team.server.kill();
    team.server.resume()?;
    ensure!(listed(&team).await? == kept, "something acknowledged is lost");
    Ok(())
}

async fn invite(team: &Team, round: u32) -> Result<Answer> {
    team.ann.post(INVITATIONS, json!({"recipients": addresses(round), "role": "tester"})).await
}

fn addresses(round: u32) -> Vec<String> {
    (0..20).map(|one| format!("person-{round}-{one}@hollin.example")).collect()
}

fn keep(kept: &mut BTreeSet<String>, round: u32, _acknowledged: Answer) {
    kept.extend(addresses(round));
}

async fn listed(team: &Team) -> Result<BTreeSet<String>> {
    let (mut all, mut cursor) = (BTreeSet::new(), String::new());
    loop {
        let page = team.ann.get(&format!("{INVITATIONS}?limit=200{cursor}")).await?.is(200).json();
        let rows = page["items"].as_array().into_iter().flatten();
        all.extend(rows.filter_map(|row| row["address"].as_str()).map(str::to_owned));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return Ok(all),
        }
    }
}

/// Eight megabytes in memory, mounted in a folder of our own.
struct Disk(TempDir);

impl Disk {
    fn small() -> Result<Option<Self>> {
        let folder = TempDir::with_prefix("disk-")?;
        let mount =
            Command::new("mount").args(["-t", "tmpfs", "-o", "size=8m", "tmpfs"]).arg(folder.path()).output()?;
        Ok(mount.status.success().then_some(Self(folder)))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Leaves room for nothing.
    fn fill(&self) -> Result<PathBuf> {
        let path = self.path().join("ballast");
        let mut ballast = fs::File::create(&path)?;
        while ballast.write_all(&[0; 4096]).is_ok() {}
        Ok(path)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.path()).status();
    }
}
