//! `muster restore`: from a backup into an empty folder or database.

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result, bail};
use app::{
    Clock,
    backup::{self, Bodies, Head, KeyMark, Passphrase, Reader, Summary},
    vault::Vault,
};
use clap::Args;

use super::backup::{counts, passphrase, progress, tell};
use crate::{settings::Data, wiring};

/// What `restore` takes.
#[derive(Debug, Args)]
pub struct Restore {
    #[command(flatten)]
    data: Data,
    /// The backup.
    file: PathBuf,
    /// Read and verify the backup, and write nothing.
    #[arg(long)]
    check: bool,
    /// Restore also into a database that holds something, all of which is lost.
    #[arg(long)]
    replace: bool,
    /// Do without the key the backup's secrets are sealed under: mails still waiting must be sent anew.
    #[arg(long)]
    new_key: bool,
    /// A file that holds the passphrase of a backup made with its key.
    #[arg(long, env = "MUSTER_BACKUP_PASSPHRASE_FILE")]
    passphrase_file: Option<PathBuf>,
}

/// Verifies the whole file, and only then writes: all of it or nothing.
pub async fn run(wanted: Restore) -> Result<ExitCode> {
    let (head, verified) = verify(&wanted.file).await?;
    let made = format!("made {} by version {}", head.made_at.in_words(), head.made_by);
    if wanted.check {
        tell(&format!(
            "{} is whole: {}, {made}. SHA-256 {}",
            wanted.file.display(),
            counts(&verified),
            verified.sha256
        ));
        return Ok(ExitCode::SUCCESS);
    }
    let key = key(&wanted, &head)?;
    let dir = &wanted.data.data_dir;
    wiring::data_dir(dir)?;
    let bodies = Bodies { objects: wanted.data.objects(), clock: Clock::system() };
    let db = wiring::target(&wanted.data.database()?).await?;
    let restored = backup::restore(&db, Some(bodies), open(&wanted.file)?, wanted.replace, progress).await?;
    if let Some(vault) = key {
        crate::key::keep(dir, &vault)?;
    }
    db.close().await;
    tell(&format!("Restored {} from {}, {made}.", counts(&restored), wanted.file.display()));
    Ok(ExitCode::SUCCESS)
}

fn open(file: &Path) -> Result<Reader> {
    let opened = File::open(file).with_context(|| format!("opening {}", file.display()))?;
    Reader::open(opened).with_context(|| file.display().to_string())
}

async fn verify(file: &Path) -> Result<(Head, Summary)> {
    let reader = open(file)?;
    let head = reader.head().clone();
    let verified = tokio::task::spawn_blocking(move || backup::verify(reader)).await.context("verifying")?;
    Ok((head, verified.with_context(|| file.display().to_string())?))
}

/// The key to be written beside the database, if it comes out of the backup. Without the right one nothing begins: what
/// is sealed in the tables could not be opened again.
fn key(wanted: &Restore, head: &Head) -> Result<Option<Vault>> {
    let Some(mark) = &head.key_mark else { return Ok(None) };
    match (wanted.data.existing_vault()?, &head.key, passphrase(wanted.passphrase_file.as_deref())?) {
        (Some(there), ..) if KeyMark::of(&there) == *mark => Ok(None),
        (Some(_), ..) if wanted.new_key => Ok(None),
        (Some(_), ..) => bail!(
            "the key here is not the one this backup's secrets are sealed under. Put that key in its place, or say \
             --new-key: mails still waiting must then be sent anew"
        ),
        (None, Some(locked), Some(text)) => Ok(Some(locked.open(&Passphrase::given(text))?)),
        (None, ..) if wanted.new_key => Ok(None),
        (None, Some(_), None) => bail!("the backup holds its key, locked: give the passphrase by --passphrase-file"),
        (None, None, _) => bail!(
            "the backup does not hold the key its secrets are sealed under. Put secret.key of the server into {}, give \
             --secret-key-file, or say --new-key: mails still waiting must then be sent anew",
            wanted.data.data_dir.display()
        ),
    }
}
