//! How much of a day's allowance is used. Days are UTC days.

use std::time::Duration;

use db::{Conn, Error, Tx};
use domain::time::Time;

use crate::{Param, sql::within};

record! {
    struct Used {
        used: i64,
    }
}

/// Uses `n` of the day's `limit` for a subject. `Err(left)` inside, and nothing used, if that is more than is left.
///
/// The row is locked by the update, so two at once never exceed the limit together.
pub fn spend(
    tx: &mut Tx,
    day: Time,
    scope: &'static str,
    subject: &str,
    n: i64,
    limit: i64,
) -> Result<Result<(), i64>, Error> {
    // A first use is inserted unseen, so it is compared here.
    let spent = n <= limit
        && tx.run(sql!(
            "INSERT INTO quota (day, scope, subject, used) VALUES (?, ?, ?, ?) ON CONFLICT (day, scope, subject)
             DO UPDATE SET used = quota.used + excluded.used WHERE quota.used + excluded.used <= ?",
            day,
            scope,
            subject,
            n,
            limit
        ))? == 1;
    if spent {
        return Ok(Ok(()));
    }
    let row: Option<Used> =
        tx.first(sql!("SELECT used FROM quota WHERE day = ? AND scope = ? AND subject = ?", day, scope, subject))?;
    Ok(Err((limit - row.map_or(0, |row| row.used)).max(0)))
}

record! {
    struct Recent {
        used: i64,
        first: Option<Time>,
    }
}

/// Uses one of the `limit` that a subject has in any span as long as `window`, wherever the clock's hours begin. What is
/// used stands at its own moment. `Err` with when the next one is free if there is none left.
pub fn spend_within(
    tx: &mut Tx,
    scope: &'static str,
    subject: &str,
    now: Time,
    window: Duration,
    limit: i64,
) -> Result<Result<(), Time>, Error> {
    queue(tx, scope, subject, now - window, now)?;
    let recent: Recent = tx.one(sql!(
        "SELECT CAST(COALESCE(SUM(used), 0) AS BIGINT) AS used, MIN(day) AS first FROM quota
         WHERE scope = ? AND subject = ? AND day > ? AND used > 0",
        scope,
        subject,
        now - window
    ))?;
    if recent.used >= limit {
        return Ok(Err(recent.first.unwrap_or(now) + window));
    }
    tx.run(sql!(
        "INSERT INTO quota (day, scope, subject, used) VALUES (?, ?, ?, 1)
         ON CONFLICT (day, scope, subject) DO UPDATE SET used = quota.used + 1",
        now,
        scope,
        subject
    ))?;
    Ok(Ok(()))
}

/// Whoever counts a subject's window waits here for others who do: by a row of each day that the window touches.
fn queue(tx: &mut Tx, scope: &'static str, subject: &str, from: Time, to: Time) -> Result<(), Error> {
    let mut days = vec![from.day(), to.day()];
    days.dedup();
    for day in days {
        tx.run(sql!(
            "INSERT INTO quota (day, scope, subject, used) VALUES (?, 'queue', ?, 0)
             ON CONFLICT (day, scope, subject) DO UPDATE SET used = quota.used",
            day,
            format!("{scope} {subject}")
        ))?;
    }
    Ok(())
}

/// Gives one of the period that begins at `day` back.
pub fn give_back(tx: &mut Tx, day: Time, scope: &'static str, subject: &str) -> Result<(), Error> {
    tx.run(sql!(
        "UPDATE quota SET used = used - 1 WHERE day = ? AND scope = ? AND subject = ? AND used > 0",
        day,
        scope,
        subject
    ))?;
    Ok(())
}

record! {
    struct UsedBy {
        scope: String,
        subject: String,
        used: i64,
    }
}

/// What these subjects, each with its scope, have used of a day, in their order.
pub fn used(db: &mut Conn, day: Time, subjects: &[(&'static str, &str)]) -> Result<Vec<i64>, Error> {
    let keys: Vec<&str> = subjects.iter().map(|(_, subject)| *subject).collect();
    let text = "SELECT scope, subject, used FROM quota WHERE day = ? AND subject IN ({})";
    let rows: Vec<UsedBy> = db.all(within(text, vec![day.value()], &keys))?;
    let used = |(scope, subject): &(&str, &str)| {
        rows.iter().find(|row| row.scope == *scope && row.subject == *subject).map_or(0, |row| row.used)
    };
    Ok(subjects.iter().map(used).collect())
}

/// Forgets what was used before this moment.
pub fn forget(tx: &mut Tx, before: Time) -> Result<(), Error> {
    tx.run(sql!("DELETE FROM quota WHERE day < ?", before))?;
    Ok(())
}
