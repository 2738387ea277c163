//! Making cases, one or many, in few statements.

use std::collections::BTreeMap;

use db::{Error, Tx, Value};
use domain::{
    access::{Still, WriteCases},
    case::{Estimate, Fields},
    id::{CaseId, FolderId},
    now::Now,
    rank::Rank,
};

use super::{shape, take_numbers};
use crate::{
    case_words::{self, CaseWords},
    sql::inserts,
};

record! {
    struct Last {
        rank: Option<Rank>,
    }
}

/// Counts so many cases more into a live folder of the proof's project and says the places after its last; `None` if
/// there is no such folder. Who adds to a folder holds it, so that no two get one place.
fn append(
    tx: &mut Tx,
    still: &Still<WriteCases>,
    folder: FolderId,
    count: usize,
) -> Result<Option<std::vec::IntoIter<Rank>>, Error> {
    let added = tx.run(sql!(
        "UPDATE folder SET cases = cases + ?
         WHERE workspace = ? AND project = ? AND id = ? AND trashed_at IS NULL",
        i64::try_from(count).map_err(shape)?,
        still.workspace(),
        still.project(),
        folder
    ))?;
    if added == 0 {
        return Ok(None);
    }
    let text = "SELECT MAX(rank) AS rank FROM test_case WHERE folder = ? AND trashed_at IS NULL";
    let last: Last = tx.one(sql!(text, folder))?;
    let ranks = Rank::many(last.rank.as_ref(), None, count).ok_or_else(|| shape("a place without an end"))?;
    Ok(Some(ranks.into_iter()))
}

/// Makes cases, each at the end of its folder, with numbers in their order; `None` if the project lacks one of the
/// folders, and then nothing may be kept. Their first versions are to follow.
pub fn insert_all(
    tx: &mut Tx,
    still: &Still<WriteCases>,
    cases: &[(FolderId, Fields)],
    now: &Now,
) -> Result<Option<Vec<CaseId>>, Error> {
    let project = still.project().ok_or_else(|| shape("made in no project"))?;
    let first = take_numbers(tx, still, i64::try_from(cases.len()).map_err(shape)?)?;
    let mut counts: BTreeMap<FolderId, usize> = BTreeMap::new();
    for (folder, _) in cases {
        *counts.entry(*folder).or_default() += 1;
    }
    let mut ranks = BTreeMap::new();
    for (folder, count) in counts {
        let Some(places) = append(tx, still, folder, count)? else { return Ok(None) };
        ranks.insert(folder, places);
    }
    let (mut ids, mut rows, mut words) = (Vec::new(), Vec::new(), Vec::new());
    for ((folder, fields), number) in cases.iter().zip(first..) {
        let id: CaseId = now.id();
        let rank = ranks.get_mut(folder).and_then(Iterator::next).ok_or_else(|| shape("a place too few"))?;
        rows.push(row(still, (id, number), (*folder, &rank), fields, now));
        words.push(CaseWords::of(id, project, fields));
        ids.push(id);
    }
    for statement in inserts(INTO, rows, "") {
        tx.run(statement)?;
    }
    case_words::keep(tx, &words)?;
    Ok(Some(ids))
}

const INTO: &str = "INSERT INTO test_case (id, workspace, project, number, folder, rank, title, title_key, template,
    status, priority, type, automation, owner, reviewer, estimate, created_at, created_by, changed_at, changed_by, content)";

fn row(
    still: &Still<WriteCases>,
    (id, number): (CaseId, i64),
    (folder, rank): (FolderId, &Rank),
    fields: &Fields,
    now: &Now,
) -> Vec<Value> {
    values![
        id,
        still.workspace(),
        still.project(),
        number,
        folder,
        rank,
        fields.title.as_str(),
        fields.title.folded(),
        fields.template,
        fields.status,
        fields.priority,
        fields.r#type,
        fields.automation,
        fields.owner,
        fields.reviewer,
        fields.estimate.map(Estimate::seconds),
        now.at,
        still.person(),
        now.at,
        still.person(),
        fields.content
    ]
}
