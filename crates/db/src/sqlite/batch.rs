//! One transaction for all jobs that wait: they share one COMMIT and its fsync.

use std::time::{Duration, Instant};

use super::{
    errors,
    file::File,
    job::{Job, Verdict},
};
use crate::{Error, Notice};

/// Jobs in one batch: enough to share the fsync, few enough that a full disk hits few.
const MOST_JOBS: usize = 128;

/// A batch takes no more jobs after this long, so that nobody waits for the work of all the others.
const LONGEST: Duration = Duration::from_millis(20);

/// An open transaction and the jobs it holds.
pub(super) struct Batch<'c> {
    file: &'c File,
    begun: Instant,
    jobs: Vec<Box<dyn Job>>,
    notices: Vec<Notice>,
}

impl<'c> Batch<'c> {
    pub(super) fn begin(file: &'c File) -> Result<Batch<'c>, Error> {
        execute(file, "BEGIN IMMEDIATE")?;
        Ok(Batch { file, begun: Instant::now(), jobs: Vec::new(), notices: Vec::new() })
    }

    pub(super) fn takes_more(&self) -> bool {
        self.jobs.len() < MOST_JOBS && self.begun.elapsed() < LONGEST
    }

    /// Runs a job behind a savepoint of its own. An error means that the whole batch is gone.
    pub(super) fn run(&mut self, mut job: Box<dyn Job>) -> Result<(), Error> {
        let ended = self.isolate(job.as_mut());
        self.jobs.push(job);
        self.notices.extend(ended?);
        Ok(())
    }

    fn isolate(&self, job: &mut dyn Job) -> Result<Vec<Notice>, Error> {
        execute(self.file, "SAVEPOINT job")?;
        let verdict = job.run(self.file);
        if self.file.is_autocommit() {
            // A full disk or an I/O error makes SQLite roll back everything, savepoints included.
            return Err(match verdict {
                Verdict::Undo(Some(error)) => error,
                Verdict::Undo(None) | Verdict::Keep(_) => Error::Unavailable("the transaction was cut short".into()),
            });
        }
        let notices = match verdict {
            Verdict::Keep(notices) => notices,
            Verdict::Undo(_) => {
                execute(self.file, "ROLLBACK TO job")?;
                Vec::new()
            }
        };
        execute(self.file, "RELEASE job")?;
        Ok(notices)
    }

    /// Commits; only now callers and subscribers hear of it.
    pub(super) fn commit(self, tell: impl Fn(Notice)) {
        if let Err(error) = execute(self.file, "COMMIT") {
            return self.fail(&error);
        }
        metrics::counter!("db_commits_total").increment(1);
        metrics::histogram!("db_batch_jobs").record(u32::try_from(self.jobs.len()).map_or(f64::MAX, f64::from));
        self.notices.into_iter().for_each(tell);
        for job in self.jobs {
            job.answer(Ok(()));
        }
    }

    /// Gives up every job of the batch.
    pub(super) fn fail(self, error: &Error) {
        if !self.file.is_autocommit()
            && let Err(error) = execute(self.file, "ROLLBACK")
        {
            tracing::error!(%error, "the writer could not roll back");
        }
        for job in self.jobs {
            job.answer(Err(error.clone()));
        }
    }
}

fn execute(file: &File, text: &str) -> Result<(), Error> {
    let run = file.prepare_cached(text).and_then(|mut statement| statement.raw_execute());
    run.map(drop).map_err(errors::outside)
}
