//! A mail server that plays a script, on loopback, for what a real one does rarely and never when asked.

mod authority;
mod dialogue;
mod mail;
mod script;

pub use authority::Authority;
pub use mail::Mail;
pub use script::{Reply, Script, Stage};

use dialogue::Dialogue;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

/// A running scripted server. Dropping it closes the port and cuts every connection.
///
/// ```
/// # use testkit::smtp::{Peer, Reply, Script, Stage};
/// # async fn example() {
/// let script = Script::accepting().at(Stage::Rcpt("ann@example.test"), Reply::refuse(550, "5.1.1 no such user"));
/// let peer = Peer::start(script).await;
/// // … send a mail to peer.url() …
/// assert!(peer.mails().is_empty());
/// # }
/// ```
#[derive(Debug)]
pub struct Peer {
    port: u16,
    state: Arc<State>,
    listening: JoinHandle<()>,
}

/// What the connections of one peer share.
#[derive(Debug, Default)]
struct State {
    script: Mutex<Script>,
    mails: watch::Sender<Vec<Mail>>,
    commands: Mutex<Vec<String>>,
    connections: AtomicUsize,
    open: AtomicUsize,
    most_open: AtomicUsize,
}

impl Peer {
    /// Starts on a free port of 127.0.0.1.
    ///
    /// # Panics
    /// When there is none.
    pub async fn start(script: Script) -> Self {
        Self::start_on(0, script).await
    }

    /// Starts on a port known before, as a server that comes back does.
    ///
    /// # Panics
    /// When the port is taken.
    pub async fn start_on(port: u16, script: Script) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.expect("the port is free");
        let port = listener.local_addr().expect("a bound socket has an address").port();
        let state = Arc::new(State { script: Mutex::new(script), ..State::default() });
        let listening = tokio::spawn(listen(listener, Arc::clone(&state)));
        Self { port, state, listening }
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The address as a setting of ours: plain text, no sign-in.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}?tls=none", self.port)
    }

    /// The mails it has kept, in the order of their final dots.
    pub fn mails(&self) -> Vec<Mail> {
        self.state.mails.borrow().clone()
    }

    /// Waits until it has kept `count` mails.
    ///
    /// # Panics
    /// When the time is over before, naming what has come and what was said.
    pub async fn wait_for(&self, count: usize, patience: Duration) -> Vec<Mail> {
        let mut mails = self.state.mails.subscribe();
        let enough = mails.wait_for(|mails| mails.len() >= count);
        match tokio::time::timeout(patience, enough).await {
            Ok(Ok(mails)) => mails.clone(),
            _ => panic!("{} of {count} mails in {patience:?}; heard {:#?}", self.mails().len(), self.commands()),
        }
    }

    /// Plays another script from the next command on, on open connections too.
    pub fn play(&self, script: Script) {
        *lock(&self.state.script) = script;
    }

    /// Every command line it was sent, without the lines of the mails.
    pub fn commands(&self) -> Vec<String> {
        lock(&self.state.commands).clone()
    }

    /// How many connections have been made to it.
    pub fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }

    /// How many connections are open now.
    pub fn open_connections(&self) -> usize {
        self.state.open.load(Ordering::SeqCst)
    }

    /// How many connections were open at the same time at most.
    pub fn most_open_connections(&self) -> usize {
        self.state.most_open.load(Ordering::SeqCst)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn listen(listener: TcpListener, state: Arc<State>) {
    let mut dialogues = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let number = state.connections.fetch_add(1, Ordering::SeqCst) + 1;
        let open = Open::count(&state);
        let dialogue = Dialogue::new(stream, number, Arc::clone(&state));
        dialogues.spawn(async move {
            dialogue.run().await;
            drop(open);
        });
    }
}

/// Counts as an open connection while it lives.
struct Open(Arc<State>);

impl Open {
    fn count(state: &Arc<State>) -> Self {
        let open = state.open.fetch_add(1, Ordering::SeqCst) + 1;
        state.most_open.fetch_max(open, Ordering::SeqCst);
        Self(Arc::clone(state))
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A test that failed elsewhere must not hide its reason behind a poisoned lock.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
