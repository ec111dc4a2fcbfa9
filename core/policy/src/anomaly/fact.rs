//! What the log tells, and for which rules it counts.

use conclave_protocol::account::AccountRole;
use conclave_protocol::anomaly::{AnomalyRule, RuleChoices};
use conclave_protocol::{AccountId, Timestamp};
use uuid::Uuid;

use super::Mark;
use super::catalogue::{in_force, is_usual};
use crate::capability::{AccountAction, account_may};

/// One entry, as far as rules look at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The entry's.
    pub id: Uuid,
    pub at: Timestamp,
    /// What stands for the network that it came from.
    pub network: Option<Uuid>,
    /// Whose act it was, in a meeting too.
    pub by: Option<AccountId>,
    pub act: Act,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    SignInRefused {
        /// Absent where no account has the address.
        account: Option<AccountId>,
        /// Too many had failed before.
        locked_out: bool,
    },
    /// No meeting has the code.
    CodeGuessed,
    /// The log, a report or the evidence left the server.
    Exported {
        by: Uuid,
    },
    PolicyLoosened {
        by: Uuid,
    },
    EmergencyTaken,
    RoleGiven {
        whom: Uuid,
        role: AccountRole,
    },
    UnknownBrowser {
        account: AccountId,
        role: AccountRole,
    },
    AuditFault,
}

/// For which rules a fact counts in an organisation. One that is off keeps none.
pub fn marks(fact: &Fact, choices: &RuleChoices) -> Vec<Mark> {
    let network = fact.network;
    let all = match fact.act {
        Act::SignInRefused {
            account,
            locked_out,
        } => {
            let account = account.map(|AccountId(id)| id);
            let locked = account.filter(|_| locked_out);
            vec![
                account.map(|account| mark(fact, AnomalyRule::RefusedSignInsOfAccount, account)),
                network.map(|network| mark(fact, AnomalyRule::RefusedSignInsFromNetwork, network)),
                locked.map(|account| Mark {
                    counted: account,
                    ..mark(fact, AnomalyRule::LockedOutAccounts, Uuid::nil())
                }),
            ]
        }
        Act::CodeGuessed => {
            vec![network.map(|network| mark(fact, AnomalyRule::GuessedMeetingCodes, network))]
        }
        Act::Exported { by } => vec![
            Some(mark(fact, AnomalyRule::ManyExports, by)),
            is_unusual(fact.at, choices).then(|| mark(fact, AnomalyRule::ExportsOutsideHours, by)),
        ],
        Act::PolicyLoosened { by } => vec![Some(mark(fact, AnomalyRule::PolicyLoosened, by))],
        Act::EmergencyTaken => vec![Some(mark(fact, AnomalyRule::EmergencyAccess, Uuid::nil()))],
        Act::RoleGiven { whom, role } => {
            vec![has_power(role).then(|| mark(fact, AnomalyRule::AdministratorMade, whom))]
        }
        Act::UnknownBrowser { account, role } => {
            vec![has_power(role).then(|| mark(fact, AnomalyRule::UnknownBrowser, account.0))]
        }
        Act::AuditFault => vec![Some(mark(fact, AnomalyRule::AuditFault, Uuid::nil()))],
    };
    let is_on = |mark: &Mark| in_force(mark.rule, choices).is_on;
    all.into_iter().flatten().filter(is_on).collect()
}

fn mark(fact: &Fact, rule: AnomalyRule, subject: Uuid) -> Mark {
    Mark {
        rule,
        subject,
        counted: fact.id,
        fact: fact.id,
        by: fact.by,
        at: fact.at,
    }
}

/// Whoever manages people can give themselves the rest by others' hands.
fn has_power(role: AccountRole) -> bool {
    account_may(role, AccountAction::ManagePeople).is_allowed()
}

fn is_unusual(at: Timestamp, choices: &RuleChoices) -> bool {
    let hours = in_force(AnomalyRule::ExportsOutsideHours, choices).usual_hours;
    let hour = at.as_micros().div_euclid(MICROS_OF_HOUR).rem_euclid(24);
    let hour = u8::try_from(hour).unwrap_or(0);
    hours.is_some_and(|hours| !is_usual(hours, hour))
}

