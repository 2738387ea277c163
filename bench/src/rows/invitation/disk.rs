//! What the disk alone takes to keep a page.

use std::{
    fs::File,
    io::{Seek, Write},
    path::Path,
    time::{Duration, Instant},
};

use anyhow::Result;

use crate::rounds::median;

const TIMES: u32 = 20;

/// A file on the disk of the databases.
pub struct Disk {
    file: File,
}

impl Disk {
    /// Makes it.
    pub fn open(folder: &Path) -> Result<Self> {
        Ok(Self { file: File::create(folder.join("page"))? })
    }

    /// How long a page of 4 KiB takes until it would survive a power cut: the middle of several.
    pub fn fsync(&self) -> Result<Duration> {
        let times = (0..TIMES).map(|_| Ok(self.keep()?.as_secs_f64())).collect::<Result<Vec<_>>>()?;
        Ok(Duration::from_secs_f64(median(times)))
    }

    fn keep(&self) -> Result<Duration> {
        let begun = Instant::now();
        let mut file = &self.file;
        file.rewind()?;
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        Ok(begun.elapsed())
    }
}
