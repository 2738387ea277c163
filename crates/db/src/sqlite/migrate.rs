//! Migrations on the writer's connection.

use super::{errors, file::File};
use crate::{Error, Migration, Tx, conn::Session, error::Failure, migration, tx::Ending};

/// Runs what is pending. Foreign keys are off meanwhile, so that a table can be rebuilt under its references; all of
/// them are checked before COMMIT. They can only be switched outside of a transaction.
pub(super) fn migrate(file: &File, migrations: &[Migration]) -> Result<(), Error> {
    switch_references(file, false)?;
    let migrated = in_transaction(file, migrations);
    switch_references(file, true)?;
    migrated
}

fn in_transaction(file: &File, migrations: &[Migration]) -> Result<(), Error> {
    run(file, "BEGIN IMMEDIATE")?;
    let ended = match Tx::run_unit(Session::Sqlite(file), &|tx| migration::run(tx, migrations)) {
        Ending::Keep((), _) => run(file, "COMMIT"),
        Ending::Undo(error, _) | Ending::Failed(Failure { error, .. }) => Err(error),
        Ending::Panicked => Err(Error::Panicked),
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
