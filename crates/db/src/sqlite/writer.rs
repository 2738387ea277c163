//! The thread that alone writes to the file.

use std::{
    sync::Arc,
    thread::{self, JoinHandle},
    time::Duration,
};

use parking_lot::Mutex;
use tokio::{
    sync::{broadcast, mpsc, oneshot},
    task,
};

use super::{
    batch::Batch,
    file::File,
    job::{Job, Unit},
    readers::Shelf,
};
use crate::{Error, Notice, Settings, Tx};

/// The way to the writer's thread.
pub(super) struct Writer {
    orders: mpsc::Sender<Order>,
    patience: Duration,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// What the thread can be asked to do.
enum Order {
    /// A unit of work, to be batched with others.
    Job(Box<dyn Job>),
    /// Work outside of any transaction, such as migrations.
    Alone(Box<dyn FnOnce(&File) + Send>),
    /// Finish what waits and end.
    Stop,
}

impl Writer {
    pub(super) fn start(
        file: File,
        settings: &Settings,
        notices: broadcast::Sender<Notice>,
        shelf: Arc<Shelf>,
    ) -> Result<Writer, Error> {
        let (orders, queue) = mpsc::channel(settings.queue_length.max(1));
        let desk = Desk { file, queue, notices, shelf };
        let thread = thread::Builder::new()
            .name("db-writer".into())
            .spawn(move || desk.work())
            .map_err(|error| Error::Unavailable(format!("no thread for the writer: {error}")))?;
        Ok(Writer { orders, patience: settings.acquire_timeout, thread: Mutex::new(Some(thread)) })
    }

    pub(super) async fn write<T, E>(&self, work: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        E: From<Error> + Send + 'static,
        T: Send + 'static,
    {
        let (caller, answer) = oneshot::channel();
        self.order(Order::Job(Box::new(Unit::new(work, caller)))).await?;
        answer.await.unwrap_or_else(|_| Err(closed().into()))
    }

    /// Runs work between two batches, outside of a transaction.
    pub(super) async fn alone<T: Send + 'static>(
        &self,
        work: impl FnOnce(&File) -> T + Send + 'static,
    ) -> Result<T, Error> {
        let (caller, answer) = oneshot::channel();
        let order = Order::Alone(Box::new(move |file| {
            drop(caller.send(work(file)));
        }));
        self.order(order).await?;
        answer.await.map_err(|_| closed())
    }

    async fn order(&self, order: Order) -> Result<(), Error> {
        self.orders.send_timeout(order, self.patience).await.map_err(|error| match error {
            mpsc::error::SendTimeoutError::Timeout(_) => {
                Error::Unavailable(format!("the writer's queue was full for {:?}", self.patience))
            }
            mpsc::error::SendTimeoutError::Closed(_) => closed(),
        })
    }

    /// Lets the thread finish what waits, and waits for its end.
    pub(super) async fn close(&self) {
        // An error means that the thread has ended before.
        drop(self.orders.send(Order::Stop).await);
        let thread = self.thread.lock().take();
        if let Some(thread) = thread
            && task::spawn_blocking(move || thread.join().is_err()).await.unwrap_or(true)
        {
            tracing::error!("the writer's thread panicked");
        }
    }
}

fn closed() -> Error {
    Error::Unavailable("it has been closed".into())
}

/// The thread's own things.
struct Desk {
    file: File,
    queue: mpsc::Receiver<Order>,
    notices: broadcast::Sender<Notice>,
    shelf: Arc<Shelf>,
}

impl Desk {
    /// No statistics are gathered at the end: those of a small database have every index passed over once it has grown,
    /// and without any the planner takes the index that was made for the query.
    fn work(mut self) {
        while let Some(order) = self.queue.blocking_recv() {
            self.handle(order);
        }
    }

    /// Handles an order, and whatever order ended the batch it began.
    fn handle(&mut self, order: Order) {
        let mut next = Some(order);
        while let Some(order) = next.take() {
            match order {
                Order::Job(job) => next = self.batch(job),
                Order::Alone(work) => {
                    let _writing = self.shelf.writing();
                    work(&self.file);
                }
                Order::Stop => self.queue.close(),
            }
        }
    }

    /// Runs this job and those that wait in one transaction. Answers an order that did not fit in.
    fn batch(&mut self, first: Box<dyn Job>) -> Option<Order> {
        let shelf = Arc::clone(&self.shelf);
        let _writing = shelf.writing();
        let mut batch = match Batch::begin(&self.file) {
            Ok(batch) => batch,
            Err(error) => {
                first.answer(Err(error));
                return None;
            }
        };
        let mut next = Some(Order::Job(first));
        while let Some(Order::Job(job)) = next {
            if let Err(error) = batch.run(job) {
                batch.fail(&error);
                return None;
            }
            metrics::gauge!("db_writer_queue").set(u32::try_from(self.queue.len()).map_or(f64::MAX, f64::from));
            next = if batch.takes_more() { self.queue.try_recv().ok() } else { None };
        }
        // Nobody listening is fine.
        batch.commit(|notice| drop(self.notices.send(notice)));
        next
    }
}
