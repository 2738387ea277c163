//! `SQLite`: one thread writes, a few connections read.

mod batch;
mod clock;
mod errors;
mod execute;
mod file;
mod job;
mod migrate;
mod names;
mod readers;
mod writer;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use tokio::sync::broadcast;

pub(crate) use execute::{execute, script};
pub(crate) use file::File;

use crate::{Conn, Error, Migration, Notice, Settings, Tx, conn::Session, notice, thread::blocking};
use readers::{Readers, Shelf};
use writer::Writer;

/// A `SQLite` file, opened.
pub(crate) struct Database {
    readers: Readers,
    writer: Writer,
    notices: broadcast::Sender<Notice>,
}

impl Database {
    pub(crate) async fn open(settings: &Settings) -> Result<Database, Error> {
        let settings = settings.clone();
        blocking(move || {
            let notices = broadcast::Sender::new(notice::BACKLOG);
            // The writer comes first: it makes the file and turns it to WAL.
            let (file, shelf) = (file::open_writer(&settings)?, Arc::new(Shelf::new()));
            let writer = Writer::start(file, &settings, notices.clone(), shelf.clone())?;
            let readers = Readers::open(&settings, shelf)?;
            Ok(Database { readers, writer, notices })
        })
        .await
    }

    /// Reads one state of the database: what is committed meanwhile stays out of sight.
    pub(crate) async fn read<T, E>(
        &self,
        work: impl FnOnce(&mut Conn<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        E: From<Error> + Send + 'static,
        T: Send + 'static,
    {
        let reader = self.readers.take().await?;
        blocking(move || run(&reader, work)).await
    }

    /// Reads on this thread, without the hop.
    pub(crate) async fn point<T, E: From<Error>>(
        &self,
        work: impl FnOnce(&mut Conn<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let reader = self.readers.take().await?;
        run(&reader, work)
    }

    pub(crate) async fn write<T, E>(&self, work: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        E: From<Error> + Send + 'static,
        T: Send + 'static,
    {
        self.writer.write(work).await
    }

    pub(crate) async fn migrate(&self, migrations: Vec<Migration>) -> Result<(), Error> {
        self.writer.alone(move |file| migrate::migrate(file, &migrations)).await?
    }

    /// Runs once, with no other unit beside it.
    pub(crate) async fn load<T, E>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        E: From<Error> + Send + 'static,
        T: Send + 'static,
    {
        self.writer.alone(move |file| migrate::load(file, work)).await?
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Notice> {
        self.notices.subscribe()
    }

    /// Lets running units end; the last connection writes the log back into the file.
    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

fn run<T, E: From<Error>>(file: &File, work: impl FnOnce(&mut Conn<'_>) -> Result<T, E>) -> Result<T, E> {
    let mut conn = Conn::new(Session::Sqlite(file));
    catch_unwind(AssertUnwindSafe(|| work(&mut conn))).unwrap_or_else(|_| Err(Error::Panicked.into()))
}