const MICROS_OF_HOUR: i64 = 60 * 60 * 1_000_000;

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use conclave_protocol::anomaly::RuleSetting;

    use super::*;
    use crate::anomaly::bounds;

    const ACCOUNT: Uuid = Uuid::from_u128(1);
    const NETWORK: Uuid = Uuid::from_u128(2);
    /// Ten in the morning, UTC.
    const TEN: Timestamp = Timestamp::from_micros(1_795_860_000_000_000);

    fn rules(at: Timestamp, act: Act) -> Vec<(AnomalyRule, Uuid)> {
        let fact = Fact {
            id: Uuid::from_u128(9),
            at,
            network: Some(NETWORK),
            by: None,
            act,
        };
        let marks = marks(&fact, &RuleChoices::default());
        marks.iter().map(|mark| (mark.rule, mark.subject)).collect()
    }

    // Shows: REQ-AU-08.
    #[test]
    fn each_fact_counts_for_its_rules() {
        use AnomalyRule as R;
        let account = Some(AccountId(ACCOUNT));
        let refused = |account, locked_out| Act::SignInRefused {
            account,
            locked_out,
        };
        let of_account = (R::RefusedSignInsOfAccount, ACCOUNT);
        let of_network = (R::RefusedSignInsFromNetwork, NETWORK);
        let given = |role| Act::RoleGiven {
            whom: ACCOUNT,
            role,
        };
        let signed_in = |role| Act::UnknownBrowser {
            account: AccountId(ACCOUNT),
            role,
        };
        let nobody = Uuid::nil();
        for (act, expected) in [
            (refused(account, false), vec![of_account, of_network]),
            (refused(None, true), vec![of_network]),
            (
                refused(account, true),
                vec![of_account, of_network, (R::LockedOutAccounts, nobody)],
            ),
            (Act::CodeGuessed, vec![(R::GuessedMeetingCodes, NETWORK)]),
            (
                Act::Exported { by: ACCOUNT },
                vec![(R::ManyExports, ACCOUNT)],
            ),
            (
                Act::PolicyLoosened { by: ACCOUNT },
                vec![(R::PolicyLoosened, ACCOUNT)],
            ),
            (Act::EmergencyTaken, vec![(R::EmergencyAccess, nobody)]),
            (
                given(AccountRole::Admin),
                vec![(R::AdministratorMade, ACCOUNT)],
            ),
            (given(AccountRole::Auditor), vec![]),
            (
                signed_in(AccountRole::Owner),
                vec![(R::UnknownBrowser, ACCOUNT)],
            ),
            (signed_in(AccountRole::Member), vec![]),
            (Act::AuditFault, vec![(R::AuditFault, nobody)]),
        ] {
            assert_eq!(rules(TEN, act), expected, "{act:?}");
        }
    }

    #[test]
    fn an_export_at_night_counts_twice() {
        let night = TEN.plus(Duration::from_secs(12 * 60 * 60));
        let exported = Act::Exported { by: ACCOUNT };

        assert_eq!(
            rules(night, exported),
            [
                (AnomalyRule::ManyExports, ACCOUNT),
                (AnomalyRule::ExportsOutsideHours, ACCOUNT)
            ]
        );
    }

    #[test]
    fn who_did_it_is_kept_where_that_is_not_the_subject() {
        let by = Some(AccountId(Uuid::from_u128(3)));
        let given = Act::RoleGiven {
            whom: ACCOUNT,
            role: AccountRole::Admin,
        };
        for act in [Act::EmergencyTaken, given] {
            let fact = Fact {
                id: Uuid::from_u128(9),
                at: TEN,
                network: None,
                by,
                act,
            };
            let marks = marks(&fact, &RuleChoices::default());
            assert!(marks.iter().all(|mark| mark.by == by), "{act:?}");
        }
    }

    #[test]
    fn a_rule_that_is_off_keeps_no_marks() {
        let rule = AnomalyRule::AuditFault;
        let off = RuleSetting {
            is_on: false,
            ..bounds(rule).usual
        };
        let fact = Fact {
            id: Uuid::from_u128(9),
            at: TEN,
            network: None,
            by: None,
            act: Act::AuditFault,
        };
        assert!(marks(&fact, &RuleChoices([(rule, off)].into())).is_empty());
    }
}
