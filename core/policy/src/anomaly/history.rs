//! What an organisation said of the rules, and from when on: what happened is judged by what was in force then.

use std::collections::BTreeMap;

use conclave_protocol::Timestamp;
use conclave_protocol::anomaly::RuleChoices;

/// The versions that are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleHistory {
    /// Newest first, each from its moment on.
    versions: Vec<(Timestamp, RuleChoices)>,
}

impl RuleHistory {
    /// Of versions, the newest first.
    pub fn new(versions: Vec<(Timestamp, RuleChoices)>) -> Self {
        Self { versions }
    }

    /// In force at a moment. A change is judged by what it changes: entries are dated to the millisecond before it.
    pub fn at(&self, moment: Timestamp) -> &RuleChoices {
        let mut versions = self.versions.iter();
        let known = versions.find(|(since, _)| *since < moment);
        known.map_or(&NOTHING, |(_, choices)| choices)
    }
}

/// Of what nobody said anything, the catalogue's word counts.
static NOTHING: RuleChoices = RuleChoices(BTreeMap::new());

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use conclave_protocol::anomaly::{AnomalyRule, RuleSetting};

    use super::*;
    use crate::anomaly::bounds;

    #[test]
    fn what_happened_is_judged_by_what_was_in_force_then() {
        let rule = AnomalyRule::PolicyLoosened;
        let first = Timestamp::from_micros(1_795_336_200_000_000);
        let second = first.plus(Duration::from_secs(60));
        let off = RuleSetting {
            is_on: false,
            ..bounds(rule).usual
        };
        let off = RuleChoices([(rule, off)].into());
        let on = RuleChoices::default();
        let history = RuleHistory::new(vec![(second, on.clone()), (first, off.clone())]);
        let a_bit = Duration::from_micros(1);

        assert_eq!(history.at(first.minus(a_bit)), &on);
        assert_eq!(history.at(first), &on, "the turning off itself");
        assert_eq!(history.at(first.plus(a_bit)), &off);
        assert_eq!(history.at(second), &off);
        assert_eq!(history.at(second.plus(a_bit)), &on);
        assert_eq!(RuleHistory::default().at(first), &on);
    }
}
