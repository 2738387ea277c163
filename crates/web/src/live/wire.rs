//! What this node has told lately, and the bell that rings when there is more.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::{Duration, Instant},
};

use app::App;
use data_encoding::HEXLOWER;
use db::Notice;
use domain::{
    change::{Change, Changed},
    id::WorkspaceId,
};
use store::changes;
use tokio::sync::{
    broadcast::{Receiver, error::RecvError},
    watch,
};

use super::{
    mark::{After, Mark},
    seat::Seats,
};

/// Changes kept for pages that come back.
const KEPT: usize = 4096;

/// The node's ear for changes. Clones share it. It begins to listen with the first page that does.
#[derive(Clone)]
pub struct Wire {
    parts: Arc<Parts>,
}

struct Parts {
    run: OnceLock<String>,
    past: Mutex<Past>,
    bell: watch::Sender<Bell>,
    seats: Seats,
}

/// What rings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bell {
    /// The number of the last change.
    pub last: u64,
    /// The server stops: every stream ends.
    pub over: bool,
}

struct Past {
    kept: VecDeque<(Instant, Change)>,
    /// The number of the last change; the oldest kept is `last - kept.len() + 1`.
    last: u64,
    /// Since when nothing was missed.
    since: Instant,
}

/// What a page has missed.
#[derive(Debug, PartialEq, Eq)]
pub enum Missed {
    /// These, each with its number.
    These(Vec<(u64, Changed)>),
    /// Nobody knows any more: it has to read everything anew.
    Unknown,
}

impl Default for Wire {
    fn default() -> Self {
        let past = Past { kept: VecDeque::new(), last: 0, since: Instant::now() };
        let (run, bell) = (OnceLock::new(), watch::Sender::default());
        Self { parts: Arc::new(Parts { run, past: Mutex::new(past), bell, seats: Seats::default() }) }
    }
}

impl Wire {
    /// Listens to the app's database, if it does not yet.
    pub fn listen(&self, app: &App) {
        self.parts.run.get_or_init(|| {
            let notices = app.db().subscribe();
            self.past().since = Instant::now();
            tokio::spawn(hear(self.clone(), notices));
            HEXLOWER.encode(&app.clock().now().bytes::<6>())
        });
    }

    /// Ends all streams: the server stops.
    pub fn close(&self) {
        self.parts.bell.send_modify(|bell| bell.over = true);
    }

    /// Who sits where.
    pub fn seats(&self) -> &Seats {
        &self.parts.seats
    }

    /// The bell, as it is now and whenever it rings.
    pub fn bell(&self) -> watch::Receiver<Bell> {
        self.parts.bell.subscribe()
    }

    /// The mark of a change of this run.
    pub fn mark(&self, number: u64) -> Mark {
        Mark { run: self.parts.run.get().cloned().unwrap_or_default(), number }
    }

    /// What somebody missed who comes back after this, and the number up to which that is.
    pub fn since(&self, workspace: WorkspaceId, after: &After) -> (u64, Missed) {
        let past = self.past();
        let number = match after {
            After::Mark(mark) => Some(mark.number).filter(|_| self.parts.run.get() == Some(&mark.run)),
            After::Age(age) => past.before(*age),
        };
        (past.last, number.map_or(Missed::Unknown, |number| past.after(number, workspace)))
    }

    fn tell(&self, change: Change) {
        let mut past = self.past();
        past.last += 1;
        past.kept.push_back((Instant::now(), change));
        if past.kept.len() > KEPT {
            past.kept.pop_front();
        }
        self.ring(past.last);
    }

    /// Some changes were not heard: whoever has not heard the last one has to read anew, and so has everybody.
    fn lose(&self) {
        let mut past = self.past();
        past.last += 1;
        past.kept.clear();
        past.since = Instant::now();
        self.ring(past.last);
    }

    fn ring(&self, last: u64) {
        self.parts.bell.send_modify(|bell| bell.last = last);
    }

