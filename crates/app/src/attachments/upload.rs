//! A body on its way into the store, never more of it in memory than a few pieces.

use std::{io, sync::Arc};

use domain::{
    attachment::{FileName, Kind},
    id::WorkspaceId,
};
use sha2::{Digest as _, Sha256};
use store::attachments::New;
use tokio::{
    sync::mpsc,
    task::{JoinHandle, spawn_blocking},
};

use crate::{
    App, Failure,
    objects::{Incoming, Key, Objects},
};

/// A piece of a body, whoever holds its bytes.
type Bytes = Box<dyn AsRef<[u8]> + Send>;

enum Piece {
    Bytes(Bytes),
    End,
}

/// A body that is coming. Dropped before its end, as when its sender goes away, it leaves nothing behind.
pub struct Upload {
    pieces: mpsc::Sender<Piece>,
    written: JoinHandle<Result<New, Failure>>,
    came: u64,
    limit: u64,
}

/// Pieces that wait to be written; then their sender waits.
const WAITING: usize = 8;

impl Upload {
    /// Begins the body of a file of this name. `said` is the size its sender promises, if he does.
    pub fn begin(app: &App, workspace: WorkspaceId, name: FileName, said: Option<u64>) -> Result<Self, Failure> {
        let limit = app.settings().attachments.limit;
        if said.is_some_and(|said| said > limit) {
            return Err(Failure::TooLarge { limit });
        }
        let (pieces, coming) = mpsc::channel(WAITING);
        let (objects, unique) = (Arc::clone(app.objects()), app.clock().now().bytes());
        let written = spawn_blocking(move || write(&*objects, unique, workspace, name, coming));
        Ok(Self { pieces, written, came: 0, limit })
    }

    /// Adds bytes. An error ends it.
    pub async fn push(&mut self, bytes: impl AsRef<[u8]> + Send + 'static) -> Result<(), Failure> {
        self.came += u64::try_from(bytes.as_ref().len()).unwrap_or(u64::MAX);
        if self.came > self.limit {
            return Err(Failure::TooLarge { limit: self.limit });
        }
        // Where nobody listens any more, the end says why.
        let _ = self.pieces.send(Piece::Bytes(Box::new(bytes))).await;
        Ok(())
    }

    /// All has come: the body is kept.
    pub async fn finish(self) -> Result<New, Failure> {
        let _ = self.pieces.send(Piece::End).await;
        self.written.await.map_err(|error| Failure::Broken(format!("writing a file: {error}")))?
    }
}

fn write(
    objects: &dyn Objects,
    unique: [u8; 16],
    workspace: WorkspaceId,
    name: FileName,
    mut coming: mpsc::Receiver<Piece>,
) -> Result<New, Failure> {
    let mut body = Body { part: objects.begin(unique).map_err(told)?, hash: Sha256::new(), head: Vec::new(), size: 0 };
    while let Some(piece) = coming.blocking_recv() {
        match piece {
            Piece::Bytes(bytes) => body.take((*bytes).as_ref()).map_err(told)?,
            Piece::End => return body.keep(workspace, name),
        }
    }
    Err(Failure::conflict("upload_broke_off", "The upload broke off. Nothing was kept."))
}

struct Body {
    part: Box<dyn Incoming>,
    hash: Sha256,
    head: Vec<u8>,
    size: i64,
}

impl Body {
    fn take(&mut self, bytes: &[u8]) -> io::Result<()> {
        let missing = Kind::HEAD.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(&bytes[..missing]);
        self.hash.update(bytes);
        self.size += i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        self.part.write(bytes)
    }

    fn keep(self, workspace: WorkspaceId, name: FileName) -> Result<New, Failure> {
        if self.size == 0 {
            return Err(Failure::invalid("file", "empty", "The file is empty. Nothing was kept."));
        }
        let kind = Kind::of(&self.head).under(&name);
        let kind = kind.map_err(|lie| Failure::invalid("file", "wrong_type", format!("{lie}.")))?;
        let digest = <[u8; 32]>::from(self.hash.finalize()).into();
        self.part.keep(Key { workspace, digest }).map_err(told)?;
        Ok(New { digest, name, kind, size: self.size })
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn told(error: io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Failure::Db(db::Error::Full),
        _ => Failure::Broken(format!("the store of files: {error}")),
    }
}
