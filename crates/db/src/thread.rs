//! Work that blocks, on threads of its own.

use tokio::{sync::oneshot, task};

use crate::Error;

/// Runs it where it may block. It runs to its end even if nobody waits any more. A panic is [`Error::Panicked`].
///
/// Every unit of work has a type of its own. Boxed, they share one task type: otherwise the runtime's machinery would be
/// compiled anew for each of hundreds of them, megabytes in all.
pub(crate) async fn blocking<T, E>(work: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, E>
where
    E: From<Error> + Send + 'static,
    T: Send + 'static,
{
    let (answer, answered) = oneshot::channel();
    start(Box::new(move || drop(answer.send(work()))));
    answered.await.unwrap_or_else(|_| Err(Error::Panicked.into()))
}

fn start(work: Box<dyn FnOnce() + Send>) {
    drop(task::spawn_blocking(work));
}