    fn past(&self) -> MutexGuard<'_, Past> {
        self.parts.past.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Past {
    /// The number of the last change before that time, if all since are kept.
    fn before(&self, age: Duration) -> Option<u64> {
        let then = Instant::now().checked_sub(age)?;
        let older = self.kept.iter().rev().position(|(at, _)| *at < then);
        match older {
            Some(newer) => Some(self.last - count(newer)),
            None if self.since <= then && self.kept.len() < KEPT => Some(self.last - count(self.kept.len())),
            None => None,
        }
    }

    fn after(&self, number: u64, workspace: WorkspaceId) -> Missed {
        let missed = self.last.checked_sub(number).and_then(|missed| usize::try_from(missed).ok());
        let Some(from) = missed.and_then(|missed| self.kept.len().checked_sub(missed)) else { return Missed::Unknown };
        let numbered = (number + 1..).zip(self.kept.range(from..));
        let here = numbered.filter(|(_, (_, change))| change.workspace.is_none_or(|place| place == workspace));
        Missed::These(here.map(|(number, (_, change))| (number, change.changed)).collect())
    }
}

fn count(kept: usize) -> u64 {
    u64::try_from(kept).unwrap_or(u64::MAX)
}

/// Hears until the database is closed.
async fn hear(wire: Wire, mut notices: Receiver<Notice>) {
    loop {
        match notices.recv().await {
            Ok(Notice::Lost) | Err(RecvError::Lagged(_)) => wire.lose(),
            Ok(notice) => {
                if let Some(change) = changes::told(&notice) {
                    wire.tell(change);
                }
            }
            Err(RecvError::Closed) => return wire.close(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: u8 = 1;
    const ELSEWHERE: u8 = 2;

    fn workspace(n: u8) -> WorkspaceId {
        format!("wsp_{n:0>25}0").parse().unwrap()
    }

    fn project(n: u8) -> Changed {
        Changed::Project(format!("prj_{n:0>25}0").parse().unwrap())
    }

    fn wire() -> Wire {
        let wire = Wire::default();
        wire.parts.run.set("run".into()).unwrap();
        wire
    }

    fn tell(wire: &Wire, place: u8, n: u8) {
        wire.tell(Change { workspace: Some(workspace(place)), changed: project(n) });
    }

    fn since(wire: &Wire, run: &str, number: u64) -> Missed {
        wire.since(workspace(HERE), &After::Mark(Mark { run: run.into(), number })).1
    }

    #[test]
    fn who_comes_back_hears_what_he_missed_of_his_workspace() {
        let wire = wire();
        tell(&wire, HERE, 1);
        tell(&wire, ELSEWHERE, 2);
        tell(&wire, HERE, 3);
        assert_eq!(since(&wire, "run", 0), Missed::These(vec![(1, project(1)), (3, project(3))]));
        assert_eq!(since(&wire, "run", 1), Missed::These(vec![(3, project(3))]));
        assert_eq!(since(&wire, "run", 3), Missed::These(Vec::new()));
    }

    #[test]
    fn what_is_the_whole_servers_is_told_everywhere() {
        let wire = wire();
        wire.tell(Change { workspace: None, changed: Changed::MailChannel });
        assert_eq!(since(&wire, "run", 0), Missed::These(vec![(1, Changed::MailChannel)]));
    }

    #[test]
    fn who_heard_another_run_or_what_is_no_longer_kept_reads_anew() {
        let wire = wire();
        for _ in 0..=KEPT {
            tell(&wire, HERE, 1);
        }
        assert_eq!(since(&wire, "another", 3), Missed::Unknown);
        assert_eq!(since(&wire, "run", 0), Missed::Unknown);
        assert_eq!(since(&wire, "run", 1_000_000), Missed::Unknown);
        assert!(matches!(since(&wire, "run", 1), Missed::These(all) if all.len() == KEPT));
    }

    #[test]
    fn after_a_loss_everybody_reads_anew() {
        let wire = wire();
        tell(&wire, HERE, 1);
        wire.lose();
        assert_eq!(since(&wire, "run", 1), Missed::Unknown);
        assert_eq!(since(&wire, "run", 2), Missed::These(Vec::new()));
        assert_eq!(wire.bell().borrow().last, 2);
    }

    #[test]
    fn a_page_hears_what_changed_since_it_was_asked_for() {
        let wire = wire();
        tell(&wire, HERE, 1);
        let by_age = |age| wire.since(workspace(HERE), &After::Age(age)).1;
        assert_eq!(by_age(Duration::ZERO), Missed::These(Vec::new()));
        assert_eq!(by_age(Duration::from_hours(1)), Missed::Unknown);
        std::thread::sleep(Duration::from_millis(2));
        let (before, age) = (Instant::now(), Duration::from_millis(1));
        tell(&wire, HERE, 2);
        assert_eq!(by_age(before.elapsed() + age / 2), Missed::These(vec![(2, project(2))]));
    }
}
