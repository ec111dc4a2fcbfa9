//! Rules for anomalies: the fixed catalogue, what counts for which, when something is found, and who looks at it.
//!
//! A rule counts facts that the log tells, about one subject, within a window that ends with each of them. A finding
//! keeps quiet about its subject for one window, so that what goes on is told once and not with each fact.

mod catalogue;
mod fact;
mod history;

use std::collections::BTreeSet;
use std::time::Duration;

use conclave_protocol::account::AccountRole;
use conclave_protocol::anomaly::{AnomalyRule, RuleSetting};
use conclave_protocol::{AccountId, Timestamp};
use uuid::Uuid;

use crate::capability::{AccountAction, account_may};
use crate::decision::{Decision, Reason};

pub use catalogue::{
    Bounds, bounds, check, counts_for_network, in_force, loosened, marks_kept_for,
};
pub use fact::{Act, Fact, marks};
pub use history::RuleHistory;

/// That a fact counts for a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub rule: AnomalyRule,
    /// Whom or what the rule counts for; nil where that is the whole organisation.
    pub subject: Uuid,
    /// Those alike count once.
    pub counted: Uuid,
    /// The entry that tells it.
    pub fact: Uuid,
    /// Whose act it was.
    pub by: Option<AccountId>,
    pub at: Timestamp,
}

/// What a rule found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The one that made it enough.
    pub mark: Mark,
    pub count: u32,
    pub window_minutes: u32,
    /// Whose acts were counted.
    pub by: BTreeSet<AccountId>,
}

/// Something found, as its reviewer meets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub subject: Uuid,
    /// Whose acts were counted.
    pub by: Vec<AccountId>,
    pub is_reviewed: bool,
}

/// What `fresh` marks come to, each by the setting of its own moment. All are of one rule and one subject; `earlier` were
/// looked at before, and `last` is when the rule found something about the subject last.
pub fn judge(
    setting: impl Fn(Timestamp) -> RuleSetting,
    earlier: &[Mark],
    fresh: &[Mark],
    last: Option<Timestamp>,
) -> Vec<Found> {
    let mut known = earlier.to_vec();
    let mut last = last;
    let mut found = Vec::new();
    for mark in fresh {
        known.push(*mark);
        let setting = setting(mark.at);
        let window = window(&setting);
        let is_told = last.is_some_and(|last| mark.at.since(last) < window);
        if is_told || !setting.is_on {
            continue;
        }
        // What is dated later than this one was told before the clock was set back.
        let within = known.iter();
        let within = within.filter(|other| mark.at.since(other.at) < window);
        let counted: BTreeSet<_> = within.clone().map(|other| other.counted).collect();
        let count = u32::try_from(counted.len()).unwrap_or(u32::MAX);
        if count >= setting.threshold {
            last = Some(mark.at);
            found.push(Found {
                mark: *mark,
                count,
                window_minutes: setting.window_minutes,
                by: within.filter_map(|other| other.by).collect(),
            });
        }
    }
    found
}

/// Whether this account may say what it thinks of a finding: once, and not of one about itself or about what it did.
pub fn review(finding: &Finding, by: AccountId, role: AccountRole) -> Decision {
    if let Decision::Deny(reason) = account_may(role, AccountAction::ReviewAnomalies) {
        return Decision::Deny(reason);
    }
    if finding.subject == by.0 || finding.by.contains(&by) {
        return Decision::Deny(Reason::NeedsAnother);
    }
    Decision::when(!finding.is_reviewed, Reason::Spent)
}

