//! A body on its way from the client into the store, as fast as it comes.

use std::time::Duration;

use app::{App, Failure, attachments::Upload};
use axum::body::{Body, Bytes};
use domain::{attachment::FileName, id::WorkspaceId};
use futures_util::{Stream, StreamExt};
use http::{HeaderMap, header};
use store::attachments::New;

/// How long a sender may be silent.
const PATIENCE: Duration = Duration::from_mins(1);

/// A sender who is to read our answer has to have sent what he began; more than that is not waited for.
const HEARD_OUT: usize = 64 << 20;
const HEARD_FOR: Duration = Duration::from_secs(10);

/// Takes the whole body as a file of this name. Whatever goes wrong, nothing of it is kept.
pub async fn pour(
    app: &App,
    workspace: WorkspaceId,
    name: FileName,
    headers: &HeaderMap,
    body: Body,
) -> Result<New, Failure> {
    let mut pieces = body.into_data_stream();
    let poured = match Upload::begin(app, workspace, name, promised(headers)) {
        Ok(upload) => into(upload, &mut pieces).await,
        Err(refused) => Err(refused),
    };
    // A client that asks first, whether it may send, has not begun.
    if matches!(poured, Err(Failure::TooLarge { .. })) && !headers.contains_key(header::EXPECT) {
        the_rest(&mut pieces).await;
    }
    poured
}

/// The size a sender promises.
fn promised(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

async fn into<E>(
    mut upload: Upload,
    pieces: &mut (impl Stream<Item = Result<Bytes, E>> + Unpin),
) -> Result<New, Failure> {
    while let Some(piece) = next(pieces).await? {
        upload.push(piece).await?;
    }
    upload.finish().await
}

/// The next piece of a body; `None` at its end.
pub async fn next<E>(pieces: &mut (impl Stream<Item = Result<Bytes, E>> + Unpin)) -> Result<Option<Bytes>, Failure> {
    let broke_off = |detail| Failure::conflict("upload_broke_off", detail);
    match tokio::time::timeout(PATIENCE, pieces.next()).await {
        Err(_) => Err(broke_off("Nothing came for a minute, so the upload was given up. Nothing was kept.")),
        Ok(Some(Err(_))) => Err(broke_off("The upload broke off. Nothing was kept.")),
        Ok(Some(Ok(piece))) => Ok(Some(piece)),
        Ok(None) => Ok(None),
    }
}

/// Lets the sender finish, and throws it away.
pub async fn the_rest<E>(pieces: &mut (impl Stream<Item = Result<Bytes, E>> + Unpin)) {
    let mut heard = 0;
    let hearing = async {
        while let Some(Ok(piece)) = pieces.next().await {
            heard += piece.len();
            if heard > HEARD_OUT {
                break;
            }
        }
    };
    // Whether he finished or not, he is answered.
    let _ = tokio::time::timeout(HEARD_FOR, hearing).await;
}
