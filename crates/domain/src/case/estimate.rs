//! How long a case takes to run by hand.

use std::fmt;

/// Whole seconds, from 1 to 999 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Estimate(i64);

/// Why a text or number is no estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadEstimate {
    /// Not a span of time.
    #[error("Write a time such as 5m, 1h 30m or 45s")]
    Unreadable,
    /// Nothing, less, or more than 999 hours.
    #[error("An estimate lies between one second and 999 hours")]
    OutOfRange,
}

impl BadEstimate {
    /// A stable word for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unreadable => "malformed",
            Self::OutOfRange => "out_of_range",
        }
    }
}

const MOST: i64 = 999 * 3_600;

impl Estimate {
    /// So many seconds.
    pub fn of_seconds(seconds: i64) -> Result<Self, BadEstimate> {
        if (1..=MOST).contains(&seconds) { Ok(Self(seconds)) } else { Err(BadEstimate::OutOfRange) }
    }

    /// Reads what people write: `1h 30m`, `90m`, `1h30`, `45s`; a bare number counts minutes.
    pub fn parse(text: &str) -> Result<Self, BadEstimate> {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
        let (mut total, mut digits, mut last) = (0_i64, String::new(), 60);
        for c in text.chars() {
            if c.is_ascii_digit() {
                digits.push(c);
                continue;
            }
            let unit = match c {
                'h' => 3_600,
                'm' => 60,
                's' => 1,
                _ => return Err(BadEstimate::Unreadable),
            };
            total = add(total, &digits, unit)?;
            digits.clear();
            last = (unit / 60).max(1);
        }
        if !digits.is_empty() {
            total = add(total, &digits, last)?;
        }
        if text.is_empty() { Err(BadEstimate::Unreadable) } else { Self::of_seconds(total) }
    }

    /// In seconds.
    pub fn seconds(self) -> i64 {
        self.0
    }
}

fn add(total: i64, digits: &str, unit: i64) -> Result<i64, BadEstimate> {
    if digits.is_empty() {
        return Err(BadEstimate::Unreadable);
    }
    let number: i64 = digits.parse().map_err(|_| BadEstimate::OutOfRange)?;
    let sum = number.checked_mul(unit).and_then(|span| total.checked_add(span));
    sum.ok_or(BadEstimate::OutOfRange)
}

impl TryFrom<i64> for Estimate {
    type Error = BadEstimate;

    fn try_from(seconds: i64) -> Result<Self, BadEstimate> {
        Self::of_seconds(seconds)
    }
}

impl From<Estimate> for i64 {
    fn from(estimate: Estimate) -> Self {
        estimate.0
    }
}

/// `1h 30m`, as it may be typed again.
impl fmt::Display for Estimate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [(self.0 / 3_600, "h"), (self.0 / 60 % 60, "m"), (self.0 % 60, "s")];
        let parts = parts.iter().filter(|(number, _)| *number > 0).map(|(number, unit)| format!("{number}{unit}"));
        f.write_str(&parts.collect::<Vec<_>>().join(" "))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        for (text, seconds) in
            [("5", 300), ("5m", 300), ("1h 30m", 5_400), ("1h30", 5_400), ("45s", 45), (" 2 H ", 7_200), ("1m30", 90)]
        {
            assert_eq!(Estimate::parse(text).map(Estimate::seconds), Ok(seconds), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in ["", "h", "5 apples", "-5", "1.5h"] {
            assert_eq!(Estimate::parse(text), Err(BadEstimate::Unreadable), "{text}");
        }
        for text in ["0", "1000h", "99999999999999999999h", "9999999999999999h"] {
            assert_eq!(Estimate::parse(text), Err(BadEstimate::OutOfRange), "{text}");
        }
    }

    proptest! {
        #[test]
        fn an_estimate_is_read_as_it_is_shown(seconds in 1..=MOST) {
            let estimate = Estimate::of_seconds(seconds).unwrap();
            prop_assert_eq!(Estimate::parse(&estimate.to_string()), Ok(estimate));
        }
    }
}
