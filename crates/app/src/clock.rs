//! Where time and random values come from: the one place that asks the operating system.

use std::sync::Arc;

use domain::{now::Now, time::Time};

/// Makes a [`Now`] for each attempt at a verb.
#[derive(Clone)]
pub struct Clock {
    time: Arc<dyn Fn() -> Time + Send + Sync>,
}

impl Clock {
    /// The machine's clock.
    #[allow(clippy::disallowed_methods)]
    pub fn system() -> Self {
        Self::by(|| Time::from_micros(jiff::Timestamp::now().as_microsecond()))
    }

    /// A clock of one's own: tests set it.
    pub fn by(time: impl Fn() -> Time + Send + Sync + 'static) -> Self {
        Self { time: Arc::new(time) }
    }

    /// The moment, with the operating system's random source.
    pub fn now(&self) -> Now {
        Now::new((self.time)(), fill)
    }
}

#[allow(clippy::disallowed_methods)]
fn fill(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("the operating system has a random source, or nothing here is safe");
}
