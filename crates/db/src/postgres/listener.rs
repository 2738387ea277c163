//! The connection that listens for notices.

use std::{future::poll_fn, time::Duration};

use tokio::{
    sync::{broadcast, mpsc},
    task::JoinHandle,
    time,
};
use tokio_postgres::{AsyncMessage, Client, Config};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{connect, errors};
use crate::{Error, Notice, Settings, notice};

/// The one channel of `PostgreSQL` that all topics share.
pub(super) const CHANNEL: &str = "committed";

/// A connection that has been silent this long is asked for a sign of life.
const SILENCE: Duration = Duration::from_secs(30);

/// A sign of life that takes longer than this will not come.
const PATIENCE: Duration = Duration::from_secs(10);

/// Listens until it is dropped.
pub(super) struct Listener {
    notices: broadcast::Sender<Notice>,
    task: JoinHandle<()>,
}

impl Listener {
    /// Listens when this returns, so no later notice is missed.
    pub(super) async fn start(settings: &Settings) -> Result<Listener, Error> {
        let url = settings.listen_url.as_deref().unwrap_or(&settings.url);
        let (config, tls) = connect::configure(url, settings)?;
        let notices = broadcast::Sender::new(notice::BACKLOG);
        let ear = Ear { config, tls, patience: settings.connect_timeout, notices: notices.clone() };
        let line = ear.connect().await?;
        Ok(Listener { notices, task: tokio::spawn(ear.listen(line)) })
    }

    pub(super) fn subscribe(&self) -> broadcast::Receiver<Notice> {
        self.notices.subscribe()
    }

    pub(super) fn stop(&self) {
        self.task.abort();
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.stop();
    }
}

/// What the task needs to come back after an interruption.
struct Ear {
    config: Config,
    tls: MakeRustlsConnect,
    patience: Duration,
    notices: broadcast::Sender<Notice>,
}

/// A connection that listens.
struct Line {
    client: Client,
    messages: mpsc::UnboundedReceiver<AsyncMessage>,
}

impl Ear {
    async fn listen(self, mut line: Line) {
        loop {
            self.hear(&mut line).await;
            tracing::warn!("the listener was interrupted");
            line = self.reconnect().await;
            // Only now: whoever rereads earlier could miss what happens before we listen again.
            drop(self.notices.send(Notice::Lost));
        }
    }

    /// Hands notices on until the connection ends.
    async fn hear(&self, line: &mut Line) {
        loop {
            match time::timeout(SILENCE, line.messages.recv()).await {
                Ok(Some(AsyncMessage::Notification(told))) => {
                    // Nobody listening is fine.
                    notice::unpack(told.payload()).map(|notice| self.notices.send(notice));
                }
                Ok(Some(_)) => {}
                Ok(None) => return,
                Err(_) => match time::timeout(PATIENCE, line.client.batch_execute("")).await {
                    Ok(Ok(())) => {}
                    Ok(Err(_)) | Err(_) => return,
                },
            }
        }
    }

    async fn reconnect(&self) -> Line {
        let mut pause = Duration::from_millis(10);
        loop {
            match self.connect().await {
                Ok(line) => return line,
                Err(error) => tracing::debug!(%error, "the listener cannot connect yet"),
            }
            time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(1));
        }
    }

    async fn connect(&self) -> Result<Line, Error> {
        let line = time::timeout(self.patience, self.open()).await;
        line.map_err(|_| Error::Unavailable(format!("no answer within {:?}", self.patience)))?
            .map_err(|error| errors::statement(error, "LISTEN").into())
    }

    async fn open(&self) -> Result<Line, tokio_postgres::Error> {
        let (client, mut connection) = self.config.connect(self.tls.clone()).await?;
        let (heard, messages) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            // Ends with the connection, or when the line is dropped.
            while let Some(Ok(message)) = poll_fn(|cx| connection.poll_message(cx)).await {
                if heard.send(message).is_err() {
                    return;
                }
            }
        });
        client.batch_execute(&format!("LISTEN {CHANNEL}")).await?;
        Ok(Line { client, messages })
    }
}
