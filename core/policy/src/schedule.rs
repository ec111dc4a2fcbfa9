//! When a meeting takes place: of its host's words, every occurrence as an instant.
//!
//! Days are counted on the host's calendar, and only then looked up on their clock, so that nine o'clock stays nine o'clock
//! when the clocks change.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use conclave_protocol::Timestamp;
use conclave_protocol::schedule::{
    Every, LocalDate, LocalTime, Occurrence, Repeats, Schedule, Weekday,
};

/// Of one meeting, with those that are cancelled.
pub const MOST_OCCURRENCES: usize = 200;

/// Days from the first occurrence on: two years.
pub const LONGEST_DAYS: u16 = 2 * 366;

/// Minutes that an occurrence may be planned for.
pub const MINUTES: std::ops::RangeInclusive<u16> = 5..=24 * 60;

/// There is no such time zone, no such day, nothing left, or more than there may be: one answer for all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no schedule")]
pub struct NoSchedule;

/// Those that take place, in their order: at least one.
pub fn occurrences(schedule: &Schedule) -> Result<Vec<Occurrence>, NoSchedule> {
    if !MINUTES.contains(&schedule.minutes) {
        return Err(NoSchedule);
    }
    let zone = TimeZone::get(schedule.zone.as_str()).map_err(|_| NoSchedule)?;
    let starts = starts(schedule.start, schedule.repeats.as_ref())?;
    let cancelled = &schedule.cancelled;
    if cancelled.len() >= starts.len() || !cancelled.iter().all(|start| starts.contains(start)) {
        return Err(NoSchedule);
    }
    let held = starts.iter().filter(|start| !cancelled.contains(start));
    held.map(|start| occurrence(*start, &zone, schedule.minutes))
        .collect()
}

/// Those that are not over, the next first.
pub fn ahead(schedule: &Schedule, now: Timestamp) -> Vec<Occurrence> {
    let mut occurrences = occurrences(schedule).unwrap_or_default();
    occurrences.retain(|occurrence| now < occurrence.ends);
    occurrences
}

fn starts(first: LocalTime, repeats: Option<&Repeats>) -> Result<Vec<LocalTime>, NoSchedule> {
    let Some(repeats) = repeats else {
        return Ok(vec![first]);
    };
    let most = most(repeats)?;
    let first_day = date(first.date())?;
    let until = repeats.until.map(date).transpose()?;
    if !falls_on(repeats, first_day, first_day) {
        return Err(NoSchedule);
    }
    let days = first_day.series(jiff::Span::new().days(1));
    let starts: Vec<_> = days
        .take(usize::from(LONGEST_DAYS) + 1)
        .take_while(|day| until.is_none_or(|until| *day <= until))
        .filter(|day| falls_on(repeats, first_day, *day))
        .take(most)
        .filter_map(|day| on(first, day))
        .collect();
    let last_day = first_day.saturating_add(jiff::Span::new().days(LONGEST_DAYS));
    let is_whole = match (until, repeats.count) {
        (Some(until), _) => until <= last_day && starts.len() <= MOST_OCCURRENCES,
        (None, Some(count)) => starts.len() == usize::from(count),
        (None, None) => false,
    };
    is_whole.then_some(starts).ok_or(NoSchedule)
}

/// Where it ends by a day, one more than may be: so that too many are seen.
fn most(repeats: &Repeats) -> Result<usize, NoSchedule> {
    match (repeats.until, repeats.count) {
        (Some(_), None) => Ok(MOST_OCCURRENCES + 1),
        (None, Some(count @ 2..)) if usize::from(count) <= MOST_OCCURRENCES => Ok(count.into()),
        _ => Err(NoSchedule),
    }
}

fn falls_on(repeats: &Repeats, first: Date, day: Date) -> bool {
    match repeats.every {
        Every::Day => repeats.days.is_empty(),
        Every::Week => is_named(repeats, day),
        Every::Fortnight => is_named(repeats, day) && weeks_since(first, day) % 2 == 0,
        Every::Month => repeats.days.is_empty() && day.day() == first.day(),
    }
}

fn is_named(repeats: &Repeats, day: Date) -> bool {
    let mut named = repeats.days.iter();
    named.any(|named| weekday(*named) == day.weekday())
}

/// From the Monday of one's week to that of the other's, which is not before it.
fn weeks_since(first: Date, day: Date) -> i32 {
    let into_week = i32::from(first.weekday().to_monday_zero_offset());
    let days = first.duration_until(day).as_hours() / 24;
    (i32::try_from(days).unwrap_or(i32::MAX - 6) + into_week) / 7
}

