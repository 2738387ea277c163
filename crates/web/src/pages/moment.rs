//! Moments as people say them: near ones by distance, others by date.

use domain::time::{Time, days};

use crate::views::parts::Moment;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// A moment in the past or future, as seen from `now`.
pub fn moment(at: Time, now: Time) -> Moment {
    let text = if at > now { ahead(at, now) } else { ago(at, now) };
    Moment { rfc3339: at.to_string(), text }
}

/// A moment with day, hour and zone, where people act on it.
pub fn exact(at: Time) -> Moment {
    Moment { rfc3339: at.to_string(), text: at.in_words() }
}

/// The hour within a day that stands above it.
pub fn hour(at: Time) -> Moment {
    Moment { rfc3339: at.to_string(), text: at.civil().strftime("%H:%M").to_string() }
}

/// A day, as seen from `now`: `Today`, `Yesterday`, or its date.
pub fn day(at: Time, now: Time) -> String {
    match now.day().since(at.day()).as_secs() / DAY {
        0 => "Today".to_owned(),
        1 => "Yesterday".to_owned(),
        _ => at.civil().strftime("%A, %-d %B %Y").to_string(),
    }
}

fn ago(at: Time, now: Time) -> String {
    match now.since(at).as_secs() {
        past if past < MINUTE => "just now".into(),
        past if past < HOUR => count(past / MINUTE, "minute") + " ago",
        past if past < DAY => count(past / HOUR, "hour") + " ago",
        _ => date(at, now),
    }
}

fn ahead(at: Time, now: Time) -> String {
    match at.since(now).as_secs() {
        left if left < MINUTE => "in a moment".into(),
        left if left < HOUR => format!("in {}", count(left / MINUTE, "minute")),
        left if left < 2 * DAY => format!("in {}", count(left.div_ceil(HOUR), "hour")),
        left if left <= days(60).as_secs() => format!("in {}", count((left + DAY / 2) / DAY, "day")),
        _ => date(at, now),
    }
}

fn date(at: Time, now: Time) -> String {
    let (day, today) = (at.civil(), now.civil());
    let form = if day.year() == today.year() { "%-d %b" } else { "%-d %b %Y" };
    day.strftime(form).to_string()
}

fn count(n: u64, unit: &str) -> String {
    if n == 1 { format!("1 {unit}") } else { format!("{n} {unit}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time::from_micros(1_796_121_600_000_000);

    #[test]
    fn moments_read_as_people_say_them() {
        let seconds = std::time::Duration::from_secs;
        let ago = |s| moment(NOW - seconds(s), NOW).text;
        let ahead = |s| moment(NOW + seconds(s), NOW).text;
        assert_eq!([ago(5), ago(61), ago(7_200), ago(200_000)], ["just now", "1 minute ago", "2 hours ago", "29 Nov"]);
        assert_eq!(
            [ahead(30), ahead(90), ahead(7 * DAY), ahead(100 * DAY)],
            ["in a moment", "in 1 minute", "in 7 days", "11 Mar 2027"]
        );
    }
}
