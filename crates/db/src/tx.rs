//! A transaction as units of work see it.

use std::{
    ops::{Deref, DerefMut},
    panic::{AssertUnwindSafe, catch_unwind},
};

use crate::{Conn, Error, Notice, Statement, conn::Session, error::Failure, notice};

/// A write transaction lent to one unit of work. It is committed when the function answers `Ok`.
pub struct Tx<'a> {
    conn: Conn<'a>,
    notices: Vec<Notice>,
}

/// How a unit of work ended, before COMMIT.
pub(crate) enum Ending<T, E> {
    /// To be committed, with these notices.
    Keep(T, Vec<Notice>),
    /// The function said no, perhaps because a statement failed.
    Undo(E, Option<Failure>),
    /// A statement failed and the function went on, or the whole unit may be run anew.
    Failed(Failure),
    /// The function panicked.
    Panicked,
}

impl<'a> Tx<'a> {
    /// Runs a unit of work inside a transaction that the caller has begun and will end.
    pub(crate) fn run_unit<T, E>(session: Session<'a>, work: &dyn Fn(&mut Tx<'_>) -> Result<T, E>) -> Ending<T, E> {
        let mut tx = Tx { conn: Conn::new(session), notices: Vec::new() };
        // The unit's own state is thrown away after a panic, so nothing half-changed is seen again.
        let Ok(result) = catch_unwind(AssertUnwindSafe(|| work(&mut tx))) else {
            return Ending::Panicked;
        };
        match (result, tx.conn.take_failure()) {
            (_, Some(failure)) if failure.is_passing() => Ending::Failed(failure),
            (Err(error), failure) => Ending::Undo(error, failure),
            (Ok(_), Some(failure)) => Ending::Failed(failure),
            (Ok(value), None) => Ending::Keep(value, tx.notices),
        }
    }

    /// Runs a statement for its effect; answers how many rows it changed.
    #[allow(clippy::needless_pass_by_value, reason = "a statement is made where it is used up")]
    pub fn run(&mut self, statement: Statement) -> Result<u64, Error> {
        self.conn.execute(&statement, &mut |_| Ok(true))
    }

    /// Tells every subscriber on every node, once and only if this transaction is committed.
    ///
    /// Equal notices of one transaction are sent once. Topic and payload together have less than 7999 bytes and the
    /// topic has no line break, else the transaction fails.
    pub fn notify(&mut self, topic: &'static str, payload: impl Into<String>) {
        let payload = payload.into();
        if topic.len() + 1 + payload.len() > notice::LONGEST || topic.contains('\n') {
            return self.conn.fail(Failure::ours(format!("a notice about {topic} is too long")));
        }
        let notice = Notice::Sent { topic: topic.into(), payload };
        if !self.notices.contains(&notice) {
            self.notices.push(notice);
        }
    }
}

impl<'a> Deref for Tx<'a> {
    type Target = Conn<'a>;

    fn deref(&self) -> &Conn<'a> {
        &self.conn
    }
}

impl<'a> DerefMut for Tx<'a> {
    fn deref_mut(&mut self) -> &mut Conn<'a> {
        &mut self.conn
    }
}
