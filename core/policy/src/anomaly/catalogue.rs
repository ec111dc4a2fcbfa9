//! Each rule with its usual setting, and within which bounds an organisation sets it otherwise.

use std::ops::RangeInclusive;
use std::time::Duration;

use conclave_protocol::anomaly::{AnomalyRule, RuleChoices, RuleSetting, UsualHours};

/// What a rule looks for, and how it can be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// What it counts, in words.
    pub counts: &'static str,
    /// For whom, in words.
    pub subject: &'static str,
    pub usual: RuleSetting,
    pub threshold: RangeInclusive<u32>,
    pub window_minutes: RangeInclusive<u32>,
}

/// Of a rule, whatever an organisation says of it.
pub fn bounds(rule: AnomalyRule) -> Bounds {
    use AnomalyRule as R;
    match rule {
        R::RefusedSignInsOfAccount => of(
            "sign-ins to the account that failed or were refused",
            "account",
            (10, 3..=1_000),
            (15, 5..=DAY),
        ),
        R::RefusedSignInsFromNetwork => of(
            "sign-ins that failed or were refused, to whatever account",
            "network",
            (30, 5..=1_000),
            (15, 5..=DAY),
        ),
        R::LockedOutAccounts => of(
            "accounts at which somebody was locked out",
            "organisation",
            (3, 2..=1_000),
            (HOUR, 15..=DAY),
        ),
        R::GuessedMeetingCodes => of(
            "meeting codes typed that no meeting has",
            "network",
            (20, 5..=1_000),
            (HOUR, 15..=DAY),
        ),
        R::ExportsOutsideHours => Bounds {
            usual: RuleSetting {
                usual_hours: Some(UsualHours { from: 6, to: 20 }),
                ..setting(1, HOUR)
            },
            ..of(
                "exports of the log, a report or the evidence outside of the usual hours (UTC)",
                "whoever exports",
                (1, 1..=100),
                (HOUR, 15..=DAY),
            )
        },
        R::ManyExports => of(
            "exports of the log, a report or the evidence",
            "whoever exports",
            (20, 2..=1_000),
            (DAY, HOUR..=DAY),
        ),
        R::PolicyLoosened => of(
            "changes by which a policy or one of these rules permits more, leaving the profile",
            "whoever does it",
            (1, 1..=100),
            (HOUR, 15..=DAY),
        ),
        R::EmergencyAccess => of(
            "uses of emergency access that were taken",
            "organisation",
            (4, 1..=100),
            (30 * DAY, DAY..=30 * DAY),
        ),
        R::AdministratorMade => of(
            "accounts made, or invited as, owners and admins",
            "account or invitation",
            (1, 1..=100),
            (HOUR, 15..=DAY),
        ),
        R::UnknownBrowser => of(
            "sign-ins of owners and admins with a browser not known of the account for 90 days",
            "account",
            (1, 1..=100),
            (HOUR, 15..=DAY),
        ),
        R::AuditFault => of(
            "times that clock or time were set back, or the log or a recording was not as it was kept",
            "organisation",
            (1, 1..=100),
            (HOUR, 15..=DAY),
        ),
    }
}

/// Whether its subjects are networks.
pub const fn counts_for_network(rule: AnomalyRule) -> bool {
    matches!(
        rule,
        AnomalyRule::RefusedSignInsFromNetwork | AnomalyRule::GuessedMeetingCodes
    )
}

/// Whether a rule can be set so.
pub fn check(rule: AnomalyRule, setting: &RuleSetting) -> bool {
    let bounds = bounds(rule);
    let hours = match (bounds.usual.usual_hours, setting.usual_hours) {
        (Some(_), Some(hours)) => hours.from < 24 && hours.to < 24,
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    };
    hours
        && bounds.threshold.contains(&setting.threshold)
        && bounds.window_minutes.contains(&setting.window_minutes)
}

/// How a rule looks in an organisation. What is out of bounds was never said.
pub fn in_force(rule: AnomalyRule, choices: &RuleChoices) -> RuleSetting {
    let chosen = choices.0.get(&rule).copied();
    let chosen = chosen.filter(|setting| check(rule, setting));
    chosen.unwrap_or_else(|| bounds(rule).usual)
}

/// Rules that find less after a change than before it.
pub fn loosened(before: &RuleChoices, after: &RuleChoices) -> Vec<AnomalyRule> {
    let finds_less = |rule: &AnomalyRule| {
        let (before, after) = (in_force(*rule, before), in_force(*rule, after));
        let is_looser = !after.is_on
            || after.threshold > before.threshold
            || after.window_minutes < before.window_minutes
            || !holds(before.usual_hours, after.usual_hours);
        before.is_on && is_looser
    };
    AnomalyRule::ALL.into_iter().filter(finds_less).collect()
}

