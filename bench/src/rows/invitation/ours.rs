//! Our side: the verb behind `POST …/invitations`, as the handler calls it.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Result, anyhow, ensure};
use app::{
    App,
    invitations::{self, invite::With},
    settings::PerDay,
};
use domain::access::{InviteMembers, May, Role};
use tokio::{runtime::Runtime, task::JoinSet};

use crate::world::{World, batch, sqlite};

/// Higher than a bench gets. The quotas' rows are written as ever.
const PER_DAY: PerDay = PerDay { workspace: i64::MAX / 2, inviter: i64::MAX / 2, server: i64::MAX / 2 };

/// Our side.
pub struct Ours {
    runtime: Runtime,
    desk: Desk,
    /// The database.
    pub file: PathBuf,
}

/// Where an inviter stands.
#[derive(Clone)]
struct Desk {
    app: App,
    may: May<InviteMembers>,
    sent: Arc<AtomicU64>,
}

impl Ours {
    /// With a database of its own in this folder.
    pub fn open(folder: &Path) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let world = runtime.block_on(World::new(&sqlite(folder)?))?;
        let may = world.owner.may().map_err(|refused| anyhow!("{refused}"))?;
        let desk = Desk { app: world.app, may, sent: Arc::default() };
        Ok(Self { runtime, desk, file: folder.join("muster.db") })
    }

    /// One invitation.
    pub fn once(&self) -> Result<()> {
        self.runtime.block_on(self.desk.invite())
    }

    /// Invitations per second of so many writers.
    pub fn rate(&self, writers: usize, span: Duration) -> Result<f64> {
        self.runtime.block_on(async {
            let end = Instant::now() + span;
            let mut writing: JoinSet<_> = (0..writers).map(|_| self.desk.clone().write_until(end)).collect();
            let mut written = 0;
            while let Some(done) = writing.join_next().await {
                written += done??;
            }
            Ok(f64::from(written) / span.as_secs_f64())
        })
    }
}

impl Desk {
    async fn write_until(self, end: Instant) -> Result<u32> {
        let mut written = 0;
        loop {
            self.invite().await?;
            if Instant::now() > end {
                return Ok(written);
            }
            written += 1;
        }
    }

    async fn invite(&self) -> Result<()> {
        let number = self.sent.fetch_add(1, Ordering::Relaxed);
        let (batch, may, app) =
            (batch(&format!("person{number}@hollin.example"), Role::Tester), self.may.clone(), self.app.clone());
        let sent = self.app.write(None, move |tx, now| {
            let with = With { vault: app.vault(), per_day: Some(&PER_DAY), mail: true };
            invitations::invite(tx, with, &may, &batch, now)
        });
        ensure!(sent.await?.invited() == 1, "an invitation was refused");
        Ok(())
    }
}
