//! The floor of a preview: the list read, and two sets of addresses asked of bare rusqlite.

use std::{path::Path, time::Instant};

use anyhow::{Result, ensure};
use domain::{email::Email, recipients::recipients};
use rusqlite::{Connection, OpenFlags, ToSql, params_from_iter};

/// A reader of its own of the server's database.
pub struct Floor {
    db: Connection,
    workspace: [u8; 16],
}

impl Floor {
    /// Opens the file.
    pub fn open(file: &Path) -> Result<Self> {
        let db = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let workspace = db.query_row("SELECT id FROM workspace", [], |row| row.get(0))?;
        Ok(Self { db, workspace })
    }

    /// How long it takes, in milliseconds.
    pub fn look(&self, list: &str) -> Result<f64> {
        let begun = Instant::now();
        let emails: Vec<Email> = recipients(list).filter_map(|recipient| recipient.piece.email.ok()).collect();
        let open = self.known(
            "SELECT normalised FROM invitation WHERE workspace = ? AND state IN ('pending', 'on_hold')
             AND normalised IN ({})",
            &emails,
        )?;
        let members = self.known(
            "SELECT a.normalised FROM person_address a JOIN member m ON m.person = a.person AND m.workspace = ?
             AND m.state IN ('active', 'deactivated') WHERE a.normalised IN ({})",
            &emails,
        )?;
        let took = begun.elapsed().as_secs_f64() * 1e3;
        ensure!(
            emails.len() == super::ADDRESSES && open.is_empty() && members.is_empty(),
            "the list was read otherwise"
        );
        Ok(took)
    }

    fn known(&self, text: &str, emails: &[Email]) -> Result<Vec<String>> {
        let marks = vec!["?"; emails.len()].join(", ");
        let mut statement = self.db.prepare_cached(&text.replace("{}", &marks))?;
        let workspace: &dyn ToSql = &self.workspace;
        let keys: Vec<&str> = emails.iter().map(Email::normalised).collect();
        let params = std::iter::once(workspace).chain(keys.iter().map(|key| key as &dyn ToSql));
        let rows = statement.query_map(params_from_iter(params), |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
