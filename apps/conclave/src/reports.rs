//! What is reported of an organisation: figures, a number for each day, and a table.

mod access;
mod days;
mod devices;
mod failed_sign_ins;
pub(crate) mod paper;
mod policy_changes;
mod quality;
mod representatives;
mod support;
mod usage;

use std::collections::BTreeMap;
use std::time::Duration;

use conclave_protocol::personal::DisplayName;
use conclave_protocol::report::{Cell, Chart, Column, Figure, Report, ReportKind, Unit};
use conclave_protocol::{AccountId, OrganisationId, Timestamp};
use conclave_store::read::meeting_session::{MeetingSession, Search};
use conclave_store::read::review::MOST_ROWS;
use conclave_store::{ReadError, Store};

/// Whose report, and of which time.
#[derive(Clone, Copy)]
pub(crate) struct Scope {
    pub(crate) organisation: OrganisationId,
    pub(crate) from: Timestamp,
    pub(crate) to: Timestamp,
    pub(crate) now: Timestamp,
}

/// What a report says, whichever it is.
struct Content {
    figures: Vec<Figure>,
    charts: Vec<Chart>,
    columns: Vec<Column>,
    rows: Vec<Vec<Option<Cell>>>,
    is_cut: bool,
}

impl Scope {
    /// The last 30 days where nothing is said; a year at the most. `None` for a time that is longer, or none.
    pub(crate) fn new(
        organisation: OrganisationId,
        from: Option<Timestamp>,
        to: Option<Timestamp>,
        now: Timestamp,
    ) -> Option<Self> {
        let to = to.unwrap_or(now);
        let from = from.unwrap_or(to.minus(DEFAULT));
        (from < to && to.since(from) <= LONGEST).then_some(Self {
            organisation,
            from,
            to,
            now,
        })
    }

    async fn sessions(&self, store: &Store) -> Result<(Vec<MeetingSession>, bool), ReadError> {
        let found = store.meeting_sessions(Search {
            organisation: self.organisation,
            from: self.from,
            to: self.to,
            host: None,
            group: None,
            client: None,
            state: None,
            cause: None,
            before: None,
            most: MOST_ROWS,
        });
        let found = found.await?;
        let is_cut = is_full(&found);
        Ok((found, is_cut))
    }

    /// Of one that goes on, until now.
    fn length(&self, session: &MeetingSession) -> u64 {
        let until = session.ended_at.unwrap_or(self.now);
        until.since(session.started_at).as_secs()
    }

    async fn names(&self, store: &Store) -> Result<BTreeMap<AccountId, DisplayName>, ReadError> {
        let people = store.people_of(self.organisation).await?.into_iter();
        Ok(people.map(|one| (one.account, one.display_name)).collect())
    }

    /// Which groups each account is in, in words.
    async fn groups(&self, store: &Store) -> Result<BTreeMap<AccountId, String>, ReadError> {
        let groups = store.account_groups(self.organisation).await?.into_iter();
        let names: BTreeMap<_, _> = groups.map(|group| (group.id, group.name)).collect();
        let mut of: BTreeMap<AccountId, String> = BTreeMap::new();
        for (account, group) in store.memberships(self.organisation).await? {
            let words = of.entry(account).or_default();
            if let Some(name) = names.get(&group) {
                words.push_str(if words.is_empty() { "" } else { ", " });
                words.push_str(name.as_str());
            }
        }
        Ok(of)
    }
}

pub(crate) async fn make(
    store: &Store,
    kind: ReportKind,
    scope: Scope,
) -> Result<Report, ReadError> {
    let content = match kind {
        ReportKind::Usage => usage::of(store, &scope).await?,
        ReportKind::Quality => quality::of(store, &scope).await?,
        ReportKind::Access => access::of(store, &scope).await?,
        ReportKind::FailedSignIns => failed_sign_ins::of(store, &scope).await?,
        ReportKind::PolicyChanges => policy_changes::of(store, &scope).await?,
        ReportKind::Representatives => representatives::of(store, &scope).await?,
        ReportKind::Devices => devices::of(store, &scope).await?,
        ReportKind::Support => support::of(store, &scope).await?,
    };
    Ok(Report {
        report: kind,
        from: scope.from,
        to: scope.to,
        made_at: scope.now,
        figures: content.figures,
        charts: content.charts,
        columns: content.columns,
        rows: content.rows,
        is_cut: content.is_cut,
    })
}

fn figure(name: &str, unit: Unit, value: u64) -> Figure {
    Figure {
        name: name.to_owned(),
        unit,
        value,
    }
}

fn columns(columns: &[(&str, Unit)]) -> Vec<Column> {
    let columns = columns.iter().map(|(name, unit)| Column {
        name: (*name).to_owned(),
        unit: *unit,
    });
    columns.collect()
}

fn text(text: impl Into<String>) -> Option<Cell> {
    Some(Cell::Text(text.into()))
}

/// A word of ours, as it goes over the wire.
fn word(word: &impl serde::Serialize) -> Option<Cell> {
    let value = serde_json::to_value(word).ok();
    let value = value.as_ref().and_then(serde_json::Value::as_str);
    value.and_then(text)
}

fn instant(at: Option<Timestamp>) -> Option<Cell> {
    at.as_ref().and_then(word)
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

fn per_mille(part: u64, whole: u64) -> u64 {
    let parts = (u128::from(part) * 1_000).checked_div(whole.into());
    u64::try_from(parts.unwrap_or(0)).unwrap_or(u64::MAX)
}

fn is_full<T>(rows: &[T]) -> bool {
    rows.len() >= MOST_ROWS as usize
}

const DEFAULT: Duration = Duration::from_secs(30 * 24 * 60 * 60);
const LONGEST: Duration = Duration::from_secs(366 * 24 * 60 * 60);

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_report_is_of_a_month_where_nothing_is_said_and_of_a_year_at_the_most() {
        let day = Duration::from_secs(24 * 60 * 60);
        let now = Timestamp::from_micros(1_795_336_200_000_000);
        let scope = |from, to| Scope::new(OrganisationId(Uuid::nil()), from, to, now);

        let month = scope(None, None).unwrap();
        assert_eq!(month.to.since(month.from), 30 * day);
        assert!(scope(Some(now.minus(366 * day)), None).is_some());
        assert!(scope(Some(now.minus(367 * day)), None).is_none());
        assert!(scope(Some(now), Some(now.minus(day))).is_none());
    }

    #[test]
    fn parts_of_nothing_are_none() {
        assert_eq!(per_mille(3, 200), 15);
        assert_eq!(per_mille(3, 0), 0);
    }
}
