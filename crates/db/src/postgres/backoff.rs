//! Pauses between two tries.

use std::{
    hash::{BuildHasher, RandomState},
    thread,
    time::Duration,
};

/// Tries after the first. With their pauses they take about two seconds: a server that restarts is back by then.
const TRIES: u32 = 9;

/// Counts the tries of one unit of work.
#[derive(Default)]
pub(super) struct Backoff {
    tries: u32,
}

impl Backoff {
    /// Sleeps before the next try; `false` when there have been enough.
    pub(super) fn pause(&mut self) -> bool {
        if self.tries == TRIES {
            return false;
        }
        let longest = Duration::from_millis(4 << self.tries);
        self.tries += 1;
        thread::sleep(longest.mul_f64(0.5 + jitter() / 2.0));
        true
    }
}

/// Between 0 and 1, so that two units that collided do not meet again.
fn jitter() -> f64 {
    // The standard library seeds each of these at random.
    let [_, _, _, _, a, b, c, d] = RandomState::new().hash_one(0).to_be_bytes();
    f64::from(u32::from_be_bytes([a, b, c, d])) / f64::from(u32::MAX)
}
