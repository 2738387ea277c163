//! A file on its way to the client. Whoever made it, it must not act as a page of ours: only pictures that run nothing are
//! shown, everything else is saved, and in a sandbox either way.

use std::{
    io::{self, Read},
    sync::Arc,
};

use app::{App, Failure, attachments};
use axum::{
    body::{Body, Bytes},
    response::{IntoResponse, Response},
};
use domain::{access::May, id::AttachmentId};
use futures_util::stream;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use store::attachments::Attachment;
use tokio::{sync::mpsc, task::spawn_blocking};

use crate::failed::Failed;

/// Gives out a file of the proof's project.
pub async fn serve<R: Send + Sync + 'static>(
    app: &App,
    may: May<R>,
    id: AttachmentId,
    headers: &HeaderMap,
) -> Result<Response, Failed> {
    let workspace = may.workspace();
    let file = app.point(move |db, _| Ok(store::attachments::find(db, &may, id)?)).await?.ok_or(Failure::Unknown)?;
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == mark(&file).as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, dressed(&file)).into_response());
    }
    let (objects, key) = (Arc::clone(app.objects()), attachments::key(workspace, &file));
    let opened = spawn_blocking(move || objects.open(key)).await;
    let body = opened.map_err(|error| Failure::Broken(error.to_string()))?.map_err(lost)?;
    let mut response = (dressed(&file), poured_out(body)).into_response();
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(file.size));
    Ok(response)
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn lost(error: io::Error) -> Failure {
    if error.kind() == io::ErrorKind::NotFound {
        tracing::error!("the body of a file is not in the store: was the folder of files restored with the database?");
        return Failure::Spent { code: "file_lost", detail: "The server knows this file but has lost its content." };
    }
    Failure::Broken(format!("the store of files: {error}"))
}

fn mark(file: &Attachment) -> String {
    format!("\"{}\"", file.digest)
}

/// What makes it safe to give out what anybody may have made.
fn dressed(file: &Attachment) -> HeaderMap {
    let shown = file.kind.is_shown();
    let kind = if shown { file.kind.as_str() } else { "application/octet-stream" };
    let mut headers = HeaderMap::new();
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, kind);
    set(header::CONTENT_DISPOSITION, &file.name.disposition(shown));
    set(header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox");
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    // Rights are asked anew each time; the content is then not sent twice.
    set(header::CACHE_CONTROL, "private, no-cache");
    set(header::ETAG, &mark(file));
    headers
}

const PIECE: usize = 64 << 10;

/// Read on a thread that may wait, a few pieces ahead of the client.
fn poured_out(mut from: Box<dyn Read + Send>) -> Body {
    let (to, pieces) = mpsc::channel::<io::Result<Bytes>>(4);
    spawn_blocking(move || {
        let mut piece = vec![0; PIECE];
        loop {
            let read = match from.read(&mut piece) {
                Ok(0) => return,
                Ok(length) => Ok(Bytes::copy_from_slice(&piece[..length])),
                Err(error) => Err(error),
            };
            let ends = read.is_err();
            // A client that went away wants no more.
            if to.blocking_send(read).is_err() || ends {
                return;
            }
        }
    });
    Body::from_stream(stream::unfold(pieces, |mut pieces| async move { Some((pieces.recv().await?, pieces)) }))
}
