//! Bodies of files, which follow the tables: a line that names one, then lines of its bytes.

use std::{
    io::{ErrorKind, Read as _},
    sync::Arc,
};

use data_encoding::BASE64;
use db::Conn;
use domain::id::WorkspaceId;
use sha2::{Digest as _, Sha256};
use store::attachments::{self, Kept};
use uuid::Uuid;

use super::{
    Summary, Told, Trouble,
    format::{NamedBody, line},
    read::Reader,
};
use crate::{
    Clock,
    objects::{Key, Objects},
};

/// Where bodies are restored to, and what tells those that are coming from each other.
#[derive(Clone)]
pub struct Bodies {
    /// The store.
    pub objects: Arc<dyn Objects>,
    /// The clock, for its random values.
    pub clock: Clock,
}

/// Bytes in a line.
const PIECE: usize = 48 << 10;

/// Bodies asked for at once.
const AT_ONCE: i64 = 500;

/// Writes each body that a file of the snapshot has.
pub(super) fn write(
    conn: &mut Conn,
    objects: &dyn Objects,
    put: &mut dyn FnMut(&[u8]) -> Result<(), Trouble>,
    summary: &mut Summary,
    told: Told,
) -> Result<(), Trouble> {
    let mut after = None;
    loop {
        let some = attachments::bodies(conn, None, after, AT_ONCE)?;
        let Some(last) = some.last() else { break };
        after = Some((last.workspace, last.digest));
        for kept in &some {
            body(objects, kept, put, summary)?;
        }
    }
    told("files", summary.bodies);
    if summary.missing > 0 {
        told("files whose content is lost", summary.missing);
    }
    Ok(())
}

fn body(
    objects: &dyn Objects,
    kept: &Kept,
    put: &mut dyn FnMut(&[u8]) -> Result<(), Trouble>,
    summary: &mut Summary,
) -> Result<(), Trouble> {
    let key = Key { workspace: kept.workspace, digest: kept.digest };
    let mut from = match objects.open(key) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            tracing::warn!(digest = %kept.digest, "the body of a file is not in the store");
            summary.missing += 1;
            return Ok(());
        }
        opened => opened?,
    };
    let size = u64::try_from(kept.size).unwrap_or_default();
    put(&line(&NamedBody::of(key, size))?)?;
    let (mut piece, mut left) = (vec![0; PIECE], size);
    while left > 0 {
        let most = PIECE.min(usize::try_from(left).unwrap_or(PIECE));
        from.read_exact(&mut piece[..most])?;
        put(&line(&BASE64.encode(&piece[..most]))?)?;
        left -= u64::try_from(most).unwrap_or_default();
    }
    summary.bodies += 1;
    Ok(())
}

/// Keeps a body whose first line was read. Its digest is that of its bytes, or nothing is kept.
pub(super) fn keep(bodies: &Bodies, key: Key, reader: &mut Reader) -> Result<(), Trouble> {
    let mut part = bodies.objects.begin(bodies.clock.now().bytes())?;
    while let Some(bytes) = reader.bytes()? {
        part.write(&bytes)?;
    }
    Ok(part.keep(key)?)
}

/// A body that is being read.
pub(super) struct Coming {
    key: Key,
    left: u64,
    hash: Sha256,
}

impl Coming {
    pub fn of(named: &NamedBody) -> Option<Self> {
        let workspace = Uuid::try_parse(&named.body).map(WorkspaceId::from).ok()?;
        let key = Key { workspace, digest: named.sha256.parse().ok()? };
        Some(Self { key, left: named.size, hash: Sha256::new() })
    }

    pub fn key(&self) -> Key {
        self.key
    }

    /// The bytes of a line.
    pub fn bytes(&mut self, line: &[u8]) -> Option<Vec<u8>> {
        let text: String = serde_json::from_slice(line).ok()?;
        let bytes = BASE64.decode(text.as_bytes()).ok()?;
        self.left = self.left.checked_sub(u64::try_from(bytes.len()).ok()?)?;
        self.hash.update(&bytes);
        Some(bytes)
    }

    /// Whether all has come; an error if it is not what its name says.
    pub fn ends(&self) -> Result<bool, Trouble> {
        if self.left > 0 {
            return Ok(false);
        }
        let digest = domain::attachment::Digest::from(<[u8; 32]>::from(self.hash.clone().finalize()));
        if digest == self.key.digest {
            Ok(true)
        } else {
            Err(Trouble::damaged("the content of a file is not what was written"))
        }
    }
}
