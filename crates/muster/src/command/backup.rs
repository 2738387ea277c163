//! `muster backup`: the whole database and its files in one file, beside a running server.

use std::{
    fs::{self, File, OpenOptions},
    io::{BufWriter, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result, bail, ensure};
use app::{
    Clock,
    backup::{self, KeyMark, LockedKey, Passphrase, Summary},
};
use clap::Args;

use crate::{settings::Data, wiring};

/// What `backup` takes.
#[derive(Debug, Args)]
pub struct Backup {
    #[command(flatten)]
    data: Data,
    /// Where to; `-` is standard output. A file that is there is not overwritten.
    file: PathBuf,
    /// Put the key for secrets at rest in too, locked by a passphrase.
    #[arg(long, requires = "passphrase_file")]
    with_key: bool,
    /// A file that holds the passphrase; `/dev/stdin` for standard input.
    #[arg(long, env = "MUSTER_BACKUP_PASSPHRASE_FILE")]
    passphrase_file: Option<PathBuf>,
}

/// Writes one snapshot, whatever a server does meanwhile.
pub async fn run(wanted: Backup) -> Result<ExitCode> {
    let key = key(&wanted)?;
    let db = wiring::existing(&wanted.data.database()?).await?;
    let clock = Clock::system();
    if wanted.file == Path::new("-") {
        let out = BufWriter::new(std::io::stdout());
        let (summary, mut out) = backup::database(&db, wanted.data.objects(), out, key, clock, progress).await?;
        out.flush().context("writing to standard output")?;
        tell_aside(&done(&wanted, &summary));
        return Ok(ExitCode::SUCCESS);
    }
    let part = Part::create(&wanted.file)?;
    let (summary, out) =
        backup::database(&db, wanted.data.objects(), BufWriter::new(part.file()?), key, clock, progress).await?;
    let file = out.into_inner().map_err(std::io::IntoInnerError::into_error).context("writing the backup")?;
    file.sync_all().context("writing the backup")?;
    part.finish()?;
    db.close().await;
    tell(&done(&wanted, &summary));
    Ok(ExitCode::SUCCESS)
}

/// What the file says of the key, and the key itself if it is wanted.
fn key(wanted: &Backup) -> Result<(Option<KeyMark>, Option<LockedKey>)> {
    let vault = wanted.data.existing_vault()?;
    let mark = vault.as_ref().map(KeyMark::of);
    if !wanted.with_key {
        return Ok((mark, None));
    }
    let vault = vault.context("there is no key for secrets at rest here: give --data-dir or --secret-key")?;
    let text = passphrase(wanted.passphrase_file.as_deref())?.context("--with-key needs --passphrase-file")?;
    let passphrase = Passphrase::new(text).map_err(|bad| anyhow::anyhow!("the passphrase: {}", bad.detail))?;
    Ok((mark, Some(LockedKey::lock(&vault, &passphrase, &Clock::system().now())?)))
}

/// The first line of a file.
pub(super) fn passphrase(file: Option<&Path>) -> Result<Option<secrecy::SecretString>> {
    let Some(file) = file else { return Ok(None) };
    let text = fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned().into()))
}

/// A file that is not yet whole. It has its name only when it is; else it goes away.
struct Part {
    aside: PathBuf,
    whole: PathBuf,
}

impl Part {
    fn create(whole: &Path) -> Result<Self> {
        ensure!(!whole.exists(), "{} is there already; choose another name", whole.display());
        let Some(name) = whole.file_name() else { bail!("{} names no file", whole.display()) };
        let mut aside = name.to_owned();
        aside.push(format!(".part{}", std::process::id()));
        let part = Self { aside: whole.with_file_name(aside), whole: whole.to_owned() };
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&part.aside);
        made.with_context(|| format!("creating {}", part.aside.display()))?;
        Ok(part)
    }

    fn file(&self) -> Result<File> {
        let opened = OpenOptions::new().write(true).open(&self.aside);
        opened.with_context(|| format!("writing {}", self.aside.display()))
    }

    /// Linked and not renamed: a file that has come by that name meanwhile is not overwritten.
    fn finish(self) -> Result<()> {
        fs::hard_link(&self.aside, &self.whole).with_context(|| format!("creating {}", self.whole.display()))
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.aside) {
            tracing::warn!(%error, file = %self.aside.display(), "an unfinished backup stays behind");
        }
    }
}

fn done(wanted: &Backup, summary: &Summary) -> String {
    let key = if wanted.with_key { "with the key, locked" } else { "without the key for secrets at rest" };
    let size = fs::metadata(&wanted.file).map(|file| format!(", {} bytes", file.len())).unwrap_or_default();
    format!("Backed up {} to {}{size}, {key}. SHA-256 {}", counts(summary), wanted.file.display(), summary.sha256)
}

/// `24 tables with 1204 rows and 31 files`.
pub(super) fn counts(summary: &Summary) -> String {
    let lost = match summary.missing {
        0 => String::new(),
        missing => format!(" (and without {missing} whose content is lost)"),
    };
    format!("{} tables with {} rows and {} files{lost}", summary.tables, summary.rows, summary.bodies)
}

/// One line for each table, and one for files, as it is done.
pub(super) fn progress(table: &str, rows: u64) {
    let unit = if table.starts_with("files") { "" } else { " rows" };
    tell_aside(&format!("{table}: {rows}{unit}"));
}

/// The result.
#[allow(clippy::print_stdout)]
pub(super) fn tell(line: &str) {
    println!("{line}");
}

/// What is no result.
#[allow(clippy::print_stderr)]
pub(super) fn tell_aside(line: &str) {
    eprintln!("{line}");
}
