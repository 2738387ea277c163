//! Rate limits, keyed by what is attempted and by whom: guessing is slow, people are not hindered.

use std::{net::IpAddr, num::NonZeroU32, time::Duration};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock as _};

use crate::Failure;

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Signing in.
    SignIn,
    /// Opening or answering an invitation by its link or code.
    Join,
    /// The first run's one-time code.
    Setup,
}

/// Counts attempts per action and subject, and per action over all subjects.
pub struct Limits {
    per_subject: Option<DefaultKeyedRateLimiter<(Action, String)>>,
    overall: DefaultKeyedRateLimiter<Action>,
}

const BURST: NonZeroU32 = NonZeroU32::new(10).expect("ten is not zero");
const OVERALL: NonZeroU32 = NonZeroU32::new(600).expect("six hundred is not zero");

impl Limits {
    /// Ten at once and one every six seconds after that for a subject; 600 a minute over all.
    pub fn new(on: bool) -> Self {
        let slow = Quota::per_minute(BURST);
        Self {
            per_subject: on.then(|| RateLimiter::keyed(slow)),
            overall: RateLimiter::keyed(Quota::per_minute(OVERALL)),
        }
    }

    /// Counts an attempt by each subject, or says how long to wait.
    pub fn attempt(&self, action: Action, client: Option<IpAddr>, address: Option<&str>) -> Result<(), Failure> {
        let Some(limiter) = &self.per_subject else { return Ok(()) };
        let subjects = [client.map(|ip| ip.to_string()), address.map(str::to_owned)];
        for subject in subjects.into_iter().flatten() {
            limiter.check_key(&(action, subject)).map_err(|until| wait(&until))?;
        }
        self.overall.check_key(&action).map_err(|until| wait(&until))
    }

    /// Forgets subjects that have not tried for a while.
    pub fn tidy(&self) {
        if let Some(limiter) = &self.per_subject {
            limiter.retain_recent();
        }
    }
}

fn wait<T: governor::clock::Reference>(until: &governor::NotUntil<T>) -> Failure
where
    governor::clock::DefaultClock: governor::clock::Clock<Instant = T>,
{
    let wait = until.wait_time_from(governor::clock::DefaultClock::default().now());
    Failure::TooFast(wait.max(Duration::from_secs(1)))
}
