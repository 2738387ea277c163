//! How long to wait before something is tried again.

use std::time::Duration;

use domain::now::Now;

/// The longest wait between two tries.
const LONGEST: Duration = Duration::from_hours(1);
/// A microsecond doubled so often is more than an hour.
const MOST_DOUBLINGS: i64 = 31;

/// After `failures` in a row: `first`, then doubling to an hour.
pub(super) fn doubling(first: Duration, failures: i64) -> Duration {
    let doublings = u32::try_from(failures.saturating_sub(1).clamp(0, MOST_DOUBLINGS)).expect("it is clamped");
    first.saturating_mul(1 << doublings).min(LONGEST)
}

/// The same less up to a fifth, so that what failed together does not come back together.
pub(super) fn with_jitter(first: Duration, failures: i64, now: &Now) -> Duration {
    let part = u16::from_be_bytes(now.bytes());
    doubling(first, failures).mul_f64(1.0 - 0.2 * f64::from(part) / f64::from(u16::MAX))
}

#[cfg(test)]
mod tests {
    use domain::time::Time;

    use super::*;

    const FIRST: Duration = Duration::from_secs(10);

    #[test]
    fn the_wait_doubles_up_to_an_hour() {
        let waits = [0, 1, 2, 3, 9, 10, i64::MAX].map(|failures| doubling(FIRST, failures).as_secs());
        assert_eq!(waits, [10, 10, 20, 40, 2560, 3600, 3600]);
    }

    #[test]
    fn jitter_takes_away_a_fifth_at_most() {
        let at = |byte| Now::new(Time::from_micros(0), move |bytes: &mut [u8]| bytes.fill(byte));
        assert_eq!(with_jitter(FIRST, 1, &at(0)), FIRST);
        assert_eq!(with_jitter(FIRST, 1, &at(255)), Duration::from_secs(8));
    }
}