fn window(setting: &RuleSetting) -> Duration {
    Duration::from_secs(u64::from(setting.window_minutes) * 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_micros(1_795_336_200_000_000);
    const RULE: AnomalyRule = AnomalyRule::RefusedSignInsOfAccount;

    fn mark(number: u128, second: u64) -> Mark {
        Mark {
            rule: RULE,
            subject: Uuid::from_u128(7),
            counted: Uuid::from_u128(number),
            fact: Uuid::from_u128(number),
            by: Some(AccountId(Uuid::from_u128(number % 2))),
            at: START.plus(Duration::from_secs(second)),
        }
    }

    fn ten_in_a_quarter() -> RuleSetting {
        RuleSetting {
            is_on: true,
            threshold: 10,
            window_minutes: 15,
            usual_hours: None,
        }
    }

    // Shows: REQ-AU-08.
    #[test]
    fn ten_within_the_window_are_found_once_and_nine_are_not() {
        let setting = ten_in_a_quarter();
        let marks: Vec<_> = (0..30).map(|number| mark(number.into(), number)).collect();

        assert!(judge(|_| setting, &[], &marks[..9], None).is_empty());
        let found = judge(|_| setting, &[], &marks, None);

        assert_eq!(found.len(), 1);
        assert_eq!((found[0].count, found[0].mark), (10, marks[9]));
        // As well when the look ends in between.
        let again = judge(|_| setting, &marks[..9], &marks[9..], None);
        let makers = [0, 1].map(|number| AccountId(Uuid::from_u128(number)));
        assert_eq!(found[0].by, BTreeSet::from(makers));
        assert_eq!(found[0].window_minutes, 15);
        assert_eq!(again, found);
        let after = judge(|_| setting, &marks[..10], &marks[10..], Some(marks[9].at));
        assert!(after.is_empty());
    }

    #[test]
    fn what_goes_on_is_told_again_when_its_window_is_over() {
        let setting = ten_in_a_quarter();
        let slow: Vec<_> = (0..60).map(|n| mark(n.into(), n * 60)).collect();

        let found = judge(|_| setting, &[], &slow, None);

        let minutes: Vec<_> = found
            .iter()
            .map(|found| found.mark.at.since(START).as_secs() / 60)
            .collect();
        assert_eq!(minutes, [9, 24, 39, 54]);
        let slower: Vec<_> = (0..60).map(|n| mark(n.into(), n * 120)).collect();
        assert!(judge(|_| setting, &[], &slower, None).is_empty());
    }

    #[test]
    fn those_alike_count_once_and_a_rule_that_is_off_finds_nothing() {
        let setting = ten_in_a_quarter();
        let alike: Vec<_> = (0..30)
            .map(|n| Mark {
                counted: Uuid::from_u128(1),
                ..mark(n.into(), n)
            })
            .collect();
        assert!(judge(|_| setting, &[], &alike, None).is_empty());
        let off = RuleSetting {
            is_on: false,
            threshold: 1,
            ..setting
        };
        assert!(judge(|_| off, &[], &alike, None).is_empty());
        // What came before it was turned off is found all the same.
        let turned_off = alike[3].at;
        let then = |at: Timestamp| RuleSetting {
            is_on: at < turned_off,
            ..off
        };
        assert_eq!(judge(then, &[], &alike, None).len(), 1);
        assert!(judge(then, &[], &alike[3..], None).is_empty());
    }

    #[test]
    fn a_clock_that_was_set_back_hides_nothing() {
        let setting = ten_in_a_quarter();
        let before: Vec<_> = (0..9).map(|n| mark(n.into(), 36_000 + n)).collect();

        let found = judge(|_| setting, &before, &[mark(9, 0)], None);

        assert_eq!(found.len(), 1);
    }

    // Shows: REQ-AU-08.
    #[test]
    fn a_finding_is_reviewed_once_and_not_by_whom_it_is_about_nor_by_who_did_it() {
        use AccountRole as R;
        let did_it = [3, 4].map(|number| AccountId(Uuid::from_u128(number)));
        let open = Finding {
            subject: Uuid::from_u128(1),
            by: did_it.to_vec(),
            is_reviewed: false,
        };
        let account = |number| AccountId(Uuid::from_u128(number));
        for (role, may) in [
            (R::Owner, true),
            (R::Admin, true),
            (R::Auditor, true),
            (R::AccountManager, false),
            (R::Representative, false),
            (R::Member, false),
        ] {
            let decision = review(&open, account(2), role);
            assert_eq!(decision, Decision::when(may, Reason::Role), "{role:?}");
        }
        for number in [1, 3, 4] {
            let own = review(&open, account(number), R::Owner);
            assert_eq!(own, Decision::Deny(Reason::NeedsAnother), "{number}");
        }
        let reviewed = Finding {
            is_reviewed: true,
            ..open
        };
        let twice = review(&reviewed, account(2), R::Owner);
        assert_eq!(twice, Decision::Deny(Reason::Spent));
    }
}
