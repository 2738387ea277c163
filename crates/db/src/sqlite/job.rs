//! A unit of work on its way to the writer's thread and back.

use tokio::sync::oneshot;

use super::file::File;
use crate::{Error, Notice, Tx, conn::Session, tx::Ending};

/// A unit of work without its types.
pub(super) trait Job: Send {
    /// Runs inside the writer's transaction and keeps the result for [`Job::answer`].
    fn run(&mut self, file: &File) -> Verdict;

    /// Answers the caller once the fate of the whole batch is known.
    fn answer(self: Box<Self>, batch: Result<(), Error>);
}

/// What becomes of a job's changes.
pub(super) enum Verdict {
    Keep(Vec<Notice>),
    /// With the statement's error, if one failed.
    Undo(Option<Error>),
}

/// A unit of work with its types.
pub(super) struct Unit<W, T, E> {
    work: W,
    result: Option<Result<T, E>>,
    caller: oneshot::Sender<Result<T, E>>,
}

impl<W, T, E> Unit<W, T, E> {
    pub(super) fn new(work: W, caller: oneshot::Sender<Result<T, E>>) -> Self {
        Unit { work, result: None, caller }
    }
}

impl<W, T, E> Job for Unit<W, T, E>
where
    W: Fn(&mut Tx<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<Error> + Send,
{
    fn run(&mut self, file: &File) -> Verdict {
        let (result, verdict) = match Tx::run_unit(Session::Sqlite(file), &self.work) {
            Ending::Keep(value, notices) => (Ok(value), Verdict::Keep(notices)),
            Ending::Undo(error, failure) => (Err(error), Verdict::Undo(failure.map(Into::into))),
            Ending::Failed(failure) => (Err(failure.error.clone().into()), Verdict::Undo(Some(failure.error))),
            Ending::Panicked => (Err(Error::Panicked.into()), Verdict::Undo(None)),
        };
        self.result = Some(result);
        verdict
    }

    fn answer(self: Box<Self>, batch: Result<(), Error>) {
        let result = match (batch, self.result) {
            // A no may rest on what a neighbour wrote, so it does not outlive the batch either.
            (Err(error), _) => Err(error.into()),
            (Ok(()), Some(result)) => result,
            (Ok(()), None) => Err(Error::Unavailable("the unit of work was not run".into()).into()),
        };
        // The caller may have gone away; the work stands all the same.
        drop(self.caller.send(result));
    }
}
