//! A number for each day of a time, also of those on which nothing happened. Days are of UTC.

use std::collections::BTreeMap;

use conclave_policy::program::day;
use conclave_protocol::Timestamp;
use conclave_protocol::report::{Chart, Point, Unit};

use super::{Scope, per_mille};

pub(super) struct Days(BTreeMap<Timestamp, u64>);

impl Days {
    pub(super) fn of(scope: &Scope) -> Self {
        let first = day(scope.from);
        let days = (0..=366).map(|number| first.plus(number * A_DAY));
        Self(
            days.take_while(|day| *day < scope.to)
                .map(|day| (day, 0))
                .collect(),
        )
    }

    pub(super) fn add(&mut self, at: Timestamp, value: u64) {
        if let Some(sum) = self.0.get_mut(&day(at)) {
            *sum = sum.saturating_add(value);
        }
    }

    pub(super) fn chart(self, name: &str, unit: Unit) -> Chart {
        let points = self.0.into_iter();
        Chart {
            name: name.to_owned(),
            unit,
            points: points.map(|(day, value)| Point { day, value }).collect(),
        }
    }

    /// These as parts of those.
    pub(super) fn per_mille_of(mut self, whole: &Self) -> Self {
        for (day, part) in &mut self.0 {
            let whole = whole.0.get(day).copied().unwrap_or(0);
            *part = per_mille(*part, whole);
        }
        self
    }
}

const A_DAY: std::time::Duration = std::time::Duration::from_secs(24 * 60 * 60);

#[cfg(test)]
mod tests {
    use conclave_protocol::OrganisationId;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn every_day_of_the_time_has_its_number() {
        let at = |hours: u32| Timestamp::from_micros(0).plus(hours * A_DAY / 24);
        let scope = Scope {
            organisation: OrganisationId(Uuid::nil()),
            from: at(23),
            to: at(49),
            now: at(49),
        };
        let mut lost = Days::of(&scope);
        let mut sent = Days::of(&scope);
        for (hour, part) in [(23, 1), (30, 2), (47, 3)] {
            lost.add(at(hour), part);
            sent.add(at(hour), 100);
        }

        let chart = lost.per_mille_of(&sent).chart("loss", Unit::PerMille);

        let values: Vec<_> = chart.points.iter().map(|point| point.value).collect();
        assert_eq!(values, [10, 25, 0]);
        assert_eq!(chart.points[1].day, at(24));
    }
}
