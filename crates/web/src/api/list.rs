//! What lists answer.

use app::Failure;
use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::Paging;

/// One page of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct List<T> {
    /// The rows of this page.
    pub items: Vec<T>,
    /// Where the next page begins; null on the last.
    pub next_cursor: Option<String>,
}

impl<T> List<T> {
    /// A page of rows that were read whole: lists of a person's own keys or a workspace's projects are short.
    pub fn cut(rows: Vec<T>, paging: &Paging, id: impl Fn(&T) -> String) -> Result<Self, Failure> {
        let page = paging.page::<String>()?;
        let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
        let start = page.after.and_then(|after| rows.iter().position(|row| id(row) == after)).map_or(0, |at| at + 1);
        let more = rows.len() > start + limit;
        let items: Vec<T> = rows.into_iter().skip(start).take(limit).collect();
        let next_cursor = items.last().filter(|_| more).map(|row| Paging::cursor(&id(row)));
        Ok(Self { items, next_cursor })
    }

    /// A list that is never longer than one page.
    pub const fn whole(items: Vec<T>) -> Self {
        Self { items, next_cursor: None }
    }
}
