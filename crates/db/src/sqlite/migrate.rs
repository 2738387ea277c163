//! Migrations and loads on the writer's connection.

use std::cell::Cell;

use super::{errors, file::File};
use crate::{Error, Migration, Tx, conn::Session, error::Failure, migration, tx::Ending};

/// Runs what is pending. Foreign keys are off meanwhile, so that a table can be rebuilt under its references; all of
/// them are checked before COMMIT. They can only be switched outside of a transaction.
pub(super) fn migrate(file: &File, migrations: &[Migration]) -> Result<(), Error> {
    switch_references(file, false)?;
    let migrated = in_transaction(file, &|tx| migration::run(tx, migrations));
    switch_references(file, true)?;
    migrated
}

/// Runs what fills tables in any order; references are checked before COMMIT.
pub(super) fn load<T, E: From<Error>>(file: &File, work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
    switch_references(file, false)?;
    let work = Cell::new(Some(work));
    let loaded = in_transaction(file, &|tx| {
        let loaded = work.take().expect("a transaction runs its unit once")(tx)?;
        migration::check_references(tx)?;
        Ok(loaded)
    });
    switch_references(file, true)?;
    loaded
}

fn in_transaction<T, E: From<Error>>(file: &File, work: &dyn Fn(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
    run(file, "BEGIN IMMEDIATE")?;
    let ended = match Tx::run_unit(Session::Sqlite(file), work) {
        Ending::Keep(value, _) => run(file, "COMMIT").map(|()| value).map_err(E::from),
        Ending::Undo(error, _) => Err(error),
        Ending::Failed(Failure { error, .. }) => Err(error.into()),
        Ending::Panicked => Err(Error::Panicked.into()),
    };
    if !file.is_autocommit() {
        run(file, "ROLLBACK")?;
    }
    ended
}

fn switch_references(file: &File, on: bool) -> Result<(), Error> {
    file.pragma_update(None, "foreign_keys", on).map_err(errors::outside)
}

fn run(file: &File, text: &str) -> Result<(), Error> {
    file.execute_batch(text).map_err(errors::outside)
}
