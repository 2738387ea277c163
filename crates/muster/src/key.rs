//! The key for secrets at rest: given by a flag, or a file in the data directory, made at first start.

use std::{
    fs::OpenOptions,
    io::{ErrorKind, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use anyhow::{Context, Result, bail};
use app::{Clock, vault::Vault};
use data_encoding::HEXLOWER_PERMISSIVE;

/// Reads the key that was given: 64 hexadecimal digits.
pub fn given(text: &str) -> Result<Vault> {
    let bytes = HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).context("the secret key must be hexadecimal")?;
    let Ok(key) = <[u8; 32]>::try_from(bytes) else { bail!("the secret key must have 64 hexadecimal digits") };
    Ok(Vault::new(key))
}

/// The key of this data directory. Made exclusively, so that two processes starting at once agree on one.
pub fn in_directory(directory: &Path) -> Result<Vault> {
    let path = directory.join("secret.key");
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path) {
        Ok(mut file) => {
            let key = HEXLOWER_PERMISSIVE.encode(&Clock::system().now().bytes::<32>());
            file.write_all(key.as_bytes()).and_then(|()| file.sync_all()).context("writing the secret key")?;
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error).with_context(|| format!("creating {}", path.display())),
    }
    let text = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    given(&text).with_context(|| format!("{} is damaged", path.display()))
}
