//! Lists come in pages at constant cost: a page begins after the key of the last row seen.

/// Which rows of a list.
#[derive(Clone, Debug)]
pub struct Page<K> {
    /// How many at most, 1 to 200.
    pub limit: i64,
    /// After this key; `None` is the beginning.
    pub after: Option<K>,
}

impl<K> Page<K> {
    /// The first `limit` rows.
    pub const fn first(limit: i64) -> Self {
        Self { limit, after: None }
    }

    /// One row more than wanted, to know whether there is a next page.
    pub(crate) const fn probe(&self) -> i64 {
        self.limit + 1
    }

    /// Cuts that row off and says whether it was there.
    pub(crate) fn cut<T>(&self, mut rows: Vec<T>) -> Slice<T> {
        let limit = usize::try_from(self.limit).unwrap_or(0);
        let more = rows.len() > limit;
        rows.truncate(limit);
        Slice { rows, more }
    }
}

/// One page of rows.
#[derive(Clone, Debug)]
pub struct Slice<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Whether others follow.
    pub more: bool,
}
