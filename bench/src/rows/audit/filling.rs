//! A million events within a year, of every kind, by fifty people, with what is personal beside them.

use anyhow::Result;
use db::{Statement, Tx, Value};
use domain::{event::What, time::Time};

use crate::world::World;

/// How many people did it.
pub const PEOPLE: usize = 50;
/// A month in the middle of it.
pub const MONTH: &str = "from=2026-06-01&to=2026-06-30";

const EVENTS: i64 = 1_000_000;
/// So many at once: a statement may take some seconds, not minutes.
const CHUNK: i64 = 50_000;
/// 2026-01-01T00:00:00Z, in microseconds.
const BEGIN: i64 = 1_767_225_600_000_000;
const YEAR: i64 = 365 * 24 * 60 * 60 * 1_000_000;

/// Fills the log of the world's workspace.
pub async fn fill(world: &World) -> Result<()> {
    let workspace = uuid(world);
    for first in (0..EVENTS).step_by(usize::try_from(CHUNK)?) {
        let workspace = workspace.clone();
        world.app.write(None, move |tx, _| Ok(chunk(tx, &workspace, first)?)).await?;
    }
    if matches!(world.app.db().engine(), db::Engine::Postgres) {
        world.app.write(None, |tx, _| Ok(tx.run(Statement::new("ANALYZE event", Vec::new()))?)).await?;
    }
    Ok(())
}

fn uuid(world: &World) -> Value {
    store::Param::value(&world.made.workspace.id)
}

fn chunk(tx: &mut Tx, workspace: &Value, first: i64) -> Result<(), db::Error> {
    let step = YEAR / EVENTS;
    let params = vec![
        first.into(),
        (first + CHUNK).into(),
        workspace.clone(),
        Time::from_micros(BEGIN).micros().into(),
        step.into(),
        vec![0_u8; 32].into(),
        workspace.clone(),
    ];
    tx.run(Statement::new(events(), params))?;
    tx.run(Statement::new(PERSONAL, vec![(BEGIN + first * step).into()]))?;
    Ok(())
}

/// Every pair of person and kind comes up equally often.
fn events() -> String {
    let kinds: Vec<String> =
        What::ALL.iter().enumerate().map(|(at, what)| format!("WHEN {at} THEN '{}'", what.slug())).collect();
    let kinds = kinds.join(" ");
    let (people, count) = (PEOPLE, What::ALL.len());
    format!(
        "WITH RECURSIVE n (i) AS (SELECT CAST(? AS bigint) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < CAST(? AS bigint))
         INSERT INTO event (workspace, at, what, actor, target_kind, target_id, changes, personal)
         SELECT ?, CAST(? AS bigint) + n.i * CAST(? AS bigint), CASE (n.i / {people}) % {count} {kinds} END, m.person,
         'member', 'mem_00000000000000000000000000', '{{\"role\":[\"tester\",\"manager\"]}}', ?
         FROM n JOIN (SELECT person, row_number() OVER (ORDER BY id) - 1 AS k FROM member WHERE workspace = ?) m
         ON m.k = n.i % {people}"
    )
}

const PERSONAL: &str = "INSERT INTO event_personal (event, salt, client, label)
    SELECT e.id, e.personal, '192.0.2.7', 'leo@hollin.example' FROM event e
    WHERE e.at >= ? AND NOT EXISTS (SELECT 1 FROM event_personal x WHERE x.event = e.id)";
