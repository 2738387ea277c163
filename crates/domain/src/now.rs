//! The moment a verb runs at, where the request came from, what it sets out to do, and the random values it may draw.

use std::{
    cell::{Cell, RefCell},
    net::IpAddr,
};

use uuid::Uuid;

use crate::{
    event::Attempt,
    secret::{Code, Token},
    time::Time,
};

type Random = Box<dyn FnMut(&mut [u8])>;

/// Clock and generator of one attempt at a verb. A retried transaction gets a new one and so draws new tokens.
pub struct Now {
    /// The moment the attempt began.
    pub at: Time,
    /// The address of the client, for the audit log; none for workers and the command line.
    pub client: Option<IpAddr>,
    random: RefCell<Random>,
    drawn: Cell<u32>,
    tried: RefCell<Option<Attempt>>,
}

impl Now {
    /// A moment with its source of random bytes: the operating system's in production, a seeded one in tests.
    pub fn new(at: Time, random: impl FnMut(&mut [u8]) + 'static) -> Self {
        Self {
            at,
            client: None,
            random: RefCell::new(Box::new(random)),
            drawn: Cell::new(0),
            tried: RefCell::default(),
        }
    }

    /// The same moment, asked for by this client.
    pub fn asked_by(self, client: Option<IpAddr>) -> Self {
        Self { client, ..self }
    }

    /// Says what is tried, for the audit log should it be refused: the verb's own transaction is undone then.
    pub fn tries(&self, attempt: Attempt) {
        self.tried.replace(Some(attempt));
    }

    /// What was tried last, if the verb said so.
    pub fn tried(&self) -> Option<Attempt> {
        self.tried.take()
    }

    /// A fresh identifier that sorts by time (UUID version 7, RFC 9562 5.7). Those of one `Now` sort as they were
    /// drawn: a counter stands in the twelve bits after the milliseconds, and overflows into them (RFC 9562 6.2).
    pub fn id<Id: From<Uuid>>(&self) -> Id {
        let drawn = self.drawn.replace(self.drawn.get() + 1);
        let millis = u64::try_from(self.at.micros() / 1000).unwrap_or(0) + u64::from(drawn >> 12);
        let mut bytes = self.bytes::<10>();
        bytes[..2].copy_from_slice(&u16::try_from(drawn & 0x0fff).unwrap_or(0).to_be_bytes());
        uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid().into()
    }

    /// A fresh bearer token.
    pub fn token(&self) -> Token {
        Token::from_random(self.bytes())
    }

    /// A fresh code to be typed by hand.
    pub fn code(&self) -> Code {
        Code::from_random(self.bytes())
    }

    /// Fresh bytes, for nonces and salts.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    fn fill(&self, bytes: &mut [u8]) {
        (self.random.borrow_mut())(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::InvitationId;

    #[test]
    fn ids_of_one_moment_sort_as_they_were_drawn() {
        let now = Now::new(Time::from_micros(1_796_121_600_000_000), |bytes| bytes.fill(7));
        let drawn: Vec<InvitationId> = (0..10_000).map(|_| now.id()).collect();
        assert!(drawn.is_sorted_by(|early, late| early < late));
    }
}
