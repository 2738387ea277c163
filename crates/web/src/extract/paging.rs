//! `?limit=` and `?cursor=` of lists.

use app::Failure;
use axum::extract::{FromRequestParts, Query};
use data_encoding::BASE64URL_NOPAD;
use http::request::Parts;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use store::paging::Page;

use crate::failed::Failed;

/// Which page of a list.
#[derive(Clone, Debug, Deserialize)]
pub struct Paging {
    limit: Option<i64>,
    cursor: Option<String>,
}

/// Something a list continues after, opaque outside.
pub trait Cursor: Serialize + DeserializeOwned {}
impl<T: Serialize + DeserializeOwned> Cursor for T {}

const USUAL: i64 = 50;
const MOST: i64 = 200;

impl Paging {
    /// The page asked for: 50 rows unless said otherwise, at most 200.
    pub fn page<K: Cursor>(&self) -> Result<Page<K>, Failure> {
        let limit = self.limit.unwrap_or(USUAL);
        if !(1..=MOST).contains(&limit) {
            return Err(Failure::invalid("limit", "out_of_range", format!("1 to {MOST}.")));
        }
        Ok(Page { limit, after: Self::after(self.cursor.as_deref())? })
    }

    /// What a cursor continues after.
    pub fn after<K: Cursor>(cursor: Option<&str>) -> Result<Option<K>, Failure> {
        cursor.map(open).transpose()
    }

    /// The cursor of the page after the row with this key.
    pub fn cursor<K: Cursor>(key: &K) -> String {
        BASE64URL_NOPAD.encode(&serde_json::to_vec(key).expect("keys are strings and numbers"))
    }
}

fn open<K: Cursor>(cursor: &str) -> Result<K, Failure> {
    let bytes =
        BASE64URL_NOPAD.decode(cursor.as_bytes()).ok().filter(|bytes| !bytes.windows(5).any(|part| part == b"u0000"));
    let key = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    key.ok_or_else(|| Failure::invalid("cursor", "malformed", "Take it from next_cursor of the page before."))
}

impl<S: Send + Sync> FromRequestParts<S> for Paging {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failed> {
        let Query(paging) = Query::<Self>::from_request_parts(parts, state)
            .await
            .map_err(|error| Failure::invalid("limit", "malformed", error.body_text()))?;
        Ok(paging)
    }
}
