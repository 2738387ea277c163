//! Cases among those of their folder: where they lie, and moving them.

use std::collections::BTreeMap;

use db::{Conn, Error, Tx};
use domain::{
    access::{May, Still},
    id::{CaseId, FolderId},
    rank::Rank,
};

use crate::{
    Param,
    sql::{All, marks, within},
};

record! {
    /// A case where it lies, locked.
    pub struct Held {
        /// Which.
        pub id: CaseId,
        /// The 123 of `WEB-123`.
        pub number: i64,
        /// What it is called.
        pub title: String,
        /// Where it lies.
        pub folder: FolderId,
        /// At which place there.
        pub rank: Rank,
    }
}

/// Where a case is to lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The case.
    pub id: CaseId,
    /// The folder.
    pub folder: FolderId,
    /// The place there.
    pub rank: Rank,
}

/// Those of these cases that are live and in the proof's project, locked until the transaction ends.
pub fn held<R>(tx: &mut Tx, still: &Still<R>, ids: &[CaseId]) -> Result<Vec<Held>, Error> {
    let mut found = Vec::with_capacity(ids.len());
    let mut sorted = ids.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    for some in sorted.chunks(500) {
        let text = "SELECT id, number, title, folder, rank FROM test_case
            WHERE workspace = ? AND project = ? AND trashed_at IS NULL AND id IN ({}) ORDER BY id
            /*pg: FOR NO KEY UPDATE */";
        let here = values![still.workspace(), still.project()];
        found.extend(tx.all::<Held>(within(text, here, some))?);
    }
    Ok(found)
}

record! {
    struct Place {
        rank: Rank,
    }
}

/// Between what a case would come to lie; `None` where the folder begins or ends.
pub type Gap = (Option<Rank>, Option<Rank>);

/// The places before and after a gap in a folder: before this case, or at the end. The moved ones are passed over.
/// `None` if the case does not lie there.
pub fn around<R>(
    db: &mut Conn,
    may: &May<R>,
    folder: FolderId,
    before: Option<CaseId>,
    moved: &[CaseId],
) -> Result<Option<Gap>, Error> {
    let live = "workspace = ? AND folder = ? AND trashed_at IS NULL";
    let here = || {
        let others = All::of(live, values![may.workspace(), folder]);
        let not = format!("id NOT IN ({})", marks(moved));
        if moved.is_empty() { others } else { others.and(not, moved.iter().map(Param::value).collect()) }
    };
    let select = "SELECT rank FROM test_case";
    let Some(before) = before else {
        let last: Option<Place> = db.first(here().rows(select, "ORDER BY rank DESC, id DESC LIMIT 1", Vec::new()))?;
        return Ok(Some((last.map(|place| place.rank), None)));
    };
    let Some(next): Option<Place> = db.first(here().and("id = ?", values![before]).rows(select, "", Vec::new()))?
    else {
        return Ok(None);
    };
    let above = here().and("(rank, id) < (?, ?)", values![next.rank, before]);
    let last: Option<Place> = db.first(above.rows(select, "ORDER BY rank DESC, id DESC LIMIT 1", Vec::new()))?;
    Ok(Some((last.map(|place| place.rank), Some(next.rank))))
}

record! {
    struct Id {
        id: CaseId,
    }
}

/// Spreads the cases of a folder anew, in the order they have.
pub fn spread<R>(tx: &mut Tx, still: &Still<R>, folder: FolderId) -> Result<(), Error> {
    let cases: Vec<Id> = tx.all(sql!(
        "SELECT id FROM test_case WHERE workspace = ? AND folder = ? AND trashed_at IS NULL ORDER BY rank, id",
        still.workspace(),
        folder
    ))?;
    let ranks = Rank::many(None, None, cases.len()).unwrap_or_default();
    for (case, rank) in cases.iter().zip(ranks) {
        tx.run(sql!("UPDATE test_case SET rank = ? WHERE id = ?", rank, case.id))?;
    }
    Ok(())
}

/// Lays cases, held by this transaction, into their spots, and counts them there. One `Spot` for each.
pub fn place<R>(tx: &mut Tx, still: &Still<R>, from: &[Held], spots: &[Spot]) -> Result<(), Error> {
    let mut counts: BTreeMap<FolderId, i64> = BTreeMap::new();
    for (case, spot) in from.iter().zip(spots) {
        *counts.entry(case.folder).or_default() -= 1;
        *counts.entry(spot.folder).or_default() += 1;
        tx.run(sql!(
            "UPDATE test_case SET folder = ?, rank = ? WHERE workspace = ? AND project = ? AND id = ?",
            spot.folder,
            spot.rank,
            still.workspace(),
            still.project(),
            spot.id
        ))?;
    }
    for (folder, change) in counts.into_iter().filter(|(_, change)| *change != 0) {
        tx.run(sql!(
            "UPDATE folder SET cases = cases + ? WHERE workspace = ? AND project = ? AND id = ?",
            change,
            still.workspace(),
            still.project(),
            folder
        ))?;
    }
    Ok(())
}
