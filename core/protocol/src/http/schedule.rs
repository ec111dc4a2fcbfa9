//! When a meeting takes place, in its host's words: a time on a clock, the clock's time zone, and how it repeats.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Date, PrimitiveDateTime};
use utoipa::ToSchema;

use crate::Timestamp;

/// A day of the calendar, wherever somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ToSchema)]
#[schema(value_type = String, format = Date, example = "2026-03-29")]
pub struct LocalDate(Date);

/// What a clock on the wall shows, to the minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ToSchema)]
#[schema(
    value_type = String,
    pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$",
    example = "2026-03-29T09:30"
)]
pub struct LocalTime(PrimitiveDateTime);

/// The name of a time zone in IANA's database. Whether there is such a one, policy says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, max_length = 64, example = "Europe/Berlin")]
pub struct ZoneName(String);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Every {
    Day,
    /// On the days that are named.
    Week,
    /// On the days that are named, in the first occurrence's week and each second one after it. Weeks begin on Monday.
    Fortnight,
    /// On the day of the month that the first occurrence is on. A month without that day has none.
    Month,
}

/// How a meeting comes again: a part of what RFC 5545 (3.3.10) can say. Exactly one of `until` and `count` is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Repeats {
    pub every: Every,
    /// Of a week; the first occurrence's is one of them. Empty where it is not weekly.
    #[serde(default)]
    #[schema(max_items = 7)]
    pub days: Vec<Weekday>,
    /// The last day on which it may be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<LocalDate>,
    /// How often it is, with those that are cancelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 2, maximum = 200)]
    pub count: Option<u16>,
}

/// A time that the clocks skip is as long after the skip as it was to be after its beginning; of one that comes twice, the
/// first counts (RFC 5545, 3.3.5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// Of the first occurrence.
    pub start: LocalTime,
    pub zone: ZoneName,
    #[schema(minimum = 5, maximum = 1440)]
    pub minutes: u16,
    /// Absent: once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeats: Option<Repeats>,
    /// The starts of those that don't take place.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub cancelled: Vec<LocalTime>,
}

/// One time that a meeting takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Occurrence {
    /// By which it is cancelled.
    pub start: LocalTime,
    pub begins: Timestamp,
    pub ends: Timestamp,
}

const DATE: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");
const TIME: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]T[hour]:[minute]");

impl LocalDate {
    /// Year, month from 1, day from 1.
    pub fn year_month_day(self) -> (i32, u8, u8) {
        (self.0.year(), self.0.month().into(), self.0.day())
    }
}

impl LocalTime {
    pub fn parse(text: &str) -> Option<Self> {
        PrimitiveDateTime::parse(text, TIME).ok().map(Self)
    }

    pub fn date(self) -> LocalDate {
        LocalDate(self.0.date())
    }

    /// The same time on another day; `None` for what is no day.
    pub fn on(self, year: i32, month: u8, day: u8) -> Option<Self> {
        let month = time::Month::try_from(month).ok()?;
        let date = Date::from_calendar_date(year, month, day).ok()?;
        Some(Self(self.0.replace_date(date)))
    }

    /// Of the day, from 0.
    pub fn hour_minute(self) -> (u8, u8) {
        (self.0.hour(), self.0.minute())
    }
}

impl ZoneName {
    /// Longer than any.
    pub const LONGEST: usize = 64;

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Serialize for LocalDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.0.format(DATE).map_err(ser::Error::custom)?;
        text.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for LocalDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let date = Date::parse(&text, DATE).map_err(de::Error::custom)?;
        Ok(Self(date))
    }
}

impl Serialize for LocalTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.0.format(TIME).map_err(ser::Error::custom)?;
        text.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for LocalTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("a time is like 2026-03-29T09:30"))
    }
}

impl<'de> Deserialize<'de> for ZoneName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match (1..=Self::LONGEST).contains(&text.len()) {
            true => Ok(Self(text)),
            false => Err(de::Error::custom("a time zone has 1 to 64 characters")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schedule_keeps_its_words_and_takes_no_others() {
        let words = serde_json::json!({
            "start": "2026-03-29T09:30",
            "zone": "Europe/Berlin",
            "minutes": 30,
            "repeats": {"every": "week", "days": ["sunday"], "until": "2026-06-01"},
            "cancelled": ["2026-04-05T09:30"],
        });

        let read: Schedule = serde_json::from_value(words.clone()).unwrap();

        assert_eq!(serde_json::to_value(&read).unwrap(), words);
        let start = |text: &str| serde_json::from_value::<LocalTime>(text.into());
        for wrong in [
            "2026-02-29T09:30",
            "2026-03-29T24:00",
            "2026-03-29 09:30",
            "2026-03-29T09:30Z",
        ] {
            assert!(start(wrong).is_err(), "{wrong}");
        }
        let mut more = words;
        more["colour"] = "blue".into();
        assert!(serde_json::from_value::<Schedule>(more).is_err());
    }
}
