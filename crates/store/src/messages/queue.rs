//! What of a workspace's mail has not arrived: the queue as those who look after it see it.

use db::{Conn, Engine, Error, Tx};
use domain::{
    access::{ManageMail, May, Operator, Still},
    id::{InvitationId, MessageId},
    invitation::Delivery,
    time::Time,
};

use super::{Count, ON_HOLD, Waiting, ring, tell_all};
use crate::{
    Param,
    paging::{Page, Slice},
    sql::All,
};

record! {
    /// A message that waits, or that failed.
    pub struct Queued {
        /// Which.
        pub id: MessageId,
        /// Which invitation it carries.
        pub invitation: Option<InvitationId>,
        /// To whom.
        pub address: String,
        /// What is with it.
        pub state: Delivery,
        /// The mail server's words, or ours.
        pub detail: Option<String>,
        /// How often it was tried.
        pub attempts: i64,
        /// When it was queued.
        pub created_at: Time,
        /// When it is tried next.
        pub next_try_at: Time,
    }
}

/// The workspace's messages that wait or failed, or those of one state; newest first.
pub fn queue(
    db: &mut Conn,
    may: &May<ManageMail>,
    state: Option<Delivery>,
    page: &Page<MessageId>,
) -> Result<Slice<Queued>, Error> {
    let open = "workspace = ? AND state IN ('queued', 'deferred', 'sending', 'failed')";
    let mut wanted = All::of(open, vec![may.workspace().value()]);
    if let Some(state) = state {
        wanted = wanted.and("state = ?", vec![state.value()]);
    }
    if let Some(after) = page.after {
        wanted = wanted.and("id < ?", vec![after.value()]);
    }
    let select = "SELECT id, invitation, address, state, detail, attempts, created_at, next_try_at FROM message";
    let rows = db.all(wanted.rows(select, "ORDER BY id DESC LIMIT ?", vec![page.probe().value()]))?;
    Ok(page.cut(rows))
}

record! {
    /// How many of a workspace's messages are in which state.
    pub struct Counts {
        /// They wait for their first try.
        pub queued: i64,
        /// They wait for another try.
        pub deferred: i64,
        /// They are being handed over.
        pub sending: i64,
        /// They never arrive.
        pub failed: i64,
    }
}

/// How many of the workspace's messages wait and failed.
pub fn counts(db: &mut Conn, may: &May<ManageMail>) -> Result<Counts, Error> {
    db.one(sql!(
        "SELECT COALESCE(SUM(CASE state WHEN 'queued' THEN 1 ELSE 0 END), 0) AS queued,
            COALESCE(SUM(CASE state WHEN 'deferred' THEN 1 ELSE 0 END), 0) AS deferred,
            COALESCE(SUM(CASE state WHEN 'sending' THEN 1 ELSE 0 END), 0) AS sending,
            COALESCE(SUM(CASE state WHEN 'failed' THEN 1 ELSE 0 END), 0) AS failed
         FROM message WHERE workspace = ? AND state IN ('queued', 'deferred', 'sending', 'failed')",
        may.workspace()
    ))
}

record! {
    /// A receiving domain that does not take the workspace's mail now.
    pub struct Trouble {
        /// The part behind the `@`.
        pub domain: String,
        /// How many messages it made wait.
        pub deferred: i64,
        /// How many it refused.
        pub failed: i64,
        /// What was said last.
        pub words: Option<String>,
    }
}

/// How many domains are told.
const MOST_DOMAINS: i64 = 20;

/// Which receiving domains make the workspace's mail wait, or refused some queued since `since`; the worst first.
pub fn troubles(db: &mut Conn, may: &May<ManageMail>, since: Time) -> Result<Vec<Trouble>, Error> {
    let domain = match db.engine() {
        Engine::Sqlite => "substr(normalised, instr(normalised, '@') + 1)",
        Engine::Postgres => "split_part(normalised, '@', 2)",
    };
    let text = format!(
        "SELECT domain, deferred, failed, words FROM (
            SELECT domain, detail AS words, ROW_NUMBER() OVER (PARTITION BY domain ORDER BY id DESC) AS n,
                SUM(CASE state WHEN 'deferred' THEN 1 ELSE 0 END) OVER (PARTITION BY domain) AS deferred,
                SUM(CASE state WHEN 'failed' THEN 1 ELSE 0 END) OVER (PARTITION BY domain) AS failed
            FROM (SELECT id, {domain} AS domain, state, detail FROM message WHERE workspace = ?
                AND (state = 'deferred' AND attempts > 0 AND detail <> ? OR state = 'failed' AND created_at >= ?)) AS bad
         ) AS told WHERE n = 1 ORDER BY deferred + failed DESC, domain LIMIT ?"
    );
    db.all(sql!(text, may.workspace(), ON_HOLD, since, MOST_DOMAINS))
}

/// Makes the workspace's deferred messages due now, but those that wait their turn for an address or for their
/// inviter. Says how many.
pub fn try_now(tx: &mut Tx, still: &Still<ManageMail>, now: Time) -> Result<usize, Error> {
    let due: Vec<Waiting> = tx.all(sql!(
        "UPDATE message SET state = 'queued', next_try_at = ?
         WHERE workspace = ? AND state = 'deferred' AND not_before <= ? AND next_try_at > ?
            AND (detail IS NULL OR detail <> ?) RETURNING id, workspace, invitation",
        now,
        still.workspace(),
        now,
        now,
        ON_HOLD
    ))?;
    tell_all(tx, &due, Delivery::Queued, None, now)?;
    Ok(due.len())
}

record! {
    /// Somebody paused the mail of a workspace.
    pub struct Pause {
        /// Since when.
        pub paused_at: Time,
        /// Who did.
        pub paused_by: String,
    }
}

/// Whether the workspace's mail is paused.
pub fn pause_of<R>(db: &mut Conn, may: &May<R>) -> Result<Option<Pause>, Error> {
    db.first(sql!(
        "SELECT m.paused_at, p.name AS paused_by FROM mail_pause m JOIN person p ON p.id = m.paused_by
         WHERE m.workspace = ?",
        may.workspace()
    ))
}

/// Pauses the workspace's mail: what waits stays. False if it is paused already.
pub fn pause(tx: &mut Tx, still: &Still<ManageMail>, now: Time) -> Result<bool, Error> {
    let paused = tx.run(sql!(
        "INSERT INTO mail_pause (workspace, paused_at, paused_by) VALUES (?, ?, ?) ON CONFLICT (workspace) DO NOTHING",
        still.workspace(),
        now,
        still.person()
    ))?;
    ring(tx, Some(still.workspace()), None);
    Ok(paused == 1)
}

/// Lets the workspace's mail flow again. False if it was not paused.
pub fn unpause(tx: &mut Tx, still: &Still<ManageMail>) -> Result<bool, Error> {
    let resumed = tx.run(sql!("DELETE FROM mail_pause WHERE workspace = ?", still.workspace()))?;
    ring(tx, Some(still.workspace()), None);
    Ok(resumed == 1)
}

/// How many messages of the whole server wait.
pub fn waiting_anywhere(db: &mut Conn, _: &Operator) -> Result<i64, Error> {
    let text = "SELECT COUNT(*) AS n FROM message WHERE state IN ('queued', 'deferred', 'sending')";
    Ok(db.one::<Count>(sql!(text))?.n)
}
