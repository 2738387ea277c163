//! Migrations when several nodes start at once.

use crate::{Error, Migration, Tx, migration, sql};

/// The name of the lock; any number that nothing else uses.
const LOCK: i64 = 0x006d_6967_7261_7465;

/// Runs what is pending: one node does, and the others wait until it has.
pub(super) fn migrate(tx: &mut Tx<'_>, migrations: &[Migration]) -> Result<(), Error> {
    tx.one::<()>(sql!("SELECT pg_advisory_xact_lock(?)", LOCK))?;
    migration::run(tx, migrations)
}
