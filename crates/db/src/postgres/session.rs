//! One transaction on one connection.

use std::sync::Arc;

use deadpool_postgres::Object;
use futures_util::{FutureExt, TryStreamExt, future, pin_mut};
use tokio_postgres::types::{ToSql, Type};

use super::{
    errors,
    listener::CHANNEL,
    pool::{Numbered, Pool},
    values,
};
use crate::{
    Notice, Statement,
    conn::Visit,
    error::{Cause, Failure},
    notice,
};

/// The statements that begin a transaction.
pub(super) type Opening = Arc<str>;

/// A connection and the transaction on it.
pub(crate) struct Session {
    pool: Arc<Pool>,
    client: Object,
    opening: Opening,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// The transaction begins together with its first statement.
    Fresh,
    /// The transaction is open.
    Open,
    /// It has been ended.
    Over,
}

impl Session {
    pub(super) fn new(pool: Arc<Pool>, opening: Opening) -> Result<Session, Failure> {
        let client = pool.take()?;
        Ok(Session { pool, client, opening, state: State::Fresh })
    }

    /// Begins and waits for the answer: after it, writes are known to be inside the transaction.
    pub(super) fn begin(&mut self) -> Result<(), Failure> {
        self.state = State::Open;
        let begun = self.pool.block_on(self.client.batch_execute(&self.opening));
        begun.map_err(|error| errors::statement(error, "BEGIN"))
    }

    /// Runs a statement, and begins the transaction with it if need be.
    pub(crate) fn execute(&mut self, statement: &Statement, visit: Visit<'_>) -> Result<u64, Failure> {
        let numbered = self.pool.numbered(statement);
        statement.check(numbered.places)?;
        let fresh = self.state == State::Fresh;
        self.state = State::Open;
        let (rows, changed) = match self.send(&numbered, statement, fresh) {
            // A connection that broke while it lay in the pool; nothing has been read from it yet.
            Err(failure) if failure.cause == Cause::Lost && fresh => {
                self.client = self.pool.take()?;
                self.send(&numbered, statement, fresh)?
            }
            sent => sent?,
        };
        let Some(columns) = rows.first().map(values::columns) else {
            return Ok(changed);
        };
        for row in &rows {
            if !visit(values::read(row, &columns)?)? {
                break;
            }
        }
        Ok(changed)
    }

    /// One round trip: unnamed and with the types of its parameters, so that a pooler may stand between.
    fn send(
        &self,
        numbered: &Numbered,
        statement: &Statement,
        fresh: bool,
    ) -> Result<(Vec<tokio_postgres::Row>, u64), Failure> {
        if fresh {
            self.send_ahead(&self.opening);
        }
        let params = statement.params.iter().map(|value| (value, values::type_of(value)));
        let answer = async {
            let rows = self.client.query_typed_raw(&numbered.text, params).await?;
            pin_mut!(rows);
            let mut all = Vec::new();
            while let Some(row) = rows.try_next().await? {
                all.push(row);
            }
            Ok((all, rows.rows_affected().unwrap_or(0)))
        };
        self.pool.block_on(answer).map_err(|error| errors::statement(error, &statement.text))
    }

    /// Shows rows while they arrive; the server waits while we look, so that never more than a few are in memory.
    pub(crate) fn stream(&mut self, statement: &Statement, visit: Visit<'_>) -> Result<(), Failure> {
        let numbered = self.pool.numbered(statement);
        statement.check(numbered.places)?;
        if self.state == State::Fresh {
            self.begin()?;
        }
        let refused = |error| errors::statement(error, &statement.text);
        let params = statement.params.iter().map(|value| (value, values::type_of(value)));
        self.pool.block_on(async {
            let rows = self.client.query_typed_raw(&numbered.text, params).await.map_err(refused)?;
            pin_mut!(rows);
            let mut columns = None;
            while let Some(row) = rows.try_next().await.map_err(refused)? {
                let columns = columns.get_or_insert_with(|| values::columns(&row));
                if !visit(values::read(&row, columns)?)? {
                    break;
                }
            }
            Ok(())
        })
    }

    /// Sends without waiting for the answer; the connection keeps the order.
    fn send_ahead(&self, text: &str) {
        drop(self.client.batch_execute(text).now_or_never());
    }

    /// Runs several statements without parameters.
    pub(crate) fn script(&mut self, text: &str) -> Result<(), Failure> {
        let done = self.pool.block_on(self.client.batch_execute(text));
        done.map_err(|error| errors::statement(error, text))
    }

    /// Sends the notices and COMMIT in one round trip; the server hands notices out after COMMIT.
    pub(super) fn commit(mut self, notices: &[Notice]) -> Result<(), Failure> {
        self.state = State::Over;
        let (told, committed) =
            self.pool.block_on(future::join(self.tell(notices), self.client.batch_execute("COMMIT")));
        // A refused notice has aborted the transaction, and COMMIT after it answers like a success.
        told.map_err(errors::commit)?;
        committed.map_err(errors::commit)
    }

    async fn tell(&self, notices: &[Notice]) -> Result<(), tokio_postgres::Error> {
        let packed: Vec<String> = notices.iter().filter_map(notice::pack).collect();
        if packed.is_empty() {
            return Ok(());
        }
        let text = "SELECT pg_notify($1, packed) FROM unnest($2) AS packed";
        let params: [(&(dyn ToSql + Sync), Type); 2] = [(&CHANNEL, Type::TEXT), (&packed, Type::TEXT_ARRAY)];
        self.client.query_typed(text, &params).await.map(drop)
    }

    /// Rolls back and waits, so that the locks are free when the caller hears of it.
    pub(super) fn roll_back(mut self) {
        self.state = State::Over;
        if let Err(error) = self.pool.block_on(self.client.batch_execute("ROLLBACK")) {
            tracing::debug!(%error, "the connection went away with its transaction");
        }
    }
}

impl Drop for Session {
    /// Ends a transaction that only read, or was left behind.
    fn drop(&mut self) {
        if self.state == State::Open {
            self.send_ahead("ROLLBACK");
        }
    }
}
