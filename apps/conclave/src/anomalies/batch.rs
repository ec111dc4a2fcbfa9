//! Entries that are looked at together: for which organisations they count, and what they come to.

use std::collections::{BTreeMap, btree_map};
use std::time::Duration;

use conclave_audit::{Actor, Code, Entry, Event, Source};
use conclave_policy::anomaly::{
    Found, Mark, RuleHistory, counts_for_network, in_force, judge, marks,
};
use conclave_protocol::anomaly::{AnomalyRule, RuleSetting};
use conclave_protocol::{AnomalyId, OrganisationId, Timestamp};
use conclave_store::action::NewFinding;
use conclave_store::read::audit::Recorded;
use conclave_store::{ReadError, Store};
use uuid::Uuid;

use super::{LookError, facts};
use crate::{id, recorded};

/// Of one rule about one subject.
type Key = (OrganisationId, AnomalyRule, Uuid);

#[derive(Default)]
pub(super) struct Batch {
    pub(super) marks: Vec<(OrganisationId, Mark)>,
    /// What each organisation that the entries concern said of the rules when; `None` for one that is not there.
    said: BTreeMap<OrganisationId, Option<RuleHistory>>,
    /// Where entries that count came from.
    sources: BTreeMap<Uuid, Source>,
}

impl Batch {
    /// What the installation's log tells counts for the organisation that people sign in to, which is the first.
    pub(super) async fn gather(store: &Store, rows: &[Recorded]) -> Result<Self, ReadError> {
        let first = store.first_organisation().await?.map(|found| found.id);
        let mut batch = Self::default();
        for row in rows {
            // An entry that can't be read is not told of here: verifying the log finds it.
            let Ok(entry) = Entry::from_canonical(&row.bytes) else {
                continue;
            };
            let organisation = row.log.or_else(|| facts::about(&entry)).or(first);
            if let Some(organisation) = organisation {
                batch.add(store, organisation, entry).await?;
            }
        }
        Ok(batch)
    }

    async fn add(
        &mut self,
        store: &Store,
        organisation: OrganisationId,
        entry: Entry,
    ) -> Result<(), ReadError> {
        let Some(fact) = facts::of(&entry) else {
            return Ok(());
        };
        let said = match self.said.entry(organisation) {
            btree_map::Entry::Occupied(known) => known.into_mut(),
            btree_map::Entry::Vacant(unknown) => unknown.insert(said(store, organisation).await?),
        };
        let Some(said) = said else {
            return Ok(());
        };
        let marks = marks(&fact, said.at(fact.at)).into_iter();
        self.marks.extend(marks.map(|mark| (organisation, mark)));
        if let Some(source) = entry.src {
            self.sources.insert(fact.id, source);
        }
        Ok(())
    }

    /// What was found, and the entry of each.
    pub(super) async fn judge(
        &self,
        store: &Store,
        now: Timestamp,
    ) -> Result<(Vec<NewFinding>, Vec<Entry>), LookError> {
        let mut groups: BTreeMap<Key, Vec<Mark>> = BTreeMap::new();
        for (organisation, mark) in &self.marks {
            let key = (*organisation, mark.rule, mark.subject);
            groups.entry(key).or_default().push(*mark);
        }
        let (mut findings, mut entries) = (Vec::new(), Vec::new());
        for (key, fresh) in groups {
            for found in self.judged(store, key, &fresh, now).await? {
                let (finding, entry) = self.tell(key, found, now)?;
                findings.push(finding);
                entries.push(entry);
            }
        }
        Ok((findings, entries))
    }

    /// How a rule looked in an organisation at a moment.
    fn setting(&self, (organisation, rule, _): Key, at: Timestamp) -> RuleSetting {
        let said = self.said.get(&organisation);
        let said = said.and_then(Option::as_ref);
        match said {
            Some(said) => in_force(rule, said.at(at)),
            None => in_force(rule, RuleHistory::default().at(at)),
        }
    }

    async fn judged(
        &self,
        store: &Store,
        key: Key,
        fresh: &[Mark],
        now: Timestamp,
    ) -> Result<Vec<Found>, ReadError> {
        let (organisation, rule, subject) = key;
        let setting = |at| self.setting(key, at);
        let windows = fresh.iter().map(|mark| setting(mark.at).window_minutes);
        let longest = Duration::from_secs(u64::from(windows.max().unwrap_or(0)) * 60);
        let Some(begins) = fresh.iter().map(|mark| mark.at).min() else {
            return Ok(Vec::new());
        };
        let since = begins.minus(longest);
        let earlier = store.anomaly_marks(organisation, rule, subject, since);
        let earlier = earlier.await?;
        let last = store.last_anomaly(organisation, rule, subject, now).await?;
        Ok(judge(setting, &earlier, fresh, last))
    }

    fn tell(
        &self,
        (organisation, rule, subject): Key,
        found: Found,
        now: Timestamp,
    ) -> Result<(NewFinding, Entry), LookError> {
        let id = id::fresh(now)?;
        let source = self.sources.get(&found.mark.fact);
        let source = source.filter(|_| counts_for_network(rule));
        let is_named = !subject.is_nil() && !counts_for_network(rule);
        let event = Event::AnomalyFound {
            finding: id,
            rule: Code::new(rule.code()),
            subject: is_named.then_some(subject),
            count: found.count,
            window_minutes: found.window_minutes,
        };
        let entry = recorded::entry(now, Actor::System, event)?;
        let entry = recorded::filed(entry, Some(organisation));
        let entry = match source {
            Some(source) => entry.from_source(source.clone()),
            None => entry,
        };
        let finding = NewFinding {
            id: AnomalyId(id),
            organisation,
            rule,
            subject,
            network: source.and_then(facts::network_text),
            count: found.count,
            window_minutes: found.window_minutes,
            found_at: found.mark.at,
            by: found.by,
        };
        Ok((finding, entry))
    }
}

async fn said(
    store: &Store,
    organisation: OrganisationId,
) -> Result<Option<RuleHistory>, ReadError> {
    Ok(match store.organisation(organisation).await? {
        Some(_) => Some(store.anomaly_rule_history(organisation).await?),
        None => None,
    })
}