/// For how long a mark of the rule can count.
pub fn marks_kept_for(rule: AnomalyRule) -> Duration {
    let longest = *bounds(rule).window_minutes.end();
    Duration::from_secs(u64::from(longest) * 60)
}

/// Whether an hour of the day is a usual one.
pub(super) fn is_usual(hours: UsualHours, hour: u8) -> bool {
    match hours.from < hours.to {
        true => (hours.from..hours.to).contains(&hour),
        // Over midnight, or all day.
        false => hour >= hours.from || hour < hours.to,
    }
}

/// Whether no hour is usual after a change that was not before.
fn holds(before: Option<UsualHours>, after: Option<UsualHours>) -> bool {
    let Some((before, after)) = before.zip(after) else {
        return true;
    };
    (0..24).all(|hour| is_usual(before, hour) || !is_usual(after, hour))
}

fn of(
    counts: &'static str,
    subject: &'static str,
    (threshold, thresholds): (u32, RangeInclusive<u32>),
    (window, windows): (u32, RangeInclusive<u32>),
) -> Bounds {
    Bounds {
        counts,
        subject,
        usual: setting(threshold, window),
        threshold: thresholds,
        window_minutes: windows,
    }
}

const fn setting(threshold: u32, window_minutes: u32) -> RuleSetting {
    RuleSetting {
        is_on: true,
        threshold,
        window_minutes,
        usual_hours: None,
    }
}

/// In minutes.
const HOUR: u32 = 60;
const DAY: u32 = 24 * HOUR;

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(rule: AnomalyRule, setting: RuleSetting) -> RuleChoices {
        RuleChoices([(rule, setting)].into())
    }

    // Shows: REQ-AU-08.
    #[test]
    fn every_rule_can_be_as_it_usually_is_and_not_out_of_its_bounds() {
        for rule in AnomalyRule::ALL {
            let Bounds {
                usual,
                threshold,
                window_minutes,
                ..
            } = bounds(rule);
            assert!(check(rule, &usual), "{rule:?}");
            let off = RuleSetting {
                is_on: false,
                ..usual
            };
            assert!(check(rule, &off), "{rule:?}");
            for wrong in [
                RuleSetting {
                    threshold: threshold.end() + 1,
                    ..usual
                },
                RuleSetting {
                    threshold: threshold.start() - 1,
                    ..usual
                },
                RuleSetting {
                    window_minutes: window_minutes.end() + 1,
                    ..usual
                },
                RuleSetting {
                    window_minutes: window_minutes.start() - 1,
                    ..usual
                },
            ] {
                assert!(!check(rule, &wrong), "{rule:?}");
                assert_eq!(in_force(rule, &choose(rule, wrong)), usual);
            }
        }
    }

    #[test]
    fn only_the_rule_about_hours_has_some() {
        let rule = AnomalyRule::ExportsOutsideHours;
        let usual = bounds(rule).usual;
        for (hours, fits) in [
            (Some(UsualHours { from: 22, to: 6 }), true),
            (Some(UsualHours { from: 24, to: 6 }), false),
            (None, false),
        ] {
            let setting = RuleSetting {
                usual_hours: hours,
                ..usual
            };
            assert_eq!(check(rule, &setting), fits, "{hours:?}");
        }
        assert!(!check(AnomalyRule::ManyExports, &usual));
    }

    #[test]
    fn the_usual_hours_may_go_over_midnight_and_be_all_day() {
        let usual = |from, to, hour| is_usual(UsualHours { from, to }, hour);
        assert!(usual(6, 20, 6) && usual(6, 20, 19) && !usual(6, 20, 20) && !usual(6, 20, 5));
        assert!(usual(22, 6, 23) && usual(22, 6, 0) && !usual(22, 6, 6) && !usual(22, 6, 21));
        assert!((0..24).all(|hour| usual(3, 3, hour)));
    }

    #[test]
    fn a_rule_that_finds_less_was_loosened() {
        let rule = AnomalyRule::ExportsOutsideHours;
        let usual = RuleChoices::default();
        let set = |threshold, is_on, to| {
            let setting = RuleSetting {
                is_on,
                threshold,
                window_minutes: HOUR,
                usual_hours: Some(UsualHours { from: 6, to }),
            };
            choose(rule, setting)
        };
        for looser in [set(2, true, 20), set(1, false, 20), set(1, true, 21)] {
            assert_eq!(loosened(&usual, &looser), [rule]);
            assert!(loosened(&looser, &usual).is_empty());
        }
        assert!(loosened(&usual, &set(1, true, 19)).is_empty());
        assert!(loosened(&usual, &usual).is_empty());
    }
}