fn weekday(day: Weekday) -> jiff::civil::Weekday {
    match day {
        Weekday::Monday => jiff::civil::Weekday::Monday,
        Weekday::Tuesday => jiff::civil::Weekday::Tuesday,
        Weekday::Wednesday => jiff::civil::Weekday::Wednesday,
        Weekday::Thursday => jiff::civil::Weekday::Thursday,
        Weekday::Friday => jiff::civil::Weekday::Friday,
        Weekday::Saturday => jiff::civil::Weekday::Saturday,
        Weekday::Sunday => jiff::civil::Weekday::Sunday,
    }
}

fn date(day: LocalDate) -> Result<Date, NoSchedule> {
    let (year, month, day) = day.year_month_day();
    let number = |number: u8| i8::try_from(number).map_err(|_| NoSchedule);
    let year = i16::try_from(year).map_err(|_| NoSchedule)?;
    Date::new(year, number(month)?, number(day)?).map_err(|_| NoSchedule)
}

fn on(first: LocalTime, day: Date) -> Option<LocalTime> {
    let number = |number: i8| u8::try_from(number).ok();
    first.on(day.year().into(), number(day.month())?, number(day.day())?)
}

fn occurrence(start: LocalTime, zone: &TimeZone, minutes: u16) -> Result<Occurrence, NoSchedule> {
    let (hour, minute) = start.hour_minute();
    let number = |number: u8| i8::try_from(number).map_err(|_| NoSchedule);
    let clock = jiff::civil::Time::new(number(hour)?, number(minute)?, 0, 0);
    let shown = DateTime::from_parts(date(start.date())?, clock.map_err(|_| NoSchedule)?);
    // RFC 5545's rule for gaps and folds is what Temporal calls 'compatible', and this does.
    let begins = zone.to_timestamp(shown).map_err(|_| NoSchedule)?;
    let begins = Timestamp::from_micros(begins.as_microsecond());
    let planned = std::time::Duration::from_secs(u64::from(minutes) * 60);
    Ok(Occurrence {
        start,
        begins,
        ends: begins.plus(planned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(text: &str) -> LocalTime {
        LocalTime::parse(text).unwrap()
    }

    fn schedule(words: &str) -> Schedule {
        let whole = format!(r#"{{"minutes": 30, "zone": "Europe/Berlin", {words}}}"#);
        serde_json::from_str(&whole).unwrap()
    }

    fn begins(words: &str) -> Vec<String> {
        let found = occurrences(&schedule(words)).unwrap();
        let text = |held: &Occurrence| serde_json::to_string(&held.begins).unwrap();
        found
            .iter()
            .map(|held| text(held).trim_matches('"').to_owned())
            .collect()
    }

    #[test]
    fn nine_o_clock_stays_nine_o_clock_when_the_clocks_change() {
        let weekly = r#""start": "2026-03-24T09:00", "repeats": {"every": "week", "days": ["tuesday"], "count": 2}"#;
        assert_eq!(
            begins(weekly),
            ["2026-03-24T08:00:00Z", "2026-03-31T07:00:00Z"]
        );
    }

    #[test]
    fn a_time_that_is_skipped_moves_and_of_one_that_comes_twice_the_first_counts() {
        // Berlin's clocks go from 2:00 to 3:00 on 29 March 2026, and from 3:00 back to 2:00 on 25 October.
        assert_eq!(
            begins(r#""start": "2026-03-29T02:30""#),
            ["2026-03-29T01:30:00Z"]
        );
        assert_eq!(
            begins(r#""start": "2026-10-25T02:30""#),
            ["2026-10-25T00:30:00Z"]
        );
        // Apia had no 30 December 2011 at all.
        let apia = r#"{"start": "2011-12-30T09:00", "zone": "Pacific/Apia", "minutes": 30}"#;
        let apia = occurrences(&serde_json::from_str(apia).unwrap()).unwrap();
        assert_eq!(
            serde_json::to_value(apia[0].begins).unwrap(),
            "2011-12-30T19:00:00Z"
        );
    }

    #[test]
    fn the_thirty_first_is_in_months_that_have_one() {
        let monthly = r#""start": "2027-01-31T12:00", "repeats": {"every": "month", "count": 4}"#;
        let days: Vec<_> = begins(monthly)
            .iter()
            .map(|at| at[5..10].to_owned())
            .collect();
        assert_eq!(days, ["01-31", "03-31", "05-31", "07-31"]);
        let leap =
            r#""start": "2028-02-29T12:00", "repeats": {"every": "month", "until": "2028-04-29"}"#;
        assert_eq!(begins(leap).len(), 3);
    }

    #[test]
    fn what_is_cancelled_does_not_take_place_and_counts() {
        let daily = r#""start": "2026-12-01T09:00", "repeats": {"every": "day", "count": 3}, "cancelled": ["2026-12-02T09:00"]"#;
        assert_eq!(
            begins(daily),
            ["2026-12-01T08:00:00Z", "2026-12-03T08:00:00Z"]
        );
        let now = occurrences(&schedule(daily)).unwrap()[0].ends;
        assert_eq!(
            ahead(&schedule(daily), now)[0].start,
            local("2026-12-03T09:00")
        );
    }

    #[test]
    fn weekdays_are_those_that_are_named_until_the_day_that_is_named() {
        let words = r#""start": "2026-11-27T16:00", "repeats": {"every": "week", "days": ["friday", "monday"], "until": "2026-12-04"}"#;
        let days: Vec<_> = begins(words)
            .iter()
            .map(|at| at[5..10].to_owned())
            .collect();
        assert_eq!(days, ["11-27", "11-30", "12-04"]);
    }

    #[test]
    fn a_fortnight_is_counted_from_the_monday_of_the_first_week() {
        // Friday; the Monday after it is of the week that is left out.
        let words = r#""start": "2026-11-27T16:00", "repeats": {"every": "fortnight", "days": ["friday", "monday"], "count": 5}"#;
        let days: Vec<_> = begins(words)
            .iter()
            .map(|at| at[5..10].to_owned())
            .collect();
        assert_eq!(days, ["11-27", "12-07", "12-11", "12-21", "12-25"]);
        let years = r#""start": "2026-12-01T09:00", "repeats": {"every": "fortnight", "days": ["tuesday"], "until": "2028-12-02"}"#;
        assert_eq!(begins(years).len(), 53);
    }

    #[test]
    fn as_many_as_may_be_and_as_long_as_may_be_and_no_more() {
        let daily = |count: usize| {
            schedule(&format!(
                r#""start": "2026-12-01T09:00", "repeats": {{"every": "day", "count": {count}}}"#
            ))
        };
        assert_eq!(
            occurrences(&daily(MOST_OCCURRENCES)).unwrap().len(),
            MOST_OCCURRENCES
        );
        assert!(occurrences(&daily(MOST_OCCURRENCES + 1)).is_err());
        let monthly = |until: &str| {
            schedule(&format!(
                r#""start": "2026-12-01T09:00", "repeats": {{"every": "month", "until": "{until}"}}"#
            ))
        };
        assert_eq!(occurrences(&monthly("2028-12-02")).unwrap().len(), 25);
        assert!(occurrences(&monthly("2028-12-03")).is_err());
    }

    #[test]
    fn what_is_no_schedule_is_refused() {
        for wrong in [
            r#""start": "2026-12-01T09:00", "repeats": {"every": "day"}"#,
            r#""start": "2026-12-01T09:00", "repeats": {"every": "day", "count": 1}"#,
            r#""start": "2026-12-01T09:00", "repeats": {"every": "day", "count": 3, "until": "2026-12-03"}"#,
            r#""start": "2026-12-01T09:00", "repeats": {"every": "day", "until": "2026-11-30"}"#,
            r#""start": "2026-12-01T09:00", "repeats": {"every": "day", "days": ["tuesday"], "count": 3}"#,
            r#""start": "2026-12-01T09:00", "repeats": {"every": "week", "days": ["monday"], "count": 3}"#,
            r#""start": "2026-12-01T09:00", "repeats": {"every": "month", "count": 200}"#,
            r#""start": "2026-12-01T09:00", "repeats": {"every": "fortnight", "days": [], "count": 3}"#,
            r#""start": "2026-12-01T09:00", "repeats": {"every": "day", "until": "2027-12-01"}"#,
            r#""start": "2026-12-01T09:00", "cancelled": ["2026-12-01T09:00"]"#,
            r#""start": "2026-12-01T09:00", "repeats": {"every": "day", "count": 3}, "cancelled": ["2026-12-02T09:01"]"#,
        ] {
            assert_eq!(occurrences(&schedule(wrong)), Err(NoSchedule), "{wrong}");
        }
        let mut other = schedule(r#""start": "2026-12-01T09:00""#);
        for minutes in [0, 4, 24 * 60 + 1] {
            other.minutes = minutes;
            assert_eq!(occurrences(&other), Err(NoSchedule));
        }
        let nowhere = r#"{"start": "2026-12-01T09:00", "zone": "Europe/Atlantis", "minutes": 30}"#;
        assert!(occurrences(&serde_json::from_str(nowhere).unwrap()).is_err());
    }
}
