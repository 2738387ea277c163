//! How many streams one person holds.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use domain::id::PersonId;

/// A browser needs one for each workspace it has open, or one for each visible tab.
pub const MOST: usize = 12;

/// The streams that are open, by person.
#[derive(Clone, Debug, Default)]
pub struct Seats(Arc<Mutex<HashMap<PersonId, usize>>>);

/// A place taken; dropping it gives it back.
#[derive(Debug)]
pub struct Seat {
    seats: Seats,
    person: PersonId,
}

impl Seats {
    /// A place for this person, unless all of his are taken.
    pub fn take(&self, person: PersonId) -> Option<Seat> {
        let mut taken = self.lock();
        let count = taken.entry(person).or_default();
        if *count >= MOST {
            return None;
        }
        *count += 1;
        drop(taken);
        Some(Seat { seats: self.clone(), person })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<PersonId, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.lock();
        let left = taken.get(&self.person).map_or(0, |count| count.saturating_sub(1));
        if left == 0 {
            taken.remove(&self.person);
        } else {
            taken.insert(self.person, left);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_has_so_many_places_and_gets_one_back_when_a_stream_ends() {
        let (seats, [ann, bob]) = (Seats::default(), ["1", "2"].map(person));
        let mut anns: Vec<_> = (0..MOST).map(|_| seats.take(ann)).collect();
        assert!(anns.iter().all(Option::is_some));
        assert!(seats.take(ann).is_none());
        assert!(seats.take(bob).is_some());
        anns.pop();
        assert!(seats.take(ann).is_some());
        drop(anns);
        assert!(seats.lock().is_empty());
    }

    fn person(n: &str) -> PersonId {
        format!("per_{n:0>25}0").parse().unwrap()
    }
}
