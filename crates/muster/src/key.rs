//! The key for secrets at rest: given by a flag, or a file in the data directory, made at first start.

use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use anyhow::{Context, Result, bail, ensure};
use app::{Clock, vault::Vault};
use data_encoding::HEXLOWER_PERMISSIVE;

/// Reads the key that was given: 64 hexadecimal digits.
pub fn given(text: &str) -> Result<Vault> {
    let bytes = HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).context("the secret key must be hexadecimal")?;
    let Ok(key) = <[u8; 32]>::try_from(bytes) else { bail!("the secret key must have 64 hexadecimal digits") };
    Ok(Vault::new(key))
}

/// The key of this data directory, made at first start. It is written aside and linked into place whole, so two
/// processes starting at once agree on one and a crash in between leaves none that is damaged.
pub fn in_directory(directory: &Path) -> Result<Vault> {
    let path = directory.join(NAME);
    if !path.exists() {
        make(directory, &path, &Clock::system().now().bytes())?;
    }
    read(&path)
}

/// The key of this data directory, if there is one yet.
pub fn existing(directory: &Path) -> Result<Option<Vault>> {
    let path = directory.join(NAME);
    path.exists().then(|| read(&path)).transpose()
}

const NAME: &str = "secret.key";

/// Puts this key into the data directory. One that is there already has to be the same.
pub fn keep(directory: &Path, vault: &Vault) -> Result<()> {
    let path = directory.join(NAME);
    make(directory, &path, vault.key())?;
    ensure!(read(&path)?.key() == vault.key(), "{} holds another key", path.display());
    Ok(())
}

fn make(directory: &Path, path: &Path, key: &[u8; 32]) -> Result<()> {
    let aside = directory.join(format!("{NAME}.{}", std::process::id()));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&aside)?;
    let key = HEXLOWER_PERMISSIVE.encode(key);
    file.write_all(key.as_bytes()).and_then(|()| file.sync_all()).context("writing the secret key")?;
    let linked = fs::hard_link(&aside, path);
    fs::remove_file(&aside).context("tidying up after the secret key")?;
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            Err(error).with_context(|| format!("creating {}", path.display()))
        }
        _ => Ok(()),
    }
}

fn read(path: &Path) -> Result<Vault> {
    let text = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    given(&text).with_context(|| format!("{} is damaged", path.display()))
}
