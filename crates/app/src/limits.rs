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
    /// Having a letter sent that anybody can ask for: to set a new password, to prove an address.
    Letter,
    /// Sending a test letter.
    TestLetter,
}

impl Action {
    /// How many at once, and a minute after that. Guessing a password must be slow; a link holds 192 bits, so there the
    /// limit only keeps one client from using up the server, and an office behind one address is not hindered.
    const fn a_minute(self) -> NonZeroU32 {
        match self {
            Self::SignIn | Self::Setup | Self::Letter | Self::TestLetter => TEN,
            Self::Join => MANY,
        }
    }
}

const TEN: NonZeroU32 = NonZeroU32::new(10).expect("ten is not zero");
const MANY: NonZeroU32 = NonZeroU32::new(120).expect("a hundred and twenty is not zero");
/// Letters to one address: so many at once, then one in ten minutes. More would only fill somebody's inbox.
const LETTERS: NonZeroU32 = NonZeroU32::new(3).expect("three is not zero");
const ONE_LETTER: Duration = Duration::from_mins(10);
const OVERALL: NonZeroU32 = NonZeroU32::new(1_200).expect("twelve hundred is not zero");

/// Counts attempts per action and subject, and per action over all subjects.
pub struct Limits {
    slow: Option<DefaultKeyedRateLimiter<(Action, String)>>,
    quick: DefaultKeyedRateLimiter<(Action, String)>,
    letters: DefaultKeyedRateLimiter<(Action, String)>,
    overall: DefaultKeyedRateLimiter<Action>,
}

impl Limits {
    /// As shipped, or not at all.
    pub fn new(on: bool) -> Self {
        let keyed = |action: Action| RateLimiter::keyed(Quota::per_minute(action.a_minute()));
        Self {
            slow: on.then(|| keyed(Action::SignIn)),
            quick: keyed(Action::Join),
            letters: RateLimiter::keyed(letters()),
            overall: RateLimiter::keyed(Quota::per_minute(OVERALL)),
        }
    }

    /// Counts an attempt by each subject, or says how long to wait.
    pub fn attempt(&self, action: Action, client: Option<IpAddr>, address: Option<&str>) -> Result<(), Failure> {
        let Some(slow) = &self.slow else { return Ok(()) };
        let by_client = if action == Action::Join { &self.quick } else { slow };
        let by_address = if action == Action::Letter { &self.letters } else { by_client };
        let subjects = [(by_client, client.map(subject)), (by_address, address.map(str::to_owned))];
        for (limiter, subject) in subjects {
            let Some(subject) = subject else { continue };
            limiter.check_key(&(action, subject)).map_err(|until| wait(&until))?;
        }
        self.overall.check_key(&action).map_err(|until| wait(&until))
    }

    /// Forgets subjects that have not tried for a while.
    pub fn tidy(&self) {
        if let Some(slow) = &self.slow {
            slow.retain_recent();
        }
        self.quick.retain_recent();
        self.letters.retain_recent();
    }
}

fn letters() -> Quota {
    Quota::with_period(ONE_LETTER).expect("ten minutes are not zero").allow_burst(LETTERS)
}

/// A client as limits know it: of IPv6 the /64, because that is what one customer gets.
pub(crate) fn subject(client: IpAddr) -> String {
    match client {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("{:x}/64", u128::from(ip) >> 64),
    }
}

fn wait<T: governor::clock::Reference>(until: &governor::NotUntil<T>) -> Failure
where
    governor::clock::DefaultClock: governor::clock::Clock<Instant = T>,
{
    let wait = until.wait_time_from(governor::clock::DefaultClock::default().now());
    Failure::TooFast(wait.max(Duration::from_secs(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(n: u32) -> IpAddr {
        IpAddr::V4(n.into())
    }

    #[test]
    fn a_client_and_all_clients_together_open_so_many_links_a_minute() {
        let limits = Limits::new(true);
        assert!((0..120).all(|_| limits.attempt(Action::Join, Some(client(1)), None).is_ok()));
        assert!(matches!(limits.attempt(Action::Join, Some(client(1)), None), Err(Failure::TooFast(_))));
        let passed = (2..1_300).filter(|n| limits.attempt(Action::Join, Some(client(*n)), None).is_ok()).count();
        assert!(
            (1_080..1_150).contains(&passed),
            "{passed} with those of the first client are 1,200 and what a moment adds"
        );
    }

    #[test]
    fn neighbours_in_one_network_of_ipv6_are_one_client() {
        let of = |text: &str| subject(text.parse().expect("an address"));
        assert_eq!(of("2001:db8:1:2::3"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::3"), of("2001:db8:1:3::3"));
    }
}
