//! Rounds that take turns, so that a slow moment of the machine hits both sides.

use anyhow::Result;

/// How many rounds are counted.
pub const ROUNDS: usize = 9;

/// What two sides did in one round.
#[derive(Clone, Copy, Debug)]
pub struct Round<M, F = M> {
    /// Ours.
    pub measured: M,
    /// What is below us.
    pub floor: F,
}

/// Plays [`ROUNDS`] rounds after one that only warms up. Who goes first changes from round to round.
pub fn play<M, F>(
    mut measured: impl FnMut() -> Result<M>,
    mut floor: impl FnMut() -> Result<F>,
) -> Result<Vec<Round<M, F>>> {
    let mut round = |number: usize| {
        if number.is_multiple_of(2) {
            let measured = measured()?;
            return Ok(Round { measured, floor: floor()? });
        }
        let floor = floor()?;
        Ok(Round { measured: measured()?, floor })
    };
    round(0)?;
    (1..=ROUNDS).map(round).collect()
}

/// The middle one; that of an even number is the upper of the two in the middle.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_ignores_a_slow_moment() {
        assert!((median([3.0, 900.0, 1.0, 2.0, 4.0]) - 3.0).abs() < f64::EPSILON);
        assert!(median([]).is_nan());
    }

    #[test]
    fn the_sides_take_turns_in_going_first_and_the_warm_up_is_not_counted() {
        let order = std::cell::RefCell::new(String::new());
        let side = |letter| {
            let order = &order;
            move || {
                order.borrow_mut().push(letter);
                Ok(letter)
            }
        };
        let rounds = play(side('m'), side('f')).unwrap();
        assert_eq!(rounds.len(), ROUNDS);
        assert!(rounds.iter().all(|round| (round.measured, round.floor) == ('m', 'f')));
        assert!(order.borrow().starts_with("mffmmffm"));
    }
}
