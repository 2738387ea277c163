//! What can go wrong with a backup, in words that say what to do next. Nothing was changed then.

use store::server::Holds;

/// Why there is no backup, or why it was not restored.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The file could not be read or written.
    #[error("the file: {0}")]
    Io(#[from] std::io::Error),
    /// The database's trouble.
    #[error(transparent)]
    Db(#[from] db::Error),
    /// Something else, or a text that was changed at its very beginning.
    #[error("this is no backup of Muster")]
    NoBackup,
    /// Written by a version after this one.
    #[error(
        "this backup has format {found}, and this program reads up to {known}: use the program that wrote it, or a newer one"
    )]
    NewerFormat {
        /// The format of the file.
        found: u32,
        /// The newest one known here.
        known: u32,
    },
    /// Its database was changed by a version after this one.
    #[error(
        "this backup is of migration {found}, and this program knows {known}: use the program that wrote it, or a newer one"
    )]
    NewerDatabase {
        /// The last migration of the file.
        found: u32,
        /// The last one known here.
        known: u32,
    },
    /// Its database ran a migration that has another text here.
    #[error("migration {0} of this backup is not the one this program has, so it cannot be restored here")]
    OtherDatabase(u32),
    /// The target has run migrations the backup has not.
    #[error("the target is at migration {found} and the backup at {wanted}: restore into an empty folder or database")]
    TargetAhead {
        /// The last migration of the target.
        found: u32,
        /// The last one of the file.
        wanted: u32,
    },
    /// Bytes are missing, were added or changed.
    #[error("this backup is damaged: {0}; nothing of it was used")]
    Damaged(String),
    /// The target is in use.
    #[error(
        "the target is not empty: it holds {0}, all of which would be lost; restore into an empty folder or database, or say --replace"
    )]
    NotEmpty(Holds),
    /// What was written reads back differently.
    #[error("the table {0} reads back differently than it was written; nothing was kept")]
    ReadsBackDifferently(String),
    /// The passphrase does not open the key.
    #[error("this passphrase does not open the key in the backup")]
    WrongPassphrase,
}

impl Trouble {
    pub(super) fn damaged(why: impl Into<String>) -> Self {
        Self::Damaged(why.into())
    }
}
