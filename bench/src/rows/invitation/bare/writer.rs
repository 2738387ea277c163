//! One writer of the floor: the statements of an invitation, in the order in which ours runs them.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use rusqlite::{Connection, ErrorCode, Params, params};

/// How long a writer waits for the others before it tries anew: as ours waits for other processes.
const PATIENCE: Duration = Duration::from_secs(5);
/// A UTC day in microseconds, and some moment in it.
const DAY: i64 = 86_400_000_000;
const NOW: i64 = 20_000 * DAY + 4_711;

/// A connection and what it writes about.
pub struct Writer {
    db: Connection,
    sent: Arc<AtomicU64>,
    workspace: [u8; 16],
    person: [u8; 16],
    member: [u8; 16],
    session: [u8; 16],
}

impl Writer {
    /// Another connection to the file, set up as ours is.
    pub fn open(file: &Path, sent: Arc<AtomicU64>) -> Result<Self> {
        let db = Connection::open(file)?;
        db.busy_timeout(PATIENCE)?;
        db.pragma_update(None, "synchronous", "FULL")?;
        db.pragma_update(None, "foreign_keys", true)?;
        db.set_prepared_statement_cache_capacity(256);
        let ids = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        let (workspace, person, member) = db.query_row("SELECT workspace, person, id FROM member", [], ids)?;
        let session = db.query_row("SELECT id FROM session", [], |row| row.get(0))?;
        Ok(Self { db, sent, workspace, person, member, session })
    }

    /// Invites until the time is over; gives how many were written by then.
    pub fn write_until(&mut self, end: Instant) -> Result<u32> {
        let mut written = 0;
        loop {
            self.invite()?;
            if Instant::now() > end {
                return Ok(written);
            }
            written += 1;
        }
    }

    /// One invitation in a transaction of its own.
    pub fn invite(&mut self) -> Result<()> {
        self.invite_all(1)
    }

    /// So many invitations in one transaction.
    pub fn invite_all(&mut self, count: u64) -> Result<()> {
        self.begin()?;
        self.know()?;
        let first = self.sent.fetch_add(count, Ordering::Relaxed);
        for number in first..first + count {
            let address = format!("person{number}@hollin.example");
            self.look(&address)?;
            let invitation = id(number, 1);
            self.write(&invitation, &address)?;
            self.queue(&invitation, number, &address)?;
            self.tell(&address)?;
        }
        for scope in ["inviter", "workspace", "server"] {
            self.spend(scope)?;
        }
        self.run("COMMIT", [])?;
        Ok(())
    }

    /// Waits its turn, for as long as it takes.
    fn begin(&self) -> Result<()> {
        loop {
            match self.run("BEGIN IMMEDIATE", []) {
                Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {}
                other => return Ok(other.map(drop)?),
            }
        }
    }

    /// What the server allows, the inviter, his grants and session, and that there is a project.
    fn know(&self) -> Result<()> {
        self.read("SELECT name, value, fixed FROM server_setting ORDER BY name", [])?;
        let inviter = "SELECT id, workspace, person, role, shut_out_at FROM member WHERE id = ? AND state = 'active'";
        self.read(inviter, [&self.member])?;
        self.read("SELECT project, role FROM project_grant WHERE member = ?", [&self.member])?;
        self.read("SELECT id FROM session WHERE id = ? AND ends_at > ?", params![self.session, NOW])?;
        self.read("SELECT id FROM project WHERE workspace = ? LIMIT 1", [&self.workspace])
    }

    /// What is known of the address.
    fn look(&self, address: &str) -> Result<()> {
        let workspace = &self.workspace;
        let open = "SELECT id, normalised, ends_at FROM invitation
             WHERE workspace = ? AND state IN ('pending', 'on_hold') AND normalised IN (?)";
        self.read(open, params![workspace, address])?;
        let members = "SELECT m.id, m.state, a.normalised FROM person_address a
             JOIN member m ON m.person = a.person AND m.workspace = ? AND m.state IN ('active', 'deactivated')
             WHERE a.normalised IN (?)";
        self.read(members, params![workspace, address])?;
        self.read("SELECT shown, blocked FROM workspace_domain WHERE workspace = ? ORDER BY blocked, n", [workspace])
    }

