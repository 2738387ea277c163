//! A wire to the server that can be cut at a word.

use std::{path::Path, sync::Arc};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy},
    net::{UnixListener, UnixStream},
};

use crate::bed::Folder;

/// Passes on what is said, until the client says the word: that still goes through, and then the wire is cut.
pub struct Proxy {
    folder: Arc<Folder>,
}

impl Proxy {
    pub fn cutting_after(word: &'static str, server: &Path) -> Proxy {
        let folder = Arc::new(Folder::new());
        let listener = UnixListener::bind(folder.0.join(".s.PGSQL.5432")).unwrap();
        let server = server.join(".s.PGSQL.5432");
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = UnixStream::connect(&server).await.unwrap();
                tokio::spawn(pass_on(client, server, word));
            }
        });
        Proxy { folder }
    }

    /// The folder of its socket.
    pub fn folder(&self) -> &Path {
        &self.folder.0
    }
}

async fn pass_on(client: UnixStream, server: UnixStream, word: &str) {
    let (mut client_says, mut client_hears) = client.into_split();
    let (mut server_says, mut server_hears) = server.into_split();
    let back = tokio::spawn(async move { copy(&mut server_says, &mut client_hears).await });
    let mut said = vec![0; 64 * 1024];
    while let Ok(length @ 1..) = client_says.read(&mut said).await {
        let cut = said[..length].windows(word.len()).any(|piece| piece == word.as_bytes());
        if cut {
            // The answer must not slip through first.
            back.abort();
        }
        if server_hears.write_all(&said[..length]).await.is_err() || cut {
            break;
        }
    }
    back.abort();
}
