//! A form that brings files: each goes into the store as it comes, so no more of it is in memory than a few pieces.

use app::{App, Failure, attachments::Upload};
use axum::{body::Bytes, extract::Request};
use domain::{attachment::FileName, id::WorkspaceId};
use futures_util::Stream;
use http::header;
use store::attachments::New;

use super::parts::{boundary, file_name};
use crate::api::attachments::{next, the_rest};

/// Longer heads of a field than any browser writes.
const LONGEST_HEAD: usize = 16 << 10;

/// Takes every file of a posted form. The first that cannot be kept ends it; what came before is nobody's then, and swept.
pub async fn files(app: &App, workspace: WorkspaceId, request: Request) -> Result<Vec<New>, Failure> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let none = || Failure::invalid("file", "required", "Choose a file.");
    let fence = format!("--{}", boundary(kind).ok_or_else(none)?);
    let mut form = Incoming { pieces: request.into_body().into_data_stream(), held: Vec::new() };
    let taken = form.files(app, workspace, &fence).await;
    if matches!(taken, Err(Failure::TooLarge { .. } | Failure::Invalid(_))) {
        the_rest(&mut form.pieces).await;
    }
    taken.and_then(|files| if files.is_empty() { Err(none()) } else { Ok(files) })
}

struct Incoming<S> {
    pieces: S,
    /// What has come and was not looked at yet.
    held: Vec<u8>,
}

impl<E, S: Stream<Item = Result<Bytes, E>> + Unpin> Incoming<S> {
    async fn files(&mut self, app: &App, workspace: WorkspaceId, fence: &str) -> Result<Vec<New>, Failure> {
        let mut files = Vec::new();
        self.up_to(fence.as_bytes()).await?;
        let fence = format!("\r\n{fence}");
        loop {
            while self.held.len() < 2 {
                self.more().await?;
            }
            if self.held.starts_with(b"--") {
                return Ok(files);
            }
            let head = self.up_to(b"\r\n\r\n").await?;
            // A field for files in which none was chosen has an empty name.
            let name = file_name(&String::from_utf8_lossy(&head)).filter(|name| !name.is_empty());
            let mut upload = match name {
                Some(name) => Some(Upload::begin(app, workspace, FileName::of(&name), None)?),
                None => None,
            };
            self.pass(fence.as_bytes(), &mut upload).await?;
            if let Some(upload) = upload {
                files.push(upload.finish().await?);
            }
        }
    }

    async fn more(&mut self) -> Result<(), Failure> {
        let broke_off = || Failure::conflict("upload_broke_off", "The upload broke off. Nothing was kept.");
        self.held.extend_from_slice(&next(&mut self.pieces).await?.ok_or_else(broke_off)?);
        Ok(())
    }

    /// What stands before a mark, which is passed, too.
    async fn up_to(&mut self, mark: &[u8]) -> Result<Vec<u8>, Failure> {
        loop {
            if let Some(at) = find(&self.held, mark) {
                let before = self.held[..at].to_vec();
                self.held.drain(..at + mark.len());
                return Ok(before);
            }
            if self.held.len() > LONGEST_HEAD {
                return Err(Failure::invalid("form", "malformed", "The form could not be read."));
            }
            self.more().await?;
        }
    }

    /// Passes the body of a field up to its fence, into the store if it is a file.
    async fn pass(&mut self, fence: &[u8], upload: &mut Option<Upload>) -> Result<(), Failure> {
        loop {
            let found = find(&self.held, fence);
            let sure = found.unwrap_or(self.held.len().saturating_sub(fence.len() - 1));
            let body: Vec<u8> = self.held.drain(..sure).collect();
            if let Some(upload) = upload.as_mut().filter(|_| !body.is_empty()) {
                upload.push(body).await?;
            }
            if found.is_some() {
                self.held.drain(..fence.len());
                return Ok(());
            }
            self.more().await?;
        }
    }
}

fn find(text: &[u8], mark: &[u8]) -> Option<usize> {
    super::parts::find(text, mark)
}
