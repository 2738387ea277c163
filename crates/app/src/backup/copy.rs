//! From one database straight into another: a backup that goes through a pipe instead of a file.

use std::{
    io::{BufWriter, ErrorKind, Write, pipe},
    sync::Arc,
};

use db::Db;

use super::{
    Bodies, Reader, Summary, Trouble, restore,
    write::{head, write},
};
use crate::{Clock, objects::Objects};

/// Copies all tables of one snapshot, between engines too, and reads them back. The target must be empty unless
/// `replace` is said, which loses what it held. `files` are the stores of both; without them the target goes on with the
/// store the source has.
pub async fn copy(
    from: &Db,
    to: &Db,
    files: Option<(Arc<dyn Objects>, Arc<dyn Objects>)>,
    replace: bool,
    clock: Clock,
    told: impl FnMut(&str, u64) + Send + 'static,
) -> Result<Summary, Trouble> {
    let (lines, into) = pipe()?;
    let source = from.clone();
    let (files, into_store) = files.unzip();
    let random = clock.clone();
    let writing = tokio::spawn(async move {
        let written = source.read(move |conn| {
            let mut into = BufWriter::new(into);
            let head = head(conn, (None, None), &clock)?;
            write(conn, &head, files.as_deref(), &mut into, &mut |_, _| {})?;
            Ok::<_, Trouble>(into.flush()?)
        });
        written.await
    });
    // The first line comes when the snapshot stands; waiting for it is no work for the runtime's threads.
    let opened = tokio::task::spawn_blocking(move || Reader::plain(lines)).await;
    let opened = opened.unwrap_or(Err(Trouble::Db(db::Error::Panicked)));
    let copied = match opened {
        Ok(reader) => {
            let bodies = into_store.map(|objects| Bodies { objects, clock: random });
            restore(to, bodies, reader, replace, told).await
        }
        Err(error) => Err(error),
    };
    let written = writing.await.unwrap_or(Err(Trouble::Db(db::Error::Panicked)));
    match (copied, written) {
        // A reader that goes away breaks the pipe: its own reason is the one to tell.
        (Err(error), Err(Trouble::Io(broken))) if broken.kind() == ErrorKind::BrokenPipe => Err(error),
        (_, Err(error)) => Err(error),
        (copied, Ok(())) => copied,
    }
}
