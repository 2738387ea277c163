//! The filtered log as a file. It is read in pieces as fast as the reader takes them, so its length costs no memory
//! and no transaction stays open; whoever loses the right meanwhile gets no further piece.

use std::sync::Arc;

use app::{App, Failure};
use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use domain::{access::SignedIn, id::WorkspaceId, time::Time};
use futures_util::stream;
use http::header;
use serde::Deserialize;
use store::{
    access,
    events::{self, After, Filter, Logged},
    paging::{Page, Slice},
};
use utoipa::IntoParams;

use super::{EventBody, rows};

/// What kind of file, as the request says it.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Format {
    /// `csv`, or `jsonl` for one JSON object a line.
    #[serde(default)]
    #[param(required = false, example = "csv")]
    format: Option<String>,
}

/// What kind of file.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A table.
    Csv,
    /// One JSON object a line.
    JsonLines,
}

impl Format {
    /// CSV unless said otherwise.
    pub fn read(&self) -> Result<Kind, Failure> {
        match self.format.as_deref().unwrap_or("csv") {
            "csv" => Ok(Kind::Csv),
            "jsonl" => Ok(Kind::JsonLines),
            _ => Err(Failure::invalid("format", "unknown_format", "csv or jsonl.")),
        }
    }
}

impl Kind {
    /// As requests and events name it; also the file's ending.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
        }
    }

    const fn media(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::JsonLines => "application/x-ndjson",
        }
    }

    fn line(self, event: &EventBody) -> String {
        match self {
            Self::Csv => rows::csv(event),
            Self::JsonLines => rows::json(event),
        }
    }

    const fn head(self) -> &'static str {
        match self {
            Self::Csv => rows::HEAD,
            Self::JsonLines => "",
        }
    }
}

/// Events a piece.
const PIECE: i64 = 1_000;

/// A log on its way out.
pub struct Export {
    app: App,
    who: SignedIn,
    workspace: WorkspaceId,
    filter: Filter,
    kind: Kind,
    until: Time,
    next: Next,
}

enum Next {
    Head,
    After(Option<After>),
    End,
}

impl Export {
    /// Of what happened in the workspace before `until`, read with the rights this caller has then.
    pub fn new(app: App, who: SignedIn, workspace: WorkspaceId, filter: Filter, until: Time, kind: Kind) -> Self {
        let to = filter.to.map_or(until, |to| to.min(until));
        Self { app, who, workspace, filter: Filter { to: Some(to), ..filter }, kind, until, next: Next::Head }
    }

    /// As a file to be kept, named after the workspace and the day.
    pub fn response(self, slug: &str) -> Response {
        let name = format!("audit-{slug}-{}.{}", self.until.civil().date(), self.kind.name());
        let headers = [
            (header::CONTENT_TYPE, self.kind.media().to_owned()),
            (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        ];
        (headers, Body::from_stream(stream::try_unfold(self, Self::piece))).into_response()
    }

    /// The next piece; a failure breaks the file off, which the reader's side notices.
    async fn piece(mut self) -> Result<Option<(String, Self)>, Failure> {
        let after = match self.next {
            Next::Head => {
                self.next = Next::After(None);
                return Ok(Some((self.kind.head().to_owned(), self)));
            }
            Next::After(after) => after,
            Next::End => return Ok(None),
        };
        let slice = self.read(after).await?;
        let last = slice.rows.last().map(|row| (row.at, row.id));
        self.next = if slice.more { Next::After(last) } else { Next::End };
        let lines = slice.rows.into_iter().map(|row| self.kind.line(&row.into())).collect();
        Ok(Some((lines, self)))
    }

    async fn read(&self, after: Option<After>) -> Result<Slice<Logged>, Failure> {
        let (who, workspace, filter) = (self.who, self.workspace, self.filter.clone());
        self.app
            .read(move |db, _| {
                let member = access::member(db, &who, workspace)?.ok_or(Failure::Unknown)?;
                let may = Arc::new(member).may()?;
                Ok(events::list(db, &may, &filter, &Page { limit: PIECE, after })?)
            })
            .await
    }
}