    fn spend(&self, scope: &str) -> Result<()> {
        let subject = "wsp_0000000000000000000000000";
        let spent = self.run(
            "INSERT INTO quota (day, scope, subject, used) VALUES (?, ?, ?, ?) ON CONFLICT (day, scope, subject)
             DO UPDATE SET used = quota.used + excluded.used WHERE quota.used + excluded.used <= ?",
            params![NOW / DAY * DAY, scope, subject, 1, i64::MAX / 2],
        )?;
        ensure!(spent == 1, "a quota was not spent");
        Ok(())
    }

    fn write(&self, invitation: &[u8; 16], address: &str) -> Result<()> {
        let added = self.rows(
            "INSERT INTO invitation
                (id, workspace, address, normalised, name, role, message, state, invited_by, valid_days, created_at, ends_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?, ?, ?)
             ON CONFLICT (workspace, normalised) WHERE state IN ('pending', 'on_hold') DO NOTHING RETURNING id",
            params![invitation, self.workspace, address, address, None::<&str>, "tester", None::<&str>, self.person, 7, NOW, NOW + 12 * DAY],
        )?;
        ensure!(added == 1, "an invitation was not written");
        Ok(())
    }

    /// The token, the code and the outbox row.
    fn queue(&self, invitation: &[u8; 16], number: u64, address: &str) -> Result<()> {
        let (message, hash, code) = (id(number, 2), hash(number), hash(u64::MAX - number));
        self.run(
            "INSERT INTO invitation_token (hash, invitation, kind, created_at) VALUES (?, ?, ?, ?), (?, ?, ?, ?)",
            params![hash, invitation, "mailed", NOW, code, invitation, "code", NOW],
        )?;
        self.read(
            "SELECT normalised, not_before FROM message
             WHERE not_before >= ? AND invitation IS NOT NULL AND state <> 'withdrawn' AND normalised IN (?)",
            params![NOW / DAY * DAY, address],
        )?;
        self.run(
            "INSERT INTO message
                (id, kind, workspace, invitation, send, address, normalised, secret, state, detail, created_at,
                 not_before, next_try_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            params![
                message,
                "invitation",
                self.workspace,
                invitation,
                1,
                address,
                address,
                [7_u8; 73],
                "queued",
                None::<&str>,
                NOW,
                NOW,
                NOW
            ],
        )?;
        self.run(
            "INSERT INTO message_step (message, n, at, state, detail) VALUES (?, ?, ?, ?, ?)",
            params![message, 1, NOW, "queued", None::<&str>],
        )?;
        Ok(())
    }

    /// The event and its personal values.
    fn tell(&self, address: &str) -> Result<()> {
        let event: i64 = self
            .db
            .prepare_cached(
                "INSERT INTO event (workspace, at, what, actor, project, target_kind, target_id, changes, personal)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            )?
            .query_row(
                params![
                    self.workspace,
                    NOW,
                    "invitation.created",
                    self.person,
                    None::<&str>,
                    "invitation",
                    "inv_0000000000000000000000000",
                    r#"{"days":[null,7],"mailed":[null,true],"role":[null,"tester"]}"#,
                    [7_u8; 32]
                ],
                |row| row.get(0),
            )?;
        self.run(
            "INSERT INTO event_personal (event, salt, client, label) VALUES (?, ?, ?, ?)",
            params![event, [7_u8; 16], None::<&str>, address],
        )?;
        Ok(())
    }

    fn run(&self, text: &str, params: impl Params) -> rusqlite::Result<usize> {
        self.db.prepare_cached(text)?.execute(params)
    }

    fn read(&self, text: &str, params: impl Params) -> Result<()> {
        self.rows(text, params).map(drop)
    }

    /// How many rows came.
    fn rows(&self, text: &str, params: impl Params) -> Result<usize> {
        let mut statement = self.db.prepare_cached(text)?;
        let mut rows = statement.query(params)?;
        let mut read = 0;
        while rows.next()?.is_some() {
            read += 1;
        }
        Ok(read)
    }
}

/// Sorts by number, as our ids sort by time.
fn id(number: u64, kind: u8) -> [u8; 16] {
    let mut id = [kind; 16];
    id[..8].copy_from_slice(&number.to_be_bytes());
    id
}

/// Sorts like anything, as hashes do (splitmix64).
fn hash(number: u64) -> [u8; 32] {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    let mut hash = [7; 32];
    hash[..8].copy_from_slice(&mixed.to_be_bytes());
    hash
}
