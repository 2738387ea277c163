//! One page that listens.

use std::{collections::VecDeque, convert::Infallible, sync::Arc, time::Duration};

use app::{App, Failure};
use axum::response::sse::Event;
use domain::{access::Member, change::Changed};
use tokio::{
    sync::watch,
    time::{Instant, sleep_until},
};

use super::{
    mark::After,
    seat::Seat,
    sight::sees,
    wire::{Bell, Missed, Wire},
};

/// A stream ends so soon after its right, at the latest (architecture: five seconds).
const RECHECK: Duration = Duration::from_secs(4);

/// All streams of a person are taken; one may be free when others were closed.
const FULL: Failure = Failure::TooFast(Duration::from_secs(30));

/// A page's stream. It ends when the membership, session or key ends, and when the server stops.
pub struct Stream {
    app: App,
    wire: Wire,
    member: Arc<Member>,
    bell: watch::Receiver<Bell>,
    heard: u64,
    ready: VecDeque<Event>,
    checked: Instant,
    over: bool,
    _seat: Seat,
}

impl Stream {
    /// Takes a seat and finds what was missed.
    pub async fn open(app: App, wire: Wire, member: Arc<Member>, after: &After) -> Result<Self, Failure> {
        let seat = wire.seats().take(member.person()).ok_or(FULL)?;
        wire.listen(&app);
        let bell = wire.bell();
        let (over, checked) = (bell.borrow().over, Instant::now());
        let mut stream = Self { app, wire, member, bell, heard: 0, ready: VecDeque::new(), checked, over, _seat: seat };
        let (last, missed) = stream.wire.since(stream.member.workspace(), after);
        let first = if missed == Missed::Unknown { "reset" } else { "open" };
        let from = if let Missed::These(missed) = &missed { missed.first().map_or(last, |(n, _)| n - 1) } else { last };
        stream.ready.push_back(stream.event(first, from, String::new()).retry(Duration::from_secs(2)));
        stream.take(last, missed).await?;
        Ok(stream)
    }

    /// The next event; `None` when the stream has ended. What the database cannot tell just now ends it too: the page
    /// comes back and is asked for its right again.
    pub async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some((Ok(event), self));
            }
            if self.over || self.wait().await.is_err() {
                return None;
            }
        }
    }

    async fn wait(&mut self) -> Result<(), Failure> {
        tokio::select! {
            rang = self.bell.changed() => {
                self.over = rang.is_err() || self.bell.borrow_and_update().over;
                self.catch_up().await
            }
            () = sleep_until(self.checked + RECHECK) => self.check().await,
        }
    }

    async fn catch_up(&mut self) -> Result<(), Failure> {
        let after = After::Mark(self.wire.mark(self.heard));
        let (last, missed) = self.wire.since(self.member.workspace(), &after);
        if missed == Missed::Unknown {
            self.ready.push_back(self.event("reset", last, String::new()));
        }
        self.take(last, missed).await
    }

    async fn take(&mut self, last: u64, missed: Missed) -> Result<(), Failure> {
        self.heard = last;
        let Missed::These(changes) = missed else { return Ok(()) };
        // A member who changed may be oneself.
        if changes.iter().any(|(_, changed)| matches!(changed, Changed::Member(_))) {
            self.check().await?;
        }
        for (number, changed) in changes {
            if !self.over && sees(&self.app, &self.member, changed).await? {
                self.ready.push_back(self.event(changed.topic(), number, changed.id()));
            }
        }
        Ok(())
    }

    /// Reads the member anew. Who lost the right is told that this is the end, so that the page does not come back.
    async fn check(&mut self) -> Result<(), Failure> {
        let member = Arc::clone(&self.member);
        let found = self.app.point(move |db, now| Ok(store::access::anew(db, &member, now.at)?)).await?;
        if let Some(member) = found {
            self.member = Arc::new(member);
        } else {
            self.over = true;
            self.ready.clear();
            self.ready.push_back(self.event("over", self.heard, String::new()));
        }
        self.checked = Instant::now();
        Ok(())
    }

    fn event(&self, name: &str, number: u64, data: String) -> Event {
        Event::default().event(name).id(self.wire.mark(number).to_string()).data(data)
    }
}
